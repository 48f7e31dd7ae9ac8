//! Boosted trees as XGBoost grows them by its exact method.
//!
//! Chen and Guestrin, KDD 2016: every threshold of every column is tried, gains are those of squared errors with
//! lambda, and missing values go to the side that gains more. Hessboost grows the trees; importances and predictions
//! equal XGBoost's to six digits (tests/xgboost.rs).

use hessboost::prelude::{
    BoostedModel, DMatrix, HessboostError, ImportanceType, Iterations, TrainingParams, TreeMethod,
    train,
};

use crate::error::{FactorError, Result};

/// Trees after one another.
pub const ROUNDS: usize = 100;
/// Splits from root to leaf at most.
pub const DEPTH: usize = 6;
/// How much of each tree is taken.
pub const ETA: f64 = 0.3;
/// Weight of the squares of leaves.
pub const LAMBDA: f64 = 1.0;

impl From<HessboostError> for FactorError {
    fn from(error: HessboostError) -> Self {
        Self::Trees(error.to_string())
    }
}

/// Rows of values, one after the other.
///
/// Of a column of zeros and ones the zeros are given as missing: the one split of such a column parts the same networks, with the
/// same sums, and trees need not walk over what is missing. Most columns of NAS-Bench-201 are four fifths zeros.
#[derive(Debug, Clone)]
pub(crate) struct Matrix {
    pub(crate) values: Vec<f32>,
    pub(crate) columns: usize,
}

impl Matrix {
    /// The values of some networks.
    pub(crate) fn of(columns: &[&[f32]], networks: &[usize]) -> Self {
        let is_indicator = |column: &&[f32]| column.iter().all(|value| [0.0, 1.0].contains(value));
        let indicators: Vec<bool> = columns.iter().map(is_indicator).collect();
        let row = |&network: &usize| {
            let values = columns.iter().zip(&indicators);
            values.map(move |(column, &indicator)| match column[network] {
                0.0 if indicator => f32::NAN,
                value => value,
            })
        };
        Self {
            values: networks.iter().flat_map(row).collect(),
            columns: columns.len(),
        }
    }

    /// Number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.values.len() / self.columns
    }
}

/// Trees that were grown.
#[derive(Debug)]
pub(crate) struct Trees {
    model: BoostedModel,
    columns: usize,
}

impl Trees {
    /// Grows them on rows and their targets.
    pub(crate) fn grow(matrix: &Matrix, target: &[f32]) -> Result<Self> {
        let data = DMatrix::from_dense(&matrix.values, matrix.rows(), matrix.columns)?;
        let parameters = TrainingParams::builder()
            .tree_method(TreeMethod::Exact)
            .max_depth(DEPTH)
            .eta(ETA)
            .lambda(LAMBDA)
            .build()?;
        Ok(Self {
            model: train(&parameters, &data.with_labels(target)?, ROUNDS)?,
            columns: matrix.columns,
        })
    }

    /// What is predicted of every row.
    pub(crate) fn predict(&self, matrix: &Matrix) -> Result<Vec<f32>> {
        let found = self.model.predict_rows(&matrix.values, Iterations::Best)?;
        Ok(found.as_slice().to_vec())
    }

    /// By column, the loss that its splits took away in all.
    pub(crate) fn total_gain(&self) -> Vec<f64> {
        self.by_column(ImportanceType::TotalGain)
    }

    /// By column, the number of its splits.
    pub(crate) fn splits(&self) -> Vec<f64> {
        self.by_column(ImportanceType::Weight)
    }

    fn by_column(&self, what: ImportanceType) -> Vec<f64> {
        let known = self.model.feature_importance(what);
        let of = |column: usize| known.get(&column).copied().unwrap_or(0.0);
        (0..self.columns).map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Matrix, Trees};

    /// Oracle: the same trees on the zeros themselves, to the bit.
    #[test]
    fn zeros_of_an_indicator_given_as_missing_grow_the_same_trees() {
        // Three indicators of one choice, one that is rare, and a column of numbers with a gap.
        let choice = |at: usize, of: usize| f32::from(u8::from(at * 7 % 3 == of));
        let mut columns: Vec<Vec<f32>> = (0..3)
            .map(|of| (0..200).map(|at| choice(at, of)).collect())
            .collect();
        columns.push(
            (0..200)
                .map(|at| f32::from(u8::from(at % 50 == 0)))
                .collect(),
        );
        columns.push(
            (0..200)
                .map(|at| {
                    if at % 9 == 0 {
                        f32::NAN
                    } else {
                        (at % 5) as f32
                    }
                })
                .collect(),
        );
        let target: Vec<f32> = (0..200)
            .map(|at| columns[0][at] * 3.0 + columns[3][at] - (at * 13 % 17) as f32 / 9.0)
            .collect();
        let slices: Vec<&[f32]> = columns.iter().map(Vec::as_slice).collect();
        let networks: Vec<usize> = (0..200).collect();
        let sparse = Matrix::of(&slices, &networks);
        let dense = Matrix {
            values: (0..200)
                .flat_map(|at| columns.iter().map(move |column| column[at]))
                .collect(),
            columns: columns.len(),
        };
        let missing = |matrix: &Matrix| matrix.values.iter().filter(|value| value.is_nan()).count();
        assert!(missing(&sparse) > 500 && missing(&dense) < 30);
        let [a, b] = [&sparse, &dense].map(|matrix| {
            let trees = Trees::grow(matrix, &target).unwrap();
            (
                trees.total_gain(),
                trees.splits(),
                trees.predict(matrix).unwrap(),
            )
        });
        assert!(a.0[3] > 0.0 && a.1.iter().all(|&splits| splits > 0.0));
        assert_eq!(a, b);
    }
}
