//! A person's own images: files of every kind, folders and arrays, in any order; and everything that is refused.

#![expect(
    clippy::unwrap_used,
    reason = "a failed step of the set-up is a failed test"
)]

mod decoding;
mod order;
mod refusals;
mod writing;
