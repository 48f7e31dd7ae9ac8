//! Tables that hold a part of their space, or that were trained shortly: what they can say of extremes and of spaces.
//!
//! Oracle: by hand, from NAS-Bench-Macro, which is whole, with other numbers put into it.

use nbz_report::claims::Verdict::{self, CannotBeTold, DoesNotHold, Holds};
use nbz_report::claims::{Evidence, Finding, claims};
use nbz_report::{Candidates, selections_of};
use nbz_study::Recipe;
use nbz_table::Embedded;

use crate::pools::whole;

/// The first networks of a pool.
fn first(networks: usize, mut pool: Candidates) -> Candidates {
    pool.rows.truncate(networks);
    pool.archs.truncate(networks);
    pool.accuracy.truncate(networks);
    pool.trainings.truncate(networks);
    let scored = pool.costs.iter_mut().chain(&mut pool.proxies);
    scored.for_each(|scored| scored.values.truncate(networks));
    pool
}

/// The mark of short trainings, as `mini`'s tables have it.
fn short(mut pool: Candidates) -> Candidates {
    pool.accuracy_info.meaning += ", by a short recipe, 2 epochs on 9000 images";
    pool
}

fn finding(number: u32, pools: &[Candidates]) -> Finding {
    let recipe = Recipe { seed: 0, draws: 20 };
    let evidence: Vec<Evidence> = pools
        .iter()
        .map(|pool| Evidence::of(pool, recipe).unwrap())
        .collect();
    let all = claims();
    let claim = all.iter().find(|claim| claim.number == number).unwrap();
    claim.on(&evidence, &[], recipe).unwrap()
}

/// Params, MACs and accuracy of a macro space against those of NAS-Bench-201, which are one.
fn against_cells(pool: Candidates) -> ([Verdict; 3], String) {
    let cells = Candidates {
        table: "nas-bench-201".to_owned(),
        space: Some("nb201".to_owned()),
        archs: vec![None; 10],
        ..first(10, whole(1.0))
    };
    let outcomes = finding(7, &[pool, cells]).outcomes;
    let verdicts: Vec<Verdict> = outcomes.iter().map(|outcome| outcome.verdict).collect();
    (verdicts.try_into().unwrap(), outcomes[2].detail.clone())
}

#[test]
fn a_whole_table_shows_that_nothing_of_its_space_is_larger() {
    let (verdicts, detail) = against_cells(whole(0.5));
    assert_eq!(verdicts, [DoesNotHold; 3]);
    assert_eq!(detail, "0.5 against 1");
    assert_eq!(against_cells(whole(2.0)).0, [Holds; 3]);
}

#[test]
fn of_a_part_of_a_space_smaller_extremes_say_nothing_and_larger_ones_do() {
    let (verdicts, detail) = against_cells(first(60, whole(0.5)));
    assert_eq!(verdicts, [CannotBeTold; 3]);
    let why = "0.5 against 1; there may be larger: 60 of 3969 networks are known";
    assert_eq!(detail, why);
    assert_eq!(against_cells(first(60, whole(2.0))).0, [Holds; 3]);
}

#[test]
fn short_trainings_say_nothing_of_the_best_accuracy_and_something_of_costs() {
    let (verdicts, detail) = against_cells(short(whole(0.5)));
    assert_eq!(verdicts, [DoesNotHold, DoesNotHold, CannotBeTold]);
    let why = "0.5 against 1; there may be larger: trained by a short recipe";
    assert_eq!(detail, why);
}

/// Claims 13 and 17's transfer: tables trained alike are compared.
#[test]
fn short_trainings_are_compared_with_short_ones_across_spaces() {
    let table = |name: &str, sign: f64| {
        let table = Embedded::MiniR1.scored().unwrap();
        let selections = selections_of(&table).unwrap();
        let mut pool = Candidates::read(&table, &selections[0]).unwrap();
        pool.accuracy_info.meaning = "test accuracy".to_owned();
        pool.table = name.to_owned();
        pool.archs.fill(None); // of another space than its neighbour's
        pool.space = Some(if name == "a" { "nbmacro" } else { "cbmr" }.to_owned());
        pool.accuracy.iter_mut().for_each(|value| *value *= sign);
        pool
    };
    let order = |pools: &[Candidates]| -> Vec<(String, Verdict)> {
        let outcomes = finding(13, pools).outcomes.into_iter();
        let of_order = outcomes.filter(|outcome| outcome.says.starts_with("the proxies'"));
        of_order.map(|o| (o.pool, o.verdict)).collect()
    };
    let (full, brief) = ("all full trainings", "all short trainings");
    let pair = |name: &str, verdict| vec![(name.to_owned(), verdict)];
    // The same accuracies, the same order; turned round, another.
    assert_eq!(
        order(&[table("a", 1.0), table("b", 1.0)]),
        pair(full, Holds)
    );
    let turned = [table("a", 1.0), table("b", -1.0)];
    assert_eq!(order(&turned), pair(full, DoesNotHold));
    assert_eq!(order(&turned.clone().map(short)), pair(brief, DoesNotHold));
    let [one, other] = turned;
    let mixed = [one, short(other)];
    let apart = [pair(full, CannotBeTold), pair(brief, CannotBeTold)].concat();
    assert_eq!(order(&mixed), apart);
    let moved = finding(17, &mixed).outcomes;
    let why = "no other space that was trained alike has 3 of its proxies and an mBR";
    let of_transfer = moved
        .iter()
        .filter(|o| o.says.starts_with("the best subsets"));
    assert!(of_transfer.clone().count() == 2 && of_transfer.into_iter().all(|o| o.detail == why));
}
