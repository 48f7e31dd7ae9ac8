//! Subsets that are best on one pool, read on another: of the proxies that both have.

use std::borrow::Cow;
use std::cmp::Reverse;

use nbz_report::Estimate;
use nbz_study::{Subset, SubsetSearch, Transfer};

use super::here::Found;
use super::lines::{Line, Lined, curve, panel};
use super::members::{picks, proxies};
use super::resampled::Resampled;
use super::rows::{Row, Rows};
use crate::chart::Marks;
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

    /// The panel, and what a caption has to say of it. `found` is of the proxies alone; the first is drawn, the others
    /// are listed.
    pub(super) fn draw(
        &self,
        letter: &str,
        found: &'s [Found],
        rows: &mut Rows,
    ) -> Result<(Lined, String), Missing> {
        let sizes = self.places.len();
        let mut lines = Vec::new();
        for found in found {
            let moved = self.moved(&found.search)?;
            for (at, transfer) in moved.transfers.iter().enumerate() {
                rows.push(self.row(&moved, at, transfer));
            }
            if lines.is_empty() {
                lines = moved.lines(self.axis);
            }
        }
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

    /// Moves the best subset of every size by the hybrid of a search, which is of all proxies of the first.
    fn moved(&self, search: &'s SubsetSearch) -> Result<Moved, Missing> {
        let hybrid = search.hybrid;
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
            Cow::Borrowed(search)
        } else {
            Cow::Owned(self.chosen.pool.search_subsets(hybrid, &mine)?)
        };
        let there = self.other.pool.search_subsets(hybrid, &theirs)?;
        let axis = here.axis(self.axis);
        let transfers: Vec<Transfer> = (1..=self.places.len())
            .filter_map(|size| here.transfer(&there, Some(size), axis))
            .collect();
        let combine = |transfer: &Transfer| {
            let members: Vec<&[f64]> = transfer.subset.members().map(|at| theirs[at]).collect();
            hybrid.combine(&members)
        };
        let combined = transfers
            .iter()
            .map(combine)
            .collect::<Result<Vec<_>, _>>()?;
        let resampled = Resampled::of(self.other, &combined)?;
        Ok(Moved {
            there,
            transfers,
            resampled,
        })
    }

    fn row(&self, moved: &Moved, at: usize, transfer: &Transfer) -> Row {
        let result = moved.there.get(transfer.subset);
        let picks = result.map(|result| picks(self.other, self.axis, result));
        Row {
            hybrid: moved.there.hybrid,
            on: self.other.name(),
            how: format!("chosen on {}", self.chosen.name()),
            size: transfer.subset.len(),
            members: self.names(transfer.subset),
            mbr: moved.resampled.mbr(at, self.axis),
            optimism: Estimate::exact(None),
            networks: picks.unwrap_or_default(),
        }
    }

    fn names(&self, subset: Subset) -> String {
        let name = |at: usize| self.chosen.proxies[self.places[at][0]].name.as_str();
        subset.members().map(name).collect::<Vec<_>>().join(" + ")
    }
}

/// Subsets that were moved.
struct Moved {
    /// All subsets where they came to.
    there: SubsetSearch,
    /// One a size.
    transfers: Vec<Transfer>,
    /// What these subsets reach there.
    resampled: Resampled,
}

impl Moved {
    /// The best there, which nobody knew, and the moved ones.
    fn lines(&self, axis: &str) -> Vec<(Line, Marks)> {
        let points = |mbr: fn(&Transfer) -> f64| -> Vec<(f64, f64)> {
            let point = |t: &Transfer| (t.subset.len() as f64, mbr(t));
            self.transfers.iter().map(point).collect()
        };
        let bounds = |at: usize| {
            let mbr = self.resampled.mbr(at, axis);
            Some((mbr.low?, mbr.high?))
        };
        let band: Option<Vec<(f64, f64)>> = (0..self.transfers.len()).map(bounds).collect();
        vec![
            curve(points(|t| t.best_there), Line::RankSum, None),
            curve(points(|t| t.mbr_there), Line::Moved, band),
        ]
    }
}
