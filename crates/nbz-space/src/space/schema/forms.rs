//! Checks the forms of a space: widths, strides and depths, stage by stage.

use toml::Spanned;

use super::{Description, FormTable, MAX_CHOICES, MAX_DEPTH, MAX_SIZE, MAX_WIDTH, reader::Reader};
use crate::{
    error::SpaceError,
    space::count::Form,
    staged::{Block, MAX_STAGES},
};

impl Reader<'_> {
    pub(super) fn forms(&self, d: &Description, block: Block) -> Result<Vec<Form>, SpaceError> {
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
}

fn listed(numbers: &[u64]) -> String {
    let words: Vec<String> = numbers.iter().take(10).map(ToString::to_string).collect();
    let more = if numbers.len() > 10 { ", …" } else { "" };
    format!("[{}{more}]", words.join(", "))
}
