//! Panels with axes and lines, in terms of what is shown; how the plotting library wants it stays here.

use std::sync::Arc;

use kuva::plot::legend::{LegendEntry, LegendShape};
use kuva::plot::line::LineStyle;
use kuva::plot::radar::RadarPlot;
use kuva::plot::{BarPlot, LinePlot, ScatterPlot};
use kuva::render::figure::{Figure as Grid, FigureLegendPosition};
use kuva::render::layout::{AxisLabelOverlap, Layout, TickFormat};
use kuva::render::plots::Plot;

use crate::look::Look;
use crate::points;

/// The name by which drawings ask for the font that travels with them.
pub(crate) const FONT: &str = "DejaVu Sans";

/// The range of an axis; a logarithmic one is positive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Range {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) log: bool,
}

impl Range {
    /// Around values that are finite, with a little room; of one value, a unit around it.
    pub(crate) fn around(values: impl IntoIterator<Item = f64>) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter(|value| value.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        let room = if high > low { 0.04 * (high - low) } else { 0.5 };
        Self {
            low: low - room,
            high: high + room,
            log: false,
        }
    }

    /// From 0, as for ranks and counts.
    pub(crate) fn from_zero(values: impl IntoIterator<Item = f64>) -> Self {
        Self {
            low: 0.0,
            ..Self::around(values.into_iter().chain([0.0]))
        }
    }

    /// Around positive values on a logarithmic axis: whole decades.
    pub(crate) fn decades(values: impl IntoIterator<Item = f64>) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::MIN_POSITIVE);
        for value in values.into_iter().filter(|v| v.is_finite() && *v > 0.0) {
            low = low.min(value);
            high = high.max(value);
        }
        Self {
            low: 10f64.powf(low.min(high).log10().floor()),
            high: 10f64.powf(high.log10().ceil()),
            log: true,
        }
    }
}

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
    /// Points joined by a line, with a mark each and, if given, an interval (low, high) around.
    Line {
        data: Vec<(f64, f64)>,
        look: Look,
        interval: Option<Vec<(f64, f64)>>,
    },
    /// A bar a category, with its interval (low, high).
    Bars {
        bars: Vec<(String, f64, &'static str)>,
        intervals: Vec<(f64, f64)>,
    },
    /// A dashed line across so many bars.
    Level { at: f64, bars: usize },
    /// Axes in a circle from 0 to `most`, and shapes over them, the last in front.
    Radar {
        axes: Vec<String>,
        polygons: Vec<Polygon>,
        most: f64,
    },
}

/// A shape on a radar, one value an axis.
#[derive(Debug, Clone)]
pub(crate) struct Polygon {
    pub(crate) values: Vec<f64>,
    pub(crate) colour: &'static str,
    pub(crate) dashed: bool,
}

/// One set of axes.
#[derive(Debug, Clone)]
pub(crate) struct Panel {
    pub(crate) title: String,
    pub(crate) x_label: String,
    pub(crate) y_label: String,
    pub(crate) x: Range,
    pub(crate) y: Range,
    pub(crate) marks: Vec<Marks>,
    /// Decimals of the numbers at each axis, where the automatic ones would mislead.
    pub(crate) y_decimals: Option<usize>,
}

/// A figure of panels.
#[derive(Debug, Clone)]
pub(crate) struct Chart {
    pub(crate) title: String,
    pub(crate) columns: usize,
    pub(crate) panel: (f64, f64),
    pub(crate) panels: Vec<Panel>,
    /// Name and look of each line; none for no legend.
    pub(crate) legend: Vec<(String, Look)>,
}

impl Chart {
    /// The drawing as SVG, the font inside, and the same with every point a vector for bitmaps.
    pub(crate) fn svg(self) -> points::Drawn {
        let rows = self.panels.len().div_ceil(self.columns.max(1)).max(1);
        let (plots, layouts): (Vec<Vec<Plot>>, Vec<Layout>) =
            self.panels.into_iter().map(cell).unzip();
        let mut grid = Grid::new(rows, self.columns)
            .with_title(self.title)
            .with_title_size(16)
            .with_plots(plots)
            .with_layouts(layouts)
            .with_cell_size(self.panel.0, self.panel.1)
            .with_spacing(12.0);
        if !self.legend.is_empty() {
            let entries = self.legend.into_iter().map(|(label, look)| LegendEntry {
                label,
                color: look.colour.to_owned(),
                shape: LegendShape::Marker(look.marker),
                dasharray: None,
            });
            grid = grid
                .with_shared_legend_position(FigureLegendPosition::RightMiddle)
                .with_shared_legend_entries(entries.collect());
        }
        let mut scene = grid.render();
        scene.font_family = Some(FONT.to_owned());
        points::drawn(scene)
    }
}

fn cell(panel: Panel) -> (Vec<Plot>, Layout) {
    let radar = matches!(panel.marks.as_slice(), [Marks::Radar { .. }]);
    let plots: Vec<Plot> = panel.marks.into_iter().flat_map(plots).collect();
    let mut layout = Layout::auto_from_plots(&plots)
        .with_title(panel.title)
        .with_title_size(13)
        .with_x_label(panel.x_label)
        .with_y_label(panel.y_label)
        .with_label_size(12)
        .with_tick_size(10)
        .with_font_family(FONT)
        .with_y_axis_min(panel.y.low)
        .with_y_axis_max(panel.y.high);
    let categories = layout.x_categories.is_some();
    if categories {
        layout = layout.with_x_tick_rotate(-45.0);
    } else {
        layout = layout
            .with_x_axis_min(panel.x.low)
            .with_x_axis_max(panel.x.high);
    }
    if radar {
        // Room for numbers at axes that a radar has not.
        layout = layout
            .with_force_margins(10.0, 10.0)
            .with_force_margins_y(30.0, 0.0);
    }
    if panel.x.log {
        layout = layout.with_log_x();
    }
    if !categories {
        layout = layout
            .with_ticks(TICKS.unsigned_abs() as usize)
            .with_x_tick_format(tick_format(panel.x))
            .with_x_label_overlap(AxisLabelOverlap::Thin);
    }
    if panel.y.log {
        layout = layout.with_log_y();
    }
    if let Some(decimals) = panel.y_decimals {
        layout = layout.with_y_tick_format(TickFormat::Fixed(decimals));
    }
    (plots, layout)
}

/// Rings of a radar.
const RINGS: usize = 2;
/// Numbers at an axis, about.
const TICKS: i32 = 5;

/// Short numbers: thousands and millions as k and M; of many decades only some.
fn tick_format(range: Range) -> TickFormat {
    if !range.log {
        return TickFormat::Custom(Arc::new(short));
    }
    let decades = (range.high / range.low).log10().round() as i32;
    let step = decades / TICKS + 1;
    TickFormat::Custom(Arc::new(move |value| {
        let decade = value.log10().round() as i32;
        if decade % step == 0 {
            format!("1e{decade}")
        } else {
            String::new()
        }
    }))
}

fn short(value: f64) -> String {
    let (scaled, unit) = match value.abs() {
        // A million millions is read as a power of ten.
        size if size >= 1e12 => return format!("{value:.1e}"),
        size if size >= 1e6 => (value / 1e6, "M"),
        size if size >= 1e4 => (value / 1e3, "k"),
        _ => (value, ""),
    };
    // Ticks are round numbers; nine digits hide how their multiples round.
    let rounded = (scaled * 1e6).round() / 1e6;
    format!("{}{unit}", rounded + 0.0)
}

fn plots(marks: Marks) -> Vec<Plot> {
    match marks {
        Marks::Points {
            data,
            colour,
            size,
            opacity,
        } => {
            let points = ScatterPlot::new()
                .with_data(data)
                .with_color(colour)
                .with_size(size);
            vec![points.with_marker_opacity(opacity).into()]
        }
        Marks::Line {
            data,
            look,
            interval,
        } => {
            let mut line = LinePlot::new()
                .with_data(data.clone())
                .with_color(look.colour)
                .with_stroke_width(look.width)
                .with_line_style(look.line);
            if let Some(interval) = interval {
                let (low, high): (Vec<f64>, Vec<f64>) = interval.into_iter().unzip();
                line = line.with_band(low, high);
            }
            let points = ScatterPlot::new()
                .with_data(data)
                .with_color(look.colour)
                .with_size(3.5);
            vec![line.into(), points.with_marker(look.marker).into()]
        }
        Marks::Bars { bars, intervals } => {
            let arms = bars.iter().zip(&intervals);
            let arms: Vec<(f64, f64)> = arms
                .map(|((_, value, _), (low, high))| {
                    ((value - low).max(0.0), (high - value).max(0.0))
                })
                .collect();
            let bars = BarPlot::new().with_colored_bars(bars);
            vec![bars.with_asymmetric_error(arms).into()]
        }
        Marks::Level { at, bars } => {
            // Bar i stands at i + 1.
            let ends = [(0.5, at), (bars as f64 + 0.5, at)];
            let line = LinePlot::new()
                .with_data(ends)
                .with_color("#000000")
                .with_stroke_width(1.4);
            vec![line.with_line_style(LineStyle::Dashed).into()]
        }
        Marks::Radar {
            axes,
            polygons,
            most,
        } => {
            let mut radar = RadarPlot::new(axes)
                .with_range(0.0, most)
                .with_grid_lines(RINGS)
                .with_filled(true)
                .with_opacity(0.15)
                .with_stroke_width(1.8);
            for Polygon {
                values,
                colour,
                dashed,
            } in polygons
            {
                radar = if dashed {
                    radar.with_reference_color(values, String::new(), colour)
                } else {
                    radar.with_series_color(values, String::new(), colour)
                };
            }
            vec![radar.into()]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn ticks_are_short_whatever_their_size() {
        let ticks = [0.0, -0.25, 9_999.0, 25_000.0, 1.25e6, 7.5e30, -5e24, 1e-3];
        let shown = ticks.map(short);
        let expected = [
            "0", "-0.25", "9999", "25k", "1.25M", "7.5e30", "-5.0e24", "0.001",
        ];
        assert_eq!(shown, expected);
    }
}
