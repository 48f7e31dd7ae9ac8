//! Tables as files: reading by range, writing whole or not at all, and a user's published files.

use std::fs;
use std::path::Path;

use nbz_table::{
    Bound, Choice, Constraint, Embedded, Error, Frame, Query, Table, atomic, export, import,
};

#[test]
fn a_table_reads_the_same_from_a_file_and_by_several_threads() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("macro.parquet");
    fs::write(&path, Embedded::NasBenchMacro.bytes()).unwrap();
    let (file, choice) = Table::choose(path.to_str()).unwrap();
    assert_eq!(choice, Choice::Named);
    let embedded = Table::nas_bench_macro();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for info in embedded.columns() {
                    let ours = file.column(&info.name).unwrap();
                    assert_eq!(ours, embedded.column(&info.name).unwrap(), "{}", info.name);
                }
            });
        }
    });
    assert_eq!(
        file.find("12021002").unwrap(),
        embedded.find("12021002").unwrap()
    );
}

#[test]
fn an_open_table_is_not_disturbed_by_a_write_to_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.parquet");
    let frame = import::import_csv_bytes(b"arch,s\na,1\n", "t", "").unwrap();
    export::write_parquet(&frame, &path).unwrap();
    let table = Table::open(&path).unwrap();
    let other = import::import_csv_bytes(b"arch,s\na,2\n", "t", "").unwrap();
    export::write_parquet(&other, &path).unwrap();
    assert_eq!(
        Table::open(&path).unwrap().column_f64("s").unwrap().get(0),
        Some(2.0)
    );
    if cfg!(unix) {
        assert_eq!(table.column_f64("s").unwrap().get(0), Some(1.0));
    }
}

#[test]
fn a_write_that_cannot_be_done_leaves_nothing_and_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("missing").join("t.csv");
    let error = atomic::write_bytes(&nowhere, b"x").unwrap_err();
    assert!(
        matches!(&error, Error::Write { path, .. } if *path == nowhere),
        "{error}"
    );
    let taken = folder.path().join("folder");
    fs::create_dir(&taken).unwrap();
    assert!(atomic::write_bytes(&taken, b"x").is_err());
    assert!(atomic::write_bytes(Path::new("/"), b"x").is_err());
    let full = atomic::write(&folder.path().join("full"), |_| {
        Err(std::io::Error::from(std::io::ErrorKind::StorageFull))
    });
    let hint = full.unwrap_err().hint();
    assert_eq!(
        hint.as_deref(),
        Some("the disk is full; nothing was left behind")
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn files_that_are_no_tables_are_refused_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(
        Table::open(folder.path()),
        Err(Error::Read { .. })
    ));
    let missing = Table::choose(Some("no/such.parquet"));
    assert!(matches!(missing, Err(Error::Read { .. })));
    let text = folder.path().join("text.parquet");
    fs::write(&text, "arch,score\n").unwrap();
    assert!(Table::open(&text).unwrap_err().hint().is_some());
}

#[test]
fn limits_hold_together_and_order_is_best_first() {
    let table = Table::nas_bench_201();
    let limit =
        |column: &str, limit: &str| Constraint::new(column, Bound::AtMost, limit.parse().unwrap());
    let query = Query {
        dataset: Some("cifar10".to_owned()),
        constraints: vec![limit("macs", "60M"), limit("edgetpu_latency_ms", "0.001s")],
        by: Some("test_acc".to_owned()),
    };
    let found = query.run(&table).unwrap();
    let macs = table.column_f64("cifar10_macs").unwrap();
    let latency = table.column_f64("cifar10_edgetpu_latency_ms").unwrap();
    let accuracy = table.column_f64("cifar10_test_acc").unwrap();
    // Oracle: a scan of all rows.
    let mut expected: Vec<usize> = (0..table.rows())
        .filter(|&r| macs.get(r).unwrap() <= 60e6 && latency.get(r).is_some_and(|l| l <= 1.0))
        .collect();
    expected.sort_by(|&a, &b| {
        accuracy
            .get(b)
            .unwrap()
            .total_cmp(&accuracy.get(a).unwrap())
    });
    assert!(!expected.is_empty());
    assert_eq!(found.rows, expected);
    assert_eq!(found.unranked, 0);
    let light = macs.values().iter().zip(latency.values());
    let unknown = light
        .filter(|(m, l)| m.unwrap() <= 60e6 && l.is_none())
        .count();
    assert_eq!(found.unknown, unknown);
}

#[test]
fn a_row_without_a_score_satisfies_limits_but_has_no_rank() {
    let query = Query {
        dataset: Some("cifar10".to_owned()),
        constraints: Vec::new(),
        by: Some("nbsz_zen".to_owned()),
    };
    let found = query.run(&Table::nas_bench_201()).unwrap();
    assert_eq!((found.rows.len(), found.unranked), (9_445, 6_180));
    // The cell of six `none` scored -infinity: defined, and last.
    assert_eq!(found.rows.last(), Some(&1_651));
}

/// Channel-Bench-Macro states no licence, so its files are the user's.
#[test]
fn channel_bench_macro_opens_from_the_users_folder_and_imports() {
    let Some(folder) = std::env::var_os("NBZERO_CHANNEL_BENCH") else {
        eprintln_skip("NBZERO_CHANNEL_BENCH names no folder with Channel-Bench-Macro's files");
        return;
    };
    for (file, name, params, macs) in [
        (
            "channel_bench_macro_resnet_cifar10.parquet",
            "channel-bench-macro-resnet",
            98_359_214_080,
            9_198_664_417_280,
        ),
        (
            "channel_bench_macro_mobilenet_cifar10.parquet",
            "channel-bench-macro-mobilenet",
            11_805_818_880,
            1_374_326_620_160,
        ),
    ] {
        let path = Path::new(&folder).join(file);
        let raw = Table::open(&path).unwrap();
        let imported = import::import_published(&path)
            .unwrap()
            .into_table()
            .unwrap();
        for table in [raw, imported] {
            assert_eq!((table.name(), table.rows()), (name, 16_384));
            let sum = |column: &str| -> Option<i64> {
                table
                    .column_i64(column)
                    .ok()?
                    .values()
                    .iter()
                    .copied()
                    .sum()
            };
            assert_eq!(sum("params"), Some(params));
            assert_eq!(sum("macs"), Some(macs));
            assert_eq!(table.find("1234321").unwrap(), table.find("#1764").unwrap());
        }
    }
}

#[expect(clippy::print_stderr, reason = "a skipped test says why")]
fn eprintln_skip(why: &str) {
    eprintln!("skipped: {why}");
}

#[test]
fn a_frame_refuses_columns_that_do_not_fit() {
    let mut frame = import::import_csv_bytes(b"arch,s\na,1\n", "t", "").unwrap();
    let info = frame.schema().column("s").unwrap().clone();
    let short = nbz_table::Values::Float(nbz_table::Column::new(vec![]));
    assert!(matches!(
        frame.push(info.clone(), short.clone()),
        Err(Error::DuplicateColumn { .. })
    ));
    let renamed = nbz_table::ColumnInfo {
        name: "t".to_owned(),
        ..info
    };
    assert!(matches!(
        frame.push(renamed, short),
        Err(Error::Schema { .. })
    ));
    let empty = Frame::new(frame.schema().clone(), 0);
    assert!(export::parquet_bytes(&empty).is_err());
}

/// Oracle: the built-in space of the same definition.
#[test]
fn a_table_reads_networks_of_the_spaces_that_it_defines() {
    let space = nbz_space::Space::builtin("r1").unwrap();
    let definition = space.toml().replacen("name = \"r1\"", "name = \"mine\"", 1);
    let csv =
        b"arch,s\nmine:16s1x1-32s2x1-64s2x1-128s2x1,1.5\nr1:16s1x1-32s2x1-64s2x1-128s2x1,2.5\n";
    let read = |own: &[String]| {
        let mut frame = import::import_csv_bytes(csv, "t", "").unwrap();
        frame.define_spaces(own);
        Table::from_bytes("t", export::parquet_bytes(&frame).unwrap())
    };
    let table = read(&[definition]).unwrap();
    let archs = table.archs_at(&[0, 1]).unwrap();
    let costs = |at: usize| {
        archs[at]
            .as_ref()
            .unwrap()
            .costs(nbz_space::Dataset::Cifar10)
    };
    assert_eq!(costs(0), costs(1));
    let own = archs[0].as_ref().unwrap();
    assert_eq!(own.space(), "mine");
    assert_eq!(table.find(&nbz_table::arch_hash(own)).unwrap(), 0);
    // It goes along where columns are added, and comes from the scores where the table has none.
    let bare = read(&[]).unwrap();
    for (table, scores) in [(&table, &bare), (&bare, &table)] {
        let (both, _) = nbz_table::with_scores(table, None, scores).unwrap();
        assert_eq!(both.archs_at(&[0]).unwrap()[0].as_ref(), Some(own));
    }
    // One string must not name two networks.
    let other = table.schema().own_spaces[0].replacen("kernel = 3", "kernel = 5", 1);
    let two = [table.schema().own_spaces[0].clone(), other];
    assert!(matches!(read(&two), Err(Error::Schema { .. })));
    // Without the definition nobody knows the network; a definition that is none is told of when the table is opened.
    assert_eq!(read(&[]).unwrap().archs_at(&[0]).unwrap(), [None]);
    assert!(matches!(
        read(&["nonsense".to_owned()]),
        Err(Error::Schema { .. })
    ));
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_a_pipe_stays_a_pipe() {
    use std::io::Read;
    use std::os::unix::fs::{FileTypeExt, symlink};

    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("file"), folder.path().join("link"));
    std::fs::write(&file, "old").unwrap();
    symlink("file", &link).unwrap();
    atomic::write_bytes(&link, b"new").unwrap();
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(std::fs::read(&file).unwrap(), b"new");

    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || {
            let mut text = String::new();
            std::fs::File::open(pipe)
                .unwrap()
                .read_to_string(&mut text)
                .unwrap();
            text
        }
    });
    atomic::write_bytes(&pipe, b"through").unwrap();
    assert_eq!(reader.join().unwrap(), "through");
    assert!(
        std::fs::symlink_metadata(&pipe)
            .unwrap()
            .file_type()
            .is_fifo()
    );
}

#[test]
fn an_abandoned_write_leaves_no_temporary_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let count = || std::fs::read_dir(folder.path()).unwrap().count();
    let ended = atomic::write(&path, |out| {
        out.write_all(b"half")?;
        assert_eq!(count(), 1);
        atomic::abandon();
        assert_eq!(count(), 0);
        Err(std::io::Error::other("the process would end here"))
    });
    assert!(ended.is_err());
    assert_eq!(count(), 0);
}
