//! What the operations are run on.

use nbz_engine::Device;
use nbz_space::network::{Conv, Shape};
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Numbers that f32 holds exactly, so that both devices start from the same.
pub(crate) fn draw(rng: &mut ChaCha8Rng, count: usize) -> Vec<f64> {
    let mut one = || f64::from((rng.next_u32() >> 8) as f32 / 8_388_608.0 - 1.0);
    (0..count).map(|_| one()).collect()
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    pub(crate) conv: Conv,
    pub(crate) images: usize,
    pub(crate) height: usize,
    pub(crate) width: usize,
    pub(crate) seed: u64,
}

impl Case {
    pub(crate) fn input(&self) -> Shape {
        Shape::new(self.conv.in_channels, self.height, self.width)
    }

    pub(crate) fn output(&self) -> Shape {
        let side = |s| self.conv.output_side(s);
        Shape::new(self.conv.out_channels, side(self.height), side(self.width))
    }
}

/// Of every form, and of the form that Winograd's convolution serves.
pub(crate) fn cases() -> impl Strategy<Value = Case> {
    let windows = forms().prop_map(|case| Case {
        conv: Conv::dense(
            32 + case.conv.in_channels,
            32 + case.conv.out_channels % 17,
            3,
            1,
        ),
        ..case
    });
    prop_oneof![3 => forms(), 1 => windows]
}

fn forms() -> impl Strategy<Value = Case> {
    let channels = prop::sample::select(vec![1, 3, 16, 17, 24, 40]);
    let side = || prop::sample::select(vec![1, 2, 3, 5, 7]);
    let images = prop::sample::select(vec![1, 2, 8, 15, 16, 33]);
    let kernel = prop::sample::select(vec![1, 3, 5]);
    (
        channels.clone(),
        channels,
        side(),
        side(),
        images,
        kernel,
        1..3_usize,
        any::<bool>(),
        any::<u64>(),
    )
        .prop_map(
            |(i, o, height, width, images, kernel, stride, depthwise, seed)| Case {
                conv: if depthwise {
                    Conv::depthwise(i, kernel, stride)
                } else {
                    Conv::dense(i, o, kernel, stride)
                },
                images,
                height,
                width,
                seed,
            },
        )
}

/// What the operations of one case read: maps of the input's and of the output's shape, weights, bias.
pub(crate) struct Drawn<D: Device> {
    pub(crate) x: [D::Map; 2],
    pub(crate) y: [D::Map; 3],
    pub(crate) w: [D::Weight; 2],
    pub(crate) bias: D::Vector,
}

impl<D: Device> Drawn<D> {
    pub(crate) fn new(d: &D, case: &Case) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(case.seed);
        let (conv, n) = (&case.conv, case.images);
        let weights = conv.out_channels * conv.fan_in();
        let mut map = |shape: Shape| d.upload_map(n, shape, &draw(&mut rng, n * shape.len()));
        Self {
            x: [map(case.input()), map(case.input())],
            y: [map(case.output()), map(case.output()), map(case.output())],
            w: [0; 2].map(|_| d.upload_weight(conv, &draw(&mut rng, weights))),
            bias: d.upload_vector(&draw(&mut rng, conv.out_channels)),
        }
    }
}
