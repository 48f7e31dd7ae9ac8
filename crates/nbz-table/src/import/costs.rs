//! Exact costs for a table whose architectures are of known spaces: params, MACs and depth, counted on
//! the layer graph.

use nbz_space::{Arch, Dataset, Task};

use crate::column::{Column, Values};
use crate::column_info::{ColumnInfo, Direction, Kind, Provenance, Role};
use crate::error::Result;
use crate::frame::Frame;
use crate::networks::Spelling;
use crate::unit::Unit;

/// One of the three costs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Which {
    Macs,
    Params,
    Depth,
}

impl Which {
    const fn name(self) -> &'static str {
        match self {
            Self::Macs => "macs",
            Self::Params => "params",
            Self::Depth => "depth",
        }
    }

    const fn unit(self) -> Unit {
        match self {
            Self::Macs => Unit::Macs,
            Self::Params => Unit::Count,
            Self::Depth => Unit::Layers,
        }
    }

    const fn meaning(self) -> &'static str {
        match self {
            Self::Macs => "multiply-accumulates of convolutions and linear layers for one image",
            Self::Params => "trainable parameters, batch norm and biases included",
            Self::Depth => {
                "most weighted layers (convolutions and linear) on a path from input to output, \
                 shortcuts not counted; 0 where no path leads through"
            }
        }
    }

    fn of(self, arch: &Arch, task: Task) -> i64 {
        let costs = arch.costs(task);
        let count = match self {
            Self::Macs => costs.macs.get(),
            Self::Params => costs.params.get(),
            Self::Depth => costs.depth.get().into(),
        };
        i64::try_from(count).expect("every describable network costs less than 2^63")
    }
}

/// Adds the costs that a table lacks, behind its columns; returns their names.
///
/// `read` makes an architecture of a table's string; where it is `None` for any row, nothing is added.
/// MACs and params are counted for each data set that the table's accuracies name, or once for `task`
/// if they name none. All architectures being of one space, the table is marked as of that space.
///
/// # Errors
/// As [`Frame::push`].
///
/// ```
/// use nbz_space::Dataset;
/// use nbz_table::import;
///
/// let csv = b"arch,cifar100_test_acc\nr1:16s1x1-32s2x1-64s2x1-128s2x1,71.5\n";
/// let mut frame = import::import_csv_bytes(csv, "mine", "my runs")?;
/// let added = import::add_costs(&mut frame, |text| text.parse().ok(), Dataset::default())?;
/// assert_eq!(added, ["cifar100_macs", "cifar100_params", "depth"]);
/// # Ok::<(), nbz_table::Error>(())
/// ```
pub fn add_costs(
    frame: &mut Frame,
    read: impl Fn(&str) -> Option<Arch>,
    task: impl Into<Task>,
) -> Result<Vec<String>> {
    let task = task.into();
    let mut named: Vec<Dataset> = Vec::new();
    for column in frame
        .schema()
        .columns
        .iter()
        .filter(|c| c.role == Role::Accuracy)
    {
        let of_column = column.dataset.as_deref().and_then(|name| name.parse().ok());
        named.extend(of_column.filter(|d| !named.contains(d)));
    }
    let datasets: Vec<(Option<Dataset>, Task)> = match named.as_slice() {
        [] => vec![(None, task)],
        named => named.iter().map(|&d| (Some(d), d.into())).collect(),
    };
    let mut wanted = Vec::new();
    for (label, counted) in datasets {
        wanted.extend([
            (Which::Macs, label, counted),
            (Which::Params, label, counted),
        ]);
    }
    wanted.push((Which::Depth, None, task));
    let spelling = Spelling::of(frame.schema())?;
    add(frame, &wanted, |text| {
        read(text).or_else(|| spelling.read(text))
    })
}

/// Adds the wanted costs that are not there: which, the data set in the column's name, and the task
/// that is counted for.
pub(crate) fn add(
    frame: &mut Frame,
    wanted: &[(Which, Option<Dataset>, Task)],
    read: impl Fn(&str) -> Option<Arch>,
) -> Result<Vec<String>> {
    let archs = frame.columns().find(|(info, _)| info.role == Role::Arch);
    let Some((_, Values::Text(texts))) = archs else {
        return Ok(Vec::new());
    };
    let archs = texts.values().iter().map(|text| read(text.as_deref()?));
    let Some(archs) = archs.collect::<Option<Vec<Arch>>>() else {
        return Ok(Vec::new());
    };
    if let Some(first) = archs.first().map(Arch::space)
        && archs.iter().all(|arch| arch.space() == first)
    {
        frame.set_space(first);
    }
    let mut added = Vec::new();
    for &(which, label, counted) in wanted {
        let info = describe(which, label, counted);
        let there = |c: &ColumnInfo| {
            c.base_name() == which.name() && (c.dataset.is_none() || c.dataset == info.dataset)
        };
        if !frame.schema().columns.iter().any(there) {
            let counts = archs.iter().map(|arch| Some(which.of(arch, counted)));
            added.push(info.name.clone());
            frame.push(info, Values::Int(Column::new(counts.collect())))?;
        }
    }
    Ok(added)
}

fn describe(which: Which, label: Option<Dataset>, counted: Task) -> ColumnInfo {
    let base = which.name();
    let counted = match which {
        Which::Depth => String::new(),
        _ => format!(", counted for {}", counted.label()),
    };
    ColumnInfo {
        name: label.map_or_else(
            || base.to_owned(),
            |d| format!("{}_{base}", d.to_string().replace('-', "_")),
        ),
        kind: Kind::Int,
        unit: which.unit(),
        meaning: format!("{}{counted}", which.meaning()),
        role: Role::Cost,
        direction: Direction::Smaller,
        dataset: label.map(|d| d.to_string()),
        provenance: Provenance::Measured,
        source: "the network's definition".to_owned(),
        version: concat!("nbz-table ", env!("CARGO_PKG_VERSION")).to_owned(),
        licence: env!("CARGO_PKG_LICENSE").to_owned(),
    }
}
