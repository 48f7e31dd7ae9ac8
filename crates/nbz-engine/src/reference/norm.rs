//! Batch normalisation and its first and second order, channel by channel.

use rayon::prelude::*;

use super::Reference;
use super::map::Map;
use crate::device::{Coupling, Moments, Norm, NormSums, NormTangent};

pub(super) fn channel_sums(map: &Map) -> Vec<f64> {
    per_statistic(map, Coupling::Batch, |planes| planes.flatten_sum(|v| v))
}

/// Mean, then the mean square of the deviations: two sweeps, no cancellation.
pub(super) fn moments(map: &Map, coupling: Coupling) -> Moments<Vec<f64>> {
    let count = shared_count(map, coupling);
    let mean = per_statistic(map, coupling, |planes| planes.flatten_sum(|v| v) / count);
    let variance = per_statistic(map, coupling, |planes| {
        let m = mean[planes.statistic];
        planes.flatten_sum(|v| (v - m) * (v - m)) / count
    });
    Moments { mean, variance }
}

pub(super) fn add_normalised(sum: &mut Map, input: &Map, norm: &Norm<Vec<f64>>) {
    update_planes(sum, norm.coupling, |plane, out| {
        let s = Scale::at(norm, plane);
        for (out, &x) in out.iter_mut().zip(input.plane(plane.image, plane.channel)) {
            *out += s.gamma * s.xhat(x) + s.beta;
        }
    });
}

pub(super) fn sums(dz: &Map, input: &Map, norm: &Norm<Vec<f64>>) -> NormSums<Vec<f64>> {
    dz.assert_like(input);
    let dz_sums = per_statistic(dz, norm.coupling, |planes| planes.flatten_sum(|v| v));
    let dz_xhat = per_statistic(dz, norm.coupling, |planes| {
        let mut sum = 0.0;
        for image in planes.images() {
            let s = Scale::at(norm, planes.plane(image));
            let (d, x) = (
                dz.plane(image, planes.channel),
                input.plane(image, planes.channel),
            );
            sum += d.iter().zip(x).map(|(d, &x)| d * s.xhat(x)).sum::<f64>();
        }
        sum
    });
    NormSums {
        dz: dz_sums,
        dz_xhat,
    }
}

pub(super) fn gradient(
    dz: &Map,
    input: &Map,
    norm: &Norm<Vec<f64>>,
    sums: &NormSums<Vec<f64>>,
    onto: Option<Map>,
) -> Map {
    dz.assert_like(input);
    let mut out = onto.unwrap_or_else(|| Map::zeros(dz.images(), dz.shape()));
    let count = shared_count(input, norm.coupling);
    update_planes(&mut out, norm.coupling, |plane, out| {
        let s = Scale::at(norm, plane);
        let means = s.means(sums, count);
        let (d, x) = (
            dz.plane(plane.image, plane.channel),
            input.plane(plane.image, plane.channel),
        );
        for ((out, &d), &x) in out.iter_mut().zip(d).zip(x) {
            *out += s.gamma * s.r * means.project(d, s.xhat(x));
        }
    });
    out
}

pub(super) fn gradient_tangent(at: &NormTangent<'_, Reference>) -> Map {
    let norm = at.norm;
    let mut out = Map::zeros(at.input.images(), at.input.shape());
    let count = shared_count(at.input, norm.coupling);
    // sum of dz * x', which with the six sums gives the mean of xhat' dz.
    let dots = per_statistic(at.dz, norm.coupling, |planes| {
        let mut sum = 0.0;
        for image in planes.images() {
            let dz = at.dz.plane(image, planes.channel);
            let tangent = at.input_tangent.plane(image, planes.channel);
            sum += dz.iter().zip(tangent).map(|(a, b)| a * b).sum::<f64>();
        }
        sum
    });
    update_planes(&mut out, norm.coupling, |plane, out| {
        let s = Scale::at(norm, plane);
        let dz_means = s.means(at.dz_sums, count);
        let dz_tangent_means = s.means(at.dz_tangent_sums, count);
        let tangent_means = s.means(at.input_tangent_sums, count);
        let moved = match norm.coupling {
            Coupling::Fixed => 0.0,
            _ => {
                s.r * (dots[s.statistic] / count
                    - tangent_means.plain * dz_means.plain
                    - tangent_means.with_xhat * dz_means.with_xhat)
            }
        };
        let at_plane = |map: &'_ Map, i: usize| map.plane(plane.image, plane.channel)[i];
        for (i, out) in out.iter_mut().enumerate() {
            let xhat = s.xhat(at_plane(at.input, i));
            let dz = at_plane(at.dz, i);
            let mut d = dz_tangent_means.project(at_plane(at.dz_tangent, i), xhat);
            if norm.coupling != Coupling::Fixed {
                let xhat_tangent = s.r * tangent_means.project(at_plane(at.input_tangent, i), xhat);
                d -= s.r * tangent_means.with_xhat * dz_means.project(dz, xhat);
                d -= xhat_tangent * dz_means.with_xhat + xhat * moved;
            }
            *out = s.gamma * s.r * d;
        }
    });
    out
}

/// Numbers that share one mean; with fixed statistics there is no mean, and sums are divided by
/// infinity.
fn shared_count(map: &Map, coupling: Coupling) -> f64 {
    match coupling {
        Coupling::Batch => (map.images() * map.shape().pixels()) as f64,
        Coupling::Image => map.shape().pixels() as f64,
        Coupling::Fixed => f64::INFINITY,
    }
}

/// One image and channel, and the index of the statistics that it uses.
#[derive(Clone, Copy)]
struct Plane {
    image: usize,
    channel: usize,
    statistic: usize,
}

/// The numbers of a channel at hand.
struct Scale {
    gamma: f64,
    beta: f64,
    mean: f64,
    r: f64,
    statistic: usize,
}

impl Scale {
    fn at(norm: &Norm<Vec<f64>>, plane: Plane) -> Self {
        let i = plane.statistic;
        Self {
            gamma: norm.gamma[plane.channel],
            beta: norm.beta[plane.channel],
            mean: norm.moments.mean[i],
            r: 1.0 / (norm.moments.variance[i] + norm.eps).sqrt(),
            statistic: i,
        }
    }

    fn xhat(&self, x: f64) -> f64 {
        (x - self.mean) * self.r
    }

    fn means(&self, sums: &NormSums<Vec<f64>>, count: f64) -> Means {
        Means {
            plain: sums.dz[self.statistic] / count,
            with_xhat: sums.dz_xhat[self.statistic] / count,
        }
    }
}

/// `mean(u)` and `mean(xhat u)`.
struct Means {
    plain: f64,
    with_xhat: f64,
}

impl Means {
    /// `P(u) = u - mean(u) - xhat mean(xhat u)`.
    fn project(&self, u: f64, xhat: f64) -> f64 {
        u - self.plain - xhat * self.with_xhat
    }
}

/// The planes that share one statistic.
struct Planes<'a> {
    map: &'a Map,
    coupling: Coupling,
    statistic: usize,
    channel: usize,
}

impl Planes<'_> {
    fn images(&self) -> std::ops::Range<usize> {
        match self.coupling {
            Coupling::Batch | Coupling::Fixed => 0..self.map.images(),
            Coupling::Image => {
                let image = self.statistic / self.map.shape().channels;
                image..image + 1
            }
        }
    }

    fn plane(&self, image: usize) -> Plane {
        Plane {
            image,
            channel: self.channel,
            statistic: self.statistic,
        }
    }

    fn flatten_sum(&self, f: impl Fn(f64) -> f64) -> f64 {
        self.images()
            .map(|image| {
                let plane = self.map.plane(image, self.channel);
                plane.iter().map(|&v| f(v)).sum::<f64>()
            })
            .sum()
    }
}

fn per_statistic(map: &Map, coupling: Coupling, f: impl Fn(Planes<'_>) -> f64 + Sync) -> Vec<f64> {
    let channels = map.shape().channels;
    let statistics = match coupling {
        Coupling::Batch | Coupling::Fixed => channels,
        Coupling::Image => map.images() * channels,
    };
    (0..statistics)
        .into_par_iter()
        .map(|statistic| {
            f(Planes {
                map,
                coupling,
                statistic,
                channel: statistic % channels,
            })
        })
        .collect()
}

fn update_planes(map: &mut Map, coupling: Coupling, f: impl Fn(Plane, &mut [f64]) + Sync) {
    let (channels, pixels) = (map.shape().channels, map.shape().pixels());
    map.values_mut()
        .par_chunks_mut(pixels)
        .enumerate()
        .for_each(|(i, out)| {
            let (image, channel) = (i / channels, i % channels);
            let statistic = match coupling {
                Coupling::Batch | Coupling::Fixed => channel,
                Coupling::Image => i,
            };
            let plane = Plane {
                image,
                channel,
                statistic,
            };
            f(plane, out);
        });
}
