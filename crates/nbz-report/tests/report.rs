//! The report on the embedded tables.
//!
//! Oracle of the rank correlations: values that SciPy gave for the published tables, printed to four
//! digits with the data; so equal to half a unit of the fourth. Everything else is exact.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of these tests fail by panicking"
)]

use nbz_report::{ALIKE, Lineup, Part, Report, RowKind, Settings, Table1};
use nbz_study::{OVERLAP_SHARE, Recipe, Similarity};
use nbz_table::Table;

/// The claims have tests of their own.
const TABLES: [Part; 3] = [Part::Table1, Part::Table2, Part::Table3];

fn report_with(settings: &Settings) -> Report {
    let tables = [Table::nas_bench_201(), Table::nas_bench_macro()];
    Report::compute(&tables, &[], &TABLES, settings, |_, _, _| ()).unwrap()
}

/// Few draws: the numbers do not depend on them, and their intervals are tested where they are made.
fn report() -> Report {
    let recipe = Recipe { seed: 0, draws: 20 };
    report_with(&Settings {
        recipe,
        ..Settings::default()
    })
}

fn table<'a>(report: &'a Report, dataset: &str, networks: usize) -> &'a Table1 {
    let mut found = report.table1.iter();
    found
        .find(|t| t.dataset.as_deref() == Some(dataset) && t.networks == networks)
        .unwrap()
}

fn assert_spearman(table: &Table1, name: &str, printed: f64) {
    let sr = table.row(name).unwrap().sr.value.unwrap();
    assert!(
        (sr - printed).abs() < 0.5e-4 + 1e-12,
        "{}: {name} {sr} {printed}",
        table.id
    );
}

#[test]
fn every_pool_of_the_embedded_tables_has_its_networks_and_proxies() {
    let report = report();
    let shape: Vec<(String, usize, usize)> = report
        .table1
        .iter()
        .map(|t| {
            let proxies = t.rows.iter().filter(|r| r.kind == RowKind::Proxy).count();
            (t.dataset.clone().unwrap(), t.networks, proxies)
        })
        .collect();
    let expected = [
        ("cifar10", 9_445, 16),
        ("cifar10", 15_625, 3),
        ("cifar100", 15_625, 3),
        ("imagenet16-120", 9_445, 16),
        ("imagenet16-120", 15_625, 3),
        ("cifar10", 3_969, 0),
    ];
    assert_eq!(shape, expected.map(|(d, n, p)| (d.to_owned(), n, p)));
}

#[test]
fn spearman_equals_the_published_values() {
    let report = report();
    for (dataset, values) in [
        ("cifar10", [0.7527, 0.7931, 0.7690, 0.8260]),
        ("cifar100", [0.7278, 0.8080, 0.7610, 0.7923]),
        ("imagenet16-120", [0.6915, 0.7798, 0.7472, 0.7773]),
    ] {
        let table = table(&report, dataset, 15_625);
        for (name, printed) in ["macs", "naswot", "synflow", "logsynflow"]
            .into_iter()
            .zip(values)
        {
            assert_spearman(table, name, printed);
        }
    }
    let suite = table(&report, "cifar10", 9_445);
    for (name, printed) in [
        ("nwot", 0.8114),
        ("jacov", 0.7992),
        ("params", 0.7991),
        ("synflow", 0.7778),
        ("epe_nas", 0.7722),
        ("flops", 0.7701),
        ("l2_norm", 0.7460),
        ("snip", 0.6031),
        ("grad_norm", 0.5999),
        ("fisher", 0.5519),
        ("grasp", 0.5371),
        ("zen", 0.1147),
        ("plain", -0.3515),
    ] {
        assert_spearman(suite, &format!("nbsz_{name}"), printed);
    }
    let cells = table(&report, "cifar10", 3_969);
    assert_spearman(cells, "params", 0.3146);
    assert_spearman(cells, "macs", 0.7377);
}

#[test]
fn the_oracle_and_random_choice_frame_every_row() {
    for table in &report().table1 {
        let oracle = table.row("oracle").unwrap();
        assert_eq!(oracle.mbr_ties.value, Some(0.0), "{}", table.id);
        assert_eq!(oracle.lc.value, Some(1.0));
        assert_eq!(oracle.sr.value, Some(1.0));
        let best: Vec<f64> = oracle.accuracy.iter().map(|e| e.value.unwrap()).collect();
        for row in &table.rows {
            for (found, best) in row.accuracy.iter().zip(&best) {
                assert!(found.value.unwrap() <= *best, "{} {}", table.id, row.name);
            }
        }
        let random = table.row("random").unwrap().mbr_ties.value.unwrap();
        let expected: f64 = table
            .feasible
            .iter()
            .map(|&n| (n as f64 - 1.0) / (2.0 * n as f64))
            .sum::<f64>()
            / table.feasible.len() as f64;
        // The same closed form, summed in the same order.
        assert!((random - expected).abs() < 1e-15);
    }
}

#[test]
fn ties_of_macs_on_nas_bench_201_are_averaged_and_said() {
    // Oracle: the published analysis of the ties of MACs on CIFAR-10: by row order 0.036, mean 0.095.
    let report = report();
    let macs = table(&report, "cifar10", 15_625)
        .row("macs")
        .unwrap()
        .clone();
    assert_eq!(format!("{:.3}", macs.mbr.unwrap()), "0.036");
    assert_eq!(format!("{:.3}", macs.mbr_ties.value.unwrap()), "0.095");
    assert!(macs.ties_decide);
}

#[test]
fn two_runs_write_the_same_bytes_with_any_number_of_threads() {
    let bytes = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let files = pool.install(|| report().write(folder.path(), &Part::ALL, "").unwrap());
        let read = |path: &std::path::PathBuf| {
            let name = path.strip_prefix(folder.path()).unwrap().to_owned();
            (name, std::fs::read(path).unwrap())
        };
        files.iter().map(read).collect::<Vec<_>>()
    };
    let one = bytes(1);
    assert!(one.len() > 20);
    assert_eq!(one, bytes(3));
}

#[test]
fn a_part_that_is_not_asked_for_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let parts = Part::named(&["table2"]).unwrap();
    report().write(folder.path(), &parts, "").unwrap();
    assert!(folder.path().join("table2").is_dir());
    assert!(!folder.path().join("table1").exists());
    assert!(Part::named(&["table9"]).unwrap_err().hint().is_some());
}

#[test]
fn a_cached_report_has_the_bytes_of_a_fresh_one_and_a_damaged_cache_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        recipe: Recipe { seed: 0, draws: 20 },
        cache: Some(folder.path().to_owned()),
        ..Settings::default()
    };
    let fresh = report_with(&settings);
    let files = || {
        std::fs::read_dir(folder.path())
            .unwrap()
            .map(|f| f.unwrap().path())
    };
    assert_eq!(files().count(), fresh.table1.len());
    let json = |report: &Report| serde_json::to_string(report).unwrap();
    assert_eq!(json(&report_with(&settings)), json(&fresh));
    for path in files() {
        std::fs::write(path, "{\"key\": \"damaged").unwrap();
    }
    assert_eq!(json(&report_with(&settings)), json(&fresh));
    for path in files() {
        change_a_number(&path);
    }
    assert_eq!(json(&report_with(&settings)), json(&fresh));
}

/// Leaves a cached pool valid JSON of the right key, with one digit of its last row's SR changed.
fn change_a_number(path: &std::path::Path) {
    let text = std::fs::read_to_string(path).unwrap();
    let at = text.rfind("\"sr\":{\"value\":").unwrap();
    let dot = at + text[at..].find('.').unwrap();
    let digit = text.as_bytes()[dot + 1];
    let other = if digit == b'9' { "8" } else { "9" };
    let changed = format!("{}{other}{}", &text[..=dot], &text[dot + 2..]);
    assert_ne!(changed, text);
    std::fs::write(path, changed).unwrap();
}

#[test]
fn other_numbers_of_budgets_share_no_cache_and_no_table_with_the_paper() {
    let folder = tempfile::tempdir().unwrap();
    let with = |budgets: usize| {
        report_with(&Settings {
            recipe: Recipe { seed: 0, draws: 0 },
            budgets,
            cache: Some(folder.path().join("cache")),
            ..Settings::default()
        })
    };
    let five = with(5);
    let files = five
        .write(&folder.path().join("five"), &Part::ALL, "")
        .unwrap();
    assert!(files.iter().any(|f| f.to_str().unwrap().contains("paper/")));
    let two = with(2);
    let files = two
        .write(&folder.path().join("two"), &Part::ALL, "")
        .unwrap();
    assert!(!files.iter().any(|f| f.to_str().unwrap().contains("paper/")));
    for (two, five) in two.table1.iter().zip(&five.table1) {
        // Half and all of the range; of the five, the last is all of it as well.
        assert_eq!((two.limits.len(), five.limits.len()), (2, 5));
        assert_eq!(two.limits[1].to_bits(), five.limits[4].to_bits());
        let macs = |t: &Table1| t.row("macs").unwrap().accuracy.clone();
        assert_eq!(macs(two)[1].value, macs(five)[4].value);
    }
}

#[test]
fn similar_scores_stand_in_the_report_with_the_numbers_of_the_command() {
    // Oracle: `Similarity` on the scores of a line-up, which is what `nbzero similarity` prints; the same bits.
    let table = Table::nas_bench_201();
    let settings = Settings {
        recipe: Recipe { seed: 0, draws: 0 },
        ..Settings::default()
    };
    let parts = [Part::Similarity];
    let report = Report::compute(&[table], &[], &parts, &settings, |_, _, _| ()).unwrap();
    let pools: Vec<&str> = report.alike.iter().map(|alike| alike.id.as_str()).collect();
    assert_eq!(pools.len(), 5, "{pools:?}");
    let alike = &report.alike[0];
    let lineup = Lineup::of(&Table::nas_bench_201(), Some("cifar10"), &[], None).unwrap();
    let (names, values): (Vec<&str>, Vec<&[f64]>) = lineup.scores().unzip();
    let found = Similarity::of(&values, OVERLAP_SHARE).unwrap();
    assert_eq!((alike.networks, alike.best), (found.n, found.best));
    let at = |name: &str| names.iter().position(|known| *known == name).unwrap();
    for (row, a) in alike.scores.iter().enumerate() {
        for (column, b) in alike.scores.iter().enumerate() {
            let (a, b) = (at(a), at(b));
            assert_eq!(alike.spearman[row][column], found.spearman[a][b]);
            assert_eq!(alike.overlap[row][column], found.overlap[a][b]);
        }
    }
    let groups = alike.groups.iter().max().copied();
    assert_eq!(groups, Some(found.groups(1.0 - ALIKE).len()));
    let folder = tempfile::tempdir().unwrap();
    report.write(folder.path(), &parts, "").unwrap();
    let readme = std::fs::read_to_string(folder.path().join("README.md")).unwrap();
    assert!(readme.contains("## Which scores rank alike: nas-bench-201 on cifar10, 16 proxies"));
    let csv = format!("similarity/{}.csv", alike.id);
    let csv = std::fs::read_to_string(folder.path().join(csv)).unwrap();
    assert!(
        csv.lines()
            .next()
            .unwrap()
            .contains("best shared with naswot")
    );
}
