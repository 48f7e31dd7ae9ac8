//! How far a pool speaks for its space: whether its networks are all there are, and were trained to the end.
//!
//! The largest number of a part of a space is a lower bound of the space's, and so is the best accuracy after a short
//! training of what a full one reaches: such a number can show that something is exceeded, never that it is not. The
//! odd decision: a training is short if the table says so in words, in the meaning of its accuracy column, since what
//! is short for one data set is long for another and no length in the schema could decide it.

use nbz_space::public::{Cell, ChannelMobileNet, ChannelResNet, NasBenchMacro};
use nbz_space::{Arch, Space};
use nbz_table::ColumnInfo;

/// What the meaning of an accuracy says of trainings too short for their ends, as `mini`'s do.
const SHORT: &str = "a short recipe";

/// Whether accuracies are those of short trainings.
pub(super) fn is_short(accuracy: &ColumnInfo) -> bool {
    accuracy.meaning.contains(SHORT)
}

/// Distinct networks of the space of some networks; None of spaces of one's own, of which no definition is at hand.
pub(super) fn size(archs: &[Arch]) -> Option<u64> {
    let count = match archs.first()? {
        Arch::Staged(arch) => {
            let space = Space::builtin(arch.skeleton().name())?;
            // A space of one's own may have the name.
            let is_inside =
                |arch: &Arch| matches!(arch, Arch::Staged(a) if space.index_of(a).is_some());
            return archs.iter().all(is_inside).then(|| space.size());
        }
        Arch::NasBenchMacro(_) => NasBenchMacro::all()
            .filter(|arch| arch.canonical() == *arch)
            .count(),
        Arch::ChannelResNet(_) => ChannelResNet::COUNT,
        Arch::ChannelMobileNet(_) => ChannelMobileNet::COUNT,
        Arch::NasBench201(_) => Cell::COUNT,
        _ => return None,
    };
    Some(count as u64)
}

/// Why the space may reach more than the largest number of a pool, where it may.
pub(super) fn may_reach_more(archs: Option<&[Arch]>, short: bool) -> Option<String> {
    let mut why = Vec::new();
    let networks = archs.map_or(0, <[Arch]>::len);
    match archs.and_then(size) {
        Some(size) if size == networks as u64 => {}
        Some(size) => why.push(format!("{networks} of {size} networks are known")),
        None => why.push("these may not be all networks of the space".to_owned()),
    }
    if short {
        why.push(format!("trained by {SHORT}"));
    }
    (!why.is_empty()).then(|| why.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{may_reach_more, size};
    use nbz_space::Arch;
    use nbz_space::public::NasBenchMacro;

    /// Oracle: the counts that the benchmarks and docs/mini.md's spaces publish.
    #[test]
    fn a_part_and_a_short_training_may_reach_more() {
        let all = NasBenchMacro::all().filter(|arch| arch.canonical() == *arch);
        let whole: Vec<Arch> = all.map(Arch::NasBenchMacro).collect();
        assert_eq!(size(&whole), Some(3969));
        assert_eq!(may_reach_more(Some(&whole), false), None);
        let why = may_reach_more(Some(&whole[1..]), false);
        assert_eq!(why.as_deref(), Some("3968 of 3969 networks are known"));
        let why = may_reach_more(Some(&whole), true);
        assert_eq!(why.as_deref(), Some("trained by a short recipe"));
        let staged: Arch = "r1:64s1x2-128s2x2-256s2x2-512s2x2".parse().unwrap();
        assert_eq!(size(&[staged]), Some(171_008));
        // Networks that nobody can read may be a part of anything.
        assert!(may_reach_more(None, false).is_some());
    }
}
