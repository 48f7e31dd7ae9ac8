//! Reading ImageNet-16's pickles: what Python wrote comes back, everything else is refused by name.
//!
//! Oracle: `imagenet16/make.py`, by the formula of its pixels.

#![expect(
    clippy::unwrap_used,
    reason = "a failed step of the set-up is a failed test"
)]

use std::fs;

use nbz_data::DataError;
use nbz_data::imagenet16::{Found, Part, read};
use proptest::prelude::*;

const BATCHES: [&[u8]; 2] = [
    include_bytes!("imagenet16/batch.p3"),
    include_bytes!("imagenet16/batch.p4"),
];

fn folder_with(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

#[test]
fn the_first_120_classes_come_back_with_labels_from_0() {
    // Oracle of the digests: md5sum.
    let digests = [
        "0a8c9d528599e819ec0c3bfc198864e0",
        "d3d263e198a9044a8d7d9f8eccec8054",
    ];
    for (batch, md5) in BATCHES.into_iter().zip(digests) {
        let folder = folder_with(&[("train_data_batch_3", batch), ("val_data", batch)]);
        let Found {
            pictures: training,
            shortfall,
            files,
        } = read(folder.path(), Part::Training).unwrap();
        // Four of the test's six images; its file is not the release's.
        assert_eq!((files.len(), files[0].images), (1, 4));
        assert_eq!((&*files[0].md5, files[0].released), (md5, false));
        assert_eq!(
            (training.count(), training.size(), training.classes()),
            (4, [16, 16], 120)
        );
        assert_eq!(
            shortfall.unwrap(),
            "4 images in 1 of 10 files (train_data_batch_3)"
        );
        let mut found: Vec<(u32, u8, u8)> = (0..4)
            .map(|n| (training.label(n), training.raw(n)[0], training.raw(n)[767]))
            .collect();
        found.sort_unstable();
        // Images 0, 2, 3 and 5: pixels (31 i + j) % 256.
        assert_eq!(
            found,
            [(0, 0, 255), (0, 155, 154), (6, 93, 92), (119, 62, 61)]
        );
        let test = read(folder.path(), Part::Test).unwrap();
        assert_eq!(test.pictures.digest(), training.digest());
        assert_eq!(test.shortfall, None);
        assert_eq!(test.files[0].md5, files[0].md5);
    }
}

#[test]
fn what_is_no_batch_is_refused_by_its_file() {
    let empty = folder_with(&[]);
    let error = read(empty.path(), Part::Training).unwrap_err();
    assert!(matches!(
        error,
        DataError::Missing {
            dataset: "imagenet16-120",
            ..
        }
    ));
    for (bytes, words) in [
        (&b"]."[..], "it is no dictionary"),
        (&b"}."[..], "`labels`"),
        (&BATCHES[0][..400], "val_data"),
        (b"", "val_data"),
    ] {
        let folder = folder_with(&[("val_data", bytes)]);
        let error = read(folder.path(), Part::Test).unwrap_err();
        assert!(matches!(error, DataError::NotABatch { .. }), "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_damaged_batch_is_read_or_refused_and_never_panics(at in 0_usize..4000, byte: u8) {
        let mut bytes = BATCHES[0].to_vec();
        let at = at % bytes.len();
        bytes[at] = byte;
        let folder = folder_with(&[("val_data", &bytes)]);
        let _ = read(folder.path(), Part::Test);
    }
}
