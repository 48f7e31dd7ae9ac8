//! The spelling of a staged network: `WIDTHsSTRIDExDEPTH` joined by `-`.
//!
//! Owns syntax and the value; whether a space holds the network is the space's business. Stages are
//! kept in place without an allocation, because a list or a benchmark parses tens of thousands.

use std::{fmt, sync::Arc};

use super::Skeleton;
use crate::error::{ArchProblem, SpaceError, arch_error};

/// The most stages that a network has.
pub const MAX_STAGES: usize = 8;

/// One stage: `depth` blocks of one width, the first of which carries the stride.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Stage {
    width: u16,
    stride: u8,
    depth: u8,
}

impl Stage {
    pub(crate) const fn new(width: u16, stride: u8, depth: u8) -> Self {
        Self {
            width,
            stride,
            depth,
        }
    }

    /// Channels that every block of the stage puts out.
    pub const fn width(self) -> usize {
        self.width as usize
    }

    /// Stride of the first block.
    pub const fn stride(self) -> usize {
        self.stride as usize
    }

    /// Number of blocks.
    pub const fn depth(self) -> usize {
        self.depth as usize
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}s{}x{}", self.width, self.stride, self.depth)
    }
}

/// Up to [`MAX_STAGES`] stages, in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Stages {
    // Unused places hold the default, so that the derived comparisons see the used ones alone.
    items: [Stage; MAX_STAGES],
    len: u8,
}

impl Stages {
    /// Adds a stage; false if there is no room.
    #[must_use]
    pub(crate) fn push(&mut self, stage: Stage) -> bool {
        let Some(place) = self.items.get_mut(usize::from(self.len)) else {
            return false;
        };
        *place = stage;
        self.len += 1;
        true
    }

    /// The stages in order.
    pub fn as_slice(&self) -> &[Stage] {
        &self.items[..usize::from(self.len)]
    }

    /// Reads the stages of `text` from byte `at` to its end.
    ///
    /// # Errors
    /// With the place, if something else than stages stands there.
    pub(crate) fn parse(text: &str, at: usize) -> Result<Self, SpaceError> {
        let mut reader = Reader {
            text,
            bytes: text.as_bytes(),
            at,
        };
        let mut stages = Self::default();
        loop {
            let start = reader.at;
            let width = reader.number(u16::MAX.into(), "a stage's width")?;
            reader.letter(b's', "`s` and a stride")?;
            let stride = reader.number(u8::MAX.into(), "a stride")?;
            reader.letter(b'x', "`x` and a depth")?;
            let depth = reader.number(u8::MAX.into(), "a depth")?;
            // The bounds above are those of the fields.
            let stage = Stage::new(width as u16, stride as u8, depth as u8);
            if !stages.push(stage) {
                let what = "at most 8 stages";
                return Err(reader.error(start, ArchProblem::Expected { what }));
            }
            if reader.at == reader.bytes.len() {
                return Ok(stages);
            }
            reader.letter(b'-', "`-` and another stage, or the end")?;
        }
    }
}

impl fmt::Display for Stages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, stage) in self.as_slice().iter().enumerate() {
            if i > 0 {
                f.write_str("-")?;
            }
            stage.fmt(f)?;
        }
        Ok(())
    }
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn number(&mut self, most: u32, what: &'static str) -> Result<u32, SpaceError> {
        let start = self.at;
        let mut value = 0u32;
        while let Some(digit) = self.bytes.get(self.at).filter(|b| b.is_ascii_digit()) {
            value = value
                .saturating_mul(10)
                .saturating_add(u32::from(digit - b'0'));
            self.at += 1;
        }
        let len = self.at - start;
        if len == 0 {
            return Err(self.error(start, ArchProblem::Expected { what }));
        }
        if self.bytes[start] == b'0' && len > 1 {
            return Err(self.error(start, ArchProblem::LeadingZero));
        }
        if value > most {
            return Err(self.error(start, ArchProblem::TooLarge));
        }
        if value == 0 {
            return Err(self.error(start, ArchProblem::Expected { what }));
        }
        Ok(value)
    }

    fn letter(&mut self, letter: u8, what: &'static str) -> Result<(), SpaceError> {
        if self.bytes.get(self.at) == Some(&letter) {
            self.at += 1;
            return Ok(());
        }
        Err(self.error(self.at, ArchProblem::Expected { what }))
    }

    fn error(&self, start: usize, problem: ArchProblem) -> SpaceError {
        arch_error(self.text, start, self.at.max(start + 1) - start, problem)
    }
}

/// A network of stages in one space.
///
/// Two are equal if their stages are and their spaces build the same networks under the same name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StagedArch {
    pub(crate) skeleton: Arc<Skeleton>,
    pub(crate) stages: Stages,
}

impl StagedArch {
    /// What the networks of its space have in common.
    pub fn skeleton(&self) -> &Skeleton {
        &self.skeleton
    }

    /// Its stages in order, at least one.
    pub fn stages(&self) -> &[Stage] {
        self.stages.as_slice()
    }
}

impl fmt::Display for StagedArch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.skeleton.name, self.stages)
    }
}
