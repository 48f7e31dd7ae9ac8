//! The tables of a report, with the scores that belong to them.

use std::path::Path;

use nbz_figures::Figure;
use nbz_report::Part;
use nbz_table::{Embedded, Table, short_version, with_scores};

use super::Args;
use crate::console::Console;
use crate::failure::CommandError;
use crate::figures::sevens;
use crate::source::{grouped, open_bare};

impl Args {
    /// Opens the tables and says what was read.
    pub(super) fn tables(&self, console: &Console) -> anyhow::Result<Vec<Table>> {
        let embedded = Embedded::TRAINED.map(|e| e.name().to_owned());
        let named = match self.table.as_slice() {
            [] => &embedded[..],
            named => named,
        };
        let mut tables = Vec::new();
        for name in named.iter().chain(&self.with) {
            let table = open_bare(name)?;
            let datasets = table.schema().datasets();
            let accuracy = table.schema().accuracy_on(datasets.first().copied());
            let version = accuracy.map_or_else(|_| String::new(), |c| c.version.clone());
            let version = short_version(&version);
            console.note(format_args!(
                "read {}, version {}, {} rows",
                table.name(),
                if version.is_empty() {
                    "unknown"
                } else {
                    version
                },
                grouped(table.rows() as u64)
            ));
            tables.push(table);
        }
        for path in &self.scores {
            add_scores(&mut tables, path, console)?;
        }
        tables
            .into_iter()
            .zip(named.iter().chain(&self.with))
            .map(|(table, name)| match Embedded::named(name) {
                Some(embedded) => with_own_scores(embedded, table, console),
                None => Ok(table),
            })
            .collect()
    }

    /// The scores of the paper's lists, of which Figure 7 is drawn and claims on scores are tested unasked where no
    /// table is named.
    pub(super) fn lists(
        &self,
        parts: &[Part],
        figures: &[Figure],
        tables: &[Table],
        console: &Console,
    ) -> Option<Table> {
        let lists = Embedded::PaperLists;
        let is_there = tables.iter().any(|table| table.name() == lists.name());
        let is_used = !sevens(figures).is_empty() || parts.contains(&Part::Claims);
        if !self.table.is_empty() || is_there || !is_used {
            return None;
        }
        let lists = lists.open();
        console.note(format_args!(
            "read {}, scores of {} networks",
            lists.name(),
            grouped(lists.rows() as u64)
        ));
        Some(lists)
    }
}

/// Puts the embedded scores of our own behind a table's columns.
fn with_own_scores(embedded: Embedded, table: Table, console: &Console) -> anyhow::Result<Table> {
    if let Some(scores) = embedded.own_scores() {
        console.note(format_args!(
            "read our own scores of {} of its networks: {}",
            grouped(scores.rows() as u64),
            scores.schema().title
        ));
    }
    Ok(table.with_own_scores()?)
}

/// Puts the proxies of a file of scores into every table that has its networks.
///
/// They go to the data set whose images were scored, or, if the table has none of that name, to the one
/// that a table is read on when none is named.
fn add_scores(tables: &mut [Table], path: &Path, console: &Console) -> anyhow::Result<()> {
    let scores = Table::open(path)?;
    let recipe = nbz_sweep::stamp_of(&scores, path)?.recipe;
    let mut found = 0;
    for table in tables {
        let named = table.choose_dataset(Some(&recipe.data));
        let chosen = named.or_else(|_| table.choose_dataset(None));
        let dataset = chosen?.0.map(str::to_owned);
        let (with, joined) = with_scores(table, dataset.as_deref(), &scores)?;
        if joined.matched == 0 {
            continue;
        }
        found += joined.matched;
        console.note(format_args!(
            "read {}, {} of its {} networks are of {}",
            path.display(),
            grouped(joined.matched as u64),
            grouped(scores.rows() as u64),
            table.name()
        ));
        *table = with;
    }
    if found == 0 {
        return Err(CommandError::Usage {
            problem: format!("`{}` has no network of any table", path.display()),
            hint: "name the networks' table with --with".to_owned(),
        }
        .into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use nbz_figures::Figure;
    use nbz_report::Part;
    use nbz_table::Embedded;

    use super::super::Args;
    use crate::console::{Console, Form, Words};

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    #[test]
    fn the_lists_are_used_unasked_where_no_table_is_named_and_none_has_their_name() {
        let console = Console::new(Form::Json, Words::Errors);
        let used = |line: &[&str], (parts, figures): (&[_], &[_]), tables: &[_]| {
            let line = Line::parse_from([&["reproduce"], line].concat());
            let lists = line.args.lists(parts, figures, tables, &console);
            lists.map(|table| table.name().to_owned())
        };
        let drawn = |line: &[&str], figure, tables: &[_]| {
            used(line, (&[Part::Table1], &[Figure::Fig1, figure]), tables)
        };
        let lists = Embedded::PaperLists.open();
        let mini = [Embedded::MiniR1.open()];
        let found = drawn(&[], Figure::Fig7, &mini);
        assert_eq!(found.as_deref(), Some("paper-lists"));
        let with = ["--with", "mine.parquet"];
        assert!(drawn(&with, Figure::Fig7Bars, &mini).is_some());
        assert_eq!(drawn(&with, Figure::Fig7, &[lists]), None, "a namesake");
        assert_eq!(drawn(&[], Figure::Fig3, &mini), None, "no Figure 7");
        assert!(used(&[], (&[Part::Claims], &[]), &mini).is_some(), "claims");
        let named = ["--table", "mini-r1"];
        assert_eq!(drawn(&named, Figure::Fig7, &mini), None, "a named table");
    }
}
