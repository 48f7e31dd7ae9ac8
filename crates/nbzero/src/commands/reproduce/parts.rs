//! What of a report was asked for, and what there is to ask for.

use nbz_figures::Figure;
use nbz_report::Part;
use serde::Serialize;

use crate::console::{Console, Form};
use crate::grid::{Align, Grid};

#[derive(Serialize)]
struct PartDocument {
    name: &'static str,
    shows: &'static str,
}

/// The parts of a report that were asked for.
pub(super) struct Parts {
    pub(super) parts: Vec<Part>,
    pub(super) figures: Vec<Figure>,
}

impl Parts {
    /// `all` is every part; no name at all the tables.
    pub(super) fn named(names: &[String]) -> anyhow::Result<Self> {
        if names.iter().any(|name| name == "all") {
            return Ok(Self {
                parts: Part::ALL.to_vec(),
                figures: Figure::ALL.to_vec(),
            });
        }
        let (mut figures, mut others) = (Vec::new(), Vec::new());
        for name in names {
            match name.parse() {
                Ok(figure) => figures.push(figure),
                Err(_) => others.push(name),
            }
        }
        figures.sort_unstable();
        figures.dedup();
        let parts = if others.is_empty() && !figures.is_empty() {
            Vec::new() // only figures: no name would mean the tables
        } else {
            Part::named(&others)?
        };
        Ok(Self { parts, figures })
    }
}

/// A line a part.
pub(super) fn list(console: &Console) -> anyhow::Result<()> {
    let parts = Part::ALL.map(|part| (part.name(), part.about()));
    let figures = Figure::ALL.map(|figure| (figure.name(), figure.about()));
    let parts: Vec<PartDocument> = parts
        .into_iter()
        .chain(figures)
        .map(|(name, shows)| PartDocument { name, shows })
        .collect();
    if console.form() == Form::Json {
        console.json(&parts)?;
        return Ok(());
    }
    let mut grid = Grid::new([("part", Align::Left), ("shows", Align::Left)]);
    for part in parts {
        grid.row([part.name.to_owned(), part.shows.to_owned()]);
    }
    console.grid(&grid)?;
    Ok(())
}
