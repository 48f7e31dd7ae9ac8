//! The page of one's own scores: what is seen of them beside a table.

use std::path::Path;

use nbz_figures::{Figure, Missing, Print, Subject};
use nbz_page::{OwnPage, Section};
use nbz_report::{
    Candidates, Settings, differences_sheet, hybrids_sheet, misjudged, misjudged_sheet,
    nearest_sheet, rows_sheet,
};
use nbz_table::atomic;

use crate::commands::evaluate::beside::Seen;
use crate::page;
use crate::source::{Source, grouped};

/// What is drawn: mBR, accuracy against each score, what a search finds, the networks liked best.
const FIGURES: [Figure; 4] = [Figure::Fig1, Figure::Fig3, Figure::Fig4, Figure::Fig8];

impl Seen<'_> {
    /// Writes the page.
    pub(super) fn write(&self, settings: &Settings, path: &Path) -> anyhow::Result<()> {
        let table = &self.source.table;
        let place = match &self.source.dataset {
            Some(dataset) => format!("{} on {dataset}", table.name()),
            None => table.name().to_owned(),
        };
        let intro = format!(
            "Measured by nbzero {} on the {} of {} networks of {place} for which every score is known. Every number is \
             computed from the file of scores and the table named below. The page asks the network for nothing.",
            env!("CARGO_PKG_VERSION"),
            grouped(self.lineup.pool().len() as u64),
            grouped(self.lineup.networks() as u64),
        );
        let page = OwnPage {
            version: env!("CARGO_PKG_VERSION"),
            title: &format!("{} beside {place}", self.own.join(", ")),
            intro: &intro,
            sections: &[
                self.rows(),
                self.nearest()?,
                self.errors()?,
                self.figures(settings)?,
            ],
            source: table.schema(),
            methods: &page::methods(self.lineup.names()),
        };
        atomic::write_bytes(path, page.html().as_bytes())?;
        Ok(())
    }

    fn rows(&self) -> Section {
        let mut rows = rows_sheet(self.comparison, self.own);
        rows.notes.extend(self.lineup.noise_in_words());
        let mut sheets = vec![rows];
        if !self.hybrids.is_empty() {
            let axis = self.lineup.pool().axis_names().next();
            sheets.push(hybrids_sheet(self.comparison, self.hybrids, axis));
        }
        sheets.extend(
            self.own
                .iter()
                .map(|mine| differences_sheet(self.comparison, mine)),
        );
        Section {
            title: "Rows of Table 1".to_owned(),
            sheets,
            ..Section::default()
        }
    }

    fn nearest(&self) -> anyhow::Result<Section> {
        let sheets = self.own.iter().map(|mine| nearest_sheet(self.lineup, mine));
        Ok(Section {
            title: "The nearest scores".to_owned(),
            sheets: sheets.collect::<Result<_, _>>()?,
            ..Section::default()
        })
    }

    /// Which choices each score misjudges.
    fn errors(&self) -> anyhow::Result<Section> {
        let mut section = Section {
            title: "Where it errs".to_owned(),
            ..Section::default()
        };
        let archs = self.source.table.archs_at(self.lineup.rows())?;
        for (name, score) in self.lineup.scores() {
            if !self.own.contains(&name) {
                continue;
            }
            if is_constant(score) {
                section.missing.push(format!(
                    "`{name}` is the same of all networks, or has no value: it ranks nothing, so there is nothing in which it errs."
                ));
                continue;
            }
            let found = misjudged(&archs, score, self.lineup.pool())?;
            if found.is_empty() {
                section.missing = vec![
                    "The networks are of a space whose choices are not known here.".to_owned(),
                ];
            } else {
                section.sheets.push(misjudged_sheet(name, &found));
            }
        }
        Ok(section)
    }

    fn figures(&self, settings: &Settings) -> anyhow::Result<Section> {
        let mut section = Section {
            title: "Figures".to_owned(),
            ..Section::default()
        };
        let Source { table, dataset } = self.source;
        let candidates = Candidates::of_lineup(table, dataset.as_deref(), self.lineup, self.own)?;
        let subject = Subject::of(table, &candidates, settings)?;
        for figure in FIGURES {
            match figure.draw(&subject, &[]) {
                Ok(picture) => section.figures.push(Print::of(&picture)),
                Err(missing @ Missing::Columns { .. }) => section.missing.push(missing.to_string()),
                Err(other) => return Err(other.into()),
            }
        }
        Ok(section)
    }
}

/// Whether a score tells no two networks apart.
fn is_constant(score: &[f64]) -> bool {
    // Every NaN counts as one value, and -0 as 0.
    let value = |score: &f64| {
        if score.is_nan() {
            f64::NAN.to_bits()
        } else {
            (score + 0.0).to_bits()
        }
    };
    score
        .windows(2)
        .all(|pair| value(&pair[0]) == value(&pair[1]))
}
