//! `nbzero reproduce`: the paper's tables, claims and figures on really trained networks, as a folder of files.

use std::path::{Path, PathBuf};

use nbz_figures::Figure;
use nbz_report::{LeftOut, Named, Part, Report, Settings, Summary, Table1};
use nbz_study::{PAPER_BUDGETS, Reading, Recipe};
use nbz_table::{Embedded, Table, short_version, with_scores};
use serde::Serialize;

use crate::budgets;
use crate::console::{Console, Form};
use crate::failure::CommandError;
use crate::figures::{self, Drawn};
use crate::grid::{Align, Grid};
use crate::number::draws;
use crate::page;
use crate::source::{grouped, open_bare};

/// Write the paper's tables, figures and claims, computed on public benchmarks
///
/// A network, data set or table that cannot be measured, such as one without accuracies or with infinite MACs, is left
/// out: the report and a warning name it and say why, and the rest is written with exit code 0. Nothing at all to
/// measure is an error.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// table1, table2, table3, claims, standing, similarity, fig1 to fig10, fig7-bars or all, which adds a page of
    /// everything, index.html [default: the tables]
    #[arg(value_name = "PART")]
    parts: Vec<String>,
    /// List the parts and what they show, and write nothing
    #[arg(long)]
    list: bool,
    /// Compute on this table only: embedded or a file; may be repeated [default: all embedded ones]
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

#[derive(Serialize)]
struct Document<'a> {
    version: &'a str,
    folder: String,
    files: Vec<String>,
    pools: Vec<PoolDocument<'a>>,
    left_out: &'a [LeftOut],
}

#[derive(Serialize)]
struct PartDocument {
    name: &'static str,
    shows: &'static str,
}

#[derive(Serialize)]
struct PoolDocument<'a> {
    id: &'a str,
    table: &'a str,
    dataset: Option<&'a str>,
    networks: usize,
    reading: &'a str,
    provenance: &'a str,
    summary: Summary,
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
    let report = console.step_by_step(|tell| {
        Report::compute(&tables, &parts, &settings, |at, of, title| {
            tell(format!("measuring {title} ({at} of {of})"));
        })
    })?;
    let drawn = if figures.is_empty() {
        Drawn::default()
    } else {
        console
            .step_by_step(|tell| figures::draw(&figures, &tables, &settings, &args.output, tell))?
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
    } else if !parts.is_empty() {
        console.grid(&overview(&report))?;
    }
    for left_out in &report.left_out {
        console.warn(format_args!("left out {left_out}"));
    }
    for (part, empty) in [
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

/// The parts of a report that were asked for.
struct Parts {
    parts: Vec<Part>,
    figures: Vec<Figure>,
}

impl Parts {
    /// `all` is every part; no name at all the tables.
    fn named(names: &[String]) -> anyhow::Result<Self> {
        if names.iter().any(|name| name == "all") {
            return Ok(Self {
                parts: Part::ALL.to_vec(),
                figures: Figure::ALL.to_vec(),
            });
        }
        let (mut figures, mut others) = (Vec::new(), Vec::new());
        for name in names {
            match name.parse() {
                Ok(figure) => figures.push(figure),
                Err(_) => others.push(name),
            }
        }
        figures.sort_unstable();
        figures.dedup();
        let parts = if others.is_empty() && !figures.is_empty() {
            Vec::new() // only figures: no name would mean the tables
        } else {
            Part::named(&others)?
        };
        Ok(Self { parts, figures })
    }
}

/// A line a part.
fn list(console: &Console) -> anyhow::Result<()> {
    let parts = Part::ALL.map(|part| (part.name(), part.about()));
    let figures = Figure::ALL.map(|figure| (figure.name(), figure.about()));
    let parts: Vec<PartDocument> = parts
        .into_iter()
        .chain(figures)
        .map(|(name, shows)| PartDocument { name, shows })
        .collect();
    if console.form() == Form::Json {
        console.json(&parts)?;
        return Ok(());
    }
    let mut grid = Grid::new([("part", Align::Left), ("shows", Align::Left)]);
    for part in parts {
        grid.row([part.name.to_owned(), part.shows.to_owned()]);
    }
    console.grid(&grid)?;
    Ok(())
}

/// How the files begin that a report writes over; one that begins otherwise is somebody else's.
const OURS: [(&str, &str); 2] = [
    ("README.md", "# nbzero report\n"),
    (page::FILE, page::BEGINNING),
];

/// Refuses a folder that cannot be made since a file stands in its way; said now, not after a minute of work.
fn refuse_below_a_file(folder: &Path) -> Result<(), CommandError> {
    match folder.ancestors().find(|path| path.exists()) {
        Some(path) if !path.is_dir() => Err(CommandError::File {
            verb: "write",
            path: folder.display().to_string(),
            source: std::io::ErrorKind::NotADirectory.into(),
        }),
        _ => Ok(()),
    }
}

/// Refuses a report in which nothing is but reasons why.
fn refuse_nothing(report: &Report, drawn: &Drawn) -> Result<(), CommandError> {
    let left_out = report.left_out.first().map(ToString::to_string);
    match left_out.or_else(|| drawn.missing.first().cloned()) {
        Some(why) if report.table1.is_empty() && drawn.prints.is_empty() => {
            Err(CommandError::Malformed {
                problem: format!("nothing can be computed: {why}"),
                hint: "name a table of networks with accuracies and finite costs".to_owned(),
            })
        }
        _ => Ok(()),
    }
}

/// Refuses to write over an overview or a page that no report has written.
fn refuse_foreign(folder: &Path) -> Result<(), CommandError> {
    for (name, beginning) in OURS {
        let path = folder.join(name);
        let found = std::fs::read(&path);
        if found.is_ok_and(|bytes| !bytes.starts_with(beginning.as_bytes())) {
            return Err(CommandError::Usage {
                problem: format!("`{}` is not a report's", path.display()),
                hint: "name a folder of its own with -o".to_owned(),
            });
        }
    }
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

    /// Opens the tables and says what was read.
    fn tables(&self, console: &Console) -> anyhow::Result<Vec<Table>> {
        let embedded = Embedded::ALL.map(|e| e.name().to_owned());
        let named = match self.table.as_slice() {
            [] => &embedded[..],
            named => named,
        };
        let mut tables = Vec::new();
        for name in named.iter().chain(&self.with) {
            let table = open_bare(name)?;
            let datasets = table.schema().datasets();
            let accuracy = table.schema().accuracy_on(datasets.first().copied());
            let version = accuracy.map_or_else(|_| String::new(), |c| c.version.clone());
            let version = short_version(&version);
            console.note(format_args!(
                "read {}, version {}, {} rows",
                table.name(),
                if version.is_empty() {
                    "unknown"
                } else {
                    version
                },
                grouped(table.rows() as u64)
            ));
            tables.push(table);
        }
        for path in &self.scores {
            add_scores(&mut tables, path, console)?;
        }
        tables
            .into_iter()
            .zip(named.iter().chain(&self.with))
            .map(|(table, name)| match Embedded::named(name) {
                Some(embedded) => with_own_scores(embedded, table, console),
                None => Ok(table),
            })
            .collect()
    }
}

/// Puts the embedded scores of our own behind a table's columns.
fn with_own_scores(embedded: Embedded, table: Table, console: &Console) -> anyhow::Result<Table> {
    if let Some(scores) = embedded.own_scores() {
        console.note(format_args!(
            "read our own scores of {} of its networks: {}",
            grouped(scores.rows() as u64),
            scores.schema().title
        ));
    }
    Ok(table.with_own_scores()?)
}

/// Puts the proxies of a file of scores into every table that has its networks.
///
/// They go to the data set whose images were scored, or, if the table has none of that name, to the one
/// that a table is read on when none is named.
fn add_scores(tables: &mut [Table], path: &Path, console: &Console) -> anyhow::Result<()> {
    let scores = Table::open(path)?;
    let recipe = nbz_sweep::stamp_of(&scores, path)?.recipe;
    let mut found = 0;
    for table in tables {
        let named = table.choose_dataset(Some(&recipe.data));
        let chosen = named.or_else(|_| table.choose_dataset(None));
        let dataset = chosen?.0.map(str::to_owned);
        let (with, joined) = with_scores(table, dataset.as_deref(), &scores)?;
        if joined.matched == 0 {
            continue;
        }
        found += joined.matched;
        console.note(format_args!(
            "read {}, {} of its {} networks are of {}",
            path.display(),
            grouped(joined.matched as u64),
            grouped(scores.rows() as u64),
            table.name()
        ));
        *table = with;
    }
    if found == 0 {
        return Err(CommandError::Usage {
            problem: format!("`{}` has no network of any table", path.display()),
            hint: "name the networks' table with --with".to_owned(),
        }
        .into());
    }
    Ok(())
}

/// A line a pool: how large it is, and who is best on it.
fn overview(report: &Report) -> Grid {
    let mut grid = Grid::new([
        ("pool", Align::Left),
        ("networks", Align::Right),
        ("proxies", Align::Right),
        ("best cost", Align::Left),
        ("mBR", Align::Right),
        ("best proxy", Align::Left),
        ("mBR", Align::Right),
        ("highest Spearman", Align::Left),
        ("SR", Align::Right),
    ]);
    for pool in &report.table1 {
        let summary = pool.summary();
        let name = |n: &Option<Named>| {
            n.as_ref()
                .map_or_else(|| "-".to_owned(), |n| n.name.clone())
        };
        let value = |n: &Option<Named>| {
            n.as_ref()
                .map_or_else(|| "-".to_owned(), |n| format!("{:.3}", n.value))
        };
        grid.row([
            place(pool),
            grouped(pool.networks as u64),
            summary.proxies.to_string(),
            name(&summary.best_cost),
            value(&summary.best_cost),
            name(&summary.best_proxy),
            value(&summary.best_proxy),
            name(&summary.highest_spearman),
            value(&summary.highest_spearman),
        ]);
    }
    grid
}

fn place(pool: &Table1) -> String {
    match &pool.dataset {
        Some(dataset) => format!("{} {dataset}", pool.table),
        None => pool.table.clone(),
    }
}

fn document<'a>(report: &'a Report, folder: &Path, files: &[PathBuf]) -> Document<'a> {
    let inside = |file: &PathBuf| {
        let file = file.strip_prefix(folder).unwrap_or(file);
        file.display().to_string()
    };
    let pool = |pool: &'a Table1| PoolDocument {
        id: &pool.id,
        table: &pool.table,
        dataset: pool.dataset.as_deref(),
        networks: pool.networks,
        reading: &pool.reading,
        provenance: &pool.provenance,
        summary: pool.summary(),
    };
    Document {
        version: &report.version,
        folder: folder.display().to_string(),
        files: files.iter().map(inside).collect(),
        pools: report.table1.iter().map(pool).collect(),
        left_out: &report.left_out,
    }
}
