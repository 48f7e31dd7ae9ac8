//! Reading CIFAR: any copy in any order gives the same batch, and broken files are named.
//!
//! Synthetic records in CIFAR's form run everywhere; the real images are used where the environment
//! variable NBZERO_CIFAR names the folder that holds `cifar-10-batches-bin` and `cifar-100-binary`.

#![expect(
    clippy::unwrap_used,
    reason = "a failed step of the set-up is a failed test"
)]
#![expect(clippy::print_stdout, reason = "a skipped test says why")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use nbz_data::augment::CropFlip;
use nbz_data::{DataError, DataSet, Pictures, Records, Split, Stream};
use proptest::prelude::*;

const SETS: [(DataSet, &str); 2] = [
    (DataSet::Cifar10, "data_batch_1.bin"),
    (DataSet::Cifar100, "train.bin"),
];

/// Records with valid labels and pixels from a stream.
fn synthetic(dataset: DataSet, count: usize, seed: u64) -> Vec<Vec<u8>> {
    let mut stream = Stream::new(seed, "synthetic records");
    let record = |_| {
        let mut bytes = vec![stream.below(10) as u8];
        if dataset == DataSet::Cifar100 {
            bytes.push(stream.below(100) as u8);
        }
        bytes.extend((0..nbz_data::cifar::PIXEL_BYTES).map(|_| stream.below(256) as u8));
        bytes
    };
    (0..count).map(record).collect()
}

fn folder_with(file: &str, bytes: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(file), bytes).unwrap();
    folder
}

fn scoring(dataset: DataSet, path: &Path) -> Result<Records, DataError> {
    Records::open(dataset, Split::Scoring, path)
}

fn pictures(dataset: DataSet, path: &Path) -> Pictures {
    scoring(dataset, path).unwrap().into()
}

fn real_images() -> Option<PathBuf> {
    let folder = std::env::var_os("NBZERO_CIFAR").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: NBZERO_CIFAR does not name a folder with the CIFAR images");
    }
    folder
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_shuffled_file_gives_the_same_batch(seed in any::<u64>(), count in 1usize..20, asked in 1usize..20) {
        prop_assume!(asked <= count);
        for (dataset, file) in SETS {
            let records = synthetic(dataset, count, seed);
            let shuffled: Vec<u8> = Stream::new(seed, "shuffle")
                .distinct(count, count)
                .into_iter()
                .flat_map(|i| records[i].clone())
                .collect();
            let there = scoring(dataset, folder_with(file, &records.concat()).path()).unwrap();
            let here = scoring(dataset, folder_with(file, &shuffled).path()).unwrap();
            prop_assert_eq!(there.files()[0].canonical_digest, here.files()[0].canonical_digest);
            let digest = |r: Records| Pictures::from(r).batch(seed, "batch", asked).unwrap().digest();
            prop_assert_eq!(digest(there), digest(here));
        }
    }

    #[test]
    fn random_bytes_are_read_or_refused_and_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..8000)) {
        for (dataset, file) in SETS {
            let folder = folder_with(file, &bytes);
            let _ = scoring(dataset, folder.path());
            let _ = scoring(dataset, &folder.path().join(file));
            let _ = nbz_data::tensors::read(&folder.path().join(file), 10);
        }
    }
}

#[test]
fn a_tarball_a_folder_and_its_parent_give_the_same_records() {
    let bytes = synthetic(DataSet::Cifar10, 3, 1).concat();
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("cifar-10-batches-bin");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("data_batch_1.bin"), &bytes).unwrap();
    let mut plain = tar::Builder::new(Vec::new());
    plain
        .append_dir_all("cifar-10-batches-bin", &folder)
        .unwrap();
    let plain = plain.into_inner().unwrap();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&plain).unwrap();
    let (tar, tar_gz) = (parent.path().join("c.tar"), parent.path().join("c.tar.gz"));
    fs::write(&tar, plain).unwrap();
    fs::write(&tar_gz, packed.finish().unwrap()).unwrap();
    let batch = |path: &Path| {
        pictures(DataSet::Cifar10, path)
            .batch(0, "batch", 3)
            .unwrap()
    };
    let expected = batch(&folder);
    for path in [parent.path(), &tar, &tar_gz] {
        assert_eq!(batch(path), expected, "{}", path.display());
    }
}

#[test]
fn a_tarball_that_holds_a_file_twice_is_refused() {
    let bytes = synthetic(DataSet::Cifar10, 2, 0).concat();
    let mut tar = tar::Builder::new(Vec::new());
    for folder in ["cifar-10-batches-bin", "backup"] {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        let path = format!("{folder}/data_batch_1.bin");
        tar.append_data(&mut header, path, &bytes[..]).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.tar");
    fs::write(&path, tar.into_inner().unwrap()).unwrap();
    let error = Records::open(DataSet::Cifar10, Split::Train, &path).unwrap_err();
    let source = std::error::Error::source(&error).map(ToString::to_string);
    let words = format!("{error} {}", source.unwrap_or_default());
    assert!(
        words.contains("more than one file called data_batch_1.bin"),
        "{words}"
    );
}

#[test]
fn absent_batches_of_cifar_10_are_left_out_and_an_empty_folder_is_an_error() {
    let folder = folder_with(
        "data_batch_1.bin",
        &synthetic(DataSet::Cifar10, 2, 0).concat(),
    );
    fs::write(
        folder.path().join("data_batch_4.bin"),
        synthetic(DataSet::Cifar10, 3, 1).concat(),
    )
    .unwrap();
    let train = Records::open(DataSet::Cifar10, Split::Train, folder.path()).unwrap();
    let names: Vec<_> = train.files().iter().map(|f| (f.name, f.records)).collect();
    assert_eq!(names, [("data_batch_1.bin", 2), ("data_batch_4.bin", 3)]);
    assert_eq!(train.files()[0].released, Some(false));
    assert_eq!(train.files()[1].released, None);
    let shortfall = "5 images in 2 of 5 files (data_batch_1.bin, data_batch_4.bin)";
    assert_eq!(train.shortfall().unwrap(), shortfall);
    let all = Records::open(DataSet::Cifar10, Split::Scoring, folder.path()).unwrap();
    assert_eq!(all.shortfall(), None);
    let error = Records::open(DataSet::Cifar10, Split::Test, folder.path()).unwrap_err();
    assert!(matches!(&error, DataError::Missing { file, .. } if file == "test_batch.bin"));
    assert!(error.hint().unwrap().contains("cifar10"));
}

#[test]
fn truncated_empty_and_mislabelled_files_are_named() {
    for (dataset, file) in SETS {
        let mut bytes = synthetic(dataset, 2, 5).concat();
        let size = dataset.record_bytes();
        let cut = scoring(dataset, folder_with(file, &bytes[..size + 7]).path()).unwrap_err();
        assert!(
            matches!(
                cut,
                DataError::Truncated {
                    records: 1,
                    excess: 7,
                    ..
                }
            ),
            "{cut}"
        );
        let empty = scoring(dataset, folder_with(file, &[]).path()).unwrap_err();
        assert!(matches!(empty, DataError::Empty { .. }), "{empty}");
        bytes[size] = 20;
        let label = scoring(dataset, folder_with(file, &bytes).path()).unwrap_err();
        assert!(
            matches!(
                label,
                DataError::LabelOutOfRange {
                    record: 1,
                    label: 20,
                    ..
                }
            ),
            "{label}"
        );
    }
}

#[test]
fn a_batch_beyond_the_records_or_of_nothing_is_an_error() {
    let folder = folder_with(
        "data_batch_1.bin",
        &synthetic(DataSet::Cifar10, 2, 0).concat(),
    );
    let records = pictures(DataSet::Cifar10, folder.path());
    let large = records.batch(0, "batch", 3).unwrap_err();
    assert!(matches!(
        large,
        DataError::BatchTooLarge {
            asked: 3,
            available: 2
        }
    ));
    assert!(matches!(
        records.batch(0, "batch", 0),
        Err(DataError::EmptyBatch)
    ));
}

#[test]
fn an_augmented_batch_is_the_same_records_cropped_and_flipped_before_they_are_normalised() {
    // Oracle: a file whose only record was cropped and flipped by hand.
    for (dataset, file) in SETS {
        let record = synthetic(dataset, 1, 3).concat();
        let records = pictures(dataset, folder_with(file, &record).path());
        let augmented = records.augmented_batch(5, "batch", 1).unwrap();
        let draw = CropFlip::draw(5, "batch", 0);
        assert_ne!(draw, CropFlip::NONE);
        let (label, pixels) = record.split_at(dataset.label_bytes());
        let changed = [label, &draw.apply(pixels, [32, 32], &[0; 3])].concat();
        let by_hand = pictures(dataset, folder_with(file, &changed).path());
        assert_eq!(augmented, by_hand.batch(5, "batch", 1).unwrap());
    }
    let many = synthetic(DataSet::Cifar10, 6, 4).concat();
    let records = pictures(
        DataSet::Cifar10,
        folder_with("data_batch_1.bin", &many).path(),
    );
    let (plain, augmented) = (
        records.batch(5, "b", 4).unwrap(),
        records.augmented_batch(5, "b", 4),
    );
    assert_eq!(plain.labels(), augmented.unwrap().labels());
    assert!(records.augmented_batch(0, "batch", 7).is_err());
}

#[test]
fn normalisation_is_byte_over_255_minus_mean_over_deviation() {
    // Oracle: the formula in f64 with the published constants of CIFAR-100; two f32 roundings.
    let mut record = vec![0, 42];
    record.extend([255; 1024].iter().chain(&[0; 1024]).chain(&[51; 1024]));
    let folder = folder_with("train.bin", &record);
    let images = pictures(DataSet::Cifar100, folder.path()).images(&[0]);
    assert_eq!(images.labels(), [42]);
    let expected = [
        (1.0 - 0.507_075_16) / 0.267_334_29,
        -0.486_548_87 / 0.256_438_46,
        (0.2 - 0.440_917_84) / 0.276_150_47,
    ];
    for (plane, want) in images.pixels().chunks(1024).zip(expected) {
        assert!(
            plane
                .iter()
                .all(|&p| (f64::from(p) - want).abs() < 1e-6_f64)
        );
    }
}

#[test]
fn the_real_images_have_the_released_digests_and_labels() {
    let Some(folder) = real_images() else { return };
    for (dataset, split, count) in [
        (DataSet::Cifar10, Split::Scoring, 10_000),
        (DataSet::Cifar10, Split::Test, 10_000),
        (DataSet::Cifar100, Split::Train, 50_000),
        (DataSet::Cifar100, Split::Test, 10_000),
    ] {
        let records = Records::open(dataset, split, &folder).unwrap();
        assert_eq!(records.count(), count);
        assert!(
            records.files().iter().all(|f| f.released == Some(true)),
            "{dataset} {split:?}"
        );
        if split == Split::Train {
            let labels: Vec<u32> = (0..10).map(|i| records.label(i)).collect();
            assert_eq!(labels, [79, 64, 71, 59, 98, 23, 7, 46, 94, 56]);
        }
    }
}

#[test]
fn real_images_in_reverse_order_give_the_same_batch() {
    let Some(folder) = real_images() else { return };
    for (dataset, file) in SETS {
        let bytes = fs::read(folder.join(dataset.folder()).join(file)).unwrap();
        let reversed: Vec<u8> = bytes
            .chunks_exact(dataset.record_bytes())
            .rev()
            .flatten()
            .copied()
            .collect();
        let batch = pictures(dataset, &folder).batch(0, "batch", 64).unwrap();
        let other = pictures(dataset, folder_with(file, &reversed).path());
        assert_eq!(
            other.batch(0, "batch", 64).unwrap().digest(),
            batch.digest()
        );
        let records = scoring(dataset, folder_with(file, &reversed).path()).unwrap();
        assert_eq!(
            records.files()[0].released,
            Some(true),
            "the release in another order"
        );
        println!("{dataset}: batch digest {}", batch.digest());
    }
}

#[test]
fn pictures_are_the_records_bytes() {
    // Oracle: `Records`, exactly.
    for (dataset, file) in SETS {
        let folder = folder_with(file, &synthetic(dataset, 5, 2).concat());
        let records = scoring(dataset, folder.path()).unwrap();
        let pictures = Pictures::from(records.clone());
        assert_eq!(pictures.raw(3), records.raw(3));
        assert_eq!(pictures.label(3), records.label(3));
        assert_eq!(pictures.measured_scale(), None);
        assert_ne!(pictures.digest(), pictures.clone().first(4).digest());
        assert_eq!(pictures.first(9).count(), 5);
    }
}
