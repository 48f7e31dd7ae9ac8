//! Images of one's own: what `train`, `score`, `plan` and `data info` make of folders, arrays and tensors.

use std::fs;
use std::path::Path;

use safetensors::tensor::{Dtype, TensorView, serialize};
use serde_json::Value;
use tempfile::TempDir;

use crate::run::{Run, run};

const SIDE: usize = 16;
const PLANE: usize = SIDE * SIDE;
const CLASSES: [&str; 3] = ["ant", "bee", "a cicada of long name"];
/// The names in the order of their bytes.
const SORTED: [&str; 3] = ["a cicada of long name", "ant", "bee"];

/// Image `at` of a class: stripes as wide as its class says, over a pattern.
fn image(class: usize, at: usize) -> Vec<u8> {
    let value = |i: usize| ((i * 7 + at * 31) % 90 + (i / (class + 1)) % 2 * 120) as u8;
    (0..3 * PLANE).map(value).collect()
}

fn write_png(path: &Path, planes: &[u8]) {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, SIDE as u32, SIDE as u32);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().expect("a header");
    let pixels: Vec<u8> = (0..3 * PLANE)
        .map(|i| planes[i % 3 * PLANE + i / 3])
        .collect();
    writer.write_image_data(&pixels).expect("pixels");
    writer.finish().expect("an image");
    fs::write(path, bytes).expect("a file");
}

/// Writes ten training and four test images of each class; `name` makes a file's name of its number.
fn write_folder(path: &Path, name: impl Fn(usize) -> String) {
    for (part, images) in [("train", 0..10), ("test", 10..14)] {
        for (class, class_name) in CLASSES.iter().enumerate() {
            let folder = path.join(part).join(class_name);
            fs::create_dir_all(&folder).expect("a folder");
            for at in images.clone() {
                write_png(&folder.join(name(at)), &image(class, at));
            }
        }
    }
}

/// The same images in a safetensors file, labelled as the folder labels them.
fn write_tensors(path: &Path) {
    let mut tensors = Vec::new();
    for (prefix, images) in [("", 0..10), ("test_", 10..14)] {
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        for (label, name) in SORTED.iter().enumerate() {
            let class = CLASSES.iter().position(|c| c == name).expect("a class");
            for at in images.clone() {
                pixels.extend(image(class, at));
                labels.push(label as u8);
            }
        }
        let shape = vec![labels.len(), 3, SIDE, SIDE];
        tensors.push((format!("{prefix}images"), shape, pixels));
        tensors.push((format!("{prefix}labels"), vec![labels.len()], labels));
    }
    let views = tensors.iter().map(|(name, shape, data)| {
        (
            name,
            TensorView::new(Dtype::U8, shape.clone(), data).expect("a tensor"),
        )
    });
    fs::write(path, serialize(views, None).expect("bytes")).expect("a file");
}

/// A folder `own` of images, and `own.safetensors` with the same.
fn images() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_folder(&folder.path().join("own"), |at| format!("{at}.png"));
    write_tensors(&folder.path().join("own.safetensors"));
    folder
}

#[track_caller]
fn good(ended: Run) -> Run {
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    ended
}

#[track_caller]
fn document(ended: Run) -> Value {
    serde_json::from_str(&good(ended).stdout).expect("JSON")
}

fn train(folder: &Path, data: &str, output: &str) -> Run {
    let arguments = [
        "train",
        "nbmacro:00000000",
        "--data",
        data,
        "-o",
        output,
        "--json",
    ];
    let set = ["--set", "epochs=2", "--set", "batch=9", "--threads", "2"];
    run(folder, &[&arguments[..], &set].concat())
}

#[test]
fn a_training_is_the_same_whatever_the_files_are_called_and_stored_in() {
    let folder = images();
    let at = folder.path();
    write_folder(&at.join("renamed"), |at| {
        format!("{}.jpg", (at * 7 + 3) % 17)
    });
    let first = document(train(at, "folder:own", "first"));
    let stamp = &first["training"];
    assert_eq!(
        (&stamp["data"], &stamp["training_images"]),
        (&"folder".into(), &30.into())
    );
    assert_eq!(first["test"]["images"], 12);
    // Oracle: `data info`'s, to the rounding of f32.
    let info = document(run(at, &["data", "info", "folder:own", "--json"]));
    let mean = stamp["normalisation"][0][1].as_f64().expect("a number");
    let told = info["sets"][0]["mean"][1].as_f64().expect("a number");
    assert!((mean - told).abs() < 1e-7, "{mean} and {told}");

    let weights = |run: &str| fs::read(at.join(run).join("weights.safetensors")).expect("weights");
    let renamed = document(train(at, "folder:renamed", "renamed.run"));
    assert_eq!(renamed, first);
    assert!(weights("renamed.run") == weights("first"));
    let mut tensors = document(train(at, "own.safetensors", "tensors"));
    assert_eq!(tensors["training"]["data"], "file");
    tensors["training"]["data"] = "folder".into();
    assert_eq!(tensors, first);
    assert!(weights("tensors") == weights("first"));

    // The weights go into `score`, which takes resolution and classes from the images.
    let score = [
        "score",
        "nbmacro:00000000",
        "--data",
        "folder:own",
        "--batch",
        "8",
    ];
    let weights = [
        "--weights",
        "first/weights.safetensors",
        "--proxies",
        "snip,zico",
        "--json",
    ];
    let scored = document(run(at, &[&score[..], &weights].concat()));
    assert_eq!(scored["recipe"]["classes"], 3);
    assert_eq!(scored["recipe"]["resolution"], 16);
    assert!(scored["networks"][0]["scores"]["snip"].as_f64().is_some());
}

#[test]
fn scores_see_the_same_batch_in_every_form_and_plans_keep_the_place() {
    let folder = images();
    let at = folder.path();
    let score = |data: &str, more: &[&str]| {
        let arguments = [
            "score",
            "nbmacro:00000000",
            "--proxies",
            "snip",
            "--batch",
            "8",
        ];
        document(run(
            at,
            &[&arguments[..], &["--data", data, "--json"], more].concat(),
        ))
    };
    let of_folder = score("folder:own", &[]);
    let of_file = score("own.safetensors", &[]);
    assert_eq!(
        of_folder["recipe"]["batch_digest"],
        of_file["recipe"]["batch_digest"]
    );
    assert_eq!(of_folder["networks"], of_file["networks"]);
    let own_batch = score("folder:own", &["--batch-per-network", "--augment"]);
    assert_ne!(
        of_folder["recipe"]["batch_digest"],
        own_batch["recipe"]["batch_digest"]
    );

    fs::write(at.join("list.txt"), "nbmacro:00000000\nnbmacro:00000001\n").expect("a list");
    for (task, more) in [
        ("score", &["--proxies", "snip", "--batch", "8"][..]),
        ("train", &["--set", "epochs=1", "--set", "batch=9"]),
    ] {
        let [plan, runs, other_runs] =
            ["plan", "runs", "other"].map(|kind| format!("{task}.{kind}"));
        let arguments = [
            "plan",
            "--from",
            "list.txt",
            "--task",
            task,
            "--data",
            "folder:own",
        ];
        good(run(at, &[&arguments[..], more, &["-o", &plan]].concat()));
        good(run(
            at,
            &["work", "--plan", &plan, "-o", &runs, "--threads", "1"],
        ));
        let other = ["--data", "own.safetensors", "--threads", "1"];
        let refused = run(
            at,
            &[&["work", "--plan", &plan, "-o", &other_runs][..], &other].concat(),
        );
        assert!(
            refused.stderr.contains("data: folder there, file here"),
            "{}",
            refused.stderr
        );
    }
}

#[test]
fn data_info_takes_every_form_and_draws_a_sheet_of_any_size() {
    let folder = images();
    let at = folder.path();
    let info = |what: &str| document(run(at, &["data", "info", what, "--json"]));
    let of_folder = info("folder:own");
    let training = &of_folder["sets"][0];
    assert_eq!(training["class_names"], serde_json::json!(SORTED));
    assert_eq!(training["per_class"], serde_json::json!([10, 10, 10]));
    assert_eq!(
        (&training["height"], &training["images"]),
        (&16.into(), &30.into())
    );
    assert_eq!(info("own"), of_folder);
    let of_file = info("own.safetensors");
    for set in 0..2 {
        assert_eq!(
            of_file["sets"][set]["digest"],
            of_folder["sets"][set]["digest"]
        );
    }
    assert_eq!(of_file["sets"][1]["files"][0]["images"], 12);

    crate::train::write_images(at);
    assert_eq!(info("cifar10:."), info("."));

    let drawn = good(run(
        at,
        &["data", "info", "folder:own", "--sheet", "sheet.png"],
    ));
    assert!(drawn.stdout.contains("16 x 16"), "{}", drawn.stdout);
    let sheet = fs::read(at.join("sheet.png")).expect("a sheet");
    let reader = png::Decoder::new(std::io::Cursor::new(sheet))
        .read_info()
        .expect("a PNG");
    // Five images of 64 pixels as they are, and five as they are seen.
    assert!(reader.info().width > 640 && reader.info().height > 3 * 64);
}

#[test]
fn test_images_that_are_training_images_are_told_where_a_test_counts() {
    let folder = images();
    let at = folder.path();
    let score = |data: &str| {
        let arguments = ["score", "nbmacro:00000000", "--proxies", "snip"];
        run(
            at,
            &[&arguments[..], &["--batch", "8", "--data", data]].concat(),
        )
    };
    let info = || good(run(at, &["data", "info", "folder:own"]));
    assert!(!info().stderr.contains("copies"), "{}", info().stderr);
    // One under its own label, then another under a wrong one.
    let copy = |from: &str, to: &str| fs::copy(at.join(from), at.join(to)).expect("a copy");
    copy("own/train/ant/0.png", "own/test/ant/again.png");
    let told = "warning: folder: 1 of the test images is a copy of a training image, byte for byte";
    assert!(info().stderr.contains(told), "{}", info().stderr);
    copy("own/train/ant/3.png", "own/test/bee/again.png");
    let told = "warning: folder: 2 of the 14 test images are copies of training images";
    assert!(info().stderr.contains(told), "{}", info().stderr);
    let trained = good(train(at, "folder:own", "run"));
    assert!(trained.stderr.contains(told), "{}", trained.stderr);
    // A score has no test. Neither does it need one: five images a class are enough.
    let scored = good(score("folder:own"));
    assert!(!scored.stderr.contains("test image"), "{}", scored.stderr);
    for (class, name) in CLASSES.iter().enumerate() {
        fs::create_dir_all(at.join("few").join(name)).expect("a folder");
        for number in 0..5 {
            let path = at.join("few").join(name).join(format!("{number}.png"));
            write_png(&path, &image(class, number));
        }
    }
    let refused = train(at, "folder:few", "few.run");
    assert_eq!(refused.code, Some(3), "{}", refused.stderr);
    assert!(
        refused.stderr.contains("names no test images"),
        "{}",
        refused.stderr
    );
    good(score("folder:few"));
}

#[test]
fn noise_can_be_trained_on_and_says_what_it_is() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let arguments = [
        "train",
        "nbmacro:00000000",
        "--data",
        "noise",
        "--images",
        "40",
    ];
    let set = [
        "--set", "epochs=1", "--set", "batch=16", "-o", "run", "--json",
    ];
    let ended = run(folder.path(), &[&arguments[..], &set].concat());
    assert!(
        ended.stderr.contains("there is nothing to learn"),
        "{}",
        ended.stderr
    );
    let result = document(ended);
    assert_eq!(result["training"]["data"], "noise");
    assert_eq!(result["training"]["normalisation"], Value::Null);
}

#[test]
fn bad_images_end_every_command_with_their_name_a_hint_and_a_code() {
    let folder = images();
    let at = folder.path();
    let broken = at.join("own/train/bee/3.png");
    let whole = fs::read(&broken).expect("an image");
    let commands = |data: &str| {
        let train = train(at, data, "run");
        let plan = [
            "plan", "--spaces", "nbmacro", "--counts", "1", "--task", "train",
        ];
        let score = [
            "score",
            "nbmacro:00000000",
            "--proxies",
            "snip",
            "--data",
            data,
        ];
        [
            train,
            run(at, &[&plan[..], &["--data", data, "-o", "plan"]].concat()),
            run(at, &score),
            run(at, &["data", "info", data]),
        ]
    };
    let refused = |data: &str, code: i32, words: &str| {
        for ended in commands(data) {
            assert_eq!(ended.code, Some(code), "{data}: {}", ended.stderr);
            assert!(ended.stderr.contains(words), "{data}: {}", ended.stderr);
            assert!(ended.stderr.contains("hint: "), "{data}: {}", ended.stderr);
        }
    };
    refused("folder:nowhere", 5, "cannot read nowhere");
    refused("npy:own", 4, "holds no train_images.npy");
    fs::write(&broken, &whole[..whole.len() / 2]).expect("half an image");
    refused("folder:own", 3, "bee/3.png is no image");
    fs::write(&broken, "words").expect("a text");
    refused("folder:own", 3, "it is neither PNG nor JPEG");
    fs::write(&broken, whole).expect("an image");
    fs::remove_dir_all(at.join("own/train/ant")).expect("a folder");
    fs::remove_dir_all(at.join("own/train/bee")).expect("a folder");
    refused("folder:own", 3, "images of 1 class, 2 are the fewest");

    // Every network halves its images twice.
    let (pixels, labels) = (vec![9; 12 * 300], [0, 1].repeat(6));
    let view = |shape, data| TensorView::new(Dtype::U8, shape, data).expect("a tensor");
    let tensors = [
        ("images", view(vec![12, 3, 10, 10], &pixels)),
        ("labels", view(vec![12], &labels)),
    ];
    let bytes = serialize(tensors, None).expect("bytes");
    fs::write(at.join("ten.safetensors"), bytes).expect("a file");
    let [train_ended, plan_ended, score_ended, info_ended] = commands("ten.safetensors");
    for ended in [train_ended, plan_ended, score_ended] {
        assert_eq!(ended.code, Some(2), "{}", ended.stderr);
        assert!(
            ended.stderr.contains("built for 10 x 10 pixels"),
            "{}",
            ended.stderr
        );
    }
    good(info_ended);

    let batch = nbz_data::noise::images(0, "batch", 8, 16, 10).expect("a batch");
    fs::write(
        at.join("batch.safetensors"),
        nbz_data::tensors::bytes(&batch),
    )
    .expect("a file");
    let ended = train(at, "batch.safetensors", "run");
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("is one finished batch"),
        "{}",
        ended.stderr
    );
}
