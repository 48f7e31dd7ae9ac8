//! Which table and which data set a command works on.
//!
//! Both may be left out: no table is `nas-bench-201`, and a table with several data sets and none named
//! is read on `cifar10`. Every default that was taken and everything that was read is said in one line
//! on standard error.

use nbz_table::{Choice, Column, ColumnInfo, Embedded, Origin, Table, short_version};
use serde::Serialize;

use crate::console::Console;
use crate::failure::CommandError;
use crate::names::nearest;

/// What was typed.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct SourceArgs {
    /// An embedded table (`nbzero tables` lists them) or a table file [default: nas-bench-201]
    #[arg(long, short, value_name = "TABLE")]
    pub(crate) table: Option<String>,
    #[command(flatten)]
    pub(crate) dataset: DatasetArg,
}

/// The data set as typed.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct DatasetArg {
    /// cifar10, cifar100 or imagenet16-120, where the table has several [default: cifar10]
    #[arg(long, value_name = "NAME")]
    pub(crate) dataset: Option<String>,
}

/// An open table and the data set whose columns are meant.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) table: Table,
    /// `None` if the table's columns belong to no data set.
    pub(crate) dataset: Option<String>,
}

/// What was read, for JSON.
#[derive(Debug, Serialize)]
pub(crate) struct Read {
    /// The table's name.
    pub(crate) table: String,
    /// The data set, null if the table has none.
    pub(crate) dataset: Option<String>,
    /// The version of the table.
    pub(crate) version: String,
    /// All rows of the table.
    pub(crate) rows: usize,
}

impl SourceArgs {
    /// Opens the table with our own scores of its networks and settles the data set, and says so.
    pub(crate) fn resolve(&self, console: &Console) -> anyhow::Result<Source> {
        let source = self.resolve_bare(console)?;
        Ok(source.with_own_scores()?)
    }

    /// As [`SourceArgs::resolve`], without our own scores, to which a user's of the same names are preferred.
    pub(crate) fn resolve_bare(&self, console: &Console) -> anyhow::Result<Source> {
        let (table, choice) = choose(self.table.as_deref())?;
        if choice == Choice::Default {
            console.note(format_args!("no --table named: taking {}", table.name()));
        }
        self.dataset.resolve(table, console)
    }
}

impl DatasetArg {
    /// Settles the data set of an open table, and says what was read.
    pub(crate) fn resolve(&self, table: Table, console: &Console) -> anyhow::Result<Source> {
        let (dataset, choice) = table.choose_dataset(self.dataset.as_deref())?;
        let dataset = dataset.map(str::to_owned);
        if let (Choice::Default, Some(name)) = (choice, &dataset) {
            console.note(format_args!("no --dataset named: taking {name}"));
        }
        let source = Source { table, dataset };
        console.note(source.sentence());
        Ok(source)
    }
}

impl Source {
    /// With our own scores of an embedded table's networks.
    pub(crate) fn with_own_scores(self) -> nbz_table::Result<Self> {
        Ok(Self {
            table: self.table.with_own_scores()?,
            ..self
        })
    }

    /// The version of the table: that of the accuracies' source.
    pub(crate) fn version(&self) -> String {
        let schema = self.table.schema();
        let accuracy = schema.accuracy_on(self.dataset.as_deref());
        match accuracy.map(|a| a.version.as_str()) {
            Ok(version) if !version.is_empty() => version.to_owned(),
            _ => format!("schema {}", schema.version),
        }
    }

    /// The column that a person means by a name: its full name, its name without the data set, or
    /// `acc`, `accuracy` and `test_acc` for the accuracy that the table ranks by.
    pub(crate) fn column(&self, name: &str) -> anyhow::Result<&ColumnInfo> {
        let schema = self.table.schema();
        let dataset = self.dataset.as_deref();
        match schema.column_on(dataset, name) {
            Ok(column) => Ok(column),
            Err(_) if ["acc", "accuracy", "test_acc"].contains(&name) => {
                Ok(schema.accuracy_on(dataset)?)
            }
            Err(error) => Err(self.with_nearest(error, name)),
        }
    }

    /// The table's own error for an unknown column, or one that names the column that was meant.
    fn with_nearest(&self, error: nbz_table::Error, name: &str) -> anyhow::Error {
        let here = |c: &&ColumnInfo| c.dataset.is_none() || c.dataset == self.dataset;
        let columns = self.table.columns().iter().filter(here);
        match nearest(name, columns.map(ColumnInfo::base_name)) {
            Some(near) => CommandError::Unknown {
                what: "column",
                name: name.to_owned(),
                hint: format!("did you mean `{near}`?"),
            }
            .into(),
            None => error.into(),
        }
    }

    /// The architecture of a row in the spelling that every command reads; the table's own string if
    /// its space is unknown.
    pub(crate) fn arch(&self, archs: &Column<String>, row: usize) -> String {
        let text = archs.text(row).unwrap_or_default();
        let read = self.table.read_arch(text);
        read.map_or_else(|| text.to_owned(), |arch| arch.to_string())
    }

    /// What was read, as a document says it.
    pub(crate) fn read(&self) -> Read {
        Read {
            table: self.table.name().to_owned(),
            dataset: self.dataset.clone(),
            version: self.version(),
            rows: self.table.rows(),
        }
    }

    fn sentence(&self) -> String {
        let from = match self.table.origin() {
            Origin::File(path) => format!(" from {}", path.display()),
            Origin::Embedded | Origin::Memory => String::new(),
        };
        let on = self
            .dataset
            .as_ref()
            .map_or_else(String::new, |d| format!(" on {d}"));
        let version = self.version();
        format!(
            "read {}{on}{from}, version {}, {}",
            self.table.name(),
            short_version(&version),
            counted(self.table.rows(), "row")
        )
    }
}

/// Opens an embedded table by name, with our own scores of its networks, or a file by path.
pub(crate) fn open(name: &str) -> anyhow::Result<Table> {
    Ok(open_bare(name)?.with_own_scores()?)
}

/// As [`open`], without our own scores.
pub(crate) fn open_bare(name: &str) -> anyhow::Result<Table> {
    Ok(choose(Some(name))?.0)
}

fn choose(name: Option<&str>) -> anyhow::Result<(Table, Choice)> {
    let opened = Table::choose(name).and_then(|(table, choice)| Ok((table.completed()?, choice)));
    opened.map_err(|error| {
        let nbz_table::Error::UnknownTable { name } = &error else {
            return error.into();
        };
        match nearest(name, Embedded::ALL.map(Embedded::name)) {
            Some(near) => CommandError::Unknown {
                what: "table",
                name: name.clone(),
                hint: format!("did you mean `{near}`?"),
            }
            .into(),
            None => error.into(),
        }
    })
}

/// A count with commas: 15,625.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count of things: 1 network, 15,625 networks, 2 proxies.
pub(crate) fn counted(count: usize, thing: &str) -> String {
    let things = match (count, thing.strip_suffix('y')) {
        (1, _) => thing.to_owned(),
        (_, Some(stem)) => format!("{stem}ies"),
        _ if thing.ends_with('s') => format!("{thing}es"),
        _ => format!("{thing}s"),
    };
    format!("{} {things}", grouped(count as u64))
}

#[cfg(test)]
mod tests {
    use super::{counted, grouped};

    #[test]
    fn one_thing_is_no_things() {
        for (count, thing, expected) in [
            (0, "network", "0 networks"),
            (1, "network", "1 network"),
            (15_625, "network", "15,625 networks"),
            (1, "class", "1 class"),
            (3, "class", "3 classes"),
            (1, "proxy", "1 proxy"),
            (2, "proxy", "2 proxies"),
        ] {
            assert_eq!(counted(count, thing), expected);
        }
    }

    #[test]
    fn counts_are_grouped_by_three() {
        let shown = [0, 12, 999, 1_000, 15_625, 1_234_567].map(grouped);
        assert_eq!(shown, ["0", "12", "999", "1,000", "15,625", "1,234,567"]);
    }
}
