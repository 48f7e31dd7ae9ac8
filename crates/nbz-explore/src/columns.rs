//! What the page needs of a table beside the table's own columns.
//!
//! Everything that is known of architectures is computed here, so that the page's program knows columns and nothing of
//! any search space: the spelling that commands read, the row that stands for a network, the choices that it is made of,
//! and its drawing. The further columns begin with [`PREFIX`] and are text (`network`: whole numbers). The meaning of a
//! place's column lists what can be chosen there, a line each, in order.
//!
//! A drawing is the network's segments from input to pooling, `;` between them, each
//! `part.layers.blocks.width.side` with the part's first letter (stem, blocks, head): `s.1.1.16.32;b.5.1.16.32`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use nbz_report::choices;
use nbz_space::drawing::Part;
use nbz_space::{Arch, Dataset, Drawing};
use nbz_table::{
    Column, ColumnInfo, Direction, Frame, Kind, Provenance, Role, Table, Unit, Values,
};

use crate::error::Result;

/// How the names of the page's own columns begin.
pub const PREFIX: &str = "page:";

/// A score that the table has not, one value a row.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnColumn {
    /// Its name.
    pub name: String,
    /// Which values are good.
    pub direction: Direction,
    /// Where it comes from: a file's name.
    pub source: String,
    /// One value a row of the table.
    pub values: Column<f64>,
}

/// The table with a user's scores and the page's columns behind its own.
pub(crate) fn frame(table: &Table, dataset: Option<&str>, own: &[OwnColumn]) -> Result<Frame> {
    let mut frame = Frame::read(table)?;
    for score in own {
        let name = free_name(&frame, &score.name);
        let info = ColumnInfo {
            name,
            kind: Kind::Float,
            unit: Unit::Score,
            meaning: "a score that was given".to_owned(),
            role: Role::Proxy,
            direction: score.direction,
            dataset: dataset.map(str::to_owned),
            // As of any file that is read: who computed it, the file does not prove.
            provenance: Provenance::Imported,
            source: score.source.clone(),
            version: String::new(),
            licence: String::new(),
        };
        frame.push(info, Values::Float(score.values.clone()))?;
    }
    let rows: Vec<usize> = (0..table.rows()).collect();
    let archs = table.archs_at(&rows)?;
    push(&mut frame, "name", String::new(), names(table, &archs)?)?;
    if table.distinct_rows()?.len() < table.rows() {
        let stands = rows
            .iter()
            .map(|&row| Ok(i64::try_from(table.representative(row)?).ok()));
        let stands = stands.collect::<nbz_table::Result<_>>()?;
        push(
            &mut frame,
            "network",
            String::new(),
            Values::Int(Column::new(stands)),
        )?;
    }
    if archs.iter().any(Option::is_some) {
        push(&mut frame, "drawing", String::new(), drawings(&archs))?;
    }
    for place in places(&archs) {
        let options: Vec<String> = place.options.into_values().collect();
        let made = Values::Text(Column::new(place.made));
        push(
            &mut frame,
            &format!("choice:{}", place.name),
            options.join("\n"),
            made,
        )?;
    }
    Ok(frame)
}

/// The name, or one that no column has yet.
fn free_name(frame: &Frame, name: &str) -> String {
    let taken = |name: &str| {
        let mut columns = frame.schema().columns.iter();
        columns.any(|c| c.name == name || c.base_name() == name)
    };
    let mut free = name.to_owned();
    while taken(&free) || free.starts_with(PREFIX) {
        free = format!("my {free}");
    }
    free
}

fn push(frame: &mut Frame, name: &str, meaning: String, values: Values) -> Result<()> {
    let info = ColumnInfo {
        name: format!("{PREFIX}{name}"),
        kind: values.kind(),
        unit: Unit::None,
        meaning,
        role: Role::Other,
        direction: Direction::None,
        dataset: None,
        provenance: Provenance::Measured,
        source: "the network's definition".to_owned(),
        version: String::new(),
        licence: String::new(),
    };
    Ok(frame.push(info, values)?)
}

/// The spelling that every command reads; the table's own where the space is unknown.
fn names(table: &Table, archs: &[Option<Arch>]) -> Result<Values> {
    let own = table.archs()?.into_values();
    let names = archs.iter().zip(own).map(|(arch, own)| match arch {
        Some(arch) => Some(arch.to_string()),
        None => own,
    });
    Ok(Values::Text(Column::new(names.collect())))
}

/// Drawings for images of 32 pixels; the page halves the sides where a data set's images are smaller.
fn drawings(archs: &[Option<Arch>]) -> Values {
    let drawn = archs.iter().map(|arch| arch.as_ref().map(drawing));
    Values::Text(Column::new(drawn.collect()))
}

fn drawing(arch: &Arch) -> String {
    let drawing = Drawing::new("", &arch.network(Dataset::Cifar10));
    let mut out = String::new();
    for segment in drawing.segments() {
        let part = match segment.part {
            Part::Stem => 's',
            Part::Blocks => 'b',
            Part::Head => 'h',
        };
        let sep = if out.is_empty() { "" } else { ";" };
        let (layers, blocks) = (segment.layers, segment.blocks);
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "{sep}{part}.{layers}.{blocks}.{}.{}",
            segment.width, segment.side
        );
    }
    out
}

/// A place at which architectures choose.
struct Place {
    name: String,
    /// What can be chosen, in order.
    options: BTreeMap<usize, String>,
    /// What each row chose; nothing where it has no such place.
    made: Vec<Option<String>>,
}

/// The places of all architectures, in order.
fn places(archs: &[Option<Arch>]) -> Vec<Place> {
    let mut places: BTreeMap<(usize, String), Place> = BTreeMap::new();
    for (row, arch) in archs.iter().enumerate() {
        for (at, choice) in arch.iter().flat_map(choices).enumerate() {
            let place = places
                .entry((at, choice.place.clone()))
                .or_insert_with(|| Place {
                    name: choice.place,
                    options: BTreeMap::new(),
                    made: vec![None; archs.len()],
                });
            place.options.insert(choice.order, choice.name.clone());
            place.made[row] = Some(choice.name);
        }
    }
    places.into_values().collect()
}
