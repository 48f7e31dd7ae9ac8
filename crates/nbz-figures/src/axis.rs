//! The range of an axis: which values it shows, on which scale, and what lies outside.
//!
//! Few far values must not press all others into a corner, and none may vanish: an axis that leaves values out has
//! them counted and marked at its end (`panel`; of accuracies, the heading counts them).

mod order;
mod scale;

use std::sync::Arc;

use kuva::render::layout::TickFormat;

use self::order::{extremes, quantile, sorted};
use self::scale::Scale;
use crate::ticks::{power, short};

/// Room at either end, as a share of the values' range.
const ROOM: f64 = 0.04;
/// How far from an axis's end the marks of values beyond it stand, as a share of the axis.
const EDGE: f64 = 0.02;
/// What a linear axis shows at most on either side of zero: its length must be a number.
const LARGEST: f64 = f64::MAX / 8.0;
/// Tukey's factor of the outer fences: values this many interquartile ranges beyond the quartiles are "far out"
/// (Exploratory Data Analysis, 1977).
const FENCE: f64 = 3.0;
/// To which share of its length an axis must shrink for values to be left out.
const SHORTER: f64 = 0.75;
/// The share of the accuracies that may be left out.
const FEW: f64 = 0.001;

/// The range of an axis, in places: values themselves, or what their scale makes of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Range {
    pub(crate) low: f64,
    pub(crate) high: f64,
    scale: Scale,
}

impl Range {
    /// From one value to another.
    pub(crate) const fn new(low: f64, high: f64) -> Self {
        Self {
            low,
            high,
            scale: Scale::Linear,
        }
    }

    /// Around values that are finite, with a little room; of one value, a unit around it or a share of its size.
    pub(crate) fn around(values: impl IntoIterator<Item = f64>) -> Self {
        let (low, high) = extremes(values).unwrap_or((0.0, 1.0));
        let [low, high] = [low, high].map(|end| end.clamp(-LARGEST, LARGEST));
        let room = if high > low {
            ROOM * (high - low)
        } else {
            (ROOM * high.abs()).max(0.5)
        };
        Self::new(low - room, high + room)
    }

    /// From 0, as for ranks and counts.
    pub(crate) fn from_zero(values: impl IntoIterator<Item = f64>) -> Self {
        Self {
            low: 0.0,
            ..Self::around(values.into_iter().chain([0.0]))
        }
    }

    /// Around all values within Tukey's outer fences, if that shortens the axis by a quarter; else around all.
    pub(crate) fn robust(values: impl IntoIterator<Item = f64>) -> Self {
        let values = sorted(values);
        let whole = Self::around(values.iter().copied());
        let (first, third) = (quantile(&values, 0.25), quantile(&values, 0.75));
        let reach = FENCE * (third - first);
        let near = first - reach..=third + reach;
        let most = Self::around(values.iter().copied().filter(|value| near.contains(value)));
        // Equal quartiles have no fences to speak of.
        if reach > 0.0 && most.is_shorter(whole) {
            most
        } else {
            whole
        }
    }

    /// Around accuracies, of which a network that did not learn presses the others against the top: around all but the
    /// lowest thousandth (of fewer than a thousand, none), if that shortens the axis by a quarter; else around all.
    pub(crate) fn of_accuracies(values: &[f64]) -> Self {
        let values = sorted(values.iter().copied());
        let few = (FEW * values.len() as f64) as usize;
        let least = values.get(few).copied().unwrap_or(0.0);
        let whole = Self::around(values.iter().copied());
        let most = Self::around(values.into_iter().filter(|value| *value >= least));
        if most.is_shorter(whole) { most } else { whole }
    }

    fn is_shorter(self, whole: Self) -> bool {
        self.high - self.low < SHORTER * (whole.high - whole.low)
    }

    /// Around scores of any sign that may span many decades. Wide and mostly positive: logarithmic, the others at its
    /// lower end. Wide on both sides of zero, or below: symmetric. Else linear, around the middle 99 % if few lie far
    /// beyond it.
    pub(crate) fn of_scores(values: &[f64]) -> Self {
        let values = sorted(values.iter().copied());
        let (Some(&least), Some(&most)) = (values.first(), values.last()) else {
            return Self::around([]);
        };
        let positive = &values[values.partition_point(|value| *value <= 0.0)..];
        let share = positive.len() as f64 / values.len() as f64;
        if share > MOSTLY
            && let Some(&smallest) = positive.first()
            && most / smallest > WIDE
        {
            return Self::decades(smallest, most, share < 1.0);
        }
        let sizes = sorted(
            values
                .iter()
                .map(|value| value.abs())
                .filter(|size| *size > 0.0),
        );
        let (usual, large) = (quantile(&sizes, 0.5), quantile(&sizes, 1.0 - TAIL));
        if least < 0.0 && large > WIDE_SIGNED * usual {
            return Self::symmetric(least, most, quantile(&sizes, 0.25).max(large / LONGEST));
        }
        let (low, high) = (quantile(&values, TAIL), quantile(&values, 1.0 - TAIL));
        let far = most - least > 3.0 * (high - low) && high > low;
        Self::around(if far { [low, high] } else { [least, most] })
    }

    /// Whole decades around positive values; `under`: with room for values at or under zero.
    fn decades(least: f64, most: f64, under: bool) -> Self {
        let (low, high) = (least.log10().floor(), most.log10().ceil());
        let room = if under {
            2.0 * ROOM * (high - low)
        } else {
            0.0
        };
        Self {
            low: low - room,
            high,
            scale: Scale::Log,
        }
    }

    /// Around values of both signs, linear up to about the size of `linear`.
    fn symmetric(least: f64, most: f64, linear: f64) -> Self {
        let linear = 10f64.powf(linear.log10().floor());
        let scale = Scale::Symmetric { linear };
        let (low, high) = (scale.place(least), scale.place(most));
        let room = ROOM * (high - low);
        Self {
            low: low - room,
            high: high + room,
            scale,
        }
    }

    /// Where a value stands, at the nearer end if it lies outside.
    pub(crate) fn place(&self, value: f64) -> f64 {
        let place = self.scale.place(value);
        if (self.low..=self.high).contains(&place) {
            return place;
        }
        // Half a mark would hide behind the end itself.
        let edge = EDGE * (self.high - self.low);
        place.clamp(self.low + edge, self.high - edge)
    }

    /// Whether it shows a value at its place.
    pub(crate) fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&self.scale.place(value))
    }

    /// What stands at an end instead of its place, in words; nothing if nothing does.
    pub(crate) fn outside(&self, values: &[f64]) -> String {
        let finite = || values.iter().copied().filter(|value| value.is_finite());
        if self.scale == Scale::Log {
            return match finite().filter(|value| *value <= 0.0).count() {
                0 => String::new(),
                count => format!("{count} at or under 0"),
            };
        }
        let under = finite().filter(|v| self.scale.place(*v) < self.low).count();
        let over = finite()
            .filter(|v| self.scale.place(*v) > self.high)
            .count();
        match (under, over) {
            (0, 0) => String::new(),
            (under, 0) => format!("{under} below"),
            (0, over) => format!("{over} above"),
            (under, over) => format!("{under} below, {over} above"),
        }
    }

    /// The distance between the numbers at the axis, where they stand at whole places only.
    pub(crate) fn step(&self, numbers: usize) -> Option<f64> {
        let decades = (self.high - self.low) / numbers.max(1) as f64;
        (self.scale != Scale::Linear).then(|| decades.floor().max(1.0))
    }

    /// How the numbers at the axis are written.
    pub(crate) fn format(&self) -> TickFormat {
        match self.scale {
            Scale::Linear => TickFormat::Custom(Arc::new(short)),
            Scale::Log => TickFormat::Custom(Arc::new(|place| power(place.round() as i32))),
            Scale::Symmetric { linear } => {
                let first = linear.log10().round() as i32;
                TickFormat::Custom(Arc::new(move |place| {
                    let decade = place.round() as i32;
                    match decade {
                        0 => "0".to_owned(),
                        1.. => power(first + decade - 1),
                        _ => format!("-{}", power(first - decade - 1)),
                    }
                }))
            }
        }
    }
}

/// The share of the scores that must be positive for a logarithmic axis.
const MOSTLY: f64 = 0.95;
/// Largest to smallest of positive scores from which an axis is logarithmic.
const WIDE: f64 = 1e3;
/// Largest to usual size of signed scores from which an axis is symmetric.
const WIDE_SIGNED: f64 = 30.0;
/// Decades of a symmetric axis on either side, at most.
const LONGEST: f64 = 1e6;
/// The share of the networks at either end that may stand at the axis's end.
const TAIL: f64 = 0.005;

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(value: f64) -> u64 {
        value.to_bits()
    }

    /// Oracle: Tukey's fences by hand; quartiles of 0 to 99 are 25 and 74, so the fences are -122 and 221.
    #[test]
    fn far_values_leave_the_axis_to_the_others_and_are_counted() {
        let near = (0..100).map(f64::from);
        let range = Range::robust(near.clone().chain([1e4, -1e4, -2e4]));
        assert!(range.high < 110.0 && range.low > -10.0, "{range:?}");
        let values: Vec<f64> = near.clone().chain([1e4, -1e4, -2e4, f64::NAN]).collect();
        assert_eq!(range.outside(&values), "2 below, 1 above");
        // What is within the fences stays, and so does everything where the fences save less than a quarter.
        assert!(Range::robust(near.clone().chain([200.0])).holds(200.0));
        assert!(Range::robust(near.chain([230.0])).high < 110.0);
        assert!(
            Range::robust([1.0, 1.0, 1.0, 1.0, 5.0]).holds(5.0),
            "no spread, no fences"
        );
        assert_eq!(Range::robust([]), Range::around([]));
    }

    /// Oracle: of 2,001 values the lowest thousandth are two.
    #[test]
    fn accuracies_are_around_all_but_a_few_that_did_not_learn() {
        let near: Vec<f64> = (0..2000).map(|at| 60.0 + f64::from(at) / 100.0).collect();
        let range = Range::of_accuracies(&[near.clone(), vec![10.0]].concat());
        assert!(range.low > 58.0 && range.holds(60.01), "{range:?}");
        assert_eq!(range.outside(&[10.0]), "1 below");
        assert!(range.place(10.0) > range.low, "within the axis");
        let many = [near.clone(), vec![10.0, 11.0, 12.0]].concat();
        assert!(Range::of_accuracies(&many).holds(10.0), "three are no few");
        let close = [near, vec![55.0]].concat();
        assert!(Range::of_accuracies(&close).holds(55.0), "nothing saved");
        assert_eq!(Range::of_accuracies(&[]), Range::around([]));
    }

    #[test]
    fn a_single_zero_or_negative_value_leaves_a_logarithmic_axis_logarithmic() {
        let decades: Vec<f64> = (0..200)
            .map(|i| 10f64.powf(f64::from(i) / 20.0 - 5.0))
            .collect();
        let alone = Range::of_scores(&decades);
        assert_eq!(alone.outside(&decades), "");
        for odd in [0.0, -3.0] {
            let with = [decades.clone(), vec![odd]].concat();
            let range = Range::of_scores(&with);
            assert_eq!(
                bits(range.high),
                bits(alone.high),
                "tolerance 0: the same decades"
            );
            assert_eq!(range.outside(&with), "1 at or under 0");
            assert!(range.place(odd) < alone.low, "beside every positive score");
            assert!(range.place(odd) > range.low, "and within the axis");
            assert_eq!(
                bits(range.place(1.0)),
                bits(0.0),
                "tolerance 0: the logarithm of one"
            );
        }
    }

    #[test]
    fn scores_as_large_as_numbers_can_be_have_places() {
        let most = f64::MAX;
        for values in [vec![-most, 0.0, most], vec![-most, most], vec![most; 3]] {
            for range in [
                Range::around(values.iter().copied()),
                Range::from_zero(values.iter().copied()),
                Range::robust(values.iter().copied()),
                Range::of_scores(&values),
            ] {
                assert!((range.high - range.low).is_finite(), "{range:?}");
                assert!(range.high > range.low, "{range:?}");
                for &value in &values {
                    let place = range.place(value);
                    assert!((range.low..=range.high).contains(&place), "{range:?}");
                }
            }
        }
    }

    #[test]
    fn scores_of_both_signs_over_many_decades_are_all_shown_in_their_order() {
        let half: Vec<f64> = (0..60)
            .map(|i| 10f64.powf(f64::from(i) / 10.0 - 2.0))
            .collect();
        let both: Vec<f64> = half.iter().flat_map(|v| [-v, *v]).chain([0.0]).collect();
        let range = Range::of_scores(&both);
        assert_eq!(range.outside(&both), "");
        let mut in_order = both.clone();
        in_order.sort_by(f64::total_cmp);
        assert!(in_order.is_sorted_by(|a, b| range.place(*a) < range.place(*b)));
        assert_eq!(
            bits(range.place(0.0)),
            bits(0.0),
            "tolerance 0: zero is the middle"
        );
        let TickFormat::Custom(format) = range.format() else {
            panic!("numbers of its own")
        };
        assert_eq!(format(0.0), "0");
        assert!(format(-3.0).starts_with('-'));
    }
}
