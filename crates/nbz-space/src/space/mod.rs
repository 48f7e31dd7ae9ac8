//! A space: the set of staged networks that a TOML file describes.
//!
//! Owns membership, size, order and drawing. The grammar is never enumerated to find its size, its
//! n-th network or a network's number: both are mixed-radix arithmetic over the forms (`count`).
//! Caps are a filter on top; what survives them is counted in one pass.

mod capped;
mod count;
mod draw;
mod list;
mod schema;
mod spelling;

use std::sync::{Arc, LazyLock};

pub use capped::{CappedSize, Interval};
pub use draw::Draw;
pub use list::{DEFAULT_SEED, Id};
pub(crate) use spelling::nearest;

use crate::{
    arch::Arch,
    cost::{Costs, Macs, Params},
    dataset::Task,
    error::{ArchProblem, SpaceError, arch_error},
    staged::{Skeleton, Stage, StagedArch, Stages},
};
use count::Form;

/// The most that a network of the space may cost, for a stated task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Caps {
    /// Most parameters, if they are capped.
    pub params: Option<Params>,
    /// Most MACs, if they are capped.
    pub macs: Option<Macs>,
    /// What the costs are counted for.
    pub task: Task,
}

impl Caps {
    fn admit(&self, costs: Costs) -> bool {
        self.params.is_none_or(|most| costs.params <= most)
            && self.macs.is_none_or(|most| costs.macs <= most)
    }
}

/// A named set of architectures.
///
/// ```
/// use nbz_space::Space;
///
/// let r1 = Space::builtin("r1").unwrap();
/// assert_eq!(r1.size(), 171_008);
/// let arch = r1.nth(0).unwrap();
/// assert_eq!(arch.to_string(), "r1:16s1x1-32s2x1-64s2x1-128s2x1");
/// assert_eq!(r1.index_of(&arch), Some(0));
/// assert!(r1.nth(r1.size()).is_none());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Space {
    skeleton: Arc<Skeleton>,
    title: String,
    forms: Vec<Form>,
    task: Task,
    caps: Option<Caps>,
    list_size: Option<u64>,
    toml: String,
}

static BUILTIN: LazyLock<Vec<Space>> = LazyLock::new(|| {
    const SOURCES: [&str; 3] = [
        include_str!("../../spaces/r1.toml"),
        include_str!("../../spaces/r2.toml"),
        include_str!("../../spaces/mb.toml"),
    ];
    SOURCES
        .map(|text| Space::from_toml(text).expect("shipped spaces are tested"))
        .into()
});

impl Space {
    /// The spaces of the benchmark: r1, r2, mb.
    pub fn all() -> &'static [Space] {
        &BUILTIN
    }

    /// A space of the benchmark by name or alias (`resnet-basic`, `resnet-bottleneck`,
    /// `mobilenetv2`).
    pub fn builtin(name: &str) -> Option<&'static Space> {
        let name = match name {
            "resnet-basic" => "r1",
            "resnet-bottleneck" => "r2",
            "mobilenetv2" => "mb",
            other => other,
        };
        BUILTIN.iter().find(|space| space.name() == name)
    }

    /// Reads a description.
    ///
    /// # Errors
    /// [`SpaceError::Definition`] with the line, the key and what was expected.
    pub fn from_toml(text: &str) -> Result<Self, SpaceError> {
        schema::read(text)
    }

    /// Whether another space reads the same strings as the same networks; titles, caps and lists aside.
    pub fn has_networks_of(&self, other: &Self) -> bool {
        self.skeleton == other.skeleton && self.forms == other.forms
    }

    /// The description that the space was read from.
    pub fn toml(&self) -> &str {
        &self.toml
    }

    /// What stands before the colon of its architecture strings.
    pub fn name(&self) -> &str {
        self.skeleton.name()
    }

    /// A few words on what it holds.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What its networks have in common.
    pub fn skeleton(&self) -> &Skeleton {
        &self.skeleton
    }

    /// The caps on costs, if it has any.
    pub fn caps(&self) -> Option<Caps> {
        self.caps
    }

    /// The task that its costs are told for where none is named: its own, else that of its caps, else
    /// CIFAR-100.
    pub fn task(&self) -> Task {
        self.task
    }

    /// Number of architecture strings, those above the caps included.
    pub fn size(&self) -> u64 {
        self.forms.iter().map(Form::size).sum()
    }

    /// Number of stages and of strings of each form, in the order of the description.
    pub fn forms(&self) -> impl ExactSizeIterator<Item = (usize, u64)> + '_ {
        self.forms.iter().map(|form| (form.stages(), form.size()))
    }

    /// Whether a network stays within the caps.
    pub fn admits(&self, arch: &StagedArch) -> bool {
        self.caps
            .is_none_or(|caps| caps.admit(arch.costs(caps.task)))
    }

    /// The network of that number, counted over all strings.
    pub fn nth(&self, mut index: u64) -> Option<StagedArch> {
        for form in &self.forms {
            if index < form.size() {
                return Some(self.staged(form.nth(index)));
            }
            index -= form.size();
        }
        None
    }

    /// The number of a network among all strings; `None` if the space does not hold it.
    pub fn index_of(&self, arch: &StagedArch) -> Option<u64> {
        if arch.skeleton() != self.skeleton() {
            return None;
        }
        let mut before = 0;
        for form in &self.forms {
            if let Some(index) = form.index_of(arch.stages()) {
                return Some(before + index);
            }
            before += form.size();
        }
        None
    }

    /// Reads an architecture of this space, `NAME:STAGE-STAGE-...`. Caps are not asked.
    ///
    /// # Errors
    /// [`SpaceError::Arch`] with the place of the first fault and what the space would allow.
    pub fn arch(&self, text: &str) -> Result<Arch, SpaceError> {
        let name = text.split(':').next().unwrap_or(text);
        if name.len() == text.len() || name != self.name() {
            let what = "the name of the space, `:` and stages";
            return Err(arch_error(
                text,
                0,
                name.len(),
                ArchProblem::Expected { what },
            ));
        }
        let at = name.len() + 1;
        let stages = Stages::parse(text, at)?;
        if self
            .forms
            .iter()
            .any(|form| form.index_of(stages.as_slice()).is_some())
        {
            return Ok(Arch::Staged(self.staged(stages)));
        }
        Err(self.explain(text, at, stages.as_slice()))
    }

    fn staged(&self, stages: Stages) -> StagedArch {
        StagedArch {
            skeleton: Arc::clone(&self.skeleton),
            stages,
        }
    }

    /// Why well-formed stages are none of this space's.
    fn explain(&self, text: &str, at: usize, stages: &[Stage]) -> SpaceError {
        let space = self.name().to_owned();
        let whole = (at, text.len() - at);
        let fail = |(start, len), problem| arch_error(text, start, len, problem);
        let same_length: Vec<&Form> = self
            .forms
            .iter()
            .filter(|form| form.stages() == stages.len())
            .collect();
        if same_length.is_empty() {
            let mut allowed: Vec<usize> = self.forms.iter().map(Form::stages).collect();
            allowed.sort_unstable();
            allowed.dedup();
            let problem = ArchProblem::StageCount {
                space,
                given: stages.len(),
                allowed,
            };
            return fail(whole, problem);
        }
        let mut place = at;
        for (i, stage) in stages.iter().enumerate() {
            let len = stage.to_string().len();
            let here = (place, len);
            if i > 0 && stage.width() < stages[i - 1].width() {
                let (from, to) = (stages[i - 1].width(), stage.width());
                let problem = ArchProblem::Narrows {
                    space,
                    stage: i + 1,
                    from,
                    to,
                };
                return fail(here, problem);
            }
            for (what, given, set) in [
                (
                    "width",
                    stage.width(),
                    count::union(&same_length, |f| f.widths(i)),
                ),
                (
                    "depth",
                    stage.depth(),
                    count::union(&same_length, |f| f.depths(i)),
                ),
            ] {
                if !set.contains(&given) {
                    let allowed = set;
                    let problem = ArchProblem::NotInSet {
                        space,
                        stage: i + 1,
                        what,
                        given,
                        allowed,
                    };
                    return fail(here, problem);
                }
            }
            place += len + 1;
        }
        let given = stages.iter().map(|s| s.stride()).collect();
        let allowed = same_length.iter().flat_map(|form| form.strides()).collect();
        fail(
            whole,
            ArchProblem::Strides {
                space,
                given,
                allowed,
            },
        )
    }
}
