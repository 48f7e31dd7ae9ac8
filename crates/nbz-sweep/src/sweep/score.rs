//! The scores of one network: every draw through the plan of the passes and the programs, and their mean.

use std::borrow::Cow;

use nbz_engine::Init;
use nbz_proxy::{Draw, Plan, Proxy, Reason, Seeded};
use nbz_space::Network;

use super::Sweep;
use crate::error::{Result, SweepError};
use crate::images::Prepared;
use crate::journal::Record;
use crate::program::{Request, Trouble};
use crate::repeats::mean_and_deviation;
use crate::run::Worker;

/// One draw's number and, where it is not finite, why.
type Drawn = (f64, Option<&'static str>);

impl Sweep {
    /// What the network at a place sees.
    fn images_of(&self, place: usize) -> Result<Cow<'_, Prepared>> {
        let Some(source) = &self.source else {
            return Ok(Cow::Borrowed(&self.images));
        };
        let mut images = source.draw(Some(&self.names[place]))?;
        images.inputs.noise.clone_from(&self.images.inputs.noise);
        Ok(Cow::Owned(images))
    }

    /// Scores the network at a place in the list.
    ///
    /// # Errors
    /// [`SweepError::Network`] with what the proxies or the engine refuse; a program that cannot be
    /// started or never answered.
    pub fn score(&self, place: usize, worker: &mut Worker<'_>) -> Result<Record> {
        let fault = |source| SweepError::Network {
            arch: self.names[place].clone(),
            source,
        };
        let network = self.archs[place].network(self.task);
        let images = self.images_of(place)?;
        let (able, unable) = self.applicable(&network, &images.inputs).map_err(fault)?;
        let mut record = Record {
            place,
            scores: Vec::new(),
            deviations: Vec::new(),
            reasons: unable
                .iter()
                .map(|(name, why)| ((*name).to_owned(), (*why).to_owned()))
                .collect(),
            seconds: Vec::new(),
            run: 0,
            messages: Vec::new(),
        };
        let plan = (!able.is_empty()).then(|| Plan::new(&able)).transpose();
        let plan = plan.map_err(fault)?;
        let mut draws: Vec<Vec<Drawn>> = Vec::new();
        for repeat in 0..u64::from(self.recipe.repeats) {
            let draw = Seeded {
                seed: self.recipe.seed.wrapping_add(repeat),
                architecture: &self.names[place],
                given: self.weights.as_ref(),
            };
            let mut drawn: Vec<Drawn> = Vec::new();
            if let Some(plan) = &plan {
                let scored = plan
                    .score(&worker.devices, &network, &images.inputs, &draw)
                    .map_err(fault)?;
                let scores = scored.scores.iter();
                drawn.extend(scores.map(|(_, s)| (s.value(), s.reason().map(Reason::name))));
                for (pass, time) in scored.seconds {
                    add_time(&mut record.seconds, pass.name(), time);
                }
            }
            drawn.extend(self.ask_programs(&network, &draw, &images.file, worker, &mut record)?);
            draws.push(drawn);
        }
        // Each column's place among the drawn ones; none of a proxy that cannot look.
        let able_places = self.proxies.iter().map(|p| {
            let is_it = |able: &&dyn Proxy| able.name() == p.name();
            able.iter().position(is_it)
        });
        let own_places = (0..self.proven.len()).map(|own| Some(able.len() + own));
        for (name, at) in self.recipe.names().zip(able_places.chain(own_places)) {
            let Some(at) = at else {
                record.scores.push(None);
                record.deviations.push(None);
                continue;
            };
            let values: Vec<f64> = draws.iter().map(|d| d[at].0).collect();
            let (mean, deviation) = mean_and_deviation(&values);
            record.scores.push(Some(mean.to_bits()));
            record.deviations.push(Some(deviation.to_bits()));
            if let Some(reason) = draws.iter().find_map(|d| d[at].1) {
                record.reasons.push((name.to_owned(), reason.to_owned()));
            }
        }
        if self.recipe.repeats == 1 {
            record.deviations.clear();
        }
        Ok(record)
    }

    /// What the programs make of one draw; times and messages go to the record.
    fn ask_programs(
        &self,
        network: &Network,
        draw: &Seeded<'_>,
        batch: &[u8],
        worker: &mut Worker<'_>,
        record: &mut Record,
    ) -> Result<Vec<Drawn>> {
        let Some(desk) = &mut worker.desk else {
            return Ok(Vec::new());
        };
        if let Some(given) = draw.given {
            given.check(network)?;
        }
        let weights = draw.weights(network, Init::Torch, 0)?.to_safetensors()?;
        let said = desk.ask(&Request {
            arch: draw.architecture,
            seed: draw.seed,
            graph: &network.document(),
            weights: &weights,
            batch,
        })?;
        let mut drawn = Vec::with_capacity(said.len());
        for ((program, _), said) in self.programs().zip(said) {
            add_time(&mut record.seconds, program.name(), said.seconds);
            let message = said.message.map(|words| (program.name().to_owned(), words));
            record.messages.extend(message);
            drawn.push((said.score, said.trouble.map(Trouble::name)));
        }
        Ok(drawn)
    }
}

fn add_time(seconds: &mut Vec<(String, f64)>, name: &str, time: f64) {
    match seconds.iter_mut().find(|(known, _)| known == name) {
        Some((_, sum)) => *sum += time,
        None => seconds.push((name.to_owned(), time)),
    }
}
