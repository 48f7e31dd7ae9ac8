//! `nbzero serve`: the page of `explore` for browsers of this machine.

use nbz_explore::Server;
use serde::Serialize;

use crate::console::{Console, Form};
use crate::explorer::ExplorerArgs;
use crate::source::Read;

/// Serve the page of `nbzero explore` to browsers of this machine, until Ctrl-C
///
/// Listens on 127.0.0.1 alone and gives one page, under no name but 127.0.0.1 and localhost. It opens no browser: the
/// address is printed. Ctrl-C ends it with exit code 130.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    explorer: ExplorerArgs,
    /// The port; 0 takes any free one
    #[arg(long, value_name = "PORT", default_value_t = 8201)]
    port: u16,
}

#[derive(Serialize)]
struct Document {
    read: Read,
    address: String,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    // Before the page is made, so that a port that is taken is said at once.
    let server = Server::bind(args.port)?;
    let made = args.explorer.make(console)?;
    let address = server.url();
    match console.form() {
        Form::Json => console.json(&Document {
            read: made.source.read(),
            address,
        })?,
        Form::Text => console.data(format_args!("{address}\n"))?,
    }
    console.note("Ctrl-C ends the server");
    match server.run(made.page)? {}
}
