//! The page of NAS-Bench-Macro with our own scores: whole, valid, alone in the world, and proof against hostile text.
//!
//! Oracle of what is HTML: html5ever, the parser of a browser engine, which reports every parse error of the standard.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of these tests fail by panicking"
)]

mod document;

use std::sync::LazyLock;

use base64::Engine as _;
use nbz_figures::{Figure, Print, draw_all};
use nbz_page::{BEGINNING, Method, Page, charts_of};
use nbz_report::{Part, Report, Settings};
use nbz_study::Recipe;
use nbz_table::{Embedded, Table};
use sha2::{Digest as _, Sha256};

use document::Document;

struct Material {
    table: Table,
    report: Report,
    figures: Vec<Print>,
}

const METHOD: Method<'static> = Method {
    name: "mbr",
    title: "a title",
    formula: "r_i < N_i",
    convention: "in `code`",
    source: "somebody",
};

/// One table with everything; figures of bars, of many points, of lines and of networks.
static MATERIAL: LazyLock<Material> = LazyLock::new(|| {
    let settings = Settings {
        recipe: Recipe { seed: 0, draws: 5 },
        ..Settings::default()
    };
    let tables = [Embedded::NasBenchMacro.scored().unwrap()];
    let report = Report::compute(&tables, &[], &Part::ALL, &settings, |_, _, _| ()).unwrap();
    let figures = [
        Figure::Fig1,
        Figure::Fig2,
        Figure::Fig3,
        Figure::Fig4,
        Figure::Fig8,
    ];
    let figures = draw_all(&figures, &tables, &settings, |_| ()).unwrap();
    let [table] = tables;
    Material {
        table,
        report,
        figures: figures.into_iter().map(Result::unwrap).collect(),
    }
});

fn page_of(
    report: &Report,
    figures: &[Print],
    table: &nbz_table::Schema,
    missing: &[String],
) -> String {
    let page = Page {
        report,
        figures,
        charts: &charts_of(figures, None),
        missing,
        sources: &[table],
        methods: &[METHOD],
    };
    page.html()
}

fn page() -> String {
    let Material {
        table,
        report,
        figures,
    } = &*MATERIAL;
    page_of(report, figures, table.schema(), &[])
}

#[test]
fn it_is_valid_and_every_link_inside_leads_somewhere() {
    let html = page();
    assert!(html.starts_with(BEGINNING));
    let document = Document::parse(&html);
    assert_eq!(document.errors(), Vec::<String>::new());
    let mut ids = document.values("id");
    ids.sort();
    let repeated: Vec<&[String]> = ids.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert_eq!(repeated, Vec::<&[String]>::new());
    let inside = document
        .values("href")
        .into_iter()
        .chain(document.values("aria-labelledby"));
    for link in inside.filter(|link| !link.contains('/')) {
        let target = link.trim_start_matches('#').to_owned();
        assert!(link.starts_with("data:") || ids.contains(&target), "{link}");
    }
}

#[test]
fn it_asks_for_nothing_and_lets_no_other_script_run() {
    let document = Document::parse(&page());
    for (element, attribute, value) in document.attributes() {
        let loads = matches!(
            &*attribute,
            "src" | "srcset" | "data" | "poster" | "action" | "xlink:href"
        ) || (attribute == "href" && element != "a");
        assert!(
            !loads || value.starts_with("data:"),
            "<{element} {attribute}={value}>"
        );
        assert!(!attribute.starts_with("on"), "<{element} {attribute}>");
        let urls = value.split("url(").skip(1);
        assert!(
            urls.clone().all(|url| url.starts_with('#')),
            "<{element} {attribute}={value}>"
        );
    }
    for style in document.texts("style") {
        assert!(
            style
                .split("url(")
                .skip(1)
                .all(|url| url.starts_with("data:"))
        );
        assert!(!style.contains("@import"));
    }
    for element in ["link", "iframe", "object", "embed", "base", "form"] {
        assert_eq!(document.count(element), 0, "{element}");
    }
    // What sorts, the charts' numbers, which are no program, and what draws the charts.
    let scripts = document.texts("script");
    assert_eq!(scripts.len(), 3);
    let digest = |at: usize| {
        let digest = Sha256::digest(&scripts[at]);
        let digest = base64::engine::general_purpose::STANDARD.encode(digest);
        format!("'sha256-{digest}'")
    };
    let policy = document
        .values("content")
        .into_iter()
        .find(|c| c.contains("default-src"));
    let policy = policy.unwrap();
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    assert!(
        policy.contains(&format!("script-src {} {};", digest(0), digest(2))),
        "{policy}"
    );
}

#[test]
fn it_holds_every_table_claim_standing_and_figure() {
    let Material {
        table,
        report,
        figures,
    } = &*MATERIAL;
    let document = Document::parse(&page());
    let text = document.text();
    let ids = document.values("id");
    for table in &report.table1 {
        assert!(ids.contains(&format!("table1-{}", table.id)));
        for row in &table.rows {
            assert!(text.contains(&row.name), "{}", row.name);
        }
        for value in table.rows.iter().filter_map(|row| row.mbr_ties.value) {
            assert!(
                document.values("value").contains(&value.to_string()),
                "{value} in full"
            );
        }
    }
    for finding in &report.claims.as_ref().unwrap().findings {
        assert!(
            text.contains(&finding.text.replace('`', "")),
            "{}",
            finding.text
        );
    }
    assert!(!report.standings.is_empty());
    for standing in &report.standings {
        assert!(ids.contains(&format!("standing-{}", standing.id)));
        for sentence in standing.sentences() {
            assert!(text.contains(&sentence.replace('`', "")), "{sentence}");
        }
    }
    assert_eq!(figures.len(), 5);
    // Drawings scale, and share the page's font instead of bringing one each.
    let svgs = document
        .attributes()
        .into_iter()
        .filter(|(element, _, _)| element == "svg");
    assert!(svgs.filter(|(_, name, _)| name == "viewBox").count() >= figures.len());
    assert_eq!(page().matches("@font-face").count(), 1);
    for print in figures {
        assert!(
            ids.contains(&print.stem) && text.contains(&print.title),
            "{}",
            print.stem
        );
    }
    let schema = table.schema();
    for words in [&schema.licence, &schema.attribution, &schema.citation] {
        assert!(
            !words.is_empty() && text.contains(words.as_str()),
            "{words}"
        );
    }
    assert!(text.contains("r_i < N_i"));
}

#[test]
fn hostile_text_stays_text() {
    let evil = "</td></table></style></script><script>alert(1)</script><img src=x onerror=alert(2)>\"' onload='x`*";
    let Material {
        table,
        report,
        figures,
    } = &*MATERIAL;
    let mut report = report.clone();
    let mut schema = table.schema().clone();
    let mut figures = figures.clone();
    {
        let table = &mut report.table1[0];
        let standing = &mut report.standings[0];
        let claims = report.claims.as_mut().unwrap();
        let print = &mut figures[0];
        let [one, other, ..] = &mut table.rows[..] else {
            panic!("a table has rows")
        };
        for text in [
            &mut report.version,
            &mut table.title,
            &mut table.provenance,
            &mut table.table,
            &mut one.name,
            &mut other.name,
            &mut standing.title,
            &mut standing.proxies[0].name,
            &mut standing.scores[0],
            &mut claims.pools[0].pool,
            &mut claims.findings[0].outcomes[0].detail,
            &mut schema.title,
            &mut schema.attribution,
            &mut schema.citation,
            &mut schema.notes,
            &mut schema.columns[0].meaning,
            &mut print.title,
            &mut print.caption,
        ] {
            evil.clone_into(text);
        }
    }
    // A chart's numbers stand in an element that no text of theirs may end.
    let chart = figures.iter_mut().find(|p| p.figure == "fig3").unwrap();
    chart.csv = format!("{},{evil}{}", chart.csv.lines().next().unwrap(), chart.csv);
    let missing = [evil.to_owned()];
    let calm = Document::parse(&page());
    let document = Document::parse(&page_of(&report, &figures, &schema, &missing));
    assert_eq!(document.errors(), Vec::<String>::new());
    for element in ["script", "img", "style"] {
        assert_eq!(document.count(element), calm.count(element), "{element}");
    }
    assert!(
        document
            .attributes()
            .iter()
            .all(|(_, name, _)| !name.starts_with("on"))
    );
    let shown = document.text().matches("<script>alert(1)</script>").count();
    assert!(shown >= 18, "shown {shown} times as what it is");
}

#[test]
fn charts_are_of_the_table_or_data_set_that_is_named_and_of_no_other() {
    let figures = &MATERIAL.figures;
    let count = |pool| charts_of(figures, Some(pool)).len();
    assert_eq!(charts_of(figures, None).len(), 2);
    for pool in [
        "nas-bench-macro",
        "nas-bench-macro cifar10",
        "nas-bench-macro on cifar10",
    ] {
        assert_eq!(count(pool), 2, "{pool}");
    }
    for pool in [
        "nas-bench-macroxyz",
        "nas-bench-macro cifar100",
        "nas-bench",
        "",
    ] {
        assert_eq!(count(pool), 0, "{pool}");
    }
}

#[test]
fn the_same_numbers_give_the_same_bytes() {
    assert!(page() == page());
}
