//! `nbzero completions`: what a shell needs to complete the command line.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::console::Console;

/// Print the completions of a shell
///
/// bash: nbzero completions bash > ~/.local/share/bash-completion/completions/nbzero
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "nbzero", &mut script);
    console.data(String::from_utf8_lossy(&script))?;
    Ok(())
}
