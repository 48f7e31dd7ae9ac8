//! The embedded tables against the facts that their sources publish.
//!
//! Oracle: counts, sums and anchors of the published tables, exact integers or decimal values as
//! printed by the sources, so every comparison is exact.

use nbz_table::{Embedded, Provenance, Role, Table, Unit};

/// The sum of a column without nulls; `None` if it has one or cannot be read.
fn sum(table: &Table, column: &str, rows: &[usize]) -> Option<i64> {
    let column = table.column_i64(column).ok()?;
    rows.iter().map(|&r| column.get(r)).sum()
}

#[test]
fn every_embedded_column_reads_with_the_type_that_its_schema_says() {
    for embedded in Embedded::ALL {
        let table = embedded.open();
        assert_eq!(table.name(), embedded.name());
        for info in table.columns() {
            let values = table.column(&info.name).unwrap();
            assert_eq!(values.kind(), info.kind, "{}", info.name);
            assert_eq!(values.len(), table.rows(), "{}", info.name);
        }
    }
}

#[test]
fn nas_bench_macro_has_the_published_sums_over_strings_and_over_networks() {
    let table = Table::nas_bench_macro();
    let all: Vec<usize> = (0..table.rows()).collect();
    assert_eq!(sum(&table, "params", &all), Some(10_736_730_954));
    assert_eq!(sum(&table, "macs", &all), Some(364_399_409_664));
    let distinct = table.distinct_rows().unwrap();
    assert_eq!(distinct.len(), 3_969);
    assert_eq!(sum(&table, "params", &distinct), Some(6_789_500_298));
    assert_eq!(sum(&table, "macs", &distinct), Some(227_984_730_624));
}

#[test]
fn strings_of_one_macro_network_share_a_representative() {
    let table = Table::nas_bench_macro();
    let alias = table.find("12021002").unwrap();
    let canonical = table.find("nbmacro:12021020").unwrap();
    assert_ne!(alias, canonical);
    assert_eq!(table.representative(alias).unwrap(), canonical);
    assert_eq!(table.representative(canonical).unwrap(), canonical);
}

#[test]
fn nas_bench_201_has_the_published_sums_on_three_data_sets() {
    let table = Table::nas_bench_201();
    let all: Vec<usize> = (0..table.rows()).collect();
    assert_eq!(table.distinct_rows().unwrap(), all);
    for (dataset, params, macs) in [
        ("cifar10", 6_227_406_250, 858_890_000_000),
        ("cifar100", 6_318_812_500, 858_980_000_000),
        ("imagenet16_120", 6_339_125_000, 214_840_000_000),
    ] {
        assert_eq!(
            sum(&table, &format!("{dataset}_params"), &all),
            Some(params)
        );
        assert_eq!(sum(&table, &format!("{dataset}_macs"), &all), Some(macs));
    }
}

#[test]
fn depth_counts_the_weighted_layers_of_the_longest_path() {
    // Oracle: counted by hand. Macro: stem, eight layers of 0, 1 or 3, head and classifier. Cells: stem,
    // fifteen cells of so many convolutions, two residual blocks of two, classifier; 0 without a path.
    let table = Table::nas_bench_macro();
    let depth = table.column_i64("depth").unwrap();
    for (arch, layers) in [("00000000", 6), ("22222222", 27), ("11111111", 27)] {
        assert_eq!(depth.get(table.find(arch).unwrap()), Some(layers), "{arch}");
    }
    let table = Table::nas_bench_201();
    let depth = table.column_i64("depth").unwrap();
    for (cell, layers) in [("210210", 36), ("222222", 51), ("000000", 6), ("111111", 0)] {
        assert_eq!(depth.get(table.find(cell).unwrap()), Some(layers), "{cell}");
    }
    let column = table.schema().column_on(Some("cifar100"), "depth").unwrap();
    assert_eq!(
        (column.unit, column.provenance),
        (Unit::Layers, Provenance::Measured)
    );
}

#[test]
fn a_network_is_found_by_its_hash_and_by_strings_that_the_table_lacks() {
    let table = Table::nas_bench_201();
    let arch = table.arch(11_472).unwrap().unwrap();
    assert_eq!(table.find(&nbz_table::arch_hash(&arch)).unwrap(), 11_472);
    let csv = b"arch,s\nnbmacro:12021020,1\nnbmacro:00000000,2\n";
    let ours = nbz_table::import::import_csv_bytes(csv, "ours", "").unwrap();
    let ours = ours.into_table().unwrap();
    assert_eq!(ours.find("nbmacro:12021002").unwrap(), 0);
    assert!(ours.find("nbmacro:22222222").is_err());
    assert!(ours.find("0123456789abcdef").is_err());
    let aliases = b"arch,s\nnbmacro:12021002,1\nnbmacro:12021020,1\nmine,3\n";
    let ours = nbz_table::import::import_csv_bytes(aliases, "ours", "").unwrap();
    assert_eq!(ours.into_table().unwrap().distinct_rows().unwrap(), [1, 2]);
}

#[test]
fn missing_scores_are_null_and_undefined_ones_are_minus_infinity() {
    let table = Table::nas_bench_201();
    let zen = table.column_f64("cifar10_nbsz_zen").unwrap();
    assert_eq!((zen.missing(), zen.undefined()), (6_180, 0));
    assert_eq!(zen.get(1_651), Some(f64::NEG_INFINITY));
    let naswot = table.column_f64("cifar10_naswot").unwrap();
    let infinite = naswot
        .values()
        .iter()
        .flatten()
        .filter(|v| **v == f64::NEG_INFINITY);
    assert_eq!((naswot.missing(), infinite.count()), (0, 201));
    let edgetpu = table.column_f64("cifar10_edgetpu_latency_ms").unwrap();
    assert_eq!(edgetpu.missing(), 4_699);
}

#[test]
fn a_cell_is_found_by_every_one_of_its_names() {
    let table = Table::nas_bench_201();
    let string = "|nor_conv_3x3~0|+|none~0|nor_conv_3x3~1|+|skip_connect~0|none~1|skip_connect~2|";
    for name in [
        string,
        "210210",
        "(2, 1, 0, 2, 1, 0)",
        "nb201:210210",
        "nb201#11472",
        "11472",
        "#11472",
        " 210210 ",
    ] {
        assert_eq!(table.find(name).unwrap(), 11_472, "{name}");
    }
    for unknown in ["", "#15625", "nb201:999999", "nb201#", "2102100", "(2, 1)"] {
        assert!(table.find(unknown).is_err(), "{unknown}");
    }
}

#[test]
fn columns_say_unit_role_data_set_provenance_and_licence() {
    let table = Table::nas_bench_201();
    let schema = table.schema();
    assert_eq!(schema.datasets(), ["cifar10", "cifar100", "imagenet16-120"]);
    let latency = schema
        .column_on(Some("cifar100"), "raspi4_latency_ms")
        .unwrap();
    assert_eq!(latency.name, "cifar100_raspi4_latency_ms");
    assert_eq!(
        (latency.unit, latency.role),
        (Unit::Milliseconds, Role::Latency)
    );
    assert_eq!(latency.provenance, Provenance::Imported);
    let accuracy = schema.accuracy_on(Some("imagenet16-120")).unwrap();
    assert_eq!(accuracy.base_name(), "test_acc");
    assert_eq!(schema.with_role(Role::Proxy, Some("cifar10")).count(), 16);
    assert_eq!(schema.with_role(Role::Proxy, Some("cifar100")).count(), 3);
    for table in Embedded::ALL.map(Embedded::open) {
        for info in table.columns() {
            assert!(
                !info.licence.is_empty() && !info.source.is_empty(),
                "{}",
                info.name
            );
        }
    }
}

/// Oracle: the committed shards, bit for bit, each whole or not at all.
#[test]
fn our_own_scores_are_the_rows_of_committed_shards() {
    for (embedded, folder) in [
        (
            Embedded::NasBenchMacro.own_scores().unwrap(),
            "nbmacro-cifar10",
        ),
        (Embedded::PaperLists.open(), "lists"),
    ] {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut seen = 0;
        for entry in std::fs::read_dir(root.join("../../scores").join(folder)).unwrap() {
            let shard = Table::open(&entry.unwrap().path()).unwrap();
            seen += rows_in_common(&embedded, &shard);
        }
        assert_eq!(seen, embedded.rows(), "{folder}");
    }
}

/// All rows of a shard, or none; their scores are the same.
fn rows_in_common(embedded: &Table, shard: &Table) -> usize {
    let archs = shard.archs().expect("networks");
    let rows: Vec<Option<usize>> = (0..shard.rows())
        .map(|row| embedded.find(archs.text(row).expect("a network")).ok())
        .collect();
    let known: Vec<(usize, usize)> = rows
        .iter()
        .enumerate()
        .filter_map(|(row, at)| Some((row, (*at)?)))
        .collect();
    if known.is_empty() {
        return 0; // a shard that was scored later
    }
    assert_eq!(known.len(), shard.rows(), "{}", shard.schema().title);
    for info in embedded.columns().iter().filter(|c| c.role == Role::Proxy) {
        let (ours, theirs) = (
            embedded.column_f64(&info.name).expect("a column"),
            shard.column_f64(&info.name).expect("a column"),
        );
        for &(row, at) in &known {
            let bits = [ours.get(at), theirs.get(row)].map(|v| v.map(f64::to_bits));
            assert_eq!(bits[0], bits[1], "{} of {row}", info.name);
        }
    }
    known.len()
}

#[test]
fn our_own_scores_stand_behind_the_table_and_give_way_to_columns_of_their_name() {
    let table = Embedded::NasBenchMacro.scored().unwrap();
    let scores = Embedded::NasBenchMacro.own_scores().unwrap();
    let proxies = scores.columns().iter().filter(|c| c.role == Role::Proxy);
    let plain = Table::nas_bench_macro().columns().len();
    assert_eq!(table.columns().len(), plain + proxies.count());
    let ntk = table.schema().column_on(Some("cifar10"), "ntk").unwrap();
    assert_eq!(ntk.provenance, Provenance::Measured);
    // Every string of a scored network has its score.
    let arch = scores.archs().unwrap().text(0).unwrap().to_owned();
    let own = scores.column_f64("ntk").unwrap().get(0);
    let network = table.representative(table.find(&arch).unwrap()).unwrap();
    let ntk = table.column_f64(&ntk.name.clone()).unwrap();
    let same = (0..table.rows()).filter(|&row| table.representative(row).unwrap() == network);
    for row in same {
        assert_eq!(ntk.get(row), own);
    }
    // A second time there is nothing to add.
    let again = table.with_own_scores().unwrap();
    assert!(again.columns().iter().all(|c| !c.name.contains("nbz_")));
}

/// Oracle: the committed trainings and scores, bit for bit, each file whole or not at all; a mean within 1e-12.
#[test]
fn mini_is_the_rows_of_committed_trainings_and_scores() {
    let tables = [Embedded::MiniR1, Embedded::MiniR2, Embedded::MiniMb].map(Embedded::open);
    // Of a network the table that has it, and its value there.
    let held = |column: &str, arch: &str| {
        let mut found = tables.iter().filter_map(|t| Some((t, t.find(arch).ok()?)));
        let (table, row) = found.next()?;
        let info = table.schema().column_on(Some("cifar10"), column).ok()?;
        table.column_f64(&info.name).unwrap().get(row)
    };
    let rows: usize = tables.iter().map(Table::rows).sum();
    let mut trained = std::collections::BTreeMap::<String, Vec<f64>>::new();
    let (mut scored, mut proxies) = (0, 0);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores/mini");
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let seed = name.strip_prefix("seed").and_then(|n| n.split_once('-'));
        let file = match seed {
            Some((_, part)) if !part.contains('.') => Table::open(&path).unwrap(),
            None if name.starts_with("scores-") => Table::open(&path).unwrap(),
            _ => continue, // learning curves, the pilot
        };
        let archs = file.archs().unwrap();
        let columns: Vec<(String, String)> = match seed {
            Some((seed, _)) => vec![(
                "cifar10_test_acc".to_owned(),
                format!("test_acc_seed{seed}"),
            )],
            None => file
                .schema()
                .with_role(Role::Proxy, None)
                .map(|info| (info.name.clone(), info.name.clone()))
                .collect(),
        };
        for (theirs, ours) in &columns {
            let values = file.column_f64(theirs).unwrap();
            let arch = |row: usize| archs.text(row).unwrap();
            let known: Vec<usize> = (0..file.rows())
                .filter(|&row| held(ours, arch(row)).is_some())
                .collect();
            if known.is_empty() {
                continue; // what was computed later
            }
            assert_eq!(known.len(), file.rows(), "{name}, {ours}");
            for row in known {
                let bits = [held(ours, arch(row)), values.get(row)].map(|v| v.map(f64::to_bits));
                assert_eq!(bits[0], bits[1], "{ours} of {}", arch(row));
                match seed {
                    Some(_) => trained
                        .entry(arch(row).to_owned())
                        .or_default()
                        .extend(values.get(row)),
                    None => scored += 1,
                }
            }
        }
        proxies = proxies.max(if seed.is_none() { columns.len() } else { 0 });
    }
    assert_eq!((trained.len(), scored), (rows, rows * proxies));
    for (arch, each) in trained {
        let mean = each.iter().sum::<f64>() / each.len() as f64;
        assert!(
            (held("test_acc", &arch).unwrap() - mean).abs() < 1e-12,
            "{arch}"
        );
    }
}
