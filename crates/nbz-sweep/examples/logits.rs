//! A network's logits on given weights and images, for whoever rebuilds it elsewhere.
//!
//! ```text
//! cargo run --release -p nbz-sweep --example logits -- f64 nb201:212043 32 10 WEIGHTS INPUTS OUTPUT
//! ```
//!
//! Precision, architecture, resolution, classes; a state dict; `images` and `labels`; the file to write, with
//! one tensor `logits` `[N, classes]` in F64. All files are safetensors. Batch norm sees the batch.

use std::path::Path as FilePath;

use nbz_data::tensors;
use nbz_engine::cpu::Path;
use nbz_engine::{Cpu, Device, EngineError, Images, Model, Run, Tensor, Weights};
use nbz_space::{Arch, Network, Shape, Task};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [
        precision,
        arch,
        resolution,
        classes,
        weights,
        inputs,
        output,
    ] = arguments.as_slice()
    else {
        return Err("PRECISION ARCH RESOLUTION CLASSES WEIGHTS INPUTS OUTPUT".into());
    };
    let task = Task::new(resolution.parse()?, classes.parse()?)?;
    let network = arch.parse::<Arch>()?.network(task);
    let weights = Weights::from_safetensors(&std::fs::read(weights)?)?;
    let batch = tensors::read(FilePath::new(inputs), task.classes())?;
    let [count, channels, height, width] = batch.shape();
    let images = Images::from_f32(Shape::new(channels, height, width), batch.pixels())?;
    let logits = match precision.as_str() {
        "f64" => logits(
            &Cpu::<f64>::new(Path::fastest(), 1)?,
            &network,
            &weights,
            &images,
        )?,
        "f32" => logits(
            &Cpu::<f32>::new(Path::fastest(), 1)?,
            &network,
            &weights,
            &images,
        )?,
        other => return Err(format!("{other} is neither f32 nor f64").into()),
    };
    let mut tensors = Weights::new();
    let logits = Tensor::new("logits", vec![count, task.classes()], logits)?;
    tensors.insert("logits", logits);
    std::fs::write(output, tensors.to_safetensors()?)?;
    Ok(())
}

fn logits<D: Device>(
    device: &D,
    network: &Network,
    weights: &Weights,
    images: &Images,
) -> Result<Vec<f64>, EngineError> {
    let model = Model::new(device, network, weights)?;
    let trace = model.forward(images, &Run::default(), &mut ())?;
    Ok(trace.output())
}
