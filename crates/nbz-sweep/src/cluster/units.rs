//! What a plan is made of: units with their predicted costs, and the parts into which they are cut.

use nbz_space::{Arch, Network, Op, Task};
use nbz_table::{
    Column, ColumnInfo, Frame, Kind, Provenance, Role, SCHEMA_VERSION, Schema, Table, Unit as Of,
    Values, sha256_hex,
};

use super::balance::balance;
use crate::error::{Result, SweepError};

/// Predicted cost of a part, in multiply-accumulates of one image: with the paper's proxies some thirty seconds of a
/// core. Large enough that a claim costs nothing, small enough that hundreds of shards come out even.
const COST_OF_A_PART: u64 = 1_500_000_000;

/// One thing to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// 16 hexadecimal digits of the SHA-256 of what is done, the architecture and the seed.
    pub id: String,
    /// The architecture.
    pub arch: String,
    /// The seed.
    pub seed: u64,
    /// What it is predicted to cost beside others, in multiply-accumulates of one image.
    pub cost: u64,
}

/// All units, in the order of the list of networks, of each network its seeds in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Units {
    all: Vec<Unit>,
    /// The part of each.
    part_of: Vec<usize>,
    parts: Vec<Vec<usize>>,
}

impl Units {
    /// Units of networks and seeds, cut into `parts` parts, or into as many as their cost asks for.
    ///
    /// # Errors
    /// [`SweepError::Setting`] for a number of parts that cannot be.
    pub fn new(
        of: &str,
        archs: &[Arch],
        seeds: &[u64],
        task: Task,
        parts: Option<usize>,
    ) -> Result<Self> {
        let chunk = archs.len().div_ceil(threads()).max(1);
        let costs: Vec<u64> = std::thread::scope(|scope| {
            let cost = |part: &[Arch]| -> Vec<u64> {
                part.iter().map(|a| predicted(&a.network(task))).collect()
            };
            let parts: Vec<_> = archs.chunks(chunk).collect();
            let handles: Vec<_> = parts
                .into_iter()
                .map(|part| scope.spawn(move || cost(part)))
                .collect();
            let join = |h: std::thread::ScopedJoinHandle<'_, Vec<u64>>| {
                h.join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            handles.into_iter().flat_map(join).collect()
        });
        let unit = |arch: &Arch, cost: u64, seed: u64| {
            let arch = arch.to_string();
            let mut id = sha256_hex(format!("{of}\n{arch}\n{seed}\n").as_bytes());
            id.truncate(16);
            Unit {
                id,
                arch,
                seed,
                cost,
            }
        };
        let units: Vec<Unit> = archs
            .iter()
            .zip(costs)
            .flat_map(|(arch, cost)| seeds.iter().map(move |&seed| unit(arch, cost, seed)))
            .collect();
        let costs: Vec<u64> = units.iter().map(|u| u.cost).collect();
        let parts = match parts {
            Some(parts) if parts == 0 || parts > units.len() => {
                return Err(SweepError::Setting {
                    name: "the number of parts",
                    value: parts.to_string(),
                    expected: "1 up to the number of units",
                });
            }
            Some(parts) => parts,
            None => {
                let all = costs.iter().sum::<u64>().div_ceil(COST_OF_A_PART);
                usize::try_from(all)
                    .unwrap_or(usize::MAX)
                    .clamp(1, units.len().max(1))
            }
        };
        let part_of = balance(&costs, parts);
        Ok(Self::with_parts(units, part_of))
    }

    fn with_parts(units: Vec<Unit>, part_of: Vec<usize>) -> Self {
        let count = part_of.iter().max().map_or(0, |last| last + 1);
        let mut parts = vec![Vec::new(); count];
        for (unit, &part) in part_of.iter().enumerate() {
            parts[part].push(unit);
        }
        Self {
            all: units,
            part_of,
            parts,
        }
    }

    /// The units.
    pub fn all(&self) -> &[Unit] {
        &self.all
    }

    /// The units of each part, by place.
    pub fn parts(&self) -> &[Vec<usize>] {
        &self.parts
    }

    /// The part of each unit.
    pub fn part_of(&self) -> &[usize] {
        &self.part_of
    }

    /// Predicted cost of a part.
    pub fn cost_of(&self, part: usize) -> u64 {
        self.parts[part].iter().map(|&u| self.all[u].cost).sum()
    }

    /// Predicted cost of all.
    pub fn cost(&self) -> u64 {
        self.all.iter().map(|u| u.cost).sum()
    }

    /// The shard, from 0, of each part where there are `of`.
    pub fn deal(&self, of: usize) -> Vec<usize> {
        let costs: Vec<u64> = (0..self.parts.len()).map(|p| self.cost_of(p)).collect();
        balance(&costs, of)
    }

    /// The table `units.parquet`.
    pub(super) fn frame(&self, source: &str) -> Result<Frame> {
        let version = env!("CARGO_PKG_VERSION");
        let schema = Schema {
            version: SCHEMA_VERSION,
            name: "units".to_owned(),
            title: format!("Units of work: {source}"),
            space: None,
            own_spaces: Vec::new(),
            accuracy: String::new(),
            licence: env!("CARGO_PKG_LICENSE").to_owned(),
            attribution: String::new(),
            citation: String::new(),
            notes: "Written by nbzero plan beside plan.toml, which has this file's digest."
                .to_owned(),
            recipe: None,
            columns: Vec::new(),
        };
        let mut frame = Frame::new(schema, self.all.len());
        let info = |name, kind, role, meaning, unit| ColumnInfo {
            unit,
            provenance: Provenance::Surrogate,
            ..crate::output::measured("nbzero plan", version, name, kind, role, meaning)
        };
        let ints = |of: &dyn Fn(usize) -> u64| {
            let values = (0..self.all.len()).map(|u| i64::try_from(of(u)).ok());
            Values::Int(Column::new(values.collect()))
        };
        let texts = |of: &dyn Fn(&Unit) -> String| {
            Values::Text(Column::new(self.all.iter().map(|u| Some(of(u))).collect()))
        };
        let (text, int) = (Kind::Text, Kind::Int);
        let meaning = "what is done, architecture and seed: 16 hexadecimal digits of their SHA-256";
        frame.push(
            info("unit", text, Role::Id, meaning, Of::None),
            texts(&|u| u.id.clone()),
        )?;
        frame.push(
            info("arch", text, Role::Arch, "the architecture", Of::None),
            texts(&|u| u.arch.clone()),
        )?;
        frame.push(
            info("seed", text, Role::Other, "the seed", Of::None),
            texts(&|u| u.seed.to_string()),
        )?;
        let meaning = "predicted cost beside other units, in multiply-accumulates of one image: docs/cluster.md";
        frame.push(
            info("cost", int, Role::Other, meaning, Of::Macs),
            ints(&|u| self.all[u].cost),
        )?;
        let meaning = "the part, from 0, with which it is claimed and written";
        frame.push(
            info("part", int, Role::Other, meaning, Of::None),
            ints(&|u| self.part_of[u] as u64),
        )?;
        Ok(frame)
    }

    /// Reads the table back.
    pub(super) fn of_table(table: &Table) -> Result<Self> {
        let ids = table.column_text("unit")?;
        let archs = table.column_text("arch")?;
        let seeds = table.column_text("seed")?;
        let costs = table.column_i64("cost")?;
        let parts = table.column_i64("part")?;
        let mut units = Vec::with_capacity(table.rows());
        let mut part_of = Vec::with_capacity(table.rows());
        for row in 0..table.rows() {
            let unit = || {
                let unit = Unit {
                    id: ids.text(row)?.to_owned(),
                    arch: archs.text(row)?.to_owned(),
                    seed: seeds.text(row)?.parse().ok()?,
                    cost: u64::try_from(costs.get(row)?).ok()?,
                };
                let part = usize::try_from(parts.get(row)?).ok()?;
                (part < table.rows()).then_some((unit, part))
            };
            let (unit, part) = unit().ok_or_else(|| SweepError::PlanDamaged {
                reason: format!("row {row} of its units is not whole"),
            })?;
            units.push(unit);
            part_of.push(part);
        }
        Ok(Self::with_parts(units, part_of))
    }
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// What a network is predicted to cost beside others, in multiply-accumulates of one image.
///
/// A core that multiplies and adds at its peak is stopped by memory wherever little is computed with a number once
/// it is loaded: each value that a layer gives costs as much as [`OF_A_VALUE`] multiply-accumulates. Weights are
/// drawn for several initialisations and read by every pass. Both numbers were fitted to the measured seconds of 349
/// networks of the paper's lists: docs/cluster.md.
fn predicted(network: &Network) -> u64 {
    const OF_A_VALUE: u64 = 24;
    const OF_A_WEIGHT: u64 = 2;
    let costs = network.costs();
    let values = |op: &Op, count: usize| match op {
        Op::Input | Op::Identity | Op::Zero => 0,
        _ => count as u64,
    };
    let values: u64 = network
        .layers()
        .iter()
        .map(|layer| values(&layer.op, layer.shape.len()))
        .sum();
    costs.macs.get() + OF_A_VALUE * values + OF_A_WEIGHT * costs.params.get()
}
