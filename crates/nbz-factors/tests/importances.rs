//! Importances where they can be known, and the same bits whatever the machine does.

use nbz_factors::{Design, FactorError, Importances, Scale};
use nbz_space::Arch;
use nbz_space::public::NasBenchMacro;
use nbz_study::Recipe;

const RECIPE: Recipe = Recipe { seed: 0, draws: 4 };

/// All networks that are counted once, and the layers of their first stage.
fn networks() -> (Design, Vec<f64>) {
    let networks: Vec<NasBenchMacro> = NasBenchMacro::all()
        .filter(|network| network.canonical() == *network)
        .collect();
    let layers = |network: &NasBenchMacro| {
        let stage = network.digits()[NasBenchMacro::STAGES[0].clone()].to_vec();
        stage.iter().filter(|&&digit| digit > 0).count() as f64
    };
    let first = networks.iter().map(layers).collect();
    let archs: Vec<Arch> = networks.into_iter().map(Arch::NasBenchMacro).collect();
    (Design::of(&archs).expect("they differ"), first)
}

/// Oracle: by hand. A target that is a factor is predicted exactly; shuffled, the squared error is that of two
/// independent draws, twice the variance, so the share explained falls by 2. Tolerance 0.1 for shuffles of some 2,000
/// networks: the correlation that they leave has a standard error of 0.023, twice that in the share.
#[test]
fn a_score_that_is_one_factor_depends_on_it_alone() {
    let (design, first) = networks();
    for scale in [Scale::Ranks, Scale::Values] {
        let found = Importances::of(&design, "first", &first, scale, RECIPE).unwrap();
        assert!(found.explained.estimate > 0.999, "{:?}", found.explained);
        for factor in &found.factors {
            let own = factor.name() == "stage 1 layers";
            let (gain, lost) = if own { (1.0, 2.0) } else { (0.0, 0.0) };
            assert!((factor.gain.estimate - gain).abs() < 1e-3, "{factor:?}");
            assert!((factor.permuted.estimate - lost).abs() < 0.1, "{factor:?}");
            assert!(factor.permuted.low <= factor.permuted.high);
        }
    }
}

/// Oracle: ranks do not see how far apart scores are, however large; gains add up to 1.
#[test]
fn ranks_do_not_see_how_far_apart_scores_are() {
    let (design, first) = networks();
    let far: Vec<f64> = first.iter().map(|layers| 1e150f64.powf(*layers)).collect();
    let near = Importances::of(&design, "s", &first, Scale::Ranks, RECIPE).unwrap();
    let found = Importances::of(&design, "s", &far, Scale::Ranks, RECIPE).unwrap();
    assert_eq!(found, near);
    let sum: f64 = found.factors.iter().map(|f| f.gain.estimate).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    let values = Importances::of(&design, "s", &far, Scale::Values, RECIPE).unwrap();
    assert!(values.explained.estimate.is_finite(), "{values:?}");
}

#[test]
fn the_same_bits_for_any_number_of_threads() {
    let (design, first) = networks();
    // Ties, and noise that no factor explains.
    let noisy: Vec<f64> = first
        .iter()
        .zip(0..)
        .map(|(f, i)| f + f64::from(i * 7919 % 101) / 50.0)
        .collect();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| Importances::of(&design, "s", &noisy, Scale::Ranks, RECIPE).unwrap())
    };
    let alone = run(1);
    assert_eq!(alone, run(2));
    assert_eq!(alone, run(5));
    let other = Importances::of(
        &design,
        "s",
        &noisy,
        Scale::Ranks,
        Recipe { seed: 1, draws: 4 },
    );
    let other = other.unwrap();
    assert_eq!(
        other.factors[0].gain.estimate.to_bits(),
        alone.factors[0].gain.estimate.to_bits()
    );
    assert!(
        other.factors[0].permuted != alone.factors[0].permuted,
        "a seed draws other halves"
    );
}

#[test]
fn what_cannot_be_studied_is_refused() {
    let (design, first) = networks();
    let of = |values: &[f64], scale, draws| {
        Importances::of(&design, "s", values, scale, Recipe { seed: 0, draws }).unwrap_err()
    };
    let flat = vec![3.0; first.len()];
    assert!(matches!(
        of(&flat, Scale::Ranks, 2),
        FactorError::Constant { .. }
    ));
    let nan = vec![f64::NAN; first.len()];
    assert!(matches!(
        of(&nan, Scale::Ranks, 2),
        FactorError::Constant { .. }
    ));
    assert!(matches!(
        of(&nan, Scale::Values, 2),
        FactorError::TooFew { networks: 0, .. }
    ));
    assert!(matches!(
        of(&first, Scale::Ranks, 1),
        FactorError::TooFewDraws { draws: 1 }
    ));
}
