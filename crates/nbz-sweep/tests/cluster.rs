//! Plans and workers, on units that cost nothing: what is lost, done twice or written otherwise is seen here.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use nbz_proxy::registry;
use nbz_space::{Dataset, Space};
use nbz_sweep::cluster::{
    self, Again, Hand, Left, Options, Order, Outcome, Pace, Plan, Runs, Status, Task, TriedOut,
};
use nbz_sweep::journal::Record;
use nbz_sweep::{Data, Networks, Result, Settings, Shard, Sweep, SweepError, distinct_of};
use proptest::prelude::*;

/// A plan of so many networks, scored by their parameters.
fn plan(count: usize, parts: Option<usize>) -> Plan {
    let all = distinct_of("nbmacro").unwrap();
    plan_of(
        &Networks::of_public("nbmacro", &all, Some(count), 0).unwrap(),
        parts,
    )
}

/// The same of any networks.
fn plan_of(networks: &Networks, parts: Option<usize>) -> Plan {
    let settings = Settings {
        batch: 4,
        ntk_batch: 4,
        ..Settings::new(Dataset::Cifar10.into(), Data::Noise)
    };
    let proxies = registry::select("params").unwrap();
    let sweep = Sweep::new(networks, &proxies, &settings).unwrap();
    let order = Order::Score(Box::new(sweep.recipe().clone()));
    Plan::new(order, networks, "noise".to_owned(), parts).unwrap()
}

/// Gives every unit a score that follows from its place; some fail, and after so many units the machine breaks.
#[derive(Default)]
struct Counting {
    done: AtomicUsize,
    fails: Vec<usize>,
    breaks_after: Option<usize>,
    panics_at: Option<usize>,
    /// Units at which a program of the user's own dies.
    dies_at: Vec<usize>,
}

impl Task for Counting {
    fn hand(&self) -> Result<Box<dyn Hand + '_>> {
        Ok(Box::new(self))
    }
}

impl Hand for &Counting {
    fn unit(&mut self, unit: usize, _: &dyn Fn() -> bool) -> Result<Option<Outcome>> {
        let done = self.done.fetch_add(1, Ordering::Relaxed);
        if self.breaks_after.is_some_and(|most| done >= most) {
            return Err(SweepError::File {
                verb: "write",
                path: "a full disk".into(),
                source: std::io::ErrorKind::StorageFull.into(),
            });
        }
        assert_ne!(Some(unit), self.panics_at, "a bug");
        if self.fails.contains(&unit) {
            return Ok(Some(Outcome::Failed {
                reason: "it is odd".to_owned(),
            }));
        }
        Ok(Some(Outcome::Scored(Record {
            place: unit,
            scores: vec![Some((unit as f64).to_bits())],
            deviations: Vec::new(),
            reasons: if self.dies_at.contains(&unit) {
                vec![("mine".to_owned(), "died".to_owned())]
            } else {
                vec![("params".to_owned(), "overflow".to_owned()); usize::from(unit == 0)]
            },
            seconds: Vec::new(),
            run: 0,
            messages: Vec::new(),
        })))
    }

    fn try_out(&mut self, _: usize) -> Result<Option<TriedOut>> {
        Ok(None)
    }
}

const PACE: Pace = Pace {
    beat: Duration::from_millis(20),
    patience: Duration::from_millis(300),
};

fn work(runs: &Runs, task: &Counting, shard: &str, helps: bool) -> Result<Left> {
    let stop = AtomicBool::new(false);
    let options = Options {
        shard: shard.parse().unwrap(),
        threads: 2,
        pace: PACE,
        helps,
        stop: &stop,
        command: "a test".to_owned(),
    };
    cluster::work(runs, task, &options, &|_| {})
}

fn status(runs: &Runs) -> Status {
    cluster::status(runs, Duration::from_hours(1)).unwrap()
}

fn collected(runs: &Runs, folder: &Path) -> Vec<u8> {
    let table = folder.join("table.parquet");
    cluster::collect(runs, &table).unwrap();
    fs::read(table).unwrap()
}

/// Bytes of a run by one worker.
fn alone(plan: &Plan) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let runs = Runs::begin(&folder.path().join("runs"), plan.clone()).unwrap();
    work(&runs, &Counting::default(), "1/1", true).unwrap();
    collected(&runs, folder.path())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Oracle: the list itself.
    #[test]
    fn every_unit_is_in_one_part_and_every_part_in_one_shard(count in 1_usize..120, parts in 1_usize..120, of in 1_usize..40) {
        let parts = parts.min(count);
        let plan = plan(count, Some(parts));
        let units = plan.units();
        let mut seen: Vec<usize> = units.parts().iter().flatten().copied().collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..count).collect::<Vec<_>>());
        prop_assert!(units.parts().iter().all(|part| !part.is_empty()));
        let deal = units.deal(of);
        prop_assert_eq!(deal.len(), parts);
        prop_assert!(deal.iter().all(|&shard| shard < of));
        let mut ids: Vec<&str> = units.all().iter().map(|u| u.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), count, "units of one name");
    }
}

#[test]
fn a_plan_has_the_same_bytes_each_time_and_reads_back() {
    let folder = tempfile::tempdir().unwrap();
    let [one, two] = ["one", "two"].map(|name| folder.path().join(name));
    plan(60, None).write(&one).unwrap();
    plan(60, None).write(&two).unwrap();
    for file in ["plan.toml", "units.parquet"] {
        assert!(fs::read(one.join(file)).unwrap() == fs::read(two.join(file)).unwrap());
    }
    assert_eq!(Plan::open(&one).unwrap(), plan(60, None));
    // The same command again is no fault; another plan into the same folder is.
    plan(60, None).write(&one).unwrap();
    let error = plan(61, None).write(&one).unwrap_err();
    assert!(matches!(error, SweepError::OtherPlan { .. }), "{error}");
}

/// Oracle: the networks that were planned.
#[test]
fn a_plan_of_a_space_of_ones_own_brings_its_definition() {
    let text = Space::builtin("r1").unwrap().toml();
    let text = text.replacen("name = \"r1\"", "name = \"mine\"", 1);
    let space = Space::from_toml(&text).unwrap();
    let lists = vec![
        Networks::of_space(&space, 3, 0).unwrap(),
        Networks::of_space(Space::builtin("mb").unwrap(), 2, 0).unwrap(),
    ];
    let networks = Networks::joined(lists).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let plan = plan_of(&networks, None);
    plan.write(folder.path()).unwrap();
    let read = Plan::open(folder.path()).unwrap();
    read.verify().unwrap();
    assert_eq!(read.networks().unwrap().archs(), networks.archs());
}

#[test]
fn a_plan_that_was_changed_by_hand_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    plan(10, None).write(folder.path()).unwrap();
    let toml = folder.path().join("plan.toml");
    let text = fs::read_to_string(&toml).unwrap();
    for (from, to) in [
        ("seed = 0", "seed = 1"),
        ("batch = 4", "batch = 8"),
        ("units = 10", "units = 9"),
    ] {
        fs::write(&toml, text.replacen(from, to, 1)).unwrap();
        let error = Plan::open(folder.path()).unwrap_err();
        assert!(
            matches!(error, SweepError::PlanDamaged { .. }),
            "{from}: {error}"
        );
    }
    fs::write(&toml, text.replacen("format = 1", "format = 2", 1)).unwrap();
    let error = Plan::open(folder.path()).unwrap_err();
    assert!(
        matches!(error, SweepError::PlanFormat { found: 2, .. }),
        "{error}"
    );
    fs::write(&toml, &text).unwrap();
    // Where the images are is no part of a plan's name: another machine has them elsewhere.
    let moved = text.replacen("images = \"noise\"", "images = \"cifar10:/elsewhere\"", 1);
    fs::write(&toml, moved).unwrap();
    let moved = Plan::open(folder.path()).unwrap();
    assert_eq!(moved.images(), "cifar10:/elsewhere");
    assert_eq!(moved.digest(), plan(10, None).digest());
    fs::write(&toml, &text).unwrap();
    let other = tempfile::tempdir().unwrap();
    plan(11, None).write(other.path()).unwrap();
    fs::copy(
        other.path().join("units.parquet"),
        folder.path().join("units.parquet"),
    )
    .unwrap();
    let error = Plan::open(folder.path()).unwrap_err();
    assert!(matches!(error, SweepError::PlanDamaged { .. }), "{error}");
}

/// Oracle: one worker's bytes.
#[test]
fn shards_of_any_number_one_after_the_other_or_together_give_one_worker_s_bytes() {
    let plan = plan(90, Some(23));
    let whole = alone(&plan);
    for of in [2_u32, 7, 40] {
        let folder = tempfile::tempdir().unwrap();
        let runs = Runs::begin(&folder.path().join("runs"), plan.clone()).unwrap();
        let task = Counting::default();
        std::thread::scope(|scope| {
            for index in 1..=of {
                let (runs, task) = (&runs, &task);
                scope.spawn(move || work(runs, task, &format!("{index}/{of}"), false).unwrap());
            }
        });
        assert!(collected(&runs, folder.path()) == whole, "{of} shards");
        assert_eq!(task.done.into_inner(), 90, "a unit was done twice");
    }
}

#[test]
fn a_machine_that_breaks_loses_nothing_and_the_next_worker_does_only_the_rest() {
    let plan = plan(60, Some(7));
    let folder = tempfile::tempdir().unwrap();
    let runs = Runs::begin(&folder.path().join("runs"), plan.clone()).unwrap();
    let broken = Counting {
        breaks_after: Some(25),
        ..Counting::default()
    };
    let error = work(&runs, &broken, "1/1", true).unwrap_err();
    assert!(
        error
            .hint()
            .is_some_and(|hint| hint.contains("disk is full")),
        "{error}"
    );
    assert_eq!(status(&runs).done, 25);
    assert!(status(&runs).workers.is_empty(), "a claim was left behind");
    let rest = Counting::default();
    work(&runs, &rest, "2/3", true).unwrap();
    assert_eq!(rest.done.into_inner(), 35);
    assert!(collected(&runs, folder.path()) == alone(&plan));
}

#[test]
fn a_claim_that_stands_still_is_taken_over_and_one_that_moves_is_not() {
    let plan = plan(20, Some(4));
    let folder = tempfile::tempdir().unwrap();
    let runs = Runs::begin(&folder.path().join("runs"), plan.clone()).unwrap();
    let claims = folder.path().join("runs/claims");
    let sign = |beat: u64| {
        format!(r#"{{"worker":{{"name":"far-1","host":"far","boot":"b"}},"beat":"{beat:010}"}}"#)
    };
    // One of a machine that is gone; its clock was an hour ahead, another's a year behind: neither matters.
    for (part, of_epoch) in [
        ("000000", SystemTime::now() + Duration::from_hours(1)),
        ("000001", SystemTime::UNIX_EPOCH),
    ] {
        let path = claims.join(part);
        fs::write(&path, sign(7)).unwrap();
        fs::File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(of_epoch)
            .unwrap();
    }
    // One of a machine that lives.
    let lives = claims.join("000002");
    let over = AtomicBool::new(false);
    fs::write(&lives, sign(0)).unwrap();
    let task = Counting::default();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut beat = 0;
            while !over.load(Ordering::Relaxed) {
                beat += 1;
                fs::write(&lives, sign(beat)).unwrap();
                std::thread::park_timeout(PACE.beat);
            }
        });
        let left = work(&runs, &task, "1/1", true);
        over.store(true, Ordering::Relaxed);
        assert!(matches!(left, Ok(Left::Done { left: 1, .. })), "{left:?}");
    });
    let written = status(&runs);
    assert_eq!((written.parts_written, written.parts), (3, 4));
    // The live one's worker dies after all.
    work(&runs, &task, "1/1", true).unwrap();
    assert!(collected(&runs, folder.path()) == alone(&plan));
}

#[test]
fn damage_to_any_byte_of_a_part_is_found_and_mended() {
    let plan = plan(30, Some(3));
    let folder = tempfile::tempdir().unwrap();
    let runs = Runs::begin(&folder.path().join("runs"), plan.clone()).unwrap();
    let whole = alone(&plan);
    work(&runs, &Counting::default(), "1/1", true).unwrap();
    let part = folder.path().join("runs/parts/000001.part");
    let good = fs::read(&part).unwrap();
    let lines: Vec<usize> = good
        .iter()
        .enumerate()
        .filter(|(_, b)| **b == b'\n')
        .map(|(at, _)| at)
        .collect();
    let turned = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 4;
        bytes
    };
    for at in 0..good.len() {
        fs::write(&part, turned(at)).unwrap();
        assert_eq!(status(&runs).damaged, [1], "byte {at}");
    }
    // Mended: bits turned all over it, the file cut inside lines and between them.
    let mut damages: Vec<Vec<u8>> = vec![Vec::new()];
    damages.extend((0..good.len()).step_by(97).map(turned));
    damages.extend(lines.iter().map(|&at| good[..at].to_vec()));
    damages.extend(
        lines
            .iter()
            .take(lines.len() - 1)
            .map(|&at| good[..=at].to_vec()),
    );
    for damage in damages {
        fs::write(&part, &damage).unwrap();
        assert_eq!(status(&runs).damaged, [1], "{} bytes", damage.len());
        let error = cluster::collect(&runs, &folder.path().join("no.parquet")).unwrap_err();
        assert!(matches!(error, SweepError::Incomplete { .. }), "{error}");
        cluster::retry(&runs, Again::Missing).unwrap();
        work(&runs, &Counting::default(), "1/1", true).unwrap();
        assert!(collected(&runs, folder.path()) == whole);
    }
}

#[test]
fn units_that_fail_end_nothing_are_listed_by_cause_and_done_again_when_asked() {
    let plan = plan(40, Some(6));
    let folder = tempfile::tempdir().unwrap();
    let runs = Runs::begin(&folder.path().join("runs"), plan.clone()).unwrap();
    let odd = Counting {
        fails: vec![3, 17, 31],
        ..Counting::default()
    };
    let left = work(&runs, &odd, "1/1", true).unwrap();
    assert!(
        matches!(
            left,
            Left::Done {
                units: 40,
                failed: 3,
                ..
            }
        ),
        "{left:?}"
    );
    let found = status(&runs);
    assert_eq!((found.done, found.failed, found.missing), (37, 3, 0));
    assert_eq!(found.failures.len(), 1);
    assert_eq!(
        (found.failures[0].units, found.failures[0].reason.as_str()),
        (3, "it is odd")
    );
    assert!(cluster::collect(&runs, &folder.path().join("no.parquet")).is_err());
    assert_eq!(cluster::retry(&runs, Again::Failed).unwrap(), 3);
    let again = Counting::default();
    work(&runs, &again, "1/1", true).unwrap();
    assert_eq!(again.done.into_inner(), 3);
    assert!(collected(&runs, folder.path()) == alone(&plan));
}

/// A score's own reason stays as it is; what a program of the user's own did may not happen again.
#[test]
fn scores_without_a_value_are_listed_and_a_program_that_died_is_asked_again() {
    let plan = plan(40, Some(6));
    let folder = tempfile::tempdir().unwrap();
    let runs = Runs::begin(&folder.path().join("runs"), plan.clone()).unwrap();
    let sick = Counting {
        dies_at: vec![5, 30],
        ..Counting::default()
    };
    work(&runs, &sick, "1/1", true).unwrap();
    let found = status(&runs);
    assert_eq!((found.done, found.failed), (40, 0));
    let listed: Vec<(&str, usize)> = found
        .no_values
        .iter()
        .map(|cause| (&*cause.reason, cause.units))
        .collect();
    assert_eq!(listed, [("mine: died", 2), ("params: overflow", 1)]);
    assert_eq!(cluster::retry(&runs, Again::Failed).unwrap(), 2);
    let again = Counting::default();
    work(&runs, &again, "1/1", true).unwrap();
    assert_eq!(again.done.into_inner(), 2);
    assert!(collected(&runs, folder.path()) == alone(&plan));
}

#[test]
fn a_file_of_another_name_stands_for_no_part_and_no_table_goes_into_the_folder() {
    let plan = plan(40, Some(6));
    let folder = tempfile::tempdir().unwrap();
    let runs = Runs::begin(&folder.path().join("runs"), plan.clone()).unwrap();
    fs::write(runs.root().join("parts/1.part"), "astray").unwrap();
    fs::write(runs.root().join("claims/0000002"), "astray").unwrap();
    work(&runs, &Counting::default(), "1/1", true).unwrap();
    assert_eq!(status(&runs).done, 40);
    for inside in ["plan/units.parquet", "table.parquet", ""] {
        let error = cluster::collect(&runs, &runs.root().join(inside)).unwrap_err();
        assert!(error.to_string().contains("the table's file"), "{error}");
    }
    assert!(collected(&runs, folder.path()) == alone(&plan));
}

#[test]
fn a_unit_at_which_the_program_breaks_fails_alone() {
    let plan = plan(20, Some(4));
    let folder = tempfile::tempdir().unwrap();
    let runs = Runs::begin(&folder.path().join("runs"), plan).unwrap();
    let breaking = Counting {
        panics_at: Some(11),
        ..Counting::default()
    };
    let left = work(&runs, &breaking, "1/1", true).unwrap();
    assert!(
        matches!(
            left,
            Left::Done {
                units: 20,
                failed: 1,
                ..
            }
        ),
        "{left:?}"
    );
    let found = status(&runs);
    assert!(found.failures[0].reason.contains("a bug"), "{found:?}");
}

#[test]
fn two_outcomes_of_one_unit_must_be_equal() {
    let plan = plan(6, Some(1));
    let folder = tempfile::tempdir().unwrap();
    let runs = Runs::begin(&folder.path().join("runs"), plan.clone()).unwrap();
    let broken = Counting {
        breaks_after: Some(3),
        ..Counting::default()
    };
    work(&runs, &broken, "1/1", true).unwrap_err();
    let open = folder.path().join("runs/open/000000");
    let journal = fs::read_dir(&open).unwrap().next().unwrap().unwrap().path();
    // A worker's journal that was copied by someone says the same, and is no fault.
    fs::copy(&journal, open.join("copy.journal")).unwrap();
    assert_eq!(status(&runs).done, 3);
    // One that says otherwise: a journal of another plan of these units, with this plan's name.
    let text = fs::read_to_string(&journal).unwrap();
    let bits = 0_f64.to_bits().to_string();
    let other: Vec<String> = text
        .lines()
        .map(|line| {
            let json = &line[17..];
            let json = json.replace(&format!("\"scores\":[{bits}]"), "\"scores\":[1]");
            let mut digits = nbz_table::sha256_hex(json.as_bytes());
            digits.truncate(16);
            format!("{digits} {json}\n")
        })
        .collect();
    let other = other.concat();
    assert_ne!(other, text);
    fs::write(open.join("other.journal"), other).unwrap();
    // Nobody can tell which is right: the part is left alone and named, until it is to be done anew.
    work(&runs, &Counting::default(), "1/1", true).unwrap();
    let found = status(&runs);
    assert_eq!((found.parts_written, found.damaged), (0, vec![0]));
    assert_eq!(cluster::retry(&runs, Again::Missing).unwrap(), 1);
    let again = Counting::default();
    work(&runs, &again, "1/1", true).unwrap();
    assert_eq!(again.done.into_inner(), 4);
    assert!(collected(&runs, folder.path()) == alone(&plan));
}

/// A worker that breaks after one unit, time and again: what stands in the journals must not grow with the starts.
#[test]
fn a_part_that_is_taken_up_many_times_stays_short() {
    let plan = plan(40, Some(1));
    let folder = tempfile::tempdir().unwrap();
    let runs = Runs::begin(&folder.path().join("runs"), plan.clone()).unwrap();
    for start in 0..60 {
        // Every third start does a unit, the others none.
        let broken = Counting {
            breaks_after: Some(usize::from(start % 3 == 0)),
            ..Counting::default()
        };
        work(&runs, &broken, "1/1", true).unwrap_err();
    }
    let open = folder.path().join("runs/open/000000");
    let journals: Vec<_> = fs::read_dir(open)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    assert_eq!(journals.len(), 1);
    let text = fs::read_to_string(&journals[0]).unwrap();
    assert_eq!(text.matches("\"entry\"").count(), 20);
    // Starts within one second are one start by all that is known of them.
    assert!(text.matches("\"by\":{").count() <= 21, "{text}");
    work(&runs, &Counting::default(), "1/1", true).unwrap();
    assert!(collected(&runs, folder.path()) == alone(&plan));
}

#[test]
fn failures_in_parts_under_way_and_beside_stale_journals_are_done_again_too() {
    let plan = plan(20, Some(2));
    let folder = tempfile::tempdir().unwrap();
    let runs = Runs::begin(&folder.path().join("runs"), plan.clone()).unwrap();
    let units = plan.units().parts()[0].clone();
    let odd = Counting {
        fails: (0..20).collect(),
        breaks_after: Some(4),
        ..Counting::default()
    };
    work(&runs, &odd, "1/1", true).unwrap_err();
    let failed = status(&runs).failed;
    assert!(failed > 0);
    assert_eq!(cluster::retry(&runs, Again::Failed).unwrap(), failed);
    assert_eq!(status(&runs).failed, 0);
    // Killed between writing the part and removing its journal: the journal still says that units failed.
    let odd = Counting {
        fails: units,
        ..Counting::default()
    };
    work(&runs, &odd, "1/1", true).unwrap();
    let part = folder.path().join("runs/parts/000000.part");
    let open = folder.path().join("runs/open/000000");
    fs::create_dir_all(&open).unwrap();
    fs::copy(&part, open.join("stale.journal")).unwrap();
    assert_eq!(cluster::retry(&runs, Again::Failed).unwrap(), 10);
    work(&runs, &Counting::default(), "1/1", true).unwrap();
    assert!(collected(&runs, folder.path()) == alone(&plan));
}

/// Told to stop while it watches a claim of another machine, a worker is to be continued.
#[test]
fn a_worker_that_is_stopped_while_it_watches_is_not_done() {
    let plan = plan(8, Some(2));
    let folder = tempfile::tempdir().unwrap();
    let runs = Runs::begin(&folder.path().join("runs"), plan).unwrap();
    let sign = r#"{"worker":{"name":"far-1","host":"far","boot":"b"},"beat":"0000000007"}"#;
    for part in ["000000", "000001"] {
        fs::write(folder.path().join("runs/claims").join(part), sign).unwrap();
    }
    let stop = AtomicBool::new(false);
    let options = Options {
        shard: Shard::WHOLE,
        threads: 1,
        pace: Pace {
            beat: Duration::from_millis(20),
            patience: Duration::from_hours(1),
        },
        helps: true,
        stop: &stop,
        command: "a test".to_owned(),
    };
    let left = std::thread::scope(|scope| {
        let worker = scope.spawn(|| cluster::work(&runs, &Counting::default(), &options, &|_| {}));
        stop.store(true, Ordering::Relaxed);
        worker.join().unwrap()
    });
    assert!(
        matches!(left, Ok(Left::ToBeContinued { units: 0 })),
        "{left:?}"
    );
}

#[test]
fn runs_of_another_plan_are_refused_and_so_is_a_folder_of_none() {
    let folder = tempfile::tempdir().unwrap();
    let runs = folder.path().join("runs");
    Runs::begin(&runs, plan(10, None)).unwrap();
    let error = Runs::begin(&runs, plan(11, None)).unwrap_err();
    assert!(
        matches!(&error, SweepError::OtherPlan { differences, .. } if !differences.is_empty()),
        "{error}"
    );
    let error = Runs::open(folder.path()).unwrap_err();
    assert!(matches!(error, SweepError::NotRuns { .. }), "{error}");
    assert!("5/4".parse::<Shard>().is_err());
}
