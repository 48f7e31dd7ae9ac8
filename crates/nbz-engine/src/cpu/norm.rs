//! The sums of batch norms over whole batches: statistics, gradients of scale and shift, masks.

use super::Cpu;
use super::kernels::sums::{ImageSums, MOST_OTHERS, Source, Spread, Sums};
use super::map::{Layout, Map, ROWS};
use super::mixture::{Mixture, Table, channels, forward_coefficients, tangent_mixture};
use super::parts::parts;
use super::simd::{Element, LANES};
use crate::device::{Coupling, Moments, Norm, NormSums, NormTangent, Term};

/// The sums of each term's batch norm; terms without one have none.
pub(crate) type TermSums = Vec<Option<NormSums<Vec<f64>>>>;

/// Where a ReLU was open.
#[derive(Debug)]
pub(crate) enum Mask<'a, E: Element> {
    /// Where its output is positive.
    Output(&'a Map<E>),
    /// Where scale and shift make the first other map positive: reads a map less.
    Norm(Table<E>, Table<E>),
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
