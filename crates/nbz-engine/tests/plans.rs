//! Memory plans at their ends: of no image, of more images than there are, and of backwards to the images.

#[expect(dead_code, reason = "other tests use the rest")]
mod nets;

use nbz_engine::cpu::Path;
use nbz_engine::{Cotangent, Cpu, Device, MemoryPlan, Model, NormMode, Of, Pass, Reference, Run};
use nbz_space::network::{Conv, Network, NetworkBuilder, Shape};

/// Maps so large that the bytes of 2^32 images are more than 64 bits count.
fn wide() -> Network {
    let mut b = NetworkBuilder::new(Shape::new(3, 512, 512));
    let x = b.conv("conv", b.input(), Conv::dense(3, 2048, 3, 1));
    let x = b.batch_norm("bn", x);
    b.classifier(x, 10)
}

const PASSES: [Pass; 6] = [
    Pass::Infer,
    Pass::Backward,
    Pass::BackwardToInput,
    Pass::BackwardToBoth,
    Pass::Tangent,
    Pass::PerSample,
];

/// Oracle: more images need more, and a number that is too large is told as the largest.
#[test]
fn a_plan_of_no_image_or_of_all_that_can_be_counted_is_made_without_overflow() {
    fn planned<D: Device>(device: &D, network: &Network, images: usize, pass: Pass) -> u64 {
        MemoryPlan::new(device, network, &Run::default(), images, pass).total()
    }
    let (wide, cpu) = (wide(), Cpu::<f64>::new(Path::fastest(), 2).unwrap());
    for pass in PASSES {
        assert!(planned(&Reference, &wide, usize::MAX, pass) > 1 << 62);
        assert!(planned(&cpu, &wide, usize::MAX, pass) > 1 << 62);
        assert!(planned(&Reference, &wide, 0, pass) < planned(&Reference, &wide, 1, pass));
        assert!(planned(&cpu, &wide, 0, pass) < planned(&cpu, &wide, 1, pass));
    }
}

/// Oracle: the device's own count of bytes in use, to 1 % as in `memory.rs`.
#[test]
fn a_backward_to_the_images_holds_what_was_planned() {
    let networks = [
        nets::plain(24, 12),
        nets::residual(17, 12),
        nets::inverted(24, 12),
        nets::cell(40, 12),
    ];
    for (i, network) in networks.iter().enumerate() {
        for (pass, of) in [
            (Pass::Backward, Of::Parameters),
            (Pass::BackwardToInput, Of::Input),
            (Pass::BackwardToBoth, Of::Both),
        ] {
            for norm in [NormMode::Batch, NormMode::Running, NormMode::Removed] {
                let run = Run {
                    norm,
                    ..Run::default()
                };
                let cpu = Cpu::<f32>::new(Path::fastest(), 1).unwrap();
                let planned = MemoryPlan::new(&cpu, network, &run, 33, pass).total();
                let model = Model::new(&cpu, network, &nets::weights(network, 1)).unwrap();
                let (images, labels) = nets::batch(network, 33, 2);
                let trace = model.forward(&images, &run, &mut ()).unwrap();
                let loss = Cotangent::CrossEntropy(&labels);
                drop(trace.backward(loss, of, &mut ()).unwrap());
                let held = cpu.peak_bytes();
                assert!(
                    planned.abs_diff(held) <= held / 100,
                    "{i} {norm:?} {of:?}: {planned} planned, {held} held"
                );
            }
        }
    }
}
