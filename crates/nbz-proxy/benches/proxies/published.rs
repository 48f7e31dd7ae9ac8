//! Their side: `published.py` in a process of its own, on the same graph, weights and images.

use std::fs;
use std::path::Path as Folder;
use std::process::Command;

use nbz_engine::{Images, Init, Tensor, Weights};
use nbz_proxy::{Draw, Inputs};
use nbz_space::network::Network;
use serde::Deserialize;

use crate::ours::draw;

/// One line of `published.py`.
#[derive(Debug, Deserialize)]
pub(crate) struct Published {
    pub(crate) proxy: String,
    pub(crate) value: f64,
    pub(crate) seconds: f64,
    pub(crate) version: String,
}

/// Runs the published codes with the Python that `NBZERO_PYTHON` names, if it names one.
pub(crate) fn measure(
    name: &str,
    network: &Network,
    inputs: &Inputs,
    threads: usize,
    layout: &str,
) -> Option<Vec<Published>> {
    let python = std::env::var_os("NBZERO_PYTHON")?;
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), name, network, inputs);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/published.py");
    let output = Command::new(python)
        .arg(script)
        .arg(folder.path())
        .arg(threads.to_string())
        .arg(layout)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines();
    Some(lines.map(|l| serde_json::from_str(l).unwrap()).collect())
}

fn write(folder: &Folder, name: &str, network: &Network, inputs: &Inputs) {
    let graph = serde_json::to_vec(&network.document()).unwrap();
    fs::write(folder.join("graph.json"), graph).unwrap();
    let draw = draw(name);
    for (file, init) in [("torch", Init::Torch), ("normal", Init::Normal)] {
        let weights = draw.weights(network, init, 0).unwrap();
        let path = folder.join(format!("{file}.safetensors"));
        fs::write(path, weights.to_safetensors().unwrap()).unwrap();
    }
    let noise = inputs.noise.as_ref().unwrap();
    let mut given = Weights::new();
    given.insert("images", images(inputs.batch.images()));
    let labels = inputs.batch.labels().values();
    let labels: Vec<f64> = labels.iter().map(|&l| f64::from(l)).collect();
    given.insert(
        "labels",
        Tensor::new("labels", vec![labels.len()], labels).unwrap(),
    );
    given.insert("x", images(noise.x.images()));
    given.insert("e", images(&noise.e));
    let path = folder.join("inputs.safetensors");
    fs::write(path, given.to_safetensors().unwrap()).unwrap();
}

fn images(images: &Images) -> Tensor {
    let shape = images.shape();
    let dims = vec![images.count(), shape.channels, shape.height, shape.width];
    let values: Vec<f32> = images.values().iter().map(|&v| v as f32).collect();
    Tensor::new("images", dims, values).unwrap()
}
