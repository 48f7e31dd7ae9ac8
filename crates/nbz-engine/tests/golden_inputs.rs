//! The generator of the golden inputs, against digests of the files that NumPy wrote.

#[expect(dead_code, reason = "each test binary uses a part of it")]
mod golden;

use golden::{Case, Draw, Stream, fnv};
use sha2::{Digest, Sha256};

/// A tensor as the generator's file has it.
struct Stored {
    name: String,
    dtype: &'static str,
    dims: Vec<usize>,
    bytes: Vec<u8>,
}

/// SHA-256 of the safetensors file with these tensors in the given order.
fn digest(tensors: &[Stored]) -> String {
    let mut at = 0;
    let entries: Vec<String> = tensors
        .iter()
        .map(|t| {
            let start = at;
            at += t.bytes.len();
            let dims: Vec<String> = t.dims.iter().map(ToString::to_string).collect();
            let (name, dtype, dims) = (&t.name, t.dtype, dims.join(","));
            format!(
                r#""{name}":{{"dtype":"{dtype}","shape":[{dims}],"data_offsets":[{start},{at}]}}"#
            )
        })
        .collect();
    let mut header = format!("{{{}}}", entries.join(","));
    header.push_str(&" ".repeat(header.len().next_multiple_of(8) - header.len()));
    let mut hash = Sha256::new();
    hash.update((header.len() as u64).to_le_bytes());
    hash.update(header);
    for tensor in tensors {
        hash.update(&tensor.bytes);
    }
    format!("{:x}", hash.finalize())
}

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn weights_digest(case: &Case, draw: Draw) -> String {
    let tensors = case.tensors(draw).into_iter().zip(case.network.tensors());
    let stored: Vec<Stored> = tensors
        .map(|((name, values), (_, dims))| Stored {
            name,
            dtype: "F32",
            dims,
            bytes: floats(&values),
        })
        .collect();
    digest(&stored)
}

fn batch_digest(case: &Case, name: &str) -> String {
    let (images, labels) = case.batch(name);
    let shape = images.shape();
    let count = images.count();
    let pixels: Vec<f32> = images.values().iter().map(|&v| v as f32).collect();
    let labels = labels
        .values()
        .iter()
        .flat_map(|&l| i64::from(l).to_le_bytes());
    digest(&[
        Stored {
            name: "images".into(),
            dtype: "F32",
            dims: vec![count, shape.channels, shape.height, shape.width],
            bytes: floats(&pixels),
        },
        Stored {
            name: "labels".into(),
            dtype: "I64",
            dims: vec![count],
            bytes: labels.collect(),
        },
    ])
}

fn noise_digest(case: &Case) -> String {
    let shape = case.network.input_shape();
    let stored = ["x", "e"].map(|name| Stored {
        name: name.into(),
        dtype: "F32",
        dims: vec![16, shape.channels, shape.height, shape.width],
        bytes: floats(&case.noise(name)),
    });
    digest(&stored)
}

#[track_caller]
fn assert_digest(found: &str, start: &str, end: &str) {
    assert!(found.starts_with(start) && found.ends_with(end), "{found}");
}

#[test]
fn the_streams_start_as_documented() {
    assert_eq!(fnv("1/stem.conv.weight"), 2_513_538_710_382_643_790);
    let first = [0, 1, 2].map(|k| Stream::new(1, "stem.conv.weight").number(k));
    let expected = [
        592_481_208_302_669_586,
        377_745_793_448_458_213,
        4_027_108_285_203_506_378,
    ];
    assert_eq!(first, expected);
}

#[test]
fn weights_batches_and_noise_have_the_digests_of_the_original_generator() {
    let case = Case::load(1);
    assert_digest(&weights_digest(&case, Draw::Torch), "c965a1f7", "dae3a");
    assert_digest(&weights_digest(&case, Draw::Perturbed), "cede2d9e", "2b0b7");
    assert_digest(&weights_digest(&case, Draw::Normal), "380fe93c", "f29da0");
    assert_digest(&weights_digest(&case, Draw::Kaiming), "95170357", "eb65bb");
    assert_digest(&batch_digest(&case, "batch"), "930bbcaa", "d13e31");
    assert_digest(&batch_digest(&case, "batch2"), "3692ab91", "ad2553");
    assert_digest(&noise_digest(&case), "9a55e1bf", "aff738");
    let case = Case::load(8);
    assert_digest(&weights_digest(&case, Draw::Torch), "5f47d23b", "35eb54");
}
