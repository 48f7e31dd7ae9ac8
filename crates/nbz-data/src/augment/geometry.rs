//! Operations that move pixels, equal to Pillow's bit for bit (`Geometry.c`); grey, 128, comes in from outside.
//!
//! A result's pixel `(x, y)` reads the source at `a (x + 1/2) + b (y + 1/2) + c`, and alike for `y`.

/// What stands outside the image.
const GREY: u8 = 128;

/// Moves the image by `-(x, y)` pixels; the nearest pixel is taken.
pub(super) fn translate(image: &[u8], [height, width]: [usize; 2], [x, y]: [f64; 2]) -> Vec<u8> {
    let sources = |offset: f64, side: usize| -> Vec<Option<usize>> {
        let mut at = offset + 0.5;
        let mut all = Vec::with_capacity(side);
        for _ in 0..side {
            all.push((at >= 0.0 && (at as usize) < side).then_some(at as usize));
            at += 1.0;
        }
        all
    };
    let (columns, rows) = (sources(x, width), sources(y, height));
    gather(image, [height, width], |x, y| Some((columns[x]?, rows[y]?)))
}

/// Turns the image counter-clockwise; the nearest pixel is taken, in 16 binary digits.
pub(super) fn rotate(image: &[u8], [height, width]: [usize; 2], degrees: f64) -> Vec<u8> {
    if degrees == 0.0 {
        return image.to_vec();
    }
    let angle = -degrees * (std::f64::consts::PI / 180.0);
    let (cos, sin) = (libm::cos(angle), libm::sin(angle));
    let (middle_x, middle_y) = (width as f64 / 2.0, height as f64 / 2.0);
    let offset_x = cos * -middle_x + sin * -middle_y + middle_x;
    let offset_y = -sin * -middle_x + cos * -middle_y + middle_y;
    let fixed = |v: f64| (v * 65536.0 + 0.5).floor() as i64;
    let (a, b, d) = (fixed(cos), fixed(sin), fixed(-sin));
    let start_x = fixed(offset_x + cos * 0.5 + sin * 0.5);
    let start_y = fixed(offset_y - sin * 0.5 + cos * 0.5);
    let inside = |v: i64, side: usize| usize::try_from(v >> 16).ok().filter(|&v| v < side);
    gather(image, [height, width], |x, y| {
        let (x, y) = (x.cast_signed() as i64, y.cast_signed() as i64);
        let from_x = inside(start_x + b * y + a * x, width)?;
        let from_y = inside(start_y + a * y + d * x, height)?;
        Some((from_x, from_y))
    })
}

fn gather(
    image: &[u8],
    [height, width]: [usize; 2],
    source: impl Fn(usize, usize) -> Option<(usize, usize)>,
) -> Vec<u8> {
    let mut out = vec![GREY; image.len()];
    for y in 0..height {
        for x in 0..width {
            let Some((from_x, from_y)) = source(x, y) else {
                continue;
            };
            let plane = height * width;
            for c in 0..image.len() / plane {
                out[c * plane + y * width + x] = image[c * plane + from_y * width + from_x];
            }
        }
    }
    out
}

/// Shears along `x` by `shear[0]` a row and along `y` by `shear[1]` a column; bicubic, `a = -1`.
pub(super) fn shear(image: &[u8], [height, width]: [usize; 2], shear: [f64; 2]) -> Vec<u8> {
    let mut out = vec![GREY; image.len()];
    let plane = height * width;
    for y in 0..height {
        for x in 0..width {
            let (middle_x, middle_y) = (x as f64 + 0.5, y as f64 + 0.5);
            let from_x = middle_x + shear[0] * middle_y;
            let from_y = shear[1] * middle_x + middle_y;
            let inside = (0.0..width as f64).contains(&from_x);
            if !inside || !(0.0..height as f64).contains(&from_y) {
                continue;
            }
            let taps = Taps::new(from_x - 0.5, from_y - 0.5, [height, width]);
            for (channel, out) in image.chunks_exact(plane).zip(out.chunks_exact_mut(plane)) {
                out[y * width + x] = taps.read(channel, width);
            }
        }
    }
    out
}

/// Sixteen neighbours and a place between them.
struct Taps {
    columns: [usize; 4],
    /// None outside the image, where the row before it stands in.
    rows: [Option<usize>; 4],
    dx: f64,
    dy: f64,
}

impl Taps {
    fn new(x: f64, y: f64, [height, width]: [usize; 2]) -> Self {
        let (column, row) = (x.floor() as isize - 1, y.floor() as isize - 1);
        let clip = |at: isize, side: usize| at.clamp(0, side.cast_signed() - 1) as usize;
        let inside = |at: isize| usize::try_from(at).ok().filter(|&at| at < height);
        Self {
            columns: [0, 1, 2, 3].map(|i| clip(column + i, width)),
            rows: [
                Some(clip(row, height)),
                inside(row + 1),
                inside(row + 2),
                inside(row + 3),
            ],
            dx: x - x.floor(),
            dy: y - y.floor(),
        }
    }

    fn read(&self, channel: &[u8], width: usize) -> u8 {
        let mut lines = [0.0; 4];
        for (i, row) in self.rows.iter().enumerate() {
            lines[i] = match row {
                Some(row) => {
                    let at = |column: usize| f64::from(channel[row * width + column]);
                    cubic(self.columns.map(at), self.dx)
                }
                None => lines[i - 1],
            };
        }
        // `as` cuts towards 0 and holds the result in 0 to 255.
        cubic(lines, self.dy) as u8
    }
}

fn cubic([v1, v2, v3, v4]: [f64; 4], d: f64) -> f64 {
    let p2 = -v1 + v3;
    let p3 = 2.0 * (v1 - v2) + v3 - v4;
    let p4 = -v1 + v2 - v3 + v4;
    v2 + d * (p2 + d * (p3 + d * p4))
}
