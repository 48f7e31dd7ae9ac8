//! Descriptions of spaces: errors, never panics; what is read can be numbered, costed and drawn from.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nbz_space::{Arch, Space};

fuzz_target!(|text: &str| {
    let Ok(space) = Space::from_toml(text) else {
        return;
    };
    assert!(space.size() > 0);
    for index in [0, space.size() / 2, space.size() - 1] {
        let staged = space.nth(index).expect("an index below the size");
        assert_eq!(space.index_of(&staged), Some(index));
        let _ = staged.costs(space.task());
        let arch = Arch::Staged(staged);
        assert_eq!(space.arch(&arch.to_string()), Ok(arch));
    }
});
