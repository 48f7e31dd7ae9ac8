//! Panel (a): the best subsets of every size where they were chosen, and chosen on one half and tested on the other.

use nbz_report::Estimate;
use nbz_study::{Hybrid, SplitTest, SplitTests, SubsetResult, SubsetSearch};

use super::members::{names, picks};
use super::rows::{Row, Rows, estimate, exact};
use super::{COSTLY, Lines, curve, mbr, panel};
use crate::subject::Subject;

/// What is known of the networks on which the subsets were compared.
pub(super) struct Here<'s> {
    pub(super) subject: &'s Subject,
    pub(super) axis: &'s str,
    /// Searches and which line each is.
    pub(super) searches: [Option<(usize, &'s SubsetSearch)>; 3],
    /// By rank sum, which is drawn, and by log rank sum, which is listed.
    pub(super) tests: [Option<&'s SplitTests>; 2],
}

impl Here<'_> {
    pub(super) fn draw(&self, rows: &mut Rows) -> Lines {
        let sizes = self.subject.proxies.len();
        let mut marks = Vec::new();
        for (at, search) in self.searches.into_iter().flatten() {
            let axis = search.axis(self.axis);
            let best: Vec<&SubsetResult> = (1..=sizes)
                .filter_map(|size| search.best(Some(size), axis))
                .collect();
            for result in &best {
                self.list_chosen(search, at, result, rows);
            }
            let points = best
                .iter()
                .map(|result| (result.subset.len() as f64, mbr(result, axis)));
            marks.push(curve(points.collect(), at, None));
        }
        for (tests, hybrid) in self
            .tests
            .into_iter()
            .zip([Hybrid::RankSum, Hybrid::LogRankSum])
        {
            for (_, test) in tests.iter().flat_map(|tests| of_size(tests)) {
                self.list_tested(hybrid, test, rows);
            }
        }
        if let Some(tests) = self.tests[0] {
            let points = of_size(tests).map(|(size, test)| (size as f64, test.tested.estimate));
            let band = of_size(tests).map(|(_, test)| (test.tested.low, test.tested.high));
            marks.push(curve(points.collect(), 2, Some(band.collect())));
        }
        panel("a", self.axis, sizes, self.subject, marks)
    }

    fn list_chosen(
        &self,
        search: &SubsetSearch,
        at: usize,
        result: &SubsetResult,
        rows: &mut Rows,
    ) {
        rows.push(Row {
            hybrid: search.hybrid,
            on: self.subject.name(),
            how: if at == COSTLY {
                "chosen here, costs among them"
            } else {
                "chosen here"
            },
            size: result.subset.len(),
            members: names(self.subject, result.subset),
            mbr: exact(mbr(result, search.axis(self.axis))),
            optimism: Estimate::exact(None),
            networks: picks(self.subject, self.axis, result),
        });
    }

    fn list_tested(&self, hybrid: Hybrid, test: &SplitTest, rows: &mut Rows) {
        rows.push(Row {
            hybrid,
            on: self.subject.name(),
            how: "tested on the other half",
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
