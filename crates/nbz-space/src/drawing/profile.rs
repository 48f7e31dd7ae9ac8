//! What a drawing shows of a network: segments of equal width and resolution, one after the other.
//!
//! A segment is as long as the weighted layers that it adds to the longest path. Blocks that add none
//! (skipped cells) are not shown, and behind a cell through which no path leads nothing is.

use crate::{
    cost::Costs,
    network::{LayerId, Network},
};

/// Which part of the network a segment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// Before the first block.
    Stem,
    /// Blocks or cells.
    Blocks,
    /// Between the last block and pooling.
    Head,
}

/// Neighbouring blocks of one width and resolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Segment {
    /// Which part of the network it is.
    pub part: Part,
    /// Weighted layers that it adds to the longest path, at least 1.
    pub layers: usize,
    /// Blocks in it.
    pub blocks: usize,
    /// Channels that it puts out.
    pub width: usize,
    /// Side of its maps in pixels.
    pub side: usize,
}

/// A picture of a network, ready to be written as text or SVG.
///
/// ```
/// use nbz_space::{Arch, Dataset, Drawing};
/// let arch: Arch = "r1:64s1x2-128s2x2-256s2x2-512s2x2".parse()?;
/// let drawing = Drawing::new(arch.to_string(), &arch.network(Dataset::Cifar100));
/// assert_eq!(drawing.segments().len(), 5); // stem and four stages
/// assert!(drawing.text(80).lines().all(|line| line.chars().count() <= 80));
/// assert!(drawing.svg().starts_with("<svg"));
/// # Ok::<(), nbz_space::SpaceError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    title: String,
    segments: Vec<Segment>,
    costs: Costs,
    classes: usize,
}

impl Drawing {
    /// Looks at a network; the title is any text.
    pub fn new(title: impl Into<String>, network: &Network) -> Self {
        Self {
            title: title.into(),
            segments: segments(network),
            costs: network.costs(),
            classes: network.classes(),
        }
    }

    /// The title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The segments from input to pooling.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Costs and classes in one line.
    pub(super) fn caption(&self) -> String {
        let Costs {
            params,
            macs,
            depth,
        } = self.costs;
        let path = if depth.get() == 0 {
            "no path from input to output".to_owned()
        } else {
            depth.to_string()
        };
        format!("{params:#}, {macs:#}, {path}, {} classes", self.classes)
    }

    pub(super) fn layers(&self) -> usize {
        self.segments.iter().map(|s| s.layers).sum()
    }

    /// Thickness of a segment as a share of the widest block's, at most 1: a head wider than every
    /// block would press them flat.
    pub(super) fn thickness(&self, segment: &Segment) -> f64 {
        let blocks = self.segments.iter().filter(|s| s.part != Part::Head);
        let widest = blocks.map(|s| s.width).max().unwrap_or(1);
        (segment.width as f64 / widest as f64).min(1.0)
    }
}

fn segments(network: &Network) -> Vec<Segment> {
    let paths = network.path_lengths();
    let last = network.blocks().len().saturating_sub(1);
    let marks = network.blocks().iter().enumerate().map(|(i, &id)| {
        let part = if i == 0 { Part::Stem } else { Part::Blocks };
        (part, id)
    });
    let head =
        (network.features() != network.blocks()[last]).then_some((Part::Head, network.features()));
    let mut segments: Vec<Segment> = Vec::new();
    let mut depth = 0;
    for (part, id) in marks.chain(head) {
        let Some(path) = paths[id.index()] else {
            break;
        };
        let layers = path.saturating_sub(depth) as usize;
        depth = path;
        if layers > 0 {
            join(&mut segments, segment(network, part, id, layers));
        }
    }
    segments
}

fn segment(network: &Network, part: Part, id: LayerId, layers: usize) -> Segment {
    let shape = network.layer(id).shape;
    Segment {
        part,
        layers,
        blocks: 1,
        width: shape.channels,
        side: shape.height,
    }
}

fn join(segments: &mut Vec<Segment>, next: Segment) {
    match segments.last_mut() {
        Some(last) if (last.part, last.width, last.side) == (next.part, next.width, next.side) => {
            last.layers += next.layers;
            last.blocks += 1;
        }
        _ => segments.push(next),
    }
}
