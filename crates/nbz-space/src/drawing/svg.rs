//! The picture as SVG: one rectangle a block, dashed lines where the resolution falls.
//!
//! Coordinates have one decimal and no font is measured, so the text is the same on every machine.

use std::fmt::Write;

use super::profile::{Drawing, Part, Segment};

const LAYER: f64 = 14.0;
const HEIGHT: f64 = 120.0;
const TOP: f64 = 58.0;
const MARGIN: f64 = 16.0;
/// The least width of the picture, so that title and caption have room.
const LEAST: f64 = 420.0;
/// Room between two labels of a line.
const LABEL: f64 = 26.0;

impl Drawing {
    /// The picture as a standalone SVG document.
    pub fn svg(&self) -> String {
        let width = (self.layers() as f64 * LAYER + 2.0 * MARGIN).max(LEAST);
        let height = TOP + HEIGHT + 46.0;
        let (title, caption) = (escaped(self.title()), self.caption());
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.1} {height:.1}\" \
             width=\"{width:.1}\" height=\"{height:.1}\" font-family=\"sans-serif\" \
             font-size=\"11\" role=\"img\">\n\
             <title>{title}</title>\n\
             <desc>Length is depth, thickness is width, dashed lines mark where the resolution \
             falls. {caption}.</desc>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\
             <text x=\"{MARGIN:.1}\" y=\"22\" font-weight=\"bold\">{title}</text>\n\
             <text x=\"{MARGIN:.1}\" y=\"40\" fill=\"#555555\">{caption}</text>\n"
        );
        self.bars(&mut out);
        out.push_str("</svg>\n");
        out
    }

    fn bars(&self, out: &mut String) {
        let mut x = MARGIN;
        let mut side = None;
        let mut free = (f64::MIN, f64::MIN);
        for segment in self.segments() {
            if side != Some(segment.side) {
                if side.is_some() {
                    mark(out, x);
                }
                if x >= free.1 {
                    label(out, x, TOP + HEIGHT + 34.0, &format!("{} px", segment.side));
                    free.1 = x + 1.6 * LABEL;
                }
                side = Some(segment.side);
            }
            self.bar(out, x, segment);
            if x >= free.0 {
                label(out, x, TOP + HEIGHT + 18.0, &segment.width.to_string());
                free.0 = x + LABEL;
            }
            x += segment.layers as f64 * LAYER;
        }
    }

    /// A segment's blocks, a hair apart.
    fn bar(&self, out: &mut String, x: f64, segment: &Segment) {
        let height = (self.thickness(segment) * HEIGHT).max(2.0);
        let y = TOP + (HEIGHT - height) / 2.0;
        // Blocks of one segment can differ in layers only in NAS-Bench-201's reductions, which have
        // segments with the cells behind them; an even division is close enough to look at.
        let step = segment.layers as f64 * LAYER / segment.blocks as f64;
        let fill = match segment.part {
            Part::Stem => "#8da0cb",
            Part::Blocks => "#4c72b0",
            Part::Head => "#dd8452",
        };
        for block in 0..segment.blocks {
            let left = x + block as f64 * step;
            // Writing to a string cannot fail.
            let _ = writeln!(
                out,
                "<rect x=\"{left:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{height:.1}\" \
                 fill=\"{fill}\"/>",
                step - 1.0
            );
        }
    }
}

fn mark(out: &mut String, x: f64) {
    let x = x - 0.5;
    let _ = writeln!(
        out,
        "<line x1=\"{x:.1}\" y1=\"{TOP:.1}\" x2=\"{x:.1}\" y2=\"{:.1}\" stroke=\"#c44e52\" \
         stroke-dasharray=\"3 3\"/>",
        TOP + HEIGHT + 38.0
    );
}

fn label(out: &mut String, x: f64, y: f64, text: &str) {
    let _ = writeln!(
        out,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" fill=\"#333333\">{text}</text>"
    );
}

/// Text that XML can hold.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
