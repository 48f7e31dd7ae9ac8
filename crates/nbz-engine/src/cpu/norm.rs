//! Batch norm on whole batches: statistics, sums, and the scales and shifts that turn each of its passes
//! into one [`Affine`] sweep.
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
use super::kernels::sums::{ImageSums, MOST_OTHERS, Source, Spread, Sums};
use super::map::{Layout, Map, ROWS};
use super::parts::{Part, parts};
use super::simd::{Element, LANES, Lane};
use crate::device::{Coupling, Moments, Norm, NormSums, NormTangent, Term};

/// The sums of each term's batch norm; terms without one have none.
pub(crate) type TermSums = Vec<Option<NormSums<Vec<f64>>>>;

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

/// Where a ReLU was open.
#[derive(Debug)]
pub(crate) enum Mask<'a, E: Element> {
    /// Where its output is positive.
    Output(&'a Map<E>),
    /// Where scale and shift make the first other map positive: reads a map less.
    Norm(Table<E>, Table<E>),
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
    fn of(layout: Layout, terms: &[(&'a Map<E>, &[f64])], shift: &[f64]) -> Self {
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
struct Channel {
    gamma: f64,
    beta: f64,
    mean: f64,
    r: f64,
}

/// Each channel of a norm; with [`Coupling::Image`] each image's.
fn channels(norm: &Norm<Vec<f64>>) -> impl Iterator<Item = Channel> + '_ {
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
fn tangent_mixture<'a, E: Element>(at: &NormTangent<'a, Cpu<E>>, dots: &[f64]) -> Mixture<'a, E> {
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

/// Sums of one image and channel, in the order `[kind][N][C]`, added up as the coupling says.
pub(crate) fn couple(layout: Layout, coupling: Coupling, sums: &[ImageSums]) -> Vec<f64> {
    let (channels, blocks) = (layout.shape.channels, layout.blocks());
    let per_image = (0..layout.images * channels).map(|i| {
        let (image, channel) = (i / channels, i % channels);
        sums[image / ROWS * blocks + channel / LANES][image % ROWS][channel % LANES]
    });
    if coupling == Coupling::Image {
        return per_image.collect();
    }
    let mut total = vec![0.0; channels];
    for (i, sum) in per_image.enumerate() {
        total[i % channels] += sum;
    }
    total
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

    /// `sum a` and `sum a (b - centre)` of each image and channel, `[1 + others][groups][blocks]`;
    /// `mask` sets `a` to zero first where it is not positive.
    pub(crate) fn image_sums(
        &self,
        map: &Map<E>,
        others: &[(&Map<E>, Table<E>)],
    ) -> Vec<Vec<ImageSums>> {
        let layout = map.layout;
        let mut sums =
            vec![vec![[[0.0; LANES]; ROWS]; 1 + others.len()]; layout.groups() * layout.blocks()];
        let tasks: Vec<_> = sums.iter_mut().enumerate().collect();
        self.threads.run(tasks, |(i, sums)| {
            let (group, block) = (i / layout.blocks(), i % layout.blocks());
            let range = layout.block(group, block);
            self.block_sums(
                Source::Read(&map.lanes()[range.clone()]),
                others,
                (layout, group, block),
                sums,
            );
        });
        transposed(&sums, 1 + others.len())
    }

    fn block_sums(
        &self,
        source: Source<'_, E>,
        others: &[(&Map<E>, Table<E>)],
        (layout, group, block): (Layout, usize, usize),
        sums: &mut [ImageSums],
    ) {
        let range = layout.block(group, block);
        let others: Vec<_> = others
            .iter()
            .map(|(map, centre)| (&map.lanes()[range.clone()], centre.at(group, block)))
            .collect();
        self.path.run(Sums {
            map: source,
            others: &others,
            totals: sums,
        });
    }

    /// Masks a gradient in place by a ReLU and takes its sums with other maps.
    pub(crate) fn masked_sums(
        &self,
        dy: Map<E>,
        mask: &Mask<'_, E>,
        others: &[(&Map<E>, Table<E>)],
    ) -> (Map<E>, Vec<Vec<ImageSums>>) {
        let layout = dy.layout;
        if let Mask::Output(output) = mask {
            assert_eq!(output.layout, layout, "a ReLU's output");
        }
        let mut dy = dy.into_buffer();
        let mut sums =
            vec![vec![[[0.0; LANES]; ROWS]; 1 + others.len()]; layout.groups() * layout.blocks()];
        let tasks: Vec<_> = parts(&mut dy, layout, 1)
            .into_iter()
            .zip(&mut sums)
            .collect();
        self.threads.run(tasks, |(part, sums)| {
            let (group, block) = (part.group, part.first_block);
            let source = match mask {
                Mask::Output(output) => {
                    Source::Masked(part.lanes, &output.lanes()[layout.block(group, block)])
                }
                Mask::Norm(scale, shift) => {
                    Source::Gated(part.lanes, scale.at(group, block), shift.at(group, block))
                }
            };
            self.block_sums(source, others, (layout, group, block), sums);
        });
        (Map::new(layout, dy), transposed(&sums, 1 + others.len()))
    }

    /// The centre that turns `sum dz (x - centre)` into `sum dz xhat / r`.
    pub(crate) fn centre(layout: Layout, norm: &Norm<Vec<f64>>) -> Table<E> {
        Table::new(layout, &norm.moments.mean)
    }

    /// Sums as a batch norm's gradient wants them.
    pub(crate) fn norm_sums_of(
        layout: Layout,
        norm: &Norm<Vec<f64>>,
        plain: &[ImageSums],
        centred: &[ImageSums],
    ) -> NormSums<Vec<f64>> {
        let dz = couple(layout, norm.coupling, plain);
        let mut dz_xhat = couple(layout, norm.coupling, centred);
        for (sum, c) in dz_xhat.iter_mut().zip(channels(norm)) {
            *sum *= c.r;
        }
        NormSums { dz, dz_xhat }
    }

    /// The gradient of a sum of terms up to the sum, with the sums of each term's batch norm.
    pub(crate) fn masked_norm_sums(
        &self,
        dy: Map<E>,
        output: Option<&Map<E>>,
        terms: &[Term<'_, Self>],
    ) -> (Map<E>, TermSums) {
        let layout = dy.layout;
        let normed: Vec<_> = terms
            .iter()
            .filter_map(|t| Some((t.map, t.norm?)))
            .collect();
        let others: Vec<_> = normed
            .iter()
            .map(|&(map, norm)| (map, Self::centre(layout, norm)))
            .collect();
        // The first sweep takes the mask and as many maps as it can; the rest read what it left.
        let (first, rest) = others.split_at(others.len().min(MOST_OTHERS));
        let (dz, mut sums) = match output {
            Some(_) if terms.len() == 1 && first.len() == 1 => {
                let (scale, shift) = forward_coefficients(normed[0].1);
                let table = |values: &[f64]| Table::new(layout, values);
                self.masked_sums(dy, &Mask::Norm(table(&scale), table(&shift)), first)
            }
            Some(output) => self.masked_sums(dy, &Mask::Output(output), first),
            None if first.is_empty() => (dy, vec![Vec::new()]),
            None => {
                let sums = self.image_sums(&dy, first);
                (dy, sums)
            }
        };
        for others in rest.chunks(MOST_OTHERS) {
            sums.extend(self.image_sums(&dz, others).into_iter().skip(1));
        }
        let (plain, centred) = sums.split_first().expect("the plain sums come first");
        let mut centred = centred.iter();
        let of = |term: &Term<'_, Self>| {
            let norm = term.norm?;
            let centred = centred.next().expect("one sum a batch norm");
            Some(Self::norm_sums_of(layout, norm, plain, centred))
        };
        let each = terms.iter().map(of).collect();
        (dz, each)
    }

    pub(crate) fn moments_of(&self, map: &Map<E>, coupling: Coupling) -> Moments<Vec<f64>> {
        let layout = map.layout;
        let mut sums = vec![[[[0.0; LANES]; ROWS]; 2]; layout.groups() * layout.blocks()];
        let tasks: Vec<_> = sums.iter_mut().enumerate().collect();
        self.threads.run(tasks, |(i, sums)| {
            let range = layout.block(i / layout.blocks(), i % layout.blocks());
            self.path.run(Spread {
                map: &map.lanes()[range],
                totals: sums,
            });
        });
        merge_spreads(map, coupling, &sums)
    }

    pub(crate) fn tangent_of(&self, at: &NormTangent<'_, Self>) -> Map<E> {
        let layout = at.input.layout;
        if at.norm.coupling == Coupling::Fixed {
            let scale: Vec<f64> = channels(at.norm).map(|c| c.gamma * c.r).collect();
            let zero = vec![0.0; layout.shape.channels];
            let mixture = Mixture::of(layout, &[(at.dz_tangent, &scale)], &zero);
            return self.mix(&mixture, layout, None);
        }
        let zero = Table::constant(layout, 0.0);
        let sums = self.image_sums(at.dz, &[(at.input_tangent, zero)]);
        let dots = couple(layout, at.norm.coupling, &sums[1]);
        self.mix(&tangent_mixture(at, &dots), layout, None)
    }
}

/// `[block][kind]` to `[kind][block]`.
fn transposed(sums: &[Vec<ImageSums>], kinds: usize) -> Vec<Vec<ImageSums>> {
    (0..kinds)
        .map(|k| sums.iter().map(|s| s[k]).collect())
        .collect()
}

/// Mean and variance from each image's sums around its first pixel.
pub(crate) fn merge_spreads<E: Element>(
    map: &Map<E>,
    coupling: Coupling,
    sums: &[[ImageSums; 2]],
) -> Moments<Vec<f64>> {
    let layout = map.layout;
    let (n, channels) = (layout.shape.pixels() as f64, layout.shape.channels);
    let of_image = |image: usize, channel: usize| {
        let (group, block) = (image / ROWS, channel / LANES);
        let first = map.lanes()[layout.block(group, block).start + image % ROWS].0[channel % LANES];
        let [plain, squares] = &sums[group * layout.blocks() + block];
        let (plain, squares) = (
            plain[image % ROWS][channel % LANES] / n,
            squares[image % ROWS][channel % LANES] / n,
        );
        (first.to_f64() + plain, squares - plain * plain)
    };
    let each = (0..layout.images).flat_map(|i| (0..channels).map(move |c| (i, c)));
    let (means, variances): (Vec<f64>, Vec<f64>) = each.map(|(i, c)| of_image(i, c)).unzip();
    if coupling == Coupling::Image {
        let variance = variances.into_iter().map(|v| v.max(0.0)).collect();
        return Moments {
            mean: means,
            variance,
        };
    }
    let images = layout.images as f64;
    let mut mean = vec![0.0; channels];
    for (i, m) in means.iter().enumerate() {
        mean[i % channels] += m / images;
    }
    let mut variance = vec![0.0; channels];
    for (i, (m, v)) in means.iter().zip(variances).enumerate() {
        let between = m - mean[i % channels];
        variance[i % channels] += (v + between * between) / images;
    }
    for v in &mut variance {
        *v = v.max(0.0);
    }
    Moments { mean, variance }
}
