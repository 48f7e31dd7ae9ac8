//! Whole trainings of a small network on images that can be learned: what stays the same bits, what is learned,
//! and what is refused.

#![expect(clippy::unwrap_used, reason = "a failed training must stop the test")]

use std::cell::Cell;

use nbz_data::{Pictures, Stream};
use nbz_engine::cpu::Path;
use nbz_engine::{Cpu, Reference};
use nbz_space::Network;
use nbz_space::network::{Conv, Join, NetworkBuilder, Shape};
use nbz_train::{Control, Ended, Every, Material, Outcome, Recipe, TrainError, Training};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

const SIDE: usize = 8;
const CLASSES: usize = 3;

/// Noise with a bright stripe whose row tells the class.
fn pictures(count: usize, purpose: &str) -> Pictures {
    let mut stream = Stream::new(5, purpose);
    let (mut labels, mut bytes) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let label = stream.below(CLASSES as u64) as u32;
        labels.push(label);
        for at in 0..3 * SIDE * SIDE {
            let row = at / SIDE % SIDE;
            let bright = row / 2 == label as usize + 1;
            bytes.push(stream.below(120) as u8 + if bright { 120 } else { 0 });
        }
    }
    let scale = [[0.4; 3], [0.3; 3]];
    Pictures::new("stripes", [SIDE, SIDE], CLASSES, scale, labels, bytes).unwrap()
}

fn material() -> Material {
    Material::new(pictures(120, "training"), pictures(60, "test")).unwrap()
}

fn network() -> Network {
    let mut b = NetworkBuilder::new(Shape::new(3, SIDE, SIDE));
    let x = b.conv("stem", b.input(), Conv::dense(3, 8, 3, 1));
    let x = b.batch_norm("stem_bn", x);
    let x = b.relu("stem_relu", x);
    let y = b.conv("conv", x, Conv::dense(8, 8, 3, 1));
    let y = b.batch_norm("bn", y);
    let y = b.add("add", Join::Residual, &[y, x]);
    let y = b.relu("relu", y);
    let y = b.conv("last", y, Conv::dense(8, 12, 3, 2));
    let y = b.batch_norm("last_bn", y);
    let y = b.relu("last_relu", y);
    b.classifier(y, CLASSES)
}

/// Four epochs of six steps, everything switched on.
fn recipe() -> Recipe {
    let recipe = Recipe::named("nbz12").unwrap();
    let settings = ["epochs=4", "batch=18", "warm_up=0.5"];
    settings
        .iter()
        .fold(recipe, |recipe, s| recipe.with(s).unwrap())
}

struct Run {
    ended: Ended,
    kept: Vec<Vec<u8>>,
}

impl Run {
    fn outcome(self) -> Outcome {
        match self.ended {
            Ended::Done(outcome) => outcome,
            Ended::ToBeContinued => panic!("it was not told to stop"),
        }
    }
}

/// Trains on the device of `device_threads`, stopping behind `stop_after` steps of this start.
fn run(
    recipe: &Recipe,
    seed: u64,
    from: Option<&[u8]>,
    (every, stop_after): (u64, u64),
    threads: usize,
) -> Result<Run, TrainError> {
    let (network, material) = (network(), material());
    let cpu = Cpu::<f32>::new(Path::fastest(), threads).unwrap();
    let training = Training::new("stripes", &network, &material, recipe, seed, "cpu")?;
    let (mut kept, steps) = (Vec::new(), Cell::new(0));
    let mut control = Control {
        keep: &mut |bytes| {
            kept.push(bytes.to_vec());
            Ok(())
        },
        every: Every::Steps(every),
        stop: &|| steps.get() >= stop_after,
        watch: &mut |_| steps.set(steps.get() + 1),
        threads,
    };
    let ended = training.run(&cpu, from, &mut control)?;
    Ok(Run { ended, kept })
}

const NEVER: (u64, u64) = (u64::MAX, u64::MAX);

#[test]
fn a_training_stopped_at_any_step_ends_with_the_same_bits() {
    let whole = run(&recipe(), 3, None, NEVER, 1).unwrap().outcome();
    for stop_after in [1, 6, 7, 23] {
        let stopped = run(&recipe(), 3, None, (u64::MAX, stop_after), 1).unwrap();
        assert_eq!(stopped.ended, Ended::ToBeContinued);
        let checkpoint = stopped.kept.last().unwrap();
        let rest = run(&recipe(), 3, Some(checkpoint), NEVER, 2)
            .unwrap()
            .outcome();
        assert_eq!(rest, whole, "stopped behind step {stop_after}");
    }
}

#[test]
fn an_average_is_kept_through_checkpoints_and_takes_the_weights_place() {
    let recipe = recipe().with("average=0.9").unwrap();
    let all = run(&recipe, 3, None, (5, u64::MAX), 1).unwrap();
    let kept = all.kept.clone();
    let whole = all.outcome();
    for checkpoint in &kept {
        let again = run(&recipe, 3, Some(checkpoint), NEVER, 2).unwrap();
        assert_eq!(again.outcome(), whole);
    }
    // The steps themselves are those of a training without an average: only what is looked at differs.
    let plain = run(&self::recipe(), 3, None, NEVER, 1).unwrap().outcome();
    let losses = |outcome: &Outcome| -> Vec<u64> {
        outcome.curve.iter().map(|e| e.loss.to_bits()).collect()
    };
    assert_eq!(losses(&plain), losses(&whole));
    assert_ne!(plain.weights, whole.weights);
    // Oracle: with a rate of next to nothing nothing moves but running statistics, whose average lags behind.
    let still = recipe.with("rate=1e-12").unwrap();
    let [still, moved] = [&still, &still.with("average=0").unwrap()]
        .map(|recipe| run(recipe, 3, None, NEVER, 1).unwrap().outcome().weights);
    for (name, tensor) in still.iter() {
        let (average, now) = (tensor.to_f64(), moved.get(name).unwrap().to_f64());
        let is_near = average
            .iter()
            .zip(now.iter())
            .all(|(a, b)| (a - b).abs() < 1e-6);
        let is_statistic = name.contains(".running_");
        assert_eq!(is_near, !is_statistic, "{name}");
    }
}

#[test]
fn patience_ends_a_training_behind_its_last_better_epoch_and_only_where_asked() {
    // A rate of next to nothing: validation stays as it is from the first epoch on.
    let still = recipe()
        .with("rate=1e-12")
        .unwrap()
        .with("epochs=8")
        .unwrap();
    let whole = run(&still, 3, None, NEVER, 1).unwrap().outcome();
    assert_eq!((whole.curve.len(), whole.is_early), (8, false));
    let correct = |at: usize| whole.curve[at].validation.unwrap().correct;
    let best = (0..8).rev().max_by_key(|&at| correct(at)).unwrap();
    let patient = still.with("patience=2").unwrap();
    let ended = run(&patient, 3, None, NEVER, 1).unwrap().outcome();
    // Oracle: the whole curve; the first epoch two behind the best so far.
    let stuck = |end: usize| (0..=end).rev().max_by_key(|&at| correct(at)).unwrap() + 2 <= end;
    let end = (0..8).find(|&end| stuck(end)).unwrap();
    assert!(end < 7, "the best epoch is {best}");
    assert_eq!(ended.curve[..], whole.curve[..=end]);
    assert!(ended.is_early);
    assert!(ended.test.is_some());
    // Taken up from a checkpoint it ends at the same place.
    let stopped = run(&patient, 3, None, (u64::MAX, 7), 1).unwrap();
    let checkpoint = stopped.kept.last().unwrap();
    let rest = run(&patient, 3, Some(checkpoint), NEVER, 2).unwrap();
    assert_eq!(rest.outcome(), ended);
}

#[test]
fn a_kill_between_checkpoints_loses_steps_but_no_bit() {
    let all = run(&recipe(), 3, None, (5, u64::MAX), 1).unwrap();
    let kept = all.kept.clone();
    let whole = all.outcome();
    assert_eq!(kept.len(), 4);
    for checkpoint in &kept {
        let again = run(&recipe(), 3, Some(checkpoint), (5, u64::MAX), 1).unwrap();
        assert!(
            kept.ends_with(&again.kept),
            "the later checkpoints have the same bytes"
        );
        assert_eq!(again.outcome(), whole);
    }
}

#[test]
fn threads_change_nothing_and_seeds_everything() {
    let one = run(&recipe(), 3, None, NEVER, 1).unwrap().outcome();
    assert_eq!(one, run(&recipe(), 3, None, NEVER, 3).unwrap().outcome());
    let other = run(&recipe(), 4, None, NEVER, 1).unwrap().outcome();
    assert_ne!(one.weights, other.weights);
    assert_ne!(one.curve[0].loss.to_bits(), other.curve[0].loss.to_bits());
}

#[test]
fn stripes_are_learned_and_counted_per_part() {
    // Oracle: the images are separable, so a network that learns tells nearly all; chance is a third.
    let recipe = [
        "epochs=12",
        "auto_augment=false",
        "crop_flip=false",
        "mixup=0",
    ];
    let recipe = recipe
        .iter()
        .fold(self::recipe(), |r, s| r.with(s).unwrap());
    let outcome = run(&recipe, 0, None, NEVER, 1).unwrap().outcome();
    let (last, test) = (outcome.curve.last().unwrap(), outcome.test.unwrap());
    assert_eq!((outcome.curve.len(), last.epoch, test.images), (12, 12, 60));
    assert_eq!(
        (last.training.images, last.validation.unwrap().images),
        (108, 12)
    );
    assert!(test.percent() > 95.0, "{test:?}");
    assert!(last.loss < outcome.curve[0].loss);
    // Smoothed targets of entropy h have no smaller loss than h.
    let (true_class, other) = (0.9 + 0.1 / 3.0_f64, 0.1 / 3.0_f64);
    assert!(last.loss > -(true_class * true_class.ln() + 2.0 * other * other.ln()));
}

#[test]
fn a_batch_in_pieces_differs_by_its_batch_statistics_alone() {
    // Oracle: without steps that move anything (rate 1e-12) losses of pieces are means over their halves.
    let recipe = recipe()
        .with("epochs=1")
        .unwrap()
        .with("rate=1e-12")
        .unwrap();
    let whole = run(&recipe, 1, None, NEVER, 1).unwrap().outcome();
    let pieces = run(&recipe.with("pieces=2").unwrap(), 1, None, NEVER, 1)
        .unwrap()
        .outcome();
    let (whole, pieces) = (whole.curve[0], pieces.curve[0]);
    assert!((whole.loss - pieces.loss).abs() < 0.2 * whole.loss);
    assert_eq!(whole.training.images, pieces.training.images);
    assert_ne!(whole.loss.to_bits(), pieces.loss.to_bits());
}

#[test]
fn a_rate_that_diverges_is_recorded_with_its_step_and_leaves_the_network_before_it() {
    let recipe = recipe().with("rate=1e30").unwrap();
    let all = run(&recipe, 0, None, (1, u64::MAX), 1).unwrap();
    let kept = all.kept.clone();
    let outcome = all.outcome();
    let step = outcome.diverged.unwrap();
    assert!((1..24).contains(&step), "{step}");
    assert_eq!(outcome.test, None);
    // Oracle: the checkpoint behind the step before; every bit.
    assert_eq!(kept.len() as u64, step);
    let before = SafeTensors::deserialize(kept.last().unwrap()).unwrap();
    let bits = |numbers: &[f64]| -> Vec<u64> { numbers.iter().map(|n| n.to_bits()).collect() };
    let mut statistics = 0;
    for (name, tensor) in outcome.weights.iter() {
        let (left, view) = (tensor.to_f64(), before.tensor(&format!("weight/{name}")));
        assert!(left.iter().all(|n| n.is_finite()), "{name}");
        assert_eq!(bits(&left), bits(&in_single(&view.unwrap())), "{name}");
        statistics += usize::from(name.contains(".running_"));
    }
    assert_eq!(statistics, 6, "three batch norms have two each");
}

/// The numbers of a tensor in single precision.
fn in_single(view: &TensorView<'_>) -> Vec<f64> {
    if view.dtype() == Dtype::F32 {
        let (words, _) = view.data().as_chunks();
        return words
            .iter()
            .map(|b| f64::from(f32::from_le_bytes(*b)))
            .collect();
    }
    let (words, _) = view.data().as_chunks();
    words
        .iter()
        .map(|b| f64::from(f64::from_le_bytes(*b) as f32))
        .collect()
}

#[test]
fn told_to_stop_a_training_whose_numbers_are_lost_ends_and_keeps_nothing() {
    // The first step throws the weights out of single precision, and its loss is still finite.
    let recipe = recipe()
        .with("rate=1e300")
        .unwrap()
        .with("warm_up=0")
        .unwrap();
    let stopped = run(&recipe, 0, None, (u64::MAX, 1), 1).unwrap();
    assert_eq!(stopped.ended, Ended::ToBeContinued);
    assert!(stopped.kept.is_empty());
    let whole = run(&recipe, 0, None, NEVER, 1).unwrap().outcome();
    assert_eq!(whole.diverged, Some(1));
}

#[test]
fn checkpoints_of_others_and_damaged_ones_are_refused_by_name() {
    let stopped = run(&recipe(), 3, None, (u64::MAX, 8), 1).unwrap();
    let good = stopped.kept.last().unwrap();
    let Err(TrainError::OtherTraining { differences }) = run(&recipe(), 4, Some(good), NEVER, 1)
    else {
        panic!("another seed is another training");
    };
    assert_eq!(differences, ["seed: 3 there, 4 here"]);
    let longer = recipe().with("epochs=5").unwrap();
    let Err(TrainError::OtherTraining { differences }) = run(&longer, 3, Some(good), NEVER, 1)
    else {
        panic!("another recipe is another training");
    };
    assert!(
        differences.contains(&"recipe.epochs: 4 there, 5 here".to_owned()),
        "{differences:?}"
    );

    // A key that one side lacks is named as well.
    let averaged = recipe().with("average=0.9").unwrap();
    let Err(TrainError::OtherTraining { differences }) = run(&averaged, 3, Some(good), NEVER, 1)
    else {
        panic!("an average makes another training");
    };
    let average = "recipe.average: absent there, 0.9 here".to_owned();
    assert!(differences.contains(&average), "{differences:?}");
    let stopped = run(&averaged, 3, None, (u64::MAX, 1), 1).unwrap();
    let kept = stopped.kept.last().unwrap();
    let Err(TrainError::OtherTraining { differences }) = run(&recipe(), 3, Some(kept), NEVER, 1)
    else {
        panic!("no average makes another training");
    };
    let average = "recipe.average: 0.9 there, absent here".to_owned();
    assert!(differences.contains(&average), "{differences:?}");

    // Every byte counts: one flipped anywhere is noticed, as is a missing end.
    let mut stream = Stream::new(0, "flips");
    for _ in 0..200 {
        let mut bad = good.clone();
        let at = stream.below(bad.len() as u64) as usize;
        bad[at] ^= 1 << stream.below(8);
        let refused = run(&recipe(), 3, Some(&bad), NEVER, 1);
        assert!(refused.is_err(), "byte {at} was flipped");
    }
    let cut = run(&recipe(), 3, Some(&good[..good.len() - 1]), NEVER, 1);
    assert!(matches!(cut, Err(TrainError::Damaged { .. })));
}

#[test]
fn a_full_disk_ends_the_training_with_its_reason() {
    let (network, material) = (network(), material());
    let training =
        Training::new("stripes", &network, &material, &recipe(), 0, "reference").unwrap();
    let mut control = Control {
        keep: &mut |_| Err(std::io::ErrorKind::StorageFull.into()),
        every: Every::Steps(3),
        stop: &|| false,
        watch: &mut |_| {},
        threads: 1,
    };
    let error = training.run(&Reference, None, &mut control).unwrap_err();
    assert!(matches!(&error, TrainError::Keep(e) if e.kind() == std::io::ErrorKind::StorageFull));
}

#[test]
fn unfit_images_are_refused_before_anything_runs() {
    let large = recipe().with("batch=109").unwrap();
    assert!(matches!(
        run(&large, 0, None, NEVER, 1),
        Err(TrainError::BatchTooLarge {
            batch: 109,
            images: 108
        })
    ));
    assert!(matches!(
        material().check(&large),
        Err(TrainError::BatchTooLarge { .. })
    ));
    assert!(material().check(&recipe()).is_ok());
    let none = Material::new(pictures(9, "training").first(0), pictures(3, "test")).unwrap_err();
    assert!(matches!(none, TrainError::NoImages { part: "training" }));
    assert!(none.hint().is_some());
    let scale = [[0.5; 3], [0.5; 3]];
    let one_class = Pictures::new("one", [8, 8], 3, scale, vec![2; 4], vec![0; 4 * 192]).unwrap();
    let error = Material::new(one_class, pictures(3, "test")).unwrap_err();
    assert!(matches!(error, TrainError::OneClass { class: 2 }));
    let wide = Pictures::new("wide", [8, 16], 3, scale, vec![0; 2], vec![0; 2 * 384]).unwrap();
    assert!(matches!(
        Material::new(pictures(9, "training"), wide).unwrap_err(),
        TrainError::OtherTest { .. }
    ));
    let mut b = NetworkBuilder::new(Shape::new(3, 16, 16));
    let x = b.conv("conv", b.input(), Conv::dense(3, 8, 3, 1));
    let other = b.classifier(x, CLASSES);
    let error = Training::new("x", &other, &material(), &recipe(), 0, "cpu").unwrap_err();
    assert!(matches!(error, TrainError::OtherTask { .. }));
}
