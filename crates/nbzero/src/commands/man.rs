//! `nbzero man`: the manual pages, one a command, from the same definitions as the help.

use std::path::PathBuf;

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::cli::Cli;
use crate::console::Console;
use crate::failure::CommandError;

/// Print the manual page, or write one page a command
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write nbzero.1, nbzero-best.1 and so on into this folder
    #[arg(long, short, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    let Some(folder) = &args.output else {
        console.data(String::from_utf8_lossy(&page(&root)?))?;
        return Ok(());
    };
    std::fs::create_dir_all(folder).map_err(|source| CommandError::File {
        verb: "write",
        path: folder.display().to_string(),
        source,
    })?;
    let mut pages = Vec::new();
    collect(&root, &mut pages);
    for command in pages {
        let name = format!("{}.1", title(command));
        nbz_table::atomic::write_bytes(&folder.join(name), &page(command)?)?;
    }
    Ok(())
}

fn collect<'a>(command: &'a Command, pages: &mut Vec<&'a Command>) {
    pages.push(command);
    for sub in command.get_subcommands().filter(|c| !c.is_hide_set()) {
        collect(sub, pages);
    }
}

fn title(command: &Command) -> String {
    command
        .get_display_name()
        .unwrap_or(command.get_name())
        .to_owned()
}

fn page(command: &Command) -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    // Without a date: the same source gives the same page on every day.
    Man::new(command.clone())
        .title(title(command).to_uppercase())
        .date("")
        .render(&mut page)?;
    Ok(page)
}
