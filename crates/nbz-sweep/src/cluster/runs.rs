//! A folder of runs: where everything stands.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use super::part::{self, Found};
use super::plan::{Plan, create_folder};
use crate::error::{Result, SweepError};

/// A folder of runs of one plan.
#[derive(Debug)]
pub struct Runs {
    root: PathBuf,
    plan: Plan,
}

impl Runs {
    /// Makes or takes a folder for a plan.
    ///
    /// # Errors
    /// [`SweepError::OtherPlan`] if the folder is of another plan; [`SweepError::File`].
    pub fn begin(root: &Path, plan: Plan) -> Result<Self> {
        plan.write(&root.join("plan"))?;
        for folder in ["parts", "open", "claims", "logs", "submissions"] {
            create_folder(&root.join(folder))?;
        }
        Ok(Self {
            root: root.to_owned(),
            plan,
        })
    }

    /// Opens a folder that some worker has begun.
    ///
    /// # Errors
    /// [`SweepError::NotRuns`] if there is none.
    pub fn open(root: &Path) -> Result<Self> {
        let plan = Plan::open(&root.join("plan")).map_err(|error| match error {
            SweepError::NoPlan { .. } => SweepError::NotRuns {
                path: root.to_owned(),
            },
            other => other,
        })?;
        Ok(Self {
            root: root.to_owned(),
            plan,
        })
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn part_file(&self, part: usize) -> PathBuf {
        self.root.join("parts").join(format!("{part:06}.part"))
    }

    pub(super) fn open_folder(&self, part: usize) -> PathBuf {
        self.root.join("open").join(format!("{part:06}"))
    }

    pub(super) fn claim_file(&self, part: usize) -> PathBuf {
        self.root.join("claims").join(format!("{part:06}"))
    }

    /// The parts that stand there.
    pub(super) fn written(&self) -> Result<HashSet<usize>> {
        self.numbers("parts", ".part")
    }

    /// The parts that somebody claims.
    pub(super) fn claimed(&self) -> Result<HashSet<usize>> {
        self.numbers("claims", "")
    }

    /// The parts of which there are journals.
    pub(super) fn begun(&self) -> Result<HashSet<usize>> {
        self.numbers("open", "")
    }

    fn numbers(&self, folder: &str, ending: &str) -> Result<HashSet<usize>> {
        let path = self.root.join(folder);
        let names = names(&path).map_err(|e| cannot_read(&path, e))?;
        let number = |name: &String| {
            let number: usize = name.strip_suffix(ending)?.parse().ok()?;
            let is_name = *name == format!("{number:06}{ending}");
            (is_name && number < self.plan.units().parts().len()).then_some(number)
        };
        Ok(names.iter().filter_map(number).collect())
    }

    /// Removes claims that were moved aside by workers that died over it.
    pub(super) fn remove_aside(&self) {
        let folder = self.root.join("claims");
        for name in names(&folder).unwrap_or_default() {
            if name.contains(".dead.") {
                let _ = std::fs::remove_file(folder.join(name));
            }
        }
    }

    /// What a written part says; nothing if it does not stand there.
    pub(super) fn part(&self, part: usize) -> Result<Option<Found>> {
        let path = self.part_file(part);
        match part::read(&path, self.plan.digest(), part) {
            Ok(mut found) => {
                found.is_whole &= self.is_all_of(part, &found);
                Ok(Some(found))
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(cannot_read(&path, e)),
        }
    }

    /// Whether a part has every unit of its own once, and no other.
    fn is_all_of(&self, part: usize, found: &Found) -> bool {
        let (units, all) = (&self.plan.units().parts()[part], self.plan.units().all());
        let mut places: Vec<usize> = found.entries.iter().map(|e| e.unit).collect();
        places.sort_unstable();
        let named = |e: &super::Entry| all.get(e.unit).is_some_and(|unit| unit.id == e.id);
        places == *units && found.entries.iter().all(named)
    }

    /// What all journals of a part say together.
    pub(super) fn journals(&self, part: usize) -> Result<Found> {
        let folder = self.open_folder(part);
        let mut names = match names(&folder) {
            Ok(names) => names,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Found::default()),
            Err(e) => return Err(cannot_read(&folder, e)),
        };
        names.sort_unstable();
        let mut all = Found::default();
        for name in names {
            let path = folder.join(name);
            match part::read(&path, self.plan.digest(), part) {
                Ok(found) => all.take(found),
                // Another worker has just ended the part.
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(cannot_read(&path, e)),
            }
        }
        let units = &self.plan.units().parts()[part];
        all.entries.retain(|e| units.binary_search(&e.unit).is_ok());
        Ok(all)
    }
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = std::fs::read_dir(folder)?;
    let name = |entry: io::Result<std::fs::DirEntry>| {
        entry.map(|e| e.file_name().to_string_lossy().into_owned())
    };
    entries.map(name).collect()
}

pub(super) fn cannot_read(path: &Path, source: io::Error) -> SweepError {
    SweepError::File {
        verb: "read",
        path: path.to_owned(),
        source,
    }
}
