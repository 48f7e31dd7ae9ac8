//! Writes networks, numbers and what every pass gives on every device, for `pytorch_check.py` to compare with
//! PyTorch's own gradients.
//!
//! `cargo run -p nbz-engine --example pytorch_check -- FOLDER` writes two files an architecture: the layer
//! graph as JSON, and weights, batch and results as safetensors. Norm scales and shifts are moved away from 1
//! and 0, so that a term that they carry cannot hide.

#![expect(
    clippy::unwrap_used,
    reason = "a developer's program may stop where it fails"
)]

use std::path::Path as FilePath;

use nbz_engine::cpu::Path;
use nbz_engine::{
    Cotangent, Cpu, Device, Direction, Images, Init, Labels, Model, Of, Recipe, Reference, Run,
    Tensor, Weights,
};
use nbz_space::network::{Conv, Layer, Network, Op};
use nbz_space::{Arch, Dataset};
use serde_json::{Value, json};

/// One network of each space: basic, bottleneck and inverted blocks, pooling, pre-activation, zero.
const ARCHITECTURES: [&str; 5] = [
    "r1:16s1x1-32s2x1-64s2x1-128s2x1",
    "r2:64s1x1-128s2x2-256s2x1-512s2x1",
    "mb:16s1x1-24s2x2-48s2x2-96s2x1",
    "nb201:123403",
    "nbmacro:12021020",
];

const IMAGES: usize = 5;

fn main() {
    let folder = std::env::args().nth(1).expect("the folder to write to");
    std::fs::create_dir_all(&folder).unwrap();
    for (number, text) in ARCHITECTURES.into_iter().enumerate() {
        let network = text.parse::<Arch>().unwrap().network(Dataset::Cifar10);
        let weights = weights(text, &network);
        let (images, labels) = batch(&network);
        let mut tensors = Weights::new();
        for (name, dims) in network.tensors() {
            let values = weights.get(&name).unwrap().to_f64().into_owned();
            put(&mut tensors, &format!("weights/{name}"), dims, values);
        }
        let shape = images.shape();
        let dims = vec![IMAGES, shape.channels, shape.height, shape.width];
        put(&mut tensors, "images", dims, images.values().to_vec());
        let fast = Path::fastest();
        let case = (&network, &weights, &images, &labels);
        results("reference", &Reference, case, &mut tensors);
        results(
            "cpu-f64",
            &Cpu::<f64>::new(fast, 2).unwrap(),
            case,
            &mut tensors,
        );
        results(
            "cpu",
            &Cpu::<f32>::new(fast, 2).unwrap(),
            case,
            &mut tensors,
        );
        let graph = json!({
            "arch": text,
            "devices": ["reference", "cpu-f64", "cpu"],
            "labels": labels.values(),
            "layers": network.layers().iter().map(layer).collect::<Vec<_>>(),
        });
        let at = FilePath::new(&folder).join(number.to_string());
        std::fs::write(at.with_extension("json"), graph.to_string()).unwrap();
        std::fs::write(
            at.with_extension("safetensors"),
            tensors.to_safetensors().unwrap(),
        )
        .unwrap();
    }
}

fn put(tensors: &mut Weights, name: &str, dims: Vec<usize>, values: Vec<f64>) {
    tensors.insert(name, Tensor::new(name, dims, values).unwrap());
}

/// Numbers that single precision holds, so that both precisions start from the same.
fn wave(i: usize, step: f64) -> f64 {
    f64::from((i as f64 * step).sin() as f32)
}

fn weights(architecture: &str, network: &Network) -> Weights {
    let recipe = Recipe {
        seed: 1,
        architecture,
        purpose: "pytorch check",
    };
    let mut weights = Weights::init(network, Init::Torch, &recipe).unwrap();
    for layer in network.layers().iter().filter(|l| l.op == Op::BatchNorm) {
        for (part, around) in [("weight", 1.0), ("bias", 0.0)] {
            let name = format!("{}.{part}", layer.name);
            let count = layer.shape.channels;
            let values = (0..count).map(|i| f64::from((around + 0.25 * wave(i, 1.7)) as f32));
            put(&mut weights, &name, vec![count], values.collect());
        }
    }
    weights
}

fn batch(network: &Network) -> (Images, Labels) {
    let shape = network.input_shape();
    let values = (0..IMAGES * shape.len()).map(|i| wave(i, 0.37) + wave(i, 0.011));
    let values = values.map(|v| f64::from(v as f32)).collect();
    let classes = network.classes();
    let labels = (0..IMAGES).map(|i| (3 * i % classes) as u32).collect();
    (
        Images::new(shape, values).unwrap(),
        Labels::new(classes, labels).unwrap(),
    )
}

fn results<D: Device>(
    name: &str,
    device: &D,
    (network, weights, images, labels): (&Network, &Weights, &Images, &Labels),
    tensors: &mut Weights,
) {
    let model = Model::new(device, network, weights).unwrap();
    let trace = model.forward(images, &Run::default(), &mut ()).unwrap();
    let loss = Cotangent::CrossEntropy(labels);
    let gradients = trace.backward(loss, Of::Both, &mut ()).unwrap();
    let tangent = trace.tangent(Direction::Weights).unwrap();
    let (_, product) = tangent.backward(loss, &mut ()).unwrap();
    let logits = trace.output();
    put(
        tensors,
        &format!("{name}/logits"),
        vec![IMAGES, logits.len() / IMAGES],
        logits,
    );
    let input = device.download_map(gradients.input().unwrap());
    put(tensors, &format!("{name}/input"), vec![input.len()], input);
    let gram = trace.gram().unwrap().values().to_vec();
    put(tensors, &format!("{name}/gram"), vec![IMAGES, IMAGES], gram);
    for (tensor, dims) in network.tensors() {
        if let Some(values) = gradients.read(&tensor) {
            put(
                tensors,
                &format!("{name}/gradient/{tensor}"),
                dims.clone(),
                values,
            );
        }
        if let Some(values) = product.read(&tensor) {
            put(tensors, &format!("{name}/product/{tensor}"), dims, values);
        }
    }
}

fn layer(layer: &Layer) -> Value {
    let (kind, conv): (&str, Option<Conv>) = match layer.op {
        Op::Input => ("input", None),
        Op::Conv(conv) => ("conv", Some(conv)),
        Op::Linear { .. } => ("linear", None),
        Op::BatchNorm => ("norm", None),
        Op::Relu => ("relu", None),
        Op::Add(_) => ("add", None),
        Op::AvgPool(_) => ("pool", None),
        Op::GlobalAvgPool => ("mean", None),
        Op::Zero => ("zero", None),
        Op::Identity => ("identity", None),
    };
    let pool = match layer.op {
        Op::AvgPool(p) => json!([p.kernel, p.stride, p.padding]),
        _ => Value::Null,
    };
    let inputs: Vec<usize> = layer.inputs.iter().map(|i| i.index()).collect();
    let conv = conv.map(|c| json!([c.stride, c.padding(), c.groups]));
    json!({"name": layer.name, "kind": kind, "inputs": inputs, "conv": conv, "pool": pool})
}
