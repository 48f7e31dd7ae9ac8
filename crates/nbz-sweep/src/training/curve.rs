//! Learning curves as a table: one row an epoch.

use nbz_table::{
    Column, ColumnInfo, Direction, Frame, Kind, Role, SCHEMA_VERSION, Schema, Unit, Values,
};
use nbz_train::{Epoch, Stamp};

use crate::error::Result;
use crate::output::measured;

/// The curves of some trainings, in the order in which they are given; `stamp` is of any of them.
///
/// Columns: `arch`, `seed`, `epoch` (from 1), `rate` (of its last step), `loss` and `train_acc` (on augmented and
/// mixed images), `val_acc` (null without validation images); accuracies in percent.
///
/// # Errors
/// None in practice: the columns are of one length.
pub fn curve_frame(stamp: &Stamp, trainings: &[(String, u64, Vec<Epoch>)]) -> Result<Frame> {
    let rows: Vec<(&str, u64, &Epoch)> = trainings
        .iter()
        .flat_map(|(arch, seed, curve)| curve.iter().map(move |e| (arch.as_str(), *seed, e)))
        .collect();
    let mut frame = Frame::new(schema(stamp, "curves", "Learning curves"), rows.len());
    let ints = |of: &dyn Fn(&(&str, u64, &Epoch)) -> i64| {
        Values::Int(Column::new(rows.iter().map(|r| Some(of(r))).collect()))
    };
    let floats = |of: &dyn Fn(&Epoch) -> Option<f64>| {
        Values::Float(Column::new(rows.iter().map(|(_, _, e)| of(e)).collect()))
    };
    let archs = rows
        .iter()
        .map(|(arch, ..)| Some((*arch).to_owned()))
        .collect();
    let info = |name, kind, role, meaning| column(stamp, name, kind, role, meaning);
    frame.push(
        info("arch", Kind::Text, Role::Arch, "the architecture"),
        Values::Text(Column::new(archs)),
    )?;
    frame.push(
        info("seed", Kind::Int, Role::Other, "the seed of the training"),
        ints(&|r| r.1.cast_signed()),
    )?;
    frame.push(
        info("epoch", Kind::Int, Role::Other, "its number, from 1"),
        ints(&|r| i64::from(r.2.epoch)),
    )?;
    let meaning = "learning rate of the epoch's last step";
    frame.push(
        info("rate", Kind::Float, Role::Other, meaning),
        floats(&|e| Some(e.rate)),
    )?;
    let meaning = "mean cross entropy of the epoch's steps, on smoothed and mixed targets";
    frame.push(
        info("loss", Kind::Float, Role::Other, meaning),
        floats(&|e| Some(e.loss)),
    )?;
    let meaning = "training images classified correctly as they were seen, augmented and mixed";
    frame.push(
        accuracy(stamp, "train_acc", Role::Other, meaning),
        floats(&|e| Some(e.training.percent())),
    )?;
    let meaning = "validation images classified correctly behind the epoch";
    frame.push(
        accuracy(stamp, "val_acc", Role::Other, meaning),
        floats(&|e| e.validation.map(nbz_train::Accuracy::percent)),
    )?;
    Ok(frame)
}

/// The schema document of what trainings give, without its columns.
pub(super) fn schema(stamp: &Stamp, name: &str, title: &str) -> Schema {
    let recipe = &stamp.recipe;
    Schema {
        version: SCHEMA_VERSION,
        name: name.to_owned(),
        title: title.to_owned(),
        space: None,
        own_spaces: Vec::new(),
        accuracy: String::new(),
        licence: env!("CARGO_PKG_LICENSE").to_owned(),
        attribution: String::new(),
        citation: String::new(),
        notes: format!(
            "Measured: trained by {} ({} epochs, batch {}) on {} of {}, {} of them held back; tested on {}.",
            recipe.name,
            recipe.epochs,
            recipe.batch,
            stamp.training_images,
            stamp.data,
            (recipe.validation * stamp.training_images as f64) as usize,
            stamp.test_images,
        ),
        recipe: serde_json::to_string(stamp).ok(),
        columns: Vec::new(),
    }
}

pub(super) fn column(
    stamp: &Stamp,
    name: &str,
    kind: Kind,
    role: Role,
    meaning: &str,
) -> ColumnInfo {
    measured("nbzero train", &stamp.version, name, kind, role, meaning)
}

/// A column of percentages.
pub(super) fn accuracy(stamp: &Stamp, name: &str, role: Role, meaning: &str) -> ColumnInfo {
    ColumnInfo {
        unit: Unit::Percent,
        direction: Direction::Larger,
        ..column(stamp, name, Kind::Float, role, meaning)
    }
}
