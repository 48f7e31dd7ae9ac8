//! The layer graphs against the reference networks.
//!
//! Oracle: names, shapes and order of the state dicts of the PyTorch networks on which the project's
//! golden values were made (`golden/tensors.json`). Compared exactly.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use nbz_space::{Arch, Task, network::Op};

type Case = (String, Task, Vec<(String, Vec<usize>)>);

fn cases() -> Vec<Case> {
    let json: serde_json::Value =
        serde_json::from_str(include_str!("golden/tensors.json")).unwrap();
    let number = |v: &serde_json::Value| usize::try_from(v.as_u64().unwrap()).unwrap();
    let case = |case: &serde_json::Value| {
        let tensor = |t: &serde_json::Value| {
            let shape = t[1].as_array().unwrap().iter().map(number).collect();
            (t[0].as_str().unwrap().to_owned(), shape)
        };
        (
            case["arch"].as_str().unwrap().to_owned(),
            Task::new(number(&case["resolution"]), number(&case["classes"])).unwrap(),
            case["tensors"]
                .as_array()
                .unwrap()
                .iter()
                .map(tensor)
                .collect(),
        )
    };
    json.as_array().unwrap().iter().map(case).collect()
}

#[test]
fn tensors_have_the_names_shapes_and_order_of_the_reference() {
    assert_eq!(cases().len(), 8);
    for (text, task, tensors) in cases() {
        let network = text.parse::<Arch>().unwrap().network(task);
        assert_eq!(network.tensors(), tensors, "{text}");
        assert_eq!(network.classes(), task.classes(), "{text}");
    }
}

#[test]
fn layer_names_are_unique() {
    for (text, task, _) in cases() {
        let network = text.parse::<Arch>().unwrap().network(task);
        let mut names: Vec<_> = network.layers().iter().map(|l| &l.name).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all, "{text}");
    }
}

#[test]
fn a_cell_of_six_none_is_a_zero_and_keeps_its_other_layers() {
    let arch: Arch = "nb201:111111".parse().unwrap();
    let network = arch.network(nbz_space::Dataset::Cifar10);
    let zeros = network.layers().iter().filter(|l| l.op == Op::Zero).count();
    // Nodes 1 to 3 of fifteen cells.
    assert_eq!(zeros, 45);
    assert_eq!(network.costs().depth.get(), 0);
}
