//! The table of a list of trainings: one row a network.
//!
//! Columns: `index` (the place in the list, from 0), `arch`, the costs `params`, `macs` and `depth`, `val_acc` and
//! `test_acc` (percent, the mean over the seeds), with several seeds `test_acc_sd` (divisor n - 1) and one
//! `test_acc_seedN` each, and `diverged`: how many of the trainings did. An accuracy of a network of which a
//! training diverged is NaN: it was computed and has no value.

use std::path::{Path, PathBuf};

use nbz_space::{Arch, Costs, Task};
use nbz_table::{Column, ColumnInfo, Direction, Frame, Kind, Role, Unit, Values, export};
use nbz_train::{Epoch, Stamp};
use serde::Serialize;

use super::curve::{accuracy, column, curve_frame, schema};
use super::folder::{Folder, Report, Start};
use super::list::Unit as Training;
use crate::error::Result;
use crate::networks::Networks;

/// One network: its costs, and a report a seed.
struct Row {
    arch: String,
    costs: Costs,
    reports: Vec<Report>,
}

/// What a whole list depends on.
#[derive(Debug, Serialize)]
struct ListStamp {
    networks: String,
    count: usize,
    networks_digest: String,
    seeds: Vec<u64>,
    /// Of the first training.
    first_training: Stamp,
}

impl ListStamp {
    fn new(networks: &Networks, seeds: &[u64], rows: &[Row]) -> Self {
        Self {
            networks: networks.source().to_owned(),
            count: rows.len(),
            networks_digest: networks.digest(),
            seeds: seeds.to_vec(),
            first_training: rows[0].reports[0].training.clone(),
        }
    }
}

/// Where the tables of a list go.
pub(crate) struct Tables<'p> {
    /// A row a network; written last.
    pub(crate) whole: &'p Path,
    /// A row an epoch of a training.
    pub(crate) curves: &'p Path,
    /// A row a start of a training.
    pub(crate) machines: &'p Path,
}

impl Tables<'_> {
    /// Writes them; `reports` has of each network one a seed, and `folder` tells where a training is.
    pub(crate) fn write(
        &self,
        networks: &Networks,
        seeds: &[u64],
        reports: Vec<Report>,
        task: Task,
        folder: &dyn Fn(Training) -> PathBuf,
    ) -> Result<()> {
        let mut reports = reports.into_iter();
        let row = |arch: &Arch| Row {
            arch: arch.to_string(),
            costs: arch.costs(task),
            reports: reports.by_ref().take(seeds.len()).collect(),
        };
        let rows: Vec<Row> = networks.archs().iter().map(row).collect();
        let units = (0..rows.len()).flat_map(|place| seeds.iter().map(move |&seed| (place, seed)));
        let starts = units
            .map(|unit| Ok((unit, Folder::starts(&folder(unit))?)))
            .collect::<Result<Vec<_>>>()?;
        let stamp = ListStamp::new(networks, seeds, &rows);
        export::write_parquet(&machines(&stamp, &rows, &starts)?, self.machines)?;
        export::write_parquet(&curves(&rows)?, self.curves)?;
        let mut whole = frame(&stamp, &rows)?;
        whole.define_spaces(networks.own_spaces());
        export::write_parquet(&whole, self.whole)?;
        Ok(())
    }
}

/// The table.
fn frame(list: &ListStamp, rows: &[Row]) -> Result<Frame> {
    let stamp = &list.first_training;
    let mut head = schema(
        stamp,
        "trainings",
        &format!("Trainings of {}", list.networks),
    );
    "test_acc".clone_into(&mut head.accuracy);
    head.recipe = serde_json::to_string(list).ok();
    let mut frame = Frame::new(head, rows.len());
    let info = |name: &str, kind, role, meaning: &str| column(stamp, name, kind, role, meaning);
    let ints = |of: &dyn Fn(&Row) -> u64| {
        Values::Int(Column::new(
            rows.iter().map(|r| i64::try_from(of(r)).ok()).collect(),
        ))
    };
    let places = (0..rows.len() as u64)
        .map(|p| i64::try_from(p).ok())
        .collect();
    let meaning = "place in the list of networks, from 0";
    frame.push(
        info("index", Kind::Int, Role::Id, meaning),
        Values::Int(Column::new(places)),
    )?;
    let archs = rows.iter().map(|r| Some(r.arch.clone())).collect();
    frame.push(
        info("arch", Kind::Text, Role::Arch, "the architecture"),
        Values::Text(Column::new(archs)),
    )?;
    let cost = |name, unit, meaning| ColumnInfo {
        unit,
        direction: Direction::Smaller,
        ..info(name, Kind::Int, Role::Cost, meaning)
    };
    let params = cost("params", Unit::Count, "trainable numbers");
    frame.push(params, ints(&|r| r.costs.params.get()))?;
    let macs = cost("macs", Unit::Macs, "multiply-accumulates of one image");
    frame.push(macs, ints(&|r| r.costs.macs.get()))?;
    let depth = cost("depth", Unit::Layers, "weighted layers on the longest path");
    frame.push(depth, ints(&|r| u64::from(r.costs.depth.get())))?;
    accuracies(&mut frame, stamp, &list.seeds, rows)?;
    let meaning = "trainings whose loss was not finite; they have no accuracy";
    let diverged = |r: &Row| r.reports.iter().filter(|r| r.diverged.is_some()).count() as u64;
    let diverged_column = info("diverged", Kind::Int, Role::Other, meaning);
    frame.push(diverged_column, ints(&diverged))?;
    frame.set_dataset(&stamp.data);
    Ok(frame)
}

fn accuracies(frame: &mut Frame, stamp: &Stamp, seeds: &[u64], rows: &[Row]) -> Result<()> {
    let floats = |of: &dyn Fn(&Row) -> Option<f64>| {
        Values::Float(Column::new(rows.iter().map(of).collect()))
    };
    let seeded = match seeds.len() {
        1 => String::new(),
        n => format!(", mean over {n} seeds"),
    };
    if rows
        .iter()
        .flat_map(|r| &r.reports)
        .any(|r| r.validation.is_some())
    {
        let meaning =
            format!("validation images classified correctly behind the last epoch{seeded}");
        frame.push(
            accuracy(stamp, "val_acc", Role::Accuracy, &meaning),
            floats(&|r| Some(mean(&r.reports.iter().map(validation).collect::<Vec<_>>()))),
        )?;
    }
    let meaning = format!("test images classified correctly at the end{seeded}");
    frame.push(
        accuracy(stamp, "test_acc", Role::Accuracy, &meaning),
        floats(&|r| Some(mean(&r.reports.iter().map(test).collect::<Vec<_>>()))),
    )?;
    if seeds.len() == 1 {
        return Ok(());
    }
    let spread = ColumnInfo {
        unit: Unit::PercentagePoints,
        direction: Direction::None,
        ..accuracy(
            stamp,
            "test_acc_sd",
            Role::Spread,
            "standard deviation of the test accuracy over the seeds",
        )
    };
    let deviation = |r: &Row| Some(deviation(&r.reports.iter().map(test).collect::<Vec<_>>()));
    frame.push(spread, floats(&deviation))?;
    for (at, seed) in seeds.iter().enumerate() {
        let meaning = format!("test images classified correctly at the end, seed {seed}");
        let info = accuracy(
            stamp,
            &format!("test_acc_seed{seed}"),
            Role::Accuracy,
            &meaning,
        );
        frame.push(info, floats(&|r| Some(test(&r.reports[at]))))?;
    }
    Ok(())
}

/// In percent; NaN where the training diverged.
fn test(report: &Report) -> f64 {
    report.test.map_or(f64::NAN, nbz_train::Accuracy::percent)
}

fn validation(report: &Report) -> f64 {
    match (report.diverged, report.validation) {
        (None, Some(accuracy)) => accuracy.percent(),
        _ => f64::NAN,
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    (squares / (values.len() - 1) as f64).sqrt()
}

/// The curves of all trainings.
fn curves(rows: &[Row]) -> Result<Frame> {
    let trainings: Vec<(String, u64, Vec<Epoch>)> = rows
        .iter()
        .flat_map(|row| &row.reports)
        .map(|r| (r.training.arch.clone(), r.training.seed, r.curve.clone()))
        .collect();
    curve_frame(&rows[0].reports[0].training, &trainings)
}

/// Seconds and machines, one row a start of a training.
fn machines(list: &ListStamp, rows: &[Row], starts: &[(Training, Vec<Start>)]) -> Result<Frame> {
    let stamp = &list.first_training;
    let all: Vec<(Training, &Start)> = starts
        .iter()
        .flat_map(|(unit, starts)| starts.iter().map(|s| (*unit, s)))
        .collect();
    let head = schema(stamp, "machines", "Seconds and machines of the trainings");
    let mut frame = Frame::new(head, all.len());
    let info = |name, kind, role, meaning| column(stamp, name, kind, role, meaning);
    let text = |of: &dyn Fn(&(Training, &Start)) -> String| {
        Values::Text(Column::new(all.iter().map(|s| Some(of(s))).collect()))
    };
    let ints = |of: &dyn Fn(&(Training, &Start)) -> u64| {
        Values::Int(Column::new(
            all.iter().map(|s| i64::try_from(of(s)).ok()).collect(),
        ))
    };
    let arch = info("arch", Kind::Text, Role::Arch, "the architecture");
    frame.push(arch, text(&|((place, _), _)| rows[*place].arch.clone()))?;
    let seed = info("seed", Kind::Int, Role::Other, "the seed of the training");
    frame.push(seed, ints(&|((_, seed), _)| *seed))?;
    let host = info("host", Kind::Text, Role::Other, "the machine");
    frame.push(host, text(&|(_, s)| s.host.clone()))?;
    let mut seconds = info("seconds", Kind::Float, Role::Other, "time of the start");
    seconds.unit = Unit::Seconds;
    let values = all.iter().map(|(_, s)| Some(s.seconds)).collect();
    frame.push(seconds, Values::Float(Column::new(values)))?;
    for (name, meaning, of) in [
        (
            "steps",
            "steps of the start",
            (|s| s.steps) as fn(&Start) -> u64,
        ),
        ("images", "training images seen in it", |s| s.images as u64),
        ("threads", "threads of the training", |s| s.threads as u64),
        ("started", "seconds since 1970", |s| s.started),
    ] {
        frame.push(
            info(name, Kind::Int, Role::Other, meaning),
            ints(&|(_, s)| of(s)),
        )?;
    }
    Ok(frame)
}
