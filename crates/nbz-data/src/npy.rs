//! What stands at the head of NumPy's `.npy` files of whole numbers.
//!
//! The format (NumPy enhancement proposal 1): `\x93NUMPY`, two version bytes, the length of the header (u16 of
//! version 1, u32 of 2 and 3, little-endian), the header, the numbers. The header is a Python dictionary of `descr`,
//! `fortran_order` and `shape`. It is read here and not by a library, because those there are bring either an array
//! library or a parser generator along for three entries. Nothing is evaluated: whatever is not such a dictionary is
//! refused.

use crate::integer::Integer;

/// More bytes than the header of an array of whole numbers ever has.
pub(crate) const HEAD: u64 = 1 << 17;

/// An array in C order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Array {
    /// The type as NumPy writes it: `|u1`, `<i8`.
    pub(crate) descr: String,
    pub(crate) integer: Integer,
    pub(crate) shape: Vec<usize>,
    /// Where in the file its numbers begin; they go on to its end.
    pub(crate) start: usize,
}

impl Array {
    /// Reads the first [`HEAD`] bytes, or all, of a file of `length` bytes; the error is the reason in words.
    pub(crate) fn parse(head: &[u8], length: u64) -> Result<Self, String> {
        let [0x93, b'N', b'U', b'M', b'P', b'Y', major, _, rest @ ..] = head else {
            return Err("it does not begin with NumPy's six bytes".to_owned());
        };
        let (header, rest) = match (*major, rest) {
            (1, [a, b, rest @ ..]) => (usize::from(u16::from_le_bytes([*a, *b])), rest),
            (2 | 3, [a, b, c, d, rest @ ..]) => {
                (u32::from_le_bytes([*a, *b, *c, *d]) as usize, rest)
            }
            (1..=3, _) => return Err("its header is cut off".to_owned()),
            (other, _) => return Err(format!("it is of version {other}, known are 1 to 3")),
        };
        let header = rest.get(..header).ok_or("its header is cut off")?;
        let start = head.len() - rest.len() + header.len();
        let Header {
            descr,
            is_fortran,
            shape,
        } = Header::parse(header)?;
        if is_fortran && shape.len() > 1 {
            return Err("it is in Fortran order: save numpy.ascontiguousarray(it)".to_owned());
        }
        let integer = integer(&descr)
            .ok_or_else(|| format!("its numbers are {descr:?}, not whole numbers"))?;
        let count = shape
            .iter()
            .try_fold(integer.bytes, |n, &side| n.checked_mul(side));
        let found = length.saturating_sub(start as u64);
        if count.map(|count| count as u64) != Some(found) {
            let needed = count.map_or("too many".to_owned(), |count| count.to_string());
            return Err(format!(
                "{shape:?} of {descr:?} are {needed} bytes, it has {found}"
            ));
        }
        Ok(Self {
            descr,
            integer,
            shape,
            start,
        })
    }
}

/// The type of `|u1`, `<i8`, `>u2`.
fn integer(descr: &str) -> Option<Integer> {
    let (order, rest) = descr.split_at_checked(1)?;
    let (kind, width) = rest.split_at_checked(1)?;
    Some(Integer {
        bytes: match width {
            "1" => 1,
            "2" => 2,
            "4" => 4,
            "8" => 8,
            _ => return None,
        },
        is_signed: match kind {
            "u" => false,
            "i" => true,
            _ => return None,
        },
        is_big_endian: match order {
            "<" | "|" => false,
            ">" => true,
            _ => return None,
        },
    })
}

/// The three entries of the dictionary.
struct Header {
    descr: String,
    is_fortran: bool,
    shape: Vec<usize>,
}

impl Header {
    fn parse(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "its header is no text".to_owned())?;
        let mut rest = Scanner(text);
        let (mut descr, mut is_fortran, mut shape) = (None, None, None);
        rest.expect('{')?;
        while !rest.take('}') {
            let key = rest.quoted()?;
            rest.expect(':')?;
            match key {
                "descr" => descr = Some(rest.quoted()?.to_owned()),
                "fortran_order" => is_fortran = Some(rest.truth()?),
                "shape" => shape = Some(rest.shape()?),
                other => return Err(format!("its header has an entry {other:?}")),
            }
            if !rest.take(',') {
                rest.expect('}')?;
                break;
            }
        }
        let missing = |name: &str| format!("its header has no {name}");
        Ok(Self {
            descr: descr.ok_or_else(|| missing("descr"))?,
            is_fortran: is_fortran.ok_or_else(|| missing("fortran_order"))?,
            shape: shape.ok_or_else(|| missing("shape"))?,
        })
    }
}

/// What is left of a header.
struct Scanner<'t>(&'t str);

impl<'t> Scanner<'t> {
    /// Takes a mark, if it is the next.
    fn take(&mut self, mark: char) -> bool {
        let rest = self.0.trim_start();
        let taken = rest.strip_prefix(mark);
        self.0 = taken.unwrap_or(rest);
        taken.is_some()
    }

    fn expect(&mut self, mark: char) -> Result<(), String> {
        if self.take(mark) {
            return Ok(());
        }
        let found: String = self.0.chars().take(12).collect();
        Err(format!("its header has {found:?} where {mark:?} belongs"))
    }

    /// Text between two quotes; NumPy writes no escapes.
    fn quoted(&mut self) -> Result<&'t str, String> {
        let quote = if self.take('"') {
            '"'
        } else {
            self.expect('\'')?;
            '\''
        };
        let (text, rest) = self.0.split_once(quote).ok_or("its header is cut off")?;
        self.0 = rest;
        Ok(text)
    }

    fn word(&mut self) -> &'t str {
        let text = self.0.trim_start();
        let end = text.find(|c: char| !c.is_ascii_alphanumeric());
        let (word, rest) = text.split_at(end.unwrap_or(text.len()));
        self.0 = rest;
        word
    }

    fn truth(&mut self) -> Result<bool, String> {
        match self.word() {
            "True" => Ok(true),
            "False" => Ok(false),
            other => Err(format!("its header has {other:?} for fortran_order")),
        }
    }

    /// `()`, `(5,)`, `(5, 3)`.
    fn shape(&mut self) -> Result<Vec<usize>, String> {
        let mut shape = Vec::new();
        self.expect('(')?;
        while !self.take(')') {
            let word = self.word();
            let side = word.parse();
            shape.push(side.map_err(|_| format!("its header has {word:?} in its shape"))?);
            if !self.take(',') {
                self.expect(')')?;
                break;
            }
        }
        Ok(shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A file as NumPy 2 writes it: version 1.0, the header filled up to a multiple of 64 bytes.
    fn file(header: &str, data: &[u8]) -> Vec<u8> {
        let length = (10 + header.len() + 1).next_multiple_of(64) - 10;
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((length as u16).to_le_bytes());
        bytes.extend(format!("{header:<0$}\n", length - 1).as_bytes());
        bytes.extend(data);
        bytes
    }

    fn whole(bytes: &[u8]) -> Result<Array, String> {
        Array::parse(bytes, bytes.len() as u64)
    }

    #[test]
    fn numbers_of_every_width_and_order_are_what_they_are() {
        // Oracle: two's complement, written by `to_le_bytes` and `to_be_bytes`.
        for (descr, data, expected) in [
            ("|u1", vec![0, 200], [0, 200]),
            ("|i1", vec![5, 0xff], [5, -1]),
            (
                "<u2",
                [1_u16, 60_000].map(u16::to_le_bytes).concat(),
                [1, 60_000],
            ),
            (
                ">i2",
                [1_i16, -300].map(i16::to_be_bytes).concat(),
                [1, -300],
            ),
            ("<i4", [7_i32, -8].map(i32::to_le_bytes).concat(), [7, -8]),
            (">i8", [7_i64, -8].map(i64::to_be_bytes).concat(), [7, -8]),
            (
                "<u8",
                [7_u64, u64::MAX].map(u64::to_le_bytes).concat(),
                [7, i64::MAX],
            ),
        ] {
            let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': (2,), }}");
            let bytes = file(&header, &data);
            let array = whole(&bytes).expect(descr);
            let numbers = array.integer.read(&bytes[array.start..]);
            assert_eq!((numbers, &array.shape[..]), (expected.to_vec(), &[2][..]));
            assert_eq!(array.integer == Integer::BYTE, descr == "|u1");
        }
    }

    #[test]
    fn what_is_refused_is_told() {
        let of = |descr: &str, order: &str, shape: &str| {
            let header =
                format!("{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}");
            whole(&file(&header, &[0; 12])).unwrap_err()
        };
        for (error, words) in [
            (of("'<f4'", "False", "(3,)"), "not whole numbers"),
            (of("[('a', '<i4')]", "False", "(3,)"), "where '\\'' belongs"),
            (of("'|u1'", "True", "(3, 4)"), "ascontiguousarray"),
            (of("'|u1'", "maybe", "(12,)"), "\"maybe\""),
            (of("'|u1'", "False", "(13,)"), "are 13 bytes, it has 12"),
            (of("'|u1'", "False", "(11,)"), "are 11 bytes, it has 12"),
            (of("'|u1'", "False", "(-1,)"), "in its shape"),
            (
                of("'<i8'", "False", "(99999999999, 99999999999)"),
                "too many",
            ),
            (whole(b"PK\x03\x04").unwrap_err(), "six bytes"),
            (whole(b"\x93NUMPY\x01\x00\xff").unwrap_err(), "cut off"),
            (whole(b"\x93NUMPY\x01\x00\xff\x00{").unwrap_err(), "cut off"),
            (
                whole(b"\x93NUMPY\x09\x00\x00\x00").unwrap_err(),
                "version 9",
            ),
            (
                whole(&file("{'descr': '|u1'}", &[])).unwrap_err(),
                "no fortran_order",
            ),
        ] {
            assert!(error.contains(words), "{error}");
        }
    }

    proptest! {
        #[test]
        fn a_damaged_file_is_read_or_refused_and_never_panics(
            cut in 0_usize..200, at in 0_usize..140, byte: u8,
        ) {
            let mut bytes = file("{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }", &[1; 24]);
            let at = at.min(bytes.len() - 1);
            bytes[at] = byte;
            bytes.truncate(cut);
            if let Ok(array) = whole(&bytes) {
                prop_assert_eq!(array.integer.read(&bytes[array.start..]).len(), array.shape.iter().product::<usize>());
            }
        }
    }
}
