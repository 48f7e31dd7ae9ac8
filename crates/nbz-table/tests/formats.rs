//! Ways in and out: what is written reads back as the same bits, and bad input names its place.
//!
//! Oracle: the written values themselves, compared bit for bit; messages are compared whole.

use nbz_table::{Column, Error, Frame, Role, Table, Unit, Values, export, import, join_csv_bytes};

/// Bits, so that NaN equals NaN and 0.0 differs from -0.0.
fn bits(column: &Column<f64>) -> Vec<Option<u64>> {
    column
        .values()
        .iter()
        .map(|v| v.map(f64::to_bits))
        .collect()
}

fn message(error: Result<Frame, Error>) -> String {
    error.map_or_else(|e| e.to_string(), |_| "no error".to_owned())
}

#[test]
fn a_frame_survives_parquet_with_nulls_nan_and_infinities() {
    let csv = b"arch,score,n,flag\na,nan,1,true\nb,,2,\nc,-inf,,false\nd,1e67,-4,true\n";
    let frame = import::import_csv_bytes(csv, "mine", "a test").unwrap();
    let table = frame.clone().into_table().unwrap();
    let score = table.column_f64("score").unwrap();
    assert_eq!((score.missing(), score.undefined()), (1, 1));
    assert_eq!(score.get(2), Some(f64::NEG_INFINITY));
    assert_eq!(score.get(3), Some(1e67));
    let flags = table.column_flag("flag").unwrap();
    assert_eq!(flags.values(), [Some(true), None, Some(false), Some(true)]);
    assert_eq!(
        table.column_i64("n").unwrap().values(),
        [Some(1), Some(2), None, Some(-4)]
    );
    // The same frame gives the same bytes.
    let again = Frame::read(&table).unwrap();
    let bytes = export::parquet_bytes(&frame).unwrap();
    assert_eq!(export::parquet_bytes(&again).unwrap(), bytes);
}

#[test]
fn every_column_of_nas_bench_201_survives_csv() {
    let table = Table::nas_bench_201();
    let frame = Frame::read(&table).unwrap();
    let mut csv = Vec::new();
    export::csv_to(&frame, &mut csv).unwrap();
    let back = import::import_csv_bytes(&csv, "nas-bench-201", "a test").unwrap();
    assert_eq!(back.rows(), frame.rows());
    for ((info, values), (info_back, values_back)) in frame.columns().zip(back.columns()) {
        assert_eq!(info.name, info_back.name);
        assert_eq!(
            (info.role, info.dataset.as_deref()),
            (info_back.role, info_back.dataset.as_deref())
        );
        match (
            values.clone().into_floats(),
            values_back.clone().into_floats(),
        ) {
            (Some(a), Some(b)) => assert_eq!(bits(&a), bits(&b), "{}", info.name),
            (a, b) => {
                assert_eq!((a, b), (None, None));
                assert_eq!(values, values_back);
            }
        }
    }
}

#[test]
fn scores_survive_the_json_of_nas_bench_suite_zero() {
    let table = Table::nas_bench_201();
    let json = export::suite_zero_bytes(&Frame::read(&table).unwrap()).unwrap();
    let text = std::str::from_utf8(&json).unwrap();
    assert!(text.contains("\"ImageNet16-120\": {\"("));
    assert!(text.contains("\"zen\": {\"score\": -100000000.0}"));
    let back = import::import_suite_zero_bytes(&json, "scores", None).unwrap();
    assert_eq!(back.schema().space.as_deref(), Some("nb201"));
    let back = back.into_table().unwrap();
    assert_eq!(back.rows(), 15_625);
    for (ours, theirs) in [
        ("cifar10_nbsz_zen", "cifar10_zen"),
        ("imagenet16_120_nbsz_synflow", "imagenet16_120_synflow"),
        ("cifar100_val_acc", "cifar100_val_acc"),
    ] {
        assert_eq!(
            back.schema().column(theirs).unwrap().base_name(),
            &theirs[theirs
                .rfind("_val")
                .map_or(theirs.rfind('_').unwrap() + 1, |p| p + 1)..]
        );
        let (a, b) = (
            table.column_f64(ours).unwrap(),
            back.column_f64(theirs).unwrap(),
        );
        for cell in ["nb201:210210", "(1, 1, 1, 1, 1, 1)", "403143"] {
            let (row, row_back) = (table.find(cell).unwrap(), back.find(cell).unwrap());
            assert_eq!(a.get(row), b.get(row_back), "{ours} of {cell}");
        }
    }
}

#[test]
fn a_score_file_of_one_data_set_needs_its_name_and_keeps_times() {
    let json = br#"{"(4, 0, 3, 1, 4, 3)": {"id": 7, "zen": {"score": NaN, "time": 0.5},
                    "jacov": {"score": -1e8}, "val_accuracy": 85.5}}"#;
    assert!(message(import::import_suite_zero_bytes(json, "s", None)).contains("must be named"));
    let frame = import::import_suite_zero_bytes(json, "s", Some("ImageNet16-120")).unwrap();
    let table = frame.into_table().unwrap();
    let row = table.find("nb201:403143").unwrap();
    assert!(
        table
            .column_f64("imagenet16_120_zen")
            .unwrap()
            .get(row)
            .unwrap()
            .is_nan()
    );
    let jacov = table.column_f64("imagenet16_120_jacov").unwrap();
    assert_eq!(jacov.get(row), Some(f64::NEG_INFINITY));
    let time = table.schema().column("imagenet16_120_zen_time_s").unwrap();
    assert_eq!((time.unit, time.role), (Unit::Seconds, Role::Other));
    assert_eq!(table.schema().datasets(), ["imagenet16-120"]);
}

#[test]
fn json_of_another_shape_is_an_error_that_names_the_place() {
    let import = |text: &str| message(import::import_suite_zero_bytes(text.as_bytes(), "s", None));
    assert_eq!(import("[1]"), "s: the document is not an object");
    assert_eq!(import("{}"), "`s` has no rows");
    assert_eq!(
        import("{\"cifar10\": 3}"),
        "s: `cifar10` is neither a data set nor an architecture"
    );
    assert_eq!(
        import("{\"cifar10\": {\"a\": {\"zen\": {\"score\": \"x\"}}}}"),
        "s: a score or time is not a number in `zen` of architecture `a` on cifar10"
    );
    assert!(import("{\"cifar10\": {\"a\": {}, \"a\": {}}}").starts_with("s: key `a` stands twice"));
    assert!(import("{\"cifar10\": ").starts_with("s: EOF while parsing"));
}

#[test]
fn csv_faults_name_the_line() {
    let import = |text: &str| message(import::import_csv_bytes(text.as_bytes(), "f.csv", ""));
    assert_eq!(import(""), "`f.csv` has no rows");
    assert_eq!(import("arch,score\n"), "`f.csv` has no rows");
    assert_eq!(
        import("arch,score\na,1\nb\n"),
        "f.csv:3: 1 cells where the header has 2"
    );
    assert_eq!(
        import("arch,score\na,1\n\nb,x\n"),
        "f.csv:4: `x` in column `score` is not a number"
    );
    assert_eq!(
        import("arch,score\na,1\nb,2\na,3\n"),
        "architecture `a` stands twice: on line 2 and on line 4"
    );
    assert_eq!(
        import("arch,score\n,1\n"),
        "f.csv:2: the line names no architecture"
    );
    assert_eq!(import("arch,s,s\na,1,2\n"), "two columns are named `s`");
    assert!(import("name,score\na,1\n").starts_with("f.csv:1: no column names the architecture"));
    assert!(
        import::import_csv_bytes(b"arch\n\xff\xfe\n", "f.csv", "")
            .is_err_and(|e| matches!(e, Error::Csv { line: 2, .. }))
    );
}

#[test]
fn a_unit_in_a_csv_header_is_kept_apart_from_the_name() {
    let csv = b"arch,time [ms],cifar10_test_acc\na,3,91.5\n";
    let frame = import::import_csv_bytes(csv, "t", "me").unwrap();
    let time = frame.schema().column("time").unwrap();
    assert_eq!(time.unit, Unit::Milliseconds);
    let accuracy = frame.schema().accuracy_on(Some("cifar10")).unwrap();
    assert_eq!(
        (accuracy.unit, accuracy.base_name()),
        (Unit::Percent, "test_acc")
    );
}

#[test]
fn a_score_reaches_every_string_of_its_network() {
    let table = Table::nas_bench_macro();
    let joined = join_csv_bytes(&table, "s", b"arch,score\n12021002,7\n").unwrap();
    let (_, score) = &joined.columns[0];
    for alias in ["12021002", "12021020"] {
        assert_eq!(score.get(table.find(alias).unwrap()), Some(7.0), "{alias}");
    }
    assert_eq!(score.len() - score.missing(), 2);
    // Strings of one network may each have a score of their own.
    let both = b"arch,score\n12021002,7\n12021020,8\n";
    assert_eq!(join_csv_bytes(&table, "s", both).unwrap().matched, 2);
}

#[test]
fn two_lines_for_one_row_are_an_error_even_under_two_names() {
    let table = Table::nas_bench_201();
    let csv = b"arch,score\n210210,1\nnb201#11472,2\n";
    let error = join_csv_bytes(&table, "s", csv).unwrap_err().to_string();
    assert_eq!(
        error,
        "architecture `nb201#11472` stands twice: on line 2 and on line 3"
    );
}

#[test]
fn values_know_their_length_and_type() {
    let values = Values::Int(Column::new(vec![Some(3), None]));
    assert_eq!((values.len(), values.is_empty()), (2, false));
    assert_eq!(
        values.into_floats(),
        Some(Column::new(vec![Some(3.0), None]))
    );
}

#[test]
fn a_table_without_scores_is_refused_as_suite_json_instead_of_losing_everything() {
    let frame = Frame::read(&Table::nas_bench_macro()).unwrap();
    let refused = export::suite_zero_bytes(&frame);
    assert!(matches!(refused, Err(Error::NoScores { name }) if name == "nas-bench-macro"));
}

#[test]
fn a_csv_file_gets_the_costs_that_it_lacks_for_every_data_set_that_it_names() {
    // Oracle: the embedded table's own columns, equal to the published counts.
    let table = Table::nas_bench_201();
    let row = table.find("nb201:210210").unwrap();
    let csv = b"arch,cifar10_acc,cifar100_acc,cifar10_macs\nnb201:210210,90,70,5\n";
    let mut frame = import::import_csv_bytes(csv, "t", "").unwrap();
    let read = |text: &str| text.parse().ok();
    let added = import::add_costs(&mut frame, read, nbz_space::Dataset::default()).unwrap();
    assert_eq!(
        added,
        [
            "cifar10_params",
            "cifar100_macs",
            "cifar100_params",
            "depth"
        ]
    );
    let ours = frame.into_table().unwrap();
    assert_eq!(ours.schema().space.as_deref(), Some("nb201"));
    for name in added {
        let (ours, theirs) = (ours.column_f64(&name), table.column_f64(&name));
        assert_eq!(ours.unwrap().get(0), theirs.unwrap().get(row), "{name}");
    }
    // The file's own number stays.
    assert_eq!(ours.column_f64("cifar10_macs").unwrap().get(0), Some(5.0));
}

#[test]
fn a_csv_file_of_unknown_architectures_gets_no_costs() {
    let mut frame = import::import_csv_bytes(b"arch,acc\nnb201:210210,9\nx,8\n", "t", "").unwrap();
    let read = |text: &str| text.parse().ok();
    let added = import::add_costs(&mut frame, read, nbz_space::Dataset::default()).unwrap();
    assert!(added.is_empty());
    assert_eq!(frame.schema().accuracy, "acc");
}

#[test]
fn an_infinite_accuracy_is_a_mistake_and_named() {
    let error = import::import_csv_bytes(b"arch,acc\na,9\nb,inf\n", "t", "").unwrap_err();
    assert_eq!(
        error.to_string(),
        "t:3: the accuracy `inf` in column `acc` is no percentage"
    );
}

#[test]
fn two_spellings_of_one_architecture_are_one() {
    let csv = b"arch,acc\nnb201#11472,90\nnb201:210210,91\n";
    let error = import::import_csv_bytes(csv, "t", "").unwrap_err();
    assert_eq!(
        error.to_string(),
        "architecture `nb201:210210` stands twice: on line 2 and on line 3"
    );
    // Different strings of one network are how NAS-Bench-Macro is published.
    let csv = b"arch,acc\nnbmacro:12021002,90\nnbmacro:12021020,90\n";
    assert_eq!(import::import_csv_bytes(csv, "t", "").unwrap().rows(), 2);
}
