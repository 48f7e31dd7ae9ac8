//! `nbzero import`: a table file from CSV, published Parquet or the score JSON of NAS-Bench-Suite-Zero.

use std::path::{Path, PathBuf};

use nbz_space::{Arch, Dataset, Space, Task};
use nbz_table::{Frame, Role, Values, export, import};
use serde::Serialize;

use crate::commands::space;
use crate::console::{Console, Form};
use crate::failure::CommandError;
use crate::source::{counted, grouped};

/// Make a table file from CSV, published Parquet or NAS-Bench-Suite-Zero's score JSON
///
/// A CSV file has a header and one network a line; the column `arch` names it. Empty cells are
/// missing; nan, inf and -inf are values.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The file to read: .csv, .parquet or .json
    input: PathBuf,
    /// The Parquet file to write; `export` makes CSV of it
    #[arg(long, short, value_name = "FILE.parquet")]
    output: PathBuf,
    /// The table's name [default: the input's file name]
    #[arg(long)]
    name: Option<String>,
    /// Where the numbers are from, written into every column of a CSV file [default: the input's file name]
    #[arg(long)]
    source: Option<String>,
    /// The column of accuracies in percent, where its name does not tell
    #[arg(long, value_name = "COLUMN")]
    accuracy: Option<String>,
    /// The data set of a file that does not say it; costs are counted for it
    #[arg(long, value_name = "NAME")]
    dataset: Option<String>,
    /// The space of the architectures, where it is a TOML file of your own
    #[arg(long, value_name = "FILE.toml")]
    space: Option<String>,
}

#[derive(Serialize)]
struct Document {
    table: String,
    rows: usize,
    columns: usize,
    written: String,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    if let (Ok(input), Ok(output)) = (args.input.canonicalize(), args.output.canonicalize())
        && input == output
    {
        return Err(CommandError::Usage {
            problem: format!("`{}` is both input and output", args.output.display()),
            hint: "name another file behind -o".to_owned(),
        }
        .into());
    }
    super::check_parquet(&args.output)?;
    let mut frame = read(args)?;
    console.note(format_args!(
        "read {}, {}, {}",
        args.input.display(),
        counted(frame.rows(), "row"),
        counted(frame.columns().len(), "column")
    ));
    if let Some(column) = &args.accuracy {
        frame.set_accuracy(column)?;
    }
    let space = args.space.as_deref().map(space::open).transpose()?;
    if let Some(space) = &space {
        // Whoever names a space wants to hear which string is not of it.
        for text in strings(&frame) {
            space.arch(text)?;
        }
        frame.define_spaces(&nbz_sweep::definition(space));
    }
    if extension(&args.input) == Some("csv") {
        count(&mut frame, args, space.as_ref(), console)?;
    }
    export::write_parquet(&frame, &args.output)?;
    console.note(format_args!("wrote {}", args.output.display()));
    if console.form() == Form::Json {
        console.json(&Document {
            table: frame.schema().name.clone(),
            rows: frame.rows(),
            columns: frame.columns().len(),
            written: args.output.display().to_string(),
        })?;
    }
    Ok(())
}

fn read(args: &Args) -> anyhow::Result<Frame> {
    let file_name = |part: Option<&std::ffi::OsStr>| {
        part.map_or_else(|| "table".to_owned(), |p| p.to_string_lossy().into_owned())
    };
    let name = args
        .name
        .clone()
        .unwrap_or_else(|| file_name(args.input.file_stem()));
    Ok(match extension(&args.input) {
        Some("csv") => {
            let source = args
                .source
                .clone()
                .unwrap_or_else(|| file_name(args.input.file_name()));
            import::import_csv(&args.input, &name, &source)?
        }
        Some("json") => import::import_suite_zero(&args.input, &name, args.dataset.as_deref())?,
        Some("parquet") => import::import_published(&args.input)?,
        _ => {
            return Err(CommandError::Usage {
                problem: format!("cannot tell the format of `{}`", args.input.display()),
                hint: "the name ends in .csv, .parquet or .json".to_owned(),
            }
            .into());
        }
    })
}

/// Adds the exact costs that the file does not give, if its architectures are of known spaces.
fn count(
    frame: &mut Frame,
    args: &Args,
    space: Option<&Space>,
    console: &Console,
) -> anyhow::Result<()> {
    if let Some(name) = &args.dataset
        && frame.schema().columns.iter().all(|c| c.dataset.is_none())
    {
        frame.set_dataset(&name.parse::<Dataset>()?.to_string());
    }
    let task = match (&args.dataset, space) {
        (Some(name), _) => name.parse::<Dataset>()?.into(),
        (None, Some(space)) => space.task(),
        (None, None) => usual_task(frame),
    };
    let read = |text: &str| match space {
        Some(space) => space.arch(text),
        None => text.parse::<Arch>(),
    };
    let added = import::add_costs(frame, |text| read(text).ok(), task)?;
    let (known, all, first) = spelled(frame, read);
    if known < all {
        console.warn(format_args!(
            "{} of {} lines name no network of a known space, the first `{first}`: no costs are counted",
            grouped((all - known) as u64),
            grouped(all as u64)
        ));
    }
    if !added.is_empty() {
        console.note(format_args!(
            "counted {} from the architectures",
            added.join(", ")
        ));
        if added.iter().any(|name| name == "macs") && args.dataset.is_none() {
            console.note(format_args!(
                "no --dataset named: costs are for {}",
                task.label()
            ));
        }
    }
    Ok(())
}

/// The architecture strings of a frame.
fn strings(frame: &Frame) -> impl Iterator<Item = &str> {
    let archs = frame.columns().find(|(info, _)| info.role == Role::Arch);
    let texts = archs.and_then(|(_, values)| match values {
        Values::Text(texts) => Some(texts.values()),
        _ => None,
    });
    texts.into_iter().flatten().flatten().map(String::as_str)
}

/// Public networks were trained on CIFAR-10; the paper's spaces are costed for CIFAR-100.
fn usual_task(frame: &Frame) -> Task {
    let public =
        |text: &str| matches!(text.parse::<Arch>(), Ok(arch) if !matches!(arch, Arch::Staged(_)));
    if strings(frame).all(public) {
        Dataset::Cifar10.into()
    } else {
        Task::default()
    }
}

/// How many strings name networks, how many there are, and the first that names none.
fn spelled<E>(frame: &Frame, read: impl Fn(&str) -> Result<Arch, E>) -> (usize, usize, String) {
    let (mut known, mut all, mut first) = (0, 0, None);
    for text in strings(frame) {
        all += 1;
        if read(text).is_ok() {
            known += 1;
        } else {
            first.get_or_insert(text);
        }
    }
    (
        known,
        all,
        first.unwrap_or_default().chars().take(60).collect(),
    )
}

fn extension(path: &Path) -> Option<&str> {
    path.extension()?.to_str()
}
