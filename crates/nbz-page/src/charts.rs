//! Which figures are charts to point at as well.
//!
//! What draws them is TypeScript with plotly.js: crates/nbz-explore/page/src/report. It reads the CSV of a figure, so the
//! page holds nothing that it has not shown as a picture.

use nbz_figures::Print;

/// The figures that the script knows how to draw.
const FIGURES: [&str; 5] = ["fig3", "fig4", "fig5", "fig6", "fig9"];

pub(crate) fn is_chart(print: &Print) -> bool {
    FIGURES.contains(&&*print.figure)
}

/// The charts of one pool: of the table asked for and, if it is named too, its data set (`nas-bench-201 cifar100`), or of the
/// pool whose Figure 3 shows the most scores, the first of equals.
pub fn charts_of<'a>(prints: &'a [Print], pool: Option<&str>) -> Vec<&'a Print> {
    let scores = |print: &&Print| {
        let header = print.csv.lines().next().unwrap_or_default();
        (print.figure == "fig3").then(|| header.split(',').count())
    };
    let wanted = |print: &&Print| pool.is_none_or(|pool| is_of(print, pool));
    let candidates = prints
        .iter()
        .filter(|print| scores(print).is_some() && wanted(print));
    // `max_by_key` would take the last of equals.
    let Some(chosen) = candidates.rev().max_by_key(|print| scores(print)) else {
        return Vec::new();
    };
    let of_pool = |print: &&Print| pool_of(print) == pool_of(chosen);
    prints
        .iter()
        .filter(|p| is_chart(p) && of_pool(p))
        .collect()
}

/// Whether a figure, whose title is `nas-bench-201 on cifar100: ...`, is of a table or of its data set.
fn is_of(print: &Print, pool: &str) -> bool {
    let subject = print
        .title
        .split_once(": ")
        .map_or("", |(subject, _)| subject);
    let (table, dataset) = subject.split_once(" on ").unwrap_or((subject, ""));
    pool == subject || pool == table || pool.split_once(' ') == Some((table, dataset))
}

/// The pool in a file name: `fig4_accuracy_under_macs__nas-bench-macro`.
fn pool_of(print: &Print) -> &str {
    print.stem.split_once("__").map_or("", |(_, pool)| pool)
}
