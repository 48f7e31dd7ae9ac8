//! Drawings: exact text, and that every network can be drawn at every width.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use nbz_space::{Arch, Dataset, Drawing, Space, public::Cell};
use proptest::prelude::*;

fn drawing(text: &str) -> Drawing {
    let arch: Arch = text.parse().unwrap();
    Drawing::new(text, &arch.network(Dataset::Cifar100))
}

#[test]
fn resnet18_looks_as_recorded() {
    let drawing = drawing("r1:64s1x2-128s2x2-256s2x2-512s2x2");
    let recorded = include_str!("golden/resnet18.txt");
    assert_eq!(drawing.text(80), recorded, "\n{}", drawing.text(80));
    let recorded = include_str!("golden/resnet18.svg");
    assert_eq!(drawing.svg(), recorded);
}

#[test]
fn segments_add_up_to_the_depth_without_the_classifier() {
    let cells = Cell::all().map(Arch::NasBench201);
    let staged = Space::all()
        .iter()
        .flat_map(|s| s.draw(2).take(200))
        .map(Arch::Staged);
    for arch in cells.step_by(7).chain(staged) {
        let network = arch.network(Dataset::Cifar10);
        let drawing = Drawing::new("", &network);
        let layers: usize = drawing.segments().iter().map(|s| s.layers).sum();
        let depth = network.costs().depth.get() as usize;
        // Without a path through, the stem alone is drawn.
        assert_eq!(layers, depth.saturating_sub(1).max(1), "{arch}");
    }
}

#[test]
fn a_network_without_a_path_says_so() {
    let text = drawing("nb201:111111").text(80);
    assert!(text.contains("no path from input to output"), "{text}");
}

#[test]
fn an_svg_escapes_its_title() {
    let arch: Arch = "cbmr:1111111".parse().unwrap();
    let svg = Drawing::new("<a&b>\u{1}", &arch.network(Dataset::Cifar10)).svg();
    assert!(svg.contains("<title>&lt;a&amp;b&gt; </title>"), "{svg}");
}

proptest! {
    #[test]
    fn text_fits_every_width(which in 0..3usize, ticket in any::<u64>(), columns in 0..200usize) {
        let space = &Space::all()[which];
        let arch = Arch::Staged(space.nth(ticket % space.size()).unwrap());
        let drawing = Drawing::new(arch.to_string(), &arch.network(Dataset::ImageNet16));
        for line in drawing.text(columns).lines() {
            prop_assert!(line.chars().count() <= columns.max(20), "{}", line);
        }
    }
}
