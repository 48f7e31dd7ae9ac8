//! Intervals: same bits on any number of threads, and the jackknife beside the bootstrap.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use nbz_study::{Axis, Cost, Pool, Recipe, Score, Statistic, pearson, spearman, tau_b};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

type Correlation = fn(&[f64], &[f64]) -> Option<f64>;

/// 400 networks: accuracy, a related score with ties and a cost, from integers alone.
fn networks() -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let mut random = ChaCha8Rng::from_seed([7; 32]);
    let mut draw = |bound: u32| f64::from(random.next_u32() % bound);
    let cost: Vec<f64> = (0..400).map(|_| draw(60)).collect();
    let score: Vec<f64> = cost
        .iter()
        .map(|cost| ((cost + draw(60)) / 3.0).floor())
        .collect();
    let accuracy = score.iter().map(|score| score + draw(40) / 4.0).collect();
    (accuracy, score, cost)
}

#[test]
fn threads_and_company_change_no_bit() {
    let (accuracy, score, cost) = networks();
    let axis = Axis::even(Cost::new("macs", &cost), 5).unwrap();
    let pool = Pool::new(&accuracy).unwrap().with_axis(axis).unwrap();
    let scores = [Score::new("score", &score), Score::new("macs", &cost)];
    let on = |threads: usize, scores: &[Score<'_>]| {
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        threads.install(|| pool.compare(scores, Recipe { seed: 3, draws: 64 }).unwrap())
    };
    let text = |table: &nbz_study::Comparison| serde_json::to_string(table).unwrap();
    let one = on(1, &scores);
    for threads in [2, 3, 7] {
        let many = on(threads, &scores);
        assert_eq!(text(&one), text(&many));
        assert_eq!(
            one.difference("score", "macs"),
            many.difference("score", "macs")
        );
    }
    let alone = on(2, &scores[..1]);
    assert_eq!(alone.rows()[0].intervals, one.rows()[0].intervals);
}

#[test]
fn the_oracle_is_certain_and_a_row_does_not_differ_from_itself() {
    let (accuracy, score, cost) = networks();
    let axis = Axis::even(Cost::new("macs", &cost), 5).unwrap();
    let pool = Pool::new(&accuracy).unwrap().with_axis(axis).unwrap();
    let ranks: Vec<f64> = pool.true_ranks().map(|rank| -(rank as f64)).collect();
    let scores = [Score::new("oracle", &ranks), Score::new("score", &score)];
    let table = pool.compare(&scores, Recipe::default()).unwrap();
    let mbr = Statistic::MbrTies("all".into());
    let oracle = table.row("oracle").unwrap().intervals.get(&mbr).unwrap();
    assert_eq!((oracle.low, oracle.high), (0.0, 0.0));
    let own = table.difference("score", "score").unwrap();
    assert!(
        own.iter()
            .all(|(_, interval)| interval.low == 0.0 && interval.high == 0.0)
    );
    let worse = table
        .difference("score", "oracle")
        .unwrap()
        .get(&mbr)
        .unwrap();
    assert!(worse.excludes_zero() && worse.low > 0.0);
}

#[test]
fn fewer_than_four_networks_have_no_interval() {
    let accuracy = [70.0, 73.0, 71.0, 74.0, 72.0];
    let (score, other) = ([1.0, 2.0, 4.0, 3.0, 5.0], [2.0, 1.0, 3.0, 5.0, 4.0]);
    for n in 1..=accuracy.len() {
        let cost: Vec<f64> = (0..n).map(|row| row as f64).collect();
        let axis = Axis::limits(Cost::new("macs", &cost), &[2.0, 9.0]).unwrap();
        let pool = Pool::new(&accuracy[..n]).unwrap().with_axis(axis).unwrap();
        let scores = [
            Score::new("score", &score[..n]),
            Score::new("other", &other[..n]),
        ];
        let table = pool.compare(&scores, Recipe { seed: 0, draws: 8 }).unwrap();
        let own = &table.rows()[0].intervals;
        let paired = table.difference("score", "other").unwrap();
        let found = |index| Statistic::Found {
            axis: "macs".into(),
            index,
        };
        if n < 4 {
            assert_eq!((own.iter().count(), paired.iter().count()), (0, 0), "{n}");
        } else {
            let kd = own.get(&Statistic::Kd).unwrap();
            assert!(kd.low < kd.estimate && kd.estimate < kd.high, "{n}");
            // The first budget has three feasible networks, the second all.
            assert!(own.get(&found(0)).is_none() && own.get(&found(1)).is_some());
            assert!(paired.get(&found(0)).is_none() && paired.get(&found(1)).is_some());
        }
    }
}

/// The oracle is a bootstrap of 1,000 draws, whose own standard deviation is uncertain by 2 %
/// (1 / sqrt(2 * 1000)); 10 % is four times that and a little for n = 400.
#[test]
fn jackknife_and_bootstrap_agree_on_the_width_of_every_correlation() {
    let (accuracy, score, _) = networks();
    let pool = Pool::new(&accuracy).unwrap();
    let recipe = Recipe { seed: 0, draws: 0 };
    let table = pool
        .compare(&[Score::new("score", &score)], recipe)
        .unwrap();
    let correlations: [(Statistic, Correlation); 3] = [
        (Statistic::Lc, pearson),
        (Statistic::Kd, tau_b),
        (Statistic::Sr, spearman),
    ];
    for (statistic, correlation) in correlations {
        let interval = table.rows()[0].intervals.get(&statistic).unwrap();
        let jackknife = (interval.high.atanh() - interval.low.atanh()) / (2.0 * 1.959_964);
        let bootstrap = bootstrap_deviation(&score, &accuracy, correlation);
        let ratio = jackknife * (1.0 - interval.estimate.powi(2)) / bootstrap;
        assert!((ratio - 1.0).abs() < 0.1, "{statistic}: {ratio}");
    }
}

fn bootstrap_deviation(x: &[f64], y: &[f64], of: fn(&[f64], &[f64]) -> Option<f64>) -> f64 {
    let mut random = ChaCha8Rng::from_seed([1; 32]);
    let draws: Vec<f64> = (0..1000)
        .map(|_| {
            let rows: Vec<usize> = (0..x.len())
                .map(|_| random.next_u32() as usize % x.len())
                .collect();
            let taken = |values: &[f64]| rows.iter().map(|&row| values[row]).collect::<Vec<_>>();
            of(&taken(x), &taken(y)).unwrap()
        })
        .collect();
    let mean = draws.iter().sum::<f64>() / draws.len() as f64;
    (draws.iter().map(|draw| (draw - mean).powi(2)).sum::<f64>() / draws.len() as f64).sqrt()
}
