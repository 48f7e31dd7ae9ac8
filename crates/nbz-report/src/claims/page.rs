//! The findings as a page: what holds where, and every number behind it.

use crate::claims::{Finding, Findings};
use crate::sheet::{Cell, Sheet};

/// What a reader has to know before the numbers, as Markdown.
pub const PREFACE: &str = "\
The paper trained networks of its own, which were never released. This page asks what public benchmarks, and short
trainings of our own, say of the same claims: each was written down with its rule first, then measured. Disagreement is no proof against the paper, since
spaces, trainings and the proxies' batches differ; it says how far a claim carries.

An interval (95 %) is over other networks of the same space: half-samples for best-of measures, the jackknife for
correlations. It says nothing about other trainings. A test *holds* if the whole interval agrees with its rule, *does
not hold* if the whole interval contradicts it, and *cannot be told* otherwise or where columns are missing. A claim
holds on a pool if all of its tests do. About five in a hundred tests with an interval go wrong by chance alone; no
correction is made across claims. Numbers without an interval are compared as they are. mBR is under MACs budgets
unless another cost is named, with ties averaged; smaller is better. `zen+macs` is the rank sum of the two.
What a claim calls `zen` may be another's numbers, so a number is named as the table names its column: `nbsz_` columns are
NAS-Bench-Suite-Zero's, whose `nbsz_zen` keeps the shortcuts that ZenNAS removes (docs/proxies.md); NAS-Bench-Macro's
proxies are our own scores, and of `mini-` tables the accuracies are our own too: few networks, trained so shortly that they
tell who learns fast (docs/mini.md). `paper-lists` has the proxies of more networks of the same spaces, some of
`mini`'s among them, and no accuracies, and speaks to claim 14 alone. Tables that say that they were trained by a short recipe are compared with each other across
spaces and not with those trained in full, whose order could differ for the training alone. The largest value of a table that
is not its whole space, and the best accuracy of short trainings, are lower bounds: they can show that another table is
exceeded, and otherwise it cannot be told. Proxies are read as the paper reads them, larger raw values first: also `ntk`,
of which smaller ones are meant to be better.
";

impl Findings {
    /// The page as Markdown.
    pub fn page(&self) -> String {
        let mut out = format!(
            "# What public benchmarks say of the paper's claims\n\n{PREFACE}\n## Pools\n\n"
        );
        for pool in &self.pools {
            let scores = pool.scores.join(", ");
            out += &format!(
                "- **{}**: {} networks; {scores}; {}.\n",
                pool.pool, pool.networks, pool.provenance
            );
        }
        let grid = self.overview().grid();
        out += &format!(
            "\n## Verdicts\n\n{grid}\nAn empty cell: no test of the claim is for that pool.\n"
        );
        for finding in &self.findings {
            out += &format!(
                "\n## Claim {}\n\n> {} ({})\n\n",
                finding.number, finding.text, finding.place
            );
            out += &match &finding.untested {
                Some(why) => format!("Not tested: {why}.\n"),
                None => finding.measured(),
            };
        }
        out
    }

    /// A line a claim, a column a pool.
    pub fn overview(&self) -> Sheet {
        let mut pools: Vec<String> = self.pools.iter().map(|pool| pool.pool.clone()).collect();
        let named = self
            .findings
            .iter()
            .flat_map(|finding| finding.verdicts.keys());
        for pool in named {
            if !pools.contains(pool) {
                pools.push(pool.clone());
            }
        }
        let row = |finding: &Finding| {
            let verdict = |pool: &String| match finding.verdicts.get(pool) {
                Some(verdict) => Cell::text(verdict.to_string()),
                None if finding.untested.is_some() => Cell::text("not tested"),
                None => Cell::text(""),
            };
            let start = Cell::text(format!("{} ({})", finding.number, finding.place));
            std::iter::once(start)
                .chain(pools.iter().map(verdict))
                .collect()
        };
        Sheet {
            title: "Verdicts".to_owned(),
            rows: self.findings.iter().map(row).collect(),
            header: std::iter::once("claim".to_owned())
                .chain(pools.clone())
                .collect(),
            details: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Every test on every pool, as one grid.
    pub fn sheet(&self) -> Sheet {
        let mut header = vec!["claim".to_owned()];
        header.extend(COLUMNS.map(str::to_owned));
        let of = |finding: &Finding| {
            let number = finding.number as usize;
            let rows = finding.sheet().rows.into_iter();
            let numbered = move |row: Vec<Cell>| {
                let start = std::iter::once(Cell::Count(number));
                start.chain(row).collect::<Vec<Cell>>()
            };
            rows.map(numbered).collect::<Vec<_>>()
        };
        Sheet {
            title: "The paper's claims on public benchmarks".to_owned(),
            header,
            rows: self.findings.iter().flat_map(of).collect(),
            details: Vec::new(),
            notes: Vec::new(),
        }
    }
}

const COLUMNS: [&str; 6] = ["test", "pool", "number", "rule", "verdict", "of"];

impl Finding {
    /// The tests that have a number as a grid, and below it why the others have none.
    fn measured(&self) -> String {
        let mut sheet = self.sheet();
        let mut known = self
            .outcomes
            .iter()
            .map(|outcome| outcome.number.value.is_some());
        sheet.rows.retain(|_| known.next().unwrap_or(false));
        let mut out = if sheet.rows.is_empty() {
            String::new()
        } else {
            sheet.grid() + "\n"
        };
        let mut reasons: Vec<String> = Vec::new();
        for outcome in self
            .outcomes
            .iter()
            .filter(|outcome| outcome.number.value.is_none())
        {
            let reason = format!("- No number on {}: {}.\n", outcome.pool, outcome.detail);
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        out += &reasons.concat();
        out.trim_end().to_owned() + "\n"
    }

    /// A line a test and pool.
    pub fn sheet(&self) -> Sheet {
        let rows = self.outcomes.iter().map(|outcome| {
            vec![
                Cell::text(&outcome.says),
                Cell::text(&outcome.pool),
                Cell::Estimate(outcome.number, 3),
                Cell::text(&outcome.rule),
                Cell::text(outcome.verdict.to_string()),
                Cell::text(&outcome.detail),
            ]
        });
        Sheet {
            title: format!("Claim {}", self.number),
            header: COLUMNS.map(str::to_owned).to_vec(),
            rows: rows.collect(),
            details: Vec::new(),
            notes: Vec::new(),
        }
    }
}
