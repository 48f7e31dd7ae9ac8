//! NAS-Bench-Suite-Zero's JSON: errors, never panics; what imports exports and imports again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nbz_table::{export, import};

fuzz_target!(|bytes: &[u8]| {
    let Ok(frame) = import::import_suite_zero_bytes(bytes, "fuzz", Some("cifar10")) else {
        return;
    };
    let Ok(json) = export::suite_zero_bytes(&frame) else { return };
    let _ = import::import_suite_zero_bytes(&json, "fuzz", Some("cifar10"));
});
