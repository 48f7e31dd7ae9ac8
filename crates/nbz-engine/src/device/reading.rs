//! What leaves a device as plain numbers: dot products, Gram matrices, sign bits.

use nbz_space::network::Conv;

use super::Device;

/// The sign bits of a batch: one row of words an image, bit `i % 64` of word `i / 64` is set where
/// number `i` of the image (in the order `[C, H, W]`) is greater than 0. NaN counts as not greater.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signs {
    bits: usize,
    words: Vec<u64>,
}

impl Signs {
    /// The signs of `values`, which hold the same number of values for each of `images` images.
    pub fn of(images: usize, values: &[f64]) -> Self {
        let bits = values.len() / images.max(1);
        let mut signs = Self::cleared(images, bits);
        let row_words = signs.row_words();
        for (image, row) in values.chunks_exact(bits.max(1)).enumerate() {
            for (i, &value) in row.iter().enumerate() {
                signs.words[image * row_words + i / 64] |= u64::from(value > 0.0) << (i % 64);
            }
        }
        signs
    }

    /// Rows of zero bits, to be filled through [`Signs::row_mut`].
    pub fn cleared(images: usize, bits: usize) -> Self {
        Self {
            bits,
            words: vec![0; images * bits.div_ceil(64)],
        }
    }

    /// Bits of one image.
    pub fn bits(&self) -> usize {
        self.bits
    }

    /// The words of one image; bits past [`Signs::bits`] are 0.
    pub fn row(&self, image: usize) -> &[u64] {
        let n = self.row_words();
        &self.words[image * n..][..n]
    }

    /// The words of one image, for a device that writes them; bits past [`Signs::bits`] stay 0.
    pub fn row_mut(&mut self, image: usize) -> &mut [u64] {
        let n = self.row_words();
        &mut self.words[image * n..][..n]
    }

    fn row_words(&self) -> usize {
        self.bits.div_ceil(64)
    }
}

/// [`Device::conv_sign_sums`], image by image.
pub(super) fn sign_sums<D: Device + ?Sized>(
    device: &D,
    conv: &Conv,
    [input, delta]: [&D::Map; 2],
    negligible: f64,
) -> D::Weight {
    let maps = [input, delta].map(|map| (device.shape(map), device.download_map(map)));
    let mut sums = Vec::new();
    for image in 0..device.images(delta) {
        let [x, d] = [0, 1].map(|i| {
            let (shape, values) = &maps[i];
            device.upload_map(1, *shape, &values[image * shape.len()..][..shape.len()])
        });
        let gradient = device.download_weight(&device.conv_weight_gradient(conv, &x, &d, None));
        let largest = gradient.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
        sums.resize(gradient.len(), 0.0);
        for (sum, g) in sums.iter_mut().zip(gradient) {
            *sum += sign(g, negligible * largest);
        }
    }
    device.upload_weight(conv, &sums)
}

/// 1, -1, or 0 for a magnitude of at most `bound` and for NaN.
fn sign(value: f64, bound: f64) -> f64 {
    f64::from(u8::from(value > bound)) - f64::from(u8::from(value < -bound))
}

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

pub(crate) fn add_gram(gram: &mut [f64], rows: usize, dot: impl Fn(usize, usize) -> f64) {
    for i in 0..rows {
        for j in 0..=i {
            let value = dot(i, j);
            gram[i * rows + j] += value;
            if i != j {
                gram[j * rows + i] += value;
            }
        }
    }
}
