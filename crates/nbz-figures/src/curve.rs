//! The learning curve of one training: accuracies and loss, an epoch a point.

use crate::axis::Range;
use crate::chart::{Chart, Marks, Panel};
use crate::look::look;
use crate::points::Drawn;

/// One epoch of a learning curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// Its number, from 1.
    pub epoch: u32,
    /// Mean loss of its steps.
    pub loss: f64,
    /// Training images classified correctly, in percent.
    pub training: f64,
    /// Validation images classified correctly, in percent.
    pub validation: Option<f64>,
}

/// A drawn learning curve.
#[derive(Debug, Clone)]
pub struct LearningCurve(Drawn);

impl LearningCurve {
    /// Draws accuracies beside the loss; of no epochs, empty axes.
    pub fn draw(title: &str, points: &[CurvePoint]) -> Self {
        let (training, validation, loss) = (look("zen"), look("fisher"), look("macs"));
        let over_epochs = |of: &dyn Fn(&CurvePoint) -> Option<f64>| -> Vec<(f64, f64)> {
            let point = |p: &CurvePoint| Some((f64::from(p.epoch), of(p)?));
            points.iter().filter_map(point).collect()
        };
        let line = |data, look: &_| Marks::Line {
            data,
            look: Clone::clone(look),
            interval: None,
        };
        let trained = over_epochs(&|p| Some(p.training));
        let validated = over_epochs(&|p| p.validation);
        let losses = over_epochs(&|p| Some(p.loss));
        let values = |data: &[(f64, f64)]| data.iter().map(|(_, y)| *y).collect::<Vec<_>>();
        let x = Range::around(points.iter().map(|p| f64::from(p.epoch)));
        let both = [values(&trained), values(&validated)].concat();
        let panel = |title: &str, y_label: &str, y, marks| Panel {
            title: title.to_owned(),
            note: String::new(),
            x_label: "epoch".to_owned(),
            y_label: y_label.to_owned(),
            x,
            y,
            marks,
            decimals: None,
        };
        let mut lines = vec![line(trained, &training)];
        let mut legend = vec![("training".to_owned(), training)];
        if !validated.is_empty() {
            lines.push(line(validated, &validation));
            legend.push(("validation".to_owned(), validation));
        }
        let panels = vec![
            panel(
                "accuracy",
                "images classified correctly (%)",
                Range::around(both),
                lines,
            ),
            panel(
                "loss",
                "cross entropy of the steps",
                Range::around(values(&losses)),
                vec![line(losses, &loss)],
            ),
        ];
        let chart = Chart {
            title: title.to_owned(),
            heading: String::new(),
            columns: 2,
            height: 200.0,
            panels,
            foot: None,
            legend,
        };
        Self(chart.svg())
    }

    /// The drawing as a standalone SVG, its font inside.
    pub fn svg(&self) -> &str {
        &self.0.svg
    }

    /// The drawing as a PNG of twice its size.
    pub fn png(&self) -> Vec<u8> {
        self.0.png()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_a_function_of_its_points_and_shows_each_line_that_there_is() {
        let points = [1, 2, 3].map(|epoch| CurvePoint {
            epoch,
            loss: 2.0 / f64::from(epoch),
            training: 20.0 * f64::from(epoch),
            validation: Some(25.0 * f64::from(epoch)),
        });
        let drawn = LearningCurve::draw("r1:... on cifar10", &points);
        assert_eq!(
            drawn.svg(),
            LearningCurve::draw("r1:... on cifar10", &points).svg()
        );
        assert!(drawn.svg().contains("validation"));
        assert!(drawn.png().starts_with(b"\x89PNG"));
        let without = points.map(|p| CurvePoint {
            validation: None,
            ..p
        });
        let svg = LearningCurve::draw("x", &without).svg().to_owned();
        assert!(!svg.contains("validation"));
        // A training that diverged in its first epoch has none.
        assert!(LearningCurve::draw("x", &[]).svg().contains("</svg>"));
    }
}
