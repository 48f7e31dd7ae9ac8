//! Figures on the embedded tables: the same bytes on every run, numbers that are the report's, whole files.
//!
//! Oracle of the numbers: Table 1 of the report, which is computed elsewhere; equal bits. What a picture looks
//! like is for eyes.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of these tests fail by panicking"
)]

mod reading;

use std::sync::LazyLock;

use nbz_figures::{Figure, Missing, Picture, Subject, draw_all};
use nbz_report::{Candidates, Cell, Settings, assess, selections_of};
use nbz_study::Recipe;
use nbz_table::{Embedded, Table};

fn settings() -> Settings {
    Settings {
        recipe: Recipe { seed: 0, draws: 12 },
        ..Settings::default()
    }
}

fn candidates(table: &Table, at: usize) -> Candidates {
    Candidates::read(table, &selections_of(table).unwrap()[at]).unwrap()
}

/// NAS-Bench-201 on CIFAR-10 and ImageNet-16-120, NAS-Bench-Macro.
static SUBJECTS: LazyLock<Vec<Subject>> = LazyLock::new(|| {
    let (cells, stages) = (Table::nas_bench_201(), Table::nas_bench_macro());
    let of = |table: &Table, at| Subject::of(table, &candidates(table, at), &settings()).unwrap();
    let mut subjects = vec![of(&cells, 0), of(&cells, 3), of(&stages, 0)];
    subjects[0].study_factors();
    subjects[2].study_factors();
    subjects
});

fn draw(figure: Figure, at: usize) -> Picture {
    figure.draw(&SUBJECTS[at], &SUBJECTS).unwrap()
}

#[test]
fn every_figure_is_a_whole_drawing_below_half_a_megabyte() {
    for figure in Figure::ALL {
        let picture = draw(figure, 0);
        let svg = picture.svg();
        assert!(
            svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"),
            "{figure}"
        );
        assert!(svg.contains("@font-face"), "{figure} carries its font");
        assert!(svg.len() < 500_000, "{figure}: {} bytes", svg.len());
        let png = picture.png();
        assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"), "{figure}");
        let csv = String::from_utf8(picture.csv()).unwrap();
        assert!(csv.lines().count() > 3, "{figure}");
        assert!(
            picture.stem.ends_with("__nas-bench-201__cifar10"),
            "{}",
            picture.stem
        );
    }
}

#[test]
fn the_same_bytes_on_every_run_for_any_number_of_threads() {
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let table = Table::nas_bench_macro();
            let subject = Subject::of(&table, &candidates(&table, 0), &settings()).unwrap();
            let figures = [Figure::Fig1, Figure::Fig2, Figure::Fig4];
            figures.map(|figure| {
                let picture = figure.draw(&subject, &[]).unwrap();
                (picture.svg().to_owned(), picture.png(), picture.csv())
            })
        })
    };
    assert!(
        run(1) == run(3),
        "the bytes depend on the number of threads"
    );
}

#[test]
fn the_numbers_are_those_of_the_report() {
    let table = Table::nas_bench_201();
    let set = settings();
    let report = assess(&candidates(&table, 0), set.reading, set.recipe, set.budgets).unwrap();
    let picture = draw(Figure::Fig4, 0);
    let mut compared = 0;
    for (name, row) in [
        ("synflow", "nbsz_synflow"),
        ("macs", "macs"),
        ("oracle", "oracle"),
    ] {
        let row = report.row(row).unwrap();
        let drawn = picture
            .sheet
            .rows
            .iter()
            .filter(|cells| cells[0] == Cell::text(name));
        for (cells, expected) in drawn.zip(&row.accuracy) {
            let Cell::Estimate(found, _) = &cells[4] else {
                panic!("{cells:?}")
            };
            assert_eq!(found, expected, "{name}");
            compared += 1;
        }
    }
    assert_eq!(compared, 15);
}

#[test]
fn a_figure_without_its_columns_says_what_it_needs() {
    let missing = Figure::Fig9.draw(&SUBJECTS[2], &SUBJECTS).unwrap_err();
    assert!(matches!(
        &missing,
        Missing::Columns {
            figure: Figure::Fig9,
            ..
        }
    ));
    assert_eq!(
        missing.to_string(),
        "fig9 needs two proxies and a cost: `macs`, `params` or `depth`, which nas-bench-macro on cifar10 has not"
    );
    assert!(
        Figure::Fig3.draw(&SUBJECTS[2], &SUBJECTS).is_ok(),
        "costs are scores"
    );
}

#[test]
fn a_table_with_repeated_trainings_shows_what_their_noise_allows() {
    let retrained = |picture: &Picture| {
        let row = picture
            .sheet
            .rows
            .iter()
            .find(|row| row[0] == Cell::text("retrained"))?;
        match &row[1] {
            Cell::Estimate(mbr, _) => mbr.value,
            _ => None,
        }
    };
    let stages = draw(Figure::Fig1, 2);
    let mbr = retrained(&stages).unwrap();
    // Better than blind choice, and not perfect: the best of 3,969 by one training are not the best by the others.
    assert!(0.0 < mbr && mbr < 0.25, "{mbr}");
    assert!(stages.caption.contains("Retrained:"), "{}", stages.caption);
    let caption = draw(Figure::Fig3, 2).caption;
    for said in ["is the noise bound", "from 3 trainings of every network"] {
        assert!(caption.contains(said), "{caption}");
    }
    assert_eq!(
        retrained(&draw(Figure::Fig1, 0)),
        None,
        "NAS-Bench-201's table has means only"
    );
}

/// Oracle: the importances themselves, and what a factor's names are. Scores alone are drawn, under their space's name.
#[test]
fn figure_7_shows_every_factor_of_every_score_as_radars_and_as_bars() {
    for figure in [Figure::Fig7, Figure::Fig7Bars] {
        let picture = draw(figure, 2);
        // The accuracy alone was published with the table: six factors of one target.
        assert_eq!(picture.sheet.rows.len(), 6, "{figure}");
        assert!(
            picture.svg().contains("S1-exp ="),
            "both names of a merged factor"
        );
        assert!(picture.svg().contains("S3-layers"), "{figure}");
    }
    let five = draw(Figure::Fig7, 0);
    assert!(
        five.sheet.rows.len().is_multiple_of(6),
        "six edges a target"
    );
    let folder = tempfile::tempdir().unwrap();
    let scores = Embedded::NasBenchMacro.own_scores().unwrap();
    let settings = Settings {
        cache: Some(folder.path().to_owned()),
        ..settings()
    };
    let drawn = draw_all(&[Figure::Fig4, Figure::Fig7], &[scores], &settings, |_| ()).unwrap();
    let why = drawn[0].as_ref().unwrap_err();
    assert!(why.starts_with("fig4 needs accuracies"), "{why}");
    let print = drawn[1].as_ref().unwrap();
    assert!(print.stem.ends_with("of-nbmacro"), "{}", print.stem);
    assert!(print.svg.contains("synflow") && print.csv.contains("stage 2 layers"));
}

#[test]
fn hostile_names_stay_text() {
    let table = Table::nas_bench_macro();
    let mut pool = candidates(&table, 0);
    pool.table = "<script>alert(\"1\")</script>&../x".to_owned();
    let mut hostile = pool.costs[0].clone();
    hostile.name = "<img onerror='x'>&amp;".to_owned();
    hostile.info.role = nbz_table::Role::Proxy;
    pool.proxies.push(hostile);
    let subject = Subject::of(&table, &pool, &settings()).unwrap();
    for figure in [
        Figure::Fig1,
        Figure::Fig3,
        Figure::Fig4,
        Figure::Fig8,
        Figure::Fig10,
    ] {
        let picture = figure.draw(&subject, &[]).unwrap();
        assert!(
            !picture.svg().contains("<script") && !picture.svg().contains("<img"),
            "{figure}"
        );
        assert!(picture.png().len() > 1000, "{figure} is well-formed");
        assert!(
            !picture.stem.contains('/') && !picture.stem.contains('<'),
            "{}",
            picture.stem
        );
    }
}

#[test]
fn constant_and_undefined_scores_are_drawn_or_left_out_but_break_nothing() {
    let table = Table::nas_bench_macro();
    let mut pool = candidates(&table, 0);
    for (name, value) in [("flat", 1.0), ("nan", f64::NAN), ("far", f64::INFINITY)] {
        let mut score = pool.costs[0].clone();
        score.name = name.to_owned();
        score.values.fill(value);
        score.info.role = nbz_table::Role::Proxy;
        pool.proxies.push(score);
    }
    let subject = Subject::of(&table, &pool, &settings()).unwrap();
    for figure in Figure::ALL {
        let picture = figure.draw(&subject, &[]).unwrap();
        assert!(picture.png().len() > 1000, "{figure}");
    }
}

#[test]
fn figures_kept_on_disk_are_those_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let tables = [Table::nas_bench_macro()];
    let figures = [Figure::Fig1, Figure::Fig8, Figure::Fig9];
    let run = |cache: Option<&std::path::Path>| {
        let settings = Settings {
            cache: cache.map(Into::into),
            ..settings()
        };
        draw_all(&figures, &tables, &settings, |_| ()).unwrap()
    };
    let fresh = run(None);
    assert_eq!(run(Some(folder.path())), fresh);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    assert_eq!(run(Some(folder.path())), fresh);
    assert_eq!(
        fresh[0].as_ref().unwrap().png(),
        draw(Figure::Fig1, 2).png()
    );
    assert!(fresh[2].as_ref().unwrap_err().starts_with("fig9 needs"));
}

/// Oracle: counted from the accuracies of the table: the lowest thousandth may be left out, and an axis has 4 % of room.
#[test]
fn figures_2_and_3_count_the_accuracies_at_the_foot() {
    let mut accuracy = candidates(&Table::nas_bench_macro(), 0).accuracy;
    accuracy.sort_unstable_by(f64::total_cmp);
    let (least, most) = (
        accuracy[accuracy.len() / 1000],
        accuracy[accuracy.len() - 1],
    );
    let foot = least - 0.04 * (most - least);
    let few = accuracy.partition_point(|&value| value < foot);
    assert!(few > 1 && most - least < 0.7 * (most - accuracy[0]));
    for figure in [Figure::Fig2, Figure::Fig3] {
        let words = format!("the lowest {few} at the foot");
        assert!(draw(figure, 2).svg().contains(&words), "{figure}");
    }
}

/// Oracle: the pictures as they were committed and looked at. `NBZERO_WRITE=1 cargo test -p nbz-figures` writes them.
#[test]
fn the_pictures_of_the_readme_are_those_that_are_drawn() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/pictures");
    for (figure, at) in [(Figure::Fig4, 0), (Figure::Fig2, 2)] {
        let picture = draw(figure, at);
        let path = folder.join(format!("{}.svg", picture.stem));
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        if committed != picture.svg() && std::env::var_os("NBZERO_WRITE").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, picture.svg()).unwrap();
            continue;
        }
        assert!(
            committed == picture.svg(),
            "NBZERO_WRITE=1 cargo test -p nbz-figures writes {}",
            path.display()
        );
    }
}

#[test]
fn five_networks_are_enough_to_draw() {
    let table = Table::nas_bench_macro();
    let mut pool = candidates(&table, 0);
    pool.accuracy.truncate(5);
    pool.rows.truncate(5);
    pool.trainings.truncate(5);
    pool.costs
        .iter_mut()
        .for_each(|cost| cost.values.truncate(5));
    let subject = Subject::of(&table, &pool, &settings()).unwrap();
    for figure in [
        Figure::Fig1,
        Figure::Fig2,
        Figure::Fig3,
        Figure::Fig4,
        Figure::Fig5,
        Figure::Fig6,
        Figure::Fig8,
    ] {
        assert!(
            figure.draw(&subject, &[]).unwrap().png().len() > 1000,
            "{figure}"
        );
    }
}
