//! What a user can get wrong: typed errors that hold the offending values, never a panic.

#![expect(clippy::unwrap_used, reason = "input that is right must be accepted")]

#[expect(dead_code, reason = "the differences use the rest")]
mod nets;

use nbz_engine::{
    Cotangent, EngineError, Images, Labels, MemoryPlan, Model, Of, Pass, Reference, Run, Targets,
    Tensor, Weights, loss,
};
use nbz_space::network::{Conv, Network, NetworkBuilder, Shape};
use proptest::prelude::*;

fn refused(network: &Network, weights: &Weights) -> EngineError {
    Model::new(&Reference, network, weights).unwrap_err()
}

fn with(network: &Network, name: &str, dims: &[usize], values: Vec<f64>) -> Weights {
    let mut weights = nets::weights(network, 1);
    weights.insert(name, Tensor::new(name, dims.to_vec(), values).unwrap());
    weights
}

#[test]
fn missing_surplus_and_misshapen_weights_are_named_with_their_shapes() {
    let network = nets::plain(4, 4);
    let error = refused(&network, &Weights::new());
    assert!(matches!(error, EngineError::MissingWeight { .. }));
    assert!(error.hint().is_some());
    let error = refused(&network, &with(&network, "extra", &[1], vec![0.0]));
    let EngineError::SurplusWeight { name, shape } = error else {
        panic!("{error}");
    };
    assert_eq!((name.as_str(), shape), ("extra", vec![1]));
    let error = refused(&network, &with(&network, "fc.bias", &[2], vec![0.0; 2]));
    assert_eq!(
        error.to_string(),
        "weight fc.bias has shape [2], the network needs [3]"
    );
}

#[test]
fn weights_that_are_not_finite_or_variances_below_zero_are_refused() {
    let network = nets::plain(4, 4);
    for value in [f64::NAN, f64::INFINITY] {
        let error = refused(
            &network,
            &with(&network, "fc.bias", &[3], vec![0.0, value, 0.0]),
        );
        assert!(matches!(error, EngineError::NotFinite { position: 1, .. }));
    }
    let error = refused(
        &network,
        &with(&network, "bn.running_var", &[4], vec![1.0, 1.0, 1.0, -1.0]),
    );
    assert!(matches!(
        error,
        EngineError::NegativeVariance { position: 3, .. }
    ));
}

#[test]
fn values_and_shapes_that_disagree_are_refused_even_when_the_product_overflows() {
    let huge = vec![usize::MAX, 2];
    let error = Tensor::new("w", huge, vec![0.0_f32; 2]).unwrap_err();
    assert!(matches!(error, EngineError::ValueCount { values: 2, .. }));
}

#[test]
fn batches_that_do_not_fit_the_network_are_refused() {
    let network = nets::plain(4, 4);
    let shape = Shape::new(2, 5, 4);
    let model = Model::new(&Reference, &network, &nets::weights(&network, 1)).unwrap();
    let images = Images::new(shape, vec![0.0; 80]).unwrap();
    let error = model
        .forward(&images, &Run::default(), &mut ())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "images have shape 2x5x4, the network reads 2x4x4"
    );
    assert_eq!(Images::new(shape, Vec::new()), Err(EngineError::EmptyBatch));
    assert!(matches!(
        Images::new(shape, vec![0.0; 81]),
        Err(EngineError::ValueCount { .. })
    ));
    assert!(matches!(
        Images::new(shape, vec![f64::NAN; 40]),
        Err(EngineError::NotFinite { .. })
    ));
    assert!(matches!(
        Labels::new(3, vec![0, 3]),
        Err(EngineError::LabelRange {
            label: 3,
            image: 1,
            classes: 3
        })
    ));
}

#[test]
fn images_of_shapes_that_no_number_counts_or_none_fills_are_refused() {
    let vast = Shape::new(1 << 33, 1 << 33, 1);
    let error = Images::new(vast, vec![0.0; 4]).unwrap_err();
    assert!(matches!(error, EngineError::ValueCount { values: 4, .. }));
    for empty in [Shape::new(0, 4, 4), Shape::new(1 << 33, 1 << 33, 0)] {
        assert_eq!(Images::ones(empty), Err(EngineError::EmptyBatch));
        assert_eq!(Images::new(empty, vec![0.0]), Err(EngineError::EmptyBatch));
    }
}

#[test]
fn targets_that_no_memory_holds_are_refused() {
    for classes in [usize::MAX, usize::MAX / 2, usize::MAX >> 5] {
        let labels = Labels::new(classes, vec![0, 1]).unwrap();
        let refused = EngineError::NoMemory { rows: 2, classes };
        assert_eq!(Targets::try_from(&labels), Err(refused));
    }
}

#[test]
fn tangents_of_logits_have_their_shape() {
    for (logits, tangents, classes) in [(1, 1, 0), (4, 2, 2), (3, 3, 2)] {
        let (z, moved) = (vec![1.0; logits], vec![1.0; tangents]);
        let refused = EngineError::LogitCount {
            logits,
            tangents,
            classes,
        };
        let found = loss::cross_entropy_gradient_tangent(&z, &moved, classes);
        assert_eq!(found, Err(refused));
    }
}

#[test]
fn labels_and_cotangents_of_another_size_are_refused() {
    let network = nets::plain(4, 4);
    let (images, _) = nets::batch(&network, 2, 1);
    let model = Model::new(&Reference, &network, &nets::weights(&network, 1)).unwrap();
    let trace = model.forward(&images, &Run::default(), &mut ()).unwrap();
    let labels = Labels::new(3, vec![0]).unwrap();
    let error = trace.backward(Cotangent::CrossEntropy(&labels), Of::Both, &mut ());
    assert!(matches!(
        error,
        Err(EngineError::LabelCount {
            labels: 1,
            images: 2
        })
    ));
    let error = trace.backward(Cotangent::Matrix(&[1.0]), Of::Both, &mut ());
    assert!(matches!(
        error,
        Err(EngineError::CotangentCount {
            expected: 6,
            found: 1
        })
    ));
}

#[test]
fn batch_statistics_of_one_number_are_refused_by_the_layer_s_name() {
    let mut b = NetworkBuilder::new(Shape::new(2, 1, 1));
    let x = b.conv("conv", b.input(), Conv::dense(2, 2, 1, 1));
    let x = b.batch_norm("bn", x);
    let network = b.classifier(x, 2);
    let model = Model::new(&Reference, &network, &nets::weights(&network, 1)).unwrap();
    let one = Images::new(Shape::new(2, 1, 1), vec![1.0, 2.0]).unwrap();
    let error = model.forward(&one, &Run::default(), &mut ()).unwrap_err();
    assert_eq!(error, EngineError::SingleNumber { layer: "bn".into() });
    let two = Images::new(Shape::new(2, 1, 1), vec![1.0, 2.0, 3.0, 4.0]).unwrap();
    assert!(model.forward(&two, &Run::default(), &mut ()).is_ok());
}

#[test]
fn an_eps_that_is_not_above_zero_is_refused() {
    let network = nets::plain(4, 4);
    let (images, _) = nets::batch(&network, 2, 1);
    let model = Model::new(&Reference, &network, &nets::weights(&network, 1)).unwrap();
    for eps in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let run = Run {
            eps,
            ..Run::default()
        };
        let error = model.forward(&images, &run, &mut ()).unwrap_err();
        assert!(matches!(error, EngineError::Eps { .. }));
    }
}

#[test]
fn a_plan_over_its_limit_says_which_batch_would_fit() {
    let network = nets::residual(4, 8);
    let run = Run::default();
    let plan = |n| MemoryPlan::new(&Reference, &network, &run, n, Pass::Backward).total();
    let limit = plan(10);
    let within = |n| MemoryPlan::within(&Reference, &network, &run, n, Pass::Backward, limit);
    assert_eq!(within(10).unwrap().total(), limit);
    let EngineError::Memory {
        needed,
        fitting_batch,
        ..
    } = within(64).unwrap_err()
    else {
        panic!("another error");
    };
    assert_eq!(needed, plan(64));
    let fits = fitting_batch.unwrap();
    assert!(plan(fits) <= limit && plan(fits + 1) > limit);
}

#[test]
fn weights_survive_the_way_through_a_file() {
    let network = nets::cell(4, 4);
    let weights = nets::weights(&network, 1);
    let bytes = weights.to_safetensors().unwrap();
    assert_eq!(Weights::from_safetensors(&bytes).unwrap(), weights);
}

#[test]
fn files_with_huge_headers_overlaps_or_other_types_are_refused() {
    let file = |header: &str, data: usize| {
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.bytes());
        bytes.extend(std::iter::repeat_n(0, data));
        bytes
    };
    let mut huge = u64::MAX.to_le_bytes().to_vec();
    huge.extend(b"{}");
    let overlap = r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#;
    let sizes = r#"{"a":{"dtype":"F32","shape":[18446744073709551615,4],"data_offsets":[0,4]}}"#;
    for bytes in [
        Vec::new(),
        huge,
        file(overlap, 6),
        file(sizes, 4),
        file("{", 0),
    ] {
        let error = Weights::from_safetensors(&bytes).unwrap_err();
        assert!(matches!(error, EngineError::Safetensors { .. }), "{error}");
    }
    let integers = r#"{"a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}"#;
    let error = Weights::from_safetensors(&file(integers, 4)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "tensor a of shape [1] has type I32, not F32 or F64"
    );
}

proptest! {
    #[test]
    fn a_damaged_file_is_an_error_or_weights_and_never_a_panic(
        cut in 0..400_usize,
        at in 0..400_usize,
        byte in any::<u8>(),
    ) {
        let network = nets::plain(4, 4);
        let mut bytes = nets::weights(&network, 1).to_safetensors().unwrap();
        let shorter = bytes.len() - 1 - cut;
        prop_assert!(Weights::from_safetensors(&bytes[..shorter]).is_err());
        bytes[at] = byte;
        drop(Weights::from_safetensors(&bytes));
        // Both at once can make a sound file of other numbers: a header with less padding in front of as much less data.
        drop(Weights::from_safetensors(&bytes[..shorter]));
    }
}
