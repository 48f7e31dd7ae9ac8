//! The answer for people.

use std::fmt::Write as _;

use super::document::{Document, Layer, Measured, Memory, Rate};
use crate::bytes::mib;
use crate::console;
use crate::grid::{Align, Grid};

pub(super) fn text(document: &Document) -> String {
    let mut out = format!(
        "{} on {}: images {}, threads {}, kernels {}\n",
        document.arch, document.dataset, document.batch, document.threads, document.kernels
    );
    if let Some(measured) = &document.measured {
        let (processor, peak) = (&measured.processor, measured.peak_gflops);
        writeln!(out, "{processor}: f32 peak {peak:.1} GFLOP/s a core").expect("a string grows");
        for table in [layers(&measured.layers), passes(measured)] {
            out.push('\n');
            out.push_str(&table.text(console::width()));
        }
    }
    out.push('\n');
    let held = document.measured.as_ref().map(|m| m.held);
    out.push_str(&memory(&document.memory, held).text(console::width()));
    out
}

fn percent(rate: Rate) -> String {
    format!("{:.0} %", 100.0 * rate.share)
}

/// A row for all layers of the same sizes.
fn layers(layers: &[Layer]) -> Grid {
    let mut grid = Grid::new([
        ("layer", Align::Left),
        ("like it", Align::Right),
        ("kernel", Align::Left),
        ("channels", Align::Left),
        ("pixels", Align::Left),
        ("MiB", Align::Right),
        ("forward GFLOP/s", Align::Right),
        ("of peak", Align::Right),
        ("dx GFLOP/s", Align::Right),
        ("of peak", Align::Right),
        ("dw GFLOP/s", Align::Right),
        ("of peak", Align::Right),
    ]);
    for (i, layer) in layers.iter().enumerate() {
        if layers[..i].iter().any(|l| l.like(layer)) {
            continue;
        }
        let kind = if layer.depthwise { " depthwise" } else { "" };
        let mut row = vec![
            layer.name.clone(),
            layers.iter().filter(|l| l.like(layer)).count().to_string(),
            format!("{0}x{0}/{1}{kind}", layer.kernel, layer.stride),
            format!("{} to {}", layer.in_channels, layer.out_channels),
            format!("{}x{}", layer.height, layer.width),
            mib(layer.bytes),
        ];
        for rate in [layer.forward, layer.input_gradient, layer.weight_gradient] {
            row.extend([format!("{:.0}", rate.gflops), percent(rate)]);
        }
        grid.row(row);
    }
    grid
}

fn passes(measured: &Measured) -> Grid {
    let mut grid = Grid::new([
        ("pass", Align::Left),
        ("ms", Align::Right),
        ("GFLOP/s", Align::Right),
        ("of peak", Align::Right),
    ]);
    for (name, rate) in [
        ("forward", measured.forward),
        ("forward and backward", measured.forward_backward),
    ] {
        grid.row([
            name.to_owned(),
            format!("{:.2}", rate.ms),
            format!("{:.1}", rate.gflops),
            percent(rate),
        ]);
    }
    grid
}

fn memory(memory: &Memory, held: Option<u64>) -> Grid {
    let mut grid = Grid::new([("memory", Align::Left), ("MiB", Align::Right)]);
    for (name, bytes) in [
        ("weights", memory.parameters),
        ("values", memory.values),
        ("cotangents", memory.cotangents),
        ("gradients", memory.gradients),
        ("working memory", memory.scratch),
        ("planned", memory.planned),
    ] {
        grid.row([name.to_owned(), mib(bytes)]);
    }
    let optional = [("held", held), ("limit", memory.limit)];
    for (name, bytes) in optional {
        if let Some(bytes) = bytes {
            grid.row([name.to_owned(), mib(bytes)]);
        }
    }
    grid
}
