//! What a report says of the paper's claims: what its pools do, and tables of scores without accuracies.

use nbz_table::Table;

use super::Settings;
use crate::cache::claims_cached;
use crate::candidates::Candidates;
use crate::claims::{Findings, Scores};
use crate::left_out::{LeftOut, Why};

/// The findings on all of them; none where there are scores alone and no number. Scores that say nothing are left out
/// with the reason.
pub(super) fn claims<'a>(
    pools: &[Candidates],
    bare: impl Iterator<Item = &'a Table>,
    settings: &Settings,
    left_out: &mut Vec<LeftOut>,
) -> Option<Findings> {
    let scores: Vec<Scores> = bare.flat_map(|table| of_table(table, left_out)).collect();
    let found = match claims_cached(pools, &scores, settings) {
        Ok(found) => found,
        Err(error) => {
            left_out.push(LeftOut::failed("the paper's claims", &error));
            return None;
        }
    };
    for scores in &scores {
        let outcomes = found.findings.iter().flat_map(|f| &f.outcomes);
        let mut of_scores = outcomes.filter(|outcome| outcome.pool == scores.name());
        let first = of_scores.next();
        let has_number = first
            .into_iter()
            .chain(of_scores)
            .any(|outcome| outcome.number.value.is_some());
        if !has_number {
            left_out.push(LeftOut {
                what: scores.name().to_owned(),
                why: Why::NothingToClaim {
                    message: first.map_or_else(
                        || "no claim on scores is for its space".to_owned(),
                        |outcome| outcome.detail.clone(),
                    ),
                },
            });
        }
    }
    (!pools.is_empty() || found.has_numbers()).then_some(found)
}

/// The scores of a table, as far as they can be studied.
fn of_table(table: &Table, left_out: &mut Vec<LeftOut>) -> Vec<Scores> {
    let found = match Scores::of_table(table) {
        Ok(found) => found,
        Err(error) => {
            left_out.push(LeftOut::failed(table.name(), &error));
            return Vec::new();
        }
    };
    if found.is_empty() {
        left_out.push(LeftOut {
            what: table.name().to_owned(),
            why: Why::NothingToClaim {
                message: "it has none of the paper's proxies".to_owned(),
            },
        });
    }
    let mut all = Vec::new();
    for (name, scores) in found {
        match scores {
            Ok(scores) => all.push(scores),
            Err(error) => left_out.push(LeftOut::failed(name, &error)),
        }
    }
    all
}
