//! What is studied: networks of one space, and the targets that have a value for every one of them.

use nbz_factors::{Design, FactorError, Importances, Scale};
use nbz_space::Arch;
use nbz_study::Recipe;
use nbz_table::{Column, Role, Table, sha256_hex};
use rayon::prelude::*;

use super::{ACCURACY, Factors};
use crate::error::{ReportError, Result};
use crate::paper::by_paper_name;

/// Proxies studied where none is named and the table has few of the paper's.
const MOST_TARGETS: usize = 12;

/// A target by the name that people see, with its values.
pub(crate) type Target = (String, Column<f64>);

/// Networks and targets, ready to be studied.
#[derive(Debug)]
pub(crate) struct Subject {
    table: String,
    dataset: Option<String>,
    pub(crate) space: String,
    among_others: bool,
    pub(crate) design: Design,
    pub(crate) archs: Vec<Arch>,
    pub(crate) targets: Vec<(String, Vec<f64>)>,
}

impl Subject {
    pub(super) fn of(table: &Table, dataset: Option<&str>, targets: &[Target]) -> Result<Self> {
        let (archs, rows) = known_networks(table, targets)?;
        Self::new(table.name(), dataset, &archs, values_at(targets, &rows))
    }

    /// One a space, in the order of the table; at least one.
    pub(crate) fn by_space(
        table: &Table,
        dataset: Option<&str>,
        targets: &[Target],
    ) -> Result<Vec<(String, Result<Self>)>> {
        let (archs, rows) = known_networks(table, targets)?;
        let mut spaces: Vec<(String, Vec<Arch>, Vec<usize>)> = Vec::new();
        for (arch, row) in archs.into_iter().zip(rows) {
            match spaces.iter_mut().find(|(space, ..)| space == arch.space()) {
                Some((_, archs, rows)) => {
                    archs.push(arch);
                    rows.push(row);
                }
                None => spaces.push((arch.space().to_owned(), vec![arch], vec![row])),
            }
        }
        if spaces.is_empty() {
            return Err(ReportError::NoKnownNetwork {
                table: table.name().to_owned(),
            });
        }
        let among_others = spaces.len() > 1;
        let of_space = |(space, archs, rows): (String, Vec<Arch>, Vec<usize>)| {
            let values = values_at(targets, &rows);
            let subject = Self::new(table.name(), dataset, &archs, values);
            let told = subject.map(|subject| Self {
                among_others,
                ..subject
            });
            (space, told)
        };
        Ok(spaces.into_iter().map(of_space).collect())
    }

    pub(super) fn new(
        table: &str,
        dataset: Option<&str>,
        archs: &[Arch],
        targets: Vec<(String, Vec<f64>)>,
    ) -> Result<Self> {
        let first = archs.first().ok_or_else(|| ReportError::NoKnownNetwork {
            table: table.to_owned(),
        })?;
        Ok(Self {
            table: table.to_owned(),
            dataset: dataset.map(str::to_owned),
            space: first.space().to_owned(),
            among_others: false,
            design: Design::of(archs)?,
            archs: archs.to_vec(),
            targets,
        })
    }

    pub(super) fn study(&self, scale: Scale, recipe: Recipe) -> Result<Factors> {
        let study = |(name, values): &(String, Vec<f64>)| {
            Importances::of(&self.design, name, values, scale, recipe)
        };
        let studied: Vec<nbz_factors::Result<Importances>> =
            self.targets.par_iter().map(study).collect();
        let (mut targets, mut left_out) = (Vec::new(), Vec::new());
        for found in studied {
            match found {
                Err(FactorError::Constant { target }) => left_out.push(target),
                found => targets.push(found?),
            }
        }
        if targets.is_empty() {
            let target = left_out.join(", ");
            return Err(FactorError::Constant { target }.into());
        }
        Ok(Factors {
            table: self.table.clone(),
            dataset: self.dataset.clone(),
            space: self.space.clone(),
            among_others: self.among_others,
            networks: self.design.networks(),
            constant: self.design.constant().to_vec(),
            left_out,
            targets,
        })
    }

    /// The digest of everything that the study depends on: of a network its stages, since the string of one of a space of
    /// one's own says no more than that space's file does.
    pub(crate) fn key(&self, scale: Scale, recipe: Recipe) -> String {
        let mut bytes = format!(
            "factors {} {:?} {:?} {} {scale:?} {recipe:?} {:?}\n",
            env!("CARGO_PKG_VERSION"),
            self.table,
            self.dataset,
            self.among_others,
            self.archs
        )
        .into_bytes();
        for (name, values) in &self.targets {
            bytes.extend(format!("{name:?}").into_bytes());
            bytes.extend(values.iter().flat_map(|v| v.to_bits().to_le_bytes()));
        }
        sha256_hex(&bytes)
    }
}

/// The distinct networks of a known space that have a value in every target, and their rows.
fn known_networks(table: &Table, targets: &[Target]) -> Result<(Vec<Arch>, Vec<usize>)> {
    let has_all = |row: &usize| targets.iter().all(|(_, column)| column.get(*row).is_some());
    let rows: Vec<usize> = table.distinct_rows()?.into_iter().filter(has_all).collect();
    let archs = table.archs_at(&rows)?;
    let known = archs.into_iter().zip(rows);
    Ok(known.filter_map(|(arch, row)| Some((arch?, row))).unzip())
}

fn values_at(targets: &[Target], rows: &[usize]) -> Vec<(String, Vec<f64>)> {
    let values = |column: &Column<f64>| column.at(rows).into_iter().flatten().collect();
    let targets = targets.iter();
    targets
        .map(|(name, column)| (name.clone(), values(column)))
        .collect()
}

/// The spaces of a table's networks, as far as they are known, in the order of its rows.
///
/// # Errors
/// A table that cannot be read.
pub fn spaces_of(table: &Table) -> Result<Vec<String>> {
    let mut spaces: Vec<String> = Vec::new();
    for arch in table.archs_at(&table.distinct_rows()?)?.iter().flatten() {
        if spaces.iter().all(|known| known != arch.space()) {
            spaces.push(arch.space().to_owned());
        }
    }
    Ok(spaces)
}

pub(crate) fn targets_of(
    table: &Table,
    dataset: Option<&str>,
    named: Option<&[String]>,
) -> Result<Vec<Target>> {
    let schema = table.schema();
    let accuracy = schema.accuracy_on(dataset).ok();
    let proxies: Vec<_> = schema.with_role(Role::Proxy, dataset).collect();
    if let Some(named) = named {
        let known = || {
            proxies
                .iter()
                .copied()
                .chain(schema.with_role(Role::Cost, dataset))
        };
        let of = |name: &String| {
            let column = match accuracy {
                Some(accuracy) if name == ACCURACY => Some(accuracy),
                _ => known().find(|p| p.base_name() == name || &p.name == name),
            };
            let column = column.ok_or_else(|| ReportError::NotAScore {
                table: table.name().to_owned(),
                column: name.clone(),
                known: accuracy
                    .map(|_| ACCURACY.to_owned())
                    .into_iter()
                    .chain(known().map(|p| p.base_name().to_owned()))
                    .collect(),
            })?;
            Ok((name.clone(), table.column_f64(&column.name)?))
        };
        return named.iter().map(of).collect();
    }
    let of_paper = by_paper_name(&proxies, |info| info.base_name());
    let mut chosen: Vec<(&str, &str)> = of_paper
        .into_iter()
        .map(|(name, info)| (name, info.name.as_str()))
        .collect();
    if chosen.len() < 3 {
        let first = proxies.iter().take(MOST_TARGETS);
        chosen = first
            .map(|info| (info.base_name(), info.name.as_str()))
            .collect();
    }
    let accuracy = accuracy.map(|info| (ACCURACY, info.name.as_str()));
    let all = accuracy.into_iter().chain(chosen);
    let read = |(name, column): (&str, &str)| Ok((name.to_owned(), table.column_f64(column)?));
    let all: Vec<Target> = all.map(read).collect::<Result<_>>()?;
    if all.is_empty() {
        return Err(ReportError::NotAScore {
            table: table.name().to_owned(),
            column: ACCURACY.to_owned(),
            known: Vec::new(),
        });
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use nbz_space::{Arch, Space};
    use nbz_study::Recipe;

    use super::{Scale, Subject};

    /// Oracle: another stem makes another first width in of networks with the same strings.
    #[test]
    fn networks_of_another_definition_have_another_key() {
        let of = |stem: &str| {
            let text = Space::builtin("r1").unwrap().toml().to_owned();
            let text = text.replace("name = \"r1\"", "name = \"own\"");
            let space = Space::from_toml(&text.replace("first_stage_up_to = 64", stem)).unwrap();
            let archs = space.draw(0).take(30).map(Arch::Staged);
            let archs: Vec<Arch> = archs.collect();
            let strings: Vec<String> = archs.iter().map(Arch::to_string).collect();
            let scores = (0..30).map(f64::from).collect();
            let subject = Subject::new("mine", None, &archs, vec![("zen".to_owned(), scores)]);
            (
                strings,
                subject.unwrap().key(Scale::Ranks, Recipe::default()),
            )
        };
        let (one, other) = (of("first_stage_up_to = 64"), of("width = 16"));
        assert_eq!(one.0, other.0);
        assert_ne!(one.1, other.1);
        assert_eq!(one, of("first_stage_up_to = 64"));
    }
}
