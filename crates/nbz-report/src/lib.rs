//! The tables of the paper, computed on any benchmark table.

mod best;
mod error;
mod feasible;
mod lineup;
mod pareto;

pub use best::{Best, Pick, best, rankings};
pub use error::{ReportError, Result};
pub use feasible::feasible_rows;
pub use lineup::{AXES, Lineup, ORACLE, OwnScore};
pub use pareto::{FrontPoint, pareto_front};
