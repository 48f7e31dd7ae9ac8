//! Whole networks: forward, forward and backward, tangent, and the per-sample Gram matrix.

use std::fmt::Write as _;

use nbz_engine::{
    Cotangent, Cpu, Direction, Images, Init, Labels, MemoryPlan, Model, Of, Pass, Recipe, Run,
    Weights,
};

use crate::networks::{self, Subject};
use crate::timing::{Timing, best};

/// Images in a batch.
pub(crate) const BATCH: usize = 64;
/// Images of the per-sample pass.
const SAMPLES: usize = 16;

/// What one network took on a number of threads.
#[derive(Debug, Clone)]
pub(crate) struct Measured {
    pub(crate) name: &'static str,
    pub(crate) threads: usize,
    pub(crate) winograd: bool,
    /// Operations of one forward pass of the batch.
    operations: f64,
    pub(crate) forward: Timing,
    pub(crate) both: Timing,
    tangent: Timing,
    gram: Timing,
    /// Of forward and backward, planned and held.
    planned_mib: f64,
    held_mib: f64,
}

/// Measures all networks, or those that are named, on each number of threads, by the definition's sums and by
/// Winograd's form one right after the other.
pub(crate) fn networks(
    device: &dyn Fn(usize, bool) -> Cpu<f32>,
    wanted: &[String],
    threads: &[usize],
) -> Vec<Measured> {
    let named = |s: &Subject| wanted.iter().any(|w| w == s.name);
    let mut subjects = networks::all();
    if subjects.iter().any(named) {
        subjects.retain(named);
    }
    let mut all = Vec::new();
    for subject in subjects {
        for &threads in threads {
            for winograd in [false, true] {
                let measured = Measured {
                    winograd,
                    ..measure(&device(threads, winograd), &subject, threads)
                };
                eprint!("{}", row(&measured));
                all.push(measured);
            }
        }
    }
    all
}

fn images(count: usize) -> (Images, Labels) {
    let shape = nbz_space::network::Shape::new(3, 32, 32);
    let value = |i: usize| (((i * 2_654_435_761) >> 8) % 2001) as f64 / 1000.0 - 1.0;
    let values = (0..count * shape.len()).map(value).collect();
    let labels = (0..count as u32).map(|i| i % 10).collect();
    (
        Images::new(shape, values).unwrap(),
        Labels::new(10, labels).unwrap(),
    )
}

fn measure(device: &Cpu<f32>, subject: &Subject, threads: usize) -> Measured {
    let path = device.path();
    let recipe = Recipe {
        seed: 0,
        architecture: subject.name,
        purpose: "bench",
    };
    let weights = Weights::init(&subject.network, Init::Torch, &recipe).unwrap();
    let model = Model::new(device, &subject.network, &weights).unwrap();
    let ((batch, labels), (few, _)) = (images(BATCH), images(SAMPLES));
    let run = Run::default();
    let forward = best(path, threads, || {
        drop(model.infer(&batch, &run, &mut ()).unwrap());
    });
    let both = best(path, threads, || {
        let trace = model.forward(&batch, &run, &mut ()).unwrap();
        let cotangent = Cotangent::CrossEntropy(&labels);
        trace.backward(cotangent, Of::Parameters, &mut ()).unwrap();
    });
    let held_mib = device.peak_bytes() as f64 / 1_048_576.0;
    let plan = MemoryPlan::new(device, &subject.network, &run, BATCH, Pass::Backward);
    let planned_mib = plan.total() as f64 / 1_048_576.0;
    let tangent = best(path, threads, || {
        let trace = model.forward(&batch, &run, &mut ()).unwrap();
        let tangent = trace.tangent(Direction::Weights).unwrap();
        tangent
            .backward(Cotangent::CrossEntropy(&labels), &mut ())
            .unwrap();
    });
    let gram = best(path, threads, || {
        let trace = model.forward(&few, &run, &mut ()).unwrap();
        trace.gram().unwrap();
    });
    Measured {
        name: subject.name,
        threads,
        winograd: false,
        operations: 2e6 * subject.mmac * BATCH as f64,
        forward,
        both,
        tangent,
        gram,
        planned_mib,
        held_mib,
    }
}

/// The table of the networks.
pub(crate) fn table(all: &[Measured]) -> String {
    let mut text = String::from(
        "## Networks\n\n\
         A forward pass is F; forward and backward 3 F; with the tangent along the weights, forwards and\n\
         backwards, 7 F; forward and Gram matrix of the gradients of 16 images are (16 + 2 x 16 x 16) / 64 F = 8.25 F.\n\n\
         | network | threads | 3 x 3 by | forward ms | forward + backward ms | share of peak | with tangent ms | share | Gram of 16 ms | share | MiB planned | held |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for m in all {
        text += &row(m);
    }
    for one in all.iter().filter(|m| m.threads == 1 && !m.winograd) {
        let second = one.tangent.seconds / one.both.seconds;
        let gram = one.gram.seconds / one.forward.seconds;
        write!(
            text,
            "\n- {}: on one thread the pass with the tangent takes {second:.2} x forward and backward (2.33 \
             predicted), the Gram matrix {gram:.2} forwards (8.25 predicted)",
            one.name
        )
        .unwrap();
        let of = |threads, winograd| {
            all.iter()
                .find(|m| (m.name, m.threads, m.winograd) == (one.name, threads, winograd))
        };
        if let Some(two) = of(2, false) {
            let speedup = one.both.seconds / two.both.seconds;
            write!(text, "; 2 threads are {speedup:.2} x 1").unwrap();
        }
        if let (Some(one), Some(two)) = (of(1, true), of(2, true)) {
            let speedup = one.both.seconds / two.both.seconds;
            write!(text, ", by Winograd's form {speedup:.2} x").unwrap();
        }
        text.push('.');
    }
    text + "\n\n"
}

fn row(m: &Measured) -> String {
    let share =
        |t: Timing, forwards: f64| 100.0 * t.share_of_peak(forwards * m.operations, m.threads);
    let gram = (SAMPLES + 2 * SAMPLES * SAMPLES) as f64 / BATCH as f64;
    format!(
        "| {} | {} | {} | {:.1} | {:.1} | {:.0} % | {:.1} | {:.0} % | {:.1} | {:.0} % | {:.1} | {:.1} |\n",
        m.name,
        m.threads,
        if m.winograd { "Winograd" } else { "definition" },
        1e3 * m.forward.seconds,
        1e3 * m.both.seconds,
        share(m.both, 3.0),
        1e3 * m.tangent.seconds,
        share(m.tangent, 7.0),
        1e3 * m.gram.seconds,
        share(m.gram, gram),
        m.planned_mib,
        m.held_mib,
    )
}
