//! One architecture of any space or public benchmark: parse, print, lower, cost.
//!
//! Each architecture has one canonical spelling, which `Display` writes. `FromStr` reads it and the
//! other names that people use: NAS-Bench-201's official string and index, and ids of the benchmark's
//! lists. Architectures of a user's own space are read by that space, [`crate::Space::arch`].

use std::{fmt, str::FromStr};

use crate::{
    cost::Costs,
    dataset::Task,
    error::{ArchProblem, SpaceError, arch_error},
    network::Network,
    public::{Cell, ChannelMobileNet, ChannelResNet, NasBenchMacro},
    space::{Space, nearest},
    staged::StagedArch,
};

/// A parsed, valid architecture.
///
/// ```
/// use nbz_space::Arch;
/// for text in ["r1:16s1x1-32s2x2-64s2x1-128s2x1", "nbmacro:12021020", "cbmr:1234321", "nb201:212043"] {
///     assert_eq!(text.parse::<Arch>()?.to_string(), text);
/// }
/// assert_eq!("nb201#11472".parse::<Arch>()?.to_string(), "nb201:210210");
/// # Ok::<(), nbz_space::SpaceError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Arch {
    /// A network of stages: r1, r2, mb or a user's space.
    Staged(StagedArch),
    /// NAS-Bench-Macro.
    NasBenchMacro(NasBenchMacro),
    /// Channel-Bench-Macro, ResNet space.
    ChannelResNet(ChannelResNet),
    /// Channel-Bench-Macro, MobileNet space.
    ChannelMobileNet(ChannelMobileNet),
    /// NAS-Bench-201.
    NasBench201(Cell),
}

impl Arch {
    /// The name of its space, which is its string's prefix without the colon.
    pub fn space(&self) -> &str {
        match self {
            Arch::Staged(a) => a.skeleton().name(),
            Arch::NasBenchMacro(_) => "nbmacro",
            Arch::ChannelResNet(_) => "cbmr",
            Arch::ChannelMobileNet(_) => "cbmm",
            Arch::NasBench201(_) => "nb201",
        }
    }

    /// The layer graph for a data set or task.
    pub fn network(&self, task: impl Into<Task>) -> Network {
        let task = task.into();
        match self {
            Arch::Staged(a) => a.network(task),
            Arch::NasBenchMacro(a) => a.network(task),
            Arch::ChannelResNet(a) => a.network(task),
            Arch::ChannelMobileNet(a) => a.network(task),
            Arch::NasBench201(a) => a.network(task),
        }
    }

    /// Parameters, MACs and depth for a data set or task, by closed forms; equal to
    /// `self.network(task).costs()`.
    pub fn costs(&self, task: impl Into<Task>) -> Costs {
        let task = task.into();
        match self {
            Arch::Staged(a) => a.costs(task),
            Arch::NasBenchMacro(a) => a.costs(task),
            Arch::ChannelResNet(a) => a.costs(task),
            Arch::ChannelMobileNet(a) => a.costs(task),
            Arch::NasBench201(a) => a.costs(task),
        }
    }

    /// The spelling under which a benchmark counts equal networks once; differs from the
    /// architecture only in NAS-Bench-Macro.
    #[must_use]
    pub fn canonical(&self) -> Self {
        match self {
            Arch::NasBenchMacro(a) => Arch::NasBenchMacro(a.canonical()),
            other => other.clone(),
        }
    }
}

impl fmt::Display for Arch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Arch::Staged(a) => a.fmt(f),
            Arch::NasBenchMacro(a) => a.fmt(f),
            Arch::ChannelResNet(a) => a.fmt(f),
            Arch::ChannelMobileNet(a) => a.fmt(f),
            Arch::NasBench201(a) => a.fmt(f),
        }
    }
}

impl FromStr for Arch {
    type Err = SpaceError;

    fn from_str(text: &str) -> Result<Self, SpaceError> {
        if text.starts_with('|') {
            return Cell::parse(text, 0).map(Arch::NasBench201);
        }
        if let Some((name, _)) = text.split_once(':') {
            let at = name.len() + 1;
            return match name {
                "nbmacro" => NasBenchMacro::parse(text, at).map(Arch::NasBenchMacro),
                "cbmr" => ChannelResNet::parse(text, at).map(Arch::ChannelResNet),
                "cbmm" => ChannelMobileNet::parse(text, at).map(Arch::ChannelMobileNet),
                "nb201" => Cell::parse(text, at).map(Arch::NasBench201),
                _ => Space::builtin(name)
                    .ok_or_else(|| unknown(text, name))?
                    .arch(text),
            };
        }
        if let Some(index) = text.strip_prefix("nb201#") {
            return cell_of_index(text, index);
        }
        if let Some((name, _)) = text.split_once('-')
            && let Some(space) = Space::builtin(name)
        {
            return space.arch_of_id(text);
        }
        Err(unknown(text, text))
    }
}

fn cell_of_index(text: &str, index: &str) -> Result<Arch, SpaceError> {
    let at = text.len() - index.len();
    let fail = |problem| Err(arch_error(text, at, index.chars().count().max(1), problem));
    if index.is_empty() || !index.bytes().all(|b| b.is_ascii_digit()) {
        let what = "an index of NAS-Bench-201";
        return fail(ArchProblem::Expected { what });
    }
    let number: usize = index.parse().unwrap_or(usize::MAX);
    match Cell::from_index(number) {
        Some(cell) => Ok(Arch::NasBench201(cell)),
        None => fail(ArchProblem::NoSuchIndex {
            list: "NAS-Bench-201".to_owned(),
            index: number as u64,
            len: Cell::COUNT as u64,
        }),
    }
}

fn unknown(text: &str, name: &str) -> SpaceError {
    let known = ["r1", "r2", "mb", "nbmacro", "cbmr", "cbmm", "nb201"];
    let problem = ArchProblem::UnknownSpace {
        name: crate::error::excerpt(name),
        nearest: nearest(name, known).map(str::to_owned),
    };
    arch_error(text, 0, name.len().max(1), problem)
}
