//! Hostile bytes: every reader returns an error or a table, and none panics.
//!
//! Oracle: for a bit flip in a file of ours, every column that still reads has its original values, for
//! its bytes have a digest. A panic inside the Parquet decoder is caught by the crate and fails nothing.

use std::sync::LazyLock;

use nbz_table::{Embedded, Error, Table, Values, import, join_csv_bytes};
use proptest::prelude::*;

static MACRO: LazyLock<Vec<Values>> = LazyLock::new(|| {
    let table = Embedded::NasBenchMacro.open();
    let columns = table.columns().iter();
    columns.filter_map(|c| table.column(&c.name).ok()).collect()
});

/// Opens bytes and reads what can be read.
fn read_all(bytes: Vec<u8>) -> Option<Vec<(String, Option<Values>)>> {
    let table = Table::from_bytes("hostile", bytes).ok()?;
    let names: Vec<String> = table.columns().iter().map(|c| c.name.clone()).collect();
    let _ = table.find("12021020");
    Some(
        names
            .into_iter()
            .map(|n| (n.clone(), table.column(&n).ok()))
            .collect(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn random_bytes_are_not_a_table(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        prop_assert!(Table::from_bytes("random", bytes).is_err());
    }

    #[test]
    fn random_bytes_between_the_marks_of_a_parquet_file_do_not_panic(
        body in prop::collection::vec(any::<u8>(), 0..512),
        length in 0u32..600,
    ) {
        let mut bytes = b"PAR1".to_vec();
        bytes.extend(body);
        bytes.extend(length.to_le_bytes());
        bytes.extend(b"PAR1");
        let _ = read_all(bytes);
    }

    #[test]
    fn a_truncated_table_is_an_error(keep in 0usize..72_000) {
        let bytes = Embedded::NasBenchMacro.bytes();
        prop_assume!(keep < bytes.len());
        prop_assert!(Table::from_bytes("cut", bytes[..keep].to_vec()).is_err());
    }

    #[test]
    fn a_flipped_bit_never_changes_a_value(at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let mut bytes = Embedded::NasBenchMacro.bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        check(bytes, at)?;
    }

    #[test]
    fn a_flipped_bit_in_the_footer_never_panics(back in 1usize..7_000, bit in 0u8..8) {
        let mut bytes = Embedded::NasBenchMacro.bytes().to_vec();
        let at = bytes.len() - back;
        bytes[at] ^= 1 << bit;
        let _ = read_all(bytes);
    }

    #[test]
    fn text_importers_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        let _ = import::import_csv_bytes(&bytes, "f", "");
        let _ = import::import_suite_zero_bytes(&bytes, "f", Some("cifar10"));
        let _ = join_csv_bytes(&Embedded::NasBenchMacro.open(), "f", &bytes);
    }

    #[test]
    fn text_that_looks_right_does_not_panic(
        text in "(arch|id|[a-z]{1,3})(,[a-z\\[\\]]{0,4}){0,2}\n((\"?[0-9a-z(),.#|~-]{0,8}\"?,?){1,3}\n){0,5}",
        json in "[{}\\[\\]\",:0-9a-zNI.\\\\ -]{0,64}",
    ) {
        let _ = import::import_csv_bytes(text.as_bytes(), "f", "");
        let _ = import::import_suite_zero_bytes(json.as_bytes(), "f", None);
    }
}

/// A flip in the data pages, which stand before the footer, must be found by the digest.
fn check(bytes: Vec<u8>, at: usize) -> Result<(), TestCaseError> {
    let Some(columns) = read_all(bytes) else {
        return Ok(());
    };
    let before_footer = at < footer_start(Embedded::NasBenchMacro.bytes());
    for ((name, values), original) in columns.iter().zip(MACRO.iter()) {
        if let Some(values) = values
            && before_footer
        {
            prop_assert!(values == original, "{} changed by a flip at {}", name, at);
        }
    }
    Ok(())
}

/// A Parquet file ends in its footer, the footer's length in four bytes, and a mark of four.
fn footer_start(bytes: &[u8]) -> usize {
    let end = bytes.len() - 8;
    let length = bytes[end..end + 4].iter().rev();
    end - length.fold(0, |sum, &byte| sum << 8 | usize::from(byte))
}

#[test]
fn an_empty_file_is_an_error_with_a_hint() {
    let error = Table::from_bytes("empty", Vec::new()).unwrap_err();
    assert!(matches!(error, Error::Parquet { .. }), "{error}");
    assert!(error.hint().is_some());
}
