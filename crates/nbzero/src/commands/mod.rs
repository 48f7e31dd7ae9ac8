//! The commands, one file each: what was typed (`Args`), and `run`, which resolves, computes and prints.

pub(crate) mod bench;
pub(crate) mod best;
pub(crate) mod cancel;
pub(crate) mod check;
pub(crate) mod cluster;
pub(crate) mod collect;
pub(crate) mod completions;
pub(crate) mod data;
pub(crate) mod evaluate;
pub(crate) mod explain;
pub(crate) mod explore;
pub(crate) mod export;
pub(crate) mod factors;
pub(crate) mod help;
pub(crate) mod import;
pub(crate) mod info;
pub(crate) mod man;
pub(crate) mod merge;
pub(crate) mod pareto;
pub(crate) mod plan;
pub(crate) mod query;
pub(crate) mod reproduce;
pub(crate) mod retry;
pub(crate) mod score;
pub(crate) mod serve;
pub(crate) mod show;
pub(crate) mod similarity;
pub(crate) mod space;
pub(crate) mod status;
pub(crate) mod submit;
pub(crate) mod tables;
pub(crate) mod tour;
pub(crate) mod train;
pub(crate) mod work;

use std::path::Path;

use crate::cli::Command;
use crate::console::Console;
use crate::failure::CommandError;

/// Threads that were asked for, by default the machine's cores.
pub(crate) fn threads(asked: Option<usize>) -> Result<usize, CommandError> {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    match asked.unwrap_or_else(cores) {
        threads @ 1..=1024 => Ok(threads),
        threads => Err(CommandError::Usage {
            problem: format!("{threads} threads"),
            hint: "take 1 to 1024".to_owned(),
        }),
    }
}

/// Refuses to write a table under a name that says it is none of Parquet: whoever opens it goes by the name. Devices and
/// pipes have the names that they have.
pub(crate) fn check_parquet(output: &Path) -> Result<(), CommandError> {
    let ending = output.extension().and_then(|e| e.to_str());
    let is_special = || std::fs::metadata(output).is_ok_and(|m| !m.is_file() && !m.is_dir());
    if ending.is_some_and(|e| e.eq_ignore_ascii_case("parquet")) || is_special() {
        return Ok(());
    }
    let mut named = output.to_path_buf();
    named.set_extension("parquet");
    Err(CommandError::Usage {
        problem: format!(
            "a table is written as Parquet, `{}` is not named so",
            output.display()
        ),
        hint: format!(
            "write {}; `nbzero export {0} -o FILE.csv` makes CSV of it",
            named.display()
        ),
    })
}

/// Runs one command.
pub(crate) fn run(command: Command, console: &Console) -> anyhow::Result<()> {
    match command {
        Command::Tables(args) => tables::run(&args, console),
        Command::Export(args) => export::run(&args, console),
        Command::Explore(args) => explore::run(&args, console),
        Command::Serve(args) => serve::run(&args, console),
        Command::Import(args) => import::run(&args, console),
        Command::Space(args) => space::run(&args, console),
        Command::Show(args) => show::run(&args, console),
        Command::Query(args) => query::run(&args, console),
        Command::Best(args) => best::run(&args, console),
        Command::Evaluate(args) => evaluate::run(&args, console),
        Command::Similarity(args) => similarity::run(&args, console),
        Command::Factors(args) => factors::run(&args, console),
        Command::Pareto(args) => pareto::run(&args, console),
        Command::Score(args) => score::run(&args, console),
        Command::Data(args) => data::run(&args, console),
        Command::Train(args) => train::run(&args, console),
        Command::Plan(args) => plan::run(&args, console),
        Command::Check(args) => check::run(&args, console),
        Command::Submit(args) => submit::run(&args, console),
        Command::Cancel(args) => cancel::run(&args, console),
        Command::Work(args) => work::run(&args, console),
        Command::Status(args) => status::run(&args, console),
        Command::Retry(args) => retry::run(&args, console),
        Command::Collect(args) => collect::run(&args, console),
        Command::Merge(args) => merge::run(&args, console),
        Command::Reproduce(args) => reproduce::run(&args, console),
        Command::Bench(args) => bench::run(&args, console),
        Command::Info(args) => info::run(&args, console),
        Command::Tour(args) => tour::run(&args, console),
        Command::Explain(args) => explain::run(&args, console),
        Command::Completions(args) => completions::run(&args, console),
        Command::Man(args) => man::run(&args, console),
        Command::Help(args) => help::run(&args, console),
    }
}
