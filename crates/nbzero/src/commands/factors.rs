//! `nbzero factors`: which parts of a network the accuracy and the scores depend on.

use nbz_factors::{DEPTH, DRAWS, ETA, Importances, LAMBDA, ROUNDS, Scale};
use nbz_report::{BySpace, Factors};
use nbz_study::{Interval, Recipe};
use serde::Serialize;

use crate::console::{Console, Form};
use crate::grid::{Align, Grid};
use crate::number::draws;
use crate::source::{Read, SourceArgs};

/// Show which widths, depths or operations a score depends on, and the accuracy
///
/// Boosted trees (XGBoost's exact method) predict each target from the attributes of the networks' stages or edges.
/// Gain is a factor's share of the loss that the trees' splits took away; permuted is the share of the variance on
/// networks that the trees have not seen that is lost once the factor's values are shuffled. An attribute that orders
/// the networks as another does, such as a stage's width in and the width out of the one before, is one factor with it.
/// Networks of several spaces are studied space by space.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    source: SourceArgs,
    /// What is predicted: accuracy, proxies, costs [default: accuracy and the paper's proxies, or the first twelve]
    #[arg(long, value_name = "NAME", num_args = 1.., value_delimiter = ',')]
    target: Vec<String>,
    /// Predict ranks, which is all that a search sees of a score, or values
    #[arg(long, value_enum, default_value_t = ScaleArg::Ranks)]
    of: ScaleArg,
    /// Random halves behind the intervals and the permutations, 2 or more
    #[arg(long, value_name = "COUNT", value_parser = draws, default_value_t = DRAWS)]
    draws: usize,
    /// Names the random streams
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    seed: u64,
}

/// The scale as typed.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum ScaleArg {
    Ranks,
    Values,
}

#[derive(Serialize)]
struct Document<'a> {
    read: Read,
    trees: Trees,
    recipe: Recipe,
    #[serde(flatten)]
    first: SpaceDocument<'a>,
    others: Vec<SpaceDocument<'a>>,
}

#[derive(Serialize)]
struct SpaceDocument<'a> {
    space: &'a str,
    networks: usize,
    constant: &'a [String],
    left_out: &'a [String],
    targets: &'a [Importances],
}

#[derive(Serialize)]
struct Trees {
    rounds: usize,
    depth: usize,
    eta: f64,
    lambda: f64,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let source = args.source.resolve(console)?;
    let targets = (!args.target.is_empty()).then_some(args.target.as_slice());
    let scale = match args.of {
        ScaleArg::Ranks => Scale::Ranks,
        ScaleArg::Values => Scale::Values,
    };
    let recipe = Recipe {
        seed: args.seed,
        draws: args.draws,
    };
    let found = console.while_waiting("growing trees", || {
        let dataset = source.dataset.as_deref();
        Factors::by_space(&source.table, dataset, targets, scale, recipe)
    })?;
    let (first, others) = sound(found, console)?;
    match console.form() {
        Form::Json => console.json(&Document {
            read: source.read(),
            trees: Trees {
                rounds: ROUNDS,
                depth: DEPTH,
                eta: ETA,
                lambda: LAMBDA,
            },
            recipe,
            first: document(&first),
            others: others.iter().map(document).collect(),
        })?,
        Form::Text => {
            let several = first.among_others;
            for (at, found) in std::iter::once(&first).chain(&others).enumerate() {
                if several {
                    let gap = if at > 0 { "\n" } else { "" };
                    console.data(format_args!("{gap}{}:\n", found.space))?;
                }
                match found.targets.as_slice() {
                    [one] => console.grid(&of_one(one))?,
                    several => console.grid(&side_by_side(several))?,
                }
                let space = if several {
                    format!("{}: ", found.space)
                } else {
                    String::new()
                };
                console.note(format_args!("{space}{}", found.note()));
            }
        }
    }
    Ok(())
}

/// The spaces that could be studied, the first apart from the others; why one could not is said.
fn sound(found: BySpace, console: &Console) -> anyhow::Result<(Factors, Vec<Factors>)> {
    let (mut sound, mut failed) = (Vec::new(), Vec::new());
    for (space, found) in found {
        match found {
            Ok(found) => sound.push(found),
            Err(error) => failed.push((space, error)),
        }
    }
    if sound.is_empty() {
        let (space, error) = failed.swap_remove(0); // a table has a space, or its absence was the error
        return Err(anyhow::Error::new(error).context(format!("networks of `{space}`")));
    }
    for (space, error) in failed {
        console.warn(format_args!("left out the networks of `{space}`: {error}"));
    }
    Ok((sound.remove(0), sound))
}

fn document(found: &Factors) -> SpaceDocument<'_> {
    SpaceDocument {
        space: &found.space,
        networks: found.networks,
        constant: &found.constant,
        left_out: &found.left_out,
        targets: &found.targets,
    }
}

/// A row a factor, with intervals.
fn of_one(found: &Importances) -> Grid {
    let mut grid = Grid::new([
        ("factor", Align::Left),
        ("gain", Align::Right),
        ("splits", Align::Right),
        ("permuted", Align::Right),
    ]);
    for factor in &found.factors {
        grid.row([
            factor.name(),
            with_interval(factor.gain),
            factor.splits.to_string(),
            with_interval(factor.permuted),
        ]);
    }
    grid.row([
        "explained on unseen networks".to_owned(),
        String::new(),
        String::new(),
        with_interval(found.explained),
    ]);
    grid
}

/// A row a target, the factors' shares of gain beside each other.
fn side_by_side(found: &[Importances]) -> Grid {
    let factors = found.first().map_or(&[][..], |first| &first.factors);
    let names: Vec<String> = factors.iter().map(|f| f.short.join(" = ")).collect();
    let headings = [("gain of", Align::Left), ("explained", Align::Right)];
    let names = names.iter().map(|name| (name.as_str(), Align::Right));
    let mut grid = Grid::new(headings.into_iter().chain(names));
    for target in found {
        let shares = target.factors.iter().map(|f| f.gain.estimate);
        let numbers = std::iter::once(target.explained.estimate).chain(shares);
        let cells = numbers.map(|number| format!("{number:.2}"));
        grid.row(std::iter::once(target.target.clone()).chain(cells));
    }
    grid
}

fn with_interval(found: Interval) -> String {
    let Interval {
        estimate,
        low,
        high,
    } = found;
    format!("{estimate:.3} [{low:.3}, {high:.3}]")
}
