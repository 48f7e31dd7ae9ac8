//! Single convolutions on one thread: the worst layer should always be visible.

use std::fmt::Write as _;

use nbz_engine::{Cpu, Device};
use nbz_space::network::{Conv, Shape};

use crate::passes::BATCH;
use crate::timing::best;

/// Convolutions of the four networks, with the side of their input.
fn subjects() -> Vec<(Conv, usize)> {
    let dense = |(i, o, kernel, stride, side)| (Conv::dense(i, o, kernel, stride), side);
    let alone = |(channels, stride, side)| (Conv::depthwise(channels, 3, stride), side);
    let mut all: Vec<_> = [
        (3, 32, 3, 1, 32),
        (16, 16, 3, 1, 32),
        (32, 32, 3, 1, 16),
        (64, 64, 3, 1, 32),
        (64, 64, 3, 1, 8),
        (64, 128, 3, 2, 32),
        (128, 128, 3, 1, 16),
        (512, 512, 3, 1, 4),
        (64, 256, 1, 1, 16),
        (256, 64, 1, 1, 16),
        (32, 128, 1, 1, 32),
        (16, 96, 1, 1, 32),
        (96, 24, 1, 1, 32),
        (24, 144, 1, 1, 32),
        (96, 576, 1, 1, 8),
        (320, 1280, 1, 1, 4),
    ]
    .map(dense)
    .into();
    all.extend(
        [
            (96, 1, 32),
            (144, 1, 32),
            (144, 2, 32),
            (384, 1, 8),
            (960, 1, 4),
        ]
        .map(alone),
    );
    all
}

/// Measures every layer in its three directions, and once more by Winograd's form where it has that.
pub(crate) fn table(device: &dyn Fn(bool) -> Cpu<f32>) -> String {
    let mut text = String::from(
        "## Layers\n\n\
         GFLOP/s (share of peak) on one thread, every layer alone, so that its maps come from memory; MiB\n\
         are those of input and output.\n\n\
         | layer | side | forward | input gradient | weight gradient | MiB |\n|---|---|---|---|---|---|\n",
    );
    for (conv, side) in subjects() {
        let direct = device(false);
        writeln!(text, "{}", row(&direct, "", &conv, side)).unwrap();
        // By shape, as the device chooses: few channels gain too little.
        if conv.kernel == 3 && conv.stride == 1 && !conv.is_depthwise() && conv.in_channels >= 32 {
            writeln!(text, "{}", row(&device(true), ", Winograd", &conv, side)).unwrap();
        }
    }
    text + "\n"
}

fn row(device: &Cpu<f32>, form: &str, conv: &Conv, side: usize) -> String {
    let path = device.path();
    let out = conv.output_side(side);
    let input = Shape::new(conv.in_channels, side, side);
    let output = Shape::new(conv.out_channels, out, out);
    let values = |n: usize| {
        (0..n)
            .map(|i| (i % 17) as f64 / 8.0 - 1.0)
            .collect::<Vec<_>>()
    };
    let x = device.upload_map(BATCH, input, &values(BATCH * input.len()));
    let dy = device.upload_map(BATCH, output, &values(BATCH * output.len()));
    let w = device.upload_weight(conv, &values(conv.out_channels * conv.fan_in()));
    let operations = 2.0 * (BATCH * output.len() * conv.fan_in()) as f64;
    let cell = |work: &mut dyn FnMut()| {
        let t = best(path, 1, work);
        let share = 100.0 * t.share_of_peak(operations, 1);
        format!("{:.0} ({share:.0} %)", operations / t.seconds / 1e9)
    };
    let cells = [
        cell(&mut || drop(device.conv(conv, &w, None, &x, None))),
        cell(&mut || drop(device.conv_input_gradient(conv, &w, &dy, input, None))),
        cell(&mut || drop(device.conv_weight_gradient(conv, &x, &dy, None))),
    ];
    let bytes = device.map_bytes(BATCH, input) + device.map_bytes(BATCH, output);
    let kind = if conv.is_depthwise() {
        "depthwise "
    } else {
        ""
    };
    format!(
        "| {kind}{k}x{k}/{} {} -> {}{form} | {side} | {} | {:.0} |",
        conv.stride,
        conv.in_channels,
        conv.out_channels,
        cells.join(" | "),
        bytes as f64 / 1_048_576.0,
        k = conv.kernel,
    )
}
