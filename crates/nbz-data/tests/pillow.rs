//! Every operation of AutoAugment, at every level and sign, against Pillow.
//!
//! Oracle: `pillow/make.py`, Pillow 13.0.0; bit for bit, by digest.

#![expect(
    clippy::unwrap_used,
    reason = "a fixture that cannot be read must stop the test"
)]

use std::collections::BTreeSet;
use std::io::Read;

use nbz_data::Digest;
use nbz_data::augment::Kind;

const SIZES: [[usize; 2]; 9] = [
    [32, 32],
    [32, 32],
    [32, 32],
    [32, 32],
    [32, 32],
    [32, 32],
    [32, 32],
    [20, 12],
    [9, 31],
];

fn unpack(packed: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed)
        .read_to_end(&mut bytes)
        .unwrap();
    bytes
}

#[test]
fn operations_equal_pillow_s_bit_for_bit() {
    let pixels = unpack(include_bytes!("pillow/images.bin.gz"));
    let lines = String::from_utf8(unpack(include_bytes!("pillow/operations.txt.gz"))).unwrap();
    let mut images = Vec::new();
    let mut rest = pixels.as_slice();
    for [height, width] in SIZES {
        let (image, behind) = rest.split_at(3 * height * width);
        images.push(image.to_vec());
        rest = behind;
    }
    assert!(rest.is_empty());
    let (mut wrong, mut seen) = (Vec::new(), BTreeSet::new());
    for line in lines.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let number: usize = words[0].parse().unwrap();
        let kind = Kind::ALL
            .into_iter()
            .find(|k| k.name() == words[1])
            .unwrap();
        let operation = kind.at(words[2].parse().unwrap(), words[3].parse().unwrap());
        let mut image = images[number].clone();
        operation.apply(&mut image, SIZES[number]);
        if !Digest::of(&[&image]).to_string().starts_with(words[4]) {
            wrong.push(line);
        }
        seen.insert(kind.name());
    }
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert_eq!((seen.len(), lines.lines().count()), (Kind::ALL.len(), 1827));
}
