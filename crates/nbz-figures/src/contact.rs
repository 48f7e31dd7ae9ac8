//! A contact sheet: images of every class as they are, and beside them as a training sees them.

use resvg::tiny_skia::{Pixmap, PremultipliedColorU8};

use crate::picture::{pixels, png_of};

/// Pixels of the sheet that one image is wide and high, at least.
const TILE: usize = 64;
/// Between two images.
const GAP: usize = 4;
/// For the name of a class.
const LEFT: usize = 96;
/// For the headings.
const TOP: usize = 44;

/// One row of a contact sheet. Images are bytes `[3, height, width]`, red first, all of one size.
#[derive(Debug, Clone)]
pub struct ContactRow {
    /// What they are of.
    pub label: String,
    /// As they are stored.
    pub raw: Vec<Vec<u8>>,
    /// As they are seen in training.
    pub seen: Vec<Vec<u8>>,
}

/// Draws a sheet as PNG; an image's pixels become squares of pixels.
///
/// # Panics
/// If an image has another number of bytes than `3 * height * width`.
pub fn contact_sheet(title: &str, [height, width]: [usize; 2], rows: &[ContactRow]) -> Vec<u8> {
    let zoom = (TILE / height.max(width).max(1)).max(1);
    let (tall, wide) = (height * zoom, width * zoom);
    let count = |of: fn(&ContactRow) -> &Vec<Vec<u8>>| rows.iter().map(|r| of(r).len()).max();
    let (raw, seen) = (
        count(|r| &r.raw).unwrap_or(0),
        count(|r| &r.seen).unwrap_or(0),
    );
    let middle = LEFT + raw * (wide + GAP) + TILE / 2;
    let (sheet_width, sheet_height) = (
        middle + seen * (wide + GAP) + GAP,
        TOP + rows.len() * (tall + GAP) + GAP,
    );
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{sheet_width}" height="{sheet_height}" font-family="DejaVu Sans"><rect width="100%" height="100%" fill="#ffffff"/>"##
    );
    let mut text = |x: usize, y: usize, size: usize, words: &str| {
        let words = words.replace('&', "&amp;").replace('<', "&lt;");
        svg.push_str(&format!(
            r#"<text x="{x}" y="{y}" font-size="{size}">{words}</text>"#
        ));
    };
    text(GAP, 16, 13, title);
    text(LEFT, TOP - 8, 11, "as stored");
    text(middle, TOP - 8, 11, "as seen in training");
    for (at, row) in rows.iter().enumerate() {
        text(GAP, TOP + at * (tall + GAP) + tall / 2 + 4, 11, &row.label);
    }
    svg.push_str("</svg>");
    let mut sheet = pixels(&svg, 1.0);
    for (at, row) in rows.iter().enumerate() {
        let y = TOP + at * (tall + GAP);
        for (left, images) in [(LEFT, &row.raw), (middle, &row.seen)] {
            for (column, image) in images.iter().enumerate() {
                let x = left + column * (wide + GAP);
                paste(&mut sheet, image, [height, width], zoom, (x, y));
            }
        }
    }
    png_of(&sheet)
}

/// Draws an image, each of its pixels `zoom` wide and high.
fn paste(
    sheet: &mut Pixmap,
    image: &[u8],
    [height, width]: [usize; 2],
    zoom: usize,
    (x, y): (usize, usize),
) {
    let plane = height * width;
    assert_eq!(image.len(), 3 * plane, "bytes of an image");
    let across = sheet.width() as usize;
    let pixels = sheet.pixels_mut();
    for row in 0..height * zoom {
        for column in 0..width * zoom {
            let at = row / zoom * width + column / zoom;
            let [red, green, blue] = [0, 1, 2].map(|channel| image[channel * plane + at]);
            let colour = PremultipliedColorU8::from_rgba(red, green, blue, u8::MAX);
            if let (Some(colour), Some(pixel)) =
                (colour, pixels.get_mut((y + row) * across + x + column))
            {
                *pixel = colour;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Oracle: the bytes that went in, at the places where the sheet says.
    #[test]
    fn every_image_stands_at_its_place_and_only_there() {
        let size = [2, 3];
        let image = |base: u8| -> Vec<u8> { (0..18).map(|at| base + at).collect() };
        let row = |base: u8| ContactRow {
            label: "a < b".to_owned(),
            raw: vec![image(base), image(base + 20)],
            seen: vec![image(base + 40)],
        };
        let rows = [row(0), row(100)];
        let sheet = Pixmap::decode_png(&contact_sheet("four", size, &rows)).expect("a PNG");
        let zoom = TILE / 3;
        let (tall, wide) = (2 * zoom, 3 * zoom);
        let middle = LEFT + 2 * (wide + GAP) + TILE / 2;
        for (at, base) in [(0, 0), (1, 100)] {
            for (x, base) in [
                (LEFT, base),
                (LEFT + wide + GAP, base + 20),
                (middle, base + 40),
            ] {
                let y = TOP + at * (tall + GAP);
                for (row, column) in [(0, 0), (1, 2)] {
                    let found = sheet.pixel((x + column * zoom) as u32, (y + row * zoom) as u32);
                    let found = found.expect("a pixel");
                    let expected = image(base)[row * 3 + column];
                    assert_eq!(
                        (found.red(), found.green(), found.blue()),
                        (expected, expected + 6, expected + 12)
                    );
                }
            }
        }
        let between = sheet.pixel((LEFT + wide + 1) as u32, (TOP + 1) as u32);
        assert_eq!(between.expect("a pixel").red(), 255);
    }
}
