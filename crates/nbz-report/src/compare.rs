//! The paper's numbers beside ours, for the proxies that both know.
//!
//! The paper's pools are lists of SS-R1, whose accuracies were never published; ours are other networks.
//! Nothing says that two numbers should agree. Table 3 has no counterpart: no space of the paper has
//! published accuracies.

use nbz_study::PAPER_BUDGETS;

use crate::{
    across::{Across, AcrossRow},
    paper,
    row::{Row, Table1},
    sheet::{Cell, Sheet},
};

/// A number of a row.
type Measure = fn(&Row) -> Option<f64>;

/// Table 2 on the data sets that the paper has too, a row a proxy that both know.
pub fn across_beside_the_paper(across: &Across) -> Option<Sheet> {
    let known: Vec<(usize, &'static str)> = (0..across.names.len())
        .filter_map(|at| Some((at, paper::name_of(&across.names[at])?)))
        .filter(|(_, name)| *name != "depth")
        .collect();
    let criterion = |row: &AcrossRow| match row.criterion {
        "mbr" => format!("{} mbr", row.pool.replace('-', "_")),
        _ => format!("{} acc", row.pool.replace('-', "_")),
    };
    let headings: Vec<String> = across.rows.iter().map(criterion).collect();
    let printed = |heading: &String| paper::lookup(2, "oracle", heading).is_some();
    if known.is_empty() || across.budgets != PAPER_BUDGETS || !headings.iter().all(printed) {
        return None;
    }
    let mut header = vec!["proxy".to_owned(), "paper's name".to_owned()];
    for heading in &headings {
        header.extend([format!("{heading} paper"), format!("{heading} here")]);
    }
    let rows = known
        .iter()
        .map(|&(at, name)| {
            let mut cells = vec![Cell::text(&across.names[at]), Cell::text(name)];
            for (row, heading) in across.rows.iter().zip(&headings) {
                let (theirs, ours) = match row.criterion {
                    "mbr" => (3, 3),
                    _ => (1, 2),
                };
                cells.push(Cell::Number(paper::lookup(2, name, heading), theirs));
                cells.push(Cell::Number(row.values[at].value, ours));
            }
            cells
        })
        .collect();
    let mut notes = vec![
        "paper: NAS-Bench-Zero (ICLR 2022 submission), Table 2: SS-R1 on three data sets"
            .to_owned(),
        "here: the same data sets, another space, so no two numbers need agree".to_owned(),
    ];
    notes.extend(across.provenance.iter().cloned());
    Some(Sheet {
        title: format!("The paper's Table 2 beside: {}", across.title),
        header,
        rows,
        details: Vec::new(),
        notes,
    })
}

/// One row a proxy that the paper has and the table knows; `None` if there is no such proxy.
pub fn beside_the_paper(table: &Table1) -> Option<Sheet> {
    let known: Vec<(&Row, &'static str)> = table
        .rows
        .iter()
        .filter_map(|row| Some((row, paper::name_of(&row.name)?)))
        .collect();
    let scored = |name: &str| !["oracle", "flops", "params", "depth"].contains(&name);
    // Another number of budgets is another mBR; without costs there is none on either side.
    let same_budgets = [0, PAPER_BUDGETS].contains(&table.limits.len());
    if !same_budgets || !known.iter().any(|(_, name)| scored(name)) {
        return None;
    }
    let measures: [(&str, Measure); 4] = [
        ("lc", |row| row.lc_log.or(row.lc.value).or(row.lc_finite)),
        ("kd", |row| row.kd.value),
        ("sr", |row| row.sr.value),
        ("mbr", |row| row.mbr_ties.value),
    ];
    let mut header = vec!["proxy".to_owned(), "paper's name".to_owned()];
    for (name, _) in measures {
        header.extend([format!("{name} paper"), format!("{name} here")]);
    }
    let rows = known
        .iter()
        .map(|(row, name)| {
            let mut cells = vec![Cell::text(&row.name), Cell::text(*name)];
            for (heading, ours) in measures {
                cells.push(Cell::Number(paper::lookup(1, name, heading), 3));
                cells.push(Cell::Number(ours(row), 3));
            }
            cells
        })
        .collect();
    let notes = vec![
        "paper: NAS-Bench-Zero (ICLR 2022 submission), Table 1: SS-R1 on CIFAR-100, 14,964 networks"
            .to_owned(),
        format!("here: {}, {} networks: another space, so no two numbers need agree", table.title, table.networks),
        "lc here is of ln(score) where a score has a log form, and of finite scores where some are \
         infinite"
            .to_owned(),
        table.provenance.clone(),
    ];
    Some(Sheet {
        title: format!("The paper's Table 1 beside {}", table.title),
        header,
        rows,
        details: Vec::new(),
        notes,
    })
}
