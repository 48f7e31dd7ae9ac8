//! Zero-shot proxies: one file each, one plan that shares their passes.
//!
//! A [`Plan`] merges the needs of proxies and runs the passes. A [`Proxy`] names what it needs of the passes; they fill one [`Findings`], from which each proxy
//! computes its [`Score`]. The [`registry`] knows all of them by name and every proxy's [`Contract`]
//! says what published codes leave open. Batches come in as numbers: no data set is known here.

pub mod algebra;
pub mod contract;
mod error;
pub mod findings;
mod passes;
pub mod plan;
pub mod proxies;
mod proxy;
pub mod registry;
mod score;

pub use contract::Contract;
pub use error::ProxyError;
pub use findings::{Findings, Need};
pub use plan::{
    Batch, Devices, Draw, Fullest, Inputs, Noise, Outcome, Pass, Plan, Scores, Seeded,
    score_network,
};
pub use proxy::Proxy;
pub use score::{Reason, Score};
