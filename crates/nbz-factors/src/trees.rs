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
#[derive(Debug, Clone)]
pub(crate) struct Matrix {
    pub(crate) values: Vec<f32>,
    pub(crate) columns: usize,
}

impl Matrix {
    /// The values of some networks.
    pub(crate) fn of(columns: &[&[f32]], networks: &[usize]) -> Self {
        let row = |&network: &usize| columns.iter().map(move |column| column[network]);
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
