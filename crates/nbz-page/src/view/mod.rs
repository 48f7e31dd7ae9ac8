//! A page as its template reads it: the sections with their headings, in order.

mod claims;
mod source;

use std::collections::BTreeMap;

use nbz_figures::Print;
use nbz_report::{
    Across, Alike, Part, Sheet, Table1, across_beside_the_paper, beside_the_paper, standing,
};
use serde::Serialize;

use crate::charts::is_chart;
use crate::glance::glance;
use crate::grid::Grid;
use crate::own::{OwnPage, Section};
use crate::page::{Method, Page};
use claims::{ClaimsView, StandingView, claims_view, standing_view};
use source::{SourceView, source};

/// The whole page.
#[derive(Debug, Serialize)]
pub(crate) struct View<'a> {
    version: &'a str,
    title: String,
    /// What the page is, as sentences.
    intro: String,
    /// Whether the report's other files stand beside the page.
    beside: bool,
    glance: Option<Grid>,
    sections: Vec<SectionView<'a>>,
    tables: Vec<TableView>,
    figures: Vec<FigureView<'a>>,
    missing: &'a [String],
    /// What the tables hold and the report does not, a sentence each.
    left_out: Vec<String>,
    claims: Option<ClaimsView<'a>>,
    standings: Vec<StandingView<'a>>,
    standing_preface: &'static str,
    alike: Vec<TableView>,
    methods: &'a [Method<'a>],
    sources: Vec<SourceView<'a>>,
    /// The numbers of figures that are charts as well, as CSV, by the figures' ids.
    #[serde(skip)]
    pub(crate) sheets: BTreeMap<&'a str, &'a str>,
}

/// A section of tables and drawings.
#[derive(Debug, Serialize)]
struct SectionView<'a> {
    id: String,
    title: &'a str,
    grids: Vec<Grid>,
    prints: Vec<PrintView<'a>>,
    missing: &'a [String],
}

/// A table of the paper.
#[derive(Debug, Serialize)]
struct TableView {
    id: String,
    title: String,
    sentences: Vec<String>,
    grid: Grid,
    paper: Option<Grid>,
}

/// A figure of the paper on every table.
#[derive(Debug, Serialize)]
struct FigureView<'a> {
    id: &'a str,
    heading: &'static str,
    prints: Vec<PrintView<'a>>,
}

#[derive(Debug, Serialize)]
struct PrintView<'a> {
    stem: &'a str,
    title: &'a str,
    caption: &'a str,
    drawing: String,
}

impl<'a> View<'a> {
    pub(crate) fn of(page: &Page<'a>) -> Self {
        let report = page.report;
        let pools = report.table1.iter();
        let pools = pools.map(|table| format!("{}-{}", Part::Table1.name(), table.id));
        let across = [
            (Part::Table2, &report.table2),
            (Part::Table3, &report.table3),
        ];
        let across = across
            .into_iter()
            .flat_map(|(part, tables)| tables.iter().map(move |table| side_by_side(part, table)));
        Self {
            version: &report.version,
            title: "nbzero report".to_owned(),
            intro: format!(
                "The paper's tables, figures and claims (NAS-Bench-Zero, a withdrawn submission to ICLR 2022), computed by nbzero \
                 {} on networks that were really trained, and on scores where a figure or claim needs no more. Every number \
                 is computed from the tables named below; files of the same names beside this page hold them as CSV and \
                 JSON. The page asks the network for nothing.",
                report.version
            ),
            beside: true,
            glance: Some(Grid::of("glance-table", &glance(report)).leading_to(pools)),
            sections: Vec::new(),
            tables: report.table1.iter().map(table1).chain(across).collect(),
            figures: figures(page.figures),
            missing: page.missing,
            left_out: report
                .left_out
                .iter()
                .map(|left_out| format!("{left_out}."))
                .collect(),
            claims: report.claims.as_ref().map(claims_view),
            standings: report.standings.iter().map(standing_view).collect(),
            standing_preface: standing::PREFACE,
            alike: report.alike.iter().map(alike).collect(),
            methods: page.methods,
            sources: page.sources.iter().map(|schema| source(schema)).collect(),
            sheets: sheets(page.charts.iter().copied()),
        }
    }

    /// Somebody's own scores.
    pub(crate) fn of_own(page: &OwnPage<'a>) -> Self {
        let section = |(at, section): (usize, &'a Section)| SectionView {
            id: format!("section-{}", at + 1),
            title: &section.title,
            grids: section
                .sheets
                .iter()
                .enumerate()
                .map(|(sheet_at, sheet)| {
                    Grid::of(format!("section-{}-{}", at + 1, sheet_at + 1), sheet)
                })
                .collect(),
            prints: section.figures.iter().map(print_view).collect(),
            missing: &section.missing,
        };
        Self {
            version: page.version,
            title: page.title.to_owned(),
            intro: page.intro.to_owned(),
            beside: false,
            glance: None,
            sections: page.sections.iter().enumerate().map(section).collect(),
            tables: Vec::new(),
            figures: Vec::new(),
            missing: &[],
            left_out: Vec::new(),
            claims: None,
            standings: Vec::new(),
            standing_preface: "",
            alike: Vec::new(),
            methods: page.methods,
            sources: vec![source(page.source)],
            sheets: sheets(
                page.sections
                    .iter()
                    .flat_map(|s| &s.figures)
                    .filter(|p| is_chart(p)),
            ),
        }
    }
}

fn table1(table: &Table1) -> TableView {
    let mut sheet = table.sheet();
    let sentences = table.summary().sentences();
    sheet.notes.retain(|note| !sentences.contains(note));
    table_view(
        Part::Table1,
        &table.id,
        sentences,
        &sheet,
        beside_the_paper(table),
    )
}

fn alike(alike: &Alike) -> TableView {
    let mut sheet = alike.sheet();
    let sentences = alike.sentences();
    sheet.notes.retain(|note| !sentences.contains(note));
    table_view(Part::Similarity, &alike.id, sentences, &sheet, None)
}

fn side_by_side(part: Part, across: &Across) -> TableView {
    let paper = across_beside_the_paper(across);
    table_view(part, &across.id, Vec::new(), &across.sheet(), paper)
}

fn table_view(
    part: Part,
    id: &str,
    sentences: Vec<String>,
    sheet: &Sheet,
    paper: Option<Sheet>,
) -> TableView {
    let id = format!("{}-{id}", part.name());
    TableView {
        title: sheet.title.clone(),
        sentences,
        grid: Grid::of(format!("{id}-grid"), sheet),
        paper: paper.map(|sheet| Grid::of(format!("{id}-paper"), &sheet)),
        id,
    }
}

/// The figures, those of one number together.
fn figures(prints: &[Print]) -> Vec<FigureView<'_>> {
    let same = |a: &Print, b: &Print| a.figure == b.figure;
    prints
        .chunk_by(same)
        .map(|prints| FigureView {
            id: prints[0].figure.trim_start_matches("fig"),
            heading: prints[0].heading(),
            prints: prints.iter().map(print_view).collect(),
        })
        .collect()
}

fn print_view(print: &Print) -> PrintView<'_> {
    PrintView {
        stem: &print.stem,
        title: &print.title,
        caption: &print.caption,
        drawing: print.inline(),
    }
}

fn sheets<'a>(prints: impl Iterator<Item = &'a Print>) -> BTreeMap<&'a str, &'a str> {
    prints.map(|print| (&*print.stem, &*print.csv)).collect()
}
