//! How proxies stand against MACs and params: verdicts that follow their input, and the page.
//!
//! Oracle of a verdict: an input of which the answer is known, as a score that is the accuracy.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of these tests fail by panicking"
)]

use std::path::Path;

use nbz_report::claims::Verdict::{self, CannotBeTold, DoesNotHold, Holds};
use nbz_report::standing::Standing;
use nbz_report::{Candidates, Part, Report, RowKind, Selection, Settings, selections_of};
use nbz_study::Recipe;
use nbz_table::{Embedded, Table, with_scores};

/// The pool of NAS-Bench-Macro that has our own scores.
fn scored() -> Candidates {
    let table = Embedded::NasBenchMacro.scored().unwrap();
    let selections = selections_of(&table).unwrap();
    Candidates::read(&table, &selections[0]).unwrap()
}

fn standing(candidates: &Candidates) -> Standing {
    let recipe = Recipe {
        seed: 0,
        draws: 200,
    };
    Standing::of(candidates, recipe).unwrap().unwrap()
}

/// The pool with one proxy computed from accuracy and MACs.
fn with(name: &str, value: impl Fn(f64, f64) -> f64) -> Candidates {
    let mut candidates = scored();
    let macs = candidates.cost("macs").unwrap().values.clone();
    let known = candidates.accuracy.iter().zip(macs);
    let values = known
        .map(|(&accuracy, macs)| value(accuracy, macs))
        .collect();
    let mut proxies = candidates.proxies.iter_mut();
    proxies.find(|proxy| proxy.name == name).unwrap().values = values;
    candidates
}

fn verdicts(standing: &Standing, name: &str) -> (Verdict, Verdict, Option<Verdict>) {
    let row = standing
        .proxies
        .iter()
        .find(|row| row.name == name)
        .unwrap();
    (
        row.sr.ahead,
        row.mbr.as_ref().unwrap().ahead,
        row.beats_chance,
    )
}

#[test]
fn the_accuracy_itself_is_ahead_and_its_negative_behind() {
    let best = standing(&with("snip", |accuracy, _| accuracy));
    assert_eq!(verdicts(&best, "snip"), (Holds, Holds, Some(Holds)));
    assert_eq!(best.proxies[0].name, "snip");
    let worst = standing(&with("snip", |accuracy, _| -accuracy));
    let behind = (DoesNotHold, DoesNotHold, Some(DoesNotHold));
    assert_eq!(verdicts(&worst, "snip"), behind);
    let ntk = standing(&with("ntk", |accuracy, _| -accuracy));
    assert_eq!(
        verdicts(&ntk, "ntk"),
        (Holds, Holds, Some(Holds)),
        "smaller is better"
    );
}

#[test]
fn a_proxy_that_ranks_as_a_cost_is_named_and_not_counted() {
    let found = standing(&with("snip", |_, macs| macs.ln()));
    let pair = ("snip".to_owned(), "macs".to_owned());
    assert!(found.alike.contains(&pair), "{:?}", found.alike);
    assert!(found.proxies.iter().all(|row| row.name != "snip"));
}

#[test]
fn nearly_the_cost_cannot_be_told_from_it() {
    // MACs, but two networks of the middle change places.
    let macs = scored().cost("macs").unwrap().values.clone();
    let (a, b) = (macs[10], macs[11]);
    let swapped = move |_: f64, macs: f64| match macs {
        m if m.to_bits() == a.to_bits() => b,
        m if m.to_bits() == b.to_bits() => a,
        m => m,
    };
    let found = standing(&with("snip", swapped));
    assert_eq!(verdicts(&found, "snip").1, CannotBeTold);
}

#[test]
fn costs_that_rank_alike_are_one_cost() {
    let found = standing(&cells());
    let costs: Vec<&str> = found.costs.iter().map(|cost| cost.name.as_str()).collect();
    assert_eq!(costs, ["params"]);
    assert!(
        found
            .alike
            .contains(&("macs".to_owned(), "params".to_owned()))
    );
    // Oracle: 0.927 of meco and 0.784 of params on these cells, docs/proxies.md.
    assert_eq!(verdicts(&found, "meco").0, Holds);
    let mut cells = cells();
    let accuracy = cells.accuracy.clone();
    let mut proxies = cells.proxies.iter_mut();
    proxies.find(|proxy| proxy.name == "snip").unwrap().values = accuracy;
    assert_eq!(
        verdicts(&standing(&cells), "snip"),
        (Holds, Holds, Some(Holds))
    );
}

#[test]
fn two_orders_are_alike_where_one_score_is_perfect_and_the_rest_are_its_shadows() {
    let mut candidates = scored();
    candidates.costs.retain(|cost| cost.name == "macs");
    candidates.proxies.truncate(6);
    let accuracy = candidates.accuracy.clone();
    for (at, proxy) in candidates.proxies.iter_mut().enumerate() {
        // The more steps, the more a score hides: both measures fall together.
        let step = f64::from(1 << (2 * at as u32)) / 16.0;
        proxy.values = accuracy.iter().map(|a| (a / step).floor()).collect();
    }
    let orders = standing(&candidates).orders.unwrap();
    assert_eq!(orders.different, DoesNotHold, "{orders:?}");
    assert!(orders.turned.is_empty());
    assert_eq!(orders.first_by_sr, orders.first_by_mbr);
}

#[test]
fn a_pool_without_proxies_has_no_standing() {
    let mut candidates = scored();
    candidates.proxies.clear();
    assert_eq!(Standing::of(&candidates, Recipe::default()).unwrap(), None);
}

#[test]
fn scores_of_some_networks_leave_the_costs_of_all_and_put_both_spaces_into_table_3() {
    let tables = [
        Table::nas_bench_201(),
        Embedded::NasBenchMacro.scored().unwrap(),
    ];
    let settings = Settings {
        recipe: Recipe { seed: 0, draws: 0 },
        ..Settings::default()
    };
    let report = Report::compute(&tables, &[], &[Part::Table3], &settings, |_, _, _| ()).unwrap();
    let of_macro: Vec<_> = report
        .table1
        .iter()
        .filter(|t| t.table == "nas-bench-macro")
        .collect();
    assert_eq!(of_macro.last().unwrap().networks, 3_969);
    let proxies = of_macro[0]
        .rows
        .iter()
        .filter(|row| row.kind == RowKind::Proxy);
    assert!(proxies.clone().count() >= 27);
    assert!(proxies.clone().all(|row| row.provenance == "measured"));
    let names = &report.table3[0].names;
    for name in ["macs", "grad_norm", "jacob_cov", "zen_residual", "synflow"] {
        assert_eq!(
            names.iter().filter(|known| *known == name).count(),
            1,
            "{name} of {names:?}"
        );
    }
    assert!(!names.contains(&"ntk".to_owned()), "NAS-Bench-201 has none");
}

/// The pool of NAS-Bench-201 that has our own scores of a data set, as `reproduce --scores` makes it.
fn cells_on(dataset: &str) -> Candidates {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let scores = Table::open(&root.join(format!("scores/nb201-{dataset}-1000.parquet"))).unwrap();
    let (table, _) = with_scores(&Table::nas_bench_201(), Some(dataset), &scores).unwrap();
    let selections = selections_of(&table).unwrap();
    // nbsz_ columns know only some of the cells, so the pool that has them is another.
    let is_ours = |s: &&Selection| {
        let has = |name: &str| s.proxies.iter().any(|proxy| proxy == name);
        has("ntk") && !has("nbsz_zen")
    };
    Candidates::read(&table, selections.iter().find(is_ours).unwrap()).unwrap()
}

fn cells() -> Candidates {
    cells_on("cifar10")
}

/// Oracle: the pages as they were committed. `NBZERO_WRITE=1 cargo test -p nbz-report --test standing` writes them.
#[test]
fn the_pages_say_what_our_own_scores_say() {
    let pages = [
        ("own-scores", scored()),
        ("own-scores-nb201", cells()),
        ("own-scores-nb201-cifar100", cells_on("cifar100")),
    ];
    for (name, candidates) in pages {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/{name}.md"));
        let page = Standing::of(&candidates, Recipe::default());
        let page = page.unwrap().unwrap().page();
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        if page != committed && std::env::var_os("NBZERO_WRITE").is_some() {
            std::fs::write(&path, &page).unwrap();
            continue;
        }
        assert_eq!(
            page, committed,
            "NBZERO_WRITE=1 cargo test -p nbz-report --test standing writes docs/{name}.md"
        );
    }
}
