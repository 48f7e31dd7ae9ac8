//! Everything that is refused names the file and says what to do.

use std::fs;
use std::path::PathBuf;

use nbz_data::{Data, DataError};
use safetensors::tensor::Dtype;
use tempfile::{TempDir, tempdir};

use crate::decoding::decoded;
use crate::writing::{Labelled, SIDE, array, fixture, layout, write_png, write_tensors};

/// Reads, expects a refusal with these words and a hint, and that the quick look does not panic.
#[track_caller]
fn refuses(data: &Data, words: &[&str]) {
    let _ = data.describe();
    let error = data.read().map(|_| ()).unwrap_err();
    for words in words {
        assert!(error.to_string().contains(words), "{error}");
    }
    assert!(error.hint().is_some(), "{error}");
}

#[test]
fn folders_that_are_no_classes_of_images_are_refused_by_name() {
    let place = |folder: &TempDir, name: &str| folder.path().join(name);
    let none = Data::Folder(PathBuf::from("/nowhere/at/all"));
    refuses(&none, &["cannot read /nowhere/at/all"]);

    let (empty, data) = layout(&[]);
    refuses(&data, &["images of 0 classes"]);
    fs::create_dir(place(&empty, "cats")).unwrap();
    refuses(&data, &["images of 1 class, 2 are the fewest"]);
    fs::create_dir(place(&empty, "dogs")).unwrap();
    refuses(&data, &["cats has no images"]);

    let (mixed, data) = layout(&[""]);
    write_png(
        &place(&mixed, "class 1/odd.png"),
        [SIDE, SIDE + 4],
        &[0; 288],
    );
    refuses(&data, &["class 1/odd.png is 8 x 12 pixels", "is 8 x 8"]);

    let (oblong, data) = layout(&[]);
    for class in ["a", "b"] {
        fs::create_dir(place(&oblong, class)).unwrap();
        for at in 0..6 {
            write_png(
                &place(&oblong, class).join(format!("{at}.png")),
                [4, 8],
                &[at; 96],
            );
        }
    }
    refuses(&data, &["4 x 8 pixels, not square"]);

    let (text, data) = layout(&["train", "test"]);
    fs::write(place(&text, "test/class 0/notes.txt"), "words").unwrap();
    refuses(
        &data,
        &["test/class 0/notes.txt is no image: it is neither PNG nor JPEG"],
    );

    let (deep, data) = layout(&[""]);
    fs::create_dir(place(&deep, "class 0/more")).unwrap();
    refuses(
        &data,
        &["class 0/more is no image: it is a folder inside a class"],
    );

    let (strange, data) = layout(&["train", "test"]);
    fs::rename(
        place(&strange, "test/class 1"),
        place(&strange, "test/clas 1"),
    )
    .unwrap();
    refuses(
        &data,
        &["test/clas 1 is a class that", "train does not have"],
    );

    let (_alone, data) = layout(&["test"]);
    refuses(&data, &["no folder train beside it"]);

    let few = tempdir().unwrap();
    Labelled::random(0, &[5, 5]).write_folders(few.path());
    let data = Data::Folder(few.path().to_owned());
    refuses(&data, &["names no test images", "has the 6 images"]);

    let mut huge = fixture("rgb.png");
    huge[16..20].copy_from_slice(&1_000_000_u32.to_be_bytes());
    let error = decoded("huge.png", &huge).unwrap_err();
    assert!(matches!(error, DataError::NotAnImage { .. }), "{error}");
}

#[test]
fn arrays_of_other_types_shapes_or_labels_are_refused_by_name() {
    let folder = tempdir().unwrap();
    let data = Data::Arrays(folder.path().to_owned());
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    let good = || {
        Labelled::random(0, &[6, 6]).write_arrays(folder.path(), "train", false);
        let _ = fs::remove_file(folder.path().join("test_images.npy"));
        let _ = fs::remove_file(folder.path().join("test_labels.npy"));
    };
    refuses(&data, &["holds no train_images.npy of npy"]);
    refuses(
        &Data::Arrays("/nowhere/at/all".into()),
        &["cannot read /nowhere/at/all"],
    );
    good();
    fs::remove_file(folder.path().join("train_labels.npy")).unwrap();
    refuses(&data, &["holds no train_labels.npy of npy"]);

    let image = 3 * SIDE * SIDE;
    for (descr, shape, bytes, words) in [
        ("<f4", vec![12, 3, 8, 8], 48 * image, "not whole numbers"),
        (
            "<i2",
            vec![12, 3, 8, 8],
            24 * image,
            "is <i2 [12, 3, 8, 8], expected bytes",
        ),
        (
            "|u1",
            vec![12, 8, 8],
            4 * image,
            "expected bytes [N, 3, H, W]",
        ),
        (
            "|u1",
            vec![12, 4, 8, 8],
            16 * image,
            "expected bytes [N, 3, H, W]",
        ),
        ("|u1", vec![0, 3, 8, 8], 0, "expected at least one pixel"),
        (
            "|u1",
            vec![12, 3, 8, 8],
            12 * image - 1,
            "train_images.npy is no array",
        ),
        ("|u1", vec![11, 3, 8, 8], 11 * image, "has 12 labels"),
    ] {
        good();
        write("train_images.npy", &array(descr, &shape, &vec![1; bytes]));
        refuses(&data, &["train_images.npy", words]);
    }
    for (descr, shape, labels, words) in [
        (
            "|i1",
            vec![12],
            [0, 1, 0, 0xff, 1, 1, 0, 0, 0, 1, 1, 1],
            "record 3 has label -1, but labels count from 0",
        ),
        (
            "|u1",
            vec![12],
            [0, 1, 0, 3, 1, 1, 0, 0, 0, 1, 1, 1],
            "class 2 of",
        ),
        (
            "|u1",
            vec![12],
            [0; 12],
            "images of 1 class, 2 are the fewest",
        ),
        ("|u1", vec![4, 3], [1; 12], "expected whole numbers [N]"),
    ] {
        good();
        write("train_labels.npy", &array(descr, &shape, &labels));
        refuses(&data, &[words]);
    }
    good();
    write("train_labels.npy", b"no array");
    refuses(&data, &["train_labels.npy is no array"]);

    good();
    write("test_labels.npy", &array("|u1", &[1], &[0]));
    refuses(&data, &["holds no test_images.npy"]);
    write("test_images.npy", &array("|u1", &[1, 3, 4, 4], &[0; 48]));
    refuses(&data, &["4 x 4 pixels", "8 x 8"]);
    write("test_images.npy", &array("|u1", &[1, 3, 8, 8], &[0; 192]));
    write("test_labels.npy", &array("|u1", &[1], &[2]));
    refuses(
        &data,
        &["test_labels.npy: record 0 has label 2, but there are 2 classes"],
    );
}

#[test]
fn safetensors_of_bytes_are_raw_and_of_floats_one_batch() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("own.safetensors");
    let data = Data::File(path.clone());
    refuses(&data, &["cannot read"]);
    fs::write(&path, b"no tensors").unwrap();
    refuses(&data, &["is not a safetensors file"]);

    let images = |dtype, bytes: usize| ("images", dtype, vec![2, 3, 4, 4], vec![9; 96 * bytes]);
    let labels = |dtype, bytes: Vec<u8>| ("labels", dtype, vec![2], bytes);
    write_tensors(&path, &[images(Dtype::U8, 1)]);
    refuses(&data, &["has no tensor \"labels\""]);
    write_tensors(
        &path,
        &[images(Dtype::U8, 1), labels(Dtype::F32, vec![0; 8])],
    );
    refuses(
        &data,
        &["tensor \"labels\" is F32 [2], expected whole numbers"],
    );
    write_tensors(
        &path,
        &[images(Dtype::U8, 1), labels(Dtype::I8, vec![0, 0x80])],
    );
    refuses(&data, &["record 1 has label -128, but labels count from 0"]);
    write_tensors(
        &path,
        &[images(Dtype::U8, 1), labels(Dtype::U8, vec![0, 1])],
    );
    refuses(&data, &["names no test images"]);
    assert!(!data.is_finished().unwrap());

    let mut finished = [images(Dtype::F32, 4), labels(Dtype::I64, vec![0; 16])];
    finished[0].3.fill(0);
    write_tensors(&path, &finished);
    assert!(data.is_finished().unwrap());
    assert_eq!(data.describe().unwrap().resolution, Some(4));
    refuses(&data, &["is one finished batch"]);
}

#[test]
fn what_is_typed_is_read_and_told_without_its_path() {
    for (text, word) in [
        ("cifar10:a", "cifar10"),
        ("cifar100:a:b", "cifar100"),
        ("imagenet16:a", "imagenet16-120"),
        ("folder:a", "folder"),
        ("npy:a", "npy"),
        ("noise", "noise"),
        ("a/b.safetensors", "file"),
    ] {
        let data: Data = text.parse().unwrap();
        assert_eq!(data.to_string(), word);
        let spelled: Data = data.spelled().unwrap().parse().unwrap();
        assert_eq!(spelled.to_string(), word);
        assert_eq!(spelled.spelled().unwrap(), data.spelled().unwrap());
    }
    for text in [
        "", "cifar10", "cifar10:", "folder:", "mnist:a", "a/b", "npy",
    ] {
        let error = text.parse::<Data>().unwrap_err();
        assert!(matches!(error, DataError::UnknownSource { .. }), "{text}");
        assert!(error.hint().unwrap().contains("folder:PATH"));
    }
}

/// A device says that it has no bytes, and gives as many as are asked for.
#[cfg(unix)]
#[test]
fn a_safetensors_file_that_is_a_device_is_refused() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("zeros.safetensors");
    std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
    let error = Data::File(path).read().map(|_| ()).unwrap_err();
    assert!(matches!(error, DataError::NotTensors { .. }), "{error}");
}
