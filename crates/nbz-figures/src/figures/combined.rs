//! Figure 9: the best subset of proxies of every size, and how the choice fares elsewhere.
//!
//! (a) On the networks on which the subsets were compared, of the proxies alone and with the costs of Figure 10 among
//! them; beside it, chosen on one half and measured on the other, which a reader should believe. (b, c) Subsets of the
//! proxies that both have, on another data set or table: the two nearest of those at hand.
//!
//! Both sums are searched, tested and moved, and the best subsets voted on; what would crowd the picture is listed in
//! its numbers alone: the log rank sum of subsets with costs, its moves, votes, and all split tests but one. Subsets
//! are compared under budgets of MACs, or of the first cost that a pool has.

mod elsewhere;
mod here;
mod lines;
mod members;
mod resampled;
mod rows;
mod votes;

use nbz_study::{Hybrid, MOST_PROXIES, SplitTests, Subset, SubsetResult};

use self::lines::{Line, cost, legend};
use self::members::{names, proxies, with_costs};
use self::rows::Rows;
use crate::chart::Chart;
use crate::figure::{Figure, Missing};
use crate::figures::Made;
use crate::subject::Subject;

pub(crate) fn draw(subject: &Subject, all: &[Subject]) -> Result<Made, Missing> {
    let axis = subject.pool.axis_names().next().map(str::to_owned);
    let (true, Some(axis)) = (subject.proxies.len() > 1, axis) else {
        let needs = "two proxies and a cost: `macs`, `params` or `depth`";
        return Err(Figure::Fig9.needs(needs, subject));
    };
    if subject.pool.mbr_undefined().is_some() {
        return Err(Figure::Fig9.needs("accuracies that differ", subject));
    }
    let columns = proxies(subject);
    let mut rows = Rows::new();
    let with_costs = with_costs(subject);
    let values: Vec<&[f64]> = with_costs.iter().map(|c| c.oriented.as_slice()).collect();
    let by = |hybrid, columns, line| here::Found::of(subject, hybrid, columns, line);
    let alone = [
        by(Hybrid::RankSum, &columns, Some(Line::RankSum))?,
        by(Hybrid::LogRankSum, &columns, Some(Line::LogRankSum))?,
    ];
    let mut costly = Vec::new();
    if (columns.len() + 1..=MOST_PROXIES).contains(&values.len()) {
        costly.push(by(Hybrid::RankSum, &values, Some(Line::WithCosts))?);
        costly.push(by(Hybrid::LogRankSum, &values, None)?);
    }
    let here = here::Here {
        subject,
        axis: &axis,
        alone: &alone,
        costly: &costly,
    };
    let mut panels = vec![here.draw(&mut rows)];
    let mut remarks = String::new();
    let mut others: Vec<elsewhere::Shared<'_>> = all
        .iter()
        .filter_map(|other| elsewhere::Shared::of(subject, other, &axis))
        .collect();
    others.sort_by_key(elsewhere::Shared::distance);
    for (letter, shared) in ["b", "c"].into_iter().zip(others) {
        let (panel, remark) = shared.draw(letter, &alone, &mut rows)?;
        panels.push(panel);
        remarks += &remark;
    }
    let [sums, _] = &alone;
    votes::list(subject, &axis, &columns, sums, &mut rows)?;
    let chart = Chart {
        title: subject.name(),
        heading: String::new(),
        columns: 1,
        height: 200.0,
        legend: legend(&panels, &axis),
        panels: panels.into_iter().map(|(panel, _)| panel).collect(),
        foot: None,
    };
    let tested = sums.tests.as_ref().map_or_else(String::new, |tests| {
        format!(
            " The tested line chooses on one half of the networks and measures on the other: mean and 95 % of {} \
             splits.{}",
            tests.recipe.draws,
            optimism(tests)
        )
    });
    let caption = format!(
        "Of all {} subsets of {}, the best of each size by mBR under budgets of {}.{tested}{remarks} {}",
        sums.search.results().len(),
        names(subject, Subset::of(0..subject.proxies.len())),
        cost(&axis),
        subject.note()
    );
    Ok((caption, rows.sheet(subject), chart.svg()))
}

/// How much a choice among all subsets flatters itself, in words.
fn optimism(tests: &SplitTests) -> String {
    let whole = tests.tests.iter().find(|test| test.size.is_none());
    whole.map_or_else(String::new, |test| {
        let by = test.optimism;
        format!(
            " For having looked at so many, the best of any size seems better by {:.3} [{:.3}, {:.3}] where it was \
             chosen than where it is tested.",
            by.estimate, by.low, by.high
        )
    })
}

fn mbr(result: &SubsetResult, axis: Option<usize>) -> f64 {
    axis.map_or(result.mbr_all, |axis| result.mbr[axis])
}
