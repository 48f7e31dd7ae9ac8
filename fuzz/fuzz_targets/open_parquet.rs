//! Parquet files: errors, never panics, for the footer and for every column.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nbz_table::Table;

// The fuzzer's panic hook aborts, also for the decoder's panics that the crate turns into errors. Panics
// that nobody catches still end the run.
fuzz_target!(init: std::panic::set_hook(Box::new(|_| {})), |bytes: &[u8]| {
    let Ok(table) = Table::from_bytes("fuzz", bytes.to_vec()) else {
        return;
    };
    for column in table.columns() {
        let _ = table.column(&column.name);
    }
    let _ = table.find("0");
    let _ = table.distinct_rows();
});
