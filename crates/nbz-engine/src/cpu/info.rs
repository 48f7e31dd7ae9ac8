//! What the device found on this machine, for people.

use std::fs;

use super::path::Path;
use super::peak::measured_peak;

/// Timings that [`info`] takes the best of.
const TRIES: usize = 20;

/// This machine, as far as the kernels care.
#[derive(Debug, Clone, PartialEq)]
pub struct Info {
    /// The processor's name with family and model, or its architecture where the system does not tell.
    pub processor: String,
    /// The kernel path that a device would use.
    pub path: Path,
    /// All paths that the processor can run, the fastest first.
    pub available: Vec<Path>,
    /// Threads that run at the same time, as the operating system allows this process.
    pub cores: usize,
    /// Data caches of the first core from the nearest on; empty where the system does not tell.
    pub caches: Vec<Cache>,
    /// Measured peak of one core in `f32` operations a second (a multiply-add is two).
    pub peak: f64,
}

/// One level of cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cache {
    /// 1 is the nearest.
    pub level: u32,
    /// Size in bytes.
    pub bytes: u64,
}

/// Looks at the processor and measures its peak on the given path, for about 20 ms (a second on the portable path).
///
/// ```
/// use nbz_engine::cpu::{Path, info};
///
/// let info = info(Path::fastest());
/// assert!(info.available.contains(&info.path) && info.cores > 0 && info.peak > 0.0);
/// ```
pub fn info(path: Path) -> Info {
    Info {
        processor: processor(),
        path,
        available: Path::available(),
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        caches: caches(),
        peak: measured_peak::<f32>(path, TRIES),
    }
}

/// Linux describes the processor in lines `name : value`.
fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    named(&text).unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}

fn named(text: &str) -> Option<String> {
    let field = |name: &str| {
        let fields = text.lines().filter_map(|l| l.split_once(':'));
        let mut values = fields.filter(|(key, _)| key.trim() == name);
        values.next().map(|(_, value)| value.trim())
    };
    let (name, family, model) = (field("model name")?, field("cpu family")?, field("model")?);
    Some(format!("{name} (family {family}, model {model})"))
}

/// Linux describes each cache in a folder of its own.
fn caches() -> Vec<Cache> {
    let read = |index: usize, name: &str| {
        let path = format!("/sys/devices/system/cpu/cpu0/cache/index{index}/{name}");
        fs::read_to_string(path).ok()
    };
    let mut caches: Vec<_> = (0..8)
        .filter(|&i| read(i, "type").is_some_and(|t| t.trim() != "Instruction"))
        .filter_map(|i| {
            let level = read(i, "level")?.trim().parse().ok()?;
            let bytes = bytes(read(i, "size")?.trim())?;
            Some(Cache { level, bytes })
        })
        .collect();
    caches.sort_by_key(|c| c.level);
    caches
}

/// Reads `32K` or `16M`.
fn bytes(size: &str) -> Option<u64> {
    let (number, unit) = match size.strip_suffix('K') {
        Some(number) => (number, 1 << 10),
        None => (size.strip_suffix('M')?, 1 << 20),
    };
    number.parse::<u64>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_processor_is_named_with_its_family_and_model() {
        let text = "cpu family\t: 25\nmodel\t\t: 17\nmodel name\t: AMD EPYC\n";
        let name = named(text);
        assert_eq!(name.as_deref(), Some("AMD EPYC (family 25, model 17)"));
        assert_eq!(named("Hardware : x"), None);
    }

    #[test]
    fn cache_sizes_are_read_with_their_unit() {
        assert_eq!(bytes("32K"), Some(32_768));
        assert_eq!(bytes("16M"), Some(16_777_216));
        assert_eq!(bytes("32"), None);
        assert_eq!(bytes("99999999999999999M"), None);
    }
}
