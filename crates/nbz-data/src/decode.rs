//! One image file as raw bytes: PNG or JPEG, told apart by their first bytes, never by their names.
//!
//! Grey becomes three equal channels, a palette its colours, 16 bits their upper 8; transparency is left out, as
//! Pillow's `convert("RGB")` leaves it out. PNG means one image and nothing else; JPEG leaves its rounding to the
//! decoder, so that another program may find other bytes in the same file. A file that was cut off is refused even
//! where a lenient reader would show a part of it.

use std::io::Cursor;
use std::path::Path;

use png::{ColorType, Transformations};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::DataError;

/// The longest side that is read. Networks end far below it; a header that claims more would only fill the memory.
const LONGEST_SIDE: usize = 4096;

/// A decoded image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// Height and width.
    pub(crate) size: [usize; 2],
    /// `[3, height, width]`: red, green, blue.
    pub(crate) bytes: Vec<u8>,
}

/// Reads a file.
///
/// # Errors
/// [`DataError::Read`], [`DataError::NotAnImage`].
pub(crate) fn read(path: &Path) -> Result<Decoded, DataError> {
    let bytes = std::fs::read(path).map_err(|source| DataError::Read {
        path: path.to_path_buf(),
        source,
    })?;
    decode(&bytes).map_err(|reason| DataError::NotAnImage {
        path: path.to_path_buf(),
        reason,
    })
}

/// Decodes; the error is the reason in words.
fn decode(bytes: &[u8]) -> Result<Decoded, String> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => decode_png(bytes).map_err(|e| e.to_string())?,
        [0xff, 0xd8, ..] => decode_jpeg(bytes),
        [] => Err("it is empty".to_owned()),
        _ => Err("it is neither PNG nor JPEG".to_owned()),
    }
}

fn decode_png(bytes: &[u8]) -> Result<Result<Decoded, String>, png::DecodingError> {
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info()?;
    let size = match checked_size(reader.info().height as usize, reader.info().width as usize) {
        Ok(size) => size,
        Err(reason) => return Ok(Err(reason)),
    };
    let mut pixels = vec![0; reader.output_buffer_size().unwrap_or(0)];
    reader.next_frame(&mut pixels)?;
    // What stands behind the pixels shows whether the file is whole.
    reader.finish()?;
    let channels = match reader.output_color_type().0 {
        ColorType::Grayscale => 1,
        ColorType::GrayscaleAlpha => 2,
        ColorType::Rgb => 3,
        ColorType::Rgba => 4,
        ColorType::Indexed => return Ok(Err("its palette cannot be read".to_owned())),
    };
    Ok(Ok(planes(size, channels, &pixels)))
}

fn decode_jpeg(bytes: &[u8]) -> Result<Decoded, String> {
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_height(LONGEST_SIDE)
        .set_max_width(LONGEST_SIDE)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    if !has_jpeg_end(bytes) {
        return Err("it is cut off".to_owned());
    }
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let pixels = decoder.decode().map_err(|e| e.to_string())?;
    let info = decoder.info().ok_or("it has no size")?;
    let size = checked_size(info.height.into(), info.width.into())?;
    if pixels.len() != 3 * size[0] * size[1] {
        return Err("its colours cannot be read".to_owned());
    }
    Ok(planes(size, 3, &pixels))
}

/// Whether the mark of the end stands behind that of the last scan: the decoder makes up what is missing of a scan, and
/// says nothing. Neither mark can be part of a scan; one of a small picture in the header stands before the scans.
fn has_jpeg_end(bytes: &[u8]) -> bool {
    let last = |mark: u8| bytes.windows(2).rposition(|pair| pair == [0xff, mark]);
    last(0xd9) > last(0xda)
}

fn checked_size(height: usize, width: usize) -> Result<[usize; 2], String> {
    if height.max(width) > LONGEST_SIDE {
        return Err(format!(
            "it is {height} x {width} pixels, {LONGEST_SIDE} a side are the most"
        ));
    }
    Ok([height, width])
}

/// Pixel by pixel to channel by channel, without transparency.
fn planes([height, width]: [usize; 2], channels: usize, pixels: &[u8]) -> Decoded {
    let plane = |channel: usize| {
        let channel = if channels < 3 { 0 } else { channel };
        pixels
            .chunks_exact(channels)
            .map(move |pixel| pixel[channel])
    };
    Decoded {
        size: [height, width],
        bytes: (0..3).flat_map(plane).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FILES: [&[u8]; 5] = [
        include_bytes!("../tests/own/files/rgb.png"),
        include_bytes!("../tests/own/files/palette_transparent.png"),
        include_bytes!("../tests/own/files/baseline.jpg"),
        include_bytes!("../tests/own/files/progressive.jpg"),
        include_bytes!("../tests/own/files/subsampled.jpg"),
    ];

    #[test]
    fn a_file_that_is_cut_off_anywhere_is_refused() {
        for (which, file) in FILES.iter().enumerate() {
            assert!(decode(file).is_ok());
            for length in 0..file.len() - 1 {
                assert!(
                    decode(&file[..length]).is_err(),
                    "{length} bytes of {which}"
                );
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn a_damaged_file_is_read_or_refused_and_never_panics(
            which in 0..FILES.len(), changes in prop::collection::vec((0_usize..800, any::<u8>()), 1..4),
        ) {
            let mut bytes = FILES[which].to_vec();
            for (at, byte) in changes {
                let at = at % bytes.len();
                bytes[at] = byte;
            }
            if let Ok(Decoded { size: [height, width], bytes }) = decode(&bytes) {
                prop_assert_eq!(bytes.len(), 3 * height * width);
            }
        }
    }
}
