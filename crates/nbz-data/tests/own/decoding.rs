//! Files of every kind against what Pillow and NumPy say of them.

use std::fs;

use nbz_data::{Data, DataError, Pictures};
use tempfile::tempdir;

use crate::writing::{both, by_pixel, fixture};

/// A training image, given as a file's bytes, as it is read.
pub(crate) fn decoded(name: &str, bytes: &[u8]) -> Result<Pictures, DataError> {
    let folder = tempdir().unwrap();
    for class in ["train/a", "train/b", "test/a"] {
        let class = folder.path().join(class);
        fs::create_dir_all(&class).unwrap();
        fs::write(class.join(name), bytes).unwrap();
    }
    let sets = Data::Folder(folder.path().to_owned()).read()?;
    Ok(sets.training?.pictures)
}

#[test]
fn png_files_of_every_kind_hold_what_pillow_finds_in_them() {
    // Oracle: `files/make.py`, Pillow 13.0.0; bit for bit.
    for name in [
        "rgb",
        "rgba",
        "grey",
        "grey_alpha",
        "bits",
        "palette",
        "palette_transparent",
    ] {
        let file = format!("{name}.png");
        let pictures = decoded(&file, &fixture(&file)).unwrap();
        assert_eq!(pictures.size(), [10, 10]);
        assert_eq!(pictures.raw(0), fixture(&format!("{name}.rgb")), "{name}");
    }
    // Oracle: the bytes that were written; of 16 bits the upper 8.
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 2, 2);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Sixteen);
    let mut writer = encoder.write_header().unwrap();
    let values: Vec<u8> = (0..24).map(|at| at * 10).collect();
    writer.write_image_data(&values).unwrap();
    writer.finish().unwrap();
    let upper: Vec<u8> = values.iter().step_by(2).copied().collect();
    let pictures = decoded("deep.png", &bytes).unwrap();
    assert_eq!(by_pixel(pictures.raw(0)), upper);
}

#[test]
fn jpeg_files_are_near_to_what_pillow_finds_in_them() {
    // Oracle: `files/make.py`, Pillow 13.0.0 with libjpeg-turbo. The standard leaves rounding to the decoder: two of 255
    // for the transform and the colours, more where colours of half the size are spread.
    for (file, tolerance) in [
        ("baseline.jpg", 3),
        ("progressive.jpg", 3),
        ("grey_lossy.jpeg", 1),
        ("subsampled.jpg", 40),
        ("cmyk.jpg", 3),
    ] {
        let pictures = decoded(file, &fixture(file)).unwrap();
        let name = file.split('.').next().unwrap();
        let expected = fixture(&format!("{name}.rgb"));
        let pairs = pictures.raw(0).iter().zip(&expected);
        let largest = pairs.map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        assert!(largest <= tolerance, "{file}: {largest}");
    }
}

#[test]
fn numpy_s_own_files_are_read() {
    // Oracle: `files/make.py`, NumPy 2.4.6, and Pillow's bytes of the first image.
    let read = |images: &str| {
        let folder = tempdir().unwrap();
        for part in ["train", "test"] {
            let npy = |what: &str| folder.path().join(format!("{part}_{what}.npy"));
            fs::write(npy("images"), fixture(images)).unwrap();
            fs::write(npy("labels"), fixture("labels.npy")).unwrap();
        }
        both(&Data::Arrays(folder.path().to_owned()))
    };
    let [by_pixel, by_plane] = ["by_pixel.npy", "by_plane.npy"].map(read);
    let pictures = &by_pixel[0].pictures;
    assert_eq!(pictures.digest(), by_plane[0].pictures.digest());
    let first = (0..3).find(|&n| pictures.label(n) == 0).unwrap();
    assert_eq!(pictures.raw(first), fixture("rgb.rgb"));
    assert_eq!(by_pixel[1].files[0].name, "test_images.npy");
    assert_eq!(by_pixel[1].files[0].images, 3);
}
