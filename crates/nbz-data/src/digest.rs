//! SHA-256 digests as a type, so that a digest is never mixed up with other text.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// A SHA-256 digest; displays as 64 lower-case hexadecimal digits.
///
/// ```
/// use nbz_data::Digest;
/// let empty = Digest::of(&[]);
/// assert!(empty.to_string().starts_with("e3b0c44298fc1c14"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of the parts, one after the other.
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut running = Running::default();
        for part in parts {
            running.take(part);
        }
        running.digest()
    }

    /// The 32 bytes.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A digest of bytes that are never in memory together.
#[derive(Default)]
pub(crate) struct Running(Sha256);

impl Running {
    /// Takes the next bytes.
    pub(crate) fn take(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all that were taken.
    pub(crate) fn digest(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}
