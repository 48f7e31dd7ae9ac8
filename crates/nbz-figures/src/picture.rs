//! A finished figure: the drawing, the bitmap of it, and the numbers behind it.

use std::sync::{Arc, LazyLock};

use nbz_report::Sheet;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use crate::figure::Figure;
use crate::points::Drawn;

/// DejaVu Sans with the glyphs that figures use (font/README.md).
pub(crate) const FONT_BYTES: &[u8] = include_bytes!("../font/DejaVuSans-subset.ttf");

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(FONT_BYTES.to_vec());
    fonts.set_sans_serif_family("DejaVu Sans");
    Arc::new(fonts)
});

/// One figure on one subject.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Which figure.
    pub figure: Figure,
    /// The file name without its ending.
    pub stem: String,
    /// What is drawn.
    pub title: String,
    /// What a reader should know of it.
    pub caption: String,
    /// The numbers that are drawn.
    pub sheet: Sheet,
    pub(crate) drawn: Drawn,
}

impl Picture {
    /// The drawing as a standalone SVG, its font inside.
    pub fn svg(&self) -> &str {
        &self.drawn.svg
    }

    /// The drawing as a PNG of twice its size.
    pub fn png(&self) -> Vec<u8> {
        self.drawn.png()
    }

    /// The numbers as CSV.
    pub fn csv(&self) -> Vec<u8> {
        self.sheet.csv()
    }
}

/// A bitmap of an SVG that this crate wrote, `scale` pixels to a unit.
///
/// # Panics
/// If the SVG is not well-formed or has no size, which would be a fault of this crate.
pub(crate) fn pixels(svg: &str, scale: f32) -> Pixmap {
    let tree = tree(svg);
    let size = tree.size();
    let (width, height) = (size.width() * scale, size.height() * scale);
    let mut pixels =
        Pixmap::new(width.ceil() as u32, height.ceil() as u32).expect("figures have a size");
    resvg::render(
        &tree,
        Transform::from_scale(scale, scale),
        &mut pixels.as_mut(),
    );
    pixels
}

fn tree(svg: &str) -> Tree {
    let options = Options {
        font_family: "DejaVu Sans".to_owned(),
        fontdb: Arc::clone(&FONTS),
        ..Options::default()
    };
    Tree::from_str(svg, &options).expect("figures are well-formed SVG")
}

/// How wide what an SVG draws is.
#[cfg(test)]
pub(crate) fn extent(svg: &str) -> f64 {
    f64::from(tree(svg).root().bounding_box().width())
}

/// A bitmap as PNG.
///
/// # Panics
/// Never: a bitmap of some size has a PNG.
pub(crate) fn png_of(pixels: &Pixmap) -> Vec<u8> {
    pixels.encode_png().expect("memory takes every PNG")
}
