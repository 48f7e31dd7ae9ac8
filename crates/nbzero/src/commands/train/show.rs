//! A training on its way, and what it gave.

use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::HumanDuration;
use nbz_figures::{CurvePoint, LearningCurve};
use nbz_sweep::training::Report;
use nbz_train::{Accuracy, Epoch, Progress};
use serde::Serialize;

use crate::console::{Bar, Console};
use crate::grid::{Align, Grid};
use crate::number::short;

/// Tells of steps on a bar and of epochs in lines.
pub(super) struct Telling<'a> {
    console: &'a Console,
    bar: &'a Bar,
    start: Instant,
    /// Steps and images of this start.
    steps: u64,
    images: usize,
}

impl<'a> Telling<'a> {
    pub(super) fn new(console: &'a Console, bar: &'a Bar) -> Self {
        Self {
            console,
            bar,
            start: Instant::now(),
            steps: 0,
            images: 0,
        }
    }

    pub(super) fn step(&mut self, progress: &Progress<'_>) {
        self.steps += 1;
        self.images += progress.images;
        let seconds = self.start.elapsed().as_secs_f64().max(1e-9);
        let left = (progress.steps - progress.step) as f64 * seconds / self.steps as f64;
        let pace = format!(
            "{:.0} images/s, {} left",
            self.images as f64 / seconds,
            HumanDuration(Duration::from_secs(left as u64))
        );
        if let Some(epoch) = progress.ended {
            self.bar
                .above(self.console, format_args!("{}, {pace}", line(epoch)));
        }
        let words = format!("steps, loss {:.3}, {pace}", progress.loss);
        self.bar.show(progress.step, progress.steps, words);
    }
}

fn line(epoch: &Epoch) -> String {
    let validation = match epoch.validation {
        Some(accuracy) => format!(", validation {}", percent(accuracy)),
        None => String::new(),
    };
    let Epoch {
        epoch,
        loss,
        training,
        ..
    } = epoch;
    format!(
        "epoch {epoch}: loss {loss:.4}, training {}{validation}",
        percent(*training)
    )
}

fn percent(accuracy: Accuracy) -> String {
    format!("{:.2} %", accuracy.percent())
}

/// The curve as a picture.
pub(super) fn curve(report: &Report) -> LearningCurve {
    let point = |epoch: &Epoch| CurvePoint {
        epoch: epoch.epoch,
        loss: epoch.loss,
        training: epoch.training.percent(),
        validation: epoch.validation.map(Accuracy::percent),
    };
    let stamp = &report.training;
    let title = format!("{} on {}, seed {}", stamp.arch, stamp.data, stamp.seed);
    let points: Vec<CurvePoint> = report.curve.iter().map(point).collect();
    LearningCurve::draw(&title, &points)
}

/// The curve, an epoch a line, and the test behind the last.
pub(super) fn grid(report: &Report) -> Grid {
    let headings = [
        "epoch",
        "rate",
        "loss",
        "training %",
        "validation %",
        "test %",
    ];
    let mut grid = Grid::new(headings.map(|h| (h.to_owned(), Align::Right)).to_vec());
    let number = |accuracy: Option<Accuracy>| match accuracy {
        Some(accuracy) => format!("{:.2}", accuracy.percent()),
        None => "-".to_owned(),
    };
    for (at, epoch) in report.curve.iter().enumerate() {
        let is_last = at + 1 == report.curve.len();
        grid.row(vec![
            epoch.epoch.to_string(),
            short(epoch.rate),
            format!("{:.4}", epoch.loss),
            number(Some(epoch.training)),
            number(epoch.validation),
            number(report.test.filter(|_| is_last)),
        ]);
    }
    grid
}

/// What a start left of a list.
#[derive(Serialize)]
pub(super) struct ListDocument {
    /// The table; null while trainings of other shards are missing.
    written: Option<String>,
    missing: usize,
}

impl ListDocument {
    pub(super) fn whole(table: &Path) -> Self {
        Self {
            written: Some(table.display().to_string()),
            missing: 0,
        }
    }

    pub(super) const fn share(missing: usize) -> Self {
        Self {
            written: None,
            missing,
        }
    }

    pub(super) fn words(&self) -> String {
        match &self.written {
            Some(table) => format!("wrote {table}"),
            None if self.missing == 1 => {
                "this share is done; 1 training of others is not".to_owned()
            }
            None => format!(
                "this share is done; {} trainings of others are not",
                self.missing
            ),
        }
    }
}
