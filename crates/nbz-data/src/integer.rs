//! Whole numbers as they lie in files of arrays: 1 to 8 bytes, with or without a sign, in either order.

/// A type of whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Integer {
    pub(crate) bytes: usize,
    pub(crate) is_signed: bool,
    pub(crate) is_big_endian: bool,
}

impl Integer {
    /// What an image's bytes are.
    pub(crate) const BYTE: Self = Self {
        bytes: 1,
        is_signed: false,
        is_big_endian: false,
    };

    /// The numbers in some bytes; one beyond `i64` becomes the largest of it, so that it is refused as a label and is
    /// not mistaken for another.
    pub(crate) fn read(self, data: &[u8]) -> Vec<i64> {
        let numbers = data.chunks_exact(self.bytes);
        numbers.map(|number| self.read_one(number)).collect()
    }

    fn read_one(self, number: &[u8]) -> i64 {
        let mut little = number.to_vec();
        if self.is_big_endian {
            little.reverse();
        }
        let is_negative = self.is_signed && little.last().is_some_and(|&top| top >= 0x80);
        let mut wide = [if is_negative { 0xff } else { 0 }; 8];
        wide[..little.len()].copy_from_slice(&little);
        if self.is_signed {
            i64::from_le_bytes(wide)
        } else {
            i64::try_from(u64::from_le_bytes(wide)).unwrap_or(i64::MAX)
        }
    }
}
