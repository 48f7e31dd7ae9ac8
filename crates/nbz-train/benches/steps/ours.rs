//! Our side: whole steps, the making of the batch included.

use std::sync::Barrier;
use std::time::Instant;

use nbz_data::{Data, Pictures};
use nbz_engine::cpu::Path;
use nbz_engine::{Cpu, Init, Weights};
use nbz_train::{Learner, Loader, Recipe};

use crate::{Case, Way};

const IMAGES: usize = 4096;

/// The trainings of a case.
pub(crate) struct Trainings<'c> {
    case: &'c Case<'c>,
    recipe: Recipe,
    pictures: Pictures,
    numbers: Vec<usize>,
    devices: Vec<Cpu<f32>>,
    /// Steps in a round; more once they are known to be short.
    steps: usize,
}

impl<'c> Trainings<'c> {
    pub(crate) fn new(case: &'c Case<'c>) -> Self {
        let (trainings, threads) = match case.way {
            Way::Alone => (1, case.threads),
            Way::Population => (case.threads, 1),
        };
        let path = Path::from_environment().unwrap();
        let device = || Cpu::<f32>::new(path, threads).unwrap().with_winograd();
        let noise = Data::Noise.read().unwrap().training.unwrap();
        Self {
            case,
            recipe: case.recipe(),
            pictures: noise.pictures.first(IMAGES),
            numbers: (0..IMAGES).collect(),
            devices: (0..trainings).map(|_| device()).collect(),
            steps: 2,
        }
    }

    /// Of all trainings together, over at least that time.
    pub(crate) fn images_per_second(&mut self, seconds: f64) -> f64 {
        loop {
            let took = self.round();
            if took >= seconds {
                return (self.devices.len() * self.steps * self.recipe.batch) as f64 / took;
            }
            self.steps = (self.steps as f64 * (1.2 * seconds / took).max(1.5)).ceil() as usize;
        }
    }

    /// Seconds that all trainings take for their steps, behind one that is not counted.
    fn round(&self) -> f64 {
        let start = Barrier::new(self.devices.len());
        let ends = std::thread::scope(|scope| {
            let trainings: Vec<_> = self
                .devices
                .iter()
                .map(|device| scope.spawn(|| self.train(device, &start)))
                .collect();
            let ended = trainings.into_iter().map(|t| t.join().unwrap());
            ended.collect::<Vec<[Instant; 2]>>()
        });
        let begin = ends.iter().map(|[begin, _]| *begin).min().unwrap();
        let end = ends.iter().map(|[_, end]| *end).max().unwrap();
        (end - begin).as_secs_f64()
    }

    fn train(&self, device: &Cpu<f32>, start: &Barrier) -> [Instant; 2] {
        let draws = nbz_engine::Recipe {
            seed: 0,
            architecture: self.case.name,
            purpose: "train",
        };
        let network = self.case.network;
        let weights = Weights::init(network, Init::Kaiming, &draws).unwrap();
        let mut learner = Learner::new(device, network, &weights, None, &self.recipe).unwrap();
        let threads = self.case.threads / self.devices.len();
        let loader = Loader::new(&self.pictures, &self.numbers, &self.recipe, 0, threads).unwrap();
        let order = loader.order(0);
        let mut step = |step: usize| {
            let batch = loader.batch(0, step % loader.steps(), &order).unwrap();
            learner.step(&batch, 1e-3).unwrap();
        };
        step(0);
        start.wait();
        let begin = Instant::now();
        (1..=self.steps).for_each(&mut step);
        [begin, Instant::now()]
    }
}
