//! Sums of scaled maps, and the scales and shifts that turn each pass of a batch norm into one.
//!
//! With `r = 1 / sqrt(variance + eps)`:
//! - forward: `gamma r x + (beta - mean gamma r)`;
//! - input gradient: `gamma r (dz - S1/m - xhat S2/m)`, linear in `dz` and `x`;
//! - its derivative (see [`crate::device::NormTangent`]): linear in `dz'`, `dz`, `x'` and `x`.
//!
//! The coefficients are computed in double precision and rounded once.

use super::Cpu;
use super::convolution::clear_padding_images;
use super::kernels::affine::{Affine, Finish, PerChannel};
use super::map::{Layout, Map, ROWS};
use super::parts::{Part, parts};
use super::simd::{Element, LANES, Lane};
use crate::device::{Coupling, Norm, NormSums, NormTangent, Term};

/// One coefficient a channel (or image and channel), as the kernels read it.
#[derive(Debug, Clone)]
pub(crate) struct Table<E> {
    lanes: Vec<Lane<E>>,
    blocks: usize,
    per_image: bool,
}

impl<E: Element> Table<E> {
    /// From one number a channel, or one an image and channel.
    pub(crate) fn new(layout: Layout, values: &[f64]) -> Self {
        let channels = layout.shape.channels;
        let per_image = values.len() != channels;
        let blocks = layout.blocks();
        let mut lanes = vec![
            Lane::ZERO;
            if per_image {
                layout.groups() * blocks * ROWS
            } else {
                blocks
            }
        ];
        for (i, &value) in values.iter().enumerate() {
            let (image, channel) = (i / channels, i % channels);
            let lane = if per_image {
                (image / ROWS * blocks + channel / LANES) * ROWS + image % ROWS
            } else {
                channel / LANES
            };
            lanes[lane].0[channel % LANES] = E::from_f64(value);
        }
        Self {
            lanes,
            blocks,
            per_image,
        }
    }

    /// The same number for every channel.
    pub(crate) fn constant(layout: Layout, value: f64) -> Self {
        Self::new(layout, &vec![value; layout.shape.channels])
    }

    /// The coefficients of one block of one group.
    pub(crate) fn at(&self, group: usize, block: usize) -> PerChannel<'_, E> {
        if self.per_image {
            let lanes = &self.lanes[(group * self.blocks + block) * ROWS..];
            PerChannel::Image(lanes.first_chunk().expect("a vector an image"))
        } else {
            PerChannel::Shared(&self.lanes[block])
        }
    }
}

/// A sum of scaled maps over a batch.
#[derive(Debug)]
pub(crate) struct Mixture<'a, E: Element> {
    pub(crate) terms: Vec<(&'a Map<E>, Table<E>)>,
    pub(crate) shift: Table<E>,
    pub(crate) finish: Finish,
}

impl<'a, E: Element> Mixture<'a, E> {
    /// From a list of maps with one coefficient a channel (or image and channel).
    pub(crate) fn of(layout: Layout, terms: &[(&'a Map<E>, &[f64])], shift: &[f64]) -> Self {
        let scaled = |&(map, values): &(&'a Map<E>, &[f64])| (map, Table::new(layout, values));
        Self {
            terms: terms.iter().map(scaled).collect(),
            shift: Table::new(layout, shift),
            finish: Finish::Keep,
        }
    }

    /// Computes one block.
    pub(crate) fn run(&self, device: &Cpu<E>, layout: Layout, part: &mut Part<'_, E>, onto: bool) {
        for block in part.blocks(layout) {
            let terms: Vec<_> = self
                .terms
                .iter()
                .map(|(map, scale)| {
                    (
                        &map.lanes()[layout.block(part.group, block)],
                        scale.at(part.group, block),
                    )
                })
                .collect();
            let n = layout.block_lanes();
            device.path.run(Affine {
                terms: &terms,
                shift: self.shift.at(part.group, block),
                onto,
                finish: self.finish,
                output: &mut part.lanes[(block - part.first_block) * n..][..n],
            });
        }
        clear_padding_images(part.lanes, layout.live(part.group));
    }
}

/// Numbers of a channel that share a mean.
pub(crate) fn shared_count(layout: Layout, coupling: Coupling) -> f64 {
    let pixels = layout.shape.pixels() as f64;
    match coupling {
        Coupling::Image => pixels,
        Coupling::Batch | Coupling::Fixed => pixels * layout.images as f64,
    }
}

/// The numbers of one channel's batch norm, read from its vectors.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Channel {
    pub(crate) gamma: f64,
    beta: f64,
    mean: f64,
    pub(crate) r: f64,
}

/// Each channel of a norm; with [`Coupling::Image`] each image's.
pub(crate) fn channels(norm: &Norm<Vec<f64>>) -> impl Iterator<Item = Channel> + '_ {
    let count = norm.gamma.len();
    norm.moments
        .mean
        .iter()
        .zip(&norm.moments.variance)
        .enumerate()
        .map(move |(i, (&mean, &variance))| Channel {
            gamma: norm.gamma[i % count],
            beta: norm.beta[i % count],
            mean,
            r: 1.0 / (variance + norm.eps).sqrt(),
        })
}

/// Scale and shift of the forward pass.
pub(crate) fn forward_coefficients(norm: &Norm<Vec<f64>>) -> (Vec<f64>, Vec<f64>) {
    channels(norm)
        .map(|c| (c.gamma * c.r, c.beta - c.mean * c.gamma * c.r))
        .unzip()
}

/// The input gradient as a mixture of `dz` and the norm's input.
pub(crate) fn gradient_mixture<'a, E: Element>(
    dz: &'a Map<E>,
    input: &'a Map<E>,
    norm: &Norm<Vec<f64>>,
    sums: &NormSums<Vec<f64>>,
) -> Mixture<'a, E> {
    let layout = input.layout;
    let m = shared_count(layout, norm.coupling);
    let (mut of_dz, mut of_x, mut shift) = (Vec::new(), Vec::new(), Vec::new());
    for (i, c) in channels(norm).enumerate() {
        let k = c.gamma * c.r;
        of_dz.push(k);
        if norm.coupling != Coupling::Fixed {
            let slope = -k * c.r * sums.dz_xhat[i] / m;
            of_x.push(slope);
            shift.push(-k * sums.dz[i] / m - slope * c.mean);
        }
    }
    if norm.coupling == Coupling::Fixed {
        let zero = vec![0.0; layout.shape.channels];
        return Mixture::of(layout, &[(dz, &of_dz)], &zero);
    }
    Mixture::of(layout, &[(dz, &of_dz), (input, &of_x)], &shift)
}

/// The derivative of the input gradient as a mixture; `dots` is `sum dz x'`.
pub(crate) fn tangent_mixture<'a, E: Element>(
    at: &NormTangent<'a, Cpu<E>>,
    dots: &[f64],
) -> Mixture<'a, E> {
    let layout = at.input.layout;
    let m = shared_count(layout, at.norm.coupling);
    let (dz, dz_tangent, tangent) = (at.dz_sums, at.dz_tangent_sums, at.input_tangent_sums);
    let mut of: [Vec<f64>; 4] = Default::default();
    let mut shift = Vec::new();
    for (i, c) in channels(at.norm).enumerate() {
        let k = c.gamma * c.r;
        let (s1, s2) = (dz.dz[i] / m, dz.dz_xhat[i] / m);
        let (t1, t2) = (dz_tangent.dz[i] / m, dz_tangent.dz_xhat[i] / m);
        let (q1, q2) = (tangent.dz[i] / m, tangent.dz_xhat[i] / m);
        // The mean of xhat' dz.
        let moved = c.r * (dots[i] / m - q1 * s1 - q2 * s2);
        let of_xhat = k * (-t2 + 2.0 * c.r * q2 * s2 - moved);
        of[0].push(k);
        of[1].push(-k * c.r * q2);
        of[2].push(-k * c.r * s2);
        of[3].push(of_xhat * c.r);
        shift.push(k * (-t1 + c.r * (q2 * s1 + s2 * q1)) - of_xhat * c.r * c.mean);
    }
    let maps = [at.dz_tangent, at.dz, at.input_tangent, at.input];
    let terms: Vec<_> = maps.into_iter().zip(of.iter().map(Vec::as_slice)).collect();
    Mixture::of(layout, &terms, &shift)
}

impl<E: Element> Cpu<E> {
    /// Runs a mixture over a batch.
    pub(crate) fn mix(
        &self,
        mixture: &Mixture<'_, E>,
        layout: Layout,
        onto: Option<Map<E>>,
    ) -> Map<E> {
        assert!(
            mixture.terms.iter().all(|(map, _)| map.layout == layout),
            "summands have one shape"
        );
        let (mut output, onto) = self.target(layout, onto);
        let tasks = parts(&mut output, layout, 1);
        self.threads
            .run(tasks, |mut part| mixture.run(self, layout, &mut part, onto));
        Map::new(layout, output)
    }

    /// Adds a bias that could not be the start of a sum.
    pub(crate) fn add_bias(&self, map: &Map<E>, bias: &[Lane<E>]) -> Map<E> {
        let layout = map.layout;
        let mixture = Mixture {
            terms: vec![(map, Table::constant(layout, 1.0))],
            shift: Table {
                lanes: bias.to_vec(),
                blocks: layout.blocks(),
                per_image: false,
            },
            finish: Finish::Keep,
        };
        self.mix(&mixture, layout, None)
    }
}

/// `sum of terms`, each a map or the batch norm of one.
pub(crate) fn forward_mixture<'a, E: Element>(
    layout: Layout,
    terms: &[Term<'a, Cpu<E>>],
) -> Mixture<'a, E> {
    let mut shifts = vec![0.0; layout.shape.channels];
    let mut scaled = Vec::with_capacity(terms.len());
    for term in terms {
        let Some(norm) = term.norm else {
            scaled.push((term.map, Table::constant(layout, 1.0)));
            continue;
        };
        let (scale, shift) = forward_coefficients(norm);
        // One shift an image and channel takes over those that are one a channel.
        if shift.len() > shifts.len() {
            shifts = (0..shift.len()).map(|i| shifts[i % shifts.len()]).collect();
        }
        for (i, sum) in shifts.iter_mut().enumerate() {
            *sum += shift[i % shift.len()];
        }
        scaled.push((term.map, Table::new(layout, &scale)));
    }
    Mixture {
        terms: scaled,
        shift: Table::new(layout, &shifts),
        finish: Finish::Keep,
    }
}
