//! Counts that carry their unit.
//!
//! People write `200M` and `1.5G`; a count is exact all the same: `1.5G` is 1,500,000,000, and `1.5`
//! alone is refused. `{}` prints every digit and reads back; `{:#}` is short, for tables.

use std::{fmt, str::FromStr};

use crate::error::{SpaceError, excerpt};

macro_rules! count {
    ($(#[$doc:meta])* $name:ident, $inner:ty, $unit:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name($inner);

        impl $name {
            /// A count.
            pub const fn new(count: $inner) -> Self {
                Self(count)
            }

            /// The bare count.
            pub const fn get(self) -> $inner {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let count = u64::from(self.0);
                if f.alternate() {
                    write!(f, "{} {}", short(count), $unit)
                } else {
                    write!(f, "{} {}", grouped(count), $unit)
                }
            }
        }

        impl FromStr for $name {
            type Err = SpaceError;

            fn from_str(text: &str) -> Result<Self, SpaceError> {
                let refuse = || SpaceError::BadCount {
                    text: excerpt(text),
                    unit: $unit,
                };
                let trimmed = text.trim();
                let number = trimmed.strip_suffix($unit).unwrap_or(trimmed).trim_end();
                let count = exact(number).ok_or_else(refuse)?;
                <$inner>::try_from(count).map(Self).map_err(|_| refuse())
            }
        }
    };
}

count! {
    /// Trainable numbers: convolutions, batch norm scale and shift, linear weight and bias.
    ///
    /// ```
    /// use nbz_space::Params;
    /// assert_eq!("1.5M".parse::<Params>()?, Params::new(1_500_000));
    /// assert_eq!(Params::new(11_220_132).to_string(), "11,220,132 params");
    /// assert_eq!(format!("{:#}", Params::new(11_220_132)), "11.22M params");
    /// assert!("1.5".parse::<Params>().is_err());
    /// # Ok::<(), nbz_space::SpaceError>(())
    /// ```
    Params, u64, "params"
}

count! {
    /// Multiply-accumulates of convolutions and linear layers for one image; no bias, batch norm,
    /// pooling or addition. This is what the literature often calls FLOPs.
    Macs, u64, "MACs"
}

count! {
    /// The most weighted layers (convolutions and linear) on a path from input to output, shortcuts
    /// not counted; 0 where no path leads from input to output.
    Depth, u32, "layers"
}

/// A decimal number with an optional suffix k, M, G, B or T, if it is a whole number below 2^64.
fn exact(text: &str) -> Option<u64> {
    let last = text.chars().last()?;
    let power = match last {
        'k' | 'K' => 3,
        'M' | 'm' => 6,
        'G' | 'g' | 'B' | 'b' => 9,
        'T' | 't' => 12,
        _ => 0,
    };
    let number = if power > 0 {
        &text[..text.len() - 1]
    } else {
        text
    };
    let (whole, fraction) = number
        .trim_end()
        .split_once('.')
        .unwrap_or((number.trim_end(), ""));
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > power || !whole.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let padding = std::iter::repeat_n('0', power - fraction.len());
    let mut value = 0u64;
    for c in whole
        .chars()
        .filter(|c| !matches!(c, ',' | '_'))
        .chain(fraction.chars())
        .chain(padding)
    {
        value = value.checked_mul(10)?.checked_add(c.to_digit(10)?.into())?;
    }
    Some(value)
}

fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// Four significant digits and a suffix.
fn short(count: u64) -> String {
    const STEPS: [(u64, &str); 4] = [
        (1_000_000_000_000, "T"),
        (1_000_000_000, "G"),
        (1_000_000, "M"),
        (1_000, "k"),
    ];
    let Some((step, suffix)) = STEPS.into_iter().find(|(step, _)| count >= *step) else {
        return count.to_string();
    };
    let value = count as f64 / step as f64;
    let decimals = match value {
        v if v < 9.9995 => 3,
        v if v < 99.995 => 2,
        v if v < 999.95 => 1,
        _ => 0,
    };
    format!("{value:.decimals$}{suffix}")
}
