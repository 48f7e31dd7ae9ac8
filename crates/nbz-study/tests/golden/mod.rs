//! The golden cases, packed, and their columns: numbers, or `"nan"`, `"inf"` and the like as text.

use std::io::Read;

use serde_json::Value;

/// Relative above 1 and absolute below; each test says why.
pub(crate) const TOLERANCE: f64 = 1e-12;

/// The cases of a packed file.
pub(crate) fn cases(packed: &[u8]) -> Vec<Value> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed)
        .read_to_string(&mut text)
        .unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The numbers of a column; null is NaN.
pub(crate) fn column(value: &Value) -> Vec<f64> {
    let number = |value: &Value| match value {
        Value::Null => f64::NAN,
        Value::String(text) => text.parse().unwrap(),
        other => other.as_f64().unwrap(),
    };
    value.as_array().unwrap().iter().map(number).collect()
}
