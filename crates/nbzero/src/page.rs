//! Pages: the report's, written beside the tables when everything was asked for, and what both kinds rest on.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

pub(crate) use nbz_page::BEGINNING;
use nbz_page::{Method, Page, charts_of};
use nbz_report::{Report, paper::plain_name};
use nbz_table::{Schema, Table, atomic};

use crate::failure::CommandError;
use crate::figures::Drawn;
use crate::topics::{self, Topic};

/// The page's file inside a report.
pub(crate) const FILE: &str = "index.html";

/// Refuses to write over a file that does not begin as ours do.
pub(crate) fn refuse_foreign(
    path: &Path,
    beginning: &str,
    what: &str,
    hint: &str,
) -> Result<(), CommandError> {
    let mut start = Vec::new();
    let found =
        File::open(path).and_then(|file| file.take(beginning.len() as u64).read_to_end(&mut start));
    if found.is_ok() && start != beginning.as_bytes() {
        return Err(CommandError::Usage {
            problem: format!("`{}` is not {what}", path.display()),
            hint: hint.to_owned(),
        });
    }
    Ok(())
}

/// Writes the page of a report into its folder.
pub(crate) fn write(
    report: &Report,
    tables: &[Table],
    drawn: &Drawn,
    charts: Option<&str>,
    folder: &Path,
) -> anyhow::Result<PathBuf> {
    let sources: Vec<&Schema> = tables.iter().map(Table::schema).collect();
    let rows = report.table1.iter().flat_map(|table| &table.rows);
    let names = rows.map(|row| row.name.as_str());
    let page = Page {
        report,
        figures: &drawn.prints,
        charts: &charts_of(&drawn.prints, charts),
        missing: &drawn.missing,
        sources: &sources,
        methods: &methods(names),
    };
    let path = folder.join(FILE);
    atomic::write_bytes(&path, page.html().as_bytes())?;
    Ok(path)
}

/// The measures and costs, and the proxies of some names.
pub(crate) fn methods<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Method<'static>> {
    let mut told: Vec<&Topic> = topics::of_every_report().collect();
    for name in names {
        if let Some(topic) = topics::find(plain_name(name))
            && told.iter().all(|known| known.name != topic.name)
        {
            told.push(topic);
        }
    }
    let method = |topic: &Topic| Method {
        name: topic.name,
        title: topic.title,
        formula: topic.formula,
        convention: topic.convention,
        source: topic.source,
    };
    told.into_iter().map(method).collect()
}
