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
//! # [caps]                     # counted for this task
//! # params = "14M"
//! # macs = "700M"
//! # resolution = 32
//! # classes = 100
//!
//! # [list]
//! # size = 14_964
//! ```
//!
//! Unknown keys are refused. Numbers are bounded so that no cost of any network of the space overflows
//! 64 bits and no table grows beyond a few kilobytes.

use std::{str::FromStr, sync::Arc};

use serde::Deserialize;
use toml::Spanned;

use super::{Caps, Space, count::Form, nearest};
use crate::{
    cost::{Macs, Params},
    dataset::Task,
    error::{SpaceError, excerpt},
    staged::{Block, MAX_STAGES, Skeleton, StemWidth},
};

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
    caps: Option<CapsTable>,
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
    params: Spanned<String>,
    macs: Spanned<String>,
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

/// What the TOML reader says, with the known key that a misspelled one is nearest to.
fn malformed(text: &str, e: &toml::de::Error) -> SpaceError {
    let line = e.span().map_or(0, |span| line_of(text, span.start));
    let message = e.message().lines().next().unwrap_or("not TOML");
    let (problem, expected) = message.split_once(", expected ").unwrap_or((message, ""));
    // Serde quotes the unknown key and the known ones: "unknown field `a`, expected one of `b`, `c`".
    let unknown = problem
        .strip_prefix("unknown field `")
        .and_then(|rest| rest.strip_suffix('`'));
    let known = expected.split('`').skip(1).step_by(2);
    let expected = match unknown.and_then(|key| nearest(key, known)) {
        Some(key) => format!("`{key}`"),
        None => expected.to_owned(),
    };
    definition(line, "description", excerpt(problem), &expected)
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

/// Checks values against what a space may hold; knows where in the text they stand.
struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn fail<T, U>(
        &self,
        at: &Spanned<T>,
        key: &str,
        problem: String,
        expected: &str,
    ) -> Result<U, SpaceError> {
        Err(definition(
            line_of(self.text, at.span().start),
            key,
            problem,
            expected,
        ))
    }

    fn space(&self, d: &Description) -> Result<Space, SpaceError> {
        let skeleton = Skeleton {
            name: self.name(&d.name)?,
            block: self.block(&d.block)?,
            kernel: self.odd(&d.block.kernel, "block.kernel")?,
            stem_width: self.stem_width(&d.stem)?,
            stem_kernel: self.odd(&d.stem.kernel, "stem.kernel")?,
            stem_stride: self.bounded(&d.stem.stride, "stem.stride", 1, 4)?,
            head_width: match &d.head {
                None => None,
                Some(head) => Some(self.bounded(&head.width, "head.width", 1, MAX_WIDTH)?),
            },
        };
        let forms = self.forms(d, skeleton.block)?;
        let caps = d.caps.as_ref().map(|caps| self.caps(caps)).transpose()?;
        let list_size = match &d.list {
            None => None,
            Some(list) => Some(self.bounded(&list.size, "list.size", 1, MAX_LIST)? as u64),
        };
        let space = Space {
            skeleton: Arc::new(skeleton),
            title: excerpt(&d.title),
            forms,
            caps,
            list_size,
            toml: self.text.to_owned(),
        };
        Ok(space)
    }

    fn name(&self, name: &Spanned<String>) -> Result<String, SpaceError> {
        let text = name.get_ref();
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let good = (1..=32).contains(&text.len())
            && text.bytes().all(plain)
            && text.as_bytes()[0].is_ascii_lowercase();
        if !good {
            let problem = format!("`{}` cannot stand before the colon", excerpt(text));
            let expected = "a lower-case letter, then up to 31 letters, digits or `_`";
            return self.fail(name, "name", problem, expected);
        }
        if ["nbmacro", "cbmr", "cbmm", "nb201"].contains(&text.as_str()) {
            let problem = format!("`{text}` is a public benchmark");
            return self.fail(name, "name", problem, "a name of its own");
        }
        Ok(text.clone())
    }

    fn bounded(
        &self,
        value: &Spanned<u64>,
        key: &str,
        least: u64,
        most: u64,
    ) -> Result<usize, SpaceError> {
        let number = *value.get_ref();
        if (least..=most).contains(&number) {
            return Ok(number as usize);
        }
        self.fail(
            value,
            key,
            format!("{number} is out of range"),
            &format!("{least} to {most}"),
        )
    }

    fn odd(&self, value: &Spanned<u64>, key: &str) -> Result<usize, SpaceError> {
        if [1, 3, 5, 7].contains(value.get_ref()) {
            return Ok(*value.get_ref() as usize);
        }
        self.fail(
            value,
            key,
            format!("{} is no kernel", value.get_ref()),
            "1, 3, 5 or 7",
        )
    }

    fn block(&self, block: &BlockTable) -> Result<Block, SpaceError> {
        let kind = block.kind.get_ref().as_str();
        let stray = match kind {
            "basic" => block.reduction.as_ref().or(block.expansion.as_ref()),
            "bottleneck" => block.expansion.as_ref(),
            _ => block.reduction.as_ref(),
        };
        let needs = |given: &Option<Spanned<u64>>, key: &str| match given {
            Some(value) => self.bounded(value, key, 1, 16),
            None => self.fail(
                &block.kind,
                key,
                format!("a {kind} block needs it"),
                "1 to 16",
            ),
        };
        let found = match kind {
            "basic" => Block::Basic,
            "bottleneck" => Block::Bottleneck {
                reduction: needs(&block.reduction, "block.reduction")?,
            },
            "inverted" => Block::Inverted {
                expansion: needs(&block.expansion, "block.expansion")?,
            },
            other => {
                let problem = format!("`{}` is no block", excerpt(other));
                let expected = "`basic`, `bottleneck` or `inverted`";
                return self.fail(&block.kind, "block.kind", problem, expected);
            }
        };
        match stray {
            None => Ok(found),
            Some(stray) => {
                let problem = format!("a {kind} block does not read it");
                let expected = "`reduction` with bottleneck, `expansion` with inverted";
                self.fail(stray, "block", problem, expected)
            }
        }
    }

    fn stem_width(&self, stem: &StemTable) -> Result<StemWidth, SpaceError> {
        match (&stem.width, &stem.first_stage_up_to) {
            (Some(width), None) => self
                .bounded(width, "stem.width", 1, MAX_WIDTH)
                .map(StemWidth::Fixed),
            (None, Some(most)) => self
                .bounded(most, "stem.first_stage_up_to", 1, MAX_WIDTH)
                .map(StemWidth::FirstStageUpTo),
            _ => {
                let expected = "one of `width` and `first_stage_up_to`";
                let problem = "the width is not said once".to_owned();
                self.fail(&stem.kernel, "stem", problem, expected)
            }
        }
    }

    fn forms(&self, d: &Description, block: Block) -> Result<Vec<Form>, SpaceError> {
        if d.form.get_ref().is_empty() {
            let problem = "a space without forms".to_owned();
            return self.fail(
                &d.form,
                "form",
                problem,
                "one `[[form]]` a number of stages",
            );
        }
        let mut forms: Vec<Form> = Vec::new();
        for (i, table) in d.form.get_ref().iter().enumerate() {
            let form = self.form(d, block, table, i)?;
            if forms.iter().any(|other| other.stages() == form.stages()) {
                let problem = format!("a second form of {} stages", form.stages());
                let expected = "one form for each number of stages";
                return self.fail(
                    &table.widths,
                    &format!("form[{i}].widths"),
                    problem,
                    expected,
                );
            }
            forms.push(form);
        }
        Ok(forms)
    }

    fn form(
        &self,
        d: &Description,
        block: Block,
        table: &FormTable,
        i: usize,
    ) -> Result<Form, SpaceError> {
        let key = |part: &str| format!("form[{i}].{part}");
        let stages = table.widths.get_ref().len();
        if !(1..=MAX_STAGES).contains(&stages) {
            let problem = format!("{stages} stages");
            return self.fail(
                &table.widths,
                &key("widths"),
                problem,
                "1 to 8 sets of widths",
            );
        }
        let sets = table.widths.get_ref();
        let widths = sets
            .iter()
            .map(|set| self.set(&table.widths, set, &key("widths"), MAX_WIDTH))
            .collect::<Result<Vec<Vec<u16>>, _>>()?;
        if let Block::Bottleneck { reduction } = block
            && let Some(odd) = sets.iter().flatten().find(|&&w| w % reduction as u64 != 0)
        {
            let problem = format!("{odd} is no multiple of block.reduction");
            return self.fail(&table.widths, &key("widths"), problem, "multiples of it");
        }
        let depths: Vec<Vec<u8>> = if let Some(own) = &table.depths {
            let sets = own.get_ref().iter();
            sets.map(|set| self.set(own, set, &key("depths"), MAX_DEPTH))
                .collect::<Result<_, _>>()?
        } else {
            let all = &d.grammar.depths;
            vec![self.set(all, all.get_ref(), "grammar.depths", MAX_DEPTH)?; stages]
        };
        if depths.len() != stages {
            let problem = format!("{} sets for {stages} stages", depths.len());
            return self.fail(&table.widths, &key("depths"), problem, "one set a stage");
        }
        let strides = self.strides(table, stages, &key("strides"))?;
        let share = self.bounded(&table.share, &key("share"), 1, 1_000_000)? as u64;
        let form = Form::new(
            share,
            widths,
            depths,
            strides,
            d.grammar.widths_never_decrease,
        );
        match form.exact_size() {
            size if size <= MAX_SIZE => Ok(form),
            size => {
                let problem = format!("{size} networks");
                self.fail(
                    &table.widths,
                    &key("widths"),
                    problem,
                    "fewer than 2^59 networks a form",
                )
            }
        }
    }

    /// An ascending set of positive numbers, each once.
    fn set<T, N: TryFrom<u64>>(
        &self,
        at: &Spanned<T>,
        set: &[u64],
        key: &str,
        most: u64,
    ) -> Result<Vec<N>, SpaceError> {
        let expected = format!("1 to 64 ascending numbers from 1 to {most}, each once");
        let ascending = set.windows(2).all(|pair| pair[0] < pair[1]);
        let within = set.iter().all(|n| (1..=most).contains(n));
        let numbers: Option<Vec<N>> = set.iter().map(|&n| N::try_from(n).ok()).collect();
        match numbers {
            Some(numbers) if ascending && within && (1..=MAX_CHOICES).contains(&set.len()) => {
                Ok(numbers)
            }
            _ => self.fail(at, key, format!("{} is no set", listed(set)), &expected),
        }
    }

    fn strides(
        &self,
        table: &FormTable,
        stages: usize,
        key: &str,
    ) -> Result<Vec<Vec<u8>>, SpaceError> {
        let at = &table.strides;
        let patterns = at.get_ref();
        let mut out: Vec<Vec<u8>> = Vec::new();
        for pattern in patterns {
            let small: Vec<u8> = pattern
                .iter()
                .filter(|s| (1..=4).contains(*s))
                .map(|&s| s as u8)
                .collect();
            if small.len() != pattern.len() || small.len() != stages || out.contains(&small) {
                let problem = format!("{} is no pattern", listed(pattern));
                let expected = format!("{stages} strides of 1 to 4, each pattern once");
                return self.fail(at, key, problem, &expected);
            }
            out.push(small);
        }
        if out.is_empty() || out.len() > MAX_CHOICES {
            return self.fail(
                at,
                key,
                format!("{} patterns", out.len()),
                "1 to 64 patterns",
            );
        }
        Ok(out)
    }

    fn caps(&self, caps: &CapsTable) -> Result<Caps, SpaceError> {
        let params: Params = self.count(&caps.params, "caps.params")?;
        let macs: Macs = self.count(&caps.macs, "caps.macs")?;
        let resolution = *caps.resolution.get_ref() as usize;
        let task = Task::new(resolution, *caps.classes.get_ref() as usize).or_else(|e| {
            let expected = e.hint().unwrap_or_default();
            self.fail(
                &caps.resolution,
                "caps.resolution",
                e.to_string(),
                &expected,
            )
        })?;
        Ok(Caps { params, macs, task })
    }

    fn count<T: FromStr>(&self, text: &Spanned<String>, key: &str) -> Result<T, SpaceError> {
        text.get_ref().parse().or_else(|_| {
            let problem = format!("`{}` is no count", excerpt(text.get_ref()));
            self.fail(text, key, problem, "a count such as \"14M\"")
        })
    }
}

fn listed(numbers: &[u64]) -> String {
    let words: Vec<String> = numbers.iter().take(10).map(ToString::to_string).collect();
    let more = if numbers.len() > 10 { ", …" } else { "" };
    format!("[{}{more}]", words.join(", "))
}
