//! How much memory a run may take here.

use std::fs;

/// Bytes that can be had without pushing anything out, as the system tells it: the machine's available
/// memory, or what a control group still allows if that is less. `None` where the system does not tell.
///
/// ```
/// if let Some(bytes) = nbz_engine::memory::available() {
///     assert!(bytes > 0);
/// }
/// ```
pub fn available() -> Option<u64> {
    let machine = fs::read_to_string("/proc/meminfo").ok();
    let machine = machine.and_then(|text| of_machine(&text));
    let file = |name: &str| fs::read_to_string(format!("/sys/fs/cgroup/{name}")).ok();
    let group = file("memory.max")
        .zip(file("memory.current"))
        .and_then(|(most, used)| of_group(&most, &used));
    match (machine, group) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// `MemAvailable:   12345 kB`.
fn of_machine(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|l| l.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

/// `max` is no limit.
fn of_group(most: &str, used: &str) -> Option<u64> {
    let most: u64 = most.trim().parse().ok()?;
    Some(most.saturating_sub(used.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_s_files_are_read() {
        let text = "MemTotal:       24689764 kB\nMemAvailable:   23689764 kB\n";
        assert_eq!(of_machine(text), Some(23_689_764 * 1024));
        assert_eq!(of_machine("MemTotal: 1 kB"), None);
        assert_eq!(of_group("max\n", "5\n"), None);
        assert_eq!(of_group("100\n", "30\n"), Some(70));
        assert_eq!(of_group("100\n", "130\n"), Some(0));
    }
}
