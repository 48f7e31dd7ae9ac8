//! `nbzero data`: what images are where.

mod sheet;

use std::path::{Path, PathBuf};

use nbz_data::imagenet16::{self, Found, Part};
use nbz_data::{DataError, DataSet, Facts, Pictures, Records, Split};
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
        /// A folder or tarball of CIFAR-10 or CIFAR-100 in binary form, or of ImageNet-16
        path: PathBuf,
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
    dataset: &'static str,
    part: &'static str,
    files: Vec<File>,
    images: usize,
    height: usize,
    width: usize,
    per_class: Vec<usize>,
    mean: [f64; 3],
    deviation: [f64; 3],
    digest: String,
}

#[derive(Serialize)]
struct File {
    name: &'static str,
    images: usize,
    /// Of CIFAR; the other release is known by its MD5.
    sha256: Option<String>,
    canonical_sha256: Option<String>,
    md5: Option<String>,
    released: Option<bool>,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let Command::Info { path, sheet } = &args.command;
    let mut sets = Vec::new();
    let mut shown: Option<Pictures> = None;
    let mut absent = None;
    for dataset in [DataSet::Cifar10, DataSet::Cifar100] {
        for (part, split) in [("training", Split::Train), ("test", Split::Test)] {
            match read(dataset, part, split, path, console) {
                Ok((set, pictures)) => {
                    sets.push(set);
                    if sheet.is_some() && split == Split::Train {
                        shown.get_or_insert(pictures);
                    }
                }
                Err(DataError::Missing { .. }) if absent.is_some() => {}
                Err(error @ DataError::Missing { .. }) => absent = Some(error),
                Err(error) => return Err(error.into()),
            }
        }
    }
    for (name, part) in [("training", Part::Training), ("test", Part::Test)] {
        match imagenet16::read(path, part) {
            Ok(Found {
                pictures,
                shortfall,
                files,
            }) => {
                if let Some(shortfall) = shortfall {
                    console.note(format_args!("{}, {name}: {shortfall}", pictures.name()));
                }
                let files = files.into_iter().map(|file| File {
                    name: file.name,
                    images: file.images,
                    sha256: None,
                    canonical_sha256: None,
                    md5: Some(file.md5),
                    released: Some(file.released),
                });
                sets.push(Set::of("imagenet16-120", name, files.collect(), &pictures));
                if sheet.is_some() && part == Part::Training {
                    shown.get_or_insert(pictures);
                }
            }
            Err(DataError::Missing { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if let Some(error) = absent.filter(|_| sets.is_empty()) {
        return Err(error.into());
    }
    if let Some(file) = sheet {
        let pictures = shown.ok_or_else(|| CommandError::Usage {
            problem: "a sheet is of training images, of which there are none here".to_owned(),
            hint: "name a folder that holds some".to_owned(),
        })?;
        nbz_table::atomic::write_bytes(file, &sheet::sheet(&pictures))?;
        console.note(format_args!("wrote {}", file.display()));
    }
    match console.form() {
        Form::Json => Ok(console.json(&Document { sets })?),
        Form::Text => Ok(console.grid(&grid(&sets))?),
    }
}

fn read(
    dataset: DataSet,
    part: &'static str,
    split: Split,
    path: &Path,
    console: &Console,
) -> Result<(Set, Pictures), DataError> {
    let records = Records::open(dataset, split, path)?;
    if let Some(shortfall) = records.shortfall() {
        console.note(format_args!("{dataset}, {part}: {shortfall}"));
    }
    let pictures = Pictures::from(&records);
    let files = records.files().iter().map(|file| File {
        name: file.name,
        images: file.records,
        sha256: Some(file.digest.to_string()),
        canonical_sha256: Some(file.canonical_digest.to_string()),
        md5: None,
        released: file.released,
    });
    let set = Set::of(dataset.name(), part, files.collect(), &pictures);
    Ok((set, pictures))
}

impl Set {
    fn of(
        dataset: &'static str,
        part: &'static str,
        files: Vec<File>,
        pictures: &Pictures,
    ) -> Self {
        let Facts {
            per_class,
            mean,
            deviation,
        } = Facts::of(pictures);
        let [height, width] = pictures.size();
        Self {
            dataset,
            part,
            files,
            images: pictures.count(),
            height,
            width,
            per_class,
            mean,
            deviation,
            digest: pictures.digest().to_string(),
        }
    }
}

fn grid(sets: &[Set]) -> Grid {
    let headings = [
        ("data set", Align::Left),
        ("part", Align::Left),
        ("images", Align::Right),
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
        let released = match (is(Some(false)), is(None) || set.files.is_empty()) {
            (true, _) => "no",
            (false, true) => "not known of every file",
            (false, false) => "yes",
        };
        grid.row([
            set.dataset.to_owned(),
            set.part.to_owned(),
            grouped(set.images as u64),
            range,
            channels(set.mean),
            channels(set.deviation),
            released.to_owned(),
            set.digest[..12].to_owned(),
        ]);
    }
    grid
}
