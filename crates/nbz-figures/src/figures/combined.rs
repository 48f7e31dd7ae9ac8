//! Figure 9: the best subset of proxies of every size, and how the choice fares elsewhere.
//!
//! (a) On the networks on which the subsets were compared; beside it, chosen on one half and measured on the
//! other, which a reader should believe. (b) The same subsets on another data set or table.

use nbz_report::{Cell, Estimate, Sheet};
use nbz_study::{
    Hybrid, Interval, RankScope, SplitTests, StudyError, Subset, SubsetResult, SubsetSearch,
};

use crate::axis::Range;
use crate::chart::{Chart, Marks, Panel};
use crate::figure::{Figure, Missing};
use crate::figures::Made;
use crate::look::{Look, look};
use crate::subject::Subject;

const AXIS: &str = "macs";
/// Subsets, from the best by rank sum, that are also voted on: a vote costs n^2 comparisons.
const VOTED: usize = 20;

pub(crate) fn draw(subject: &Subject, all: &[Subject]) -> Result<Made, Missing> {
    let macs = subject.pool.axis_names().any(|axis| axis == AXIS);
    if subject.proxies.len() < 2 || !macs {
        return Err(Figure::Fig9.needs("two proxies and the cost `macs`", subject));
    }
    let columns = proxies(subject);
    let sums = subject.pool.search_subsets(Hybrid::RankSum, &columns)?;
    let logs = subject.pool.search_subsets(Hybrid::LogRankSum, &columns)?;
    let tests = split_tests(subject, &columns)?;
    let mut rows = Rows::new(subject);
    let mut panels = vec![here(subject, &sums, &logs, tests.as_ref(), &mut rows)];
    for other in all
        .iter()
        .filter(|other| compatible(subject, other))
        .take(2)
    {
        panels.push(elsewhere(&sums, other, &mut rows)?);
    }
    votes(subject, &columns, &sums, &mut rows)?;
    let chart = Chart {
        title: subject.name(),
        heading: String::new(),
        columns: 1,
        height: 200.0,
        legend: legend(&panels),
        panels: panels.into_iter().map(|(panel, _)| panel).collect(),
        foot: None,
    };
    let tested = tests.map_or_else(String::new, |tests| {
        format!(
            " The tested line chooses on one half of the networks and measures on the other: mean and 95 % of {} \
             splits.",
            tests.recipe.draws
        )
    });
    let caption = format!(
        "Of all {} subsets of {}, the best of each size by mBR under MACs budgets.{tested} {}",
        sums.results().len(),
        names(subject, Subset::of(0..subject.proxies.len())),
        subject.note()
    );
    Ok((caption, rows.sheet(subject), chart.svg()))
}

fn proxies(subject: &Subject) -> Vec<&[f64]> {
    subject
        .proxies
        .iter()
        .map(|column| column.oriented.as_slice())
        .collect()
}

fn compatible(subject: &Subject, other: &Subject) -> bool {
    let names = |of: &Subject| {
        of.proxies
            .iter()
            .map(|column| column.name.clone())
            .collect::<Vec<_>>()
    };
    other.name() != subject.name() && names(other) == names(subject)
}

/// None where intervals were not asked for or the networks are too few.
fn split_tests(subject: &Subject, columns: &[&[f64]]) -> Result<Option<SplitTests>, Missing> {
    let axis = subject.pool.axis_names().position(|axis| axis == AXIS);
    let recipe = subject.recipe.splits();
    match subject
        .pool
        .split_test_subsets(Hybrid::RankSum, columns, axis, recipe)
    {
        Ok(tests) => Ok(Some(tests)),
        Err(StudyError::TooFewToSplit { .. }) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

fn names(subject: &Subject, subset: Subset) -> String {
    let members: Vec<&str> = subset
        .members()
        .map(|at| subject.proxies[at].name.as_str())
        .collect();
    members.join(" + ")
}

const LINES: [(&str, &str); 5] = [
    ("rank sum, best on these networks", "zen"),
    ("log rank sum, best on these", "jacob_cov"),
    ("rank sum, tested on the other half", "fisher"),
    ("rank sum, chosen on (a)", "synflow"),
    ("MACs alone", "macs"),
];

/// A panel and which of [`LINES`] it has.
type Lines = (Panel, Vec<usize>);

fn line(at: usize) -> Look {
    look(LINES[at].1)
}

/// The lines that some panel has.
fn legend(panels: &[Lines]) -> Vec<(String, Look)> {
    let drawn = |at: &usize| panels.iter().any(|(_, lines)| lines.contains(at));
    (0..LINES.len())
        .filter(drawn)
        .map(|at| (LINES[at].0.to_owned(), line(at)))
        .collect()
}

fn here(
    subject: &Subject,
    sums: &SubsetSearch,
    logs: &SubsetSearch,
    tests: Option<&SplitTests>,
    rows: &mut Rows,
) -> Lines {
    let sizes = subject.proxies.len();
    let mut marks = Vec::new();
    for (at, search) in [(0, sums), (1, logs)] {
        let axis = search.axis(AXIS);
        let best: Vec<&SubsetResult> = (1..=sizes)
            .filter_map(|size| search.best(Some(size), axis))
            .collect();
        for result in &best {
            rows.push(
                search.hybrid,
                subject.name(),
                "chosen here",
                result.subset,
                exact(mbr(result, axis)),
            );
        }
        let points = best
            .iter()
            .map(|result| (result.subset.len() as f64, mbr(result, axis)));
        marks.push(curve(points.collect(), at, None));
    }
    if let Some(tests) = tests {
        let of_size = || {
            tests
                .tests
                .iter()
                .filter_map(|test| Some((test.size?, test)))
        };
        for (_, test) in of_size() {
            let tested = estimate(test.tested);
            rows.push(
                Hybrid::RankSum,
                subject.name(),
                "tested on the other half",
                test.favourite.0,
                tested,
            );
        }
        let points = of_size()
            .map(|(size, test)| (size as f64, test.tested.estimate))
            .collect();
        let band = of_size()
            .map(|(_, test)| (test.tested.low, test.tested.high))
            .collect();
        marks.push(curve(points, 2, Some(band)));
    }
    panel("a", &subject.name(), sizes, subject, marks)
}

/// The subsets that are best in `chosen`, on another subject.
fn elsewhere(chosen: &SubsetSearch, other: &Subject, rows: &mut Rows) -> Result<Lines, Missing> {
    let there = other
        .pool
        .search_subsets(Hybrid::RankSum, &proxies(other))?;
    let axis = chosen.axis(AXIS);
    let sizes = other.proxies.len();
    let (mut moved, mut best) = (Vec::new(), Vec::new());
    for size in 1..=sizes {
        let Some(transfer) = chosen.transfer(&there, Some(size), axis) else {
            continue;
        };
        moved.push((size as f64, transfer.mbr_there));
        best.push((size as f64, transfer.best_there));
        let what = "chosen elsewhere";
        rows.push(
            Hybrid::RankSum,
            other.name(),
            what,
            transfer.subset,
            exact(transfer.mbr_there),
        );
    }
    let marks = vec![curve(best, 0, None), curve(moved, 3, None)];
    Ok(panel("b", &other.name(), sizes, other, marks))
}

fn panel(
    letter: &str,
    title: &str,
    sizes: usize,
    subject: &Subject,
    lines: Vec<(usize, Marks)>,
) -> Lines {
    // A line without points is none.
    let some =
        |(_, marks): &(usize, Marks)| !matches!(marks, Marks::Line { data, .. } if data.is_empty());
    let (mut drawn, mut marks): (Vec<usize>, Vec<Marks>) = lines.into_iter().filter(some).unzip();
    let macs = subject.comparison.row(AXIS);
    if let Some(axis) = macs.and_then(|row| row.measures.mbr.as_ref()?.axis(AXIS)) {
        let mbr = axis.mean.mbr_ties;
        let (at, line) = curve(vec![(1.0, mbr), (sizes as f64, mbr)], 4, None);
        drawn.push(at);
        marks.push(line);
    }
    let values = marks.iter().flat_map(|marks| match marks {
        Marks::Line { data, interval, .. } => {
            let band = interval.iter().flatten().map(|(_, high)| *high);
            data.iter().map(|point| point.1).chain(band).collect()
        }
        _ => Vec::new(),
    });
    let panel = Panel {
        title: format!("({letter}) {title}"),
        note: String::new(),
        x_label: "proxies combined".to_owned(),
        y_label: "best mBR (MACs)".to_owned(),
        x: Range::new(0.5, sizes as f64 + 0.5),
        y: Range::from_zero(values),
        marks,
        decimals: Some(2),
    };
    (panel, drawn)
}

fn curve(data: Vec<(f64, f64)>, at: usize, interval: Option<Vec<(f64, f64)>>) -> (usize, Marks) {
    let look = line(at);
    let marks = Marks::Line {
        data,
        look,
        interval,
    };
    (at, marks)
}

/// Copeland's vote of the subsets that are best by rank sum.
fn votes(
    subject: &Subject,
    columns: &[&[f64]],
    sums: &SubsetSearch,
    rows: &mut Rows,
) -> Result<(), Missing> {
    for result in sums.ranked(sums.axis(AXIS)).into_iter().take(VOTED) {
        let members: Vec<&[f64]> = result.subset.members().map(|at| columns[at]).collect();
        let search = subject
            .pool
            .hybrid_search(Hybrid::Vote, &members, RankScope::Global)?;
        if let Some(axis) = search.as_ref().and_then(|search| search.axis(AXIS)) {
            let mbr = exact(axis.mean.mbr_ties);
            rows.push(
                Hybrid::Vote,
                subject.name(),
                "best by rank sum",
                result.subset,
                mbr,
            );
        }
    }
    Ok(())
}

fn mbr(result: &SubsetResult, axis: Option<usize>) -> f64 {
    axis.map_or(result.mbr_all, |axis| result.mbr[axis])
}

fn exact(value: f64) -> Estimate {
    Estimate::exact(Some(value))
}

fn estimate(interval: Interval) -> Estimate {
    Estimate {
        value: Some(interval.estimate),
        low: Some(interval.low),
        high: Some(interval.high),
    }
}

/// The numbers behind the figure.
struct Rows {
    proxies: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

impl Rows {
    fn new(subject: &Subject) -> Self {
        Self {
            proxies: subject
                .proxies
                .iter()
                .map(|column| column.name.clone())
                .collect(),
            rows: Vec::new(),
        }
    }

    fn push(&mut self, hybrid: Hybrid, on: String, how: &str, subset: Subset, mbr: Estimate) {
        let names: Vec<&str> = subset
            .members()
            .map(|at| self.proxies[at].as_str())
            .collect();
        self.rows.push(vec![
            Cell::text(hybrid.name()),
            Cell::text(on),
            Cell::text(how),
            Cell::Count(subset.len()),
            Cell::text(names.join(" + ")),
            Cell::Estimate(mbr, 4),
        ]);
    }

    fn sheet(self, subject: &Subject) -> Sheet {
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
