//! Spearman's order of scores beside mBR's: pairs that the two measures turn round, and their first ones.

use nbz_study::{Comparison, Interval, Statistic, tau_b};

use super::measure::{AXIS, estimate, mbr};
use super::page::code;
use super::{MORE, Orders, TURNED};
use crate::claims::Verdict;
use crate::row::Estimate;
use crate::sheet::shown;

impl Orders {
    /// `None` without MACs budgets, where mBR is undefined, or with fewer than two scores that both measures know.
    pub(super) fn of(comparison: &Comparison) -> Option<Self> {
        let known: Vec<(&str, f64, f64)> = comparison
            .rows()
            .iter()
            .filter_map(|row| {
                let axis = row.measures.mbr.as_ref()?.axis(AXIS)?;
                Some((row.name.as_str(), row.measures.sr?, axis.mean.mbr_ties))
            })
            .filter(|(_, _, mbr)| !mbr.is_nan())
            .collect();
        let (mut pairs, mut turned) = (0, Vec::new());
        for (at, (a, ..)) in known.iter().enumerate() {
            for (b, ..) in &known[at + 1..] {
                let both = comparison.difference(a, b)?;
                let (sr, mbr) = (both.get(&Statistic::Sr), both.get(&mbr()));
                let Some((sr, mbr)) = sr.zip(mbr) else {
                    continue;
                };
                pairs += 1;
                // A higher correlation and a larger, that is worse, mBR have one sign.
                if sr.excludes_zero() && mbr.excludes_zero() && sr.estimate * mbr.estimate > 0.0 {
                    let (correlated, found) = if sr.estimate > 0.0 { (a, b) } else { (b, a) };
                    turned.push(((*correlated).to_owned(), (*found).to_owned()));
                }
            }
        }
        let by_sr = known.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        let by_mbr = known.iter().min_by(|a, b| a.2.total_cmp(&b.2))?;
        let better =
            |count: &dyn Fn(&&(&str, f64, f64)) -> bool| known.iter().filter(count).count() + 1;
        let share = (pairs > 0).then(|| turned.len() as f64 / f64::from(pairs));
        let both = comparison.difference(by_sr.0, by_mbr.0);
        let price = both.and_then(|both| both.get(&mbr()));
        let price = price.map_or(Estimate::exact(None), estimate);
        Some(Self {
            scores: known.len(),
            pairs: pairs as usize,
            tau: tau(&known),
            different: TURNED.verdict(Estimate::exact(share)),
            turned,
            first_by_sr: (by_sr.0.to_owned(), better(&|other| other.2 < by_sr.2)),
            first_by_mbr: (by_mbr.0.to_owned(), better(&|other| other.1 > by_mbr.1)),
            costly: MORE.verdict(price),
            price,
        })
    }

    /// What they say, a sentence each.
    pub(super) fn sentences(&self) -> Vec<String> {
        let (sr, its_place) = &self.first_by_sr;
        let (mbr, place) = &self.first_by_mbr;
        let verdict = match self.different {
            Verdict::Holds => "mBR's order of the scores is another than Spearman's",
            Verdict::DoesNotHold => {
                "mBR's order of the scores is Spearman's as far as the networks can tell"
            }
            Verdict::CannotBeTold => {
                "Whether mBR's order of the scores is another than Spearman's cannot be told"
            }
        };
        let share = 100.0 * self.turned.len() as f64 / (self.pairs.max(1)) as f64;
        let mut out = vec![format!(
            "{verdict}: of {} pairs of {} scores {} are turned round for sure ({share:.1} %); tau-b of the two orders is \
             {} (interval over the scores).",
            self.pairs,
            self.scores,
            self.turned.len(),
            shown(self.tau, 2)
        )];
        if !self.turned.is_empty() {
            let mut winners: Vec<(&str, Vec<&str>)> = Vec::new();
            for (correlated, found) in &self.turned {
                match winners.iter_mut().find(|(name, _)| name == correlated) {
                    Some((_, others)) => others.push(found),
                    None => winners.push((correlated, vec![found])),
                }
            }
            let listed = winners.iter().map(|(name, others)| {
                let others: Vec<String> = others.iter().map(|other| code(other)).collect();
                format!("{} above {}", code(name), others.join(", "))
            });
            out.push(format!(
                "Pairs turned round, as Spearman has them and mBR the other way: {}.",
                listed.collect::<Vec<_>>().join("; ")
            ));
        }
        out.push(if sr == mbr {
            format!("{} is first by both.", code(sr))
        } else {
            let costly = match self.costly {
                Verdict::Holds => "so who chooses by correlation searches worse",
                Verdict::DoesNotHold => "so who chooses by correlation searches no worse",
                Verdict::CannotBeTold => "so whether choosing by correlation costs anything cannot be told",
            };
            format!(
                "First by SR is {}, which is number {its_place} by mBR; first by mBR is {}, number {place} by SR. The mBR of \
                 the former is larger by {}, {costly}.",
                code(sr),
                code(mbr),
                shown(self.price, 3)
            )
        });
        out
    }
}

/// tau-b of correlations and mBRs turned round, with its jackknife over the scores.
fn tau(known: &[(&str, f64, f64)]) -> Estimate {
    let of = |known: &[(&str, f64, f64)]| {
        let (sr, mbr): (Vec<f64>, Vec<f64>) = known.iter().map(|k| (k.1, -k.2)).unzip();
        tau_b(&sr, &mbr)
    };
    let without = (0..known.len()).map(|at| {
        let mut rest = known.to_vec();
        rest.remove(at);
        of(&rest)
    });
    let without: Option<Vec<f64>> = without.collect();
    let whole = of(known);
    match whole
        .zip(without)
        .and_then(|(w, without)| Interval::of_jackknife(w, &without))
    {
        Some(interval) => estimate(interval),
        None => Estimate::exact(whole),
    }
}
