//! Numbers, division and normalisation: the same for any order of files and every form of them.

use std::fs;

use nbz_data::{Data, Facts};
use proptest::prelude::*;
use safetensors::tensor::Dtype;
use tempfile::tempdir;

use crate::writing::{Labelled, SIDE, both, layout, write_tensors};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Oracle: each other. Files have other names and places in every order, and the formats none in common.
    #[test]
    fn any_order_and_any_format_give_the_same_batches(
        seed: u64, counts in prop::collection::vec(6_usize..14, 2..4), names_test: bool,
    ) {
        let (training, test) = (Labelled::random(seed, &counts), Labelled::random(seed ^ 1, &counts));
        let folder = tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let mut sources = Vec::new();
        for (order, name) in ["first", "second"].into_iter().enumerate() {
            let (training, test) = (training.shuffled(order as u64), test.shuffled(order as u64));
            if names_test {
                training.write_folders(&at(name).join("train"));
                test.write_folders(&at(name).join("test"));
            } else {
                training.write_folders(&at(name));
            }
            sources.push(Data::Folder(at(name)));
            let arrays = at(&format!("{name}.arrays"));
            fs::create_dir(&arrays).unwrap();
            training.write_arrays(&arrays, "train", order == 0);
            if names_test {
                test.write_arrays(&arrays, "test", order == 1);
            }
            sources.push(Data::Arrays(arrays));
            let file = at(&format!("{name}.safetensors"));
            let tensors = |part: &Labelled, prefix| {
                let count = part.0.len();
                let labels = part.0.iter().flat_map(|(l, _)| l.to_le_bytes()).collect();
                let names = if prefix { ["test_images", "test_labels"] } else { ["images", "labels"] };
                [
                    (names[0], Dtype::U8, vec![count, 3, SIDE, SIDE], part.images(false)),
                    (names[1], Dtype::U32, vec![count], labels),
                ]
            };
            let mut all = tensors(&training, false).to_vec();
            if names_test {
                all.extend(tensors(&test, true));
            }
            write_tensors(&file, &all);
            sources.push(Data::File(file));
        }
        let facts = |data: &Data| {
            let described = data.describe().unwrap();
            prop_assert_eq!(described.classes, Some(counts.len()));
            prop_assert_eq!(described.resolution, Some(SIDE));
            let [training, test] = both(data);
            let batch = training.pictures.batch(seed, "batch", 5).unwrap();
            prop_assert_eq!(&batch, &data.scoring().unwrap().pictures.batch(seed, "batch", 5).unwrap());
            let augmented = training.pictures.augmented_batch(seed, "batch", 5).unwrap();
            Ok([
                training.pictures.digest().to_string(),
                test.pictures.digest().to_string(),
                batch.digest().to_string(),
                augmented.digest().to_string(),
                test.pictures.images(&[0]).digest().to_string(),
                format!("{:?}", training.pictures.measured_scale()),
            ])
        };
        let expected = facts(&sources[0])?;
        for source in &sources[1..] {
            prop_assert_eq!(&facts(source)?, &expected, "{:?}", source);
        }
    }

    /// Oracle: the rule, a sixth of each class rounded down, and that nothing is lost or doubled.
    #[test]
    fn without_test_images_a_sixth_of_each_class_is_drawn(
        seed: u64, counts in prop::collection::vec(6_usize..30, 2..5),
    ) {
        let all = Labelled::random(seed, &counts);
        let folder = tempdir().unwrap();
        all.write_folders(folder.path());
        let [training, test] = both(&Data::Folder(folder.path().to_owned()));
        let drawn: Vec<usize> = counts.iter().map(|count| count / 6).collect();
        prop_assert_eq!(&Facts::of(&test.pictures).per_class, &drawn);
        let words = format!("{} of the {}", drawn.iter().sum::<usize>(), counts.iter().sum::<usize>());
        prop_assert!(training.remark.unwrap().contains(&words));
        let mut found: Vec<(u32, Vec<u8>)> = [&training.pictures, &test.pictures]
            .into_iter()
            .flat_map(|p| (0..p.count()).map(|n| (p.label(n), p.raw(n).to_vec())))
            .collect();
        let mut expected = all.0;
        found.sort_unstable();
        expected.sort_unstable();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn images_are_normalised_by_the_training_images_own_mean_and_deviation() {
    let folder = tempdir().unwrap();
    let mut training = Labelled::random(3, &[5, 4]);
    // Blue is the same everywhere.
    for (_, image) in &mut training.0 {
        image[2 * SIDE * SIDE..].fill(7);
    }
    training.write_folders(&folder.path().join("train"));
    Labelled::random(4, &[1, 1]).write_folders(&folder.path().join("test"));
    let [training, test] = both(&Data::Folder(folder.path().to_owned()));
    let [mean, deviation] = training.pictures.measured_scale().unwrap();
    // Oracle: `Facts`, in f64; one rounding to f32.
    let facts = Facts::of(&training.pictures);
    for c in 0..2 {
        assert!((f64::from(mean[c]) - facts.mean[c]).abs() < 1e-7);
        assert!((f64::from(deviation[c]) - facts.deviation[c]).abs() < 1e-7);
    }
    assert_eq!(deviation[2].to_bits(), 1.0_f32.to_bits());
    assert_eq!(
        test.pictures.measured_scale(),
        training.pictures.measured_scale()
    );
    // Oracle: the definition of mean and deviation; 576 numbers of f32.
    let count = training.pictures.count();
    let images = training.pictures.images(&(0..count).collect::<Vec<_>>());
    let reds = images.pixels().chunks(SIDE * SIDE).step_by(3).flatten();
    let reds: Vec<f64> = reds.map(|&p| f64::from(p)).collect();
    let sum: f64 = reds.iter().sum();
    let squares: f64 = reds.iter().map(|r| r * r).sum();
    assert!(sum.abs() < 1e-3 && (squares / reds.len() as f64 - 1.0).abs() < 1e-5);
    assert!(images.pixels().iter().all(|p| p.is_finite()));
}

#[test]
fn the_test_is_test_then_val_then_drawn_and_what_is_no_class_is_left_alone() {
    for (parts, training, test, remarks) in [
        (&["train", "test"][..], 15, 15, [None, None]),
        (&["train", "val"], 15, 15, [None, Some("val is the test")]),
        (
            &["train", "test", "val"],
            15,
            15,
            [None, Some("val is not looked at")],
        ),
        (&["train"], 13, 2, [Some("a sixth of each class"), None]),
        (&[""], 13, 2, [Some("a sixth of each class"), None]),
    ] {
        let (folder, data) = layout(parts);
        fs::write(folder.path().join("README.txt"), "words").unwrap();
        let below = folder.path().join(parts[0]);
        fs::create_dir(below.join(".hidden")).unwrap();
        fs::write(below.join("class 0/.DS_Store"), "nothing").unwrap();
        let found = both(&data);
        let counts = found.each_ref().map(|f| f.pictures.count());
        assert_eq!(counts, [training, test], "{parts:?}");
        assert_eq!(found[0].class_names, ["class 0", "class 1"]);
        for (found, words) in found.iter().zip(remarks) {
            let remark = found.remark.as_deref();
            assert_eq!(remark.is_some(), words.is_some(), "{parts:?}: {remark:?}");
            assert!(
                remark.unwrap_or("").contains(words.unwrap_or("")),
                "{remark:?}"
            );
        }
    }
}

#[test]
fn noise_is_as_large_as_cifar_10_and_even() {
    let [training, test] = both(&Data::Noise);
    assert_eq!(
        [50_000, 10_000],
        [&training, &test].map(|f| f.pictures.count())
    );
    assert!(training.remark.unwrap().contains("only speed"));
    // Oracle: a uniform byte's mean and deviation, (256^2 - 1) / 12; 51 million of them, so five standard errors are
    // 2e-4; classes are even within five deviations.
    let facts = Facts::of(&training.pictures);
    let deviation = (65_535.0_f64 / 12.0).sqrt() / 255.0;
    for c in 0..3 {
        assert!((facts.mean[c] - 0.5).abs() < 2e-4);
        assert!((facts.deviation[c] - deviation).abs() < 2e-4);
    }
    assert!(facts.per_class.iter().all(|&n| n.abs_diff(5000) < 336));
    assert_ne!(training.pictures.raw(0), test.pictures.raw(0));
}

/// Oracle: what `read` says of the training images; and a sixth of five images, which is none.
#[test]
fn scoring_reads_the_training_images_of_a_training_and_no_others() {
    for part in ["train", "."] {
        let (folder, data) = layout(&[part]);
        let both = both(&data);
        let scoring = data.scoring().unwrap();
        assert_eq!(scoring.pictures.digest(), both[0].pictures.digest());
        assert_eq!(scoring.remark, both[0].remark);
        drop(folder);
    }
    // What nobody looks at is not asked to be whole.
    let (folder, data) = layout(&["train", "test"]);
    let expected = both(&data)[0].pictures.digest();
    fs::write(folder.path().join("test/class 0/notes.txt"), "words").unwrap();
    assert!(data.read().is_err());
    assert_eq!(data.scoring().unwrap().pictures.digest(), expected);

    // Five images a class: of none of them a sixth is to be set aside, so all are training images, as they are where
    // test images are added later.
    let folder = tempdir().unwrap();
    let (training, test) = (Labelled::random(0, &[5, 5]), Labelled::random(1, &[1, 1]));
    let at = |name: &str| folder.path().join(name);
    training.write_folders(&at("train"));
    fs::create_dir(at("arrays")).unwrap();
    training.write_arrays(&at("arrays"), "train", false);
    let sources = [Data::Folder(at("")), Data::Arrays(at("arrays"))];
    let scored = sources.map(|data| {
        assert!(data.read().is_err());
        let found = data.scoring().unwrap();
        assert_eq!((found.pictures.count(), found.remark), (10, None));
        found.pictures.digest()
    });
    assert_eq!(scored[0], scored[1]);
    test.write_folders(&at("test"));
    let trained = both(&Data::Folder(at("")));
    assert_eq!(trained[0].pictures.digest(), scored[0]);
}

/// Oracle: what the first reader of own images gave, which sorted copies of them instead of moving them; exact, for a
/// digest of images stands in every result and recipe.
#[test]
fn digests_are_those_that_results_were_written_with() {
    let digests = |parts: &[&str]| {
        let (_folder, data) = layout(parts);
        both(&data).map(|found| found.pictures.digest().to_string()[..16].to_owned())
    };
    assert_eq!(
        [digests(&[""]), digests(&["train", "test"])],
        [
            ["68bd7ab5792f8ee5", "d5d9801cb7e8f407"],
            ["299533b78687aee0", "0b9527ffa34d3096"],
        ]
    );
}
