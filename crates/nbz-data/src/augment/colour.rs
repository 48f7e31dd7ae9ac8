//! Operations on the values of pixels, equal to Pillow's bit for bit (`PIL.ImageOps`, `PIL.ImageEnhance`).
//!
//! Images are raw bytes `[3, H, W]`. The enhancements mix an image with a degenerate form of itself,
//! `d + factor (x - d)` in single precision, cut to whole numbers towards 0 (`Blend.c`).

/// The image through one table of 256 values a channel.
fn through(image: &mut [u8], plane: usize, table: impl Fn(&[u32; 256]) -> [u8; 256]) {
    for channel in image.chunks_exact_mut(plane) {
        let table = table(&histogram(channel));
        for value in channel {
            *value = table[usize::from(*value)];
        }
    }
}

fn histogram(channel: &[u8]) -> [u32; 256] {
    let mut counts = [0; 256];
    for &value in channel {
        counts[usize::from(value)] += 1;
    }
    counts
}

const IDENTITY: [u8; 256] = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        table[i] = i as u8;
        i += 1;
    }
    table
};

pub(super) fn invert(image: &mut [u8]) {
    for value in image {
        *value = 255 - *value;
    }
}

/// Inverts what is not below the threshold.
pub(super) fn solarize(image: &mut [u8], threshold: f64) {
    for value in image {
        if f64::from(*value) >= threshold {
            *value = 255 - *value;
        }
    }
}

/// Keeps the highest bits.
pub(super) fn posterize(image: &mut [u8], bits: u32) {
    let mask = 0xff_u8.checked_shl(8_u32.saturating_sub(bits)).unwrap_or(0);
    for value in image {
        *value &= mask;
    }
}

/// Stretches each channel to 0 to 255.
pub(super) fn auto_contrast(image: &mut [u8], plane: usize) {
    through(image, plane, |counts| {
        let low = counts.iter().position(|&n| n > 0).unwrap_or(0);
        let high = counts.iter().rposition(|&n| n > 0).unwrap_or(0);
        if high <= low {
            return IDENTITY;
        }
        let scale = 255.0 / (high - low) as f64;
        let offset = -(low as f64) * scale;
        // `as` cuts towards 0 and holds the result in 0 to 255.
        IDENTITY.map(|value| (f64::from(value) * scale + offset) as u8)
    });
}

/// Spreads the values of each channel evenly.
pub(super) fn equalize(image: &mut [u8], plane: usize) {
    through(image, plane, |counts| {
        let last = counts.iter().rev().find(|&&n| n > 0).copied().unwrap_or(0);
        let step = (counts.iter().sum::<u32>() - last) / 255;
        if step == 0 {
            return IDENTITY;
        }
        let mut sum = step / 2;
        let mut table = IDENTITY;
        for (to, count) in table.iter_mut().zip(counts) {
            *to = (sum / step).min(255) as u8;
            sum += count;
        }
        table
    });
}

/// Towards black below 1, away from it above.
pub(super) fn brightness(image: &mut [u8], factor: f64) {
    blend(image, factor, |_, _| 0);
}

/// Towards the mean luminance.
pub(super) fn contrast(image: &mut [u8], plane: usize, factor: f64) {
    let sum: u64 = luminances(image, plane).map(u64::from).sum();
    let mean = (sum as f64 / plane as f64 + 0.5) as u8;
    blend(image, factor, |_, _| mean);
}

/// Towards grey.
pub(super) fn color(image: &mut [u8], plane: usize, factor: f64) {
    let grey: Vec<u8> = luminances(image, plane).collect();
    blend(image, factor, |at, _| grey[at % plane]);
}

/// Towards the smoothed image: `(1 1 1; 1 5 1; 1 1 1) / 13` inside, as it is at the border.
pub(super) fn sharpness(image: &mut [u8], [height, width]: [usize; 2], factor: f64) {
    let smooth = smoothed(image, [height, width]);
    blend(image, factor, |at, _| smooth[at]);
}

/// ITU-R 601 luminance in 16 binary digits (`Convert.c`).
fn luminances(image: &[u8], plane: usize) -> impl Iterator<Item = u8> {
    let (red, rest) = image.split_at(plane);
    let (green, blue) = rest.split_at(plane);
    red.iter().zip(green).zip(blue).map(|((&r, &g), &b)| {
        let sum = u32::from(r) * 19_595 + u32::from(g) * 38_470 + u32::from(b) * 7_471;
        ((sum + 0x8000) >> 16) as u8
    })
}

fn blend(image: &mut [u8], factor: f64, degenerate: impl Fn(usize, u8) -> u8) {
    let alpha = factor as f32;
    for (at, value) in image.iter_mut().enumerate() {
        let from = f32::from(degenerate(at, *value));
        *value = (from + alpha * (f32::from(*value) - from)) as u8;
    }
}

/// In single precision, row by row from below (`Filter.c`).
fn smoothed(image: &[u8], [height, width]: [usize; 2]) -> Vec<u8> {
    let mut out = image.to_vec();
    if height < 3 || width < 3 {
        return out;
    }
    let (side, centre) = (1.0_f32 / 13.0, 5.0_f32 / 13.0);
    let planes = image.chunks_exact(height * width);
    for (plane, out) in planes.zip(out.chunks_exact_mut(height * width)) {
        for y in 1..height - 1 {
            for x in 1..width - 1 {
                let row = |y: usize, middle: f32| {
                    let at = |x: usize| f32::from(plane[y * width + x]);
                    at(x - 1) * side + at(x) * middle + at(x + 1) * side
                };
                let sum = 0.5 + row(y + 1, side) + row(y, centre) + row(y - 1, side);
                out[y * width + x] = sum as u8;
            }
        }
    }
    out
}
