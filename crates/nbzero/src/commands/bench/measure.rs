//! Runs what is measured.

use nbz_engine::cpu::{self, LayerTiming, Timing};
use nbz_engine::{
    Cotangent, Cpu, EngineError, Images, Init, Labels, Model, Of, Recipe, Run, Weights,
};
use nbz_space::Arch;
use nbz_space::network::Network;

use super::document::{Layer, Measured, Rate};

pub(super) fn measure(
    device: &Cpu<f32>,
    network: &Network,
    arch: &Arch,
    batch: usize,
) -> Result<Measured, EngineError> {
    let info = cpu::info(device.path());
    let architecture = arch.to_string();
    let recipe = Recipe {
        seed: 0,
        architecture: &architecture,
        purpose: "bench",
    };
    let weights = Weights::init(network, Init::Torch, &recipe)?;
    let model = Model::new(device, network, &weights)?;
    let (images, labels) = inputs(network, batch)?;
    let run = Run::default();
    // Once with every error looked at; the timed rounds then cannot fail.
    let backward = || -> Result<(), EngineError> {
        let trace = model.forward(&images, &run, &mut ())?;
        let loss = Cotangent::CrossEntropy(&labels);
        trace.backward(loss, Of::Parameters, &mut ())?;
        Ok(())
    };
    backward()?;
    let held = device.peak_bytes();
    let forward = device.time(&mut || drop(model.infer(&images, &run, &mut ())));
    let both = device.time(&mut || drop(backward()));
    let layers = device.time_layers(network, batch);
    let operations: f64 = layers.iter().map(|l| l.operations).sum();
    Ok(Measured {
        processor: info.processor,
        peak_gflops: info.peak / 1e9,
        held,
        forward: rate(forward, operations),
        forward_backward: rate(both, 3.0 * operations),
        layers: layers.iter().map(|l| layer(network, l)).collect(),
    })
}

/// Numbers without a pattern that a kernel could profit from; what they are does not change the time.
fn inputs(network: &Network, batch: usize) -> Result<(Images, Labels), EngineError> {
    let shape = network.input_shape();
    let value = |i: usize| (i.wrapping_mul(2_654_435_761) >> 8) % 2001;
    let values = (0..batch * shape.len()).map(|i| value(i) as f64 / 1000.0 - 1.0);
    let classes = network.classes();
    let labels = (0..batch).map(|i| (i % classes) as u32).collect();
    Ok((
        Images::new(shape, values.collect())?,
        Labels::new(classes, labels)?,
    ))
}

fn rate(timing: Timing, operations: f64) -> Rate {
    Rate {
        ms: 1e3 * timing.seconds,
        gflops: timing.rate(operations) / 1e9,
        share: timing.share_of_peak(operations),
    }
}

fn layer(network: &Network, timing: &LayerTiming) -> Layer {
    let of = |t| rate(t, timing.operations);
    Layer {
        name: network.layer(timing.layer).name.clone(),
        kernel: timing.conv.kernel,
        stride: timing.conv.stride,
        depthwise: timing.conv.is_depthwise(),
        in_channels: timing.conv.in_channels,
        out_channels: timing.conv.out_channels,
        height: timing.input.height,
        width: timing.input.width,
        bytes: timing.map_bytes,
        forward: of(timing.forward),
        input_gradient: of(timing.input_gradient),
        weight_gradient: of(timing.weight_gradient),
    }
}
