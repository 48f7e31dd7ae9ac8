//! Closed forms against the sum over the layer graph, and both against published facts.
//!
//! Oracles: the sums and rows of the public tables (NAS-Bench-Macro, Channel-Bench-Macro and
//! NAS-Bench-201 publish parameters and MACs of every network), and ResNet-18. All exact.
use nbz_space::{
    Arch, Costs, Dataset, Space, Task,
    cost::Depth,
    public::{Cell, ChannelMobileNet, ChannelResNet, EdgeOp, NasBenchMacro},
};
use sha2::{Digest, Sha256};

/// Costs by the closed form, after a comparison with the graph.
fn costs(arch: &Arch, task: impl Into<Task>) -> Costs {
    let task = task.into();
    let closed = arch.costs(task);
    assert_eq!(closed, arch.network(task).costs(), "{arch}");
    closed
}

fn sums(all: impl Iterator<Item = Arch>, set: Dataset) -> (u64, u64) {
    all.map(|arch| costs(&arch, set))
        .fold((0, 0), |(p, m), c| (p + c.params.get(), m + c.macs.get()))
}

#[test]
fn resnet18_costs_what_everybody_counts() {
    let arch: Arch = "r1:64s1x2-128s2x2-256s2x2-512s2x2".parse().unwrap();
    let costs = costs(&arch, Dataset::Cifar100);
    assert_eq!(costs.params.get(), 11_220_132);
    assert_eq!(costs.macs.get(), 555_468_800);
    assert_eq!(costs.depth.get(), 18);
}

#[test]
fn public_tables_have_their_exact_sums() {
    let cifar10 = Dataset::Cifar10;
    let all = || NasBenchMacro::all().map(Arch::NasBenchMacro);
    assert_eq!(sums(all(), cifar10), (10_736_730_954, 364_399_409_664));
    let distinct: Vec<Arch> = all().filter(|a| *a == a.canonical()).collect();
    assert_eq!(distinct.len(), 3_969);
    let sum = sums(distinct.into_iter(), cifar10);
    assert_eq!(sum, (6_789_500_298, 227_984_730_624));
    let resnets = ChannelResNet::all().map(Arch::ChannelResNet);
    assert_eq!(sums(resnets, cifar10), (98_359_214_080, 9_198_664_417_280));
    let mobiles = ChannelMobileNet::all().map(Arch::ChannelMobileNet);
    assert_eq!(sums(mobiles, cifar10), (11_805_818_880, 1_374_326_620_160));
    for (set, params, macs) in [
        (Dataset::Cifar10, 6_227_406_250, 858_890_000_000),
        (Dataset::Cifar100, 6_318_812_500, 858_980_000_000),
        (Dataset::ImageNet16, 6_339_125_000, 214_840_000_000),
    ] {
        let cells = Cell::all().map(Arch::NasBench201);
        assert_eq!(sums(cells, set), (params, macs), "{set}");
    }
}

#[test]
fn public_rows_have_their_published_costs() {
    for (text, params, macs) in [
        ("nbmacro:00000000", 387_882, 7_713_280),
        ("nbmacro:11111111", 1_588_874, 53_246_464),
        ("nbmacro:12021002", 1_610_890, 60_690_944),
        ("nbmacro:22212220", 1_985_514, 85_164_544),
        ("nbmacro:22222222", 2_932_586, 105_660_928),
        ("cbmr:1111111", 963_658, 90_096_896),
        ("cbmr:1234321", 5_097_930, 396_807_936),
        ("cbmr:4344424", 12_701_322, 1_209_734_144),
        ("cbmr:4444444", 15_356_170, 1_436_226_560),
        ("cbmm:1111111", 125_418, 14_285_312),
        ("cbmm:1234321", 614_890, 56_797_696),
        ("cbmm:4444342", 1_388_170, 185_062_400),
        ("cbmm:4444444", 1_804_170, 211_281_920),
        ("nb201#11472", 559_386, 78_561_920),
    ] {
        let arch: Arch = text.parse().unwrap();
        let costs = costs(&arch, Dataset::Cifar10);
        assert_eq!(costs.params.get(), params, "{text}");
        assert_eq!(costs.macs.get(), macs, "{text}");
    }
}

#[test]
fn channel_bench_macro_columns_have_their_digest() {
    // The digest of `ARCH,PARAMS,MACS` lines, in ascending order of digits; equal to that of the
    // published files' columns.
    let digest = |all: &mut dyn Iterator<Item = Arch>| {
        let mut hash = Sha256::new();
        for arch in all {
            let costs = arch.costs(Dataset::Cifar10);
            let text = arch.to_string();
            let digits = text.split_once(':').unwrap().1;
            let (params, macs) = (costs.params.get(), costs.macs.get());
            hash.update(format!("{digits},{params},{macs}\n"));
        }
        format!("{:x}", hash.finalize())
    };
    let resnets = digest(&mut ChannelResNet::all().map(Arch::ChannelResNet));
    assert_eq!(
        resnets,
        "bad2894e38c7bf87888e007fd37630783d07207c363aa3188dfcc756f103f930"
    );
    let mobiles = digest(&mut ChannelMobileNet::all().map(Arch::ChannelMobileNet));
    assert_eq!(
        mobiles,
        "5e60eb65c6d82ec7b106c522f7604c1c3c30f05ec7618988a35de5a35e47bc57"
    );
}

#[test]
fn closed_forms_equal_the_graph_on_100_000_networks_of_the_three_spaces() {
    for (space, count) in Space::all().iter().zip([33_334, 33_333, 33_333]) {
        for (i, arch) in space.draw(1).take(count).enumerate() {
            costs(&Arch::Staged(arch), Dataset::ALL[i % 3]);
        }
    }
}

#[test]
fn depth_follows_the_longest_path_of_weighted_layers() {
    for (text, depth) in [
        ("nb201:222222", 1 + 15 * 3 + 4 + 1),
        // The edges into node 3 are none: no path leads through.
        ("nb201:221211", 0),
        ("nb201:000000", 6),
        // Only the edge from the input.
        ("nb201:112111", 21),
        ("nbmacro:00000000", 1 + 3 + 1 + 1),
        ("nbmacro:22222222", 1 + 24 + 1 + 1),
        ("cbmr:1111111", 1 + 10 + 1),
        ("cbmm:1111111", 1 + 12 + 1 + 1),
    ] {
        let arch: Arch = text.parse().unwrap();
        assert_eq!(
            costs(&arch, Dataset::Cifar10).depth,
            Depth::new(depth),
            "{text}"
        );
    }
}

#[test]
fn nbsz_flops_closed_form_equals_the_graph_on_every_cell() {
    for set in [Dataset::Cifar10, Dataset::ImageNet16] {
        for cell in Cell::all() {
            let network = cell.network(set.into());
            assert_eq!(cell.nbsz_flops(set.into()), network.nbsz_flops(), "{cell}");
        }
    }
}

/// Whether every edge other than none lies on a path of such edges from the input to the output.
fn has_no_dead_edge(cell: Cell) -> bool {
    let edges = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];
    let open: Vec<(usize, usize)> = edges
        .into_iter()
        .zip(cell.edges())
        .filter_map(|(edge, op)| (op != EdgeOp::None).then_some(edge))
        .collect();
    let mut from_input = [true, false, false, false];
    for &(from, to) in &open {
        from_input[to] |= from_input[from];
    }
    let mut to_output = [false, false, false, true];
    for &(from, to) in open.iter().rev() {
        to_output[from] |= to_output[to];
    }
    open.iter()
        .all(|&(from, to)| from_input[from] && to_output[to])
}

#[test]
fn nbsz_flops_sum_to_those_that_nas_bench_suite_zero_publishes() {
    let published: Vec<Cell> = Cell::all().filter(|c| has_no_dead_edge(*c)).collect();
    assert_eq!(published.len(), 9_445);
    for (set, sum) in [
        (Dataset::Cifar10, 591_314_799_040),
        (Dataset::ImageNet16, 147_902_597_440),
    ] {
        let flops = published.iter().map(|c| c.nbsz_flops(set.into()).get());
        assert_eq!(flops.sum::<u64>(), sum, "{set}");
    }
}

#[test]
fn the_largest_network_that_a_description_can_name_has_costs_without_overflow() {
    // Tests are built with overflow checks.
    let task = Task::new(Task::MAX_RESOLUTION, Task::MAX_CLASSES).expect("the bounds are within");
    for (block, factor) in [
        ("basic", ""),
        ("bottleneck", "reduction = 1"),
        ("inverted", "expansion = 16"),
    ] {
        let text = format!(
            "name = \"huge\"\ntitle = \"huge\"\n[block]\nkind = \"{block}\"\nkernel = 7\n{factor}\n\
             [stem]\nkernel = 7\nstride = 1\nwidth = 8192\n[head]\nwidth = 8192\n\
             [grammar]\ndepths = [64]\nwidths_never_decrease = true\n\
             [[form]]\nshare = 1\nwidths = {:?}\nstrides = {:?}\n",
            [[8192]; 8],
            [[1; 8]]
        );
        let space = Space::from_toml(&text).expect(block);
        let arch = Arch::Staged(space.nth(0).expect("one network"));
        assert_eq!(costs(&arch, task).depth, arch.costs(Dataset::Cifar10).depth);
    }
}
