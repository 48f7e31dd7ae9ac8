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

use std::path::{Path, PathBuf};

use nbz_study::{PAPER_BUDGETS, Reading, Recipe};
use nbz_table::{Table, atomic};
use serde::Serialize;

use crate::{
    across::Across,
    alike::Alike,
    cache::{alike_cached, assess_cached, claims_cached, standing_cached},
    candidates::Candidates,
    claims::Findings,
    compare::{across_beside_the_paper, beside_the_paper},
    error::{ReportError, Result},
    file_name::file_name,
    left_out::LeftOut,
    part::Part,
    pools::{has_accuracies, pools_of},
    row::Table1,
    sheet::Sheet,
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
    /// Computes the tables of the paper on the given tables, in their order, and the claims if `parts` asks
    /// for them; `started` hears of each pool: its number from 1, how many there are, and its title.
    ///
    /// What cannot be read or measured is left out and named in [`Report::left_out`], so that one bad table does not
    /// cost the others.
    ///
    /// # Errors
    /// [`ReportError::SameName`].
    pub fn compute(
        tables: &[Table],
        parts: &[Part],
        settings: &Settings,
        mut started: impl FnMut(usize, usize, &str),
    ) -> Result<Self> {
        refuse_namesakes(tables)?;
        let mut pools = Vec::new();
        // Scores alone can be measured on nothing, but Figure 7 shows what they depend on.
        let only_figures = parts.is_empty();
        let mut left_out = Vec::new();
        for table in tables
            .iter()
            .filter(|table| !only_figures || has_accuracies(table))
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
        if parts.contains(&Part::Claims) && !read.is_empty() {
            let title = "the paper's claims on all of them";
            started(pools.len(), pools.len(), title);
            match claims_cached(&read, settings) {
                Ok(found) => claims = Some(found),
                Err(error) => left_out.push(LeftOut::failed(title, &error)),
            }
        }
        let mut standings = Vec::new();
        if parts.contains(&Part::Standing) {
            for (at, candidates) in read.iter().enumerate() {
                let title = format!("the costs beside {}", candidates.selection.title);
                started(at + 1, pools.len(), &title);
                match standing_cached(candidates, settings) {
                    Ok(found) => standings.extend(found),
                    Err(error) => left_out.push(LeftOut::failed(title, &error)),
                }
            }
        }
        let mut alike = Vec::new();
        if parts.contains(&Part::Similarity) {
            for (at, candidates) in read.iter().enumerate() {
                let title = format!("the scores of {}", candidates.selection.title);
                started(at + 1, pools.len(), &title);
                match alike_cached(candidates, settings) {
                    Ok(found) => alike.extend(found),
                    Err(error) => left_out.push(LeftOut::failed(title, &error)),
                }
            }
        }
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

    /// Writes the parts asked for into a folder, which is made if it is absent; returns the files. `more` is
    /// Markdown that the overview ends with, for what others wrote into the folder.
    ///
    /// # Errors
    /// A folder that cannot be made or a file that cannot be written.
    pub fn write(&self, folder: &Path, parts: &[Part], more: &str) -> Result<Vec<PathBuf>> {
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
                    put_comparison(&mut put, id, &sheet)?;
                }
            }
        }
        for (part, tables) in [(Part::Table2, &self.table2), (Part::Table3, &self.table3)] {
            if parts.contains(&part) {
                for across in tables {
                    let stem = format!("{}/{}", part.name(), across.id);
                    put_all(&mut put, &stem, &across.sheet(), across)?;
                    if let Some(sheet) = across_beside_the_paper(across) {
                        put_comparison(&mut put, &across.id, &sheet)?;
                    }
                }
            }
        }
        if let Some(claims) = &self.claims {
            put("claims.md".to_owned(), claims.page().into_bytes())?;
            put("claims.csv".to_owned(), claims.sheet().csv())?;
            put("claims.json".to_owned(), json_of(claims))?;
        }
        for standing in &self.standings {
            let stem = format!("standing/{}", standing.id);
            put(format!("{stem}.md"), standing.page().into_bytes())?;
            put(format!("{stem}.csv"), standing.sheet().csv())?;
            put(format!("{stem}.json"), json_of(standing))?;
        }
        for alike in &self.alike {
            let stem = format!("{}/{}", Part::Similarity.name(), alike.id);
            put_all(&mut put, &stem, &alike.sheet(), alike)?;
        }
        put(
            "README.md".to_owned(),
            (self.index(parts) + more).into_bytes(),
        )?;
        Ok(files)
    }

    /// The overview that a reader opens first.
    pub fn index(&self, parts: &[Part]) -> String {
        let mut out = format!(
            "# nbzero report\n\nMade by nbzero {}. Every number below comes from the tables named; \
             files of the same name in CSV and JSON hold them in full.\n",
            self.version
        );
        if !self.left_out.is_empty() {
            out += "\n## Left out\n\n";
            for left_out in &self.left_out {
                out += &format!("- {left_out}.\n");
            }
        }
        if parts.contains(&Part::Table1) {
            for table in &self.table1 {
                out += &format!("\n## {}\n\n", table.title);
                for sentence in table.summary().sentences() {
                    out += &format!("- {sentence}\n");
                }
                out += &format!("- {}.\n", table.provenance);
                out += &format!(
                    "- Full table: [table1/{id}.md](table1/{id}.md).\n",
                    id = table.id
                );
                out += &paper_link(&table.id, beside_the_paper(table).as_ref());
            }
        }
        for (part, tables) in [(Part::Table2, &self.table2), (Part::Table3, &self.table3)] {
            if parts.contains(&part) {
                if tables.is_empty() {
                    out += &format!("\n## {}\n\n{}\n", part.heading(), part.why_empty());
                }
                for across in tables {
                    let (part, id) = (part.name(), &across.id);
                    out += &format!("\n## {}\n\n{}", across.title, across.sheet().grid());
                    out += &format!("\n- Full table: [{part}/{id}.md]({part}/{id}.md).\n");
                    out += &paper_link(id, across_beside_the_paper(across).as_ref());
                }
            }
        }
        if let Some(claims) = &self.claims {
            let heading = Part::Claims.heading();
            out += &format!("\n## {heading}\n\n{}", claims.overview().grid());
            out += "\n- Every number and rule: [claims.md](claims.md).\n";
        }
        for standing in &self.standings {
            let (heading, id) = (Part::Standing.heading(), &standing.id);
            out += &format!("\n## {heading}: {}\n\n", standing.title);
            for sentence in standing.sentences() {
                out += &format!("- {sentence}\n");
            }
            out += &format!("- Every number and rule: [standing/{id}.md](standing/{id}.md).\n");
        }
        for alike in &self.alike {
            let (heading, part) = (Part::Similarity.heading(), Part::Similarity.name());
            out += &format!(
                "\n## {heading}: {}\n\n{}\n",
                alike.title,
                alike.sheet().grid()
            );
            for sentence in alike.sentences() {
                out += &format!("- {sentence}\n");
            }
            let id = &alike.id;
            out += &format!("- All pairs: [{part}/{id}.csv]({part}/{id}.csv).\n");
        }
        out
    }
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

fn put_all<T: Serialize>(
    put: &mut impl FnMut(String, Vec<u8>) -> Result<()>,
    stem: &str,
    sheet: &Sheet,
    data: &T,
) -> Result<()> {
    put_sheet(put, stem, sheet)?;
    put(format!("{stem}.json"), json_of(data))
}

fn json_of<T: Serialize>(data: &T) -> Vec<u8> {
    let mut json = serde_json::to_vec_pretty(data).expect("plain data has a JSON form");
    json.push(b'\n');
    json
}

fn put_sheet(
    put: &mut impl FnMut(String, Vec<u8>) -> Result<()>,
    stem: &str,
    sheet: &Sheet,
) -> Result<()> {
    put(format!("{stem}.md"), sheet.markdown().into_bytes())?;
    put(format!("{stem}.csv"), sheet.csv())
}

fn put_comparison(
    put: &mut impl FnMut(String, Vec<u8>) -> Result<()>,
    id: &str,
    sheet: &Sheet,
) -> Result<()> {
    put_sheet(put, &format!("paper/{id}"), sheet)?;
    put(format!("paper/{id}.json"), sheet.json())
}

/// The line that leads to a comparison with the paper, if there is one.
fn paper_link(id: &str, sheet: Option<&Sheet>) -> String {
    match sheet {
        Some(_) => format!("- Beside the paper's numbers: [paper/{id}.md](paper/{id}.md).\n"),
        None => String::new(),
    }
}
