//! The search spaces and public benchmarks, and how their architectures are written.

use super::Topic;

pub(super) const TOPICS: &[Topic] = &[
    Topic {
        name: "arch",
        aliases: &["architecture", "architectures", "arch-string"],
        title: "how an architecture is written",
        formula: "SPACE:STAGE-STAGE-STAGE[-STAGE], a stage is WIDTHsSTRIDExDEPTH: r1:32s1x3-64s2x4-128s2x4-256s2x2\n\
            nbmacro:12021020 (8 digits 0 to 2), cbmr: and cbmm: (7 digits 1 to 4), nb201:212043 (6 digits 0 to 4)\n\
            nb201 also as |nor_conv_3x3~0|+|none~0|skip_connect~1|+... and as nb201#11472",
        convention: "One spelling each: printing a parsed string gives the same bytes. `r1-000123` is entry 123 of r1's list. \
            Resolution and classes belong to the data set, not to the string.",
        source: "this project; the public benchmarks' own strings",
    },
    Topic {
        name: "r1",
        aliases: &["ss-r1", "resnet-basic"],
        title: "ResNets of basic blocks: 171,008 networks, 149,609 within the caps",
        formula: "3 or 4 stages of 1 to 4 blocks; widths never decrease; three strides of 2",
        convention: "`nbzero space show-toml r1` prints every set of widths, depths and strides. The paper never published \
            its own; these are this project's.",
        source: "NAS-Bench-Zero, section 3, for the blocks, stages and down-samplings",
    },
    Topic {
        name: "r2",
        aliases: &["ss-r2", "resnet-bottleneck"],
        title: "ResNets of bottleneck blocks: 171,008 networks, 140,017 within the caps",
        formula: "as r1, with blocks of 1x1, 3x3, 1x1 whose inner width is a quarter",
        convention: "As r1.",
        source: "NAS-Bench-Zero, section 3",
    },
    Topic {
        name: "mb",
        aliases: &["ss-mb", "mobilenetv2"],
        title: "MobileNetV2 networks of inverted residuals: 246,144, all within the caps",
        formula: "as r1, with blocks of 1x1 to six times the width, depthwise 3x3, 1x1",
        convention: "ReLU, not ReLU6: without batch norm ReLU6 saturates and synflow is zero. Otherwise as r1.",
        source: "NAS-Bench-Zero, section 3; Sandler et al. 2018",
    },
    Topic {
        name: "space-file",
        aliases: &["space-toml", "own-space", "task"],
        title: "a search space of one's own, as a TOML file",
        formula: "name, [block], [stem], [grammar], [[form]]; optional: title, [head], [task], [caps], [list]",
        convention: "`nbzero space show-toml r1` prints one to start from; every command that takes a space takes the \
            file's path. [task] has resolution and classes: what costs are counted for where no data set is named, \
            CIFAR-100 without it. [caps] has params or macs or both, counted for that task or for a resolution and \
            classes of its own.",
        source: "this project",
    },
    Topic {
        name: "sampling",
        aliases: &["sample", "seed", "draw"],
        title: "how lists of networks are drawn",
        formula: "without repetition from the networks within the caps, by a ChaCha8 stream of the seed",
        convention: "A list is in draw order, so each prefix is itself a fair draw. The paper-sized list is the default seed's \
            prefix: the same on every machine, for ever.",
        source: "this project",
    },
];
