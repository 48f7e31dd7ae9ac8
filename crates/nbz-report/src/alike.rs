//! Which proxies and costs of a pool say the same: the numbers of `nbzero similarity` as a part of a report.
//!
//! Spearman's correlation of all pairs, clustered by average linkage, and the share of the best 5 % that two scores have
//! in common ([`Similarity`]). Proxies are read in the direction that their authors call good, as the command reads
//! them: Table 1 reads raw values, but two scores that rank alike do so whichever way round they are written. The
//! accuracy is among the scores as `oracle`.

use nbz_study::{Direction, OVERLAP_SHARE, Reading, Similarity};
use serde::{Deserialize, Serialize};

use crate::candidates::{Candidates, Scored};
use crate::error::Result;
use crate::lineup::ORACLE;
use crate::sheet::{Cell, Sheet};

/// Scores of one group have a mean rank correlation above this.
pub const ALIKE: f64 = 0.5;

/// The scores of one pool beside each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alike {
    /// File name stem.
    pub id: String,
    /// The pool, for readers.
    pub title: String,
    /// Networks of the pool.
    pub networks: usize,
    /// Networks among the best of each score.
    pub best: usize,
    /// The scores in the clustered order, alike ones next to each other.
    pub scores: Vec<String>,
    /// The group of each score, from 1 down the order.
    pub groups: Vec<usize>,
    /// Spearman's correlation of all pairs in that order; None where it is undefined.
    pub spearman: Vec<Vec<Option<f64>>>,
    /// The share of the best networks that two have in common; None where that share is no network.
    pub overlap: Vec<Vec<Option<f64>>>,
    /// Where the accuracies come from.
    pub provenance: String,
}

impl Alike {
    /// Compares the scores of a pool; `None` if it has no proxy.
    ///
    /// # Errors
    /// Scores of different networks, which a pool never has.
    pub fn of(candidates: &Candidates) -> Result<Option<Self>> {
        if candidates.proxies.is_empty() {
            return Ok(None);
        }
        let turned = |scored: &Scored| {
            let direction = if scored.smaller_is_better() {
                Direction::SmallerIsBetter
            } else {
                Direction::LargerIsBetter
            };
            let values = Reading::Intended.orient(direction, &scored.values);
            (scored.name.clone(), values.into_owned())
        };
        let scored = candidates.proxies.iter().chain(&candidates.costs);
        let mut all: Vec<(String, Vec<f64>)> = scored.map(turned).collect();
        all.push((ORACLE.to_owned(), candidates.accuracy.clone()));
        let values: Vec<&[f64]> = all.iter().map(|(_, values)| values.as_slice()).collect();
        let found = Similarity::of(&values, OVERLAP_SHARE)?;
        let in_order = |matrix: &[Vec<Option<f64>>]| {
            let row = |&a: &usize| found.order.iter().map(|&b| matrix[a][b]).collect();
            found.order.iter().map(row).collect()
        };
        Ok(Some(Self {
            id: candidates.selection.id.clone(),
            title: candidates.selection.title.clone(),
            networks: found.n,
            best: found.best,
            scores: found.order.iter().map(|&at| all[at].0.clone()).collect(),
            groups: numbered(&found),
            spearman: in_order(&found.spearman),
            overlap: in_order(&found.overlap),
            provenance: candidates.provenance(),
        }))
    }

    /// What a reader would first ask: which scores rank alike.
    pub fn sentences(&self) -> Vec<String> {
        let groups = self.groups.iter().max().copied().unwrap_or_default();
        let mut together = Vec::new();
        for group in 1..=groups {
            let of_group = self.scores.iter().zip(&self.groups);
            let members = of_group.filter(|(_, of)| **of == group);
            let members: Vec<String> = members.map(|(name, _)| format!("`{name}`")).collect();
            if members.len() > 1 {
                together.push(members.join(", "));
            }
        }
        let together = if together.is_empty() {
            "none of them rank alike".to_owned()
        } else {
            format!("together are {}", together.join("; "))
        };
        vec![format!(
            "{} scores, the accuracy among them as `{ORACLE}`, make {groups} groups of a mean rank correlation above \
             {ALIKE}: {together}.",
            self.scores.len()
        )]
    }

    /// A row a score in the clustered order; all pairs are in the CSV file's further columns.
    pub fn sheet(&self) -> Sheet {
        let oracle = self.scores.iter().position(|name| name == ORACLE);
        let row = |at: usize| {
            let rho = |other: usize| self.spearman[at][other];
            let others = (0..self.scores.len()).filter(|&o| o != at && Some(o) != oracle);
            let nearest = others
                .filter_map(|other| Some((other, rho(other)?)))
                .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
            let shared = nearest.and_then(|(other, _)| self.overlap[at][other]);
            vec![
                Cell::Count(self.groups[at]),
                Cell::text(&self.scores[at]),
                Cell::Number(oracle.and_then(rho), 3),
                Cell::text(nearest.map_or("", |(other, _)| &self.scores[other])),
                Cell::Number(nearest.map(|(_, rho)| rho), 3),
                Cell::Number(shared, 3),
            ]
        };
        let header = ["group", "score", "SR", "nearest", "SR to it", "best shared"];
        let mut notes = vec![
            format!(
                "SR: Spearman's correlation with the accuracy, on {} networks; scores in the direction that their authors \
                 call good, clustered by average linkage on 1 - Spearman",
                self.networks
            ),
            format!(
                "nearest: the score that ranks most alike; best shared: of the best {} networks by the one, the share that \
                 is among as many by the other; two unrelated scores share {OVERLAP_SHARE}",
                self.best
            ),
            self.provenance.clone(),
        ];
        notes.extend(self.sentences());
        Sheet {
            title: format!("Which scores rank alike on {}", self.title),
            header: header.map(str::to_owned).to_vec(),
            rows: (0..self.scores.len()).map(row).collect(),
            details: self.details(),
            notes,
        }
    }

    /// Both matrices, a column a score.
    fn details(&self) -> Vec<(String, Vec<Cell>)> {
        let columns = |what: &str, matrix: &[Vec<Option<f64>>]| {
            let column = |(at, name): (usize, &String)| {
                let cells = matrix.iter().map(|row| Cell::Number(row[at], 4));
                (format!("{what} {name}"), cells.collect())
            };
            let all = self.scores.iter().enumerate().map(column);
            all.collect::<Vec<(String, Vec<Cell>)>>()
        };
        let mut details = columns("SR with", &self.spearman);
        details.extend(columns("best shared with", &self.overlap));
        details
    }
}

/// The group of each score of the clustered order, numbered as they come, so that the numbers rise down the page.
fn numbered(found: &Similarity) -> Vec<usize> {
    let groups = found.groups(1.0 - ALIKE);
    let mut seen: Vec<usize> = Vec::new();
    let number = |&place: &usize| {
        let group = groups.iter().position(|group| group.contains(&place));
        let group = group.unwrap_or_default();
        if let Some(at) = seen.iter().position(|known| *known == group) {
            return at + 1;
        }
        seen.push(group);
        seen.len()
    };
    found.order.iter().map(number).collect()
}
