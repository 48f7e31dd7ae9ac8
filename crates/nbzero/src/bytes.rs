//! Amounts of memory: as people type them, and as they are printed.

use std::str::FromStr;

use nbz_engine::memory;
use nbz_sweep::Room;

use crate::console::Console;

/// A limit on memory.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Limit {
    /// Bytes.
    Bytes(u64),
    /// A share of what is free.
    OfFree(f64),
}

const SUFFIXES: [(&str, f64); 7] = [
    ("KiB", 1024.0),
    ("MiB", 1_048_576.0),
    ("GiB", 1_073_741_824.0),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("", 1.0),
];

impl Limit {
    /// Bytes that may be taken now: what the machine does not have cannot be allowed.
    pub(crate) fn now(self) -> Option<u64> {
        let free = memory::available();
        self.of(free).into_iter().chain(free).min()
    }

    /// Bytes, given what is free; no limit where a share of the unknown is meant.
    pub(crate) fn of(self, free: Option<u64>) -> Option<u64> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::OfFree(share) => free.map(|bytes| (bytes as f64 * share) as u64),
        }
    }
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refusal = || "an amount is written 4G, 512MiB or 80%".to_owned();
        let number = |digits: &str| {
            let number: f64 = digits.trim().parse().map_err(|_| refusal())?;
            if number.is_finite() && number >= 0.0 {
                Ok(number)
            } else {
                Err(refusal())
            }
        };
        let text = text.trim().trim_end_matches('B');
        if let Some(percent) = text.strip_suffix('%') {
            return match number(percent)? {
                percent if percent <= 100.0 => Ok(Self::OfFree(percent / 100.0)),
                _ => Err(refusal()),
            };
        }
        let text = if text.ends_with('i') {
            format!("{text}B")
        } else {
            text.to_owned()
        };
        let (digits, factor) = SUFFIXES
            .iter()
            .find_map(|(suffix, factor)| Some((text.strip_suffix(suffix)?, factor)))
            .ok_or_else(refusal)?;
        Ok(Self::Bytes((number(digits)? * factor) as u64))
    }
}

/// The threads that a room leaves of those asked for; says so if they are fewer.
pub(crate) fn tell_room(room: &Room, asked: usize, console: &Console) -> usize {
    if let Some((arch, bytes)) = room.fullest.as_ref().filter(|_| room.threads < asked) {
        console.warn(format_args!(
            "{} of {asked} threads: {arch} needs {} MiB; --max-memory allows more",
            room.threads,
            mib(*bytes)
        ));
    }
    room.threads
}

/// MiB with one decimal.
pub(crate) fn mib(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1_048_576.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_with_their_unit_or_refused() {
        let bytes = |text: &str| text.parse::<Limit>().map(|l| l.of(Some(1000)));
        assert_eq!(bytes("4G"), Ok(Some(4_000_000_000)));
        assert_eq!(bytes("4GB"), Ok(Some(4_000_000_000)));
        assert_eq!(bytes("512 MiB"), Ok(Some(512 << 20)));
        assert_eq!(bytes("1.5Ki"), Ok(Some(1536)));
        assert_eq!(bytes("12"), Ok(Some(12)));
        assert_eq!(bytes("80%"), Ok(Some(800)));
        for wrong in ["", "G", "-1", "nan", "inf", "101%", "4T", "4 x"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Limit::OfFree(0.5).of(None), None);
    }
}
