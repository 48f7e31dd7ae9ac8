//! The canonical order of records: a function of the records alone.
//!
//! A record's sort key is SHA-256 of a tag and the record's bytes (labels and pixels), ascending. Equal
//! records have equal keys, and exchanging them changes nothing, so any permutation of a file has the
//! same canonical order. The tags are `cifar-100 order 0\n`, `cifar-10 order 0\n`, `imagenet16-120 order 0\n` and,
//! of a person's own images, `images order 0\n`.

use crate::Digest;

/// The positions of the records of `bytes` in canonical order: entry `i` is the place in the file of
/// record number `i`.
///
/// ```
/// use nbz_data::canonical::order;
/// let there = order(b"aabbcc", 2, "tag");
/// let back = order(b"ccbbaa", 2, "tag");
/// let mirrored: Vec<usize> = back.iter().map(|i| 2 - i).collect();
/// assert_eq!(there, mirrored);
/// ```
///
/// # Panics
/// If `record_bytes` is 0 or does not divide the length.
pub fn order(bytes: &[u8], record_bytes: usize, tag: &str) -> Vec<usize> {
    assert_eq!(bytes.len() % record_bytes, 0, "whole records");
    let records = bytes.chunks_exact(record_bytes);
    order_by(records.map(|record| Digest::of(&[tag.as_bytes(), record])))
}

/// The positions of some keys in ascending order.
pub(crate) fn order_by(keys: impl Iterator<Item = Digest>) -> Vec<usize> {
    let mut keyed: Vec<(Digest, usize)> = keys.enumerate().map(|(i, key)| (key, i)).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, i)| i).collect()
}
