//! Arrow arrays to the project's columns: four types, nulls kept.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;

use crate::column::{Column, Values};
use crate::column_info::Kind;

/// The project's type for an Arrow type; `None` if a table cannot hold it.
pub(crate) fn kind_of(data_type: &DataType) -> Option<Kind> {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Some(Kind::Text),
        DataType::Boolean => Some(Kind::Flag),
        DataType::Int32 | DataType::Int64 => Some(Kind::Int),
        DataType::Float32 | DataType::Float64 => Some(Kind::Float),
        _ => None,
    }
}

/// The values of a column; `None` if it is of a type that a table cannot hold.
pub(crate) fn values(arrays: &[ArrayRef], data_type: &DataType) -> Option<Values> {
    Some(match data_type {
        DataType::Utf8 => Values::Text(collect(arrays, |a| a.as_string::<i32>().iter().map(owned))),
        DataType::LargeUtf8 => {
            Values::Text(collect(arrays, |a| a.as_string::<i64>().iter().map(owned)))
        }
        DataType::Utf8View => {
            Values::Text(collect(arrays, |a| a.as_string_view().iter().map(owned)))
        }
        DataType::Boolean => Values::Flag(collect(arrays, |a| a.as_boolean().iter())),
        DataType::Int32 => Values::Int(collect(arrays, |a| {
            a.as_primitive::<Int32Type>()
                .iter()
                .map(|v| v.map(i64::from))
        })),
        DataType::Int64 => Values::Int(collect(arrays, |a| a.as_primitive::<Int64Type>().iter())),
        DataType::Float32 => Values::Float(collect(arrays, |a| {
            a.as_primitive::<Float32Type>()
                .iter()
                .map(|v| v.map(f64::from))
        })),
        DataType::Float64 => {
            Values::Float(collect(arrays, |a| a.as_primitive::<Float64Type>().iter()))
        }
        _ => return None,
    })
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

fn collect<'a, T, I>(arrays: &'a [ArrayRef], rows: impl Fn(&'a dyn Array) -> I) -> Column<T>
where
    I: Iterator<Item = Option<T>>,
{
    let mut values = Vec::with_capacity(arrays.iter().map(Array::len).sum());
    for array in arrays {
        values.extend(rows(array.as_ref()));
    }
    Column::new(values)
}
