//! The folder of a report: every table as Markdown, CSV and JSON.

use std::path::{Path, PathBuf};

use nbz_table::atomic;
use serde::Serialize;

use super::Report;
use crate::compare::{across_beside_the_paper, beside_the_paper};
use crate::error::{ReportError, Result};
use crate::part::Part;
use crate::sheet::Sheet;

impl Report {
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
