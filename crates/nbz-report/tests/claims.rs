//! The claims of the paper: the file, the page, and verdicts that follow their input.
//!
//! Oracle of a verdict: an input of which the answer is known, as a score that is the accuracy.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of these tests fail by panicking"
)]

use std::path::Path;

use nbz_report::claims::Verdict::{DoesNotHold, Holds};
use nbz_report::claims::{Claim, Evidence, Finding, Scores, Verdict, claims, test_claims};
use nbz_report::{Candidates, selections_of};
use nbz_space::staged::StagedArch;
use nbz_space::{Arch, Space};
use nbz_study::Recipe;
use nbz_table::import::import_csv_bytes;
use nbz_table::{Embedded, Frame, Role, Table};

fn pools() -> Vec<Candidates> {
    let tables = Embedded::TRAINED.map(|table| table.scored().unwrap());
    let of = |table: &Table| -> Vec<Candidates> {
        let selections = selections_of(table).unwrap();
        selections
            .iter()
            .map(|s| Candidates::read(table, s).unwrap())
            .collect()
    };
    tables.iter().flat_map(of).collect()
}

/// The scores of a table without accuracies.
fn scores_of(table: &Table) -> Vec<Scores> {
    let found = Scores::of_table(table).unwrap();
    found
        .into_iter()
        .map(|(_, scores)| scores.unwrap())
        .collect()
}

/// Networks and named values, by way of a CSV as people write it.
fn frame(archs: &[Arch], named: &[(&str, &[f64])]) -> Frame {
    let names: Vec<&str> = named.iter().map(|(name, _)| *name).collect();
    let mut csv = format!("arch,{}\n", names.join(","));
    for (row, arch) in archs.iter().enumerate() {
        let values: Vec<String> = named.iter().map(|(_, v)| v[row].to_string()).collect();
        csv += &format!("{arch},{}\n", values.join(","));
    }
    import_csv_bytes(csv.as_bytes(), "mine", "mine.csv").unwrap()
}

/// What they are as scores without accuracies.
fn alone(archs: &[Arch], named: &[(&str, &[f64])]) -> Vec<Scores> {
    scores_of(&frame(archs, named).into_table().unwrap())
}

fn claim(number: u32) -> Claim {
    claims()
        .into_iter()
        .find(|claim| claim.number == number)
        .unwrap()
}

/// The widest CIFAR-10 pool of NAS-Bench-201, thinned out so that a test is quick.
fn cells() -> Candidates {
    let table = Table::nas_bench_201();
    let selections = selections_of(&table).unwrap();
    let mut cells = Candidates::read(&table, &selections[0]).unwrap();
    let thin = |values: &mut Vec<f64>| {
        *values = values.iter().copied().step_by(9).collect();
    };
    thin(&mut cells.accuracy);
    cells.archs = cells.archs.into_iter().step_by(9).collect();
    cells
        .costs
        .iter_mut()
        .chain(&mut cells.proxies)
        .for_each(|scored| thin(&mut scored.values));
    cells
}

fn with(mut cells: Candidates, column: &str, values: impl Fn(f64) -> f64) -> Candidates {
    let accuracy = cells.accuracy.clone();
    let mut scored = cells.proxies.iter_mut().chain(&mut cells.costs);
    let found = scored.find(|scored| scored.name == column).unwrap();
    found.values = accuracy.into_iter().map(values).collect();
    cells
}

fn finding(number: u32, pools: &[&Candidates]) -> Finding {
    let recipe = Recipe {
        seed: 0,
        draws: 200,
    };
    let evidence: Vec<Evidence> = pools
        .iter()
        .map(|c| Evidence::of(c, recipe).unwrap())
        .collect();
    claim(number).on(&evidence, &[], recipe).unwrap()
}

#[test]
fn every_claim_of_the_paper_is_tested_or_says_why_not() {
    let claims = claims();
    let numbers: Vec<u32> = claims.iter().map(|claim| claim.number).collect();
    assert_eq!(numbers, (1..=18).collect::<Vec<_>>());
    for claim in claims {
        assert_eq!(
            claim.tests.is_empty(),
            claim.untested.is_some(),
            "claim {}",
            claim.number
        );
    }
}

#[test]
fn the_verdict_on_synflow_follows_synflow() {
    let perfect = finding(5, &[&with(cells(), "nbsz_synflow", |accuracy| accuracy)]);
    assert_eq!(perfect.outcomes[0].verdict, Holds, "{perfect:?}");
    let worst = finding(5, &[&with(cells(), "nbsz_synflow", |accuracy| -accuracy)]);
    assert_eq!(worst.outcomes[0].verdict, DoesNotHold, "{worst:?}");
    assert!(
        perfect.outcomes[0].number.high < Some(0.0) && worst.outcomes[0].number.low > Some(0.0)
    );
}

#[test]
fn the_verdicts_on_correlation_and_search_follow_the_scores() {
    let verdicts = |cells: Candidates| -> Vec<Verdict> {
        let found = finding(3, &[&cells]);
        found
            .outcomes
            .iter()
            .map(|outcome| outcome.verdict)
            .collect()
    };
    let perfect = with(cells(), "nbsz_zen", |accuracy| accuracy);
    assert_eq!(verdicts(perfect), [DoesNotHold, Holds, DoesNotHold]);
    let mut worst = cells();
    for proxy in &mut worst.proxies {
        proxy.values = worst.accuracy.iter().map(|accuracy| -accuracy).collect();
    }
    assert_eq!(verdicts(worst), [Holds, DoesNotHold, Holds]);
}

#[test]
fn the_verdict_on_hybrids_follows_what_the_proxies_know() {
    // One proxy knows all: nothing can be added to it, and all together are worse.
    let found = finding(17, &[&with(cells(), "nbsz_snip", |accuracy| accuracy)]);
    assert_ne!(found.outcomes[0].verdict, Holds, "{found:?}");
    assert_eq!(found.outcomes[1].verdict, Holds, "{found:?}");
}

#[test]
fn a_pool_without_the_scores_says_what_it_lacks() {
    let mut few = cells();
    few.proxies.retain(|proxy| proxy.name != "nbsz_zen");
    let found = finding(9, &[&few]);
    assert_eq!(found.outcomes[0].verdict, Verdict::CannotBeTold);
    assert_eq!(found.outcomes[0].detail, "the pool has no zen");
    assert_eq!(found.outcomes[0].number.value, None);
}

#[test]
fn the_order_across_data_sets_follows_the_order() {
    let (one, mut other) = (cells(), cells());
    other.selection.dataset = Some("another".to_owned());
    let same = finding(12, &[&one, &other]);
    assert_eq!(same.outcomes[0].number.value, Some(1.0));
    assert_eq!(same.outcomes[0].verdict, Verdict::Holds);
    other
        .accuracy
        .iter_mut()
        .for_each(|accuracy| *accuracy = 100.0 - *accuracy);
    let turned = finding(12, &[&one, &other]);
    assert_eq!(
        turned.outcomes[0].verdict,
        Verdict::DoesNotHold,
        "{turned:?}"
    );
}

/// Oracle: the page as it was committed. `NBZERO_WRITE=1 cargo test -p nbz-report --test claims` writes it.
#[test]
fn the_page_says_what_the_embedded_tables_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/claims.md");
    let page = test_claims(
        &pools(),
        &scores_of(&Embedded::PaperLists.open()),
        Recipe::default(),
    )
    .unwrap()
    .page();
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    if page != committed && std::env::var_os("NBZERO_WRITE").is_some() {
        std::fs::write(&path, &page).unwrap();
        return;
    }
    assert_eq!(
        page, committed,
        "NBZERO_WRITE=1 cargo test -p nbz-report --test claims writes docs/claims.md"
    );
}

/// Networks of r1 instead of cells, with the accuracies and scores that their stages give.
fn staged(
    accuracy: impl Fn(&StagedArch) -> f64,
    score: impl Fn(&str, &StagedArch) -> f64,
) -> Candidates {
    staged_of("r1", accuracy, score)
}

fn staged_of(
    space: &str,
    accuracy: impl Fn(&StagedArch) -> f64,
    score: impl Fn(&str, &StagedArch) -> f64,
) -> Candidates {
    let mut pool = cells();
    let space = Space::builtin(space).unwrap();
    let archs: Vec<StagedArch> = space.draw(0).take(pool.accuracy.len()).collect();
    pool.space = None; // as in a file of trainings
    pool.accuracy = archs.iter().map(accuracy).collect();
    for proxy in &mut pool.proxies {
        proxy.values = archs.iter().map(|arch| score(&proxy.name, arch)).collect();
    }
    pool.archs = archs.into_iter().map(Arch::Staged).map(Some).collect();
    pool
}

/// Oracle: by hand. What a score is made of is what it depends on; turned round, the verdicts turn round.
#[test]
fn scores_made_of_depths_or_widths_are_told_apart() {
    let depth = |arch: &StagedArch| arch.stages().iter().map(|s| s.depth() as f64).sum::<f64>();
    let width = |arch: &StagedArch| arch.stages()[2].width() as f64;
    let as_claimed = staged(width, |name, arch| match name {
        "nbsz_fisher" => width(arch),
        _ => depth(arch),
    });
    let reverse = staged(depth, |name, arch| match name {
        "nbsz_fisher" => depth(arch),
        _ => width(arch),
    });
    for number in [14, 15] {
        let verdict = |pool: &Candidates| {
            let found = finding(number, &[pool]);
            *found.verdicts.values().next().unwrap()
        };
        assert_eq!(verdict(&as_claimed), Holds, "{number}");
        assert_eq!(verdict(&reverse), DoesNotHold, "{number}");
    }
    // Cells have neither depths nor widths, and cannot speak.
    assert!(finding(14, &[&cells()]).verdicts.is_empty());
}

/// Oracle: the same scores with accuracies beside them, which do not matter to this claim.
#[test]
fn scores_alone_say_the_same_as_with_accuracies() {
    let depth = |arch: &StagedArch| arch.stages().iter().map(|s| s.depth() as f64).sum::<f64>();
    let width = |arch: &StagedArch| arch.stages()[2].width() as f64;
    let recipe = Recipe {
        seed: 0,
        draws: 200,
    };
    for (fisher_is_wide, expected) in [(true, Holds), (false, DoesNotHold)] {
        let mut pool = staged(width, |name, arch| {
            let is_wide = (name == "nbsz_fisher") == fisher_is_wide;
            if is_wide { width(arch) } else { depth(arch) }
        });
        pool.proxies
            .retain(|scored| scored.name.starts_with("nbsz_"));
        let archs: Vec<Arch> = pool.archs.iter().flatten().cloned().collect();
        let named = pool
            .proxies
            .iter()
            .map(|s| (s.name.as_str(), s.values.as_slice()));
        let alone = alone(&archs, &named.collect::<Vec<_>>());
        let said = |number| claim(number).on(&[], &alone, recipe).unwrap();
        let (found, with) = (said(14), finding(14, &[&pool]));
        assert_eq!(found.verdicts["mine of r1"], expected);
        assert!(!alone[0].provenance().contains("()"));
        assert_eq!(found.outcomes.len(), 2);
        for (alone, with) in found.outcomes.iter().zip(&with.outcomes) {
            assert_eq!((alone.number, &alone.detail), (with.number, &with.detail));
        }
        // Nothing but what scores depend on can be told without accuracies.
        for number in (1..=18).filter(|&number| number != 14) {
            assert!(said(number).outcomes.is_empty(), "{number}");
        }
    }
}

/// Oracle: the networks of each list, counted from the strings of the table; the claims' order of the paper's names.
#[test]
fn the_lists_speak_to_claim_14_space_by_space() {
    let table = Embedded::PaperLists.open();
    let archs = table.archs().unwrap();
    let recipe = Recipe { seed: 0, draws: 2 };
    let findings = test_claims(&[], &scores_of(&table), recipe).unwrap();
    for (pool, space) in findings.pools.iter().zip(["r1", "r2", "mb"]) {
        assert_eq!(pool.pool, format!("paper-lists of {space}"));
        let strings = archs.values().iter().flatten();
        let of_space = strings.filter(|arch| arch.starts_with(&format!("{space}:")));
        assert_eq!(pool.networks, of_space.count());
        let proxies = [
            "grad_norm",
            "plain",
            "snip",
            "grasp",
            "fisher",
            "synflow",
            "jacob_cov",
            "ntk",
            "zen",
        ];
        assert_eq!(pool.scores, proxies);
    }
    let spoken = findings.findings.iter().filter(|f| !f.outcomes.is_empty());
    let spoken: Vec<u32> = spoken.map(|finding| finding.number).collect();
    assert_eq!((findings.pools.len(), spoken), (3, vec![14]));
}

#[test]
fn scores_alone_say_what_they_lack() {
    let pool = staged(|_| 1.0, |_, arch| arch.stages()[0].width() as f64);
    let archs: Vec<Arch> = pool.archs.iter().flatten().cloned().collect();
    let recipe = Recipe { seed: 0, draws: 2 };
    let values = pool.proxies[0].values.as_slice();
    for (name, at, lack) in [
        ("zen", 1, "the pool has no fisher"),
        ("fisher", 0, "the pool has no proxies other than fisher"),
    ] {
        let alone = alone(&archs, &[(name, values)]);
        let found = claim(14).on(&[], &alone, recipe).unwrap();
        assert_eq!(found.outcomes[at].detail, lack);
        assert_eq!(found.outcomes[at].verdict, Verdict::CannotBeTold);
        assert!(found.outcomes[1 - at].number.value.is_some());
    }
    // Cells have neither depths nor widths.
    let cells = cells();
    let archs: Vec<Arch> = cells.archs.into_iter().flatten().collect();
    let alone = alone(&archs, &[("zen", &cells.accuracy)]);
    assert!(
        claim(14)
            .on(&[], &alone, recipe)
            .unwrap()
            .outcomes
            .is_empty()
    );
}

/// Oracle: by hand. On one data set fisher is a width, on the other the depth.
#[test]
fn scores_of_several_data_sets_speak_one_by_one() {
    let pool = staged(
        |arch| arch.stages().iter().map(|s| s.depth() as f64).sum(),
        |_, arch| arch.stages()[2].width() as f64,
    );
    let archs: Vec<Arch> = pool.archs.iter().flatten().cloned().collect();
    let on = |dataset, values| {
        let mut frame = frame(&archs, &[("fisher", values)]);
        frame.set_dataset(dataset);
        frame
    };
    let (mut both, deep) = (
        on("wide", &pool.proxies[0].values),
        on("deep", &pool.accuracy),
    );
    for (info, values) in deep.columns().filter(|(info, _)| info.role == Role::Proxy) {
        both.push(info.clone(), values.clone()).unwrap();
    }
    let alone = scores_of(&both.into_table().unwrap());
    let recipe = Recipe { seed: 0, draws: 2 };
    let found = claim(14).on(&[], &alone, recipe).unwrap();
    let number = |pool: &str| {
        let mut of_pool = found.outcomes.iter().filter(|outcome| outcome.pool == pool);
        of_pool.find_map(|outcome| outcome.number.value).unwrap()
    };
    assert!(number("mine of r1 on wide") > 0.5, "{found:?}");
    assert!(number("mine of r1 on deep") < -0.5, "{found:?}");
}

/// Oracle: by hand. A score that is the logarithm of the channels picks the widest that a budget lets through; the
/// verdicts turn round with the scores.
#[test]
fn wide_narrow_and_growing_picks_are_told_apart() {
    let width = |arch: &StagedArch| {
        arch.stages()
            .iter()
            .map(|s| (s.width() as f64).ln())
            .sum::<f64>()
    };
    let last = |arch: &StagedArch| {
        let depth = |stage: usize| arch.stages()[stage].depth() as f64;
        depth(arch.stages().len() - 1) - depth(0)
    };
    let accuracy = |arch: &StagedArch| width(arch) + last(arch);
    let as_claimed = staged(accuracy, |name, arch| match name {
        "nbsz_snip" => width(arch) / arch.stages().len() as f64,
        "nbsz_grasp" => -width(arch),
        _ => last(arch),
    });
    let reverse = staged(accuracy, |name, arch| match name {
        "nbsz_snip" => -width(arch),
        "nbsz_grasp" => width(arch) / arch.stages().len() as f64,
        _ => -last(arch),
    });
    let verdicts = |pool: &Candidates| -> Vec<Verdict> {
        let found = finding(16, &[pool]).outcomes;
        found.iter().map(|outcome| outcome.verdict).collect()
    };
    let (one, other) = (verdicts(&as_claimed), verdicts(&reverse));
    // Snip, grasp, and the growth of zen; how wide and deep zen's are, nothing here decides.
    for at in [0, 1, 4] {
        assert_eq!((one[at], other[at]), (Holds, DoesNotHold), "{at}");
    }
    let snip = &finding(16, &[&as_claimed]).outcomes[0];
    assert!(snip.number.value > Some(0.45), "{snip:?}");
    // All stages of cells are alike.
    assert!(finding(16, &[&cells()]).verdicts.is_empty());
}

/// Oracle: two proxies that make the accuracy together on both spaces, and on neither alone.
#[test]
fn a_choice_moves_to_a_space_where_it_is_as_good_and_not_where_it_is_worst() {
    let part = |arch: &StagedArch, stage: usize| arch.stages()[stage].depth() as f64;
    let accuracy = |arch: &StagedArch| part(arch, 0) + part(arch, 1);
    let score = |name: &str, arch: &StagedArch| match name {
        "nbsz_snip" => part(arch, 0),
        "nbsz_synflow" => part(arch, 1),
        _ => -accuracy(arch),
    };
    let pool = |space: &str, accuracy: &dyn Fn(&StagedArch) -> f64| Candidates {
        table: format!("{space}-table"),
        ..staged_of(space, accuracy, score)
    };
    let here = pool("r1", &accuracy);
    let moved = |there: &Candidates| {
        let found = finding(17, &[&here, there]);
        let mut outcomes = found.outcomes.into_iter().rev();
        // The last test's number on the second pool.
        let moved = outcomes.find(|o| o.pool.starts_with("r2-table")).unwrap();
        assert_eq!(moved.detail, "nbsz_snip, nbsz_synflow of r1-table cifar10");
        moved.verdict
    };
    assert_eq!(moved(&pool("r2", &accuracy)), Holds);
    // Another table of the same space is no other space, whatever it is called.
    let same = Candidates {
        table: "r1-again".to_owned(),
        ..here.clone()
    };
    let found = finding(17, &[&here, &same]);
    let last = found.outcomes.last().unwrap();
    assert_eq!(
        last.detail,
        "no other space that was trained alike has 3 of its proxies and an mBR"
    );
    assert_eq!(moved(&pool("r2", &|arch| -accuracy(arch))), DoesNotHold);
}

#[test]
fn numbers_are_named_as_their_table_names_the_column() {
    // Oracle: the schema of NAS-Bench-201, whose zen is NAS-Bench-Suite-Zero's column `nbsz_zen`.
    let recipe = Recipe { seed: 0, draws: 20 };
    let found = test_claims(&[cells()], &[], recipe).unwrap();
    let scores = &found.pools[0].scores;
    assert!(scores.contains(&"nbsz_zen".to_owned()), "{scores:?}");
    assert!(!scores.contains(&"zen".to_owned()), "{scores:?}");
    let outcomes = found.findings.iter().flat_map(|finding| &finding.outcomes);
    let of = |outcome: &&nbz_report::claims::Outcome| outcome.says.starts_with("zen has a smaller");
    let named = outcomes.clone().find(of).unwrap();
    assert!(
        named.detail.starts_with("nbsz_zen less "),
        "{}",
        named.detail
    );
    let measured = outcomes.filter(|outcome| outcome.number.value.is_some());
    for outcome in measured {
        let mut words = outcome.detail.split([' ', ',', '+']);
        assert!(words.all(|word| word != "zen"), "{}", outcome.detail);
    }
}
