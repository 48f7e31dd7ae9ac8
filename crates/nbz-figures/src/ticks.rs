//! How the numbers at axes are written: as short as they can be told apart.

/// A power of ten: written out where that is as short.
pub(crate) fn power(decade: i32) -> String {
    match decade {
        0..=3 => format!("{}", 10f64.powi(decade)),
        _ => format!("1e{decade}"),
    }
}

/// Short numbers: thousands and millions as k and M.
pub(crate) fn short(value: f64) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_short_whatever_their_size() {
        let ticks = [0.0, -0.25, 9_999.0, 25_000.0, 1.25e6, 7.5e30, -5e24, 1e-3];
        let shown = ticks.map(short);
        let expected = [
            "0", "-0.25", "9999", "25k", "1.25M", "7.5e30", "-5.0e24", "0.001",
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn powers_of_ten_are_written_out_where_that_is_short() {
        let shown = [-2, 0, 3, 4, 12].map(power);
        assert_eq!(shown, ["1e-2", "1", "1000", "1e4", "1e12"]);
    }
}
