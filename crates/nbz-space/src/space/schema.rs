//! The TOML description of a space, and everything that can be wrong with it.
//!
//! ```toml
//! name = "r1"                  # what stands before the colon
//! title = "..."                # a few words
//!
//! [block]
//! kind = "basic"               # basic, bottleneck or inverted
//! kernel = 3                   # odd, of the spatial convolutions
//! # reduction = 4              # bottleneck: width / inner width
//! # expansion = 6              # inverted: inner width / input width
//!
//! [stem]
//! kernel = 3
//! stride = 1
//! first_stage_up_to = 64       # or: width = 32
//!
//! # [head]
//! # width = 1280               # a 1x1 convolution before pooling
//!
//! [grammar]
//! depths = [1, 2, 3, 4]        # blocks of a stage; a form may have its own, stage by stage
//! widths_never_decrease = true
//!
//! [[form]]                     # one for each number of stages
//! share = 7                    # its weight in a drawn list
//! widths = [[16, 32], [64]]    # one set a stage
//! strides = [[1, 2], [2, 2]]   # one pattern a line, one stride a stage
//! # depths = [[1, 2], [3]]     # instead of the grammar's
//!
//! # [task]                     # what costs are counted for where no data set is named; without it and
//! # resolution = 32            # without the caps' own, CIFAR-100: 32 x 32 pixels, 100 classes
//! # classes = 100
//!
//! # [caps]                     # one of params and macs, or both
//! # params = "14M"
//! # macs = "700M"
//! # resolution = 32            # both or none: the caps' own task, instead of [task]
//! # classes = 100
//!
//! # [list]
//! # size = 14_964
//! ```
//!
//! Unknown keys are refused. Numbers are bounded so that no cost of any network of the space overflows
//! 64 bits and no table grows beyond a few kilobytes.

mod forms;
mod malformed;
mod reader;

use serde::Deserialize;
use toml::Spanned;

use self::{malformed::malformed, reader::Reader};
use super::Space;
use crate::error::SpaceError;

/// The widest stage, stem or head.
const MAX_WIDTH: u64 = 8_192;
/// The most blocks of a stage.
const MAX_DEPTH: u64 = 64;
/// The most choices in one set.
const MAX_CHOICES: usize = 64;
/// The longest description.
const MAX_BYTES: usize = 1 << 20;
/// The most networks of a form, so that eight forms are counted in 64 bits.
const MAX_SIZE: u128 = 1 << 59;
/// The longest list of a space.
const MAX_LIST: u64 = 1_000_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    name: Spanned<String>,
    #[serde(default)]
    title: String,
    block: BlockTable,
    stem: StemTable,
    head: Option<HeadTable>,
    grammar: GrammarTable,
    form: Spanned<Vec<FormTable>>,
    task: Option<TaskTable>,
    caps: Option<Spanned<CapsTable>>,
    list: Option<ListTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BlockTable {
    kind: Spanned<String>,
    kernel: Spanned<u64>,
    reduction: Option<Spanned<u64>>,
    expansion: Option<Spanned<u64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StemTable {
    kernel: Spanned<u64>,
    stride: Spanned<u64>,
    width: Option<Spanned<u64>>,
    first_stage_up_to: Option<Spanned<u64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadTable {
    width: Spanned<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GrammarTable {
    depths: Spanned<Vec<u64>>,
    widths_never_decrease: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormTable {
    #[serde(default = "one")]
    share: Spanned<u64>,
    widths: Spanned<Vec<Vec<u64>>>,
    strides: Spanned<Vec<Vec<u64>>>,
    depths: Option<Spanned<Vec<Vec<u64>>>>,
}

fn one() -> Spanned<u64> {
    Spanned::new(0..0, 1)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CapsTable {
    params: Option<Spanned<String>>,
    macs: Option<Spanned<String>>,
    resolution: Option<Spanned<u64>>,
    classes: Option<Spanned<u64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TaskTable {
    resolution: Spanned<u64>,
    classes: Spanned<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListTable {
    size: Spanned<u64>,
}

/// Reads a description.
pub(super) fn read(text: &str) -> Result<Space, SpaceError> {
    if text.len() > MAX_BYTES {
        let problem = format!("{} bytes", text.len());
        return Err(definition(
            0,
            "description",
            problem,
            "a description of at most 1 MiB",
        ));
    }
    let description: Description = toml::from_str(text).map_err(|e| malformed(text, &e))?;
    Reader { text }.space(&description)
}

fn definition(line: usize, key: &str, problem: String, expected: &str) -> SpaceError {
    SpaceError::Definition {
        line,
        key: key.to_owned(),
        problem,
        expected: expected.to_owned(),
    }
}

fn line_of(text: &str, byte: usize) -> usize {
    text.char_indices()
        .take_while(|&(i, _)| i < byte)
        .filter(|&(_, c)| c == '\n')
        .count()
        + 1
}
