//! The numbers behind Figure 9.

use nbz_report::{Cell, Estimate, Sheet};
use nbz_study::{Hybrid, Interval, Subset};

use super::names;
use crate::subject::Subject;

/// A row a subset.
pub(super) struct Rows {
    rows: Vec<Vec<Cell>>,
}

impl Rows {
    pub(super) fn new() -> Self {
        Self { rows: Vec::new() }
    }

    /// A subset is one of a subject's proxies.
    pub(super) fn push(
        &mut self,
        hybrid: Hybrid,
        on: String,
        how: &str,
        (of, subset): (&Subject, Subset),
        mbr: Estimate,
    ) {
        self.named(hybrid, on, how, (subset.len(), names(of, subset)), mbr);
    }

    /// A subset by its size and its members.
    pub(super) fn named(
        &mut self,
        hybrid: Hybrid,
        on: String,
        how: &str,
        (size, members): (usize, String),
        mbr: Estimate,
    ) {
        self.rows.push(vec![
            Cell::text(hybrid.name()),
            Cell::text(on),
            Cell::text(how),
            Cell::Count(size),
            Cell::text(members),
            Cell::Estimate(mbr, 4),
        ]);
    }

    pub(super) fn sheet(self, subject: &Subject) -> Sheet {
        let header = ["hybrid", "measured on", "subset", "size", "proxies", "mbr"];
        Sheet {
            title: format!("{}, best subsets of proxies", subject.name()),
            header: header.map(str::to_owned).to_vec(),
            rows: self.rows,
            details: Vec::new(),
            notes: vec![
                "tested on the other half: the proxies are those chosen most often, the mBR is that of whichever \
                 subset each split chose"
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
