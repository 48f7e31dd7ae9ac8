//! Figure 10: what proxies find under MACs budgets alone, with MACs and with params added by rank sum.

use nbz_report::{Cell, Sheet};

use crate::axis::Range;
use crate::chart::{Chart, Marks, Panel};
use crate::figure::{Figure, Missing};
use crate::figures::{Made, budgets};
use crate::look::Look;
use crate::subject::{ADDED, Subject};

pub(crate) fn draw(subject: &Subject) -> Result<Made, Missing> {
    let added: Vec<&str> = ADDED
        .into_iter()
        .filter(|cost| subject.costs.iter().any(|column| column.name == *cost))
        .collect();
    let macs = subject.costs.iter().any(|cost| cost.name == "macs");
    if subject.proxies.is_empty() || !macs {
        return Err(Figure::Fig10.needs("a proxy and the cost `macs`", subject));
    }
    let kinds: Vec<Option<&str>> = std::iter::once(None)
        .chain(added.into_iter().map(Some))
        .collect();
    let mut rows = Vec::new();
    let mut panels = Vec::new();
    let mut drawn: Vec<(String, Vec<f64>)> = Vec::new();
    let lines: Vec<(String, Look)> = legend(subject);
    for kind in kinds {
        let mut marks = Vec::new();
        for (name, look) in &lines {
            let proxy = subject.proxies.iter().any(|column| &column.name == name);
            let row = match kind {
                Some(cost) if proxy => format!("{name}+{cost}"),
                _ => name.clone(),
            };
            let found = found(subject, &row);
            for (budget, accuracy) in found.iter().enumerate() {
                rows.push(vec![
                    Cell::text(&row),
                    Cell::text(kind.unwrap_or("")),
                    Cell::Count(budget + 1),
                    Cell::Number(Some(*accuracy), 2),
                ]);
            }
            // The costs stand in every panel, and are told of once.
            if drawn.iter().all(|(known, _)| *known != row) {
                drawn.push((row, found.clone()));
            }
            let count = found.len() as f64;
            let data = found.into_iter().zip(1u32..);
            marks.push(Marks::Line {
                data: data
                    .map(|(y, budget)| (100.0 * f64::from(budget) / count, y))
                    .collect(),
                look: look.clone(),
                interval: None,
            });
        }
        let name = |cost: &str| {
            if cost == "macs" {
                "MACs".to_owned()
            } else {
                cost.to_owned()
            }
        };
        panels.push(Panel {
            title: kind.map_or("proxies alone".to_owned(), |cost| {
                format!("with {} added", name(cost))
            }),
            note: String::new(),
            x_label: "largest MACs allowed, % of their range".to_owned(),
            y_label: "test accuracy (%)".to_owned(),
            x: Range::new(0.0, 104.0),
            y: Range::around([]),
            marks,
            decimals: None,
        });
    }
    let y = Range::robust(drawn.iter().flat_map(|(_, found)| found.iter().copied()));
    for panel in &mut panels {
        panel.y = y;
    }
    let chart = Chart {
        title: subject.name(),
        heading: "accuracy of the pick under MACs budgets".to_owned(),
        columns: 1,
        height: 180.0,
        panels,
        foot: None,
        legend: lines,
    };
    let caption = format!(
        "A cost is added by the mean of the two ranks. MACs, params and the oracle stand in every panel for \
         comparison.{} {}",
        budgets::beyond(
            y,
            drawn
                .iter()
                .map(|(name, found)| (name.as_str(), found.clone()))
        ),
        subject.note()
    );
    let sheet = Sheet {
        title: format!("{}, proxies with costs added", subject.name()),
        header: ["score", "added", "budget", "accuracy"]
            .map(str::to_owned)
            .to_vec(),
        rows,
        details: Vec::new(),
        notes: vec![subject.note()],
    };
    Ok((caption, sheet, chart.svg()))
}

fn legend(subject: &Subject) -> Vec<(String, Look)> {
    let costs = subject
        .costs
        .iter()
        .filter(|cost| ADDED.contains(&cost.name.as_str()));
    let names = costs
        .chain(&subject.proxies)
        .map(|column| column.name.clone());
    let names = std::iter::once("oracle".to_owned()).chain(names);
    names
        .map(|name| {
            let look = subject.look(&name);
            (name, look)
        })
        .collect()
}

/// The accuracy found under each MACs budget.
fn found(subject: &Subject, name: &str) -> Vec<f64> {
    let row = match name {
        "oracle" => subject.comparison.rows().first(),
        _ => subject.comparison.row(name),
    };
    let axis = row.and_then(|row| row.measures.mbr.as_ref()?.axis("macs"));
    let picks = axis.map_or(&[][..], |axis| &axis.picks);
    let of = |pick: &nbz_study::Pick| {
        if name == "oracle" {
            pick.best_acc
        } else {
            pick.pick_acc_ties
        }
    };
    picks.iter().map(of).collect()
}
