//! Figures of panels, in terms of what is shown: rows of panels under a heading, above a legend.
//!
//! Every figure is [`WIDTH`] units wide and its words are [`TEXT`] high or more, so that they are readable where papers
//! print figures: at a column's width of 3.3 inches they are 6.4 points high.

use kuva::render::render::{Primitive, Scene};

use crate::axis::Range;
use crate::look::Look;
use crate::{ink, legend, panel, points, text};

/// The name by which drawings ask for the font that travels with them.
pub(crate) const FONT: &str = "DejaVu Sans";
/// Of every figure.
pub(crate) const WIDTH: f64 = 480.0;
/// The smallest words.
pub(crate) const TEXT: u32 = 13;
/// What it is a figure of.
const TITLE: u32 = 16;
/// From line to line of words.
pub(crate) const LINE: f64 = 17.0;
/// Around everything, and between panels.
pub(crate) const GAP: f64 = 8.0;

/// Marks on a panel.
#[derive(Debug, Clone)]
pub(crate) enum Marks {
    /// A point each.
    Points {
        data: Vec<(f64, f64)>,
        colour: String,
        size: f64,
        opacity: f64,
    },
    /// Points joined by a line, with a mark each and, if given, an interval (low, high) around. Points beyond the
    /// vertical axis are triangles at its end.
    Line {
        data: Vec<(f64, f64)>,
        look: Look,
        interval: Option<Vec<(f64, f64)>>,
    },
    /// A bar a category from left to right, the first on top, each with its interval (low, high), and a dashed line
    /// across all if there is something to compare with.
    Bars {
        bars: Vec<(String, f64, &'static str)>,
        intervals: Vec<(f64, f64)>,
        level: Option<f64>,
    },
    /// Axes in a circle from 0 to `most`, and shapes over them, the last in front.
    Radar {
        axes: Vec<String>,
        polygons: Vec<Polygon>,
        most: f64,
    },
}

impl Marks {
    /// A point each: of thousands small ones that show through each other, of few ones that are seen.
    pub(crate) fn points(data: Vec<(f64, f64)>, colour: &str, small: f64) -> Self {
        let (size, opacity) = match data.len() {
            0..=200 => (2.0 * small, 0.9),
            201..=2_000 => (1.4 * small, 0.5),
            _ => (small, 0.25),
        };
        Self::Points {
            data,
            colour: colour.to_owned(),
            size,
            opacity,
        }
    }
}

/// A shape on a radar, one value an axis.
#[derive(Debug, Clone)]
pub(crate) struct Polygon {
    pub(crate) values: Vec<f64>,
    pub(crate) colour: &'static str,
    pub(crate) dashed: bool,
}

/// One set of axes. Bars run along `x`.
#[derive(Debug, Clone)]
pub(crate) struct Panel {
    pub(crate) title: String,
    /// What a reader must know to read the axes, in a few words; nothing for none.
    pub(crate) note: String,
    pub(crate) x_label: String,
    pub(crate) y_label: String,
    pub(crate) x: Range,
    pub(crate) y: Range,
    pub(crate) marks: Vec<Marks>,
    /// Decimals of the numbers at the axis of values, where the automatic ones would mislead.
    pub(crate) decimals: Option<usize>,
}

/// A figure of panels.
#[derive(Debug, Clone)]
pub(crate) struct Chart {
    /// What it is a figure of.
    pub(crate) title: String,
    /// What all panels show; nothing if each says so itself.
    pub(crate) heading: String,
    pub(crate) columns: usize,
    /// Of the part of a panel between its axes.
    pub(crate) height: f64,
    pub(crate) panels: Vec<Panel>,
    /// A panel as wide as the figure below the others.
    pub(crate) foot: Option<Panel>,
    /// Name and look of each line; none for no legend.
    pub(crate) legend: Vec<(String, Look)>,
}

impl Chart {
    /// The drawing as SVG, the font inside, and the same with every point a vector for bitmaps.
    pub(crate) fn svg(self) -> points::Drawn {
        let mut scene = Scene::new(WIDTH, 0.0);
        let mut y = head(&mut scene, &self.title, &self.heading);
        let columns = self.columns.max(1);
        let room = WIDTH - 2.0 * GAP;
        let width = (room - (columns - 1) as f64 * GAP) / columns as f64;
        let mut panels = self.panels.into_iter();
        loop {
            let row: Vec<Scene> = panels
                .by_ref()
                .take(columns)
                .map(|panel| panel::scene(panel, width, self.height))
                .collect();
            if row.is_empty() {
                break;
            }
            let tall = row.iter().map(|cell| cell.height).fold(0.0, f64::max);
            for (column, cell) in row.into_iter().enumerate() {
                // Panels with more words above share the line of those with fewer at their lower ends.
                let down = tall - cell.height;
                place(
                    &mut scene,
                    cell,
                    (GAP + column as f64 * (width + GAP), y + down),
                );
            }
            y += tall + GAP;
        }
        if let Some(foot) = self.foot {
            let cell = panel::scene(foot, room, self.height);
            let tall = cell.height;
            place(&mut scene, cell, (GAP, y));
            y += tall + GAP;
        }
        y += legend::draw(&mut scene, &self.legend, (GAP, y), room);
        finish(scene, y)
    }
}

/// Title and heading of a figure; answers with where the rest begins.
pub(crate) fn head(scene: &mut Scene, title: &str, heading: &str) -> f64 {
    let room = WIDTH - 2.0 * GAP;
    let mut y = GAP;
    for line in text::wrapped(title, TITLE, room) {
        y += 1.25 * f64::from(TITLE);
        let look = ("#000000", TITLE, None);
        ink::write(scene, (WIDTH / 2.0, y - 4.0), ink::MIDDLE, &line, look);
    }
    for line in text::wrapped(heading, TEXT, room) {
        y += LINE;
        ink::coloured(scene, (WIDTH / 2.0, y - 2.0), ink::MIDDLE, &line, ink::GREY);
    }
    y + GAP
}

/// Puts a drawing into another.
pub(crate) fn place(scene: &mut Scene, cell: Scene, (x, y): (f64, f64)) {
    scene.defs.extend(cell.defs);
    scene.add(Primitive::GroupStart {
        transform: Some(format!("translate({},{})", ink::tenth(x), ink::tenth(y))),
        title: None,
        extra_attrs: None,
    });
    scene.elements.extend(cell.elements);
    scene.add(Primitive::GroupEnd);
}

/// A drawing that is so high.
pub(crate) fn finish(mut scene: Scene, height: f64) -> points::Drawn {
    scene.height = height.ceil();
    scene.font_family = Some(FONT.to_owned());
    points::drawn(scene)
}
