//! Pools to put numbers into.

use std::sync::LazyLock;

use nbz_report::{Candidates, selections_of};
use nbz_space::staged::StagedArch;
use nbz_space::{Arch, Space};
use nbz_table::Embedded;

use crate::inputs::{Value, proxies_know};

pub(crate) const NETWORKS: usize = 240;

pub(crate) const PROXIES: [&str; 9] = [
    "fisher",
    "grad_norm",
    "snip",
    "grasp",
    "jacob_cov",
    "plain",
    "synflow",
    "ntk",
    "zen",
];

/// NAS-Bench-Macro with the paper's proxies: a pool to put other numbers into.
pub(crate) static BASE: LazyLock<Candidates> = LazyLock::new(|| {
    let table = Embedded::NasBenchMacro.scored().unwrap();
    let selections = selections_of(&table).unwrap();
    let mut base = Candidates::read(&table, &selections[0]).unwrap();
    let mut proxies = base.proxies;
    proxies.retain(|proxy| PROXIES.contains(&proxy.name.as_str()));
    assert_eq!(proxies.len(), PROXIES.len());
    base.proxies = proxies;
    base.trainings = vec![Vec::new(); base.accuracy.len()];
    base
});

/// A pool whose columns, `accuracy` among them, have these values; its networks are not known, its kind of space is.
pub(crate) fn pool(networks: usize, space: &str, value: Value) -> Candidates {
    let column = |name: &str| (0..networks).map(|network| value(name, network)).collect();
    let mut pool = BASE.clone();
    pool.space = Some(space.to_owned());
    pool.rows.truncate(networks);
    pool.trainings.truncate(networks);
    pool.archs = vec![None; networks];
    pool.accuracy = column("accuracy");
    for scored in pool.costs.iter_mut().chain(&mut pool.proxies) {
        scored.values = column(&scored.name);
    }
    pool
}

fn on(space: &str, value: Value) -> Candidates {
    pool(NETWORKS, space, value)
}

pub(crate) fn cell(value: Value) -> Candidates {
    on("nb201", value)
}

pub(crate) fn stages(value: Value) -> Candidates {
    on("nbmacro", value)
}

/// Two pools of one table, or of two.
pub(crate) fn two(tables: [&str; 2], one: Value, other: Value) -> Vec<Candidates> {
    let mut pools = vec![stages(one), stages(other)];
    for (at, pool) in pools.iter_mut().enumerate() {
        tables[at].clone_into(&mut pool.table);
        pool.selection.dataset = Some(format!("data{at}"));
    }
    pools
}

/// NAS-Bench-Macro, whole, with its costs and accuracies as one number.
pub(crate) fn whole(number: f64) -> Candidates {
    let mut whole = BASE.clone();
    whole.proxies.clear();
    whole.accuracy.fill(number);
    let costs = whole.costs.iter_mut();
    costs.for_each(|cost| cost.values.fill(number));
    whole
}

/// All numbers of a whole space one, beside NAS-Bench-201 with so much.
pub(crate) fn against_cells(of_cells: Value) -> Vec<Candidates> {
    let mut cells = cell(of_cells);
    "nas-bench-201".clone_into(&mut cells.table);
    vec![whole(1.0), cells]
}

/// Networks of r1, of which zen is made.
pub(crate) fn zen_of(
    score: fn(&[f64]) -> Vec<f64>,
    attribute: fn(&StagedArch) -> f64,
) -> Vec<Candidates> {
    let mut pool = on("r1", proxies_know);
    let archs: Vec<StagedArch> = Space::builtin("r1")
        .unwrap()
        .draw(0)
        .take(NETWORKS)
        .collect();
    let attributes: Vec<f64> = archs.iter().map(attribute).collect();
    let zen = pool.proxies.iter_mut().find(|proxy| proxy.name == "zen");
    zen.unwrap().values = score(&attributes);
    pool.archs = archs.into_iter().map(Arch::Staged).map(Some).collect();
    vec![pool]
}

pub(crate) fn width(arch: &StagedArch) -> f64 {
    arch.stages().iter().map(|s| (s.width() as f64).ln()).sum()
}

pub(crate) fn depth(arch: &StagedArch) -> f64 {
    arch.stages().iter().map(|s| s.depth() as f64).sum()
}

pub(crate) fn nearness_to_the_middle(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted[sorted.len() / 2];
    values.iter().map(|value| -(value - middle).abs()).collect()
}
