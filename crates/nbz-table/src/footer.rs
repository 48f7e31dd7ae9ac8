//! A look over a Parquet footer before the decoder sees it.
//!
//! The decoder reserves memory for as many children as a schema element claims, and a claim of 2^31
//! cannot be caught: a failed allocation ends the process, and so does the stack that deep nesting
//! fills. So the footer, a Thrift struct in the compact protocol
//! (<https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>), is walked
//! once: every length must fit in the bytes that remain, and only the root of the schema has children,
//! at most as many as there are elements (a table is flat). Field numbers are those of `FileMetaData`
//! in parquet.thrift.

/// `FileMetaData.schema`, a list of `SchemaElement`.
const SCHEMA_FIELD: i64 = 2;
/// `SchemaElement.num_children`.
const CHILDREN_FIELD: i64 = 5;
/// Structs inside structs; a footer has five.
const MAX_DEPTH: usize = 16;

/// Whether the footer's lengths and counts are possible.
pub(crate) fn is_plausible(footer: &[u8]) -> bool {
    Walker { rest: footer }.structure(0, None).is_some()
}

/// Walks values; `None` is a value that cannot be.
struct Walker<'a> {
    rest: &'a [u8],
}

impl Walker<'_> {
    /// Fields until the stop byte; `most_children` is the limit for an element of the schema.
    fn structure(&mut self, depth: usize, most_children: Option<u64>) -> Option<()> {
        let mut field = 0i64;
        loop {
            let header = self.byte()?;
            if header == 0 {
                return Some(());
            }
            field = match header >> 4 {
                0 => self.signed()?,
                delta => field + i64::from(delta),
            };
            let kind = header & 15;
            if kind == 5
                && field == CHILDREN_FIELD
                && let Some(most) = most_children
            {
                let children = u64::try_from(self.signed()?).ok()?;
                (children <= most).then_some(())?;
                continue;
            }
            let holds_schema = depth == 0 && field == SCHEMA_FIELD;
            match kind {
                1 | 2 => {} // a boolean field is its header
                _ => self.value(kind, depth, holds_schema)?,
            }
        }
    }

    fn value(&mut self, kind: u8, depth: usize, holds_schema: bool) -> Option<()> {
        match kind {
            1..=3 => self.skip(1),
            4..=6 => self.unsigned().map(drop),
            7 => self.skip(8),
            8 => {
                let length = self.unsigned()?;
                self.skip(length)
            }
            9 | 10 => self.list(depth, holds_schema),
            12 if depth < MAX_DEPTH => self.structure(depth + 1, None),
            _ => None, // maps do not occur in a footer
        }
    }

    fn list(&mut self, depth: usize, holds_schema: bool) -> Option<()> {
        let header = self.byte()?;
        let length = match header >> 4 {
            15 => self.unsigned()?,
            short => u64::from(short),
        };
        // Every element takes a byte at least.
        (length <= self.rest.len() as u64 && depth < MAX_DEPTH).then_some(())?;
        for element in 0..length {
            let most_children = if element == 0 { length } else { 0 };
            match header & 15 {
                12 => self.structure(depth + 1, holds_schema.then_some(most_children))?,
                kind => self.value(kind, depth + 1, false)?,
            }
        }
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    fn skip(&mut self, length: u64) -> Option<()> {
        self.rest = self.rest.get(usize::try_from(length).ok()?..)?;
        Some(())
    }

    /// A variable-length integer, seven bits a byte, lowest first.
    fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Some(value);
            }
        }
        None
    }

    /// As [`Walker::unsigned`], with the sign in the lowest bit.
    fn signed(&mut self) -> Option<i64> {
        let value = self.unsigned()?;
        Some((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }
}

#[cfg(test)]
mod tests {
    use super::is_plausible;

    /// Field 2, a list of one struct whose field 5 is an integer, then two stop bytes.
    fn schema_with_children(zigzag: &[u8]) -> Vec<u8> {
        [&[0x29, 0x1c, 0x55], zigzag, &[0, 0]].concat()
    }

    #[test]
    fn a_schema_may_not_claim_more_children_than_elements() {
        assert!(is_plausible(&schema_with_children(&[2]))); // 1 child
        assert!(!is_plausible(&schema_with_children(&[4]))); // 2 children
        assert!(!is_plausible(&schema_with_children(&[1]))); // -1 children
        let nested = [0x29, 0x2c, 0x55, 2, 0, 0x55, 2, 0, 0];
        assert!(!is_plausible(&nested)); // a child of a child
        assert!(!is_plausible(&schema_with_children(&[
            254, 255, 255, 255, 15
        ])));
    }

    #[test]
    fn lengths_must_fit_in_the_bytes_that_remain() {
        assert!(is_plausible(&[0]));
        assert!(!is_plausible(&[]));
        assert!(!is_plausible(&[0x18, 0x05, b'a', 0])); // a string of five bytes
        assert!(!is_plausible(&[0x19, 0xfc, 255, 255, 255, 255, 15])); // a list of 2^32 - 1
        assert!(!is_plausible(&[0x1c; 64])); // structs inside structs
    }
}
