//! Networks of public benchmarks, lowered to the same graph and spelled with a prefix.

mod cell_order;
mod channel_bench_macro;
mod nas_bench_201;
mod nas_bench_macro;

pub use channel_bench_macro::{ChannelMobileNet, ChannelResNet};
pub use nas_bench_201::{Cell, EdgeOp};
pub use nas_bench_macro::NasBenchMacro;

use crate::error::{ArchProblem, SpaceError, arch_error};

/// A benchmark whose networks are strings of digits.
struct Alphabet {
    benchmark: &'static str,
    digits: std::ops::RangeInclusive<u8>,
    hint: &'static str,
}

impl Alphabet {
    /// Reads exactly `N` digits of `text` from byte `at` to its end.
    fn digits<const N: usize>(&self, text: &str, at: usize) -> Result<[u8; N], SpaceError> {
        let rest = &text.as_bytes()[at..];
        let mut out = [0; N];
        for (i, byte) in rest.iter().enumerate() {
            if !self.digits.contains(byte) {
                let problem = ArchProblem::Digit {
                    benchmark: self.benchmark,
                    alphabet: self.hint,
                };
                return Err(arch_error(text, at + i, 1, problem));
            }
            if let Some(place) = out.get_mut(i) {
                *place = byte - b'0';
            }
        }
        if rest.len() != N {
            let problem = ArchProblem::DigitCount {
                benchmark: self.benchmark,
                given: rest.len(),
                wanted: N,
            };
            let extra = rest.len().saturating_sub(N).max(1);
            return Err(arch_error(text, at + rest.len().min(N), extra, problem));
        }
        Ok(out)
    }
}

/// Writes a prefix and digits.
fn write_digits(f: &mut std::fmt::Formatter<'_>, prefix: &str, digits: &[u8]) -> std::fmt::Result {
    f.write_str(prefix)?;
    digits.iter().try_for_each(|d| write!(f, "{d}"))
}

/// The `index`-th of all strings of `N` digits, in ascending order; `least` is the least digit.
fn nth_string<const N: usize>(mut index: usize, base: usize, least: u8) -> Option<[u8; N]> {
    let mut out = [least; N];
    for digit in out.iter_mut().rev() {
        *digit += (index % base) as u8;
        index /= base;
    }
    (index == 0).then_some(out)
}
