//! `nbzero help`: help on the program, on a command, or on a subject such as `exit-codes`.

use clap::CommandFactory;

use crate::cli::Cli;
use crate::commands::explain;
use crate::console::Console;
use crate::failure::CommandError;
use crate::names::nearest;
use crate::topics;

/// Print help on a command, or on a subject: exit-codes, units, json
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A command and its subcommand, or a subject
    #[arg(value_name = "COMMAND|SUBJECT")]
    path: Vec<String>,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    if let [subject] = args.path.as_slice()
        && let Some(topic) = topics::find(subject)
        && Cli::command().find_subcommand(subject).is_none()
    {
        return explain::print(topic, console);
    }
    let mut root = Cli::command();
    root.build();
    let mut command = &mut root;
    for name in &args.path {
        if command.find_subcommand(name).is_none() {
            return Err(unknown(name, command).into());
        }
        command = command
            .find_subcommand_mut(name)
            .expect("the command was found one line above");
    }
    console.data(command.render_long_help())?;
    Ok(())
}

fn unknown(name: &str, parent: &clap::Command) -> CommandError {
    let mut commands: Vec<&str> = topics::names().collect();
    commands.extend(parent.get_subcommands().map(clap::Command::get_name));
    let hint = match nearest(name, commands) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`nbzero help` lists the commands, `nbzero explain` the subjects".to_owned(),
    };
    CommandError::Unknown {
        what: "command or subject",
        name: name.to_owned(),
        hint,
    }
}
