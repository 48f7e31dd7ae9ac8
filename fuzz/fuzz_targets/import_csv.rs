//! CSV as a table and as scores to join: errors, never panics; what imports can be written and opened.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use nbz_table::{Table, import, join_csv_bytes};

static TABLE: LazyLock<Table> = LazyLock::new(Table::nas_bench_macro);

fuzz_target!(|bytes: &[u8]| {
    let _ = join_csv_bytes(&TABLE, "fuzz", bytes);
    if let Ok(frame) = import::import_csv_bytes(bytes, "fuzz", "fuzz") {
        let rows = frame.rows();
        if let Ok(table) = frame.into_table() {
            assert_eq!(table.rows(), rows);
        }
    }
});
