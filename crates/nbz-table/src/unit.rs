//! Units: what a number in a column counts, and quantities as people write them.
//!
//! A [`Unit`] is what a column declares; values are never rescaled to another one. A [`Quantity`] is
//! what a person types as a limit (`200M`, `3ms`, `91.5%`, `20`): a number and perhaps a unit. A bare
//! number is in the column's own unit. Only `M` is a million (`m` alone is refused: it could be milli).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The unit of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Unit {
    /// No unit: names, codes, flags.
    #[serde(rename = "-")]
    None,
    /// Hundredths of the test or validation images, 0 to 100.
    #[serde(rename = "percent")]
    Percent,
    /// A difference of percentages, such as their standard deviation.
    #[serde(rename = "percentage points")]
    PercentagePoints,
    /// A number of things, such as trainable parameters.
    #[serde(rename = "count")]
    Count,
    /// Multiply-accumulates for one image.
    #[serde(rename = "MACs")]
    Macs,
    /// Weighted layers on the longest path.
    #[serde(rename = "layers")]
    Layers,
    /// Millions of things, as NAS-Bench-Suite-Zero gives parameters.
    #[serde(rename = "million")]
    Million,
    /// Millions of operations, as NAS-Bench-Suite-Zero gives FLOPs.
    #[serde(rename = "million operations")]
    MillionOperations,
    /// Milliseconds for one image.
    #[serde(rename = "ms")]
    Milliseconds,
    /// Millijoules for one image.
    #[serde(rename = "mJ")]
    Millijoules,
    /// Seconds of work, such as the time that a proxy took.
    #[serde(rename = "s")]
    Seconds,
    /// A proxy's value, comparable only with itself.
    #[serde(rename = "score")]
    Score,
}

/// What kind of thing a unit measures; limits convert inside one dimension only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dimension {
    None,
    Share,
    Number,
    Time,
    Energy,
    Score,
}

impl Unit {
    /// Every unit, in the order of declaration.
    pub const ALL: [Self; 12] = [
        Self::None,
        Self::Percent,
        Self::PercentagePoints,
        Self::Count,
        Self::Macs,
        Self::Layers,
        Self::Million,
        Self::MillionOperations,
        Self::Milliseconds,
        Self::Millijoules,
        Self::Seconds,
        Self::Score,
    ];

    /// The spelling in files and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "-",
            Self::Percent => "percent",
            Self::PercentagePoints => "percentage points",
            Self::Count => "count",
            Self::Macs => "MACs",
            Self::Layers => "layers",
            Self::Million => "million",
            Self::MillionOperations => "million operations",
            Self::Milliseconds => "ms",
            Self::Millijoules => "mJ",
            Self::Seconds => "s",
            Self::Score => "score",
        }
    }

    /// The spelling of published tables (`milliseconds`, `multiply-accumulates`) or ours.
    pub(crate) fn from_published(text: &str) -> Option<Self> {
        match text {
            "percent points" => Some(Self::PercentagePoints),
            "multiply-accumulates" => Some(Self::Macs),
            "milliseconds" => Some(Self::Milliseconds),
            "millijoules" => Some(Self::Millijoules),
            _ => Self::ALL.into_iter().find(|u| u.as_str() == text),
        }
    }

    fn dimension(self) -> Dimension {
        match self {
            Self::None => Dimension::None,
            Self::Percent | Self::PercentagePoints => Dimension::Share,
            Self::Count | Self::Macs | Self::Layers | Self::Million | Self::MillionOperations => {
                Dimension::Number
            }
            Self::Milliseconds | Self::Seconds => Dimension::Time,
            Self::Millijoules => Dimension::Energy,
            Self::Score => Dimension::Score,
        }
    }

    /// How many base things (one, second, joule, percent) are in one of this unit, as a power of ten.
    fn exponent(self) -> i32 {
        match self {
            Self::Million | Self::MillionOperations => 6,
            Self::Milliseconds | Self::Millijoules => -3,
            _ => 0,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A number with the unit that a person wrote behind it, if any.
///
/// ```
/// use nbz_table::{Quantity, Unit};
///
/// let limit: Quantity = "200M".parse()?;
/// assert_eq!(limit.in_unit(Unit::Macs)?, 200e6);
/// assert_eq!(limit.in_unit(Unit::MillionOperations)?, 200.0);
/// assert_eq!("0.003s".parse::<Quantity>()?.in_unit(Unit::Milliseconds)?, 3.0);
/// assert_eq!("91.5%".parse::<Quantity>()?.in_unit(Unit::Percent)?, 91.5);
/// // A bare number is in the column's own unit.
/// assert_eq!("3".parse::<Quantity>()?.in_unit(Unit::Milliseconds)?, 3.0);
///
/// let wrong = "3ms".parse::<Quantity>()?.in_unit(Unit::Macs).unwrap_err();
/// assert_eq!(wrong.to_string(), "`3ms` is a time, but the limit is on a number in MACs");
/// assert!("NaN".parse::<Quantity>().is_err());
/// # Ok::<(), nbz_table::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    text: String,
    number: f64,
    suffix: Option<Suffix>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Suffix {
    dimension: Dimension,
    exponent: i32,
}

/// What people write behind a number: spelling, dimension, power of ten.
const SUFFIXES: [(&str, Dimension, i32); 13] = [
    ("k", Dimension::Number, 3),
    ("K", Dimension::Number, 3),
    ("M", Dimension::Number, 6),
    ("G", Dimension::Number, 9),
    ("B", Dimension::Number, 9),
    ("T", Dimension::Number, 12),
    ("us", Dimension::Time, -6),
    ("ms", Dimension::Time, -3),
    ("s", Dimension::Time, 0),
    ("uJ", Dimension::Energy, -6),
    ("mJ", Dimension::Energy, -3),
    ("J", Dimension::Energy, 0),
    ("%", Dimension::Share, 0),
];

impl Quantity {
    /// The text as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The number in a column's unit.
    ///
    /// # Errors
    /// [`Error::UnitMismatch`] if the written unit measures something else.
    pub fn in_unit(&self, unit: Unit) -> Result<f64> {
        let Some(suffix) = self.suffix else {
            return Ok(self.number);
        };
        if suffix.dimension != unit.dimension() {
            return Err(Error::UnitMismatch {
                quantity: self.text.clone(),
                written: suffix.dimension.noun(),
                expected: unit.dimension().noun(),
                unit,
            });
        }
        // Powers of ten are multiplied or divided as exact integers: 0.003 s is 3 ms, not 3.0000000000000004.
        let exponent = suffix.exponent - unit.exponent();
        let factor = 10f64.powi(exponent.abs());
        Ok(if exponent < 0 {
            self.number / factor
        } else {
            self.number * factor
        })
    }
}

impl Dimension {
    fn noun(self) -> &'static str {
        match self {
            Self::None => "text",
            Self::Share => "percentage",
            Self::Number => "number",
            Self::Time => "time",
            Self::Energy => "energy",
            Self::Score => "score",
        }
    }
}

impl FromStr for Quantity {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let error = || Error::Quantity {
            text: text.to_owned(),
        };
        let trimmed = text.trim();
        // An exponent is part of the number (`1e6`), so the suffix starts after the last digit or dot.
        let end = trimmed
            .rfind(|c: char| c.is_ascii_digit() || c == '.')
            .ok_or_else(error)?
            + 1;
        let (digits, rest) = trimmed.split_at(end);
        let number: f64 = digits
            .replace(['_', ','], "")
            .parse()
            .map_err(|_| error())?;
        if !number.is_finite() {
            return Err(error());
        }
        let suffix = match rest.trim() {
            "" => None,
            name => Some(
                SUFFIXES
                    .iter()
                    .find(|(spelling, ..)| *spelling == name)
                    .map(|&(_, dimension, exponent)| Suffix {
                        dimension,
                        exponent,
                    })
                    .ok_or_else(error)?,
            ),
        };
        Ok(Self {
            text: trimmed.to_owned(),
            number,
            suffix,
        })
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
