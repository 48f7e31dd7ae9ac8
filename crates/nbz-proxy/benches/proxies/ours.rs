//! Our side: the nine from one plan.

use nbz_engine::cpu::Path;
use nbz_engine::{Images, Labels};
use nbz_proxy::{Batch, Devices, Inputs, Noise, Pass, Plan, Scores, Seeded, registry};
use nbz_space::network::Network;
use rustix::time::{ClockId, clock_gettime};

/// Images in the batch.
pub(crate) const BATCH: usize = 64;

/// The nine of a network.
pub(crate) struct Nine {
    pub(crate) scores: Scores,
    /// The shortest time of each pass.
    pub(crate) passes: Vec<(Pass, f64)>,
    /// Seconds for one network: processor time on one thread; on several, one network a thread and the time
    /// on the wall over their number.
    pub(crate) seconds: f64,
}

/// Uniform numbers in `[-1, 1]`, the same everywhere.
fn numbers(count: usize, salt: usize) -> Vec<f64> {
    let value = |i: usize| ((((i + salt) * 2_654_435_761) >> 8) % 2001) as f64 / 1000.0 - 1.0;
    (0..count).map(value).collect()
}

/// A batch and noise for a network.
pub(crate) fn inputs(network: &Network) -> Inputs {
    let (shape, classes) = (network.input_shape(), network.classes());
    let images = |salt| Images::new(shape, numbers(BATCH * shape.len(), salt)).unwrap();
    let labels = || {
        Labels::new(
            classes,
            (0..BATCH as u32).map(|i| i % classes as u32).collect(),
        )
    };
    let batch = |salt| Batch::new(images(salt), labels().unwrap()).unwrap();
    Inputs {
        noise: Some(Noise {
            x: batch(7_000_003),
            e: images(9_000_011),
        }),
        ..Inputs::new(batch(0))
    }
}

/// The draw that names the weights of a network.
pub(crate) fn draw(name: &str) -> Seeded<'_> {
    Seeded {
        seed: 0,
        architecture: name,
        given: None,
    }
}

/// On what a network is scored.
#[derive(Clone, Copy)]
pub(crate) struct How {
    pub(crate) path: Path,
    pub(crate) threads: usize,
    pub(crate) winograd: bool,
    /// The best of so many.
    pub(crate) rounds: usize,
}

/// Scores a network.
pub(crate) fn nine(name: &str, network: &Network, how: How) -> Nine {
    let threads = how.threads;
    let plan = Plan::new(&registry::PAPER).unwrap();
    let (inputs, draw) = (inputs(network), draw(name));
    let devices: Vec<_> = (0..threads)
        .map(|_| {
            let devices = Devices::cpu(how.path, 1).unwrap();
            if how.winograd {
                devices.with_winograd()
            } else {
                devices
            }
        })
        .collect();
    let mut best: Option<Nine> = None;
    for _ in 0..how.rounds {
        let clock = if threads == 1 {
            ClockId::ProcessCPUTime
        } else {
            ClockId::Monotonic
        };
        let begin = now(clock);
        let scores: Vec<Scores> = std::thread::scope(|scope| {
            let started: Vec<_> = devices
                .iter()
                .map(|d| scope.spawn(|| plan.score(d, network, &inputs, &draw).unwrap()))
                .collect();
            started.into_iter().map(|s| s.join().unwrap()).collect()
        });
        let seconds = (now(clock) - begin) / threads as f64;
        let scores = scores.into_iter().next().unwrap();
        let best = best.get_or_insert_with(|| Nine {
            passes: scores.seconds.clone(),
            scores: scores.clone(),
            seconds,
        });
        best.seconds = best.seconds.min(seconds);
        for (least, now) in best.passes.iter_mut().zip(&scores.seconds) {
            least.1 = least.1.min(now.1);
        }
    }
    best.unwrap()
}

fn now(clock: ClockId) -> f64 {
    let time = clock_gettime(clock);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Forwards of the batch that a pass of the nine takes by its operations.
pub(crate) fn predicted(pass: Pass) -> Option<f64> {
    let few = 16.0;
    Some(match pass {
        Pass::Forward | Pass::Jacobian => 1.0,
        Pass::Tangent => 6.0,
        Pass::TangentKernel => few * (1.0 + 2.0 * few) / BATCH as f64,
        // One image, in double precision, which has half the rate.
        Pass::Flow => 2.0 * 3.0 / BATCH as f64,
        Pass::PlainDistance => 2.0,
        _ => return None,
    })
}
