//! Labelled images, and the files that hold them.

use std::fs;
use std::path::Path;

use nbz_data::{Data, Found, Stream};
use safetensors::tensor::{Dtype, TensorView, serialize};
use tempfile::{TempDir, tempdir};

pub(crate) const SIDE: usize = 8;

/// Images `[3, SIDE, SIDE]` with labels.
#[derive(Debug, Clone)]
pub(crate) struct Labelled(pub(crate) Vec<(u32, Vec<u8>)>);

impl Labelled {
    /// `counts[c]` random images of each class `c`.
    pub(crate) fn random(seed: u64, counts: &[usize]) -> Self {
        let mut stream = Stream::new(seed, "own images");
        let classes = counts.iter().enumerate();
        let labels = classes.flat_map(|(class, &count)| vec![class as u32; count]);
        let mut image = || {
            (0..3 * SIDE * SIDE)
                .map(|_| stream.below(256) as u8)
                .collect()
        };
        Self(labels.map(|label| (label, image())).collect())
    }

    /// The same in another order.
    pub(crate) fn shuffled(&self, seed: u64) -> Self {
        let order = Stream::new(seed, "shuffle").distinct(self.0.len(), self.0.len());
        Self(order.into_iter().map(|at| self.0[at].clone()).collect())
    }

    /// Writes them as PNG files with numbers for names, in folders `class 0` and so on.
    pub(crate) fn write_folders(&self, path: &Path) {
        for (at, (label, image)) in self.0.iter().enumerate() {
            let class = path.join(format!("class {label}"));
            fs::create_dir_all(&class).unwrap();
            write_png(&class.join(format!("{at}.png")), [SIDE, SIDE], image);
        }
    }

    /// Writes `{part}_images.npy` and `{part}_labels.npy`.
    pub(crate) fn write_arrays(&self, path: &Path, part: &str, is_by_pixel: bool) {
        let (count, images) = (self.0.len(), self.images(is_by_pixel));
        let shape = if is_by_pixel {
            vec![count, SIDE, SIDE, 3]
        } else {
            vec![count, 3, SIDE, SIDE]
        };
        let labels = self.0.iter().flat_map(|(l, _)| i64::from(*l).to_le_bytes());
        let npy = |what: &str| path.join(format!("{part}_{what}.npy"));
        fs::write(npy("images"), array("|u1", &shape, &images)).unwrap();
        fs::write(
            npy("labels"),
            array("<i8", &[count], &labels.collect::<Vec<u8>>()),
        )
        .unwrap();
    }

    pub(crate) fn images(&self, is_by_pixel: bool) -> Vec<u8> {
        let image = |(_, image): &(u32, Vec<u8>)| {
            if is_by_pixel {
                by_pixel(image)
            } else {
                image.clone()
            }
        };
        self.0.iter().flat_map(image).collect()
    }
}

/// Channel by channel to pixel by pixel.
pub(crate) fn by_pixel(planes: &[u8]) -> Vec<u8> {
    let count = planes.len() / 3;
    (0..planes.len())
        .map(|at| planes[at % 3 * count + at / 3])
        .collect()
}

pub(crate) fn write_png(path: &Path, [height, width]: [usize; 2], planes: &[u8]) {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&by_pixel(planes)).unwrap();
    writer.finish().unwrap();
    fs::write(path, bytes).unwrap();
}

/// A file as NumPy writes it.
pub(crate) fn array(descr: &str, shape: &[usize], data: &[u8]) -> Vec<u8> {
    let shape: Vec<String> = shape.iter().map(|side| format!("{side},")).collect();
    let shape = shape.join(" ");
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape}), }}\n");
    let length = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), data].concat()
}

pub(crate) type Tensor<'a> = (&'a str, Dtype, Vec<usize>, Vec<u8>);

pub(crate) fn write_tensors(path: &Path, tensors: &[Tensor<'_>]) {
    let views = tensors.iter().map(|(name, dtype, shape, data)| {
        (*name, TensorView::new(*dtype, shape.clone(), data).unwrap())
    });
    fs::write(path, serialize(views, None).unwrap()).unwrap();
}

pub(crate) fn both(data: &Data) -> [Found; 2] {
    let sets = data.read().unwrap();
    [sets.training.unwrap(), sets.test.unwrap()]
}

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/own/files");
    fs::read(folder.join(name)).unwrap()
}

/// A folder of images and the parts that are made of it.
pub(crate) fn layout(parts: &[&str]) -> (TempDir, Data) {
    let folder = tempdir().unwrap();
    for (at, part) in parts.iter().enumerate() {
        Labelled::random(at as u64, &[7, 8]).write_folders(&folder.path().join(part));
    }
    let data = Data::Folder(folder.path().to_owned());
    (folder, data)
}
