//! Names that are nearly right: what a mistyped name was meant to be.

/// The known name that is spelled most like `typed`, if one is near enough to be meant.
///
/// Near is at most one edit for every three letters, and at least two, but always fewer than there are
/// letters. Of equally near names the first wins.
pub(crate) fn nearest<'a>(
    typed: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let letters = typed.chars().count();
    let reach = (letters / 3).max(2).min(letters.saturating_sub(1));
    known
        .into_iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&typed, &name.to_lowercase()),
                name,
            )
        })
        .filter(|&(distance, _)| distance <= reach)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_its_name_and_nonsense_finds_none() {
        let known = ["mbr", "tau-b", "spearman"];
        assert_eq!(nearest("taub", known), Some("tau-b"));
        assert_eq!(nearest("Spaerman", known), Some("spearman"));
        assert_eq!(nearest("quux-and-more", known), None);
        assert_eq!(nearest("y", ["x"]), None);
        assert_eq!(nearest("", []), None);
    }
}
