//! Scores without value say why; requests that cannot be served are typed errors.

#![expect(clippy::unwrap_used, reason = "a failed pass must stop the test")]

mod inputs;

use inputs::{batch, inputs, seeded, task_network};
use nbz_engine::{EngineError, Images, Init, Labels, Reference, Tensor, Values, Weights};
use nbz_proxy::findings::{Findings, Jacobian};
use nbz_proxy::{
    Batch, Devices, Draw, Inputs, Plan, ProxyError, Reason, Score, Seeded, registry, score_network,
};
use nbz_space::{Network, NetworkBuilder, Shape, network::Conv};

const ARCHITECTURE: &str = "r1:16s1x1-32s2x1-64s2x1-128s2x1";
const DEVICES: &Devices<Reference> = &Devices::REFERENCE;

fn score(names: &str, network: &Network, inputs: &Inputs, draw: &Seeded<'_>) -> Vec<Score> {
    let proxies = registry::select(names).unwrap();
    let scored = score_network(&proxies, DEVICES, network, inputs, draw).unwrap();
    scored.scores.into_iter().map(|(_, score)| score).collect()
}

fn refusal(names: &str, network: &Network, inputs: &Inputs) -> ProxyError {
    let proxies = registry::select(names).unwrap();
    score_network(&proxies, DEVICES, network, inputs, &seeded(ARCHITECTURE)).unwrap_err()
}

/// The first image of a batch, eight times.
fn identical(network: &Network) -> Batch {
    let given = batch(network, 0);
    let shape = given.images().shape();
    let one = given.images().values()[..shape.len()].to_vec();
    let images = Images::new(shape, one.repeat(8)).unwrap();
    Batch::new(images, given.labels().clone()).unwrap()
}

/// Weights with which these batch norms shift every map below 0.
fn shut(network: &Network, norms: &[&str]) -> Weights {
    let draw = seeded(ARCHITECTURE);
    let mut weights = draw.weights(network, Init::Torch, 0).unwrap().into_owned();
    for norm in norms {
        for (part, value) in [("weight", 0.0_f32), ("bias", -1.0)] {
            let name = format!("{norm}.{part}");
            let dims = weights.get(&name).unwrap().dims().to_vec();
            let values = vec![value; dims[0]];
            weights.insert(name.clone(), Tensor::new(&name, dims, values).unwrap());
        }
    }
    weights
}

#[test]
fn identical_images_have_one_code_and_one_row_of_the_kernel() {
    // Equal rows: C is all ones, so its eigenvalues are 0 and N, and jacob_cov is huge but defined.
    let network = task_network(ARCHITECTURE);
    let alike = Inputs {
        batch: identical(&network),
        ..inputs(&network)
    };
    let scores = score(
        "nwot,ntk,jacob_cov",
        &network,
        &alike,
        &seeded(ARCHITECTURE),
    );
    let [jacob_cov, ntk, nwot] = scores[..] else {
        panic!("three scores")
    };
    assert_eq!(
        (nwot.value(), nwot.reason()),
        (f64::NEG_INFINITY, Some(Reason::SingularKernel))
    );
    assert!(ntk.value().is_nan());
    assert_eq!(ntk.reason(), Some(Reason::SingularGram));
    // Oracle: -[7 (ln k + 1 / k) + ln(8 + k) + 1 / (8 + k)] with k = 1e-5; rounding of the zero
    // eigenvalues, 1e-15 of 8 against k, moves 7 / k by 1e-9 of itself.
    let k = 1e-5_f64;
    let expected = -(7.0 * (k.ln() + 1.0 / k) + (8.0 + k).ln() + 1.0 / (8.0 + k));
    assert!(
        (jacob_cov.value() / expected - 1.0).abs() < 1e-8,
        "{jacob_cov:?}"
    );
}

#[test]
fn a_dead_network_has_reasons_and_no_invented_numbers() {
    let network = task_network(ARCHITECTURE);
    // Both summands of the last block: its ReLU is closed everywhere.
    let given = shut(&network, &["stages.3.0.bn2", "stages.3.0.shortcut.bn"]);
    let draw = Seeded {
        given: Some(&given),
        ..seeded(ARCHITECTURE)
    };
    let scores = score(
        "jacob_cov,epe_nas,ntk,zico",
        &network,
        &inputs(&network),
        &draw,
    );
    let reasons: Vec<_> = scores.iter().map(|s| s.reason()).collect();
    // The Jacobian is 0, so are all tangents but the classifier's bias, which is no weight.
    let expected = [
        Reason::DegenerateCorrelation,
        Reason::SingularGram,
        Reason::DegenerateCorrelation,
        Reason::NoTerm,
    ];
    assert_eq!(reasons, expected.map(Some), "{scores:?}");
    assert!(scores.iter().all(|s| s.value().is_nan()));
    for score in score(
        "grad_norm,snip,gradsign",
        &network,
        &inputs(&network),
        &draw,
    ) {
        assert_eq!((score.value(), score.reason()), (0.0, None));
    }
}

#[test]
fn a_cell_that_leads_nowhere_has_constant_features_and_no_flow() {
    // All six edges are `none`: the logits are the classifier's biases.
    let network = task_network("nb201:111111");
    let scores = score(
        "zen,ln_synflow,az_expr,jacob_cov,nwot",
        &network,
        &inputs(&network),
        &seeded("nb201:111111"),
    );
    let reasons: Vec<_> = scores.iter().map(|s| (s.value(), s.reason())).collect();
    assert_eq!(
        reasons[0],
        (f64::NEG_INFINITY, Some(Reason::ConstantFeatures))
    );
    assert_eq!(reasons[1].1, Some(Reason::DegenerateCorrelation));
    assert_eq!(
        reasons[2],
        (f64::NEG_INFINITY, Some(Reason::ConstantFeatures))
    );
    assert_eq!(
        reasons[3],
        (f64::NEG_INFINITY, Some(Reason::SingularKernel))
    );
    assert_eq!(reasons[4].1, Some(Reason::ConstantFeatures));
}

#[test]
fn a_pass_that_overflows_gives_nan_and_not_a_count_of_closed_relus() {
    // f32 on the fast device: weights of 1e30 without batch norm behind them.
    let mut builder = NetworkBuilder::new(Shape::new(3, 8, 8));
    let x = builder.conv("a", builder.input(), Conv::dense(3, 8, 3, 1));
    let x = builder.relu("a.relu", x);
    let x = builder.conv("b", x, Conv::dense(8, 8, 3, 1));
    let x = builder.relu("b.relu", x);
    let network = builder.classifier(x, 10);
    let own = seeded("own");
    let drawn = own.weights(&network, Init::Torch, 0).unwrap();
    let mut huge = Weights::new();
    for (name, tensor) in drawn.iter() {
        let values: Vec<f32> = tensor.to_f64().iter().map(|w| *w as f32 * 1e30).collect();
        let tensor = Tensor::new(name, tensor.dims().to_vec(), Values::from(values)).unwrap();
        huge.insert(name, tensor);
    }
    let draw = Seeded {
        given: Some(&huge),
        ..seeded("own")
    };
    let proxies = registry::select("snip,jacob_cov,nwot,gradsign,grad_norm").unwrap();
    let devices = Devices::cpu(nbz_engine::cpu::Path::fastest(), 1).unwrap();
    let scored = score_network(&proxies, &devices, &network, &inputs(&network), &draw).unwrap();
    for (name, score) in scored.scores {
        assert!(score.value().is_nan(), "{name}: {score:?}");
        assert_eq!(score.reason(), Some(Reason::NotFinite), "{name}");
    }
}

#[test]
fn one_image_is_too_few_for_correlations_and_eight_for_sixteen() {
    let network = task_network(ARCHITECTURE);
    let eight = inputs(&network);
    let one = {
        let shape = network.input_shape();
        let images = Images::new(shape, eight.batch.images().values()[..shape.len()].to_vec());
        Inputs::new(Batch::new(images.unwrap(), Labels::new(10, vec![1]).unwrap()).unwrap())
    };
    let error = refusal("jacob_cov", &network, &one);
    assert!(matches!(
        error,
        ProxyError::BatchTooSmall {
            proxy: "jacob_cov",
            needed: 2,
            given: 1
        }
    ));
    assert_eq!(
        error.to_string(),
        "jacob_cov needs at least 2 images, the batch has 1"
    );
    let sixteen = Inputs {
        few: 16,
        ..eight.clone()
    };
    let error = refusal("snip,ntk", &network, &sixteen);
    assert!(matches!(
        error,
        ProxyError::BatchTooSmall {
            proxy: "ntk",
            needed: 16,
            given: 8
        }
    ));
    let none = Inputs { few: 0, ..eight };
    assert!(matches!(
        refusal("swap", &network, &none),
        ProxyError::BatchTooSmall { .. }
    ));
}

#[test]
fn labels_of_one_class_and_of_other_classes_are_refused() {
    let network = task_network(ARCHITECTURE);
    let given = inputs(&network);
    let with_labels = |classes, values| Inputs {
        batch: Batch::new(
            given.batch.images().clone(),
            Labels::new(classes, values).unwrap(),
        )
        .unwrap(),
        ..given.clone()
    };
    let alike = with_labels(10, vec![7; 8]);
    let error = refusal("nwot,snip", &network, &alike);
    assert!(matches!(
        error,
        ProxyError::OneClass {
            proxy: "snip",
            class: 7
        }
    ));
    assert!(error.hint().unwrap().contains("several classes"));
    // Proxies that read no labels do not mind.
    let scores = score(
        "nwot,jacob_cov,zen,ntk",
        &network,
        &alike,
        &seeded(ARCHITECTURE),
    );
    assert!(scores.iter().all(|s| s.reason().is_none()));
    let others = with_labels(100, vec![7; 8]);
    assert!(matches!(
        refusal("nwot", &network, &others),
        ProxyError::Classes {
            labels: 100,
            network: 10
        }
    ));
}

#[test]
fn inputs_that_nobody_gave_are_named() {
    let network = task_network(ARCHITECTURE);
    let bare = Inputs::new(batch(&network, 0));
    for (names, what) in [
        ("snip,zico", "a second batch"),
        ("zen", "noise"),
        ("meco", "noise"),
    ] {
        match refusal(names, &network, &bare) {
            ProxyError::MissingInput {
                proxy,
                what: missing,
            } => {
                assert!(names.ends_with(proxy));
                assert_eq!(missing, what);
            }
            other => panic!("{names}: {other}"),
        }
    }
}

#[test]
fn images_and_weights_that_the_engine_refuses_keep_its_error() {
    let network = task_network(ARCHITECTURE);
    let other = nbz_space::Task::new(32, 10).unwrap();
    let larger = ARCHITECTURE
        .parse::<nbz_space::Arch>()
        .unwrap()
        .network(other);
    let error = refusal("snip", &larger, &inputs(&network));
    assert!(matches!(
        error,
        ProxyError::Engine(EngineError::ImageShape { .. })
    ));
    let nothing = Weights::new();
    let draw = Seeded {
        given: Some(&nothing),
        ..seeded(ARCHITECTURE)
    };
    let proxies = registry::select("snip").unwrap();
    let error = score_network(&proxies, DEVICES, &network, &inputs(&network), &draw).unwrap_err();
    assert!(matches!(
        error,
        ProxyError::Engine(EngineError::MissingWeight { .. })
    ));
    assert!(error.hint().unwrap().contains("state dict"));
}

#[test]
fn maps_of_one_pixel_are_refused_where_each_image_is_normalised_alone() {
    let small = nbz_space::Task::new(8, 10).unwrap();
    let network = ARCHITECTURE
        .parse::<nbz_space::Arch>()
        .unwrap()
        .network(small);
    assert!(
        network
            .layers()
            .iter()
            .any(|l| l.shape.pixels() == 1 && l.op == nbz_space::Op::BatchNorm)
    );
    let error = refusal("gradsign", &network, &inputs(&network));
    assert!(matches!(
        error,
        ProxyError::SinglePixel {
            proxy: "gradsign",
            ..
        }
    ));
    assert!(
        Plan::new(&registry::select("snip").unwrap())
            .unwrap()
            .check(&network, &inputs(&network))
            .is_ok()
    );
}

#[test]
fn unknown_names_name_the_nearest() {
    let error = registry::select("snip,jacobcov").err().unwrap();
    assert!(
        matches!(&error, ProxyError::UnknownProxy { name, nearest: "jacob_cov" } if name == "jacobcov")
    );
    assert_eq!(error.hint().unwrap(), "did you mean jacob_cov?");
    assert!(matches!(
        registry::select(" , ").err().unwrap(),
        ProxyError::NoProxy
    ));
    assert!(matches!(Plan::new(&[]).err().unwrap(), ProxyError::NoProxy));
}

/// Findings of a network whose Jacobian has these rows and labels.
fn with_jacobian(rows: Vec<f64>, labels: Vec<u32>) -> Findings {
    let mut findings = Findings::of(task_network(ARCHITECTURE).costs());
    findings.jacobian = Some(Jacobian {
        rows,
        labels,
        classes: 10,
    });
    findings
}

#[test]
fn rows_whose_products_underflow_have_a_correlation_with_a_negative_eigenvalue() {
    // Oracle: by hand. Squares of such rows are whole multiples d of the smallest number; a row (x, -x) with
    // x = s sqrt(d) has products rounded: s = 1.1832, .7746, 1.6125 give squares 1, 1, 3 and products
    // ab = 1, ac = 2, bc = 1, so C = [1 1 1; 1 1 .577; 1 .577 1] after clipping, whose determinant
    // -(1 - .577)^2 is negative.
    let root = 2.222_758_749_485_11e-162;
    let rows = [1.1832, 0.7746, 1.6125].map(|s| [s * root, -s * root]);
    let findings = with_jacobian(rows.concat(), vec![0, 0, 0]);
    let score = |name: &str| registry::find(name).unwrap().score(&findings);
    let jacob_cov = score("jacob_cov");
    assert!(jacob_cov.value().is_nan());
    assert_eq!(jacob_cov.reason(), Some(Reason::NegativeEigenvalue));
    // epe_nas takes no eigenvalues: |sum of ln(|C| + k)| over one class, two entries of which are 1 / sqrt 3.
    let k = 1e-5_f64;
    let expected = (7.0 * (1.0 + k).ln() + 2.0 * (1.0 / 3.0_f64.sqrt() + k).ln()).abs();
    let epe_nas = score("epe_nas");
    assert!(
        (epe_nas.value() / expected - 1.0).abs() < 1e-12,
        "{epe_nas:?}"
    );
}

#[test]
fn rows_that_are_no_numbers_and_rows_that_are_constant_have_reasons_of_their_own() {
    for (row, reason) in [
        ([f64::NAN, 1.0], Reason::NotFinite),
        ([f64::INFINITY, 1.0], Reason::NotFinite),
        ([2.0, 2.0], Reason::DegenerateCorrelation),
    ] {
        let findings = with_jacobian([row, [1.0, 3.0], [4.0, 1.0]].concat(), vec![0, 0, 1]);
        for name in ["jacob_cov", "epe_nas"] {
            let score = registry::find(name).unwrap().score(&findings);
            assert!(score.value().is_nan(), "{name} {row:?}");
            assert_eq!(score.reason(), Some(reason), "{name} {row:?}");
        }
    }
}
