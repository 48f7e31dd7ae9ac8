//! One panel: how the plotting library wants axes and marks, and the words around them.
//!
//! The words are placed here, because only so is it known that none lies over another: the library's margins depend on
//! what it finds in the data.

use kuva::plot::line::LineStyle;
use kuva::plot::scatter::MarkerShape;
use kuva::plot::{BarPlot, LinePlot, ScatterPlot};
use kuva::render::layout::{AxisLabelOverlap, Layout, TickFormat};
use kuva::render::plots::Plot;
use kuva::render::render::{Scene, render_multiple};
use kuva::render::render_utils::generate_ticks;

use crate::axis::Range;
use crate::chart::{FONT, GAP, LINE, Marks, Panel, TEXT};
use crate::legend::MARK;
use crate::look::tint;
use crate::{ink, radar, text};

/// The title of a panel.
const TITLE: u32 = 14;
/// A bar and the room around it.
const BAR: f64 = 19.0;
/// From an axis to its numbers.
const TICK: f64 = 9.0;
/// Room of a number at the horizontal axis.
const NUMBER: f64 = 50.0;
/// Room of a number at the vertical axis.
const ROW: f64 = 28.0;
/// Names of bars are shortened to this share of a panel, or to what two names of one factor need.
const NAMES: f64 = 0.45;
const LEAST_NAMES: f64 = 118.0;

/// A panel of a width, so high between its axes; bars and radars have heights of their own.
pub(crate) fn scene(panel: Panel, width: f64, height: f64) -> Scene {
    let note = match outside(&panel) {
        none if none.is_empty() => panel.note.clone(),
        words if panel.note.is_empty() => words,
        words => format!("{}; {words}", panel.note),
    };
    let room = width - GAP;
    let title = text::shortened(&panel.title, TITLE, room);
    let notes = text::wrapped(&note, TEXT, room);
    let top = LINE * (notes.len() + usize::from(!title.is_empty())) as f64 + 6.0;
    let mut scene = match panel.marks.as_slice() {
        [
            Marks::Radar {
                axes,
                polygons,
                most,
            },
        ] if !axes.is_empty() => {
            let mut scene = Scene::new(width, 0.0);
            scene.height = top + radar::draw(&mut scene, (axes, polygons, *most), top, width);
            scene
        }
        _ => plotted(panel, top, width, height),
    };
    let middle = width / 2.0;
    ink::write(
        &mut scene,
        (middle, LINE - 3.0),
        ink::MIDDLE,
        &title,
        ("#000000", TITLE, None),
    );
    for (at, line) in notes.iter().enumerate() {
        let base = (at + 2) as f64 * LINE - 3.0;
        ink::coloured(&mut scene, (middle, base), ink::MIDDLE, line, ink::GREY);
    }
    scene
}

/// How many points the axes leave out: lines by the vertical one, clouds by the horizontal one.
fn outside(panel: &Panel) -> String {
    let (mut lines, mut points) = (Vec::new(), Vec::new());
    for marks in &panel.marks {
        match marks {
            Marks::Line { data, .. } => lines.extend(data.iter().map(|point| point.1)),
            Marks::Points { data, .. } => points.extend(data.iter().map(|point| point.0)),
            _ => {}
        }
    }
    match panel.y.outside(&lines) + &panel.x.outside(&points) {
        none if none.is_empty() => none,
        words => format!("at the edge: {words}"),
    }
}

fn plotted(panel: Panel, top: f64, width: f64, height: f64) -> Scene {
    let names = names(&panel.marks, (NAMES * width).max(LEAST_NAMES));
    let bars = names.len();
    let height = if bars > 0 { bars as f64 * BAR } else { height };
    let rows = ((height / ROW) as usize).clamp(2, 6);
    let decimals = panel.decimals.map(TickFormat::Fixed);
    let (x_format, y_format) = match (bars > 0, decimals) {
        (true, Some(fixed)) => (fixed, panel.y.format()),
        (false, Some(fixed)) => (panel.x.format(), fixed),
        (_, None) => (panel.x.format(), panel.y.format()),
    };
    let beside = if bars > 0 {
        names
            .iter()
            .map(|name| text::width(name, TEXT))
            .fold(0.0, f64::max)
    } else {
        numbers_width(panel.y, &y_format, rows)
    };
    let label = |words: &str| if words.is_empty() { 0.0 } else { LINE };
    let left = label(&panel.y_label) + beside + TICK + 5.0;
    let right = 14.0;
    let numbers = (((width - left - right) / NUMBER) as usize).clamp(2, 6);
    let bottom = label(&panel.x_label) + LINE + TICK;
    let plots: Vec<Plot> = panel
        .marks
        .into_iter()
        .flat_map(|marks| plots(marks, &names, (panel.x, panel.y)))
        .collect();
    let mut layout = Layout::auto_from_plots(&plots)
        .with_tick_size(TEXT)
        .with_label_size(TEXT)
        .with_font_family(FONT)
        .with_width(width)
        .with_height(top + height + bottom)
        .with_force_margins(left, right)
        .with_force_margins_y(top, bottom)
        .with_x_axis_min(panel.x.low)
        .with_x_axis_max(panel.x.high)
        .with_x_tick_format(x_format)
        .with_y_tick_format(y_format)
        .with_x_label_overlap(AxisLabelOverlap::Thin);
    layout.show_legend = false;
    layout.ticks = if bars > 0 { numbers } else { rows };
    if bars == 0 {
        layout = layout
            .with_y_axis_min(panel.y.low)
            .with_y_axis_max(panel.y.high);
    }
    let step = panel.x.step(numbers);
    layout.x_tick_step = step.or_else(|| (bars == 0).then(|| even(panel.x, numbers)).flatten());
    let mut scene = render_multiple(plots, layout);
    let (middle, centre) = ((left + width - right) / 2.0, top + height / 2.0);
    let base = top + height + bottom - 4.0;
    ink::words(&mut scene, (middle, base), ink::MIDDLE, &panel.x_label);
    ink::upright(
        &mut scene,
        (f64::from(TEXT), centre),
        ink::MIDDLE,
        &panel.y_label,
    );
    scene
}

/// The step between the numbers at a horizontal axis that has fewer of them than the vertical one beside it.
fn even(range: Range, numbers: usize) -> Option<f64> {
    let ticks = generate_ticks(range.low, range.high, numbers);
    ticks.windows(2).map(|pair| pair[1] - pair[0]).next()
}

fn numbers_width(range: Range, format: &TickFormat, numbers: usize) -> f64 {
    let ticks = generate_ticks(range.low, range.high, numbers);
    let widths = ticks
        .into_iter()
        .map(|tick| text::width(&format.format(tick), TEXT));
    widths.fold(0.0, f64::max)
}

/// The names of bars, as they have room.
fn names(marks: &[Marks], room: f64) -> Vec<String> {
    let bars = marks.iter().flat_map(|marks| match marks {
        Marks::Bars { bars, .. } => bars.as_slice(),
        _ => &[],
    });
    bars.map(|(name, ..)| text::shortened(name, TEXT, room))
        .collect()
}

fn plots(marks: Marks, names: &[String], (x, y): (Range, Range)) -> Vec<Plot> {
    match marks {
        Marks::Points {
            data,
            colour,
            size,
            opacity,
        } => {
            let place = |(across, up)| (x.place(across), y.place(up));
            let data: Vec<(f64, f64)> = data.into_iter().map(place).collect();
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
                .with_line_style(look.line.clone());
            if let Some(interval) = interval {
                let (low, high): (Vec<f64>, Vec<f64>) = interval.into_iter().unzip();
                line = line.with_band(low, high);
            }
            let mut plots = vec![line.into()];
            let at = |which: &dyn Fn(f64) -> bool| -> Vec<(f64, f64)> {
                let points = data.iter().filter(|(_, value)| which(*value));
                points
                    .map(|(across, value)| (*across, y.place(*value)))
                    .collect()
            };
            let kinds = [
                (at(&|value| y.holds(value)), look.marker),
                (at(&|value| value < y.low), MarkerShape::TriangleDown),
                (at(&|value| value > y.high), MarkerShape::Triangle),
            ];
            for (points, marker) in kinds.into_iter().filter(|(points, _)| !points.is_empty()) {
                let points = ScatterPlot::new()
                    .with_data(points)
                    .with_color(look.colour)
                    .with_size(MARK);
                plots.push(points.with_marker(marker).into());
            }
            plots
        }
        Marks::Bars {
            bars,
            intervals,
            level,
        } => barred(&bars, names, &intervals, level),
        Marks::Radar { .. } => Vec::new(),
    }
}

/// Pale bars, so that the intervals over them are read: lines in the bars' full colours.
fn barred(
    bars: &[(String, f64, &'static str)],
    names: &[String],
    intervals: &[(f64, f64)],
    level: Option<f64>,
) -> Vec<Plot> {
    let count = bars.len();
    let rows = bars.iter().zip(names).rev();
    let pale = rows.map(|((_, value, colour), name)| (name.clone(), *value, tint(colour)));
    let mut plots: Vec<Plot> = vec![
        BarPlot::new()
            .with_colored_bars(pale.collect::<Vec<_>>())
            .with_horizontal(true)
            .into(),
    ];
    let line = |ends: [(f64, f64); 2], colour: &str, width, style| -> Plot {
        let line = LinePlot::new().with_data(ends.to_vec()).with_color(colour);
        line.with_stroke_width(width).with_line_style(style).into()
    };
    for (at, ((_, _, colour), (low, high))) in bars.iter().zip(intervals).enumerate() {
        // The first bar is on top: bar i of n stands at n - i.
        let place = (count - at) as f64;
        if high > low {
            let ends = [(*low, place), (*high, place)];
            plots.push(line(ends, colour, 2.4, LineStyle::Solid));
        }
    }
    if let Some(level) = level {
        let ends = [(level, 0.5), (level, count as f64 + 0.5)];
        plots.push(line(ends, "#000000", 1.4, LineStyle::Dashed));
    }
    plots
}
