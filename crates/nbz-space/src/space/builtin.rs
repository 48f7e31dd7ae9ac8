//! The three spaces of the benchmark.

use std::sync::{Arc, LazyLock};

use crate::{
    Arch, SpaceError,
    staged::{Block, Skeleton, StagedArch, Stages, StemWidth},
};

/// A space of staged networks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Space {
    skeleton: Arc<Skeleton>,
}

static BUILTIN: LazyLock<[Space; 3]> = LazyLock::new(|| {
    let space = |name: &str, block, stem_width, head_width| Space {
        skeleton: Arc::new(Skeleton {
            name: name.to_owned(),
            block,
            kernel: 3,
            stem_width,
            stem_kernel: 3,
            stem_stride: 1,
            head_width,
        }),
    };
    let fixed = StemWidth::Fixed(32);
    [
        space("r1", Block::Basic, StemWidth::FirstStageUpTo(64), None),
        space("r2", Block::Bottleneck { reduction: 4 }, fixed, None),
        space("mb", Block::Inverted { expansion: 6 }, fixed, Some(1280)),
    ]
});

impl Space {
    /// A space of the benchmark by its name: `r1`, `r2` or `mb`.
    pub fn builtin(name: &str) -> Option<&'static Space> {
        BUILTIN.iter().find(|space| space.skeleton.name() == name)
    }

    /// Reads an architecture of this space.
    pub fn arch(&self, text: &str) -> Result<Arch, SpaceError> {
        let stages = Stages::parse(text, self.skeleton.name().len() + 1)?;
        Ok(Arch::Staged(StagedArch {
            skeleton: Arc::clone(&self.skeleton),
            stages,
        }))
    }
}
