//! Trainings that lie under `scores/`, ours and PyTorch's, and the blocks of documents that tell of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nbz_table::Table;

/// Accuracies by network, one a seed.
pub(crate) type Trainings = BTreeMap<String, Vec<f64>>;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn mean(of: &[f64]) -> f64 {
    of.iter().sum::<f64>() / of.len() as f64
}

/// Each network's trainings in a table that `nbzero train --list` or `collect` wrote.
pub(crate) fn of_table(table: &Table) -> Trainings {
    let archs = table.archs().unwrap();
    let columns = || table.columns().iter();
    let mut seeds: Vec<_> = columns()
        .filter(|c| c.base_name().starts_with("test_acc_seed"))
        .collect();
    if seeds.is_empty() {
        seeds = columns().filter(|c| c.base_name() == "test_acc").collect();
    }
    let mut found = Trainings::new();
    for seed in seeds {
        let accuracies = table.column_f64(&seed.name).unwrap();
        for row in 0..table.rows() {
            let arch = archs.text(row).unwrap().to_owned();
            found.entry(arch).or_default().extend(accuracies.get(row));
        }
    }
    found
}

/// Trainings in PyTorch: the rows of a CSV under `scores/` whose first columns are `keys`, followed by architecture, seed
/// and accuracy.
pub(crate) fn of_pytorch(file: &str, keys: &[&str]) -> Trainings {
    let text = std::fs::read_to_string(root().join("scores").join(file)).unwrap();
    let mut found = Trainings::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let (of, rest) = fields.split_at(keys.len());
        let [arch, _, accuracy] = rest else {
            panic!("{file}: {line}");
        };
        if of == keys {
            let accuracy = accuracy.parse().unwrap();
            found.entry((*arch).to_owned()).or_default().push(accuracy);
        }
    }
    found
}

/// Holds blocks of a page, each between `<!-- NAME -->` and `<!-- end of NAME -->`, to what they should be; with
/// `NBZERO_WRITE` writes them.
pub(crate) fn hold_blocks(page: &str, blocks: &[(&str, String)]) {
    let path = root().join(page);
    let mut text = std::fs::read_to_string(&path).unwrap();
    let write = std::env::var_os("NBZERO_WRITE").is_some();
    for (name, block) in blocks {
        let begin = format!("<!-- {name} -->\n");
        let end = format!("<!-- end of {name} -->");
        let from = text.find(&begin).unwrap() + begin.len();
        let to = text.find(&end).unwrap();
        if write {
            text.replace_range(from..to, block);
        }
        let to = text.find(&end).unwrap();
        assert_eq!(&text[from..to], block, "{page}, {name}");
    }
    if write {
        std::fs::write(&path, text).unwrap();
    }
}
