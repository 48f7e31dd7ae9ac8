//! Everything that can be wrong with what a user hands to this crate.
//!
//! One enum; every variant holds the offending values. The message is one line; where the place in
//! the input matters, [`SpaceError::picture`] shows it with carets, and [`SpaceError::hint`] says what
//! would be right.

use std::fmt;

/// An input that this crate refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpaceError {
    /// A string that is no architecture, or one outside its space.
    #[error("`{}` is not an architecture: {}", .0.text, .0.problem)]
    Arch(Box<ArchError>),
    /// A name that is no data set of the benchmark.
    #[error("unknown data set `{text}`")]
    UnknownDataset {
        /// What was given.
        text: String,
    },
    /// A resolution or a number of classes that no network is built for.
    #[error("no network is built for {resolution} x {resolution} pixels and {classes} classes")]
    BadTask {
        /// Pixels on a side.
        resolution: usize,
        /// Number of classes.
        classes: usize,
    },
    /// A description of a space that cannot be used.
    #[error("{}{key}: {problem}", at(*line))]
    Definition {
        /// The line of the text, from 1; 0 where no single line is wrong.
        line: usize,
        /// The key, such as `form[1].widths`.
        key: String,
        /// What is wrong.
        problem: String,
        /// What was expected.
        expected: String,
    },
    /// A text that is no count.
    #[error("`{text}` is not a whole number of {unit}")]
    BadCount {
        /// What was given.
        text: String,
        /// The unit.
        unit: &'static str,
    },
}

/// Where an architecture string is wrong, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchError {
    /// The string, shortened if it is long.
    pub text: String,
    /// The first wrong character, counted in characters of `text`.
    pub start: usize,
    /// How many characters are wrong, at least 1; they may lie behind the end of the text.
    pub len: usize,
    /// What is wrong.
    pub problem: ArchProblem,
}

/// What is wrong with an architecture string.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArchProblem {
    /// Nothing before the string's structure begins.
    UnknownSpace {
        /// The text before the colon, or the whole text.
        name: String,
        /// A known name that is spelled nearly so.
        nearest: Option<String>,
    },
    /// Something else was expected here.
    Expected {
        /// In words.
        what: &'static str,
    },
    /// A number with a leading zero, which would give one network two spellings.
    LeadingZero,
    /// A number beyond what any space holds.
    TooLarge,
    /// The space has no network of so many stages.
    StageCount {
        /// Name of the space.
        space: String,
        /// Stages given.
        given: usize,
        /// Stages that its networks have.
        allowed: Vec<usize>,
    },
    /// A stage's width or depth is not in the space's set.
    NotInSet {
        /// Name of the space.
        space: String,
        /// The stage, from 1.
        stage: usize,
        /// `width` or `depth`.
        what: &'static str,
        /// The number given.
        given: usize,
        /// The set.
        allowed: Vec<usize>,
    },
    /// A stage is narrower than the one before it.
    Narrows {
        /// Name of the space.
        space: String,
        /// The stage, from 1.
        stage: usize,
        /// Width of the stage before.
        from: usize,
        /// Its width.
        to: usize,
    },
    /// The strides together are none of the space's patterns.
    Strides {
        /// Name of the space.
        space: String,
        /// Strides given.
        given: Vec<usize>,
        /// The patterns.
        allowed: Vec<Vec<usize>>,
    },
    /// A digit outside the benchmark's alphabet, or another character.
    Digit {
        /// Name of the benchmark.
        benchmark: &'static str,
        /// The alphabet in words.
        alphabet: &'static str,
    },
    /// Too few or too many digits.
    DigitCount {
        /// Name of the benchmark.
        benchmark: &'static str,
        /// Digits given.
        given: usize,
        /// Digits that a string has.
        wanted: usize,
    },
    /// A number that no entry of the list or table has.
    NoSuchIndex {
        /// The list's name.
        list: String,
        /// The number given.
        index: u64,
        /// Length of the list.
        len: u64,
    },
    /// An operation's name that NAS-Bench-201 does not have, or a form that is not its own.
    Cell {
        /// What should stand here.
        wanted: String,
    },
}

impl fmt::Display for ArchProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownSpace { name, .. } if name.is_empty() => f.write_str("no space is named"),
            Self::UnknownSpace { name, .. } => write!(f, "no space is called `{name}`"),
            Self::Expected { what } => write!(f, "expected {what}"),
            Self::LeadingZero => f.write_str("a number starts with 0"),
            Self::TooLarge => f.write_str("the number is too large"),
            Self::StageCount { space, given, .. } => {
                write!(f, "no network of {space} has {given} stages")
            }
            Self::NotInSet {
                stage, what, given, ..
            } => write!(f, "stage {stage} cannot have {what} {given}"),
            Self::Narrows {
                stage, from, to, ..
            } => write!(f, "stage {stage} narrows from {from} to {to}"),
            Self::Strides { space, given, .. } => {
                write!(f, "{space} has no strides {}", joined(given, "-"))
            }
            Self::Digit { benchmark, .. } => write!(f, "not a digit of {benchmark}"),
            Self::DigitCount {
                benchmark,
                given,
                wanted,
            } => write!(f, "{benchmark} has {wanted} digits, not {given}"),
            Self::NoSuchIndex { list, index, len } => {
                write!(f, "{list} has no entry {index}, only 0 to {}", len - 1)
            }
            Self::Cell { wanted } => write!(f, "expected {wanted}"),
        }
    }
}

impl ArchProblem {
    fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownSpace {
                nearest: Some(name),
                ..
            } => Some(format!("did you mean `{name}`? {FORMS}")),
            Self::UnknownSpace { .. } => Some(FORMS.to_owned()),
            Self::Expected { what } if what.contains("index") || what.contains("id:") => Some(
                "as in nb201#11472, up to 15624, or r1-000123, whose number has six digits".to_owned(),
            ),
            Self::Expected { .. } | Self::TooLarge => Some(
                "a stage is WIDTHsSTRIDExDEPTH and stages are joined by `-`, as in 32s1x3-64s2x4"
                    .to_owned(),
            ),
            Self::LeadingZero => Some("every architecture has one spelling: drop the 0".to_owned()),
            Self::StageCount { space, allowed, .. } => {
                Some(format!("{space} has {} stages", joined(allowed, " or ")))
            }
            Self::NotInSet {
                space,
                stage,
                what,
                allowed,
                ..
            } => Some(format!(
                "{what} of stage {stage} in {space}: {}",
                joined(allowed, ", ")
            )),
            Self::Narrows { space, .. } => Some(format!("widths never decrease in {space}")),
            Self::Strides { space, allowed, .. } => {
                let patterns: Vec<String> = allowed.iter().map(|p| joined(p, "-")).collect();
                Some(format!("strides of {space}: {}", patterns.join(", ")))
            }
            Self::Digit { alphabet, .. } => Some((*alphabet).to_owned()),
            Self::DigitCount { .. } | Self::NoSuchIndex { .. } => None,
            Self::Cell { .. } => Some(
                "a cell is six digits 0 to 4 or |OP~0|+|OP~0|OP~1|+|OP~0|OP~1|OP~2| with OP one of \
                 skip_connect, none, nor_conv_3x3, nor_conv_1x1, avg_pool_3x3"
                    .to_owned(),
            ),
        }
    }
}

const FORMS: &str = "an architecture is r1:, r2: or mb: and stages (r1:32s1x3-64s2x4-128s2x4-256s2x2), \
     nbmacro: and 8 digits, cbmr: or cbmm: and 7 digits, nb201: and 6 digits or |...|, \
     nb201#INDEX, or an id such as r1-000123";

impl SpaceError {
    /// What would be right, where that can be said.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Arch(e) => e.problem.hint(),
            Self::UnknownDataset { .. } => {
                Some("the data sets are cifar10, cifar100 and imagenet16-120".to_owned())
            }
            Self::Definition { expected, .. } => {
                (!expected.is_empty()).then(|| format!("expected {expected}"))
            }
            Self::BadCount { .. } => {
                Some("write the whole number or use a suffix: 60k, 200M, 1.5G".to_owned())
            }
            Self::BadTask { .. } => Some(
                "the resolution is a multiple of 4 up to 512, the number of classes 1 to 100000"
                    .to_owned(),
            ),
        }
    }

    /// Two lines: the input and carets below the place that is wrong.
    ///
    /// ```
    /// let e = "nbmacro:12021029".parse::<nbz_space::Arch>().unwrap_err();
    /// assert_eq!(e.picture().unwrap(), "nbmacro:12021029\n               ^");
    /// ```
    pub fn picture(&self) -> Option<String> {
        match self {
            Self::Arch(e) => Some(format!(
                "{}\n{}{}",
                e.text,
                " ".repeat(e.start),
                "^".repeat(e.len)
            )),
            _ => None,
        }
    }
}

fn at(line: usize) -> String {
    if line == 0 {
        String::new()
    } else {
        format!("line {line}: ")
    }
}

fn joined(numbers: &[usize], by: &str) -> String {
    let words: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    words.join(by)
}

/// The longest piece of a user's input that an error repeats, in characters.
const EXCERPT: usize = 100;

/// The text as an error shows it: control characters replaced, so that an error stays on its line and
/// cannot drive the terminal, and the end cut off where it is long.
pub(crate) fn excerpt(text: &str) -> String {
    let mut out: String = text.chars().take(EXCERPT).map(visible).collect();
    if text.chars().nth(EXCERPT).is_some() {
        out.push('…');
    }
    out
}

fn visible(c: char) -> char {
    if c.is_control() { '\u{fffd}' } else { c }
}

/// An error at a place of an architecture string, `start` and `len` in bytes.
#[cold]
pub(crate) fn arch_error(text: &str, start: usize, len: usize, problem: ArchProblem) -> SpaceError {
    let chars_before = |byte: usize| text.char_indices().take_while(|(i, _)| *i < byte).count();
    let first = chars_before(start);
    let last = chars_before(start.saturating_add(len)).max(first + 1);
    let start = first.min(EXCERPT);
    SpaceError::Arch(Box::new(ArchError {
        text: excerpt(text),
        start,
        len: (last - first).min(EXCERPT + 1 - start),
        problem,
    }))
}
