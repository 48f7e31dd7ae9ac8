//! `nbzero reproduce`: the paper's tables, claims and figures on really trained networks, as a folder of files.

mod overview;
mod parts;
mod refusals;
mod tables;

use std::path::PathBuf;

use nbz_report::{Part, Report, Settings};
use nbz_study::{PAPER_BUDGETS, Reading, Recipe};
use nbz_table::Table;

use self::overview::{document, overview};
use self::parts::{Parts, list};
use self::refusals::{refuse_below_a_file, refuse_foreign, refuse_nothing};
use crate::budgets;
use crate::console::{Console, Form};
use crate::failure::CommandError;
use crate::figures::{self, Drawn};
use crate::number::draws;
use crate::page;

/// Write the paper's tables, figures and claims, computed on public benchmarks
///
/// A network, data set or table that cannot be measured, such as one without the accuracies that a part needs or with
/// infinite MACs, is left out: the report and a warning name it and say why, and the rest is written with exit code 0.
/// Nothing at all to measure is an error.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// table1, table2, table3, claims, standing, similarity, fig1 to fig10, fig7-bars, similarity-map or all, which adds
    /// a page of everything, index.html [default: the tables]
    #[arg(value_name = "PART")]
    parts: Vec<String>,
    /// List the parts and what they show, and write nothing
    #[arg(long)]
    list: bool,
    /// Compute on this table only: embedded or a file; may be repeated [default: all embedded ones with
    /// accuracies, and for Figure 7 and claims on scores the scores of the paper's lists]
    #[arg(long, short, value_name = "TABLE")]
    table: Vec<String>,
    /// Compute on this table as well: embedded or a file; may be repeated
    #[arg(long, value_name = "TABLE")]
    with: Vec<String>,
    /// Add the proxies of this file of scores to the tables whose networks it names; may be repeated. Embedded scores
    /// of the same name give way
    #[arg(long, value_name = "FILE.parquet")]
    scores: Vec<PathBuf>,
    /// The folder to write
    #[arg(
        long,
        short,
        value_name = "FOLDER",
        default_value = "nbzero-report",
        value_hint = clap::ValueHint::DirPath
    )]
    output: PathBuf,
    /// Of which table figures 3 to 6 and 9 of the page can be pointed at and enlarged, such as "nas-bench-201 cifar100"
    /// [default: the one with the most scores]
    #[arg(long, value_name = "TABLE")]
    charts: Option<String>,
    /// Rank raw values as the paper does (larger first), or each proxy in its own direction
    #[arg(long, value_enum, default_value_t = ReadingArg::Raw)]
    reading: ReadingArg,
    /// Half-samples behind each interval of mBR and of the accuracy found; 0 for none
    #[arg(long, value_name = "COUNT", value_parser = draws, default_value_t = Recipe::default().draws)]
    draws: usize,
    /// Names the random streams of the half-samples
    #[arg(long, value_name = "SEED", default_value_t = Recipe::default().seed)]
    seed: u64,
    /// Even budgets of each cost, between its smallest and its largest value
    #[arg(long, value_name = "COUNT", value_parser = budgets::count, default_value_t = PAPER_BUDGETS)]
    budgets: usize,
    /// Neither read nor keep finished tables (in FOLDER/.cache)
    #[arg(long)]
    no_cache: bool,
}

/// The reading as typed.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum ReadingArg {
    Raw,
    Intended,
}

impl From<ReadingArg> for Reading {
    fn from(typed: ReadingArg) -> Self {
        match typed {
            ReadingArg::Raw => Self::Raw,
            ReadingArg::Intended => Self::Intended,
        }
    }
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    if args.list {
        return list(console);
    }
    let Parts { parts, figures } = Parts::named(&args.parts)?;
    refuse_foreign(&args.output)?;
    refuse_below_a_file(&args.output)?;
    let mut tables = args.tables(console)?;
    tables.sort_by_key(figures::are_scores_of_several_spaces); // they have no pools, and the figures take them last
    args.check_charts(&tables)?;
    let settings = Settings {
        reading: args.reading.into(),
        recipe: Recipe {
            seed: args.seed,
            draws: args.draws,
        },
        budgets: args.budgets,
        cache: (!args.no_cache).then(|| args.output.join(".cache")),
    };
    let lists = args.lists(&parts, &figures, &tables, console);
    let report = console.step_by_step(|tell| {
        Report::compute(
            &tables,
            lists.as_slice(),
            &parts,
            &settings,
            |at, of, title| {
                tell(format!("measuring {title} ({at} of {of})"));
            },
        )
    })?;
    let drawn = if figures.is_empty() {
        Drawn::default()
    } else {
        let drawn = console.step_by_step(|tell| {
            let all = (tables.as_slice(), lists.as_ref());
            figures::draw(&figures, all, &settings, &args.output, tell)
        })?;
        tables.extend(lists);
        drawn
    };
    refuse_nothing(&report, &drawn)?;
    let mut files = report.write(&args.output, &parts, &drawn.markdown)?;
    files.extend_from_slice(&drawn.files);
    if args.everything() {
        let charts = args.charts.as_deref();
        if let Some(name) = charts
            && nbz_page::charts_of(&drawn.prints, charts).is_empty()
        {
            console.warn(format_args!(
                "no charts on the page: figure 3 was not drawn of {name}"
            ));
        }
        files.push(page::write(&report, &tables, &drawn, charts, &args.output)?);
    }
    if console.form() == Form::Json {
        console.json(&document(&report, &args.output, &files))?;
    } else if !parts.is_empty() && !report.table1.is_empty() {
        console.grid(&overview(&report))?;
    }
    for left_out in &report.left_out {
        console.warn(format_args!("left out {left_out}"));
    }
    for (part, empty) in [
        (Part::Claims, report.claims.is_none()),
        (Part::Table2, report.table2.is_empty()),
        (Part::Table3, report.table3.is_empty()),
        (Part::Standing, report.standings.is_empty()),
        (Part::Similarity, report.alike.is_empty()),
    ] {
        if empty && args.parts.iter().any(|p| p == part.name()) {
            console.warn(format_args!(
                "nothing for {}: {}",
                part.name(),
                part.why_empty()
            ));
        }
    }
    for missing in drawn.missing {
        console.warn(missing);
    }
    let first = if args.everything() {
        page::FILE
    } else {
        "README.md"
    };
    console.note(format_args!(
        "wrote {} files; read {} first",
        files.len(),
        args.output.join(first).display()
    ));
    Ok(())
}

impl Args {
    /// Whether the report is a whole one, which has a page.
    fn everything(&self) -> bool {
        self.parts.iter().any(|part| part == "all")
    }

    /// Refuses charts of a table or data set that the report has not.
    fn check_charts(&self, tables: &[Table]) -> Result<(), CommandError> {
        let Some(charts) = &self.charts else {
            return Ok(());
        };
        let of_table = |table: &Table| {
            let (name, schema) = (table.name().to_owned(), table.schema());
            let sets = schema.datasets().into_iter();
            let pools: Vec<String> = sets.map(|set| format!("{name} {set}")).collect();
            std::iter::once(name).chain(pools).collect::<Vec<String>>()
        };
        let names: Vec<String> = tables.iter().flat_map(of_table).collect();
        if names.contains(&charts.replacen(" on ", " ", 1)) {
            return Ok(());
        }
        Err(CommandError::Unknown {
            what: "table or data set",
            name: charts.clone(),
            hint: format!("the report has {}", names.join(", ")),
        })
    }
}
