//! How the page is made: the table's Parquet, the bundle and a few facts in one HTML file.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use minijinja::{Environment, context};
use nbz_space::Dataset;
use nbz_table::Table;
use nbz_table::export::{Effort, parquet_bytes_with};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::columns::{OwnColumn, frame};
use crate::error::Result;

const TEMPLATE: &str = include_str!("template/page.html");
const STYLE: &str = include_str!("../bundle/explorer.css");
const SCRIPT: &str = include_str!("../bundle/explorer.js");

/// How every page begins, by which it is known from other people's.
pub const BEGINNING: &str = "<!DOCTYPE html>\n<!-- nbzero explorer -->\n";

/// Everything that a page holds.
#[derive(Debug, Clone)]
pub struct Explorer {
    title: String,
    facts: String,
    table: Vec<u8>,
}

/// What the page's program is told beside the table.
#[derive(Serialize)]
struct Facts<'a> {
    version: &'static str,
    /// The data set shown first.
    dataset: Option<&'a str>,
    /// Pixels on a side of each data set's images; drawings are for 32.
    sides: BTreeMap<&'static str, usize>,
}

impl Explorer {
    /// A page of a table; `dataset` is shown first, scores of one's own stand among its proxies.
    ///
    /// ```
    /// use nbz_explore::Explorer;
    /// use nbz_table::Table;
    ///
    /// let page = Explorer::new(&Table::nas_bench_macro(), Some("cifar10"), &[])?.html();
    /// assert!(page.starts_with(nbz_explore::BEGINNING));
    /// # Ok::<(), nbz_explore::ExploreError>(())
    /// ```
    ///
    /// # Errors
    /// A table without accuracies, or one that cannot be read.
    ///
    /// # Panics
    /// Never: strings and numbers are always JSON.
    pub fn new(table: &Table, dataset: Option<&str>, own: &[OwnColumn]) -> Result<Self> {
        table.schema().accuracy_on(dataset)?;
        let facts = Facts {
            version: env!("CARGO_PKG_VERSION"),
            dataset,
            sides: Dataset::ALL.map(|d| (d.name(), d.resolution())).into(),
        };
        let facts = serde_json::to_string(&facts).expect("strings and numbers are JSON");
        Ok(Self {
            title: table.name().to_owned(),
            // Inside an element of HTML no text may close it.
            facts: facts.replace('<', "\\u003c"),
            table: parquet_bytes_with(&frame(table, dataset, own)?, Effort::Quick)?,
        })
    }

    /// The page: the same bytes for the same table.
    ///
    /// # Panics
    /// Never: the template is part of the program, and takes every view.
    pub fn html(&self) -> String {
        let mut environment = Environment::new();
        environment
            .add_template("page.html", TEMPLATE)
            .expect("the template is committed with a test that parses it");
        let template = environment
            .get_template("page.html")
            .expect("it was added above");
        let page = template.render(context! {
            beginning => BEGINNING,
            title => self.title.as_str(),
            version => env!("CARGO_PKG_VERSION"),
            style => STYLE,
            script => SCRIPT,
            script_digest => BASE64.encode(Sha256::digest(SCRIPT)),
            facts => self.facts.as_str(),
            table => BASE64.encode(&self.table),
        });
        page.expect("the template takes every view")
    }
}
