//! A page of somebody's own scores: the same look, sections of their own.

use nbz_figures::Print;
use nbz_report::Sheet;
use nbz_table::Schema;

use crate::page::{Method, rendered};
use crate::view::View;

/// A section of such a page.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// Tables.
    pub sheets: Vec<Sheet>,
    /// Drawings below them.
    pub figures: Vec<Print>,
    /// Why drawings are missing.
    pub missing: Vec<String>,
}

/// Everything that such a page shows.
#[derive(Debug, Clone, Copy)]
pub struct OwnPage<'a> {
    /// Version of the program.
    pub version: &'a str,
    /// The page's heading.
    pub title: &'a str,
    /// What was measured on what.
    pub intro: &'a str,
    /// The sections, in order.
    pub sections: &'a [Section],
    /// The table that everything was computed on.
    pub source: &'a Schema,
    /// How the numbers are computed.
    pub methods: &'a [Method<'a>],
}

impl OwnPage<'_> {
    /// The page: the same bytes for the same numbers.
    pub fn html(&self) -> String {
        rendered(View::of_own(self))
    }
}
