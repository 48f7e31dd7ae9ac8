//! What networks see: one batch for all, or one of their own.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use nbz_data::{noise, tensors};
use nbz_proxy::registry;
use nbz_space::{Arch, Dataset};
use nbz_sweep::journal::Record;
use nbz_sweep::{Data, Networks, Settings, Sweep, SweepError};
use proptest::prelude::*;

const ARCHS: [&str; 3] = ["nbmacro:10100100", "nbmacro:00000000", "nb201:212043"];
/// One that reads the batch, one that reads a second, one that reads noise.
const PROXIES: &str = "snip,zico,zen";

fn settings(data: Data, batch_per_network: bool) -> Settings {
    Settings {
        batch: 4,
        batch_per_network,
        ntk_batch: 4,
        seed: 7,
        ..Settings::new(Dataset::Cifar10.into(), data)
    }
}

fn scores(archs: &[&str], settings: &Settings) -> Vec<Record> {
    let archs: Vec<Arch> = archs.iter().map(|a| a.parse().unwrap()).collect();
    let networks = Networks::listed("a test", archs).unwrap();
    let proxies = registry::select(PROXIES).unwrap();
    let sweep = Sweep::new(&networks, &proxies, settings).unwrap();
    sweep.records(2).unwrap()
}

#[test]
fn a_network_s_own_batch_is_the_stream_of_its_name_whatever_else_is_scored() {
    let own = settings(Data::Noise, true);
    let together = scores(&ARCHS, &own);
    let shared = scores(&ARCHS, &settings(Data::Noise, false));
    for (at, arch) in ARCHS.iter().enumerate() {
        assert_eq!(
            scores(&[arch], &own)[0].scores,
            together[at].scores,
            "{arch}"
        );
        // Oracle: the batches of those streams, given as a file.
        let draw = |purpose| noise::images(7, &format!("{purpose}/{arch}"), 4, 32, 10).unwrap();
        let (first, second) = (draw("batch"), draw("batch.2"));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.safetensors");
        std::fs::write(&path, both(&first, &second)).unwrap();
        let given = scores(&[arch], &settings(Data::File(path), false));
        assert_eq!(given[0].scores, together[at].scores, "{arch}");
        // Noise is the same for all networks either way.
        let [snip, zen, zico] = [0, 1, 2].map(|p| together[at].scores[p] == shared[at].scores[p]);
        assert_eq!((snip, zen, zico), (false, true, false), "{arch}");
    }
}

/// Oracle: the labels of each network's stream.
#[test]
fn a_batch_of_one_class_drawn_for_a_network_costs_its_own_score_alone() {
    let names: Vec<String> = (0..9)
        .map(|n| format!("nbmacro:{}0{}00000", n % 3, n / 3))
        .collect();
    let archs: Vec<&str> = names.iter().map(String::as_str).collect();
    let settings = Settings {
        batch: 2,
        ntk_batch: 2,
        ..settings(Data::Noise, true)
    };
    let scored = scores(
        &archs,
        &Settings {
            task: nbz_space::Task::new(32, 2).unwrap(),
            ..settings
        },
    );
    let mut alike = 0;
    for (record, arch) in scored.iter().zip(&archs) {
        let batch = noise::images(7, &format!("batch/{arch}"), 2, 32, 2).unwrap();
        let one_class = batch.labels()[0] == batch.labels()[1];
        let reason = ("snip".to_owned(), "one_class".to_owned());
        assert_eq!(record.scores[0].is_none(), one_class, "{arch}");
        assert_eq!(record.reasons.contains(&reason), one_class, "{arch}");
        alike += usize::from(one_class);
    }
    assert!(
        (1..archs.len()).contains(&alike),
        "{alike} of {}",
        archs.len()
    );
}

/// One file with the images of two batches.
fn both(first: &nbz_data::Images, second: &nbz_data::Images) -> Vec<u8> {
    use safetensors::tensor::{Dtype, TensorView, serialize};
    let each = [first, second];
    let pixels: Vec<u8> = each
        .iter()
        .flat_map(|b| b.pixels())
        .flat_map(|p| p.to_le_bytes())
        .collect();
    let labels: Vec<u8> = each
        .iter()
        .flat_map(|b| b.labels())
        .flat_map(|&l| i64::from(l).to_le_bytes())
        .collect();
    let images = TensorView::new(Dtype::F32, vec![8, 3, 32, 32], &pixels).unwrap();
    let labels = TensorView::new(Dtype::I64, vec![8], &labels).unwrap();
    serialize([("images", images), ("labels", labels)], None).unwrap()
}

#[test]
fn what_cannot_be_drawn_so_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("batch.safetensors");
    let batch = noise::images(0, "batch", 4, 32, 10).unwrap();
    std::fs::write(&path, tensors::bytes(&batch)).unwrap();
    let networks = Networks::listed("a test", vec![ARCHS[0].parse().unwrap()]).unwrap();
    let refused = |settings: &Settings| {
        let proxies = registry::select("snip").unwrap();
        match Sweep::new(&networks, &proxies, settings).unwrap_err() {
            SweepError::Setting { name, value, .. } => (name, value),
            other => panic!("{other}"),
        }
    };
    let of_file = settings(Data::File(path), true);
    assert_eq!(
        refused(&of_file).0,
        "the source of a batch for each network"
    );
    let augmented = Settings {
        augment: true,
        ..settings(Data::Noise, false)
    };
    assert_eq!(
        refused(&augmented),
        ("the source of augmented images", "noise".to_owned())
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// Oracle: single runs with the following seeds on the same images, and the textbook's formulas.
    #[test]
    fn repeats_are_the_mean_and_deviation_of_single_runs_of_the_following_seeds(
        seed in any::<u64>(), repeats in 2_u32..5,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("batch.safetensors");
        std::fs::write(&path, tensors::bytes(&noise::images(1, "batch", 4, 32, 10).unwrap())).unwrap();
        let of = |seed, repeats| {
            let given = settings(Data::File(path.clone()), false);
            let networks = Networks::listed("a test", vec!["nbmacro:00000000".parse().unwrap()]).unwrap();
            let proxies = registry::select("snip,jacob_cov,ln_synflow,params").unwrap();
            let sweep = Sweep::new(&networks, &proxies, &Settings { seed, repeats, ..given }).unwrap();
            sweep.records(1).unwrap().remove(0)
        };
        let numbers = |bits: &[Option<u64>]| -> Vec<f64> {
            bits.iter().map(|b| f64::from_bits(b.unwrap())).collect()
        };
        let found = of(seed, repeats);
        let (means, deviations) = (numbers(&found.scores), numbers(&found.deviations));
        let singles: Vec<Vec<f64>> = (0..u64::from(repeats))
            .map(|r| numbers(&of(seed.wrapping_add(r), 1).scores))
            .collect();
        let count = f64::from(repeats);
        for (at, (mean, deviation)) in means.into_iter().zip(deviations).enumerate() {
            let expected = singles.iter().map(|s| s[at]).sum::<f64>() / count;
            let squares = singles.iter().map(|s| (s[at] - expected).powi(2)).sum::<f64>();
            let spread = (squares / (count - 1.0)).sqrt();
            prop_assert!((mean - expected).abs() <= 1e-13 * expected.abs());
            prop_assert!((deviation - spread).abs() <= 1e-11 * spread + 1e-13 * expected.abs());
        }
    }
}
