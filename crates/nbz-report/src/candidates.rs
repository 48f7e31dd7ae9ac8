//! Candidates: the networks of one table and data set on which every row of a report table is computed.
//!
//! All proxies, costs and the oracle of one report table see the same networks: those in which every
//! listed proxy has a value (be it NaN), the accuracy and every cost is a number, and each network counted once. What
//! was left out is counted. Which pools a table has is told by [`crate::pools_of`].

use std::collections::BTreeMap;

use nbz_space::Arch;
use nbz_study::NoiseBound;
use nbz_table::{ColumnInfo, Direction, Kind, Provenance, Role, Table, Unit};

use crate::error::{ReportError, Result};
use crate::file_name::file_name;
use crate::lineup::Lineup;
use crate::noise;
use crate::present::{Present, trainings};

/// Which columns of which table make a pool.
#[derive(Debug, Clone)]
pub struct Selection {
    /// Short name used in file names, such as `nas-bench-201__cifar10__16-proxies`.
    pub id: String,
    /// What a reader sees above a table.
    pub title: String,
    /// The data set, if the table has several.
    pub dataset: Option<String>,
    /// Base names of the proxies; empty for costs alone.
    pub proxies: Vec<String>,
}

/// What is known of a score that no table has; in a line-up larger is better.
fn own_column(name: &str, dataset: Option<&str>) -> ColumnInfo {
    ColumnInfo {
        name: name.to_owned(),
        kind: Kind::Float,
        unit: Unit::None,
        meaning: "a score that was given".to_owned(),
        role: Role::Proxy,
        direction: Direction::Larger,
        dataset: dataset.map(str::to_owned),
        provenance: Provenance::Measured,
        source: String::new(),
        version: String::new(),
        licence: String::new(),
    }
}

/// One proxy or cost of a pool.
#[derive(Debug, Clone)]
pub struct Scored {
    /// The column's base name.
    pub name: String,
    /// One value a network; NaN is undefined.
    pub values: Vec<f64>,
    /// What the table says of the column.
    pub info: ColumnInfo,
}

impl Scored {
    /// Whether small values are the good ones as the authors meant the score.
    pub fn smaller_is_better(&self) -> bool {
        self.info.role == Role::Proxy && self.info.direction == Direction::Smaller
    }
}

/// The networks of one report table, column by column.
#[derive(Debug, Clone)]
pub struct Candidates {
    /// What was asked for.
    pub selection: Selection,
    /// Name of the table.
    pub table: String,
    /// The prefix of its architectures' strings, if its space is a known one.
    pub space: Option<String>,
    /// The row of the table of each network.
    pub rows: Vec<usize>,
    /// The networks; `None` for those of an unknown space.
    pub archs: Vec<Option<Arch>>,
    /// What the accuracy is and where it comes from.
    pub accuracy_info: ColumnInfo,
    /// Accuracy of each network, percent.
    pub accuracy: Vec<f64>,
    /// Accuracies of each network's single trainings, from columns such as `acc_1` or `test_acc_seed0`; empty where
    /// none are known.
    pub trainings: Vec<Vec<f64>>,
    /// Costs (`params`, `macs`, `depth`), in the table's order.
    pub costs: Vec<Scored>,
    /// Proxies in the order of the specification.
    pub proxies: Vec<Scored>,
    /// Distinct networks of the table, those outside the pool included.
    pub distinct: usize,
}

impl Candidates {
    /// Reads a pool from a table.
    ///
    /// # Errors
    /// A column that the table lacks, a table that cannot be read, or [`ReportError::EmptyPool`].
    pub fn read(table: &Table, selection: &Selection) -> Result<Self> {
        let Present {
            accuracy_info,
            accuracy,
            columns,
            costs,
            rows,
            distinct,
            ..
        } = Present::of(table, selection)?;
        if rows.is_empty() {
            return Err(ReportError::EmptyPool {
                pool: selection.id.clone(),
                table: table.name().to_owned(),
            });
        }
        let (schema, dataset) = (table.schema(), selection.dataset.as_deref());
        // Every row above is present in every column, so `flatten` drops nothing.
        let mut scored: Vec<Scored> = columns
            .into_iter()
            .map(|(info, column)| Scored {
                name: info.base_name().to_owned(),
                values: column.at(&rows).into_iter().flatten().collect(),
                info,
            })
            .collect();
        let proxies = scored.split_off(costs);
        Ok(Self {
            selection: selection.clone(),
            table: table.name().to_owned(),
            space: schema.space.clone(),
            accuracy: accuracy.at(&rows).into_iter().flatten().collect(),
            trainings: trainings(table, dataset, &rows)?,
            accuracy_info,
            costs: scored,
            proxies,
            distinct,
            archs: table.archs_at(&rows)?,
            rows,
        })
    }

    /// The networks of a line-up, with those of its scores that are named as the only proxies.
    ///
    /// # Errors
    /// As [`Candidates::read`].
    pub fn of_lineup(
        table: &Table,
        dataset: Option<&str>,
        lineup: &Lineup,
        names: &[&str],
    ) -> Result<Self> {
        let selection = Selection {
            id: file_name(table.name()),
            title: table.name().to_owned(),
            dataset: dataset.map(str::to_owned),
            proxies: Vec::new(),
        };
        let mut read = Self::read(table, &selection)?;
        let places: BTreeMap<usize, usize> = read.rows.iter().copied().zip(0..).collect();
        let both = lineup.rows().iter().enumerate();
        let (ours, theirs): (Vec<usize>, Vec<usize>) = both
            .filter_map(|(ours, row)| Some((ours, *places.get(row)?)))
            .unzip();
        let take = |values: &[f64], at: &[usize]| at.iter().map(|&i| values[i]).collect();
        read.rows = theirs.iter().map(|&i| read.rows[i]).collect();
        read.archs = theirs.iter().map(|&i| read.archs[i].clone()).collect();
        read.accuracy = take(&read.accuracy, &theirs);
        read.trainings = theirs.iter().map(|&i| read.trainings[i].clone()).collect();
        for cost in &mut read.costs {
            cost.values = take(&cost.values, &theirs);
        }
        let named = lineup.scores().filter(|(name, _)| names.contains(name));
        read.proxies = named
            .map(|(name, values)| Scored {
                name: name.to_owned(),
                values: take(values, &ours),
                info: own_column(name, dataset),
            })
            .collect();
        Ok(read)
    }

    /// Number of networks.
    pub fn len(&self) -> usize {
        self.accuracy.len()
    }

    /// Whether the pool holds no network; [`Candidates::read`] never returns such a pool.
    pub fn is_empty(&self) -> bool {
        self.accuracy.is_empty()
    }

    /// A cost by its base name.
    pub fn cost(&self, name: &str) -> Option<&Scored> {
        self.costs.iter().find(|c| c.name == name)
    }

    /// The line that every file of the report carries, with what a perfect predictor of these accuracies could reach
    /// where some networks were trained more than once.
    pub fn provenance(&self) -> String {
        let info = &self.accuracy_info;
        let origin = origin(info, &info.meaning);
        format!("accuracies: {origin}{}", self.noise_bound())
    }

    fn noise_bound(&self) -> String {
        let trainings: Vec<&[f64]> = self.trainings.iter().map(Vec::as_slice).collect();
        // Accuracies that are not finite were left out where they were read.
        let Ok(Some(bound)) = NoiseBound::of(&trainings) else {
            return String::new();
        };
        format!("; {}", noise::words(&bound, self.len()))
    }
}

/// Where the numbers of a column come from and under which licence, with what they are if that is said.
pub(crate) fn origin(info: &ColumnInfo, what: &str) -> String {
    let version = if info.version.is_empty() {
        String::new()
    } else {
        format!(", version {}", info.version)
    };
    let licence = match info.licence.as_str() {
        "" => "not stated",
        licence => licence,
    };
    let what = match what {
        "" => String::new(),
        what => format!(" ({what})"),
    };
    let (made, source) = (info.provenance.as_str(), &info.source);
    format!("{made} from {source}{version}{what}, licence {licence}")
}
