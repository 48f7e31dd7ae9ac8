//! NAS-Bench-201 (Dong and Yang, ICLR 2020): one cell of six edges, stacked three times five.
//!
//! Nodes 0 (input) to 3 (output); a node is the sum of its edges. The digits are those of NASLib: one
//! an edge, in the order 0-1, 0-2, 0-3, 1-2, 1-3, 2-3. Stem conv 3x3 to 16 and batch norm; three
//! stages of five equal cells with 16, 32 and 64 channels, a residual block of stride 2 between them;
//! batch norm, ReLU, pooling, linear.
//!
//! Lowering: `skip_connect` is the source's value itself (a sum may read one value twice), `none` is
//! not summed, a node without edges is a zero. Convolutions and poolings that reach no output stay in
//! the graph, because their parameters count. A cell that passes its input on is not marked as a
//! block.

use std::fmt;

use super::{Alphabet, write_digits};
use crate::{
    cost::{Costs, NbszFlops},
    dataset::Task,
    error::{ArchProblem, SpaceError, arch_error},
    network::{Conv, Join, LayerId, Network, NetworkBuilder, Pool, Shape},
};

/// Source and target of the six edges, in the order of the digits.
const EDGES: [(usize, usize); 6] = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];
/// The edges in the order of the official string.
const OFFICIAL: [usize; 6] = [0, 1, 3, 2, 4, 5];
const WIDTHS: [usize; 3] = [16, 32, 64];
const CELLS: usize = 5;

/// What an edge does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeOp {
    /// `skip_connect`, digit 0: its input unchanged.
    Skip,
    /// `none`, digit 1: nothing passes.
    None,
    /// `nor_conv_3x3`, digit 2: ReLU, convolution, batch norm.
    Conv3x3,
    /// `nor_conv_1x1`, digit 3: ReLU, convolution, batch norm.
    Conv1x1,
    /// `avg_pool_3x3`, digit 4: stride 1, the padding not counted.
    AvgPool3x3,
}

impl EdgeOp {
    /// All operations, in the order of their digits.
    pub const ALL: [EdgeOp; 5] = [
        EdgeOp::Skip,
        EdgeOp::None,
        EdgeOp::Conv3x3,
        EdgeOp::Conv1x1,
        EdgeOp::AvgPool3x3,
    ];

    /// The official name.
    pub const fn name(self) -> &'static str {
        match self {
            EdgeOp::Skip => "skip_connect",
            EdgeOp::None => "none",
            EdgeOp::Conv3x3 => "nor_conv_3x3",
            EdgeOp::Conv1x1 => "nor_conv_1x1",
            EdgeOp::AvgPool3x3 => "avg_pool_3x3",
        }
    }

    const fn kernel(self) -> Option<usize> {
        match self {
            EdgeOp::Conv3x3 => Some(3),
            EdgeOp::Conv1x1 => Some(1),
            _ => None,
        }
    }
}

/// A network of NAS-Bench-201, named by its cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    pub(super) edges: [EdgeOp; 6],
}

impl Cell {
    /// What stands before the digits.
    pub const PREFIX: &'static str = "nb201:";
    /// Number of cells.
    pub const COUNT: usize = 15_625;

    /// Reads six digits or the official string from byte `at` to the end.
    pub(crate) fn parse(text: &str, at: usize) -> Result<Self, SpaceError> {
        if text.as_bytes().get(at) == Some(&b'|') {
            return Self::parse_official(text, at);
        }
        let alphabet = Alphabet {
            benchmark: "NAS-Bench-201",
            digits: b'0'..=b'4',
            hint: "a digit is 0 skip_connect, 1 none, 2 nor_conv_3x3, 3 nor_conv_1x1 or \
                   4 avg_pool_3x3",
        };
        let digits: [u8; 6] = alphabet.digits(text, at)?;
        let edges = digits.map(|d| EdgeOp::ALL[usize::from(d)]);
        Ok(Self { edges })
    }

    fn parse_official(text: &str, mut at: usize) -> Result<Self, SpaceError> {
        let fail = |at: usize, wanted: &str| {
            let wanted = wanted.to_owned();
            arch_error(text, at, 1, ArchProblem::Cell { wanted })
        };
        let mut edges = [EdgeOp::None; 6];
        for (place, edge) in OFFICIAL.into_iter().enumerate() {
            let opening = if matches!(place, 1 | 3) { "|+|" } else { "|" };
            let rest = &text[at..];
            let rest = rest
                .strip_prefix(opening)
                .ok_or_else(|| fail(at, &format!("`{opening}`")))?;
            at += opening.len();
            let op = EdgeOp::ALL.into_iter().find(|op| {
                let after = rest.strip_prefix(op.name());
                after.is_some_and(|after| after.starts_with('~'))
            });
            let op = op.ok_or_else(|| fail(at, "an operation and `~`"))?;
            at += op.name().len() + 1;
            let source = EDGES[edge].0;
            let digit = b'0' + source as u8;
            if text.as_bytes().get(at) != Some(&digit) {
                return Err(fail(at, &format!("node {source}")));
            }
            at += 1;
            edges[edge] = op;
        }
        match &text[at..] {
            "|" => Ok(Self { edges }),
            rest if rest.starts_with('|') => Err(fail(at + 1, "the end")),
            _ => Err(fail(at, "`|`")),
        }
    }

    /// The operations of the edges 0-1, 0-2, 0-3, 1-2, 1-3, 2-3.
    pub fn edges(self) -> [EdgeOp; 6] {
        self.edges
    }

    /// The official string, `|OP~0|+|OP~0|OP~1|+|OP~0|OP~1|OP~2|`.
    pub fn official(self) -> String {
        let [a, b, c, d, e, f] = OFFICIAL.map(|edge| self.edges[edge].name());
        format!("|{a}~0|+|{b}~0|{c}~1|+|{d}~0|{e}~1|{f}~2|")
    }

    /// The layer graph for a task.
    pub fn network(self, task: Task) -> Network {
        let side = task.resolution();
        let mut b = NetworkBuilder::new(Shape::new(3, side, side));
        let mut x = b.conv_bn("stem", b.input(), Conv::dense(3, WIDTHS[0], 3, 1));
        b.mark_block(x);
        for (i, width) in WIDTHS.into_iter().enumerate() {
            if i > 0 {
                x = reduction(&mut b, &format!("reductions.{}", i - 1), x, width);
                b.mark_block(x);
            }
            for j in 0..CELLS {
                let y = self.lower(&mut b, &format!("stages.{i}.cells.{j}"), x);
                if y != x {
                    b.mark_block(y);
                }
                x = y;
            }
        }
        x = b.batch_norm("last.bn", x);
        x = b.relu("relu", x);
        b.classifier_with_modules(x, task.classes(), module_order)
    }

    fn lower(self, b: &mut NetworkBuilder, name: &str, x: LayerId) -> LayerId {
        let mut nodes = [x; 4];
        let mut arriving: [Vec<LayerId>; 4] = Default::default();
        for (i, (&op, (from, to))) in self.edges.iter().zip(EDGES).enumerate() {
            // Edges are sorted by source, so a source is complete when its first edge is met.
            if from > 0 && EDGES[i - 1].0 < from {
                nodes[from] = node(b, &format!("{name}.nodes.{from}"), x, &arriving[from]);
            }
            let value = edge(b, &format!("{name}.edges.{i}"), nodes[from], op);
            arriving[to].extend(value);
        }
        node(b, &format!("{name}.nodes.3"), x, &arriving[3])
    }

    /// Weighted layers on the longest path through the cell; none where no path leads through.
    fn path(self) -> Option<u32> {
        let mut paths = [Some(0), None, None, None];
        for (op, (from, to)) in self.edges.into_iter().zip(EDGES) {
            let path: Option<u32> = match op {
                EdgeOp::None => None,
                _ => paths[from].map(|p: u32| p + u32::from(op.kernel().is_some())),
            };
            paths[to] = paths[to].max(path);
        }
        paths[3]
    }

    fn count(self, op: EdgeOp) -> u64 {
        self.edges.iter().filter(|&&edge| edge == op).count() as u64
    }

    /// Costs for a task, by the benchmark's published numbers of convolutions:
    /// `params = 73306 + 65 (C - 10) + 243040 n3 + 28000 n1` and, on images of 32 pixels,
    /// `macs = 7782400 + 35389440 n3 + 3932160 n1 + 64 C`.
    pub fn costs(self, task: Task) -> Costs {
        let (n3, n1) = (self.count(EdgeOp::Conv3x3), self.count(EdgeOp::Conv1x1));
        let classes = task.classes() as u64;
        let params = 72_656 + 65 * classes + 243_040 * n3 + 28_000 * n1;
        // A sixteenth of the image's pixels is a whole number, since its side is a multiple of 4.
        let area = (task.resolution() * task.resolution() / 16) as u64;
        let macs = (121_600 + 552_960 * n3 + 61_440 * n1) * area + 64 * classes;
        let outer = 1 + 2 * 2 + 1; // stem, reductions, fc
        let depth = self
            .path()
            .map_or(0, |path| outer + 3 * CELLS as u32 * path);
        Costs::of(params, macs, depth)
    }

    /// Operations by the convention of NAS-Bench-Suite-Zero.
    pub fn nbsz_flops(self, task: Task) -> NbszFlops {
        let convs = self.count(EdgeOp::Conv3x3) + self.count(EdgeOp::Conv1x1);
        let area = (task.resolution() * task.resolution() / 16) as u64;
        let rest = (6_720 * convs + 20_160 * self.count(EdgeOp::AvgPool3x3) + 2_432) * area;
        let window = task.resolution() as u64 / 4 + 1;
        NbszFlops::new(self.costs(task).macs.get() + rest + 64 * window * window)
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_digits(f, Self::PREFIX, &self.edges.map(|op| op as u8))
    }
}

/// The reference network registers all stages before the reductions between them.
fn module_order(name: &str) -> u32 {
    match name.split('.').next() {
        Some("stem") => 0,
        Some("stages") => 1,
        Some("reductions") => 2,
        _ => 3,
    }
}

fn node(b: &mut NetworkBuilder, name: &str, input: LayerId, arriving: &[LayerId]) -> LayerId {
    match arriving {
        [] => b.zero(name, input),
        [only] => *only,
        several => b.add(name, Join::Sum, several),
    }
}

fn edge(b: &mut NetworkBuilder, name: &str, x: LayerId, op: EdgeOp) -> Option<LayerId> {
    let channels = b.shape(x).channels;
    match op {
        EdgeOp::None => None,
        EdgeOp::Skip => Some(x),
        EdgeOp::AvgPool3x3 => {
            let pool = Pool {
                kernel: 3,
                stride: 1,
                padding: 1,
            };
            Some(b.avg_pool(name, x, pool))
        }
        EdgeOp::Conv3x3 | EdgeOp::Conv1x1 => {
            let kernel = op.kernel().unwrap_or(1);
            let y = b.relu(format!("{name}.relu"), x);
            Some(b.conv_bn(name, y, Conv::dense(channels, channels, kernel, 1)))
        }
    }
}

/// The residual block of stride 2 between stages.
fn reduction(b: &mut NetworkBuilder, name: &str, x: LayerId, width: usize) -> LayerId {
    let cin = b.shape(x).channels;
    let y = b.relu(format!("{name}.relu1"), x);
    let y = b.conv(format!("{name}.conv1"), y, Conv::dense(cin, width, 3, 2));
    let y = b.batch_norm(format!("{name}.bn1"), y);
    let y = b.relu(format!("{name}.relu2"), y);
    let y = b.conv(format!("{name}.conv2"), y, Conv::dense(width, width, 3, 1));
    let y = b.batch_norm(format!("{name}.bn2"), y);
    let pool = Pool {
        kernel: 2,
        stride: 2,
        padding: 0,
    };
    let shortcut = b.avg_pool(format!("{name}.shortcut.pool"), x, pool);
    let projection = Conv::dense(cin, width, 1, 1);
    let shortcut = b.conv(format!("{name}.shortcut.conv"), shortcut, projection);
    b.add(format!("{name}.add"), Join::Residual, &[y, shortcut])
}
