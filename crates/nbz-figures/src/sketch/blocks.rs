//! A network as its convolutions from left to right: as long as its layers, as high as they are wide.
//!
//! An inverted residual is one bar of three layers with its kernel and what it widens its input by; of other blocks,
//! every convolution is a bar of its own, so that inner widths are seen. Shortcuts are left out.

use kuva::render::render::Scene;
use nbz_space::network::Conv;
use nbz_space::{Arch, Layer, Network, Op, Task};

use crate::chart::{LINE, TEXT};
use crate::{ink, text};

const KEY: &str =
    "length: layers; height: channels out, numbered below; dashed: the resolution falls";
const KEY_INVERTED: &str = "length: layers; height: channels out, numbered below; dashed: the resolution falls. \
    k: kernel of an inverted residual, e: its expansion";
const KEY_INNER: &str = "length: layers; height: channels out, numbered below; dashed: the resolution falls. \
    k: kernel of an inverted residual, i: its inner channels";

/// Height of the widest bar.
const HEIGHT: f64 = 72.0;
/// Of one layer, at most.
const LONGEST: f64 = 16.0;
/// Before, in and behind the blocks.
const FILLS: [&str; 3] = ["#999999", "#66AADD", "#DDAA33"];
/// Blocks of kernels of more than three pixels.
const FILL_LARGE: &str = "#332288";
const FALL: &str = "#CC6677";

/// Some convolutions, drawn as one bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bar {
    layers: usize,
    /// Channels out.
    width: usize,
    /// Pixels of a side.
    side: usize,
    kernel: usize,
    /// Channels in and inside of an inverted residual.
    inverted: Option<(usize, usize)>,
    /// 0 before, 1 in, 2 behind the blocks.
    part: usize,
}

/// A network as bars.
#[derive(Debug, Clone)]
pub(crate) struct Blocks {
    bars: Vec<Bar>,
    /// Whether inner widths were searched for: they are no multiples, then.
    inner: bool,
}

/// What the networks of a figure share, so that they can be compared.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Scale {
    layers: usize,
    width: usize,
}

impl Scale {
    /// With room for one more network. A head may be wider than every block, which it would press flat: it is cut.
    pub(crate) fn with(self, sketch: &super::Sketch) -> Self {
        let super::Sketch::Blocks(Blocks { bars, .. }) = sketch else {
            return self;
        };
        let widths = bars.iter().filter(|bar| bar.part < 2).map(|bar| bar.width);
        Self {
            layers: self.layers.max(bars.iter().map(|bar| bar.layers).sum()),
            width: self.width.max(widths.max().unwrap_or(1)),
        }
    }
}

impl Blocks {
    pub(super) fn of(arch: &Arch, task: Task) -> Self {
        let network = arch.network(task);
        let mut bars = Vec::new();
        for (part, convs) in parts(&network) {
            bars.extend(block(part, &convs));
        }
        let inner = matches!(arch, Arch::ChannelMobileNet(_));
        Self { bars, inner }
    }

    pub(super) fn key(&self) -> &'static str {
        match (
            self.bars.iter().any(|bar| bar.inverted.is_some()),
            self.inner,
        ) {
            (false, _) => KEY,
            (true, false) => KEY_INVERTED,
            (true, true) => KEY_INNER,
        }
    }

    pub(super) fn draw(&self, scene: &mut Scene, top: f64, width: f64, scale: Scale) -> f64 {
        let step = (width / scale.layers.max(1) as f64).min(LONGEST);
        let bottom = top + HEIGHT;
        let (mut x, mut side) = (0.0, None);
        let mut places = Vec::new();
        for bar in &self.bars {
            let length = bar.layers as f64 * step;
            if side.is_some_and(|side| side != bar.side) {
                let fall = [(x - 0.5, top), (x - 0.5, bottom + 2.0)];
                ink::line(scene, &fall, (FALL, 1.2), Some("3 3".to_owned()));
            }
            side = Some(bar.side);
            let share = bar.width as f64 / scale.width.max(1) as f64;
            let height = (share.min(1.0) * HEIGHT).max(2.0);
            let fill = if bar.part == 1 && bar.kernel > 3 {
                FILL_LARGE
            } else {
                FILLS[bar.part]
            };
            let corner = (x, top + (HEIGHT - height) / 2.0);
            ink::filled(scene, corner, (length - 1.0, height), fill);
            places.push((x + length / 2.0, length));
            x += length;
        }
        let mut y = bottom + 4.0;
        for row in self.rows() {
            y += labels(scene, &row, &places, y);
        }
        y - top
    }

    /// The labels below the bars: widths where they change; kernels and expansions of every inverted residual.
    fn rows(&self) -> Vec<Vec<String>> {
        let mut before = None;
        let width = |bar: &Bar| {
            let changed = before.replace(bar.width) != Some(bar.width);
            if changed {
                bar.width.to_string()
            } else {
                String::new()
            }
        };
        let mut rows = vec![self.bars.iter().map(width).collect()];
        let inverted = |say: &dyn Fn(&Bar, usize, usize) -> String| -> Vec<String> {
            let label = |bar: &Bar| bar.inverted.map(|(cin, inner)| say(bar, cin, inner));
            self.bars
                .iter()
                .map(|bar| label(bar).unwrap_or_default())
                .collect()
        };
        if self.bars.iter().any(|bar| bar.inverted.is_some()) {
            rows.push(inverted(&|bar, _, _| format!("k{}", bar.kernel)));
            rows.push(inverted(&|_, cin, inner| {
                if self.inner {
                    format!("i{inner}")
                } else {
                    format!("e{}", inner / cin.max(1))
                }
            }));
        }
        rows
    }
}

/// Writes labels under the middles of bars, upright if one has no room; answers with the height of the row.
///
/// Labels that even so lie over the one before are left out where they repeat it, and moved right where they do not.
fn labels(scene: &mut Scene, row: &[String], places: &[(f64, f64)], y: f64) -> f64 {
    let shown = || {
        row.iter()
            .zip(places)
            .filter(|(label, _)| !label.is_empty())
    };
    let size = f64::from(TEXT);
    let mut right = f64::NEG_INFINITY;
    let has_room = |(label, (x, _)): (&String, &(f64, f64))| {
        let half = text::width(label, TEXT) / 2.0;
        let free = x - half > right && x - half >= -3.0;
        right = x + half + 2.0;
        free
    };
    if shown().all(has_room) {
        for (label, (x, _)) in shown() {
            ink::words(scene, (*x, y + size - 1.0), ink::MIDDLE, label);
        }
        return LINE;
    }
    let tall = shown()
        .map(|(label, _)| text::width(label, TEXT))
        .fold(0.0, f64::max);
    let mut free = f64::NEG_INFINITY;
    let mut before = None;
    for (label, (x, _)) in shown() {
        let place = x.max(free);
        if place > x + size && before == Some(label) {
            continue;
        }
        before = Some(label);
        free = place + size;
        ink::upright(scene, (place + 4.5, y + tall), ink::START, label);
    }
    tall + 6.0
}

/// The convolutions of the main path, by block; 0 before, 1 in, 2 behind the blocks.
fn parts(network: &Network) -> Vec<(usize, Vec<(Conv, usize)>)> {
    let mut path = vec![network.features()];
    // A residual's first input is the main path; the input image alone has none.
    while let Some(&before) = path.last().and_then(|&id| network.layer(id).inputs.first()) {
        path.push(before);
    }
    let mut parts = Vec::new();
    let mut convs = Vec::new();
    for id in path.into_iter().rev() {
        let Layer { op, shape, .. } = network.layer(id);
        if let Op::Conv(conv) = op {
            convs.push((*conv, shape.height));
        }
        if network.blocks().contains(&id) {
            let part = usize::from(!parts.is_empty());
            parts.push((part, std::mem::take(&mut convs)));
        }
    }
    if !convs.is_empty() {
        parts.push((2, convs));
    }
    parts
}

fn block(part: usize, convs: &[(Conv, usize)]) -> Vec<Bar> {
    let depthwise = convs.iter().find(|(conv, _)| conv.is_depthwise());
    if let (Some((deep, _)), Some((first, _)), Some((last, side))) =
        (depthwise, convs.first(), convs.last())
    {
        return vec![Bar {
            layers: convs.len(),
            width: last.out_channels,
            side: *side,
            kernel: deep.kernel,
            inverted: Some((first.in_channels, deep.out_channels)),
            part,
        }];
    }
    let bar = |(conv, side): &(Conv, usize)| Bar {
        layers: 1,
        width: conv.out_channels,
        side: *side,
        kernel: conv.kernel,
        inverted: None,
        part,
    };
    convs.iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use nbz_space::Dataset;

    use super::*;

    fn blocks(arch: &str) -> Blocks {
        let arch: Arch = arch.parse().expect("an architecture");
        Blocks::of(&arch, Dataset::Cifar10.into())
    }

    fn widths(blocks: &Blocks) -> Vec<usize> {
        blocks.bars.iter().map(|bar| bar.width).collect()
    }

    /// Oracle: the benchmark's description: digit d of 1 to 4 is d quarters of 256, 256, 256, 512, 512, 512, 512; the
    /// stem, two pairs, one of stride 2 and two pairs.
    #[test]
    fn every_width_of_channel_bench_macro_is_a_bar() {
        let resnet = blocks("cbmr:1234321");
        let (outer, halved) = (64, 384);
        let expected = [
            outer, 128, outer, 192, outer, 512, halved, 256, halved, 128, halved,
        ];
        assert_eq!(widths(&resnet), expected);
        let mobile = blocks("cbmm:1234321");
        assert_eq!(widths(&mobile), [32, 32, 32, 192, 192, 256]);
        let inner: Vec<String> = mobile.rows()[2]
            .iter()
            .filter(|l| !l.is_empty())
            .cloned()
            .collect();
        assert_eq!(inner, ["i384", "i576", "i768", "i768"]);
    }

    /// Oracle: the benchmark's digits: 1 is expansion 3 and kernel 3, 2 is expansion 6 and kernel 5, 0 passes its input
    /// on or, first in a stage, is a convolution.
    #[test]
    fn every_kernel_and_expansion_of_nas_bench_macro_is_named() {
        let rows = blocks("nbmacro:12021020").rows();
        let named = |row: &[String]| row.concat();
        assert_eq!(named(&rows[1]), "k3k5k5k3k5");
        assert_eq!(named(&rows[2]), "e3e6e6e3e6");
        assert_eq!(named(&rows[0]), "32641282561280");
    }

    /// Oracle: the stages of the string: depth times two convolutions of each width.
    #[test]
    fn stages_are_as_long_as_their_layers() {
        let staged = blocks("r1:16s1x1-32s2x2-64s2x1-128s2x1");
        let count = |width| {
            staged
                .bars
                .iter()
                .filter(|bar| bar.part == 1 && bar.width == width)
                .count()
        };
        assert_eq!([16, 32, 64, 128].map(count), [2, 4, 2, 2]);
        let sides: Vec<usize> = staged.bars.iter().map(|bar| bar.side).collect();
        assert!(sides.is_sorted_by(|a, b| a >= b), "{sides:?}");
    }
}
