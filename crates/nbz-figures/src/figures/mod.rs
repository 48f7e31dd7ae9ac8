//! One file a figure, or a family of them: which numbers are shown, and on which axes.

pub(crate) mod budgets;
pub(crate) mod combined;
pub(crate) mod distribution;
pub(crate) mod factors;
pub(crate) mod hybrids;
pub(crate) mod mbr;
pub(crate) mod networks;
pub(crate) mod scatter;
pub(crate) mod similarity;

use nbz_report::Sheet;

use crate::points::Drawn;

/// Caption, numbers, drawing.
pub(crate) type Made = (String, Sheet, Drawn);
