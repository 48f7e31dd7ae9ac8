//! The numbers behind Figure 9.

use nbz_report::{Cell, Estimate, Sheet};
use nbz_study::{Hybrid, Interval};

use crate::subject::Subject;

/// A subset, what it finds, and where.
pub(super) struct Row {
    pub(super) hybrid: Hybrid,
    pub(super) on: String,
    /// How the subset came to be measured.
    pub(super) how: String,
    pub(super) size: usize,
    pub(super) members: String,
    pub(super) mbr: Estimate,
    /// How much better it seemed where it was chosen.
    pub(super) optimism: Estimate,
    /// What it puts first under each budget, the lowest budget first.
    pub(super) networks: String,
}

/// A row a subset.
pub(super) struct Rows {
    rows: Vec<Vec<Cell>>,
}

impl Rows {
    pub(super) fn new() -> Self {
        Self { rows: Vec::new() }
    }

    pub(super) fn push(&mut self, row: Row) {
        self.rows.push(vec![
            Cell::text(row.hybrid.name()),
            Cell::text(row.on),
            Cell::text(row.how),
            Cell::Count(row.size),
            Cell::text(row.members),
            Cell::Estimate(row.mbr, 4),
            Cell::Estimate(row.optimism, 4),
            Cell::text(row.networks),
        ]);
    }

    pub(super) fn sheet(self, subject: &Subject) -> Sheet {
        let header = [
            "hybrid",
            "measured on",
            "subset",
            "size",
            "proxies",
            "mbr",
            "optimism",
            "networks",
        ];
        Sheet {
            title: format!("{}, best subsets of proxies", subject.name()),
            header: header.map(str::to_owned).to_vec(),
            rows: self.rows,
            details: Vec::new(),
            notes: vec![
                "tested on the other half: the proxies are those chosen most often, the mBR is that of whichever \
                 subset each split chose"
                    .to_owned(),
                "optimism: mBR on the other half less that on the half of the choice; networks: those put first \
                 under each budget, the lowest first, of equal scores the first by row"
                    .to_owned(),
                "elsewhere and in votes: intervals of half-samples of the networks there, the ranks those of all; the \
                 subsets that are voted on were the best of many on these very networks, of which no interval knows"
                    .to_owned(),
                subject.note(),
            ],
        }
    }
}

pub(super) fn exact(value: f64) -> Estimate {
    Estimate::exact(Some(value))
}

pub(super) fn estimate(interval: Interval) -> Estimate {
    Estimate {
        value: Some(interval.estimate),
        low: Some(interval.low),
        high: Some(interval.high),
    }
}
