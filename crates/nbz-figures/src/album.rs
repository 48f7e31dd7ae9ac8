//! All figures asked for, on all tables, kept on disk by the digest of what they depend on.
//!
//! Of each table and data set, the pool with the most proxies is drawn. Measuring a pool is most of the work, so it
//! is done only if some figure of it was not kept.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use nbz_report::{
    Candidates, Factors, ReportError, Result, Selection, Settings, cached, has_accuracies, key,
    selections_of,
};
use nbz_table::{Table, sha256_hex};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::figure::{Figure, Missing};
use crate::picture::Picture;
use crate::points;
use crate::subject::Subject;

/// What kept pictures are called: another number when figures come to look otherwise, so that no old one is shown.
const LOOKS: &str = "figures 5";

/// A picture as it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Print {
    /// `fig4`.
    pub figure: String,
    /// The file name without its ending.
    pub stem: String,
    /// What is drawn.
    pub title: String,
    /// What a reader should know of it.
    pub caption: String,
    /// The drawing.
    pub svg: String,
    /// The numbers.
    pub csv: String,
    png: String,
}

impl Print {
    /// A picture, its bitmap made.
    pub fn of(picture: &Picture) -> Self {
        Self {
            figure: picture.figure.name().to_owned(),
            stem: picture.stem.clone(),
            title: picture.title.clone(),
            caption: picture.caption.clone(),
            svg: picture.svg().to_owned(),
            csv: String::from_utf8_lossy(&picture.csv()).into_owned(),
            png: BASE64.encode(picture.png()),
        }
    }

    /// What stands above it in a report.
    pub fn heading(&self) -> &'static str {
        // What a cache holds was checked by its digest, so the name is some figure's.
        self.figure.parse().map_or("", Figure::heading)
    }

    /// The drawing as an element of a page whose style has [`crate::font_face`]; its ids are its own.
    pub fn inline(&self) -> String {
        points::inline(&self.svg, &self.stem)
    }

    /// The bitmap.
    pub fn png(&self) -> Vec<u8> {
        // What a cache holds was checked by its digest, so this is what `of` wrote.
        BASE64.decode(&self.png).unwrap_or_default()
    }
}

/// A print, or why there is none.
pub type Drawn = std::result::Result<Print, String>;

/// Draws every figure on every table, in this order; `tell` hears what is being done.
///
/// # Errors
/// A table that cannot be read or measured. What a figure lacks is no error: see [`Drawn`].
pub fn draw_all(
    figures: &[Figure],
    tables: &[Table],
    settings: &Settings,
    tell: impl Fn(String),
) -> Result<Vec<Drawn>> {
    let (scored, bare): (Vec<&Table>, Vec<&Table>) =
        tables.iter().partition(|table| has_accuracies(table));
    let pools = widest_pools(&scored)?;
    let keys: Vec<String> = pools
        .iter()
        .map(|(table, candidates)| pool_key(table, candidates, settings))
        .collect::<Result<_>>()?;
    tell(format!(
        "drawing {} figures of {} pools",
        figures.len(),
        pools.len()
    ));
    let asked: Vec<(Figure, usize)> = figures
        .iter()
        .flat_map(|&figure| (0..pools.len()).map(move |pool| (figure, pool)))
        .collect();
    let key = |figure: Figure, pool: usize| {
        // Only Figure 9 shows other pools as well.
        let others = if figure == Figure::Fig9 {
            keys.concat()
        } else {
            String::new()
        };
        sha256_hex(format!("{figure}{}{others}", keys[pool]).as_bytes())
    };
    let folder = settings.cache.as_deref();
    let kept: Vec<Option<Drawn>> = asked
        .iter()
        .map(|&(figure, pool)| cached(folder, || key(figure, pool), || Err(())).ok())
        .collect();
    let of_scores = draw_scores(figures, &bare, settings)?;
    if kept.iter().all(Option::is_some) {
        return Ok(kept.into_iter().flatten().chain(of_scores).collect());
    }
    let of = |(table, candidates): &(&Table, Candidates)| Subject::of(table, candidates, settings);
    let mut subjects: Vec<Subject> = pools.iter().map(of).collect::<Result<_>>()?;
    for ((figure, pool), kept) in asked.iter().zip(&kept) {
        if *figure == Figure::Fig7 && kept.is_none() {
            tell(format!("growing trees on {}", subjects[*pool].name()));
            subjects[*pool].study_factors();
        }
    }
    let drawn: Result<Vec<Drawn>> = asked
        .into_par_iter()
        .zip(kept)
        .map(|((figure, pool), kept)| match kept {
            Some(drawn) => Ok(drawn),
            None => cached(
                folder,
                || key(figure, pool),
                || print(figure, &subjects[pool], &subjects),
            ),
        })
        .collect();
    Ok(drawn?.into_iter().chain(of_scores).collect())
}

/// What can be drawn of scores alone.
fn draw_scores(figures: &[Figure], tables: &[&Table], settings: &Settings) -> Result<Vec<Drawn>> {
    let mut all = Vec::new();
    for table in tables {
        let found = match Factors::of_scores(table, settings) {
            Err(error @ (ReportError::Table(_) | ReportError::Folder { .. })) => return Err(error),
            found => found.map_err(|error| error.to_string()),
        };
        for figure in figures {
            let picture = found.as_ref().map_err(Clone::clone);
            let picture = picture.and_then(|f| figure.draw_factors(f).map_err(|m| m.to_string()));
            all.push(picture.map(|picture| Print::of(&picture)));
        }
    }
    Ok(all)
}

fn print(figure: Figure, subject: &Subject, all: &[Subject]) -> Result<Drawn> {
    match figure.draw(subject, all) {
        Ok(picture) => Ok(Ok(Print::of(&picture))),
        Err(missing @ Missing::Columns { .. }) => Ok(Err(missing.to_string())),
        Err(Missing::Study(error)) => Err(error.into()),
    }
}

/// Everything that figures of a pool depend on: its numbers and the networks that may be drawn.
fn pool_key(table: &Table, candidates: &Candidates, settings: &Settings) -> Result<String> {
    let archs = table.archs()?;
    let mut names = table.schema().own_spaces.concat();
    for &row in &candidates.rows {
        names.push_str(archs.values()[row].as_deref().unwrap_or_default());
        names.push('\n');
    }
    let names = sha256_hex(names.as_bytes());
    Ok(key(LOOKS, candidates, settings) + &names)
}

/// The pool with the most proxies of every table and data set.
fn widest_pools<'a>(tables: &[&'a Table]) -> Result<Vec<(&'a Table, Candidates)>> {
    let mut pools = Vec::new();
    for &table in tables {
        let mut widest: Vec<Selection> = Vec::new();
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
