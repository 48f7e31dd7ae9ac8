//! Every operation of a device on one case.

use nbz_engine::Device;
use nbz_engine::device::{
    Activation, ConvStep, Coupling, Delta, InputGradient, Norm, NormSums, NormTangent, Term, Wanted,
};
use nbz_space::network::Pool;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::cases::{Case, Drawn, draw};

/// An operation's name and what it gave.
pub(crate) type Named = (&'static str, Vec<f64>);

/// All results of all operations on one case, each a named list of numbers.
pub(crate) fn results<D: Device>(d: &D, case: &Case) -> Vec<Named> {
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
