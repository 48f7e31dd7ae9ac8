//! Architecture strings: errors, never panics; what is read prints to text that reads as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nbz_space::{Arch, Dataset};

fuzz_target!(|text: &str| {
    match text.parse::<Arch>() {
        Ok(arch) => {
            let printed = arch.to_string();
            assert_eq!(printed.parse::<Arch>().as_ref(), Ok(&arch), "{printed}");
            let set = Dataset::ImageNet16;
            assert_eq!(arch.costs(set), arch.network(set).costs(), "{printed}");
        }
        Err(e) => {
            assert!(!e.to_string().contains('\n'), "{e:?}");
            let _ = (e.hint(), e.picture());
        }
    }
});
