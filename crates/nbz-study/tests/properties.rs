//! What must hold for any scores, accuracies and costs, ties and NaN included.
#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::float_cmp, reason = "ties are equal values, not close ones")]

use nbz_study::{Axis, Cost, Measures, Pool, Recipe, Score, pearson, spearman, tau_b};
use proptest::prelude::*;

type Correlation = fn(&[f64], &[f64]) -> Option<f64>;

/// Few distinct values, so that ties are the rule; NaN and infinities among the scores.
fn score() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => (-4i32..4).prop_map(f64::from),
        1 => Just(f64::NAN),
        1 => prop_oneof![Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(-0.0)],
    ]
}

fn networks() -> impl Strategy<Value = Vec<(f64, f64, f64)>> {
    let accuracy = (60i32..72).prop_map(f64::from);
    let cost = (1i32..9).prop_map(f64::from);
    prop::collection::vec((score(), accuracy, cost), 1..60)
}

fn columns(rows: &[(f64, f64, f64)]) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    (
        rows.iter().map(|row| row.0).collect(),
        rows.iter().map(|row| row.1).collect(),
        rows.iter().map(|row| row.2).collect(),
    )
}

fn pool(accuracy: &[f64], cost: &[f64]) -> Pool {
    let axis = Axis::even(Cost::new("macs", cost), 5).unwrap();
    Pool::new(accuracy).unwrap().with_axis(axis).unwrap()
}

/// Tau-b by its definition, over all pairs.
fn tau_b_by_pairs(x: &[f64], y: &[f64]) -> Option<f64> {
    let used: Vec<(f64, f64)> = x
        .iter()
        .copied()
        .zip(y.iter().copied())
        .filter(|p| !p.0.is_nan() && !p.1.is_nan())
        .collect();
    let sign = |a: f64, b: f64| a.partial_cmp(&b).unwrap() as i64;
    let (mut excess, mut untied_x, mut untied_y) = (0i64, 0i64, 0i64);
    for (i, a) in used.iter().enumerate() {
        for b in &used[..i] {
            let (s, t) = (sign(a.0, b.0), sign(a.1, b.1));
            excess += s * t;
            untied_x += s * s;
            untied_y += t * t;
        }
    }
    let scale = (untied_x as f64 * untied_y as f64).sqrt();
    (scale > 0.0).then(|| excess as f64 / scale)
}

/// Spearman by averaging ranks and correlating them.
fn spearman_by_ranks(x: &[f64], y: &[f64]) -> Option<f64> {
    let (x, y): (Vec<f64>, Vec<f64>) = x
        .iter()
        .zip(y)
        .filter(|(x, y)| !x.is_nan() && !y.is_nan())
        .unzip();
    let rank = |values: &[f64], of: f64| {
        let below = values.iter().filter(|&&value| value < of).count() as f64;
        let equal = values.iter().filter(|&&value| value == of).count() as f64;
        below + f64::midpoint(equal, 1.0)
    };
    let ranks = |values: &[f64]| {
        values
            .iter()
            .map(|&v| rank(values, v))
            .collect::<Vec<f64>>()
    };
    pearson(&ranks(&x), &ranks(&y))
}

/// Equal to 1e-12: both sides round a handful of exact integers.
fn close(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-12,
        (a, b) => a == b,
    }
}

fn without_rows(measures: &Measures) -> Measures {
    Measures {
        predicted_order: None,
        true_rank: None,
        mbr: None,
        br: vec![],
        p: vec![],
        ..measures.clone()
    }
}

proptest! {
    #[test]
    fn rank_correlations_equal_their_definitions_over_all_pairs(rows in networks()) {
        let (x, y, _) = columns(&rows);
        prop_assert!(close(tau_b(&x, &y), tau_b_by_pairs(&x, &y)));
        prop_assert!(close(spearman(&x, &y), spearman_by_ranks(&x, &y)));
        prop_assert_eq!(tau_b(&x, &y), tau_b(&y, &x));
    }

    #[test]
    fn a_growing_map_of_the_score_changes_nothing_but_the_linear_correlation(rows in networks()) {
        let (x, y, cost) = columns(&rows);
        let mapped: Vec<f64> = x.iter().map(|x| x.powi(3) * 7.0 + x).collect();
        let pool = pool(&y, &cost);
        let (before, after) = (pool.measures(&x).unwrap(), pool.measures(&mapped).unwrap());
        // Written out, because an mBR without different accuracies is NaN, which equals nothing.
        let rest = |measures| format!("{:?}", Measures { lc: None, lc_finite: None, ..measures });
        prop_assert_eq!(rest(before), rest(after));
    }

    #[test]
    fn the_order_of_rows_moves_only_what_ties_decide(
        (rows, shuffled) in networks().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))
    ) {
        let measured = |rows: &[(f64, f64, f64)]| {
            let (x, y, cost) = columns(rows);
            pool(&y, &cost).measures(&x).unwrap()
        };
        let (a, b) = (measured(&rows), measured(&shuffled));
        prop_assert!(close(a.lc_finite, b.lc_finite));
        let exact = |m: &Measures| Measures { lc: None, lc_finite: None, ..without_rows(m) };
        prop_assert_eq!(exact(&a), exact(&b));
        let found = |m: &Measures| m.mbr.clone().unwrap().axes[0].picks.clone();
        for (a, b) in found(&a).iter().zip(found(&b)) {
            prop_assert_eq!(a.feasible, b.feasible);
            prop_assert_eq!(a.ties, b.ties);
            prop_assert!(close(Some(a.pick_acc_ties), Some(b.pick_acc_ties)));
        }
    }

    #[test]
    fn rows_of_distinct_values_may_stand_in_any_order(
        order in Just((0..40u32).collect::<Vec<_>>()).prop_shuffle()
    ) {
        let row = |i: u32| (f64::from(i * 17 % 41), f64::from(i * 23 % 43), f64::from(i % 7));
        let measured = |order: &[u32]| {
            let rows: Vec<_> = order.iter().map(|&i| row(i)).collect();
            let (x, y, cost) = columns(&rows);
            pool(&y, &cost).measures(&x).unwrap()
        };
        let (a, b) = (measured(&order), measured(&(0..40).collect::<Vec<_>>()));
        prop_assert_eq!((&a.br, &a.p, a.mbr.as_ref().unwrap().all), (&b.br, &b.p, b.mbr.as_ref().unwrap().all));
    }

    #[test]
    fn the_oracle_has_mbr_zero_and_its_reverse_is_the_worst(rows in networks()) {
        let (x, y, cost) = columns(&rows);
        let pool = pool(&y, &cost);
        let oracle = pool.measures(&y).unwrap().mbr.unwrap();
        if pool.mbr_undefined().is_some() {
            prop_assert!(y.iter().all(|other| *other == y[0]) && oracle.all.mbr.is_nan());
            return Ok(());
        }
        prop_assert_eq!((oracle.all.mbr, oracle.all.mbr_pool), (0.0, 0.0));
        let reversed: Vec<f64> = pool.true_ranks().map(|rank| rank as f64).collect();
        let worst = pool.measures(&reversed).unwrap().mbr.unwrap();
        let any = pool.measures(&x).unwrap().mbr.unwrap();
        prop_assert!(any.all.mbr <= worst.all.mbr && any.all.mbr_ties <= worst.all.mbr_ties);
        for pick in &worst.axes[0].picks {
            prop_assert_eq!(pick.r, pick.feasible - 1);
        }
    }

    #[test]
    fn a_constant_score_averages_to_random_choice(rows in networks()) {
        let (_, y, cost) = columns(&rows);
        let pool = pool(&y, &cost);
        let constant = pool.measures(&vec![1.0; y.len()]).unwrap().mbr.unwrap();
        let random = pool.random_choice();
        match pool.mbr_undefined() {
            None => prop_assert!(close(Some(constant.all.mbr_ties), random.mbr)),
            Some(_) => prop_assert!(constant.all.mbr_ties.is_nan() && random.mbr.is_none()),
        }
        for (pick, found) in constant.axes[0].picks.iter().zip(&random.axes[0].found) {
            prop_assert!(close(Some(pick.pick_acc_ties), Some(*found)));
        }
    }

    #[test]
    fn the_mean_over_ties_is_the_mean_over_every_tied_pick(rows in networks()) {
        let (x, y, cost) = columns(&rows);
        let pool = pool(&y, &cost);
        let picks = &pool.measures(&x).unwrap().mbr.unwrap().axes[0].picks;
        let ranks: Vec<usize> = pool.true_ranks().collect();
        for pick in picks {
            let limit = pick.budget.upper_limit().unwrap();
            let feasible: Vec<usize> = (0..y.len()).filter(|&row| cost[row] <= limit).collect();
            let r = |row: usize| feasible.iter().filter(|&&other| ranks[other] < ranks[row]).count();
            let same = |row: usize| x[row] == x[pick.pick] || x[row].is_nan() && x[pick.pick].is_nan();
            let tied: Vec<usize> = feasible.iter().copied().filter(|&row| same(row)).collect();
            prop_assert_eq!((pick.ties, pick.r), (tied.len(), r(pick.pick)));
            let mean = tied.iter().map(|&row| r(row)).sum::<usize>() as f64 / tied.len() as f64;
            prop_assert!(close(Some(pick.r_ties), Some(mean)));
        }
    }

    #[test]
    fn the_jackknife_equals_leaving_each_network_out_in_turn(rows in networks()) {
        let (x, y, cost) = columns(&rows);
        let pool = pool(&y, &cost);
        let recipe = Recipe { seed: 0, draws: 0 };
        let table = pool.compare(&[Score::new("x", &x), Score::new("zero", &y)], recipe).unwrap();
        let statistics: [(nbz_study::Statistic, Correlation); 2] =
            [(nbz_study::Statistic::Kd, tau_b), (nbz_study::Statistic::Sr, spearman)];
        for (statistic, correlation) in statistics {
            let found = table.row("x").unwrap().intervals.get(&statistic);
            let expected = interval_by_leaving_out(&x, &y, correlation);
            prop_assert_eq!(found.is_some(), expected.is_some());
            if let (Some(found), Some((low, high))) = (found, expected) {
                // 1e-9: a standard error near zero turns rounding into differences of this size.
                prop_assert!((found.low - low).abs() < 1e-9 && (found.high - high).abs() < 1e-9);
            }
        }
    }
}

fn interval_by_leaving_out(
    x: &[f64],
    y: &[f64],
    correlation: fn(&[f64], &[f64]) -> Option<f64>,
) -> Option<(f64, f64)> {
    let (x, y): (Vec<f64>, Vec<f64>) = x.iter().zip(y).filter(|(x, _)| !x.is_nan()).unzip();
    if x.len() < 4 {
        return None; // two that are left always correlate by 1 or -1
    }
    let estimate = correlation(&x, &y)?;
    let others = |values: &[f64], i: usize| [&values[..i], &values[i + 1..]].concat();
    let without: Vec<f64> = (0..x.len())
        .map(|i| correlation(&others(&x, i), &others(&y, i)))
        .collect::<Option<_>>()?;
    let n = without.len() as f64;
    let mean = without.iter().sum::<f64>() / n;
    let squares: f64 = without.iter().map(|value| (value - mean).powi(2)).sum();
    let width =
        1.959_963_984_540_054 * (squares * (n - 1.0) / n).sqrt() / (1.0 - estimate * estimate);
    if estimate.abs() >= 1.0 {
        return Some((estimate, estimate));
    }
    Some((
        (estimate.atanh() - width).tanh(),
        (estimate.atanh() + width).tanh(),
    ))
}
