//! The list of networks that was asked for.

use std::path::Path;

use anyhow::Context;
use nbz_space::{Arch, Dataset, Space};
use nbz_sweep::{Networks, PUBLIC_SPACES, SweepError, distinct_of, of_table};

use super::Args;
use crate::commands::space;
use crate::console::Console;
use crate::failure::CommandError;
use crate::names::nearest;
use crate::source;

/// The networks, and the data set that they are usually of.
pub(super) fn resolve(
    args: &Args,
    console: &Console,
) -> anyhow::Result<(Networks, Option<Dataset>)> {
    if let Some(name) = &args.space {
        return of_space(name, args.count, args.list_seed);
    }
    if let Some(name) = &args.table {
        let dataset = source::DatasetArg {
            dataset: args.how.dataset.clone(),
        };
        let source = dataset.resolve(source::open(name)?, console)?;
        let all = of_table(&source.table)?;
        let networks = Networks::of_public(source.table.name(), &all, args.count, args.list_seed)?
            .defined_by(&source.table.schema().own_spaces);
        let dataset = source.dataset.as_deref().and_then(|d| d.parse().ok());
        return Ok((networks, dataset));
    }
    let (from, archs) = match &args.from {
        Some(path) => ("a file", read(path, None)?),
        None => (
            "the command line",
            parse(args.archs.iter().map(String::as_str), None)?,
        ),
    };
    if archs.is_empty() {
        return Err(CommandError::Usage {
            problem: "no networks named".to_owned(),
            hint: "name some, or --space, --table or --from".to_owned(),
        }
        .into());
    }
    of_list(from, archs)
}

/// Networks that somebody lists, and the data set that they are usually of: public ones were trained on CIFAR-10; the
/// others cost and score as the paper's, on CIFAR-100.
pub(crate) fn of_list(from: &str, archs: Vec<Arch>) -> anyhow::Result<(Networks, Option<Dataset>)> {
    let public = archs.iter().all(|a| !matches!(a, Arch::Staged(_)));
    let networks = Networks::listed(from, archs)?;
    Ok((networks, public.then_some(Dataset::Cifar10)))
}

/// Networks of a space, and the data set that they are usually of: of r1, r2, mb and TOML files the first of their
/// list, of public ones a fair draw, in either case by the list's seed.
pub(crate) fn of_space(
    name: &str,
    count: Option<usize>,
    list_seed: u64,
) -> anyhow::Result<(Networks, Option<Dataset>)> {
    if let Some(all) = distinct_of(name) {
        let networks = Networks::of_public(name, &all, count, list_seed)?;
        return Ok((networks, Some(Dataset::Cifar10)));
    }
    let known = || Space::all().iter().map(Space::name).chain(PUBLIC_SPACES);
    // Of what looks like a name, all names are told; a file's trouble is the file's.
    if !name.contains(['/', '\\', '.']) && !Path::new(name).exists() && known().all(|n| n != name) {
        let all = known().collect::<Vec<_>>().join(", ");
        let near =
            nearest(name, known()).map_or_else(String::new, |n| format!("did you mean `{n}`? "));
        return Err(CommandError::Unknown {
            what: "space",
            name: name.to_owned(),
            hint: format!("{near}known are {all}; anything else is the path of a TOML file"),
        }
        .into());
    }
    let space = space::open(name)?;
    let count = count_of(&space, count)?;
    Ok((Networks::of_space(&space, count, list_seed)?, None))
}

fn count_of(space: &Space, asked: Option<usize>) -> Result<usize, CommandError> {
    let list = space
        .list_size()
        .and_then(|size| usize::try_from(size).ok());
    asked.or(list).ok_or_else(|| CommandError::Usage {
        problem: format!("`{}` names no length for its list", space.name()),
        hint: "say how many with --count".to_owned(),
    })
}

fn parse<'a>(
    texts: impl Iterator<Item = &'a str>,
    space: Option<&Space>,
) -> anyhow::Result<Vec<Arch>> {
    let arch = |text: &str| match space {
        Some(space) => space.arch(text),
        None => text.parse(),
    };
    texts.map(|text| Ok(arch(text)?)).collect()
}

/// A CSV file with a column `arch`, or one network a line; of a space of one's own if that is given.
pub(crate) fn read(path: &Path, space: Option<&Space>) -> anyhow::Result<Vec<Arch>> {
    let name = path.display().to_string();
    if path.extension().is_some_and(|e| e == "csv") {
        let table = nbz_table::import::import_csv(path, &name, "")?.into_table()?;
        if space.is_none() {
            return Ok(of_table(&table)?);
        }
        let archs = table.archs()?;
        return parse(archs.values().iter().flatten().map(String::as_str), space);
    }
    let text = std::fs::read_to_string(path).map_err(|source| SweepError::File {
        verb: "read",
        path: path.to_owned(),
        source,
    })?;
    let lines = text.lines().map(str::trim);
    let named = lines.filter(|l| !l.is_empty() && !l.starts_with('#'));
    parse(named, space).with_context(|| name)
}
