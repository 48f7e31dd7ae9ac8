//! What a reader of a figure must be able to do: read its words at a column's width, tell its lines apart, see that
//! something lies outside, and know which networks are drawn.
//!
//! Oracles: the SVG's own sizes and words, the sheet behind the picture, the spelling of the networks.

use nbz_figures::{Figure, Picture, Subject};
use nbz_report::{Alike, Candidates, Cell};
use nbz_table::Table;

use crate::{SUBJECTS, candidates, draw, settings};

/// A score of a row and its accuracy, by name.
type Made<'a> = (&'a str, &'a dyn Fn(usize, f64) -> f64);

/// NAS-Bench-Macro with scores made of its accuracies, one each.
fn scored(scores: &[Made<'_>]) -> Candidates {
    let mut pool = candidates(&Table::nas_bench_macro(), 0);
    for (name, score) in scores {
        let mut column = pool.costs[0].clone();
        (*name).clone_into(&mut column.name);
        column.info.role = nbz_table::Role::Proxy;
        let made = pool.accuracy.iter().enumerate();
        column.values = made.map(|(row, accuracy)| score(row, *accuracy)).collect();
        pool.proxies.push(column);
    }
    pool
}

fn drawn(figure: Figure, pool: &Candidates) -> Picture {
    let table = Table::nas_bench_macro();
    let subject = Subject::of(&table, pool, &settings()).unwrap();
    figure.draw(&subject, &[]).unwrap()
}

/// The numbers of an attribute in a drawing.
fn numbers(svg: &str, attribute: &str) -> Vec<f64> {
    let start = format!(" {attribute}=\"");
    let pieces = svg.split(&start).skip(1);
    let values = pieces.filter_map(|piece| piece.split('"').next()?.parse().ok());
    values.collect()
}

/// How often something is written.
fn written(svg: &str, words: &str) -> usize {
    svg.matches(&format!(">{words}</text>")).count()
}

/// Oracle: 72 points to an inch. Tolerance 0: no word is smaller than 6 points.
#[test]
fn words_are_readable_at_the_width_of_a_papers_column() {
    for at in [0, 2] {
        for figure in Figure::ALL {
            let Ok(picture) = figure.draw(&SUBJECTS[at], &SUBJECTS) else {
                continue;
            };
            let width = numbers(picture.svg(), "width")[0];
            let smallest = numbers(picture.svg(), "font-size");
            let smallest = smallest.into_iter().fold(f64::INFINITY, f64::min);
            let points = smallest / width * 3.3 * 72.0;
            assert!(points >= 6.0, "{figure} of {at}: {points:.2} points");
        }
    }
}

#[test]
fn long_names_leave_figure_1_its_bars() {
    let long = "a_proxy_whose_name_is_far_longer_than_any_chart_has_room_for_version";
    let (one, two) = (format!("{long}_1"), format!("{long}_2"));
    let pool = scored(&[
        (&one, &|_, accuracy| accuracy),
        (&two, &|row, _| row as f64),
    ]);
    let picture = drawn(Figure::Fig1, &pool);
    assert!(!picture.svg().contains(long), "no room for the whole");
    let names = |end: &str| {
        let words = picture.svg().split("</text>");
        words
            .filter(|words| words.contains('\u{2026}') && words.ends_with(end))
            .count()
    };
    assert_eq!(
        (names("_1"), names("_2")),
        (1, 1),
        "both ends are kept, so the two differ"
    );
    assert!(
        picture
            .sheet
            .rows
            .iter()
            .any(|row| row[0] == Cell::text(&one))
    );
    let (_, clip) = picture.svg().split_once("<clipPath").unwrap();
    let (bars, whole) = (
        numbers(clip, "width")[0],
        numbers(picture.svg(), "width")[0],
    );
    assert!(bars > 0.4 * whole, "{bars} of {whole} for the bars");
}

/// Oracle: the number of budgets: the worst network of each.
#[test]
fn a_line_far_below_all_others_leaves_them_the_axis_and_is_counted() {
    for figure in [Figure::Fig4, Figure::Fig10] {
        let pool = scored(&[
            ("good", &|_, accuracy| accuracy),
            ("better", &|_, accuracy| accuracy * accuracy),
            ("worst", &|_, accuracy| -accuracy),
        ]);
        let picture = drawn(figure, &pool);
        assert!(picture.svg().contains("at the edge: 5 below"), "{figure}");
        let told = "Triangles at an end of the axis are points beyond it: worst ";
        assert!(picture.caption.contains(told), "{}", picture.caption);
        assert!(
            picture.caption.contains("(5 points)"),
            "{}",
            picture.caption
        );
    }
    let near = drawn(Figure::Fig4, &scored(&[("good", &|_, accuracy| accuracy)]));
    assert!(!near.caption.contains("Triangles"), "{}", near.caption);
    assert!(!near.svg().contains("at the edge"));
}

#[test]
fn a_single_zero_leaves_figure_3_its_logarithmic_axis_and_is_counted() {
    let wide = |row: usize, _: f64| match row {
        17 => 0.0,
        row => 10f64.powf((row % 7) as f64 - 3.0),
    };
    let picture = drawn(Figure::Fig3, &scored(&[("wide", &wide)]));
    assert!(picture.svg().contains("1 at or under 0"));
    assert!(
        written(picture.svg(), "1e-3") + written(picture.svg(), "1e-2") > 0,
        "powers of ten"
    );
}

#[test]
fn the_bars_of_figure_7_say_what_they_are_and_their_intervals_do_not_cover_them() {
    let picture = draw(Figure::Fig7Bars, 2);
    let heading = "gain of each attribute; lines: 95 % intervals; dots: by shuffling";
    assert_eq!(written(picture.svg(), heading), 1);
    assert_eq!(written(picture.svg(), "accuracy"), 1, "a title of its own");
    assert!(picture.svg().contains("R\u{b2} of the trees"));
    assert!(
        !picture.svg().contains("#1a1a1a"),
        "the library's black whiskers"
    );
}

/// Oracle: the rows of the sheet: a line is drawn of what has rows.
#[test]
fn figure_9_lists_the_lines_that_it_draws_and_no_others() {
    let (elsewhere, tested) = (
        "rank sum, chosen on (a)",
        "rank sum, tested on the other half",
    );
    let alone = Figure::Fig9.draw(&SUBJECTS[0], &[]).unwrap();
    assert_eq!(written(alone.svg(), elsewhere), 0);
    assert_eq!(written(alone.svg(), tested), 1);
    assert_eq!(written(draw(Figure::Fig9, 0).svg(), elsewhere), 1);
    let mut few = scored(&[
        ("one", &|_, accuracy| accuracy),
        ("two", &|row, _| row as f64),
    ]);
    few.accuracy.truncate(5);
    few.rows.truncate(5);
    few.trainings.clear();
    for column in few.costs.iter_mut().chain(&mut few.proxies) {
        column.values.truncate(5);
    }
    let few = drawn(Figure::Fig9, &few);
    assert_eq!(written(few.svg(), tested), 0, "too few networks to split");
    assert!(!few.caption.contains("tested line"), "{}", few.caption);
    assert_eq!(written(few.svg(), "MACs alone"), 1);
}

/// Oracle: the subsets of the names that both tables have; rows of the sheet have an interval around their value.
#[test]
fn figure_9_moves_subsets_of_the_shared_proxies_between_tables_of_different_ones() {
    let noise = |row: usize, salt: usize| ((row * 7919 + salt) % 997) as f64 / 20.0;
    let chosen = scored(&[
        ("one", &|row, accuracy| accuracy + noise(row, 3)),
        ("mine", &|_, accuracy| accuracy),
        ("two", &|row, accuracy| accuracy + noise(row, 500)),
    ]);
    let other = Candidates {
        table: "another".to_owned(),
        ..scored(&[
            ("two", &|row, _| noise(row, 1)),
            ("one", &|_, accuracy| accuracy),
            ("theirs", &|row, _| row as f64),
        ])
    };
    let table = Table::nas_bench_macro();
    let subject = |pool| Subject::of(&table, pool, &settings()).unwrap();
    let (chosen, other) = (subject(&chosen), subject(&other));
    let picture = Figure::Fig9
        .draw(&chosen, &[chosen.clone(), other])
        .unwrap();
    assert!(
        picture
            .caption
            .contains("2 proxies that both have: one + two."),
        "{}",
        picture.caption
    );
    let moved: Vec<&Vec<Cell>> = picture
        .sheet
        .rows
        .iter()
        .filter(|row| row[1] == Cell::text("another on cifar10"))
        .collect();
    let members: Vec<&Cell> = moved.iter().map(|row| &row[4]).collect();
    assert_eq!(members[1], &Cell::text("one + two"));
    let hybrids: Vec<&Cell> = moved.iter().map(|row| &row[0]).collect();
    let both = ["ranksum", "ranksum", "logranksum", "logranksum"].map(Cell::text);
    assert_eq!(
        hybrids,
        both.iter().collect::<Vec<_>>(),
        "every size by both sums"
    );
    assert_eq!(members[3], &Cell::text("one + two"));
    for row in moved {
        let Cell::Estimate(mbr, _) = &row[5] else {
            panic!("{row:?}");
        };
        let [value, low, high] = [mbr.value, mbr.low, mbr.high].map(Option::unwrap);
        assert!(low < high && value >= 0.0, "{mbr:?}");
    }
}

#[test]
fn figure_9_takes_the_cost_that_a_table_has() {
    let mut pool = scored(&[
        ("one", &|_, accuracy| accuracy),
        ("two", &|row, _| row as f64),
    ]);
    pool.costs.retain(|cost| cost.name == "params");
    let picture = drawn(Figure::Fig9, &pool);
    assert_eq!(written(picture.svg(), "params alone"), 1);
    assert_eq!(written(picture.svg(), "best mBR (params)"), 1);
    assert!(
        picture.caption.contains("budgets of params"),
        "{}",
        picture.caption
    );
}

/// Oracle: the digits of the networks' own spellings (2 is nor_conv_3x3, 3 nor_conv_1x1, 4 avg_pool_3x3, 0
/// skip_connect), each digit an arc with its label.
#[test]
fn figure_8_draws_every_operation_of_a_cell_and_names_network_proxy_and_accuracy() {
    let picture = draw(Figure::Fig8, 0);
    let labels = [
        ('2', "3\u{d7}3"),
        ('3', "1\u{d7}1"),
        ('4', "pool"),
        ('0', "skip"),
    ];
    let mut digits = String::new();
    for row in &picture.sheet.rows {
        let [
            Cell::Text(by),
            Cell::Text(network),
            Cell::Number(Some(accuracy), _),
        ] = row.as_slice()
        else {
            panic!("{row:?}")
        };
        assert_eq!(
            picture.svg().matches(&format!(">{network}, ")).count(),
            1,
            "{network}"
        );
        assert!(
            picture.svg().contains(&format!("{accuracy:.2} %</text>")),
            "{accuracy}"
        );
        let first = by.split(", ").next().unwrap();
        assert!(picture.svg().contains(&format!(">{first}")), "{first}");
        digits += network.strip_prefix("nb201:").unwrap();
    }
    for (digit, label) in labels {
        let arcs = digits.matches(digit).count();
        assert_eq!(written(picture.svg(), label), arcs, "{label}");
    }
    assert_eq!(
        written(picture.svg(), "0"),
        picture.sheet.rows.len(),
        "an input each"
    );
}

/// Oracle: the digits of the networks' own spellings: 1 is kernel 3 and expansion 3, 2 is kernel 5 and expansion 6.
#[test]
fn figure_8_names_every_kernel_and_expansion_of_nas_bench_macro() {
    let picture = draw(Figure::Fig8, 2);
    let networks = picture.sheet.rows.iter().filter_map(|row| match &row[1] {
        Cell::Text(network) => network.strip_prefix("nbmacro:"),
        _ => None,
    });
    let digits: String = networks.collect();
    for (digit, labels) in [('1', ["k3", "e3"]), ('2', ["k5", "e6"])] {
        for label in labels {
            let blocks = digits.matches(digit).count();
            assert_eq!(written(picture.svg(), label), blocks, "{label}");
        }
    }
}

/// Oracle: the part `similarity` of a report, to equal bytes; the number of its scores.
#[test]
fn the_map_of_similarity_has_a_cell_a_pair_and_the_reports_numbers() {
    let pool = scored(&[
        ("one", &|_, accuracy| accuracy),
        ("two", &|_, accuracy| -accuracy),
    ]);
    let alike = Alike::of(&pool).unwrap().unwrap();
    let picture = drawn(Figure::SimilarityMap, &pool);
    assert_eq!(picture.csv(), alike.sheet().csv());
    let svg = picture.svg();
    for score in &alike.scores {
        assert_eq!(
            written(svg, score),
            2,
            "{score}: beside its row and below its column"
        );
    }
    let others = 2 * 9 + 1; // the keys' colours and the ground
    let boxes = alike.scores.len().pow(2) + others;
    assert_eq!(svg.matches("<rect").count(), boxes);
    // The accuracy and its negative: a cell of the lowest colour beside the key's, and one of the highest a score.
    assert!(svg.matches("#2166ac").count() > 1);
    assert!(svg.matches("#b2182b").count() > alike.scores.len());
}

/// Oracle: the accuracy itself, of which every subset with it finds the best networks; names as the subject spells them.
#[test]
fn figure_9_searches_subsets_with_costs_among_them_and_names_their_networks() {
    let pool = scored(&[
        ("one", &|_, accuracy| accuracy),
        ("two", &|row, _| row as f64),
    ]);
    let picture = drawn(Figure::Fig9, &pool);
    assert_eq!(written(picture.svg(), "rank sum, costs among them"), 1);
    let of = |how: &str| -> Vec<&Vec<Cell>> {
        let rows = picture.sheet.rows.iter();
        rows.filter(|row| row[2] == Cell::text(how)).collect()
    };
    let (alone, among) = (of("chosen here"), of("chosen here, costs among them"));
    // Two hybrids of the proxies alone and with costs among them; sizes 1 and 2 in each.
    assert_eq!((alone.len(), among.len()), (4, 4));
    let mbr = |row: &[Cell]| match &row[5] {
        Cell::Estimate(mbr, _) => mbr.value.unwrap(),
        other => panic!("{other:?}"),
    };
    for (with, without) in among.iter().zip(&alone) {
        assert!(mbr(with) <= mbr(without), "more to choose from");
    }
    // The accuracy alone finds the best network of all within the largest budget.
    assert_eq!(among[0][4], Cell::text("one"));
    let Cell::Text(networks) = &among[0][7] else {
        panic!("{:?}", among[0])
    };
    let best = (0..pool.len()).max_by(|&a, &b| pool.accuracy[a].total_cmp(&pool.accuracy[b]));
    let best = pool.archs[best.unwrap()].as_ref().unwrap().to_string();
    assert_eq!(networks.split(' ').next_back(), Some(best.as_str()));
    assert_eq!(networks.split(' ').count(), 5, "a network a budget");
    // What a choice among all subsets flatters itself by is said of what was tested.
    for how in [
        "tested on the other half",
        "tested on the other half, costs among them",
    ] {
        let tested = of(how);
        for row in &tested {
            let Cell::Estimate(optimism, _) = &row[6] else {
                panic!("{row:?}")
            };
            assert!(optimism.value.is_some_and(f64::is_finite));
        }
        for hybrid in ["ranksum", "logranksum"] {
            let sizes = tested.iter().filter(|row| row[0] == Cell::text(hybrid));
            assert_eq!(sizes.count(), 2, "a test a size by {hybrid}, {how}");
        }
    }
    // The accuracy alone finds the best of every budget in a vote too, whichever networks are left out, but for ranks
    // that equal accuracies share.
    let votes = of("best by rank sum");
    assert_eq!(votes.len(), 3, "a vote a subset of the proxies alone");
    let Cell::Estimate(vote, _) = &votes[0][5] else {
        panic!("{:?}", votes[0])
    };
    assert_eq!((&votes[0][4], vote.value), (&Cell::text("one"), Some(0.0)));
    assert!(vote.low == Some(0.0) && vote.high < Some(1e-3), "{vote:?}");
    let others = votes[1..].iter().filter(|row| match &row[5] {
        Cell::Estimate(mbr, _) => mbr.low < mbr.high,
        _ => false,
    });
    assert!(others.count() > 0, "votes have intervals");
    assert!(picture.caption.contains("For having looked at so many"));
}

/// Oracle: the circles of the drawing itself.
#[test]
fn few_points_are_larger_and_darker_than_many() {
    let many = scored(&[("one", &|_, accuracy| accuracy)]);
    let mut few = many.clone();
    few.accuracy.truncate(20);
    few.rows.truncate(20);
    few.trainings.clear();
    for column in few.costs.iter_mut().chain(&mut few.proxies) {
        column.values.truncate(20);
    }
    let few = drawn(Figure::Fig2, &few);
    let least = |attribute: &str| {
        let values = numbers(few.svg(), attribute).into_iter();
        values.fold(f64::INFINITY, f64::min)
    };
    assert!(least("r") > 3.0, "{}", least("r"));
    assert!(least("fill-opacity") > 0.8, "{}", least("fill-opacity"));
}
