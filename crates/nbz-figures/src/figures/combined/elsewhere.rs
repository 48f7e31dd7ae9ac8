//! Subsets that are best on one pool, read on another: of the proxies that both have.

use std::borrow::Cow;
use std::cmp::Reverse;

use nbz_report::Estimate;
use nbz_study::{Hybrid, Interval, Score, Statistic, Subset, SubsetSearch};

use super::members::{picks, proxies};
use super::rows::{Row, Rows, estimate, exact};
use super::{Lines, curve, panel};
use crate::figure::Missing;
use crate::subject::Subject;

/// Two subjects and what they share.
pub(super) struct Shared<'s> {
    chosen: &'s Subject,
    other: &'s Subject,
    axis: &'s str,
    /// The shared proxies by their places in each, in the order of the first.
    places: Vec<[usize; 2]>,
}

impl<'s> Shared<'s> {
    /// None for a subject and itself, without two proxies in common, where budgets are of other costs, or where the
    /// other has no mBR.
    pub(super) fn of(chosen: &'s Subject, other: &'s Subject, axis: &'s str) -> Option<Self> {
        let same_axis = other.pool.axis_names().next() == Some(axis);
        let place = |name: &str| other.proxies.iter().position(|column| column.name == name);
        let places: Vec<[usize; 2]> = chosen
            .proxies
            .iter()
            .enumerate()
            .filter_map(|(at, column)| Some([at, place(&column.name)?]))
            .collect();
        let is_another = other.name() != chosen.name() && other.pool.mbr_undefined().is_none();
        let is_useful = is_another && same_axis && places.len() > 1;
        is_useful.then_some(Self {
            chosen,
            other,
            axis,
            places,
        })
    }

    /// What to move to first: other data sets of the table, then where most proxies are shared.
    pub(super) fn distance(&self) -> (bool, Reverse<usize>) {
        (
            !self.other.is_of_table(self.chosen),
            Reverse(self.places.len()),
        )
    }

    /// The panel, and what a caption has to say of it.
    pub(super) fn draw(
        &self,
        letter: &str,
        sums: &'s SubsetSearch,
        rows: &mut Rows,
    ) -> Result<(Lines, String), Missing> {
        let columns = |subject: &'s Subject, which: usize| -> Vec<&'s [f64]> {
            let all = proxies(subject);
            self.places
                .iter()
                .map(|places| all[places[which]])
                .collect()
        };
        let (mine, theirs) = (columns(self.chosen, 0), columns(self.other, 1));
        // The search of the whole list is at hand where the whole list is shared.
        let here = if self.places.len() == self.chosen.proxies.len() {
            Cow::Borrowed(sums)
        } else {
            Cow::Owned(self.chosen.pool.search_subsets(Hybrid::RankSum, &mine)?)
        };
        let there = self.other.pool.search_subsets(Hybrid::RankSum, &theirs)?;
        let axis = here.axis(self.axis);
        let sizes = self.places.len();
        let (mut moved, mut best, mut subsets) = (Vec::new(), Vec::new(), Vec::new());
        for size in 1..=sizes {
            let Some(transfer) = here.transfer(&there, Some(size), axis) else {
                continue;
            };
            moved.push((size as f64, transfer.mbr_there));
            best.push((size as f64, transfer.best_there));
            subsets.push(transfer.subset);
        }
        let intervals = self.intervals(&subsets, &theirs)?;
        for ((&subset, &(_, mbr)), interval) in subsets.iter().zip(&moved).zip(&intervals) {
            let found: Estimate = interval.map_or_else(|| exact(mbr), estimate);
            let how = format!("chosen on {}", self.chosen.name());
            let picks = there
                .get(subset)
                .map(|result| picks(self.other, self.axis, result));
            rows.push(Row {
                hybrid: Hybrid::RankSum,
                on: self.other.name(),
                how: &how,
                size: subset.len(),
                members: self.names(subset),
                mbr: found,
                optimism: Estimate::exact(None),
                networks: picks.unwrap_or_default(),
            });
        }
        let band: Option<Vec<(f64, f64)>> = intervals
            .iter()
            .map(|interval| interval.map(|i| (i.low, i.high)))
            .collect();
        let lines = vec![curve(best, 0, None), curve(moved, 3, band)];
        let mut remark = String::new();
        let on = self.other.name();
        if [self.chosen, self.other].map(|of| of.proxies.len()) != [sizes; 2] {
            let names = self.names(Subset::of(0..sizes));
            remark =
                format!(" On {on} the subsets are of the {sizes} proxies that both have: {names}.");
        }
        if !self.chosen.is_of_table(self.other) {
            remark += &format!(
                " Scores on {on} are taken for the same by their name, whoever computed them there."
            );
        }
        Ok((panel(letter, self.axis, sizes, self.other, lines), remark))
    }

    /// Intervals of the subsets' mBR on the other pool, over its networks; none where none were asked for.
    fn intervals(
        &self,
        subsets: &[Subset],
        theirs: &[&[f64]],
    ) -> Result<Vec<Option<Interval>>, Missing> {
        let pool = &self.other.pool;
        let combine = |subset: &Subset| {
            let members: Vec<&[f64]> = subset.members().map(|at| theirs[at]).collect();
            Hybrid::RankSum.combine(&members)
        };
        let combined = subsets.iter().map(combine).collect::<Result<Vec<_>, _>>()?;
        let labels: Vec<String> = (0..subsets.len()).map(|at| at.to_string()).collect();
        let scores: Vec<Score<'_>> = labels
            .iter()
            .zip(&combined)
            .map(|(label, values)| Score::new(label, values))
            .collect();
        let compared = pool.compare(&scores, self.other.recipe)?;
        let statistic = Statistic::MbrTies(self.axis.to_owned());
        let interval = |label: &String| {
            let found = compared.row(label)?.intervals.get(&statistic)?;
            (found.low < found.high).then_some(found)
        };
        Ok(labels.iter().map(interval).collect())
    }

    fn names(&self, subset: Subset) -> String {
        let name = |at: usize| self.chosen.proxies[self.places[at][0]].name.as_str();
        subset.members().map(name).collect::<Vec<_>>().join(" + ")
    }
}
