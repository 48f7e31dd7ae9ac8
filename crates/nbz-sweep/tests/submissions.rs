//! Submissions beside one another, with an engine that answers what it is told to: nothing is given twice.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use nbz_proxy::registry;
use nbz_space::Dataset;
use nbz_sweep::cluster::engine::{
    Command, Engine, Job, Rendered, Submission, cancel, submissions, submit,
};
use nbz_sweep::cluster::{Order, Plan, Runs};
use nbz_sweep::{Data, Networks, Result, Settings, Sweep, SweepError, distinct_of};

/// A scheduler with a name, tasks at work, and a count of what it was given.
#[derive(Clone)]
struct Scheduler {
    name: &'static str,
    running: usize,
    given: Arc<AtomicUsize>,
    meets: Option<Arc<Barrier>>,
}

impl Scheduler {
    fn new(name: &'static str, running: usize) -> Self {
        Self {
            name,
            running,
            given: Arc::default(),
            meets: None,
        }
    }
}

impl Engine for Scheduler {
    fn name(&self) -> &'static str {
        self.name
    }

    fn render(&self, _: &Job) -> Result<Rendered> {
        // Behind the look at earlier submissions, before the own record.
        if let Some(barrier) = &self.meets {
            barrier.wait();
        }
        Ok(Rendered {
            file: None,
            commands: vec![Command {
                words: vec!["give".to_owned()],
            }],
        })
    }

    fn start(&self, _: &Command) -> Result<Option<String>> {
        Ok(Some(self.given.fetch_add(1, Ordering::Relaxed).to_string()))
    }

    fn states(&self, submission: &Submission) -> Result<BTreeMap<String, usize>> {
        assert_eq!(submission.extra, ["--cluster=far"]);
        let running = (self.running > 0).then(|| ("running".to_owned(), self.running));
        Ok(running.into_iter().collect())
    }
}

fn runs(folder: &Path) -> Runs {
    let all = distinct_of("nbmacro").unwrap();
    let networks = Networks::of_public("nbmacro", &all, Some(4), 0).unwrap();
    let settings = Settings::new(Dataset::Cifar10.into(), Data::Noise);
    let proxies = registry::select("params").unwrap();
    let sweep = Sweep::new(&networks, &proxies, &settings).unwrap();
    let order = Order::Score(Box::new(sweep.recipe().clone()));
    let plan = Plan::new(order, &networks, "noise".to_owned(), None).unwrap();
    Runs::begin(&folder.join("runs"), plan).unwrap()
}

fn job() -> Job {
    Job {
        program: "nbzero".into(),
        plan: "plan".into(),
        runs: "runs".into(),
        data: None,
        shards: 3,
        at_once: None,
        threads: 1,
        memory: None,
        time: None,
        notice: 120,
        extra: vec!["--cluster=far".to_owned()],
    }
}

/// Both have seen that nothing is under way when each goes on; one record is made.
#[test]
fn of_two_submissions_at_once_one_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let runs = runs(folder.path());
    let mut scheduler = Scheduler::new("one", 0);
    scheduler.meets = Some(Arc::new(Barrier::new(2)));
    let give = || submit(&runs, &scheduler, &job(), false, &|_| None);
    let [first, second] = thread::scope(|scope| {
        let threads = [scope.spawn(give), scope.spawn(give)];
        threads.map(|thread| thread.join().unwrap())
    });
    assert_eq!(scheduler.given.load(Ordering::Relaxed), 1);
    let refused: Vec<SweepError> = [first.err(), second.err()].into_iter().flatten().collect();
    assert!(
        matches!(refused[..], [SweepError::Submitted { .. }]),
        "{refused:?}"
    );
}

/// Whose tasks have ended, on whichever engine, holds nothing up; whose have not does.
#[test]
fn an_earlier_submission_is_asked_of_its_own_engine() {
    let folder = tempfile::tempdir().unwrap();
    let runs = runs(folder.path());
    let [one, two] = [Scheduler::new("one", 0), Scheduler::new("two", 2)];
    let known = |name: &str| -> Option<Box<dyn Engine>> {
        let all = [&one, &two].into_iter().find(|s| s.name == name)?;
        Some(Box::new(all.clone()))
    };
    submit(&runs, &one, &job(), false, &known).unwrap();
    submit(&runs, &two, &job(), false, &known).unwrap();
    let error = submit(&runs, &one, &job(), false, &known).unwrap_err();
    assert!(error.to_string().contains("2 running"), "{error}");
    let error = submit(&runs, &one, &job(), false, &|_| None).unwrap_err();
    assert!(matches!(error, SweepError::Submitted { .. }), "{error}");
    assert_eq!(one.given.load(Ordering::Relaxed), 1);
    submit(&runs, &one, &job(), true, &known).unwrap();
    let cancelled = cancel(&runs, &known).unwrap();
    assert_eq!(cancelled.len(), 3);
    submit(&runs, &one, &job(), false, &known).unwrap();
}

/// One whose command stays until its workers have ended.
struct Staying<'s> {
    meanwhile: &'s (dyn Fn() + Sync),
}

impl Engine for Staying<'_> {
    fn name(&self) -> &'static str {
        "staying"
    }

    fn render(&self, job: &Job) -> Result<Rendered> {
        Scheduler::new("", 0).render(job)
    }

    fn stays(&self) -> bool {
        true
    }

    fn start(&self, _: &Command) -> Result<Option<String>> {
        (self.meanwhile)();
        Ok(None)
    }
}

/// Killed in the middle, as by Ctrl-C, a submission of this kind is known to be gone.
#[test]
fn workers_beside_one_another_hold_a_plan_while_they_live_and_not_longer() {
    let folder = tempfile::tempdir().unwrap();
    let runs = runs(folder.path());
    let known =
        |_: &str| -> Option<Box<dyn Engine>> { Some(Box::new(Staying { meanwhile: &|| {} })) };
    let killed = Staying {
        meanwhile: &|| {
            let error =
                submit(&runs, &Staying { meanwhile: &|| {} }, &job(), false, &known).unwrap_err();
            assert!(error.to_string().contains("are at work"), "{error}");
            let error = cancel(&runs, &known).unwrap_err();
            assert!(matches!(error, SweepError::Nameless { .. }), "{error}");
            panic!("killed");
        },
    };
    let kill = std::panic::AssertUnwindSafe(|| submit(&runs, &killed, &job(), false, &known));
    let panic = std::panic::catch_unwind(kill).unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"killed"));
    let left = submissions(&runs).unwrap();
    assert!(left[0].ids.is_empty() && !left[0].is_over);
    let (again, _) = submit(&runs, &Staying { meanwhile: &|| {} }, &job(), false, &known).unwrap();
    assert_eq!((again.number, again.is_over), (2, true));
    assert_eq!(cancel(&runs, &known).unwrap().len(), 1);
    assert!(cancel(&runs, &known).unwrap().is_empty());
}
