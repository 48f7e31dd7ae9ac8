//! The figures of a report: drawn in parallel, written beside the tables, listed in the overview.

use std::path::{Path, PathBuf};

use anyhow::Context;
use nbz_figures::{Figure, Missing, Picture, Subject};
use nbz_report::{Candidates, Settings, selections_of};
use nbz_table::{Table, atomic};
use rayon::prelude::*;

/// The folder of figures inside a report.
const FOLDER: &str = "figures";

/// What was drawn, and what could not be.
#[derive(Debug, Default)]
pub(crate) struct Drawn {
    /// The files.
    pub(crate) files: Vec<PathBuf>,
    /// The overview's section.
    pub(crate) markdown: String,
    /// Why a figure is missing.
    pub(crate) missing: Vec<String>,
}

/// Draws the figures on every table and data set; of each, the pool with the most proxies.
pub(crate) fn draw(
    figures: &[Figure],
    tables: &[Table],
    settings: &Settings,
    folder: &Path,
    tell: impl Fn(String),
) -> anyhow::Result<Drawn> {
    let mut subjects = Vec::new();
    for (table, candidates) in widest_pools(tables)? {
        tell(format!(
            "measuring {} for figures",
            candidates.selection.title
        ));
        subjects.push(Subject::of(table, &candidates, settings)?);
    }
    let of_figure = |&figure| subjects.iter().map(move |subject| (figure, subject));
    let asked: Vec<(Figure, &Subject)> = figures.iter().flat_map(of_figure).collect();
    tell(format!("drawing {} figures", asked.len()));
    std::fs::create_dir_all(folder.join(FOLDER))
        .with_context(|| format!("cannot make the folder `{}`", folder.join(FOLDER).display()))?;
    let drawn: Vec<Drawn> = asked
        .into_par_iter()
        .map(|(figure, subject)| match figure.draw(subject, &subjects) {
            Ok(picture) => Ok(Drawn {
                files: write(&picture, folder)?,
                markdown: section(&picture),
                missing: Vec::new(),
            }),
            Err(missing @ Missing::Columns { .. }) => Ok(Drawn {
                missing: vec![missing.to_string()],
                ..Drawn::default()
            }),
            Err(other) => Err(other.into()),
        })
        .collect::<anyhow::Result<_>>()?;
    let mut all = Drawn::default();
    for one in drawn {
        all.files.extend(one.files);
        all.markdown += &one.markdown;
        all.missing.extend(one.missing);
    }
    if !all.markdown.is_empty() {
        all.markdown.insert_str(0, "\n## Figures\n");
    }
    Ok(all)
}

/// The pool with the most proxies of every table and data set.
fn widest_pools(tables: &[Table]) -> anyhow::Result<Vec<(&Table, Candidates)>> {
    let mut pools = Vec::new();
    for table in tables {
        let mut widest: Vec<nbz_report::Selection> = Vec::new();
        for selection in selections_of(table)? {
            match widest
                .iter_mut()
                .find(|known| known.dataset == selection.dataset)
            {
                Some(known) if known.proxies.len() < selection.proxies.len() => *known = selection,
                Some(_) => {}
                None => widest.push(selection),
            }
        }
        for selection in widest {
            pools.push((table, Candidates::read(table, &selection)?));
        }
    }
    Ok(pools)
}

fn write(picture: &Picture, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let path = |ending: &str| {
        folder
            .join(FOLDER)
            .join(format!("{}.{ending}", picture.stem))
    };
    let files = vec![path("svg"), path("png"), path("csv")];
    atomic::write_bytes(&files[0], picture.svg().as_bytes())?;
    atomic::write_bytes(&files[1], &picture.png())?;
    atomic::write_bytes(&files[2], &picture.csv())?;
    Ok(files)
}

fn section(picture: &Picture) -> String {
    let (stem, name) = (&picture.stem, picture.figure.name());
    let number = name.trim_start_matches("fig");
    format!(
        "\n### Figure {number}, {title}\n\n![{title}]({FOLDER}/{stem}.png)\n\n{caption} Vector: \
         [{stem}.svg]({FOLDER}/{stem}.svg); numbers: [{stem}.csv]({FOLDER}/{stem}.csv).\n",
        title = picture.title,
        caption = picture.caption,
    )
}
