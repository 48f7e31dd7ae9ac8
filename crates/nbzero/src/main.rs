//! The command line of nbzero: parses, calls the library, prints. No science lives here.
//!
//! A command passes two steps. [`cli`] holds what was typed, as clap reads it; each file of
//! [`commands`] resolves that against the world (which table, which data set, which column) and only
//! then computes and prints. Nothing reaches standard output before the whole answer is known.

mod budgets;
mod bytes;
mod cli;
mod commands;
mod console;
mod explorer;
mod failure;
mod figures;
mod grid;
mod hybrid;
mod interrupt;
mod limits;
mod names;
mod number;
mod own_scores;
mod page;
mod source;
mod topics;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;
use crate::console::Console;

fn main() -> ExitCode {
    interrupt::exit_on_ctrl_c();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(refusal) => return failure::usage(&refusal),
    };
    let console = Console::new(cli.form(), cli.words());
    match commands::run(cli.command, &console) {
        Ok(()) => ExitCode::from(nbzero::exit_code::OK),
        Err(error) => failure::report(&error),
    }
}
