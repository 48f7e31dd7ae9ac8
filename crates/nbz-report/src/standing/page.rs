//! A standing as a page: sentences that follow from its numbers, then the numbers.

use super::{Beside, LESS, MORE, Measured, Standing, TURNED};
use crate::claims::Verdict;
use crate::row::Estimate;
use crate::sheet::{Cell, Sheet, shown};

/// What a reader has to know before the sentences, as Markdown.
pub const PREFACE: &str = "\
An interval (95 %, in brackets) is over other networks of the same space, of which these are taken for a fair draw:
half-samples for mBR, the jackknife for correlations. It says nothing about other trainings, weights or images. mBR is
the mean best rank under five even MACs budgets, ties averaged: 0 is perfect, smaller is better. SR is Spearman's
correlation with the accuracy. Proxies are read in the direction that their authors call good; Table 1 of a report reads
raw values, as the paper does. Half of the networks are fewer to err among: an interval of mBR is of the halves, and may lie
beside the number of the whole.
";

impl Standing {
    /// The page as Markdown.
    pub fn page(&self) -> String {
        let mut out = format!(
            "# What the scores say: {}\n\n{PREFACE}\n{}",
            self.title,
            self.rules()
        );
        out += "\n## In words\n\n";
        for sentence in self.sentences() {
            out += &format!("- {sentence}\n");
        }
        out += &format!("\n## In numbers\n\n{}", self.sheet().grid());
        out.push('\n');
        for note in self.notes() {
            out += &format!("- {note}\n");
        }
        out
    }

    /// How verdicts follow from numbers, as Markdown.
    pub fn rules(&self) -> String {
        let costs = listed(self.costs.iter().map(|cost| code(&cost.name)), "and");
        format!(
            "A proxy is *ahead* of {costs} if its difference from each of them lies, interval and all, on the good side \
             (SR {MORE}, mBR {LESS}); it is *behind* if the interval of one of these differences lies on the other side; \
             otherwise that *cannot be told*. Two orders of the scores are different if the share of pairs that they turn \
             round for sure is {TURNED}. About five in a hundred intervals miss by chance alone; no correction is made.\n"
        )
    }

    /// What the numbers say, a sentence each.
    pub fn sentences(&self) -> Vec<String> {
        let mut out = vec![format!(
            "The numbers rest on {} of the table's {} networks: those that have every score.",
            self.networks, self.distinct
        )];
        out.extend(
            self.mbr_undefined
                .map(|why| format!("mBR is undefined: {why}.")),
        );
        out.extend(self.set_beside("SR", |row| Some(&row.sr), false));
        if self.orders.is_some() {
            out.extend(self.set_beside("mBR", |row| row.mbr.as_ref(), true));
        }
        out.extend(self.other_costs.iter().map(|cost| {
            let mbr = cost.mbr.as_ref();
            let mbr = mbr.map_or_else(String::new, |m| format!(" and mBR {}", shown(m.value, 3)));
            let (name, sr) = (code(&cost.name), shown(cost.sr.value, 3));
            format!("Proxies are not set beside {name}, a cost too, which has SR {sr}{mbr}.")
        }));
        out.extend(self.beside_chance());
        if let Some(orders) = &self.orders {
            out.extend(self.leader());
            out.extend(orders.sentences());
        }
        out
    }

    /// Who is ahead of the costs, who behind: a sentence a verdict.
    fn set_beside(
        &self,
        measure: &str,
        of: impl Fn(&Beside) -> Option<&Measured>,
        smaller: bool,
    ) -> Vec<String> {
        let sign = if smaller { -1.0 } else { 1.0 };
        let value = |row: &&Beside| {
            of(row)
                .and_then(|m| m.value.value)
                .map_or(f64::NEG_INFINITY, |v| sign * v)
        };
        let costs = self.costs.iter().enumerate();
        let Some((best, cost)) = costs.max_by(|(_, a), (_, b)| value(a).total_cmp(&value(b)))
        else {
            return Vec::new();
        };
        let names = listed(self.costs.iter().map(|cost| code(&cost.name)), "and");
        let either = listed(self.costs.iter().map(|cost| code(&cost.name)), "or");
        let own = of(cost).map_or_else(String::new, |m| shown(m.value, 3));
        let has = match self.costs.len() {
            1 => format!("{} has", code(&cost.name)),
            _ => format!("the better of {names} is {} with", code(&cost.name)),
        };
        let mut out = vec![format!(
            "By {measure} {has} {own}; differences below are from it."
        )];
        for verdict in [Verdict::Holds, Verdict::CannotBeTold, Verdict::DoesNotHold] {
            let mut rows: Vec<&Beside> = self.proxies.iter().collect();
            rows.retain(|row| of(row).is_some_and(|m| m.ahead == verdict));
            rows.sort_by(|a, b| value(b).total_cmp(&value(a)));
            let with = |row: &&Beside| {
                let less = of(row).and_then(|m| m.less.get(best).copied());
                let less = less.unwrap_or(Estimate::exact(None));
                format!("{} {}", code(&row.name), signed(less))
            };
            let named = rows.iter().map(with).collect::<Vec<_>>().join(", ");
            let named = if rows.is_empty() {
                "none".to_owned()
            } else {
                named
            };
            let count = format!("{} of {} proxies", rows.len(), self.proxies.len());
            out.push(match verdict {
                Verdict::Holds => format!("By {measure} {count} are ahead of {names}: {named}."),
                Verdict::CannotBeTold => {
                    format!("By {measure} it cannot be told of {count}: {named}.")
                }
                Verdict::DoesNotHold => {
                    format!("By {measure} {count} are behind {either}: {named}.")
                }
            });
        }
        out
    }

    /// Who finds less than a blind choice.
    fn beside_chance(&self) -> Option<String> {
        let blind = self.blind?;
        let with = |verdict: Verdict| {
            let rows = self
                .proxies
                .iter()
                .filter(move |row| row.beats_chance == Some(verdict));
            let named = rows.map(|row| {
                let mbr = row.mbr.as_ref().map_or(Estimate::exact(None), |m| m.value);
                format!("{} {}", code(&row.name), shown(mbr, 3))
            });
            named.collect::<Vec<_>>()
        };
        let (worse, untold) = (with(Verdict::DoesNotHold), with(Verdict::CannotBeTold));
        let or_none = |names: Vec<String>| {
            if names.is_empty() {
                "none".to_owned()
            } else {
                names.join(", ")
            }
        };
        Some(format!(
            "Worse by mBR than a blind choice ({blind:.3}): {}. Not to be told from one: {}.",
            or_none(worse),
            or_none(untold)
        ))
    }

    /// How far the best proxy is from perfect.
    fn leader(&self) -> Option<String> {
        let first = self.proxies.first()?;
        let mbr = first.mbr.as_ref()?.value;
        Some(format!(
            "Smallest mBR of the proxies: {} with {}; the smallest of {} is flattered by having been chosen.",
            code(&first.name),
            shown(mbr, 3),
            self.proxies.len()
        ))
    }

    /// A row a score: the costs that proxies are set beside, other costs, proxies.
    pub fn sheet(&self) -> Sheet {
        let mut header = vec!["score".to_owned()];
        for measure in ["SR", "mBR"] {
            header.push(measure.to_owned());
            header.extend(
                self.costs
                    .iter()
                    .map(|cost| format!("{measure} less {}", cost.name)),
            );
            header.push(format!("ahead by {measure}"));
        }
        header.push("NaN".to_owned());
        let proxies = self.proxies.iter().map(|row| (row, true));
        let costs = self.costs.iter().chain(&self.other_costs);
        let rows = costs.map(|row| (row, false)).chain(proxies);
        let cells = |(row, is_proxy): (&Beside, bool)| {
            let mut cells = vec![Cell::text(&row.name)];
            for measured in [Some(&row.sr), row.mbr.as_ref()] {
                cells.extend(self.cells(measured, is_proxy));
            }
            cells.push(Cell::Count(row.undefined));
            cells
        };
        Sheet {
            title: format!("Beside the costs: {}", self.title),
            header,
            rows: rows.map(cells).collect(),
            details: Vec::new(),
            notes: self.sentences(),
        }
    }

    fn cells(&self, measured: Option<&Measured>, is_proxy: bool) -> Vec<Cell> {
        let value = measured.map_or(Estimate::exact(None), |m| m.value);
        let mut cells = vec![Cell::Estimate(value, 3)];
        for cost in 0..self.costs.len() {
            let less = measured
                .filter(|_| is_proxy)
                .and_then(|m| m.less.get(cost).copied());
            cells.push(Cell::Estimate(less.unwrap_or(Estimate::exact(None)), 3));
        }
        let verdict = measured.filter(|_| is_proxy).map(|m| standing(m.ahead));
        cells.push(Cell::text(verdict.unwrap_or("")));
        cells
    }

    /// Where everything comes from, a sentence each.
    pub fn notes(&self) -> Vec<String> {
        let mut notes: Vec<String> = Vec::new();
        if !self.alike.is_empty() {
            let pair =
                |(name, known): &(String, String)| format!("{} as {}", code(name), code(known));
            let pairs: Vec<String> = self.alike.iter().map(pair).collect();
            notes.push(format!(
                "Left out, for they rank all networks as another: {}.",
                pairs.join(", ")
            ));
        }
        notes.push(format!("Scores: {}.", self.scores.join("; ")));
        notes.push(format!("{}.", capital(&self.accuracies)));
        notes.push(format!(
            "mBR's intervals: {} half-samples without replacement, seed {}.",
            self.recipe.draws, self.recipe.seed
        ));
        notes.push("`nbzero reproduce standing` writes such a page for every pool.".to_owned());
        notes
    }
}

fn standing(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "ahead",
        Verdict::DoesNotHold => "behind",
        Verdict::CannotBeTold => "cannot be told",
    }
}

/// A name as code.
pub(super) fn code(name: &str) -> String {
    format!("`{name}`")
}

fn signed(estimate: Estimate) -> String {
    let text = shown(estimate, 3);
    if text.starts_with('-') {
        text
    } else {
        format!("+{text}")
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn listed(names: impl Iterator<Item = String>, word: &str) -> String {
    names.collect::<Vec<_>>().join(&format!(" {word} "))
}
