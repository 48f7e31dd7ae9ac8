//! `nbzero tour`: the program shown by itself, on what it carries inside.
//!
//! A stop is a few words and a command, which is run as if it had been typed. Nothing is prepared: what is shown
//! is what anybody gets who types it.

use std::io::{self, BufRead, IsTerminal};
use std::path::PathBuf;

use anstyle::Style;
use clap::Parser;
use serde::Serialize;

use crate::cli::Cli;
use crate::commands;
use crate::console::{self, Console, Form, wrapped};
use crate::failure::CommandError;

/// Show what nbzero does: nine commands with what they print, on the tables inside the program
///
/// On a terminal it waits for Enter behind each. Files go to a folder of their own, which may be deleted.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder for what the commands write
    #[arg(long, short, value_name = "FOLDER", default_value = "nbzero-tour", value_hint = clap::ValueHint::DirPath)]
    output: PathBuf,
}

/// A title, words, and a command; `OUT` in it stands for the folder.
struct Stop {
    title: &'static str,
    words: &'static str,
    command: &'static [&'static str],
}

const STOPS: [Stop; 9] = [
    Stop {
        title: "What is inside",
        words: "Two public benchmarks whose networks were all trained, and small tables trained here. Every number carries where it \
                comes from.",
        command: &["tables"],
    },
    Stop {
        title: "A network is a line of text",
        words: "Four stages of residual blocks: width, stride, number of blocks. The costs follow from the line alone.",
        command: &["show", "r1:16s2x3-32s1x4-128s2x1-128s2x3"],
    },
    Stop {
        title: "The question",
        words: "You may train one network of at most 60 million multiply-accumulates. Which? The first row is the truth, \
                the others are what each proxy would pick without training any: `distance` is what that costs you.",
        command: &["best", "--table", "nas-bench-201", "--max-macs", "60M"],
    },
    Stop {
        title: "The measure",
        words: "One budget may be luck. The paper asks under five, and takes the mean rank of what is picked.",
        command: &["explain", "mbr"],
    },
    Stop {
        title: "Scores of your own",
        words: "Proxies are computed on real networks, here of 24 of NAS-Bench-Macro and on noise for want of images. \
                `--proxy` puts a program of yours beside them.",
        command: &[
            "score",
            "--table",
            "nas-bench-macro",
            "--count",
            "24",
            "--data",
            "noise",
            "--proxies",
            "zen,nwot,synflow",
            "-o",
            "OUT/scores.parquet",
        ],
    },
    Stop {
        title: "How good they are",
        words: "Correlations look at all networks, mBR at the ones that would be picked. The intervals say what 24 \
                networks can tell.",
        command: &[
            "evaluate",
            "OUT/scores.parquet",
            "--table",
            "nas-bench-macro",
            "--against",
            "swap",
        ],
    },
    Stop {
        title: "What a score sees",
        words: "Which choices decide the accuracy of a network, by boosted trees; name a proxy instead to see what it \
                looks at.",
        command: &[
            "factors",
            "--table",
            "nas-bench-macro",
            "--target",
            "accuracy",
        ],
    },
    Stop {
        title: "The paper",
        words: "Its Table 1 and Figure 4, from these data. `reproduce all` makes every table, figure and claim, and a page.",
        command: &[
            "reproduce",
            "table1",
            "fig4",
            "--table",
            "nas-bench-macro",
            "-o",
            "OUT/report",
        ],
    },
    Stop {
        title: "To look at",
        words: "The same table as a page: open it, turn a budget, click a network.",
        command: &[
            "explore",
            "--table",
            "nas-bench-macro",
            "-o",
            "OUT/explorer.html",
        ],
    },
];

/// Where to go from here.
const END: &str = "\nThat was all of it. `nbzero help` lists the commands, README.md and docs/ tell of journeys:\n\
                   a proxy of your own, a network under a budget, trainings on a cluster.\n";

#[derive(Serialize)]
struct Document {
    stops: Vec<StopDocument>,
}

#[derive(Serialize)]
struct StopDocument {
    title: &'static str,
    words: &'static str,
    command: Vec<String>,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    if console.form() == Form::Json {
        let document = |stop: &Stop| StopDocument {
            title: stop.title,
            words: stop.words,
            command: stop.typed(args),
        };
        let stops = STOPS.iter().map(document).collect();
        return Ok(console.json(&Document { stops })?);
    }
    let bold = if io::stdout().is_terminal() {
        Style::new().bold()
    } else {
        Style::new()
    };
    for (at, stop) in STOPS.iter().enumerate() {
        if at > 0 && !goes_on(console)? {
            return Ok(());
        }
        let typed = stop.typed(args);
        console.data(format_args!(
            "\n{bold}{} of {}: {}{bold:#}\n{}\n$ nbzero {}\n",
            at + 1,
            STOPS.len(),
            stop.title,
            wrapped(stop.words, "", console::width()),
            typed.join(" ")
        ))?;
        std::fs::create_dir_all(&args.output).map_err(|source| CommandError::File {
            verb: "write",
            path: args.output.display().to_string(),
            source,
        })?;
        let words = std::iter::once("nbzero".to_owned()).chain(typed);
        commands::run(Cli::try_parse_from(words)?.command, console)?;
    }
    Ok(console.data(END)?)
}

impl Stop {
    /// The command as it is typed, without the program's name.
    fn typed(&self, args: &Args) -> Vec<String> {
        let folder = args.output.display().to_string();
        let word = |word: &&str| word.replace("OUT", &folder);
        self.command.iter().map(word).collect()
    }
}

/// Waits where somebody looks; whether they want to see more.
fn goes_on(console: &Console) -> io::Result<bool> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Ok(true);
    }
    console.note("\nEnter: go on, q: end");
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line)?;
    Ok(read > 0 && !line.trim().eq_ignore_ascii_case("q"))
}
