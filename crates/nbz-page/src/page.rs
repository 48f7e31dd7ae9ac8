//! What goes into a page, and how the page is made of it.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use minijinja::value::Serde;
use minijinja::{Environment, Value, context};
use nbz_figures::Print;
use nbz_report::Report;
use nbz_table::Schema;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::view::View;
use crate::words::{paragraphs, with_code};

const TEMPLATE: &str = include_str!("template/page.html");
const STYLE: &str = include_str!("template/style.css");
const SCRIPT: &str = include_str!("template/sort.js");
/// Of charts to point at, with plotly.js; made by the build of the explorer's page.
const CHARTS: &str = include_str!("../bundle/charts.js");

/// How every page begins, by which it is known from other people's.
pub const BEGINNING: &str = "<!DOCTYPE html>\n<!-- nbzero report -->\n";

/// How one number of the page is computed.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Method<'a> {
    /// Its name in tables.
    pub name: &'a str,
    /// One line.
    pub title: &'a str,
    /// The formula or the exact rule.
    pub formula: &'a str,
    /// What the formula leaves open.
    pub convention: &'a str,
    /// Where the definition comes from.
    pub source: &'a str,
}

/// Everything that a page shows.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The tables, claims and standings.
    pub report: &'a Report,
    /// The figures, those of one number beside each other.
    pub figures: &'a [Print],
    /// Of these, the ones that are also charts to point at: their numbers stand in the page once more.
    pub charts: &'a [&'a Print],
    /// Why figures are missing.
    pub missing: &'a [String],
    /// The tables that everything was computed on.
    pub sources: &'a [&'a Schema],
    /// How the numbers are computed.
    pub methods: &'a [Method<'a>],
}

impl Page<'_> {
    /// The page: the same bytes for the same numbers.
    ///
    /// # Panics
    /// Never: the template is part of the program, and takes every view.
    pub fn html(&self) -> String {
        rendered(View::of(self))
    }
}

/// A view as a page.
///
/// # Panics
/// Never: the template is part of the program, and takes every view.
pub(crate) fn rendered(view: View<'_>) -> String {
    let mut environment = Environment::new();
    environment.add_filter("code", |text: String| with_code(&text));
    environment.add_filter("paragraphs", |text: String| paragraphs(&text));
    environment
        .add_template("page.html", TEMPLATE)
        .expect("the template is committed with a test that parses it");
    let template = environment
        .get_template("page.html")
        .expect("it was added above");
    let digest = |script: &str| format!("'sha256-{}'", BASE64.encode(Sha256::digest(script)));
    let (mut scripts, mut charts, mut sheets) = (digest(SCRIPT), "", String::new());
    if !view.sheets.is_empty() {
        charts = CHARTS;
        scripts = format!("{scripts} {}", digest(CHARTS));
        sheets = data_block(&view.sheets);
    }
    let page = template.render(context! {
        view => Value::from(Serde(view)),
        beginning => BEGINNING,
        style => format!("{}\n{STYLE}", nbz_figures::font_face()),
        script => SCRIPT,
        scripts,
        charts,
        sheets,
    });
    page.expect("the template takes every view")
}

/// JSON that can stand inside an element `script`: none of its characters ends the element or begins a comment.
fn data_block(sheets: &BTreeMap<&str, &str>) -> String {
    let json = serde_json::to_string(sheets).expect("texts have a JSON form");
    json.replace('<', "\\u003c")
}
