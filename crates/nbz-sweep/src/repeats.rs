//! Several draws of one network's weights as two numbers.

/// The mean, and the deviation with the divisor n - 1; of one value the value itself and 0.
pub(crate) fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let &[first, _, ..] = values else {
        return (values[0], 0.0);
    };
    let count = values.len() as f64;
    // About the first value, so that equal values have exactly that mean and deviation 0.
    let mean = first + values.iter().map(|v| v - first).sum::<f64>() / count;
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    (mean, (squares / (count - 1.0)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::mean_and_deviation;

    #[test]
    fn means_and_deviations_are_those_of_the_textbook() {
        assert_eq!(mean_and_deviation(&[3.5]), (3.5, 0.0));
        assert_eq!(mean_and_deviation(&[0.1, 0.1, 0.1]), (0.1, 0.0));
        // By hand: mean 2, squares 1 + 0 + 1 over 2.
        assert_eq!(mean_and_deviation(&[1.0, 2.0, 3.0]), (2.0, 1.0));
        assert!(mean_and_deviation(&[1.0, f64::NAN]).0.is_nan());
    }
}
