//! Panel (a): the best subsets of every size where they were chosen, and chosen on one half and tested on the other.

use nbz_report::Estimate;
use nbz_study::{Hybrid, SplitTest, SplitTests, StudyError, SubsetResult, SubsetSearch};

use super::lines::{Line, Lined, curve, panel};
use super::mbr;
use super::members::{names, picks};
use super::rows::{Row, Rows, estimate, exact};
use crate::figure::Missing;
use crate::subject::Subject;

/// All subsets of some columns by one hybrid.
pub(super) struct Found {
    pub(super) search: SubsetSearch,
    /// None where intervals were not asked for or the networks are too few.
    pub(super) tests: Option<SplitTests>,
    /// Which line the best ones are, if they are drawn.
    line: Option<Line>,
    /// Whether costs are among the columns.
    costs: bool,
}

impl Found {
    pub(super) fn of(
        subject: &Subject,
        hybrid: Hybrid,
        columns: &[&[f64]],
        line: Option<Line>,
    ) -> Result<Self, Missing> {
        let (pool, recipe) = (&subject.pool, subject.recipe.splits());
        // The first axis, as everywhere here.
        let tests = match pool.split_test_subsets(hybrid, columns, Some(0), recipe) {
            Ok(tests) => Some(tests),
            Err(StudyError::TooFewToSplit { .. }) => None,
            Err(other) => return Err(other.into()),
        };
        Ok(Self {
            search: pool.search_subsets(hybrid, columns)?,
            tests,
            line,
            costs: columns.len() > subject.proxies.len(),
        })
    }

    /// How a subset came to be measured.
    fn how(&self, how: &str) -> String {
        let among = if self.costs { ", costs among them" } else { "" };
        format!("{how}{among}")
    }
}

/// What is known of the networks on which the subsets were compared.
pub(super) struct Here<'s> {
    pub(super) subject: &'s Subject,
    pub(super) axis: &'s str,
    /// Subsets of the proxies alone, by rank sum and by log rank sum.
    pub(super) alone: &'s [Found; 2],
    /// Subsets with costs among them, if there are any.
    pub(super) costly: &'s [Found],
}

impl Here<'_> {
    pub(super) fn draw(&self, rows: &mut Rows) -> Lined {
        let sizes = self.subject.proxies.len();
        let mut marks = Vec::new();
        for found in self.alone.iter().chain(self.costly) {
            let axis = found.search.axis(self.axis);
            let best: Vec<&SubsetResult> = (1..=sizes)
                .filter_map(|size| found.search.best(Some(size), axis))
                .collect();
            for result in &best {
                self.list_chosen(found, result, rows);
            }
            let points = best
                .iter()
                .map(|result| (result.subset.len() as f64, mbr(result, axis)));
            if let Some(line) = found.line {
                marks.push(curve(points.collect(), line, None));
            }
        }
        for found in self.alone.iter().chain(self.costly) {
            for (size, test) in found.tests.iter().flat_map(of_size) {
                if size <= sizes {
                    self.list_tested(found, test, rows);
                }
            }
        }
        let [sums, _] = self.alone;
        if let Some(tests) = &sums.tests {
            let points = of_size(tests).map(|(size, test)| (size as f64, test.tested.estimate));
            let band = of_size(tests).map(|(_, test)| (test.tested.low, test.tested.high));
            marks.push(curve(points.collect(), Line::Tested, Some(band.collect())));
        }
        panel("a", self.axis, sizes, self.subject, marks)
    }

    fn list_chosen(&self, found: &Found, result: &SubsetResult, rows: &mut Rows) {
        rows.push(Row {
            hybrid: found.search.hybrid,
            on: self.subject.name(),
            how: found.how("chosen here"),
            size: result.subset.len(),
            members: names(self.subject, result.subset),
            mbr: exact(mbr(result, found.search.axis(self.axis))),
            optimism: Estimate::exact(None),
            networks: picks(self.subject, self.axis, result),
        });
    }

    fn list_tested(&self, found: &Found, test: &SplitTest, rows: &mut Rows) {
        rows.push(Row {
            hybrid: found.search.hybrid,
            on: self.subject.name(),
            how: found.how("tested on the other half"),
            size: test.favourite.0.len(),
            members: names(self.subject, test.favourite.0),
            mbr: estimate(test.tested),
            optimism: estimate(test.optimism),
            networks: String::new(),
        });
    }
}

/// The tests of subsets of a given size.
fn of_size(tests: &SplitTests) -> impl Iterator<Item = (usize, &SplitTest)> {
    let tests = tests.tests.iter();
    tests.filter_map(|test| Some((test.size?, test)))
}
