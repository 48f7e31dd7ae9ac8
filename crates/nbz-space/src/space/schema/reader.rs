//! Checks a description key by key; knows where in the text each value stands.

use std::{str::FromStr, sync::Arc};

use toml::Spanned;

use super::{
    BlockTable, CapsTable, Description, MAX_LIST, MAX_WIDTH, StemTable, TaskTable, definition,
    line_of,
};
use crate::{
    cost::{Macs, Params},
    dataset::Task,
    error::{SpaceError, excerpt},
    space::{Caps, Space},
    staged::{Block, Skeleton, StemWidth},
};

/// Checks values against what a space may hold; knows where in the text they stand.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
}

impl Reader<'_> {
    pub(super) fn fail<T, U>(
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

    pub(super) fn space(&self, d: &Description) -> Result<Space, SpaceError> {
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
        let task = match &d.task {
            None => None,
            Some(TaskTable {
                resolution,
                classes,
            }) => Some(self.task("task", resolution, classes)?),
        };
        let caps = match &d.caps {
            None => None,
            Some(caps) => Some(self.caps(caps, task.unwrap_or_default())?),
        };
        let list_size = match &d.list {
            None => None,
            Some(list) => Some(self.bounded(&list.size, "list.size", 1, MAX_LIST)? as u64),
        };
        let space = Space {
            skeleton: Arc::new(skeleton),
            title: excerpt(&d.title),
            forms,
            task: task.or(caps.map(|caps| caps.task)).unwrap_or_default(),
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

    pub(super) fn bounded(
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

    fn task(
        &self,
        table: &str,
        resolution: &Spanned<u64>,
        classes: &Spanned<u64>,
    ) -> Result<Task, SpaceError> {
        let (pixels, count) = (*resolution.get_ref(), *classes.get_ref());
        Task::new(pixels as usize, count as usize).or_else(|e| {
            let (key, at) = if Task::new(pixels as usize, 1).is_ok() {
                ("classes", classes)
            } else {
                ("resolution", resolution)
            };
            let expected = e.hint().unwrap_or_default();
            self.fail(at, &format!("{table}.{key}"), e.to_string(), &expected)
        })
    }

    /// Caps, counted for a task of their own or that of the space.
    fn caps(&self, table: &Spanned<CapsTable>, of_space: Task) -> Result<Caps, SpaceError> {
        let caps = table.get_ref();
        let params = caps.params.as_ref();
        let params: Option<Params> = params.map(|p| self.count(p, "caps.params")).transpose()?;
        let macs = caps.macs.as_ref();
        let macs: Option<Macs> = macs.map(|m| self.count(m, "caps.macs")).transpose()?;
        if params.is_none() && macs.is_none() {
            let problem = "nothing is capped".to_owned();
            return self.fail(table, "caps", problem, "`params`, `macs` or both");
        }
        let task = match (&caps.resolution, &caps.classes) {
            (Some(resolution), Some(classes)) => self.task("caps", resolution, classes)?,
            (None, None) => of_space,
            (Some(one), None) | (None, Some(one)) => {
                let problem = "half a task".to_owned();
                return self.fail(
                    one,
                    "caps",
                    problem,
                    "`resolution` and `classes`, or neither",
                );
            }
        };
        Ok(Caps { params, macs, task })
    }

    fn count<T: FromStr>(&self, text: &Spanned<String>, key: &str) -> Result<T, SpaceError> {
        text.get_ref().parse().or_else(|_| {
            let problem = format!("`{}` is no count", excerpt(text.get_ref()));
            self.fail(text, key, problem, "a count such as \"14M\"")
        })
    }
}
