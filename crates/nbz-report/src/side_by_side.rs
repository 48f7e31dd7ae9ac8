//! Which pools of a report stand side by side: the data sets of a table (Table 2), and the spaces (Table 3).

use crate::across::{Across, shared_names};
use crate::file_name::file_name;
use crate::row::{RowKind, Table1};

/// Each table that has several data sets, on the pools that share the most proxies.
pub(crate) fn across_datasets(tables: &[Table1]) -> Vec<Across> {
    let mut names: Vec<&str> = tables.iter().map(|t| t.table.as_str()).collect();
    names.dedup();
    let mut out = Vec::new();
    for name in names {
        let proxies = |t: &Table1| t.rows.iter().filter(|r| r.kind == RowKind::Proxy).count();
        let of_table: Vec<&Table1> = tables.iter().filter(|t| t.table == name).collect();
        let mut counts: Vec<usize> = of_table.iter().map(|t| proxies(t)).collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        counts.dedup();
        for count in counts {
            let pools: Vec<&Table1> = of_table
                .iter()
                .copied()
                .filter(|t| proxies(t) == count)
                .collect();
            if pools.len() > 1 {
                let id = format!("{}__{count}-proxies", file_name(name));
                let title = format!("Data sets of {name}, {count} proxies");
                let label = |t: &Table1| t.dataset.clone().unwrap_or_default();
                out.push(Across::of(&id, &title, &pools, label));
            }
        }
    }
    out
}

/// Of each table one pool of its first data set, if there are two tables or more: those that share the most
/// names, and of several such the largest.
pub(crate) fn across_spaces(tables: &[Table1]) -> Vec<Across> {
    let mut choices: Vec<Vec<&Table1>> = Vec::new();
    for table in tables {
        match choices
            .iter_mut()
            .find(|pools| pools[0].table == table.table)
        {
            None => choices.push(vec![table]),
            Some(pools) if pools[0].dataset == table.dataset => pools.push(table),
            Some(_) => {}
        }
    }
    if choices.len() < 2 {
        return Vec::new();
    }
    let mut together: Vec<Vec<&Table1>> = vec![Vec::new()];
    for pools in &choices {
        let mut longer = Vec::new();
        for chosen in &together {
            longer.extend(pools.iter().map(|pool| [&chosen[..], &[*pool]].concat()));
        }
        together = longer;
    }
    let size = |pools: &Vec<&Table1>| pools.iter().map(|pool| pool.networks).sum::<usize>();
    let best = together
        .into_iter()
        .max_by_key(|pools| (shared_names(pools).len(), size(pools)));
    let label = |t: &Table1| match &t.dataset {
        Some(dataset) => format!("{} ({dataset})", t.table),
        None => t.table.clone(),
    };
    let pools = best.unwrap_or_default();
    vec![Across::of("spaces", "Spaces side by side", &pools, label)]
}
