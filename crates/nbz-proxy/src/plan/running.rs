//! A plan while it runs: initialisation by initialisation, so that one network's weights stand on the
//! device at a time.

use std::borrow::Cow;

use nbz_engine::{Cotangent, Device, Init, Model, Observer, Of, Residuals, Run, Weights};
use nbz_space::Network;

use super::clock::Clock;
use super::{Devices, Draw, Inputs, Noise, Outcome, Pass, first};
use crate::error::ProxyError;
use crate::findings::{Findings, Need};
use crate::passes::batch::FisherWatch;
use crate::passes::codes::AgreementWatch;
use crate::passes::{batch, channels, codes, distance, features, flow, kernel};

/// What the passes read and what they found so far.
pub(super) struct Running<'a, D, E> {
    devices: &'a Devices<D, E>,
    network: &'a Network,
    inputs: &'a Inputs,
    draw: &'a dyn Draw,
    needs: &'a [Need],
    findings: Findings,
    clock: Clock,
}

impl<'a, D: Device, E: Device> Running<'a, D, E> {
    pub(super) fn new(
        devices: &'a Devices<D, E>,
        network: &'a Network,
        inputs: &'a Inputs,
        draw: &'a dyn Draw,
        needs: &'a [Need],
    ) -> Self {
        Self {
            devices,
            network,
            inputs,
            draw,
            needs,
            findings: Findings::of(network.costs()),
            clock: Clock::default(),
        }
    }

    pub(super) fn finish(self) -> Outcome {
        Outcome {
            findings: self.findings,
            seconds: self.clock.into_seconds(),
        }
    }

    /// Everything of the network's own weights.
    pub(super) fn own_weights(&mut self) -> Result<(), ProxyError> {
        let on_batch = [
            Need::Gradients,
            Need::Fisher,
            Need::Curvature,
            Need::Jacobian,
            Need::Codes,
            Need::Ratios,
        ];
        let alone = [
            Need::TangentKernel,
            Need::SignCounts,
            Need::ChannelCorrelation,
        ];
        let (on_batch, alone) = (self.any(&on_batch), self.any(&alone));
        if !on_batch && !alone && !self.any(&[Need::WeightNorms, Need::Flow]) {
            return Ok(());
        }
        let weights = self.weights(Init::Torch, 0)?;
        if self.any(&[Need::WeightNorms]) {
            self.findings.weight_norms = Some(batch::weight_norms(self.network, &weights));
        }
        if self.any(&[Need::Flow]) {
            let (double, network) = (&self.devices.double, self.network);
            let flow = || flow::flow(double, network, &weights);
            self.findings.flow = Some(self.clock.time(Pass::Flow, flow)?);
        }
        if on_batch || alone {
            let model = self.model(&weights)?;
            drop(weights);
            if on_batch {
                self.batch(&model)?;
            }
            self.images_alone(&model)?;
        }
        Ok(())
    }

    /// Everything that starts from the forward pass of the batch.
    fn batch(&mut self, model: &Model<'_, D>) -> Result<(), ProxyError> {
        let (images, labels) = (self.inputs.batch.images(), self.inputs.batch.labels());
        let mut codes = AgreementWatch::new(images.count());
        let wants_codes = self.any(&[Need::Codes]);
        let trace = self.clock.time(Pass::Forward, || {
            let watch: &mut dyn Observer<D> = if wants_codes { &mut codes } else { &mut () };
            model.forward(images, &Run::default(), watch)
        })?;
        if wants_codes {
            self.findings.agreement = Some(codes.agreement(&trace));
        }
        if self.any(&[Need::Jacobian]) {
            let jacobian = || batch::jacobian(&trace, labels);
            self.findings.jacobian = Some(self.clock.time(Pass::Jacobian, jacobian)?);
        }
        if !self.any(&[Need::Curvature, Need::Gradients, Need::Fisher, Need::Ratios]) {
            return Ok(());
        }
        let wants_fisher = self.any(&[Need::Fisher]);
        let mut fisher = FisherWatch::new();
        let watch: &mut dyn Observer<D> = if wants_fisher { &mut fisher } else { &mut () };
        let gradients = if self.any(&[Need::Curvature]) {
            let both = || batch::curvature(&trace, labels, watch);
            let (gradients, curvature) = self.clock.time(Pass::Tangent, both)?;
            self.findings.curvature = Some(curvature);
            gradients
        } else {
            let loss = Cotangent::CrossEntropy(labels);
            let backward = || trace.backward(loss, Of::Parameters, watch);
            self.clock.time(Pass::Backward, backward)?
        };
        drop(trace);
        if wants_fisher {
            self.findings.fisher = Some(fisher.layers(self.network));
        }
        if self.any(&[Need::Gradients]) {
            let pass = match self.findings.curvature {
                Some(_) => Pass::Tangent,
                None => Pass::Backward,
            };
            let sums = || batch::gradients(model, &gradients);
            self.findings.gradients = Some(self.clock.time(pass, sums));
        }
        if self.any(&[Need::Ratios]) {
            let second = given(self.inputs.second.as_ref());
            let ratios = self.clock.time(Pass::SecondBatch, || {
                let trace = model.forward(second.images(), &Run::default(), &mut ())?;
                let loss = Cotangent::CrossEntropy(second.labels());
                let other = trace.backward(loss, Of::Parameters, &mut ())?;
                drop(trace);
                Ok::<_, ProxyError>(batch::ratios(model, &gradients, &other))
            });
            self.findings.ratios = Some(ratios?);
        }
        Ok(())
    }

    /// Everything of the own weights that has a forward pass of its own.
    fn images_alone(&mut self, model: &Model<'_, D>) -> Result<(), ProxyError> {
        let inputs = self.inputs;
        if self.any(&[Need::TangentKernel]) {
            let images = inputs.first_images()?;
            let kernel = || kernel::tangent_kernel(model, &images);
            self.findings.tangent_kernel = Some(self.clock.time(Pass::TangentKernel, kernel)?);
        }
        if self.any(&[Need::SignCounts]) {
            let counts = || kernel::sign_counts(model, &inputs.batch);
            self.findings.sign_counts = Some(self.clock.time(Pass::SignCounts, counts)?);
        }
        if self.any(&[Need::ChannelCorrelation]) {
            let image = first(self.noise().x.images(), 1)?;
            let least = || channels::channel_correlation(model, &image);
            let least = self.clock.time(Pass::ChannelCorrelation, least)?;
            self.findings.channel_correlation = Some(least);
        }
        Ok(())
    }

    /// Everything of standard normal weights.
    pub(super) fn normal_weights(&mut self) -> Result<(), ProxyError> {
        let of_noise = [
            Need::PlainDistance,
            Need::ResidualDistance,
            Need::NoiseGradient,
        ];
        if !self.any(&of_noise) && !self.any(&[Need::Patterns]) {
            return Ok(());
        }
        let weights = self.weights(Init::Normal, 0)?;
        let model = self.model(&weights)?;
        drop(weights);
        if self.any(&of_noise) {
            self.noise_alone(&model)?;
        }
        if !self.any(&[Need::Patterns]) {
            return Ok(());
        }
        let images = self.inputs.first_images()?;
        let mut repeats = vec![
            self.clock
                .time(Pass::Patterns, || codes::patterns(&model, &images))?,
        ];
        drop(model);
        for repeat in 1..self.inputs.swap_repeats {
            let weights = self.weights(Init::Normal, repeat)?;
            let model = self.model(&weights)?;
            repeats.push(
                self.clock
                    .time(Pass::Patterns, || codes::patterns(&model, &images))?,
            );
        }
        self.findings.patterns = Some(repeats);
        Ok(())
    }

    /// Everything of standard normal weights on noise.
    fn noise_alone(&mut self, model: &Model<'_, D>) -> Result<(), ProxyError> {
        let noise = self.noise();
        if self.any(&[Need::PlainDistance]) {
            let plain = || distance::distances(model, noise, Residuals::Removed);
            self.findings.plain_distance = Some(self.clock.time(Pass::PlainDistance, plain)?);
        }
        if self.any(&[Need::ResidualDistance]) {
            let kept = || distance::distances(model, noise, Residuals::Kept);
            self.findings.residual_distance = Some(self.clock.time(Pass::ResidualDistance, kept)?);
        }
        if self.any(&[Need::NoiseGradient]) {
            let squares = || distance::noise_gradient(model, &noise.x);
            self.findings.noise_gradient = Some(self.clock.time(Pass::NoiseGradient, squares)?);
        }
        Ok(())
    }

    /// Everything of Kaiming's weights.
    pub(super) fn kaiming_weights(&mut self) -> Result<(), ProxyError> {
        if !self.any(&[Need::Features]) {
            return Ok(());
        }
        let weights = self.weights(Init::Kaiming, 0)?;
        let model = self.model(&weights)?;
        drop(weights);
        let (noise, draw, double) = (self.noise(), self.draw, &self.devices.double);
        let features = || features::features(&model, double, noise.x.images(), draw);
        self.findings.features = Some(self.clock.time(Pass::Features, features)?);
        Ok(())
    }

    fn any(&self, needs: &[Need]) -> bool {
        needs.iter().any(|n| self.needs.contains(n))
    }

    fn noise(&self) -> &'a Noise {
        given(self.inputs.noise.as_ref())
    }

    fn weights(&mut self, init: Init, repeat: usize) -> Result<Cow<'a, Weights>, ProxyError> {
        let (draw, network) = (self.draw, self.network);
        let weights = || draw.weights(network, init, repeat);
        Ok(self.clock.time(Pass::Weights, weights)?)
    }

    fn model(&mut self, weights: &Weights) -> Result<Model<'a, D>, ProxyError> {
        let (device, network) = (&self.devices.passes, self.network);
        let model = || Model::new(device, network, weights);
        Ok(self.clock.time(Pass::Weights, model)?)
    }
}

/// An input that the plan's check has seen.
fn given<T>(input: Option<&T>) -> &T {
    input.expect("the check before the run refuses missing inputs")
}
