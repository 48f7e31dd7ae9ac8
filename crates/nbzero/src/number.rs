//! Numbers for people and for JSON.
//!
//! In JSON NaN is null and infinities are the strings `"inf"` and `"-inf"`; JSON has no other way.

use serde::{Serialize, Serializer};

/// A real number in a JSON document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Real(pub(crate) f64);

impl Serialize for Real {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            x if x.is_nan() => serializer.serialize_none(),
            f64::INFINITY => serializer.serialize_str("inf"),
            f64::NEG_INFINITY => serializer.serialize_str("-inf"),
            // A whole number is written as one: costs are counts, and 60000000 reads better than 60000000.0.
            x if x.fract() == 0.0 && x.abs() < 9e15 => serializer.serialize_i64(x as i64),
            x => serializer.serialize_f64(x),
        }
    }
}

/// A number in few characters: whole numbers below 10^15 in full, others with six significant digits.
pub(crate) fn short(x: f64) -> String {
    if x.fract() == 0.0 && x.abs() < 1e15 {
        return format!("{x}");
    }
    let magnitude = x.abs();
    if !x.is_finite() || (1e-4..1e9).contains(&magnitude) {
        let decimals = 5 - (magnitude.log10().floor() as i64).clamp(-5, 5);
        let text = format!("{x:.*}", usize::try_from(decimals).unwrap_or(0));
        if !text.contains('.') {
            return text;
        }
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    format!("{x:.5e}")
}

/// Half-samples as typed: as many as memory surely holds.
pub(crate) fn draws(text: &str) -> Result<usize, String> {
    const MOST: usize = 1_000_000;
    let count = text.parse::<usize>().map_err(|e| e.to_string())?;
    if count > MOST {
        return Err(format!("at most {MOST} half-samples"));
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_six_digits_and_no_empty_ones() {
        let cases = [
            (0.0, "0"),
            (78_561_920.0, "78561920"),
            (93.126_666_666, "93.1267"),
            (-0.5, "-0.5"),
            (0.000_123_456_7, "0.000123457"),
            (2_982_880.25, "2982880"),
            (1.234_567e-9, "1.23457e-9"),
            (3.5e67, "3.50000e67"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-inf"),
        ];
        for (x, text) in cases {
            assert_eq!(short(x), text);
        }
    }

    #[test]
    fn json_has_words_for_what_it_cannot_write() {
        let all = [0.5, 2.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY].map(Real);
        let text = serde_json::to_string(&all).expect("plain values");
        assert_eq!(text, r#"[0.5,2,null,"inf","-inf"]"#);
    }
}
