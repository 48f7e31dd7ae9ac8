//! Every operation of the cpu device against the reference device, on shapes that leave lanes, images
//! and tiles incomplete; and the promise that neither the kernel path nor the threads change a bit.
//!
//! Oracle: `Reference`, plain loops in f64. Tolerance: inputs are uniform in [-1, 1], so a sum of `n`
//! products in f32 errs by about `sqrt(n) 2^-24` of its terms; 2e-5 of the largest result (2e-13 in f64)
//! is several times that for the sums here (n up to 4,000).

use nbz_engine::cpu::{Element, Path};
use nbz_engine::device::{
    Activation, ConvStep, Coupling, Delta, InputGradient, Norm, NormSums, NormTangent, Term, Wanted,
};
use nbz_engine::{Cpu, Device, Reference};
use nbz_space::network::{Conv, Pool, Shape};
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Numbers that f32 holds exactly, so that both devices start from the same.
fn draw(rng: &mut ChaCha8Rng, count: usize) -> Vec<f64> {
    let mut one = || f64::from((rng.next_u32() >> 8) as f32 / 8_388_608.0 - 1.0);
    (0..count).map(|_| one()).collect()
}

#[derive(Debug, Clone, Copy)]
struct Case {
    conv: Conv,
    images: usize,
    height: usize,
    width: usize,
    seed: u64,
}

impl Case {
    fn input(&self) -> Shape {
        Shape::new(self.conv.in_channels, self.height, self.width)
    }

    fn output(&self) -> Shape {
        let side = |s| self.conv.output_side(s);
        Shape::new(self.conv.out_channels, side(self.height), side(self.width))
    }
}

/// Of every form, and of the form that Winograd's convolution serves.
fn cases() -> impl Strategy<Value = Case> {
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

type Named = (&'static str, Vec<f64>);

/// What the operations of one case read: maps of the input's and of the output's shape, weights, bias.
struct Drawn<D: Device> {
    x: [D::Map; 2],
    y: [D::Map; 3],
    w: [D::Weight; 2],
    bias: D::Vector,
}

impl<D: Device> Drawn<D> {
    fn new(d: &D, case: &Case) -> Self {
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

/// All results of all operations on one case, each a named list of numbers.
fn results<D: Device>(d: &D, case: &Case) -> Vec<Named> {
    let drawn = Drawn::new(d, case);
    let mut out = convolutions(d, case, &drawn);
    out.extend(fused_steps(d, case, &drawn));
    out.extend(elementwise(d, case, &drawn));
    out.extend(readings(d, case, &drawn));
    for coupling in [Coupling::Batch, Coupling::Image, Coupling::Fixed] {
        out.extend(norms(d, case, coupling, &drawn));
    }
    out
}

fn convolutions<D: Device>(d: &D, case: &Case, drawn: &Drawn<D>) -> Vec<Named> {
    let (conv, input) = (&case.conv, case.input());
    let Drawn {
        x: [x, x2],
        y: [y, _, dy],
        w: [w, w2],
        bias,
    } = drawn;
    let map = |m: &D::Map| d.download_map(m);
    let gradient = |onto| map(&d.conv_input_gradient(conv, w, dy, input, onto));
    let weight = |onto| d.download_weight(&d.conv_weight_gradient(conv, x, dy, onto));
    vec![
        ("conv", map(&d.conv(conv, w, None, x, None))),
        ("conv with bias", map(&d.conv(conv, w, Some(bias), x, None))),
        (
            "conv onto",
            map(&d.conv(conv, w, Some(bias), x, Some(y.clone()))),
        ),
        ("input gradient", gradient(None)),
        ("input gradient onto", gradient(Some(x2.clone()))),
        ("weight gradient", weight(None)),
        ("weight gradient onto", weight(Some(w2.clone()))),
    ]
}

fn fused_steps<D: Device>(d: &D, case: &Case, drawn: &Drawn<D>) -> Vec<Named> {
    let (conv, mut out) = (&case.conv, Vec::new());
    let Drawn {
        x: [x, x2],
        y: [_, _, dy],
        w: [w, _],
        bias,
    } = drawn;
    for coupling in [Coupling::Batch, Coupling::Image] {
        let (y, moments) = d.conv_with_moments(conv, w, Some(bias), x, coupling);
        out.push(("conv with moments", d.download_map(&y)));
        out.push(("its variance", d.download_vector(&moments.variance)));
        let (gamma, beta) = (bias.clone(), bias.clone());
        let norm = Norm {
            gamma,
            beta,
            moments,
            eps: 0.1,
            coupling,
        };
        let sums = d.norm_sums(dy, &y, &norm);
        let delta = Delta::BehindNorm {
            dz: dy,
            output: &y,
            norm: &norm,
            sums: &sums,
        };
        let step = ConvStep {
            conv,
            weight: w,
            input: x,
            input_shape: case.input(),
            delta,
        };
        for delta in [false, true] {
            let wanted = Wanted {
                weight: true,
                delta,
            };
            let onto = InputGradient::Onto(Some(x2.clone()));
            for onto in [InputGradient::Onto(None), onto, InputGradient::Skip] {
                let gradients = d.conv_gradients(&step, wanted, onto);
                assert_eq!(gradients.delta.is_some(), delta);
                out.extend(
                    gradients
                        .input
                        .map(|m| ("step's input", d.download_map(&m))),
                );
                out.extend(
                    gradients
                        .delta
                        .map(|m| ("step's delta", d.download_map(&m))),
                );
                out.extend(
                    gradients
                        .weight
                        .map(|w| ("step's weight", d.download_weight(&w))),
                );
            }
        }
    }
    out
}

fn elementwise<D: Device>(d: &D, case: &Case, drawn: &Drawn<D>) -> Vec<Named> {
    let Drawn {
        x: [x, x2],
        y: [y, y2, dy],
        ..
    } = drawn;
    let map = |m: &D::Map| d.download_map(m);
    let relu = d.combine(&[Term::plain(y)], Activation::Relu);
    let five = [y, y2, dy, &relu, y].map(Term::plain);
    let pool = Pool {
        kernel: 3,
        stride: 2,
        padding: 1,
    };
    let (pooled, mean) = (d.avg_pool(&pool, x), d.global_avg_pool(x));
    let (onto, input) = (Some(x2.clone()), case.input());
    vec![
        ("relu", map(&relu)),
        ("relu gradient", map(&d.relu_gradient(dy.clone(), &relu))),
        ("sum of five", map(&d.combine(&five, Activation::Relu))),
        ("pool", map(&pooled)),
        (
            "pool gradient",
            map(&d.avg_pool_gradient(&pool, &pooled, input, onto.clone())),
        ),
        ("global pool", map(&mean)),
        (
            "global pool gradient",
            map(&d.global_avg_pool_gradient(&mean, input, onto)),
        ),
    ]
}

fn readings<D: Device>(d: &D, case: &Case, drawn: &Drawn<D>) -> Vec<Named> {
    let Drawn {
        x: [x, _],
        y: [y, y2, dy],
        w: [w, w2],
        ..
    } = drawn;
    let mut gram = vec![1.0; 9];
    d.conv_gram(
        &case.conv,
        x,
        &[dy.clone(), y.clone(), y2.clone()],
        &mut gram,
    );
    let signs = d.signs(y);
    let rows = (0..case.images).flat_map(|i| signs.row(i).to_vec());
    let counted = d.conv_sign_sums(&case.conv, x, dy, 0.1);
    let sum = d.weighted_sum(&case.conv, (0.9, w.clone()), (-0.1, w2));
    vec![
        ("weighted sum", d.download_weight(&sum)),
        ("gram", gram),
        (
            "signs of each image's gradient",
            d.download_weight(&counted),
        ),
        ("signs", rows.map(|word| word as f64).collect()),
        ("channel sums", d.download_vector(&d.channel_sums(y))),
        ("channel dots", d.channel_dots(y, y2)),
        ("dots", vec![d.weight_dot(w, w2), d.weight_abs_dot(w, w2)]),
    ]
}

/// The operations of a batch norm.
fn norms<D: Device>(d: &D, case: &Case, coupling: Coupling, drawn: &Drawn<D>) -> Vec<Named> {
    let Drawn {
        x: [image, _],
        y: [x, x_tangent, dz],
        w: [w, _],
        ..
    } = drawn;
    let dz_tangent = &d.conv(&case.conv, w, None, image, None);
    let channels = case.conv.out_channels;
    let mut rng = ChaCha8Rng::seed_from_u64(case.seed ^ 1);
    let moments = match coupling {
        Coupling::Fixed => d.moments(x, Coupling::Batch),
        _ => d.moments(x, coupling),
    };
    let vectors = [&moments.mean, &moments.variance].map(|v| ("moments", d.download_vector(v)));
    let norm = Norm {
        gamma: d.upload_vector(&draw(&mut rng, channels)),
        beta: d.upload_vector(&draw(&mut rng, channels)),
        moments,
        // Large, so that a channel of one or two numbers does not magnify f32's rounding.
        eps: 0.1,
        coupling,
    };
    let norm = &norm;
    let sums = |m: &D::Map| d.norm_sums(m, x, norm);
    let (tangent_sums, dz_sums, dz_tangent_sums) = (sums(x_tangent), sums(dz), sums(dz_tangent));
    let normed = |map| Term {
        map,
        norm: Some(norm),
    };
    let terms = [normed(x), Term::plain(dz), normed(x_tangent)];
    let joined = d.combine(&terms, Activation::Relu);
    let tangent = d.norm_gradient_tangent(NormTangent {
        norm,
        input: x,
        input_tangent: x_tangent,
        input_tangent_sums: &tangent_sums,
        dz,
        dz_sums: &dz_sums,
        dz_tangent,
        dz_tangent_sums: &dz_tangent_sums,
    });
    let (masked, masked_sums) = d.combine_gradient(dz.clone(), Some(&joined), &terms);
    let map = |m: &D::Map| d.download_map(m);
    let onto = Some(x_tangent.clone());
    let mut out = vec![
        ("norm", map(&d.combine(&[normed(x)], Activation::Linear))),
        ("joined norms", map(&joined)),
        (
            "norm gradient",
            map(&d.norm_gradient(dz, x, norm, &dz_sums, None)),
        ),
        (
            "norm gradient onto",
            map(&d.norm_gradient(dz, x, norm, &dz_sums, onto)),
        ),
        ("norm gradient tangent", map(&tangent)),
        ("masked gradient", map(&masked)),
    ];
    out.extend(vectors);
    assert!(masked_sums[1].is_none());
    for NormSums { dz, dz_xhat } in masked_sums.into_iter().flatten().chain([dz_sums]) {
        out.push(("sum dz", d.download_vector(&dz)));
        out.push(("sum dz xhat", d.download_vector(&dz_xhat)));
    }
    out
}

fn cpu<E: Element>(path: Path, threads: usize, winograd: bool) -> Cpu<E> {
    let direct = Cpu::new(path, threads).expect("threads start");
    if winograd {
        direct.with_winograd()
    } else {
        direct
    }
}

fn assert_close(case: &Case, got: &[Named], expected: &[Named], tolerance: f64) {
    assert_eq!(got.len(), expected.len());
    for ((name, got), (_, expected)) in got.iter().zip(expected) {
        assert_eq!(got.len(), expected.len(), "{name} of {case:?}");
        let largest = expected.iter().fold(1.0_f64, |m, v| m.max(v.abs()));
        for (i, (g, e)) in got.iter().zip(expected).enumerate() {
            let error = (g - e).abs() / largest;
            assert!(error <= tolerance, "{name}[{i}] of {case:?}: {g} for {e}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn operations_equal_the_reference_in_both_precisions(case in cases()) {
        let expected = results(&Reference, &case);
        for winograd in [false, true] {
            let single = cpu::<f32>(Path::fastest(), 1, winograd);
            assert_close(&case, &results(&single, &case), &expected, 2e-5);
            let double = cpu::<f64>(Path::fastest(), 1, winograd);
            assert_close(&case, &results(&double, &case), &expected, 2e-13);
        }
    }

    #[test]
    fn every_path_and_number_of_threads_gives_the_same_bits(
        case in cases(),
        winograd in any::<bool>(),
    ) {
        let expected = results(&cpu::<f32>(Path::Portable, 1, winograd), &case);
        for path in Path::available() {
            let found = results(&cpu::<f32>(path, 2, winograd), &case);
            prop_assert_eq!(&found, &expected);
        }
        for threads in [1, 3, 7] {
            let found = results(&cpu::<f32>(Path::fastest(), threads, winograd), &case);
            prop_assert_eq!(&found, &expected);
        }
        let expected = results(&cpu::<f64>(Path::Portable, 1, winograd), &case);
        for path in Path::available() {
            let found = results(&cpu::<f64>(path, 2, winograd), &case);
            prop_assert_eq!(&found, &expected);
        }
    }
}
