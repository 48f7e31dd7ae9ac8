//! What reading one's own images takes of memory, by the operating system's own count: alone in this file, so that no
//! other test's images are counted with it.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a failed step of the set-up is a failed test"
)]

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use nbz_data::Data;

const SIDE: usize = 64;
const IMAGES: usize = 3600;

/// The most memory of this process so far that was not given back, in bytes; the count begins anew with each call.
fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap();
    let kilobytes = line.split_whitespace().nth(1).unwrap();
    fs::write("/proc/self/clear_refs", "5").unwrap();
    kilobytes.parse::<usize>().unwrap() * 1024
}

/// Images of two classes that compress to nothing on no disk: a counter in every pixel.
fn write_images(out: &mut impl Write) {
    for at in 0..IMAGES {
        let image: Vec<u8> = (0..3 * SIDE * SIDE)
            .map(|i| ((i * 31 + at * 17 + i / 97 * at) % 251) as u8)
            .collect();
        out.write_all(&image).unwrap();
    }
}

fn write_labels(out: &mut impl Write) {
    let labels: Vec<u8> = (0..IMAGES).map(|at| (at % 2) as u8).collect();
    out.write_all(&labels).unwrap();
}

/// A safetensors file, written by its definition so that the images are never in memory.
fn write_tensors(path: &Path) {
    let pixels = IMAGES * 3 * SIDE * SIDE;
    let header = format!(
        "{{\"images\":{{\"dtype\":\"U8\",\"shape\":[{IMAGES},3,{SIDE},{SIDE}],\"data_offsets\":[0,{pixels}]}},\
         \"labels\":{{\"dtype\":\"U8\",\"shape\":[{IMAGES}],\"data_offsets\":[{pixels},{}]}}}}",
        pixels + IMAGES
    );
    let mut out = BufWriter::new(File::create(path).unwrap());
    out.write_all(&(header.len() as u64).to_le_bytes()).unwrap();
    out.write_all(header.as_bytes()).unwrap();
    write_images(&mut out);
    write_labels(&mut out);
    out.flush().unwrap();
}

/// Arrays of NumPy, pixel by pixel, so that every image has to be turned.
fn write_arrays(folder: &Path) {
    fs::create_dir(folder).unwrap();
    for (name, shape) in [
        ("images", format!("{IMAGES}, {SIDE}, {SIDE}, 3")),
        ("labels", format!("{IMAGES},")),
    ] {
        let header = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': ({shape}), }}\n");
        let path = folder.join(format!("train_{name}.npy"));
        let mut out = BufWriter::new(File::create(path).unwrap());
        out.write_all(b"\x93NUMPY\x01\x00").unwrap();
        out.write_all(&(header.len() as u16).to_le_bytes()).unwrap();
        out.write_all(header.as_bytes()).unwrap();
        if name == "images" {
            write_images(&mut out);
        } else {
            write_labels(&mut out);
        }
        out.flush().unwrap();
    }
}

#[test]
fn images_are_in_memory_once_while_they_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let (file, arrays) = (
        folder.path().join("own.safetensors"),
        folder.path().join("own"),
    );
    write_tensors(&file);
    write_arrays(&arrays);
    let size = (IMAGES * 3 * SIDE * SIDE) as f64;
    for data in [Data::File(file), Data::Arrays(arrays)] {
        // Oracle: the bytes of the images. To score they are there once and no more; to train a sixth of them is taken
        // out for the test while all are there. A tenth is for labels, keys and the allocator's pages.
        peak();
        let before = peak();
        let grown = || peak().saturating_sub(before) as f64 / size;
        data.describe().unwrap();
        let described = grown();
        assert!(described < 0.1, "{data}: {described} to be described");
        let found = data.scoring().unwrap();
        let scored = grown();
        assert_eq!(found.pictures.count(), IMAGES / 6 * 5);
        assert!(scored < 1.1, "{data}: {scored} to score");
        drop(found);
        peak();
        let sets = data.read().unwrap();
        let trained = grown();
        assert_eq!(sets.test.unwrap().pictures.count(), IMAGES / 6);
        assert!(
            trained < 1.0 + 1.0 / 6.0 + 0.1,
            "{data}: {trained} to train"
        );
    }
}
