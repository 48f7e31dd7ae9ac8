//! The figures of a report: written beside the tables, listed in the overview.

use std::path::{Path, PathBuf};

use anyhow::Context;
use nbz_figures::{Figure, Print, draw_all};
use nbz_report::Settings;
use nbz_table::{Table, atomic};

/// The folder of figures inside a report.
const FOLDER: &str = "figures";

/// What was drawn, and what could not be.
#[derive(Debug, Default)]
pub(crate) struct Drawn {
    /// The files.
    pub(crate) files: Vec<PathBuf>,
    /// The pictures in them.
    pub(crate) prints: Vec<Print>,
    /// The overview's section.
    pub(crate) markdown: String,
    /// Why a figure is missing.
    pub(crate) missing: Vec<String>,
}

/// Draws the figures on every table and data set into a report's folder.
pub(crate) fn draw(
    figures: &[Figure],
    tables: &[Table],
    settings: &Settings,
    folder: &Path,
    tell: impl Fn(String),
) -> anyhow::Result<Drawn> {
    let mut all = Drawn::default();
    for drawn in draw_all(figures, tables, settings, tell)? {
        match drawn {
            Ok(print) => {
                all.files.extend(write(&print, folder)?);
                all.markdown += &section(&print);
                all.prints.push(print);
            }
            Err(missing) => all.missing.push(missing),
        }
    }
    if !all.markdown.is_empty() {
        all.markdown.insert_str(0, "\n## Figures\n");
    }
    Ok(all)
}

fn write(print: &Print, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let folder = folder.join(FOLDER);
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    let path = |ending: &str| folder.join(format!("{}.{ending}", print.stem));
    let files = vec![path("svg"), path("png"), path("csv")];
    atomic::write_bytes(&files[0], print.svg.as_bytes())?;
    atomic::write_bytes(&files[1], &print.png())?;
    atomic::write_bytes(&files[2], print.csv.as_bytes())?;
    Ok(files)
}

fn section(print: &Print) -> String {
    let (stem, title) = (&print.stem, &print.title);
    let number = print.figure.trim_start_matches("fig");
    format!(
        "\n### Figure {number}, {title}\n\n![{title}]({FOLDER}/{stem}.png)\n\n{} Vector: \
         [{stem}.svg]({FOLDER}/{stem}.svg); numbers: [{stem}.csv]({FOLDER}/{stem}.csv).\n",
        print.caption,
    )
}
