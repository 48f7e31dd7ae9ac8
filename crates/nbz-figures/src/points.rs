//! Many points as one bitmap: an SVG of 15,000 circles is slow to open and megabytes to keep.
//!
//! The drawing stays a vector; only the circles of large batches go to a bitmap of twice the size, which lies where
//! they were, under the same transformations. If the file would pass half a megabyte, the bitmap is smaller.

use base64::Engine as _;
use kuva::backend::svg::SvgBackend;
use kuva::render::render::{Primitive, Scene};

use resvg::tiny_skia::{Pixmap, PixmapPaint, Transform};

use crate::chart::FONT;
use crate::picture::{FONT_BYTES, pixels, png_of};

/// Points that stay vectors.
const MOST_VECTORS: usize = 2_000;
/// Pixels of the bitmap to a unit of the drawing: the first of which the file stays within [`LARGEST`].
const SCALES: [f32; 4] = [2.0, 1.5, 1.0, 0.75];
/// Bytes of a drawing that a page can hold dozens of.
const LARGEST: usize = 500_000;

/// A drawing, ready to be written in both forms.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    /// The SVG to keep: the font inside, many points as a bitmap.
    pub(crate) svg: String,
    /// What of it is drawn by vectors, for bitmaps of the whole.
    vector: String,
    /// Many points, [`SCALES`]' first pixels to a unit.
    points: Option<Pixmap>,
}

impl Drawn {
    /// A drawing without many points.
    pub(crate) fn of_vector(vector: String) -> Self {
        Self {
            svg: with_font(&vector),
            vector,
            points: None,
        }
    }

    /// The drawing as a PNG of twice its size.
    pub(crate) fn png(&self) -> Vec<u8> {
        let mut whole = pixels(&self.vector, SCALES[0]);
        if let Some(points) = &self.points {
            let paint = PixmapPaint::default();
            whole.draw_pixmap(0, 0, points.as_ref(), &paint, Transform::identity(), None);
        }
        png_of(&whole)
    }
}

/// Draws a scene.
pub(crate) fn drawn(mut scene: Scene) -> Drawn {
    let vector = written(&scene);
    let is_batch = |element: &Primitive| matches!(element, Primitive::CircleBatch { .. });
    let points: usize = scene
        .elements
        .iter()
        .map(|element| match element {
            Primitive::CircleBatch { cx, .. } => cx.len(),
            _ => 0,
        })
        .sum();
    if points <= MOST_VECTORS {
        return Drawn::of_vector(vector);
    }
    let whole = std::mem::take(&mut scene.elements);
    let (mut rest, mut batches) = (Vec::new(), Vec::new());
    for element in whole {
        if is_batch(&element) {
            batches.push(element);
        } else {
            if is_frame(&element) {
                batches.push(frame(&element));
            }
            rest.push(element);
        }
    }
    scene.elements = rest;
    let axes = written(&scene);
    scene.elements = batches;
    scene.background_color = None;
    let circles = written(&scene);
    let end = axes.rfind("</svg>").unwrap_or(axes.len());
    let with_bitmap = |points: &Pixmap| {
        let data = base64::engine::general_purpose::STANDARD.encode(png_of(points));
        let (width, height) = (scene.width, scene.height);
        let image = format!(
            "<image width=\"{width}\" height=\"{height}\" href=\"data:image/png;base64,{data}\"/></svg>"
        );
        with_font(&(axes[..end].to_owned() + &image))
    };
    let points = pixels(&circles, SCALES[0]);
    let mut svg = with_bitmap(&points);
    for &scale in &SCALES[1..] {
        if svg.len() <= LARGEST {
            break;
        }
        svg = with_bitmap(&pixels(&circles, scale));
    }
    Drawn {
        svg,
        vector: axes,
        points: Some(points),
    }
}

/// What the library calls its clipping regions.
const CLIP: &str = "kuva-clip-";

/// A scene as SVG, its clipping regions numbered from 0.
///
/// The library numbers them through the life of the process, so a drawing would depend on those before it.
fn written(scene: &Scene) -> String {
    // A name from a file may hold characters that no XML may, not even escaped.
    let illegal = |c: char| matches!(c, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    let svg = SvgBackend::new()
        .render_scene(scene)
        .replace(illegal, "\u{fffd}");
    let mut known: Vec<&str> = Vec::new();
    let mut pieces = svg.split(CLIP);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = piece.split_at(digits);
        let place = known
            .iter()
            .position(|&other| other == number)
            .unwrap_or_else(|| {
                known.push(number);
                known.len() - 1
            });
        out += &format!("{CLIP}{place}{rest}");
    }
    out
}

/// What moves or clips the elements between two of its kind.
fn is_frame(element: &Primitive) -> bool {
    matches!(
        element,
        Primitive::GroupStart { .. }
            | Primitive::GroupEnd
            | Primitive::ClipStart { .. }
            | Primitive::ClipEnd
    )
}

fn frame(element: &Primitive) -> Primitive {
    match element {
        Primitive::GroupStart { transform, .. } => Primitive::GroupStart {
            transform: transform.clone(),
            title: None,
            extra_attrs: None,
        },
        Primitive::ClipStart {
            x,
            y,
            width,
            height,
            id,
        } => Primitive::ClipStart {
            x: *x,
            y: *y,
            width: *width,
            height: *height,
            id: id.clone(),
        },
        Primitive::ClipEnd => Primitive::ClipEnd,
        _ => Primitive::GroupEnd,
    }
}

/// The drawing with the font inside, so that it looks the same where the font is not installed.
fn with_font(svg: &str) -> String {
    let style = format!("<style>{}</style>", font_face());
    match svg.find('>') {
        Some(end) => format!("{}{style}{}", &svg[..=end], &svg[end + 1..]),
        None => svg.to_owned(),
    }
}

/// The rule of CSS that gives drawings their font.
pub fn font_face() -> String {
    let font = base64::engine::general_purpose::STANDARD.encode(FONT_BYTES);
    format!("@font-face{{font-family:\"{FONT}\";src:url(data:font/ttf;base64,{font})}}")
}

/// A drawing as an element of a page that has the font: without it, with a `viewBox`, so that the page may scale it,
/// and its clipping regions named after `stem`, so that no two drawings share one.
pub(crate) fn inline(svg: &str, stem: &str) -> String {
    let svg = svg.replacen(&format!("<style>{}</style>", font_face()), "", 1);
    let svg = svg.replace(CLIP, &format!("{stem}-clip-"));
    let (root, rest) = svg.split_at(svg.find('>').unwrap_or(svg.len()));
    let length = |name: &str| {
        root.split_once(&format!(" {name}=\""))
            .map(|(_, r)| r.split('"').next().unwrap_or(r))
    };
    match (length("viewBox"), length("width"), length("height")) {
        (None, Some(width), Some(height)) => {
            format!("{root} viewBox=\"0 0 {width} {height}\"{rest}")
        }
        _ => svg,
    }
}
