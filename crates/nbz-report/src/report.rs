//! A report: the tables of the paper on a set of benchmark tables, and the folder they are written to.
//!
//! ```text
//! OUT/README.md                   what was computed on what, and what it says
//! OUT/table1/POOL.{md,csv,json}   every proxy on one pool
//! OUT/table2/TABLE.{md,csv,json}  one table's data sets side by side
//! OUT/table3/spaces.{md,csv,json} the spaces side by side
//! OUT/paper/POOL.{md,csv}         the paper's numbers beside ours
//! ```
//!
//! Every file is written whole or not at all, and holds the same bytes on every run.

use std::path::{Path, PathBuf};

use nbz_study::{Reading, Recipe};
use nbz_table::{Table, atomic};
use serde::Serialize;

use crate::{
    across::Across,
    cache::assess_cached,
    candidates::{Candidates, selections_of},
    compare::beside_the_paper,
    error::{ReportError, Result},
    row::{RowKind, Table1},
    sheet::{Cell, Sheet},
    summary::sentences,
};

/// A part of a report that can be asked for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Every proxy on each pool, with the paper's numbers beside.
    Table1,
    /// Across the data sets of a table.
    Table2,
    /// Across the spaces.
    Table3,
}

impl Part {
    /// All parts.
    pub const ALL: [Part; 3] = [Part::Table1, Part::Table2, Part::Table3];

    /// The name by which it is asked for.
    pub const fn name(self) -> &'static str {
        match self {
            Part::Table1 => "table1",
            Part::Table2 => "table2",
            Part::Table3 => "table3",
        }
    }

    /// The parts of some names; `all` and no name at all are every part.
    ///
    /// # Errors
    /// [`ReportError::UnknownPart`].
    pub fn named<S: AsRef<str>>(names: &[S]) -> Result<Vec<Part>> {
        if names.is_empty() || names.iter().any(|n| n.as_ref() == "all") {
            return Ok(Self::ALL.to_vec());
        }
        let find = |name: &S| {
            let name = name.as_ref();
            let part = Self::ALL.into_iter().find(|part| part.name() == name);
            part.ok_or_else(|| ReportError::UnknownPart {
                name: name.to_owned(),
            })
        };
        let mut parts = names.iter().map(find).collect::<Result<Vec<_>>>()?;
        parts.sort_unstable();
        parts.dedup();
        Ok(parts)
    }
}

/// How a report is computed.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// How raw scores are read.
    pub reading: Reading,
    /// How intervals are drawn.
    pub recipe: Recipe,
    /// Where finished pools are kept, keyed by all that they depend on; `None` keeps nothing.
    pub cache: Option<PathBuf>,
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
}

impl Report {
    /// Computes all parts on the given tables, in their order; `started` hears of each pool.
    ///
    /// # Errors
    /// A table that cannot be read or measured.
    pub fn compute(
        tables: &[Table],
        settings: &Settings,
        mut started: impl FnMut(&str),
    ) -> Result<Self> {
        let mut table1 = Vec::new();
        for table in tables {
            for selection in selections_of(table)? {
                started(&selection.title);
                let candidates = Candidates::read(table, &selection)?;
                table1.push(assess_cached(&candidates, settings)?);
            }
        }
        Ok(Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            table2: across_datasets(&table1),
            table3: across_spaces(&table1),
            table1,
        })
    }

    /// Writes the parts asked for into a folder, which is made if it is absent; returns the files.
    ///
    /// # Errors
    /// A folder that cannot be made or a file that cannot be written.
    pub fn write(&self, folder: &Path, parts: &[Part]) -> Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        let mut put = |name: String, bytes: Vec<u8>| -> Result<()> {
            let path = folder.join(name);
            let parent = path.parent().unwrap_or(folder);
            std::fs::create_dir_all(parent).map_err(|source| ReportError::Folder {
                path: parent.to_owned(),
                source,
            })?;
            atomic::write_bytes(&path, &bytes)?;
            files.push(path);
            Ok(())
        };
        if parts.contains(&Part::Table1) {
            for table in &self.table1 {
                let id = &table.id;
                put_all(&mut put, &format!("table1/{id}"), &table.sheet(), table)?;
                if let Some(sheet) = beside_the_paper(table) {
                    put(format!("paper/{id}.md"), sheet.markdown().into_bytes())?;
                    put(format!("paper/{id}.csv"), sheet.csv())?;
                }
            }
        }
        for (part, tables) in [(Part::Table2, &self.table2), (Part::Table3, &self.table3)] {
            if parts.contains(&part) {
                for across in tables {
                    let stem = format!("{}/{}", part.name(), across.id);
                    put_all(&mut put, &stem, &across.sheet(), across)?;
                }
            }
        }
        put("README.md".to_owned(), self.index(parts).into_bytes())?;
        Ok(files)
    }

    /// The overview that a reader opens first.
    pub fn index(&self, parts: &[Part]) -> String {
        let mut out = format!(
            "# nbzero report\n\nMade by nbzero {}. Every number below comes from the tables named; \
             files of the same name in CSV and JSON hold them in full.\n",
            self.version
        );
        if parts.contains(&Part::Table1) {
            for table in &self.table1 {
                out += &format!("\n## {}\n\n", table.title);
                for sentence in sentences(table) {
                    out += &format!("- {sentence}\n");
                }
                out += &format!("- {}.\n", table.provenance);
                out += &format!(
                    "- Full table: [table1/{id}.md](table1/{id}.md).\n",
                    id = table.id
                );
            }
        }
        for (part, tables) in [(Part::Table2, &self.table2), (Part::Table3, &self.table3)] {
            if parts.contains(&part) {
                for across in tables {
                    let (part, id) = (part.name(), &across.id);
                    out += &format!("\n## {}\n\n{}", across.title, across.sheet().grid());
                    out += &format!("\nFull table: [{part}/{id}.md]({part}/{id}.md).\n");
                }
            }
        }
        out
    }
}

fn put_all<T: Serialize>(
    put: &mut impl FnMut(String, Vec<u8>) -> Result<()>,
    stem: &str,
    sheet: &Sheet,
    data: &T,
) -> Result<()> {
    put(format!("{stem}.md"), sheet.markdown().into_bytes())?;
    put(format!("{stem}.csv"), sheet.csv())?;
    let mut json = serde_json::to_vec_pretty(data).expect("plain data has a JSON form");
    json.push(b'\n');
    put(format!("{stem}.json"), json)
}

/// Each table that has several data sets, on the pools that share the most proxies.
fn across_datasets(tables: &[Table1]) -> Vec<Across> {
    let mut names: Vec<&str> = tables.iter().map(|t| t.table.as_str()).collect();
    names.dedup();
    let mut out = Vec::new();
    for name in names {
        let proxies = |t: &Table1| t.rows.iter().filter(|r| r.kind == RowKind::Proxy).count();
        let of_table: Vec<&Table1> = tables.iter().filter(|t| t.table == name).collect();
        let mut counts: Vec<usize> = of_table.iter().map(|t| proxies(t)).collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        counts.dedup();
        for count in counts {
            let pools: Vec<&Table1> = of_table
                .iter()
                .copied()
                .filter(|t| proxies(t) == count)
                .collect();
            if pools.len() > 1 {
                let id = format!("{name}__{count}-proxies");
                let title = format!("Data sets of {name}, {count} proxies");
                let label = |t: &Table1| t.dataset.clone().unwrap_or_default();
                out.push(Across::of(&id, &title, &pools, label));
            }
        }
    }
    out
}

/// The widest pool of each table (the first of its data sets), if there are two tables or more.
fn across_spaces(tables: &[Table1]) -> Vec<Across> {
    let mut pools: Vec<&Table1> = Vec::new();
    for table in tables {
        match pools.iter_mut().find(|p| p.table == table.table) {
            None => pools.push(table),
            Some(pool) if pool.dataset == table.dataset && pool.networks < table.networks => {
                *pool = table;
            }
            Some(_) => {}
        }
    }
    if pools.len() < 2 {
        return Vec::new();
    }
    let label = |t: &Table1| match &t.dataset {
        Some(dataset) => format!("{} ({dataset})", t.table),
        None => t.table.clone(),
    };
    vec![Across::of("spaces", "Spaces side by side", &pools, label)]
}

impl Table1 {
    /// The table as a grid, a line a proxy.
    pub fn sheet(&self) -> Sheet {
        let share = |i: usize| format!("acc {}%", 100 * (i + 1) / self.limits.len().max(1));
        let mut header: Vec<String> = ["proxy", "LC", "LC of ln", "KD", "SR", "mBR", "mBR by row"]
            .map(str::to_owned)
            .to_vec();
        header.extend((0..self.limits.len()).map(share));
        header.extend(["NaN", "inf", "better", "provenance"].map(str::to_owned));
        let rows = self
            .rows
            .iter()
            .map(|row| {
                let mut cells = vec![
                    Cell::text(&row.name),
                    Cell::Estimate(row.lc, 3),
                    Cell::Number(row.lc_log, 3),
                    Cell::Estimate(row.kd, 3),
                    Cell::Estimate(row.sr, 3),
                    Cell::Estimate(row.mbr_ties, 3),
                    Cell::Number(row.mbr, 3),
                ];
                cells.extend(row.accuracy.iter().map(|e| Cell::Estimate(*e, 2)));
                cells.extend([
                    Cell::Count(row.n_nan),
                    Cell::Count(row.n_inf),
                    Cell::text(&row.direction),
                    Cell::text(&row.provenance),
                ]);
                cells
            })
            .collect();
        let mut notes = vec![
            format!(
                "{} networks of {} distinct ones",
                self.networks, self.distinct
            ),
            format!(
                "accuracy (percent) found at 20 to 100 % of the range of {}: limits {}, feasible {}",
                self.budget,
                listed(&self.limits),
                listed(&self.feasible)
            ),
            format!("scores read as: {}", self.reading),
            "mBR averages over all tied picks; `mBR by row` takes the first by row".to_owned(),
            format!(
                "intervals are 95 % and speak of other networks of the same space, not of other \
                 trainings: LC, KD, SR by the jackknife; mBR and accuracy by {} half-samples \
                 without replacement, seed {}",
                self.recipe.draws, self.recipe.seed
            ),
            self.provenance.clone(),
        ];
        notes.extend(sentences(self));
        Sheet {
            title: format!("Table 1 on {}", self.title),
            header,
            rows,
            notes,
        }
    }
}

fn listed<T: ToString>(items: &[T]) -> String {
    items
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
