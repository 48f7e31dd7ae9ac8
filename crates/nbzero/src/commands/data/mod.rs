//! `nbzero data`: what images are where.

mod sheet;

use std::path::{Path, PathBuf};

use nbz_data::{Data, DataError, DataSet, Facts, Found, SourceFile, copies};
use serde::Serialize;

use crate::console::{Console, Form};
use crate::failure::CommandError;
use crate::grid::{Align, Grid};
use crate::source::grouped;

/// Images: what a folder or tarball holds
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Counts, classes, mean and deviation by channel, digests
    Info {
        /// Images as `--data` takes them, such as folder:PATH; or a path alone, where every kind is looked for
        #[arg(value_name = "IMAGES")]
        images: String,
        /// Also draw a PNG of training images, as they are stored and as they are seen in training
        #[arg(long, value_name = "FILE")]
        sheet: Option<PathBuf>,
    },
}

#[derive(Serialize)]
struct Document {
    sets: Vec<Set>,
}

#[derive(Serialize)]
struct Set {
    dataset: String,
    part: &'static str,
    files: Vec<File>,
    images: usize,
    height: usize,
    width: usize,
    /// Null where the classes have no names.
    class_names: Option<Vec<String>>,
    per_class: Vec<usize>,
    mean: [f64; 3],
    deviation: [f64; 3],
    digest: String,
    /// Whether it is of a known data set.
    #[serde(skip)]
    has_release: bool,
}

#[derive(Serialize)]
struct File {
    name: String,
    images: usize,
    /// Of all but ImageNet-16, which is known by its MD5.
    sha256: Option<String>,
    canonical_sha256: Option<String>,
    md5: Option<String>,
    released: Option<bool>,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let Command::Info { images, sheet } = &args.command;
    let found = find(images)?;
    for (part, images) in &found {
        if let Some(remark) = &images.remark {
            console.note(format_args!("{}, {part}: {remark}", images.pictures.name()));
        }
    }
    for pair in found.windows(2) {
        if let [("training", training), ("test", test)] = pair {
            let (training, test) = (&training.pictures, &test.pictures);
            if let Some(remark) = copies::remark(training, test) {
                console.warn(format_args!("{}: {remark}", test.name()));
            }
        }
    }
    if let Some(file) = sheet {
        let training = found.iter().find(|(part, _)| *part == "training");
        let (_, images) = training.ok_or_else(|| CommandError::Usage {
            problem: "a sheet is of training images, of which there are none here".to_owned(),
            hint: "name a folder that holds some".to_owned(),
        })?;
        nbz_table::atomic::write_bytes(file, &sheet::sheet(images))?;
        console.note(format_args!("wrote {}", file.display()));
    }
    let sets: Vec<Set> = found
        .into_iter()
        .map(|(part, images)| Set::of(part, images))
        .collect();
    match console.form() {
        Form::Json => Ok(console.json(&Document { sets })?),
        Form::Text => Ok(console.grid(&grid(&sets))?),
    }
}

/// Images of a part, `training` or `test`.
type Part = (&'static str, Found);

/// The images of a source as it is typed elsewhere, or of whatever a path holds.
fn find(text: &str) -> Result<Vec<Part>, DataError> {
    if let Ok(data) = text.parse() {
        return parts(&[data]);
    }
    let path = || PathBuf::from(text);
    if path().join("train_images.npy").exists() {
        return parts(&[Data::Arrays(path())]);
    }
    let released = parts(&[
        Data::Cifar(DataSet::Cifar10, path()),
        Data::Cifar(DataSet::Cifar100, path()),
        Data::ImageNet16(path()),
    ]);
    match released {
        Err(DataError::Missing { .. }) if has_folders(&path()) => parts(&[Data::Folder(path())]),
        released => released,
    }
}

/// The parts that are there; the first that is missing, if none is.
fn parts(sources: &[Data]) -> Result<Vec<Part>, DataError> {
    let (mut found, mut absent) = (Vec::new(), None);
    for data in sources {
        let sets = data.read()?;
        for (part, images) in [("training", sets.training), ("test", sets.test)] {
            match images {
                Ok(images) => found.push((part, images)),
                Err(missing) => absent = absent.or(Some(missing)),
            }
        }
    }
    match absent {
        Some(missing) if found.is_empty() => Err(missing),
        _ => Ok(found),
    }
}

fn has_folders(path: &Path) -> bool {
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| entry.path().is_dir())
}

impl Set {
    fn of(part: &'static str, images: Found) -> Self {
        let Found {
            pictures,
            files,
            class_names,
            ..
        } = images;
        let Facts {
            per_class,
            mean,
            deviation,
        } = Facts::of(&pictures);
        let [height, width] = pictures.size();
        let file = |file: SourceFile| File {
            name: file.name,
            images: file.images,
            sha256: file.sha256.map(|d| d.to_string()),
            canonical_sha256: file.canonical_sha256.map(|d| d.to_string()),
            md5: file.md5,
            released: file.released,
        };
        let files: Vec<File> = files.into_iter().map(file).collect();
        Self {
            dataset: pictures.name().to_owned(),
            part,
            images: pictures.count(),
            height,
            width,
            class_names: (!class_names.is_empty()).then_some(class_names),
            per_class,
            mean,
            deviation,
            digest: pictures.digest().to_string(),
            has_release: pictures.measured_scale().is_none() && !files.is_empty(),
            files,
        }
    }
}

fn grid(sets: &[Set]) -> Grid {
    let headings = [
        ("data set", Align::Left),
        ("part", Align::Left),
        ("images", Align::Right),
        ("pixels", Align::Right),
        ("classes", Align::Right),
        ("a class", Align::Right),
        ("mean", Align::Right),
        ("deviation", Align::Right),
        ("as released", Align::Left),
        ("digest", Align::Left),
    ];
    let mut grid = Grid::new(headings);
    for set in sets {
        let channels = |of: [f64; 3]| of.map(|v| format!("{v:.4}")).join(" ");
        let (least, most) = (set.per_class.iter().min(), set.per_class.iter().max());
        let range = match (least, most) {
            (Some(least), Some(most)) if least == most => least.to_string(),
            (Some(least), Some(most)) => format!("{least} to {most}"),
            _ => "-".to_owned(),
        };
        let is = |answer| set.files.iter().map(|f| f.released).any(|r| r == answer);
        let released = match (is(Some(false)), is(None)) {
            _ if !set.has_release => "-",
            (true, _) => "no",
            (false, true) => "not known of every file",
            (false, false) => "yes",
        };
        grid.row([
            set.dataset.clone(),
            set.part.to_owned(),
            grouped(set.images as u64),
            format!("{} x {}", set.height, set.width),
            set.per_class.len().to_string(),
            range,
            channels(set.mean),
            channels(set.deviation),
            released.to_owned(),
            set.digest[..12].to_owned(),
        ]);
    }
    grid
}
