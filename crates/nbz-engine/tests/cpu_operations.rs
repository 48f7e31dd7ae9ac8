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

fn cases() -> impl Strategy<Value = Case> {
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

/// All results of all operations on one case, each a named list of numbers.
fn results<D: Device>(d: &D, case: &Case) -> Vec<(&'static str, Vec<f64>)> {
    let mut rng = ChaCha8Rng::seed_from_u64(case.seed);
    let (conv, n) = (&case.conv, case.images);
    let (input, output) = (case.input(), case.output());
    let mut map = |shape: Shape| d.upload_map(n, shape, &draw(&mut rng, n * shape.len()));
    let (x, x2, y, y2, dy) = (
        map(input),
        map(input),
        map(output),
        map(output),
        map(output),
    );
    let weights = conv.out_channels * conv.fan_in();
    let w = d.upload_weight(conv, &draw(&mut rng, weights));
    let w2 = d.upload_weight(conv, &draw(&mut rng, weights));
    let bias = d.upload_vector(&draw(&mut rng, conv.out_channels));
    let mut out = Vec::new();
    let mut map = |name, m: &D::Map| out.push((name, d.download_map(m)));

    let conv_out = d.conv(conv, &w, None, &x, None);
    map("conv", &conv_out);
    map("conv with bias", &d.conv(conv, &w, Some(&bias), &x, None));
    map(
        "conv with bias onto",
        &d.conv(conv, &w, Some(&bias), &x, Some(y.clone())),
    );
    map(
        "input gradient",
        &d.conv_input_gradient(conv, &w, &dy, input, None),
    );
    map(
        "input gradient onto",
        &d.conv_input_gradient(conv, &w, &dy, input, Some(x2.clone())),
    );
    let mut tangent_case = Vec::new();
    for coupling in [Coupling::Batch, Coupling::Image, Coupling::Fixed] {
        tangent_case.push(norms(
            d,
            case,
            coupling,
            [&y, &y2, &dy, &conv_out],
            &mut map,
        ));
    }
    let mut fused = Vec::new();
    for coupling in [Coupling::Batch, Coupling::Image] {
        let (y, moments) = d.conv_with_moments(conv, &w, Some(&bias), &x, coupling);
        map("conv with moments", &y);
        let norm = Norm {
            gamma: bias.clone(),
            beta: bias.clone(),
            moments,
            eps: 0.1,
            coupling,
        };
        let sums = d.norm_sums(&dy, &y, &norm);
        let delta = Delta::BehindNorm {
            dz: &dy,
            output: &y,
            norm: &norm,
            sums: &sums,
        };
        let step = ConvStep {
            conv,
            weight: &w,
            input: &x,
            input_shape: input,
            delta,
        };
        for onto in [
            InputGradient::Onto(None),
            InputGradient::Onto(Some(x2.clone())),
            InputGradient::Skip,
        ] {
            for delta in [false, true] {
                let wanted = Wanted {
                    weight: true,
                    delta,
                };
                let onto = match &onto {
                    InputGradient::Skip => InputGradient::Skip,
                    InputGradient::Onto(onto) => InputGradient::Onto(onto.clone()),
                };
                let gradients = d.conv_gradients(&step, wanted, onto);
                assert_eq!(gradients.delta.is_some(), delta);
                gradients
                    .input
                    .iter()
                    .for_each(|m| map("step's input gradient", m));
                gradients.delta.iter().for_each(|m| map("step's delta", m));
                let weight = gradients.weight.expect("the weight's gradient was wanted");
                fused.push(("step's weight gradient", d.download_weight(&weight)));
            }
        }
    }
    let relu = d.combine(&[Term::plain(&y)], Activation::Relu);
    map("relu", &relu);
    map("relu gradient", &d.relu_gradient(dy.clone(), &relu));
    let five = [
        Term::plain(&y),
        Term::plain(&y2),
        Term::plain(&dy),
        Term::plain(&relu),
        Term::plain(&y),
    ];
    map("sum of five", &d.combine(&five, Activation::Relu));
    let pool = Pool {
        kernel: 3,
        stride: 2,
        padding: 1,
    };
    let pooled = d.avg_pool(&pool, &x);
    map("pool", &pooled);
    map(
        "pool gradient",
        &d.avg_pool_gradient(&pool, &pooled, input, Some(x2.clone())),
    );
    let mean = d.global_avg_pool(&x);
    map("global pool", &mean);
    map(
        "global pool gradient",
        &d.global_avg_pool_gradient(&mean, input, Some(x2.clone())),
    );

    let dw = d.conv_weight_gradient(conv, &x, &dy, None);
    let onto = d.conv_weight_gradient(conv, &x, &dy, Some(w2.clone()));
    out.push(("weight gradient", d.download_weight(&dw)));
    out.push(("weight gradient onto", d.download_weight(&onto)));
    out.push(("channel sums", d.download_vector(&d.channel_sums(&y))));
    out.push(("channel dots", d.channel_dots(&y, &y2)));
    out.push((
        "dots",
        vec![d.weight_dot(&w, &w2), d.weight_abs_dot(&w, &w2)],
    ));
    let mut gram = vec![1.0; 9];
    d.conv_gram(conv, &x, &[dy.clone(), y.clone(), y2.clone()], &mut gram);
    out.push(("gram", gram));
    let bits = d.signs(&y);
    out.push((
        "signs",
        (0..n)
            .flat_map(|i| bits.row(i).to_vec())
            .map(|w| w as f64)
            .collect(),
    ));
    out.extend(tangent_case.into_iter().flatten());
    out.extend(fused);
    out
}

type Named = (&'static str, Vec<f64>);

/// The operations of a batch norm on maps `x`, `x'`, `dz`, and the convolution's output as `dz'`.
fn norms<D: Device>(
    d: &D,
    case: &Case,
    coupling: Coupling,
    [x, x_tangent, dz, dz_tangent]: [&D::Map; 4],
    map: &mut impl FnMut(&'static str, &D::Map),
) -> Vec<Named> {
    let channels = case.conv.out_channels;
    let mut rng = ChaCha8Rng::seed_from_u64(case.seed ^ 1);
    let moments = d.moments(
        x,
        if coupling == Coupling::Fixed {
            Coupling::Batch
        } else {
            coupling
        },
    );
    let vectors = vec![
        ("mean", d.download_vector(&moments.mean)),
        ("variance", d.download_vector(&moments.variance)),
    ];
    let norm = Norm {
        gamma: d.upload_vector(&draw(&mut rng, channels)),
        beta: d.upload_vector(&draw(&mut rng, channels)),
        moments,
        // Large, so that a channel of one or two numbers does not magnify f32's rounding.
        eps: 0.1,
        coupling,
    };
    let sums = |m: &D::Map| d.norm_sums(m, x, &norm);
    let (q, s, t) = (sums(x_tangent), sums(dz), sums(dz_tangent));
    let normed = Term {
        map: x,
        norm: Some(&norm),
    };
    map("norm", &d.combine(&[normed], Activation::Linear));
    let joined = d.combine(
        &[
            normed,
            Term {
                map: x_tangent,
                norm: Some(&norm),
            },
            Term::plain(dz),
        ],
        Activation::Relu,
    );
    map("joined norms", &joined);
    map("norm gradient", &d.norm_gradient(dz, x, &norm, &s, None));
    map(
        "norm gradient onto",
        &d.norm_gradient(dz, x, &norm, &s, Some(x_tangent.clone())),
    );
    map(
        "norm gradient tangent",
        &d.norm_gradient_tangent(NormTangent {
            norm: &norm,
            input: x,
            input_tangent: x_tangent,
            input_tangent_sums: &q,
            dz,
            dz_sums: &s,
            dz_tangent,
            dz_tangent_sums: &t,
        }),
    );
    let (masked, masked_sums) = d.combine_gradient(
        dz.clone(),
        Some(&joined),
        &[
            normed,
            Term::plain(dz),
            Term {
                map: x_tangent,
                norm: Some(&norm),
            },
        ],
    );
    map("masked gradient", &masked);
    let mut out = vectors;
    for sums in [Some(s), masked_sums[0].clone(), masked_sums[2].clone()]
        .into_iter()
        .flatten()
    {
        let NormSums { dz, dz_xhat } = sums;
        out.push(("sum dz", d.download_vector(&dz)));
        out.push(("sum dz xhat", d.download_vector(&dz_xhat)));
    }
    assert!(masked_sums[1].is_none());
    out
}

fn cpu<E: Element>(path: Path, threads: usize) -> Cpu<E> {
    Cpu::new(path, threads).expect("threads start")
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
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn operations_equal_the_reference_in_both_precisions(case in cases()) {
        let expected = results(&Reference, &case);
        assert_close(&case, &results(&cpu::<f32>(Path::fastest(), 1), &case), &expected, 2e-5);
        assert_close(&case, &results(&cpu::<f64>(Path::fastest(), 1), &case), &expected, 2e-13);
    }

    #[test]
    fn every_path_and_number_of_threads_gives_the_same_bits(case in cases()) {
        let expected = results(&cpu::<f32>(Path::Portable, 1), &case);
        for path in Path::available() {
            for threads in [1, 2, 3, 7] {
                prop_assert_eq!(&results(&cpu::<f32>(path, threads), &case), &expected);
            }
        }
        let expected = results(&cpu::<f64>(Path::Portable, 1), &case);
        for path in Path::available() {
            prop_assert_eq!(&results(&cpu::<f64>(path, 2), &case), &expected);
        }
    }
}
