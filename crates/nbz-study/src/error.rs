//! What can be wrong with the slices and budgets that a caller hands in.

/// Why a study could not be made. Every variant holds the value that was refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// No network at all: every measure needs at least one.
    #[error("the pool holds no network")]
    EmptyPool,
    /// A column has another number of rows than the pool.
    #[error("`{column}` has {found} rows where {expected} were expected")]
    Length {
        /// The column, as the caller named it.
        column: String,
        /// Rows of the pool.
        expected: usize,
        /// Rows of the column.
        found: usize,
    },
    /// An accuracy or a cost is NaN or infinite; only scores may be.
    #[error("`{column}` is {value} in row {row}")]
    NotFinite {
        /// The column, as the caller named it.
        column: String,
        /// The 0-based row.
        row: usize,
        /// The value that stands there.
        value: f64,
    },
    /// More rows than the 32-bit ranks can number.
    #[error("{rows} rows are more than the {limit} that a pool can hold")]
    TooManyRows {
        /// Rows handed in.
        rows: usize,
        /// The most that a pool takes.
        limit: usize,
    },
    /// An axis without a budget has no mean.
    #[error("`{axis}` has no budget")]
    NoBudget {
        /// The axis.
        axis: String,
    },
    /// A limit is not a number, or a range runs backwards.
    #[error("budget {low} to {high} of `{axis}` is not a range")]
    BadRange {
        /// The axis.
        axis: String,
        /// The lower end, minus infinity where it is open.
        low: f64,
        /// The upper end, infinity where it is open.
        high: f64,
    },
    /// A budget that no network meets.
    #[error("no network is feasible under budget `{budget}`")]
    NothingFeasible {
        /// The budget, as it prints.
        budget: String,
        /// Smallest and largest value of each bounded cost in the pool.
        spans: Vec<(String, f64, f64)>,
    },
    /// A budget bounds a cost that the axis was not given.
    #[error("budget bounds `{cost}`, which is not a cost of axis `{axis}`")]
    UnknownCost {
        /// The axis.
        axis: String,
        /// The cost that is missing.
        cost: String,
    },
    /// Two axes with one name, or an axis called `all`, which names the mean over the axes.
    #[error("axis name `{name}` is taken")]
    AxisName {
        /// The name.
        name: String,
    },
    /// Two rows with one name: paired differences could not tell them apart.
    #[error("two scores are called `{name}`")]
    ScoreName {
        /// The name.
        name: String,
    },
    /// A hybrid of no proxy.
    #[error("no proxy to combine")]
    NothingToCombine,
    /// More proxies than all subsets of which can be tried.
    #[error("all subsets of {proxies} proxies are too many: {limit} is the limit")]
    TooManyProxies {
        /// Proxies handed in.
        proxies: usize,
        /// The most whose subsets are tried.
        limit: usize,
    },
    /// A vote is no sum over proxies, so the sums of thousands of subsets do not give it.
    #[error("subsets are not searched by `{hybrid}`")]
    NotByRanks {
        /// The hybrid.
        hybrid: &'static str,
    },
    /// Halves of so few networks, or no split at all, test nothing.
    #[error(
        "{networks} networks in {draws} splits are too few to choose on one half and test on the other"
    )]
    TooFewToSplit {
        /// Networks of the pool.
        networks: usize,
        /// Splits asked for.
        draws: usize,
    },
}

impl StudyError {
    /// Advice for the person who typed the value, where there is any.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NothingFeasible { spans, .. } => {
                let spans: Vec<String> = spans
                    .iter()
                    .map(|(cost, low, high)| format!("`{cost}` runs from {low} to {high}"))
                    .collect();
                Some(spans.join(", "))
            }
            Self::NotFinite { .. } => {
                Some("leave the row out, or mask it as missing in its column".into())
            }
            Self::AxisName { name } if name == "all" => {
                Some("`all` names the mean over every budget of every axis".into())
            }
            Self::NotByRanks { .. } => Some("search by ranksum or logranksum".into()),
            Self::BadRange { .. } => Some("a range runs from a smaller to a larger number".into()),
            _ => None,
        }
    }
}

/// Refuses a column whose length is not the pool's.
pub(crate) fn check_length(column: &str, expected: usize, found: usize) -> Result<(), StudyError> {
    if expected == found {
        return Ok(());
    }
    Err(StudyError::Length {
        column: column.to_owned(),
        expected,
        found,
    })
}

/// Refuses NaN and infinities in a column that must be finite.
pub(crate) fn check_finite(column: &str, values: &[f64]) -> Result<(), StudyError> {
    match values.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(row) => Err(StudyError::NotFinite {
            column: column.to_owned(),
            row,
            value: values[row],
        }),
    }
}
