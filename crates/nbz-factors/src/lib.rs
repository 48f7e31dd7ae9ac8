//! Which parts of a network a score depends on (Figure 7 of the paper).
//!
//! [`Design`] takes networks apart into factors: widths, strides and depths by stage, operations by edge.
//! [`Importances`] fits boosted trees to a score and says how much each factor counts, by gain and by permutation on
//! networks that the trees have not seen, with intervals.
//!
//! An importance says what trees use to predict a score. It is no effect: of factors that go together, trees may take
//! either.

mod attribute;
mod error;
mod factor;
mod importance;
mod spread;
mod trees;

pub use attribute::{Attribute, Kind, attributes};
pub use error::{FactorError, Result};
pub use factor::{Design, Factor};
pub use importance::{DRAWS, FEWEST_NETWORKS, Importance, Importances, Scale};
pub use trees::{DEPTH, ETA, LAMBDA, ROUNDS};
