//! Architectures, spaces, lists, costs and the layer graph of nbzero.
//!
//! Knows no tensors and no files; compiles in seconds and can be used alone.
//!
//! ```
//! use nbz_space::{Arch, Dataset};
//!
//! let resnet18: Arch = "r1:64s1x2-128s2x2-256s2x2-512s2x2".parse()?;
//! let network = resnet18.network(Dataset::Cifar100);
//! assert_eq!(network.classes(), 100);
//! let costs = resnet18.costs(Dataset::Cifar100);
//! assert_eq!(costs.params.get(), 11_220_132);
//! assert_eq!(costs.macs.get(), 555_468_800);
//! assert_eq!(costs.depth.get(), 18);
//! # Ok::<(), nbz_space::SpaceError>(())
//! ```

pub mod arch;
pub mod cost;
pub mod dataset;
pub mod drawing;
pub mod error;
pub mod network;
pub mod public;
pub mod space;
pub mod staged;

pub use arch::Arch;
pub use cost::{Costs, Depth, Macs, Params};
pub use dataset::{Dataset, Task};
pub use drawing::Drawing;
pub use error::SpaceError;
pub use network::{Layer, LayerId, Network, NetworkBuilder, Op, Shape};
pub use space::{CappedSize, Caps, DEFAULT_SEED, Draw, Id, Interval, Space};
pub use staged::StagedArch;
