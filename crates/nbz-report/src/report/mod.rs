//! A report: the tables of the paper on a set of benchmark tables, and the folder they are written to.
//!
//! ```text
//! OUT/README.md                   what was computed on what, and what it says
//! OUT/table1/POOL.{md,csv,json}   every proxy on one pool
//! OUT/table2/TABLE.{md,csv,json}  one table's data sets side by side
//! OUT/table3/spaces.{md,csv,json} the spaces side by side
//! OUT/paper/NAME.{md,csv,json}    the paper's numbers beside ours, for Tables 1 and 2
//! OUT/claims.{md,csv,json}        the paper's claims, tested on every pool
//! OUT/standing/POOL.{md,csv,json} which proxies of a pool are ahead of its costs
//! OUT/similarity/POOL.{md,csv,json} which scores of a pool rank alike
//! ```
//!
//! Every file is written whole or not at all, and holds the same bytes on every run.

mod folder;
mod index;
mod spoken;

use std::path::PathBuf;

use nbz_study::{PAPER_BUDGETS, Reading, Recipe};
use nbz_table::Table;
use serde::Serialize;

use crate::{
    across::Across,
    alike::Alike,
    cache::{alike_cached, assess_cached, standing_cached},
    candidates::Candidates,
    claims::Findings,
    error::{ReportError, Result},
    file_name::file_name,
    left_out::LeftOut,
    part::Part,
    pools::{has_accuracies, pools_of},
    row::Table1,
    side_by_side::{across_datasets, across_spaces},
    standing::Standing,
};

/// How a report is computed.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How raw scores are read.
    pub reading: Reading,
    /// How intervals are drawn.
    pub recipe: Recipe,
    /// How many even limits each cost gets between its smallest and its largest value; at least one.
    pub budgets: usize,
    /// Where finished pools are kept, keyed by all that they depend on; `None` keeps nothing.
    pub cache: Option<PathBuf>,
}

impl Default for Settings {
    /// Raw values, the default recipe, the paper's five budgets, no cache.
    fn default() -> Self {
        Self {
            reading: Reading::default(),
            recipe: Recipe::default(),
            budgets: PAPER_BUDGETS,
            cache: None,
        }
    }
}

/// The tables of the paper on a set of benchmark tables.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Version of this program.
    pub version: String,
    /// Every pool.
    pub table1: Vec<Table1>,
    /// Each table with several data sets.
    pub table2: Vec<Across>,
    /// The spaces beside each other, if there are two or more.
    pub table3: Vec<Across>,
    /// The paper's claims, if they were asked for.
    pub claims: Option<Findings>,
    /// How the proxies of each pool stand, if that was asked for.
    pub standings: Vec<Standing>,
    /// Which scores of each pool rank alike, if that was asked for.
    pub alike: Vec<Alike>,
    /// What the tables hold and the report does not.
    pub left_out: Vec<LeftOut>,
}

impl Report {
    /// Computes the tables of the paper on the given tables, in their order, and the claims if `parts` asks for them;
    /// `started` hears of each pool: its number from 1, how many there are, and its title.
    ///
    /// `scores` are tables without accuracies: claims on what scores depend on are tested on them, and nothing else is
    /// asked of them.
    ///
    /// What cannot be read or measured is left out and named in [`Report::left_out`], so that one bad table does not
    /// cost the others.
    ///
    /// # Errors
    /// [`ReportError::SameName`].
    pub fn compute(
        tables: &[Table],
        scores: &[Table],
        parts: &[Part],
        settings: &Settings,
        mut started: impl FnMut(usize, usize, &str),
    ) -> Result<Self> {
        refuse_namesakes(tables)?;
        let mut pools = Vec::new();
        // Without accuracies there are claims on scores, and Figure 7, which is no part of this.
        let needs_accuracies = parts.iter().any(|part| *part != Part::Claims);
        let mut left_out = Vec::new();
        for table in tables
            .iter()
            .filter(|table| needs_accuracies || has_accuracies(table))
        {
            match pools_of(table) {
                Ok(found) => {
                    left_out.extend(found.left_out);
                    pools.extend(found.selections.into_iter().map(|s| (table, s)));
                }
                Err(error) => left_out.push(LeftOut::failed(table.name(), &error)),
            }
        }
        let (mut table1, mut read) = (Vec::new(), Vec::new());
        for (at, (table, selection)) in pools.iter().enumerate() {
            started(at + 1, pools.len(), &selection.title);
            let measured = Candidates::read(table, selection).and_then(|candidates| {
                table1.push(assess_cached(&candidates, settings)?);
                read.push(candidates);
                Ok(())
            });
            if let Err(error) = measured {
                left_out.push(LeftOut::failed(&selection.title, &error));
            }
        }
        let mut claims = None;
        if parts.contains(&Part::Claims) {
            let places = pools.len().max(1);
            started(places, places, "the paper's claims on all of them");
            let bare = tables.iter().filter(|table| !has_accuracies(table));
            claims = spoken::claims(&read, bare.chain(scores), settings, &mut left_out);
        }
        let standings = of_each(
            &read,
            parts.contains(&Part::Standing),
            "the costs beside",
            |candidates| standing_cached(candidates, settings),
            &mut started,
            &mut left_out,
        );
        let alike = of_each(
            &read,
            parts.contains(&Part::Similarity),
            "the scores of",
            |candidates| alike_cached(candidates, settings),
            &mut started,
            &mut left_out,
        );
        Ok(Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            table2: across_datasets(&table1),
            table3: across_spaces(&table1),
            table1,
            claims,
            standings,
            alike,
            left_out,
        })
    }
}

/// What is measured of every pool that was read, if it was asked for; a pool that cannot be measured is left out.
fn of_each<T>(
    read: &[Candidates],
    is_asked: bool,
    what: &str,
    measure: impl Fn(&Candidates) -> Result<Option<T>>,
    started: &mut impl FnMut(usize, usize, &str),
    left_out: &mut Vec<LeftOut>,
) -> Vec<T> {
    let mut found = Vec::new();
    let asked = read.iter().filter(|_| is_asked);
    for (at, candidates) in asked.enumerate() {
        let title = format!("{what} {}", candidates.selection.title);
        started(at + 1, read.len(), &title);
        match measure(candidates) {
            Ok(one) => found.extend(one),
            Err(error) => left_out.push(LeftOut::failed(title, &error)),
        }
    }
    found
}

/// Two tables of one name would write the same files.
fn refuse_namesakes(tables: &[Table]) -> Result<()> {
    let name = |table: &Table| match &table.schema().space {
        // Figure 7 tells scores by their space.
        Some(space) if !has_accuracies(table) => format!("{} of {space}", table.name()),
        _ => table.name().to_owned(),
    };
    let mut names: Vec<String> = tables.iter().map(|t| file_name(&name(t))).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(ReportError::SameName {
            name: pair[0].clone(),
        }),
        None => Ok(()),
    }
}
