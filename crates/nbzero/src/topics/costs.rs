//! Costs of a network, in the conventions that people meet.

use super::Topic;

pub(super) const TOPICS: &[Topic] = &[
    Topic {
        name: "macs",
        aliases: &["mac", "flops", "multiply-accumulates"],
        title: "multiply-accumulates of convolutions and linear layers for one image",
        formula: "convolution: out_h * out_w * out_channels * (in_channels / groups) * kernel^2; linear: in * out",
        convention: "No bias, batch norm, activation, pooling or addition. Papers and flags often call this FLOPs: \
            `--max-flops` means MACs here. One MAC is two floating-point operations.",
        source: "equal to the published counts on every row of NAS-Bench-Macro and Channel-Bench-Macro",
    },
    Topic {
        name: "params",
        aliases: &["parameters", "size", "model-size"],
        title: "trainable numbers",
        formula: "convolution: out * (in / groups) * kernel^2 (+ out with a bias); batch norm: 2 * channels; \
            linear: in * out + out",
        convention: "Running means and variances of batch norm are not trainable and not counted.",
        source: "equal to the published counts on every row of the three public benchmarks",
    },
    Topic {
        name: "depth",
        aliases: &["layers"],
        title: "the most weighted layers on any path from image to logits",
        formula: "convolutions and linear layers on the main path; shortcuts do not count",
        convention: "ResNet-18 has 18. In NAS-Bench-201 an edge without operation breaks a path.",
        source: "He et al. 2016 for the way of counting",
    },
    Topic {
        name: "nbsz-flops",
        aliases: &["nbsz"],
        title: "FLOPs as NAS-Bench-Suite-Zero counts them, in millions",
        formula: "MACs + 2 per batch norm output + 1 per ReLU output + kernel^2 per pooled value",
        convention: "A published proxy of NAS-Bench-201, kept under its own name so that it is not mistaken for `macs`.",
        source: "Krishnakumar et al., NAS-Bench-Suite-Zero, NeurIPS 2022",
    },
    Topic {
        name: "test-acc",
        aliases: &["accuracy", "acc", "val-acc"],
        title: "accuracy in percent; the name says on which images",
        formula: "100 * correct / images",
        convention: "Never rescaled: 91.93 stays 91.93. NAS-Bench-201: `test_acc` is the mean over seeds after 200 epochs, \
            `val_acc` one run. NAS-Bench-Macro: `acc_mean` is the mean of three runs' best epochs on the test images, good for \
            ranks, optimistic as an accuracy.",
        source: "the sources of each table: `nbzero tables NAME`",
    },
    Topic {
        name: "latency",
        aliases: &["energy", "latency-ms", "energy-mj"],
        title: "measured time in milliseconds or energy in millijoules, one image on one device",
        formula: "",
        convention: "Published measurements, imported. The Edge TPU supports 10,926 of NAS-Bench-201's cells; the others are \
            null, and a limit on a null is not satisfied.",
        source: "Li et al., HW-NAS-Bench, ICLR 2021",
    },
];
