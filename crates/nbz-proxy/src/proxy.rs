//! A proxy: a contract, its needs, and a function from findings to a score.

use crate::contract::Contract;
use crate::findings::{Findings, Need};
use crate::score::Score;

/// Rates a network without training it.
///
/// Implement it for a proxy of your own; see `examples/my_proxy.rs`.
pub trait Proxy: Sync {
    /// What it promises.
    fn contract(&self) -> &'static Contract;

    /// What it reads of [`Findings`] beside the costs.
    fn needs(&self) -> &'static [Need];

    /// The score. Reads only what [`Proxy::needs`] names.
    fn score(&self, findings: &Findings) -> Score;

    /// The fewest images of a batch with which the score can have a value.
    fn fewest_images(&self) -> usize {
        1
    }

    /// The name in every file and option.
    fn name(&self) -> &'static str {
        self.contract().name
    }
}
