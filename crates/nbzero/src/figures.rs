//! The figures of a report: written beside the tables, listed in the overview.

use std::path::{Path, PathBuf};

use anyhow::Context;
use nbz_figures::{Figure, Print, draw_all};
use nbz_report::{Factors, Settings, has_accuracies, spaces_of};
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

/// Draws the figures on every table and data set into a report's folder, and Figure 7 on `lists`: scores alone, of which
/// nobody asked for more.
pub(crate) fn draw(
    figures: &[Figure],
    (tables, lists): (&[Table], Option<&Table>),
    settings: &Settings,
    folder: &Path,
    tell: impl Fn(String),
) -> anyhow::Result<Drawn> {
    let mut all = Drawn::default();
    for drawn in draw_by_space(figures, (tables, lists), settings, tell) {
        match drawn {
            Ok(print) => {
                all.files.extend(write(&print, folder)?);
                all.markdown += &section(&print);
                all.prints.push(print);
            }
            // Of one table every figure may lack the same thing.
            Err(missing) if all.missing.contains(&missing) => {}
            Err(missing) => all.missing.push(missing),
        }
    }
    if !all.markdown.is_empty() {
        all.markdown.insert_str(0, "\n## Figures\n");
    }
    Ok(all)
}

/// Those of the figures that are Figure 7, which needs no accuracies.
pub(crate) fn sevens(figures: &[Figure]) -> Vec<Figure> {
    let sevens = figures.iter().copied();
    let sevens = sevens.filter(|figure| matches!(figure, Figure::Fig7 | Figure::Fig7Bars));
    sevens.collect()
}

/// Scores alone of networks of several spaces: of these, Figure 7 is drawn space by space and nothing else at all.
pub(crate) fn are_scores_of_several_spaces(table: &Table) -> bool {
    !has_accuracies(table) && has_several_spaces(table)
}

/// A table that cannot be read has none: who reads it next will say why.
fn has_several_spaces(table: &Table) -> bool {
    spaces_of(table).is_ok_and(|spaces| spaces.len() > 1)
}

/// Draws on every table, Figure 7 of networks of several spaces space by space; scores of such come last in `tables`.
fn draw_by_space(
    figures: &[Figure],
    (tables, lists): (&[Table], Option<&Table>),
    settings: &Settings,
    tell: impl Fn(String),
) -> Vec<Result<Print, String>> {
    let sevens = sevens(figures);
    let first = tables.partition_point(|table| !are_scores_of_several_spaces(table));
    let (tables, scores) = tables.split_at(first);
    let mut drawn = draw_sound(figures, tables, settings, &tell);
    if !sevens.is_empty() {
        // What was missed there for this reason is drawn below.
        let start = |figure: &Figure| {
            format!("{figure} needs attributes to study (networks of several spaces")
        };
        let is_below = |missing: &String| sevens.iter().any(|f| missing.starts_with(&start(f)));
        drawn.retain(|drawn| !drawn.as_ref().is_err_and(is_below));
        for table in tables.iter().filter(|table| has_several_spaces(table)) {
            let datasets = match table.schema().datasets() {
                none if none.is_empty() => vec![None],
                named => named.into_iter().map(Some).collect(),
            };
            for dataset in datasets {
                drawn.extend(each_space(&sevens, table, dataset, settings, &tell));
            }
        }
    }
    for table in scores {
        drawn.extend(each_space(&sevens, table, None, settings, &tell));
        let others = figures.iter().filter(|figure| !sevens.contains(figure));
        let why = |figure| format!("{figure} needs accuracies, which {} has not", table.name());
        drawn.extend(others.map(|figure| Err(why(figure))));
    }
    if let Some(lists) = lists {
        drawn.extend(each_space(&sevens, lists, None, settings, &tell));
    }
    // Beside those of their number; a sort that keeps the order of what is equal.
    drawn.sort_by_key(|drawn| {
        let figure = |print: &Print| print.figure.parse::<Figure>().ok();
        drawn.as_ref().ok().and_then(figure)
    });
    drawn
}

/// Figure 7 of every space of a table.
fn each_space(
    sevens: &[Figure],
    table: &Table,
    dataset: Option<&str>,
    settings: &Settings,
    tell: &impl Fn(String),
) -> Vec<Result<Print, String>> {
    if sevens.is_empty() {
        return Vec::new();
    }
    let name = table.name();
    tell(format!("growing trees on each space of {name}"));
    let found = match Factors::by_space_for_report(table, dataset, settings) {
        Ok(found) => found,
        Err(error) => return vec![Err(format!("no figure 7 of {name}: {error}"))],
    };
    let mut drawn = Vec::new();
    for (space, found) in found {
        match found {
            Ok(found) => drawn.extend(sevens.iter().map(|figure| {
                let picture = figure.draw_factors(&found).map_err(|m| m.to_string())?;
                Ok(Print::of(&picture))
            })),
            Err(error) => drawn.push(Err(format!("no figure 7 of {name}, `{space}`: {error}"))),
        }
    }
    drawn
}

/// Draws on every table; where one of them makes that fail, on each alone, so that the others have their figures
/// (without the panels of Figure 9 that go from table to table), and says of each that failed why.
fn draw_sound(
    figures: &[Figure],
    tables: &[Table],
    settings: &Settings,
    tell: impl Fn(String),
) -> Vec<Result<Print, String>> {
    if let Ok(drawn) = draw_all(figures, tables, settings, &tell) {
        return drawn;
    }
    let mut all = Vec::new();
    for table in tables {
        match draw_all(figures, std::slice::from_ref(table), settings, &tell) {
            Ok(drawn) => all.extend(drawn),
            Err(error) => all.push(Err(format!("no figures of {}: {error}", table.name()))),
        }
    }
    all
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
    let heading = print.heading();
    format!(
        "\n### {heading}, {title}\n\n![{title}]({FOLDER}/{stem}.png)\n\n{} Vector: \
         [{stem}.svg]({FOLDER}/{stem}.svg); numbers: [{stem}.csv]({FOLDER}/{stem}.csv).\n",
        print.caption,
    )
}
