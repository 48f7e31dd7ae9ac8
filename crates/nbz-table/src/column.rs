//! The values of one column, with missing kept apart from undefined.
//!
//! A null says that a value was never computed; a NaN says that it was computed and has none. Both
//! appear in real tables (NAS-Bench-Suite-Zero scored 9,445 of NAS-Bench-201's 15,625 cells), so a
//! column yields `Option<T>`: `None` is missing, `Some(NaN)` is undefined.

/// The values of one column, one `Option` a row.
///
/// ```
/// use nbz_table::Column;
///
/// let scores = Column::new(vec![Some(1.5), None, Some(f64::NAN)]);
/// assert_eq!((scores.len(), scores.missing(), scores.undefined()), (3, 1, 1));
/// assert_eq!(scores.get(1), None);
/// assert!(scores.get(2).unwrap().is_nan());
/// assert_eq!(scores.at(&[0]), [Some(1.5)]);
/// assert!(Column::<f64>::new(vec![]).is_empty());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Column<T> {
    values: Vec<Option<T>>,
}

impl<T> Column<T> {
    /// A column from its rows.
    pub fn new(values: Vec<Option<T>>) -> Self {
        Self { values }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether the column has no rows.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Number of rows without a value.
    pub fn missing(&self) -> usize {
        self.values.iter().filter(|v| v.is_none()).count()
    }

    /// All rows in order.
    pub fn values(&self) -> &[Option<T>] {
        &self.values
    }

    /// All rows in order, given away.
    pub fn into_values(self) -> Vec<Option<T>> {
        self.values
    }
}

impl<T: Copy> Column<T> {
    /// The value of a row; `None` if it is missing or the row does not exist.
    pub fn get(&self, row: usize) -> Option<T> {
        self.values.get(row).copied().flatten()
    }

    /// The values of the given rows, in their order.
    pub fn at(&self, rows: &[usize]) -> Vec<Option<T>> {
        rows.iter().map(|&r| self.get(r)).collect()
    }
}

impl Column<String> {
    /// The text of a row; `None` if it is missing or the row does not exist.
    pub fn text(&self, row: usize) -> Option<&str> {
        self.values.get(row)?.as_deref()
    }
}

impl Column<f64> {
    /// Number of rows that were computed and are NaN. Infinities are defined.
    pub fn undefined(&self) -> usize {
        self.values.iter().flatten().filter(|v| v.is_nan()).count()
    }
}

/// The values of a column of any type.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Names and codes.
    Text(Column<String>),
    /// Yes or no.
    Flag(Column<bool>),
    /// Whole numbers.
    Int(Column<i64>),
    /// Real numbers.
    Float(Column<f64>),
}

impl Values {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(c) => c.len(),
            Self::Flag(c) => c.len(),
            Self::Int(c) => c.len(),
            Self::Float(c) => c.len(),
        }
    }

    /// Whether the column has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The name of the type, as schemas spell it.
    pub fn kind(&self) -> crate::Kind {
        match self {
            Self::Text(_) => crate::Kind::Text,
            Self::Flag(_) => crate::Kind::Flag,
            Self::Int(_) => crate::Kind::Int,
            Self::Float(_) => crate::Kind::Float,
        }
    }

    /// The column as real numbers: counts below 2^53 convert exactly, flags become 0 and 1.
    /// `None` for text.
    pub fn into_floats(self) -> Option<Column<f64>> {
        let values = match self {
            Self::Float(c) => return Some(c),
            Self::Int(c) => map(c, |v| v as f64),
            Self::Flag(c) => map(c, f64::from),
            Self::Text(_) => return None,
        };
        Some(values)
    }
}

fn map<A: Copy, B>(column: Column<A>, f: impl Fn(A) -> B) -> Column<B> {
    Column::new(column.values.into_iter().map(|v| v.map(&f)).collect())
}
