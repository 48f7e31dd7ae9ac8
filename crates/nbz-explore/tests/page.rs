//! What the page holds. Oracles: the table that it was made of, and `nbz-space`'s own reading of architectures.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use nbz_explore::{BEGINNING, Explorer, OwnColumn};
use nbz_space::{Arch, Dataset, Drawing};
use nbz_table::{Column, Direction, Role, Table};
use sha2::{Digest as _, Sha256};

/// The text between two marks, of which the first occurs once.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    assert_eq!(page.matches(from).count(), 1, "{from}");
    let (_, rest) = page.split_once(from).expect("counted above");
    rest.split_once(to).expect("an end").0
}

/// The table that stands in a page.
fn table_of(page: &str) -> Table {
    let text = between(page, "id=\"table\">", "</script>");
    let bytes = BASE64.decode(text).expect("base64");
    Table::from_bytes("page", bytes).expect("a table")
}

#[test]
fn the_page_holds_the_whole_table_once_and_the_same_bytes_each_time() {
    let table = Table::nas_bench_macro();
    let make = || Explorer::new(&table, Some("cifar10"), &[]).expect("a page");
    let page = make().html();
    assert!(page.starts_with(BEGINNING));
    assert!(page == make().html());
    let held = table_of(&page);
    for info in table.columns() {
        let same = held.column(&info.name).expect("a column")
            == table.column(&info.name).expect("a column");
        assert!(same, "{}", info.name);
    }
    assert_eq!(held.schema().licence, table.schema().licence);
}

#[test]
fn only_the_bundle_may_run() {
    let page = Explorer::new(&Table::nas_bench_macro(), Some("cifar10"), &[]).expect("a page");
    let page = page.html();
    let script = between(&page, "</script>\n<script>", "</script>");
    let digest = BASE64.encode(Sha256::digest(script));
    assert!(page.contains(&format!("script-src 'sha256-{digest}'")));
    assert!(page.contains("default-src 'none'"));
    // Three elements: facts, table, bundle. The bundle itself closes none.
    assert_eq!(page.matches("</script>").count(), 3);
}

#[test]
fn names_choices_and_drawings_are_those_of_the_architectures() {
    let table = Table::nas_bench_201();
    let page = Explorer::new(&table, Some("cifar10"), &[]).expect("a page");
    let held = table_of(&page.html());
    let text = |column: &str| held.column_text(column).expect("a page column");
    let (names, drawings) = (text("page:name"), text("page:drawing"));
    let edge = text("page:choice:edge 0-3");
    for row in [0, 11_472, 15_624] {
        let arch = table.arch(row).expect("a table").expect("a known space");
        assert_eq!(
            names.text(row).map(str::parse::<Arch>),
            Some(Ok(arch.clone()))
        );
        let drawing = Drawing::new("", &arch.network(Dataset::Cifar10));
        let layers: usize = drawing.segments().iter().map(|s| s.layers).sum();
        let told = drawings.text(row).expect("a drawing").split(';');
        let told = told.filter_map(|segment| segment.split('.').nth(1)?.parse::<usize>().ok());
        assert_eq!(told.sum::<usize>(), layers, "row {row}");
    }
    // The official string names the edges into node 3 last, the one from the input first.
    let spelled = table.archs().expect("strings");
    let last = spelled
        .text(11_472)
        .expect("a string")
        .rsplit("+|")
        .next()
        .expect("node 3");
    assert_eq!(edge.text(11_472), last.split('~').next());
    let info = held
        .schema()
        .column("page:choice:edge 0-3")
        .expect("a page column");
    let options: Vec<&str> = info.meaning.lines().collect();
    let wanted = [
        "none",
        "skip_connect",
        "nor_conv_1x1",
        "nor_conv_3x3",
        "avg_pool_3x3",
    ];
    let sorted = |mut names: Vec<&str>| {
        names.sort_unstable();
        names.join(" ")
    };
    assert_eq!(sorted(options), sorted(wanted.to_vec()));
    // Every network has one string here, so there is no column that says which row stands for it.
    assert!(held.schema().column("page:network").is_err());
}

#[test]
fn rows_of_one_network_name_the_row_that_stands_for_it() {
    let table = Table::nas_bench_macro();
    let page = Explorer::new(&table, Some("cifar10"), &[]).expect("a page");
    let stands = table_of(&page.html())
        .column_i64("page:network")
        .expect("a column");
    for row in 0..table.rows() {
        let wanted = i64::try_from(table.representative(row).expect("a row")).ok();
        assert_eq!(stands.get(row), wanted);
    }
}

#[test]
fn own_scores_stand_beside_the_tables_under_a_name_of_their_own() {
    let table = Table::nas_bench_macro();
    let own = OwnColumn {
        name: "params".to_owned(),
        direction: Direction::Smaller,
        source: "<b>mine</b>.csv".to_owned(),
        values: Column::new(
            (0..table.rows())
                .map(|row| (row > 0).then_some(row as f64))
                .collect(),
        ),
    };
    let page = Explorer::new(&table, Some("cifar10"), std::slice::from_ref(&own)).expect("a page");
    let page = page.html();
    assert!(!page.contains("<b>mine"));
    let held = table_of(&page);
    let info = held.schema().column("my params").expect("the score");
    assert_eq!(
        (info.role, info.direction),
        (Role::Proxy, Direction::Smaller)
    );
    assert_eq!(held.column_f64("my params").expect("the score"), own.values);
}
