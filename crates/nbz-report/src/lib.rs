//! The tables of the paper, computed on any benchmark table.
//!
//! [`Candidates`] are the networks of one table and data set; [`assess`] measures every proxy and cost on
//! them ([`Table1`]); [`Across`] sets several such tables beside each other, as the paper's Tables 2 and
//! 3 do; a [`Report`] holds them all and writes a folder of Markdown, CSV and JSON. Nothing is typed by
//! hand: every number and every sentence with a number comes from a table. A [`standing::Standing`] says which
//! proxies are ahead of the costs. [`best`], [`pareto_front`] and
//! [`Lineup`] answer single questions about a table.

mod across;
mod alike;
mod assess;
mod axes;
mod best;
mod cache;
mod candidates;
mod choices;
pub mod claims;
mod compare;
mod error;
mod factors;
mod feasible;
mod file_name;
mod hybrid;
mod left_out;
mod lineup;
mod misjudged;
mod noise;
mod own_row;
pub mod paper;
mod pareto;
mod part;
mod pools;
mod present;
mod report;
mod row;
mod sheet;
mod side_by_side;
pub mod standing;
mod summary;

pub use across::{Across, AcrossRow};
pub use alike::{ALIKE, Alike};
pub use assess::assess;
pub use axes::{AxisRequest, with_even_axes};
pub use best::{Best, Pick, best, rankings};
pub use cache::{cached, key};
pub use candidates::{Candidates, Scored, Selection};
pub use choices::{Choice, choices};
pub use compare::{across_beside_the_paper, beside_the_paper};
pub use error::{ReportError, Result};
pub use factors::{ACCURACY, BySpace, Factors, REPORT_DRAWS, spaces_of};
pub use feasible::feasible_rows;
pub use file_name::file_name;
pub use hybrid::{HybridReadings, hybrids_sheet};
pub use left_out::{LeftOut, Why};
pub use lineup::{AXES, Lineup, ORACLE, OwnScore};
pub use misjudged::{Misjudged, misjudged, misjudged_sheet};
pub use own_row::{differences_sheet, nearest_sheet, rows_sheet};
pub use pareto::{FrontPoint, pareto_front};
pub use part::Part;
pub use pools::{Pools, has_accuracies, pools_of, selections_of};
pub use report::{Report, Settings};
pub use row::{Estimate, Row, RowKind, Table1};
pub use sheet::{Cell, Sheet};
pub use summary::{Named, Summary};
