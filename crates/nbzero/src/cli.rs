//! What was typed: the tree of commands as clap reads it, and the flags that all of them share.

use clap::{Parser, Subcommand};

use crate::commands::{
    bench, best, cancel, check, collect, completions, data, evaluate, explain, explore, export,
    factors, help, import, info, man, merge, pareto, plan, query, reproduce, retry, score, serve,
    show, similarity, space, status, submit, tables, tour, train, work,
};
use crate::console::{Form, Words};

/// Rank neural networks without training them: the benchmark, its tables and its measures.
///
/// Data goes to standard output, words to standard error. Numbers may be written as people write them:
/// 60M, 1.5G, 3ms. `nbzero help exit-codes` tells how the program ends, `nbzero explain` what every
/// measure and cost means.
#[derive(Debug, Parser)]
#[command(
    name = "nbzero",
    version,
    disable_help_subcommand = true,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    /// Print one JSON document; its keys are described in docs/json.md and do not change
    #[arg(long, global = true, help_heading = "Everywhere")]
    json: bool,
    /// Say nothing on standard error but errors
    #[arg(long, short, global = true, help_heading = "Everywhere")]
    quiet: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Cli {
    pub(crate) fn form(&self) -> Form {
        if self.json { Form::Json } else { Form::Text }
    }

    pub(crate) fn words(&self) -> Words {
        if self.quiet {
            Words::Errors
        } else {
            Words::All
        }
    }
}

/// Everything that the program can be asked.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Tables(tables::Args),
    Space(space::Args),
    Show(show::Args),
    Query(query::Args),
    Best(best::Args),
    Pareto(pareto::Args),
    Evaluate(evaluate::Args),
    Similarity(similarity::Args),
    Factors(factors::Args),
    Score(Box<score::Args>),
    Data(data::Args),
    Train(Box<train::Args>),
    Merge(merge::Args),
    Plan(plan::Args),
    Check(check::Args),
    Submit(submit::Args),
    Cancel(cancel::Args),
    Work(work::Args),
    Status(status::Args),
    Retry(retry::Args),
    Collect(collect::Args),
    Reproduce(reproduce::Args),
    Explore(explore::Args),
    Serve(serve::Args),
    Import(import::Args),
    Export(export::Args),
    Bench(bench::Args),
    Info(info::Args),
    Explain(explain::Args),
    Tour(tour::Args),
    Completions(completions::Args),
    Man(man::Args),
    Help(help::Args),
}
