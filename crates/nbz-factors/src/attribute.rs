//! What networks are made of, stage by stage or edge by edge, as columns of numbers.
//!
//! A network without a stage has no value there: NaN, which trees take as missing. Of NAS-Bench-Macro, whose stages
//! hold layers of several kinds, the number of layers is taken and the mean of their expansions and kernels.

use nbz_space::Arch;
use nbz_space::public::{Cell, EdgeOp, NasBenchMacro};
use nbz_space::staged::StagedArch;
use serde::{Deserialize, Serialize};

use crate::error::{FactorError, Result};

/// Edges of a NAS-Bench-201 cell, from node to node.
const EDGES: [&str; 6] = ["0-1", "0-2", "0-3", "1-2", "1-3", "2-3"];

/// What an attribute is a measure of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// Channels, in or out.
    Width,
    /// Blocks or layers one after the other.
    Depth,
    /// How far the resolution falls.
    Stride,
    /// How many times wider the inside of a block is than its input.
    Expansion,
    /// The side of a convolution.
    Kernel,
    /// Which operation.
    Operation,
}

impl Kind {
    /// The name that files use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Width => "width",
            Self::Depth => "depth",
            Self::Stride => "stride",
            Self::Expansion => "expansion",
            Self::Kernel => "kernel",
            Self::Operation => "operation",
        }
    }
}

/// One attribute of every network.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// `stage 2 width out`.
    pub name: String,
    /// The same for small print: `S2 out`.
    pub short: String,
    /// What it measures.
    pub kind: Kind,
    /// The stage or edge, from 1.
    pub place: usize,
    /// Columns that trees see, one value a network each: one of numbers, or one a choice, 1 where it was made.
    pub columns: Vec<Vec<f32>>,
}

/// The attributes of some networks of one space.
///
/// # Errors
/// No network, networks of several spaces, or of a space of which no attributes are known.
pub fn attributes(archs: &[Arch]) -> Result<Vec<Attribute>> {
    let first = archs.first().ok_or(FactorError::NoNetworks)?;
    if let Some(other) = archs.iter().find(|arch| arch.space() != first.space()) {
        return Err(FactorError::SeveralSpaces {
            first: first.space().to_owned(),
            other: other.space().to_owned(),
        });
    }
    let unknown = || FactorError::UnknownSpace {
        space: first.space().to_owned(),
    };
    // One space has networks of one kind, so these lose nothing.
    let found = match first {
        Arch::Staged(_) => staged(&each(archs, |arch| match arch {
            Arch::Staged(staged) => Some(staged),
            _ => None,
        })),
        Arch::NasBenchMacro(_) => nas_bench_macro(&each(archs, |arch| match arch {
            Arch::NasBenchMacro(network) => Some(*network),
            _ => None,
        })),
        Arch::ChannelResNet(_) | Arch::ChannelMobileNet(_) => {
            widths(&each(archs, |arch| match arch {
                Arch::ChannelResNet(network) => Some(network.digits()),
                Arch::ChannelMobileNet(network) => Some(network.digits()),
                _ => None,
            }))
        }
        Arch::NasBench201(_) => operations(&each(archs, |arch| match arch {
            Arch::NasBench201(cell) => Some(*cell),
            _ => None,
        })),
        _ => return Err(unknown()),
    };
    Ok(found)
}

fn each<'a, T>(archs: &'a [Arch], of: impl FnMut(&'a Arch) -> Option<T>) -> Vec<T> {
    archs.iter().filter_map(of).collect()
}

/// Width in, width out, stride and depth of every stage that some network has.
fn staged(archs: &[&StagedArch]) -> Vec<Attribute> {
    let most = archs.iter().map(|arch| arch.stages().len()).max();
    let width_in = |arch: &StagedArch, at: usize| match at.checked_sub(1) {
        Some(before) => arch.stages()[before].width(),
        None => arch.skeleton().stem_width(arch.stages()[0].width()),
    };
    let of_stage = |at: usize| {
        let number = |value: &dyn Fn(&StagedArch) -> usize| {
            let of = |arch: &&StagedArch| match arch.stages().get(at) {
                Some(_) => value(arch) as f32,
                None => f32::NAN,
            };
            vec![archs.iter().map(of).collect()]
        };
        let attribute = |what: &str, short: &str, kind, columns| Attribute {
            name: format!("stage {} {what}", at + 1),
            short: format!("S{} {short}", at + 1),
            kind,
            place: at + 1,
            columns,
        };
        [
            attribute(
                "width in",
                "in",
                Kind::Width,
                number(&|arch| width_in(arch, at)),
            ),
            attribute(
                "width out",
                "out",
                Kind::Width,
                number(&|arch| arch.stages()[at].width()),
            ),
            attribute(
                "stride",
                "stride",
                Kind::Stride,
                number(&|arch| arch.stages()[at].stride()),
            ),
            attribute(
                "depth",
                "depth",
                Kind::Depth,
                number(&|arch| arch.stages()[at].depth()),
            ),
        ]
    };
    (0..most.unwrap_or(0)).flat_map(of_stage).collect()
}

/// Layers of every stage, and the mean expansion and kernel of those that are not the identity.
fn nas_bench_macro(networks: &[NasBenchMacro]) -> Vec<Attribute> {
    /// Expansion and kernel by digit; 0 is no layer.
    const LAYER: [(f32, f32); 3] = [(0.0, 0.0), (3.0, 3.0), (6.0, 5.0)];
    let of_stage = |(at, stage): (usize, std::ops::Range<usize>)| {
        let layers = |network: &NasBenchMacro| -> Vec<(f32, f32)> {
            let digits = network.digits();
            let made = digits[stage.clone()].iter().filter(|&&digit| digit > 0);
            made.map(|&digit| LAYER[usize::from(digit)]).collect()
        };
        let layers: Vec<Vec<(f32, f32)>> = networks.iter().map(layers).collect();
        let mean = |part: fn(&(f32, f32)) -> f32| {
            let of = |layers: &Vec<(f32, f32)>| match layers.len() {
                0 => f32::NAN,
                count => layers.iter().map(part).sum::<f32>() / count as f32,
            };
            layers.iter().map(of).collect()
        };
        let attribute = |what: &str, short: &str, kind, column: Vec<f32>| Attribute {
            name: format!("stage {} {what}", at + 1),
            short: format!("S{} {short}", at + 1),
            kind,
            place: at + 1,
            columns: vec![column],
        };
        let count = layers.iter().map(|layers| layers.len() as f32).collect();
        [
            attribute("layers", "layers", Kind::Depth, count),
            attribute("expansion", "exp", Kind::Expansion, mean(|layer| layer.0)),
            attribute("kernel", "ker", Kind::Kernel, mean(|layer| layer.1)),
        ]
    };
    let stages = NasBenchMacro::STAGES.into_iter().enumerate();
    stages.flat_map(of_stage).collect()
}

/// The seven widths of Channel-Bench-Macro, in quarters of the largest.
fn widths(networks: &[[u8; 7]]) -> Vec<Attribute> {
    let of = |at: usize| Attribute {
        name: format!("width {}", at + 1),
        short: format!("W{}", at + 1),
        kind: Kind::Width,
        place: at + 1,
        columns: vec![networks.iter().map(|digits| digits[at].into()).collect()],
    };
    (0..7).map(of).collect()
}

/// The operation on every edge: a column an operation, because operations have no order.
fn operations(cells: &[Cell]) -> Vec<Attribute> {
    let of = |(at, edge): (usize, &&str)| {
        let chosen = |op: EdgeOp| {
            let is = |cell: &Cell| f32::from(u8::from(cell.edges()[at] == op));
            cells.iter().map(is).collect::<Vec<f32>>()
        };
        Attribute {
            name: format!("edge {edge} operation"),
            short: (*edge).to_owned(),
            kind: Kind::Operation,
            place: at + 1,
            columns: EdgeOp::ALL.map(chosen).to_vec(),
        }
    };
    EDGES.iter().enumerate().map(of).collect()
}
