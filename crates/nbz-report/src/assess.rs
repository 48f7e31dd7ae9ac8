//! From candidates to a table: every proxy and cost, the oracle and random choice on one pool.
//!
//! Budgets are even limits on each cost, five where nobody asks for another number, as in the paper. A table's accuracy columns and its `mbr` are
//! under MAC budgets; `mbr_all` is the mean over the budgets of every cost.

use nbz_study::{
    Axis, ComparedScore, Cost, Direction, Interval, Measures, Pool, Reading, Recipe, Score,
    Statistic, pearson,
};

use crate::{
    candidates::{Candidates, Scored},
    error::Result,
    row::{Estimate, Row, RowKind, Table1},
};

/// The cost whose budgets a table shows.
const SHOWN: &str = "macs";

/// Measures everything on one pool, under `budgets` even limits on each cost.
///
/// # Errors
/// Accuracies or costs that are not finite, or no budget.
pub fn assess(
    candidates: &Candidates,
    reading: Reading,
    recipe: Recipe,
    budgets: usize,
) -> Result<Table1> {
    let mut pool = Pool::new(&candidates.accuracy)?;
    for cost in costs_shown_first(candidates) {
        pool = pool.with_axis(Axis::even(Cost::new(&cost.name, &cost.values), budgets)?)?;
    }
    let oracle = pool.measures(&candidates.accuracy)?;
    let scored: Vec<(&Scored, RowKind)> = costs_shown_first(candidates)
        .map(|cost| (cost, RowKind::Cost))
        .chain(
            candidates
                .proxies
                .iter()
                .map(|proxy| (proxy, RowKind::Proxy)),
        )
        .collect();
    let turned: Vec<_> = scored
        .iter()
        .map(|(s, _)| reading.orient(direction(s), &s.values))
        .collect();
    let scores: Vec<Score<'_>> = scored
        .iter()
        .zip(&turned)
        .map(|((s, _), values)| Score::new(&s.name, values))
        .collect();
    let comparison = pool.compare(&scores, recipe)?;
    let mut rows = vec![oracle_row(candidates, &pool, &oracle)?, random_row(&oracle)];
    rows.extend(
        scored
            .iter()
            .zip(comparison.rows())
            .map(|(&(scored, kind), compared)| {
                score_row(scored, kind, compared, log_correlation(scored, candidates))
            }),
    );
    let shown = oracle
        .mbr
        .as_ref()
        .and_then(|m| m.axis(SHOWN).or(m.axes.first()));
    let picks = shown.map(|axis| axis.picks.as_slice()).unwrap_or_default();
    Ok(Table1 {
        id: candidates.selection.id.clone(),
        title: candidates.selection.title.clone(),
        table: candidates.table.clone(),
        dataset: candidates.selection.dataset.clone(),
        networks: candidates.len(),
        distinct: candidates.distinct,
        reading: reading.to_string(),
        budget: shown.map(|axis| axis.name.clone()).unwrap_or_default(),
        limits: picks
            .iter()
            .filter_map(|pick| pick.budget.upper_limit())
            .collect(),
        feasible: picks.iter().map(|pick| pick.feasible).collect(),
        provenance: candidates.provenance(),
        mbr_undefined: pool.mbr_undefined(),
        recipe,
        rows,
    })
}

/// The costs, MACs first.
fn costs_shown_first(candidates: &Candidates) -> impl Iterator<Item = &Scored> {
    let macs = candidates.costs.iter().filter(|cost| cost.name == SHOWN);
    macs.chain(candidates.costs.iter().filter(|cost| cost.name != SHOWN))
}

fn direction(scored: &Scored) -> Direction {
    if scored.smaller_is_better() {
        Direction::SmallerIsBetter
    } else {
        Direction::LargerIsBetter
    }
}

/// Pearson's correlation of `ln(score)` over positive scores, for synflow, which spans tens of decades.
fn log_correlation(scored: &Scored, candidates: &Candidates) -> Option<f64> {
    if !scored.name.ends_with("synflow") || scored.name.contains("log") {
        return None;
    }
    let pairs = scored.values.iter().zip(&candidates.accuracy);
    let (logs, accuracy): (Vec<f64>, Vec<f64>) = pairs
        .filter(|(score, _)| score.is_finite() && **score > 0.0)
        .map(|(score, accuracy)| (score.ln(), accuracy))
        .unzip();
    pearson(&logs, &accuracy)
}

/// The accuracy as its own score.
///
/// Under budgets the oracle picks by true rank, so that networks of equal accuracy are no ties of its
/// score and its mBR is exactly 0.
fn oracle_row(candidates: &Candidates, pool: &Pool, correlations: &Measures) -> Result<Row> {
    let info = &candidates.accuracy_info;
    let ranks: Vec<f64> = pool.true_ranks().map(|rank| -(rank as f64)).collect();
    let search = pool.measures(&ranks)?;
    Ok(Row {
        lc: Estimate::exact(correlations.lc),
        kd: Estimate::exact(correlations.kd),
        sr: Estimate::exact(correlations.sr),
        name: "oracle".to_owned(),
        provenance: info.provenance.as_str().to_owned(),
        source: info.source.clone(),
        ..row(RowKind::Oracle, &search)
    })
}

/// Random choice in closed form: no correlation, and under a budget each feasible network is as likely.
fn random_row(oracle: &Measures) -> Row {
    let expected_rank = |n: usize| (n as f64 - 1.0) / (2.0 * n as f64);
    let axes = oracle.mbr.iter().flat_map(|m| &m.axes);
    let mean = |ranks: Vec<f64>| {
        (!ranks.is_empty()).then(|| ranks.iter().sum::<f64>() / ranks.len() as f64)
    };
    let shown = oracle
        .mbr
        .as_ref()
        .and_then(|m| m.axis(SHOWN).or(m.axes.first()));
    let picks = shown.map(|axis| axis.picks.as_slice()).unwrap_or_default();
    let defined = |value: Option<f64>| value.filter(|_| oracle.mbr_undefined.is_none());
    let mbr = defined(mean(
        picks.iter().map(|p| expected_rank(p.feasible)).collect(),
    ));
    let pool = mean(
        picks
            .iter()
            .map(|p| (p.feasible as f64 - 1.0) / (2.0 * oracle.n as f64))
            .collect(),
    );
    Row {
        name: "random".to_owned(),
        kind: RowKind::Random,
        direction: "-".to_owned(),
        provenance: "closed form".to_owned(),
        source: "uniform choice among the feasible networks".to_owned(),
        n_nan: 0,
        n_inf: 0,
        lc: Estimate::exact(Some(0.0)),
        lc_finite: None,
        lc_log: None,
        kd: Estimate::exact(Some(0.0)),
        sr: Estimate::exact(Some(0.0)),
        mbr_ties: Estimate::exact(mbr),
        mbr,
        mbr_pool: defined(pool),
        mbr_all: defined(mean(
            axes.flat_map(|a| &a.picks)
                .map(|p| expected_rank(p.feasible))
                .collect(),
        )),
        accuracy: picks
            .iter()
            .map(|p| Estimate::exact(Some(p.random_acc)))
            .collect(),
        tied: picks.iter().map(|p| p.feasible).collect(),
        ties_decide: false,
    }
}

fn score_row(scored: &Scored, kind: RowKind, compared: &ComparedScore, lc_log: Option<f64>) -> Row {
    let plain = row(kind, &compared.measures);
    let with = |estimate: Estimate, statistic: Statistic| Estimate {
        low: compared.intervals.get(&statistic).map(|i: Interval| i.low),
        high: compared.intervals.get(&statistic).map(|i: Interval| i.high),
        ..estimate
    };
    let axis = || SHOWN.to_owned();
    let found = plain.accuracy.iter().enumerate();
    Row {
        name: scored.name.clone(),
        direction: if scored.smaller_is_better() {
            "smaller"
        } else {
            "larger"
        }
        .to_owned(),
        provenance: scored.info.provenance.as_str().to_owned(),
        source: scored.info.source.clone(),
        lc_log,
        lc: with(plain.lc, Statistic::Lc),
        kd: with(plain.kd, Statistic::Kd),
        sr: with(plain.sr, Statistic::Sr),
        mbr_ties: with(plain.mbr_ties, Statistic::MbrTies(axis())),
        accuracy: found
            .map(|(index, e)| {
                with(
                    *e,
                    Statistic::Found {
                        axis: axis(),
                        index,
                    },
                )
            })
            .collect(),
        ..plain
    }
}

fn row(kind: RowKind, measures: &Measures) -> Row {
    let mbr = measures.mbr.as_ref();
    let shown = mbr.and_then(|m| m.axis(SHOWN).or(m.axes.first()));
    let picks = shown.map(|axis| axis.picks.as_slice()).unwrap_or_default();
    let defined = |value: Option<f64>| value.filter(|_| measures.mbr_undefined.is_none());
    Row {
        name: String::new(),
        kind,
        direction: "larger".to_owned(),
        provenance: String::new(),
        source: String::new(),
        n_nan: measures.n_nan,
        n_inf: measures.n_inf,
        lc: Estimate::exact(measures.lc),
        lc_finite: measures.lc_finite.filter(|_| measures.n_inf > 0),
        lc_log: None,
        kd: Estimate::exact(measures.kd),
        sr: Estimate::exact(measures.sr),
        mbr_ties: Estimate::exact(defined(shown.map(|axis| axis.mean.mbr_ties))),
        mbr: defined(shown.map(|axis| axis.mean.mbr)),
        mbr_pool: defined(shown.map(|axis| axis.mean.mbr_pool)),
        mbr_all: defined(mbr.map(|m| m.all.mbr_ties)),
        accuracy: picks
            .iter()
            .map(|p| Estimate::exact(Some(p.pick_acc_ties)))
            .collect(),
        tied: picks.iter().map(|p| p.ties).collect(),
        ties_decide: shown.is_some_and(|axis| axis.mean.tie_sensitive),
    }
}
