//! The paper's claims as data, tested on every table that can speak to them.
//!
//! `claims.toml` holds each claim, what is measured and the rule of the verdict; nothing about a claim is
//! decided in code. A claim on a pool holds if all of its tests do, does not hold if one of them does not,
//! and cannot be told otherwise; what a pool lacks is said instead of a number. Scores are read raw, as in
//! the paper ([`nbz_study::Reading::Raw`]). Claims call them by the paper's names, numbers by the table's.

mod evidence;
mod extent;
mod measure;
mod page;
mod resampled;
mod rule;
mod scores;

use std::collections::BTreeMap;

use nbz_space::Arch;
use nbz_study::Recipe;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::candidates::Candidates;
use crate::error::Result;
use crate::row::Estimate;

pub use evidence::Evidence;
pub use measure::{Attributes, Measure};
pub use page::PREFACE;
pub use rule::{Rule, Verdict};
pub use scores::Scores;

pub(crate) const CLAIMS: &str = include_str!("claims.toml");

/// One claim of the paper.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Its number here.
    pub number: u32,
    /// Where the paper says so.
    pub place: String,
    /// What it says.
    pub text: String,
    /// Why nothing tests it, where nothing does.
    pub untested: Option<String>,
    /// What is measured.
    #[serde(default, rename = "test")]
    pub tests: Vec<Test>,
}

/// One number that speaks for or against a claim.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// What the number says if the test holds.
    pub says: String,
    /// Which spaces can speak.
    #[serde(default)]
    pub on: On,
    /// What is measured.
    pub measure: Measure,
    /// What makes it hold.
    pub rule: Rule,
}

/// The kinds of spaces that can speak to a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum On {
    /// All of them.
    #[default]
    Any,
    /// Spaces of cells: the wiring of operations inside a repeated cell.
    Cell,
    /// Spaces of stages: depth, width and kind of block.
    Macro,
}

/// The public spaces of stages, by the prefix of their strings; r1, r2, mb and spaces of one's own are known by their
/// networks.
const PUBLIC_MACRO_SPACES: [&str; 3] = ["nbmacro", "cbmr", "cbmm"];

impl On {
    /// Whether a space is of that kind, by its prefix and networks as far as they are known.
    fn takes(self, space: Option<&str>, archs: Option<&[Arch]>) -> bool {
        let is_staged = |arch: &Arch| matches!(arch, Arch::Staged(_));
        match self {
            On::Any => true,
            On::Cell => space == Some("nb201"),
            On::Macro => {
                space.is_some_and(|space| PUBLIC_MACRO_SPACES.contains(&space))
                    || archs.is_some_and(|archs| archs.iter().all(is_staged))
            }
        }
    }
}

/// A test on one pool, or over several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// What the number says if the test holds.
    pub says: String,
    /// The pool, or all that were compared.
    pub pool: String,
    /// The number with its interval.
    pub number: Estimate,
    /// The rule in words.
    pub rule: String,
    /// What the rule says of the number.
    pub verdict: Verdict,
    /// Which scores the number is of, or what is missing.
    pub detail: String,
}

/// A claim with everything that was measured about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Its number here.
    pub number: u32,
    /// Where the paper says so.
    pub place: String,
    /// What it says.
    pub text: String,
    /// Why nothing tests it, where nothing does.
    pub untested: Option<String>,
    /// The tests on every pool that they are for.
    pub outcomes: Vec<Outcome>,
    /// By pool, in order, what all tests together say.
    pub verdicts: BTreeMap<String, Verdict>,
}

/// All claims on some pools.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// How intervals were drawn.
    pub recipe: Recipe,
    /// The pools: name, networks, where the accuracies come from.
    pub pools: Vec<PoolNote>,
    /// The claims in order.
    pub findings: Vec<Finding>,
}

/// What a reader should know of a pool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PoolNote {
    /// The name under which outcomes list it.
    pub pool: String,
    /// Networks.
    pub networks: usize,
    /// The scores that it has, by the table's names.
    pub scores: Vec<String>,
    /// Where the accuracies come from, or that there are none and where the scores come from.
    pub provenance: String,
}

/// The claims of the paper.
///
/// # Panics
/// Never: the file is part of the program, and a test reads it.
pub fn claims() -> Vec<Claim> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        claim: Vec<Claim>,
    }
    let file: File = toml::from_str(CLAIMS).expect("the claims are committed with a test");
    file.claim
}

/// Tests all claims; of each table and data set, the pool with the most proxies speaks, and scores without accuracies
/// where they can.
///
/// # Errors
/// Numbers that cannot be studied: accuracies or costs that are not finite.
pub fn test_claims(
    candidates: &[Candidates],
    scores: &[Scores],
    recipe: Recipe,
) -> Result<Findings> {
    let mut widest: Vec<&Candidates> = Vec::new();
    for pool in candidates {
        let of_one = |other: &&mut &Candidates| {
            other.table == pool.table && other.selection.dataset == pool.selection.dataset
        };
        match widest.iter_mut().find(of_one) {
            Some(known) if known.proxies.len() < pool.proxies.len() => *known = pool,
            Some(_) => {}
            None => widest.push(pool),
        }
    }
    let evidence: Vec<Evidence> = widest
        .into_par_iter()
        .map(|candidates| Evidence::of(candidates, recipe))
        .collect::<Result<_>>()?;
    let findings = claims()
        .par_iter()
        .map(|claim| claim.on(&evidence, scores, recipe))
        .collect::<Result<_>>()?;
    let note = |evidence: &Evidence| PoolNote {
        pool: evidence.pool_name(),
        networks: evidence.networks(),
        scores: evidence.names().map(|name| evidence.column(name)).collect(),
        provenance: evidence.provenance().to_owned(),
    };
    let alone = |scores: &Scores| PoolNote {
        pool: scores.name().to_owned(),
        networks: scores.networks(),
        scores: scores
            .proxies()
            .map(|(_, column, _)| column.to_owned())
            .collect(),
        provenance: scores.provenance().to_owned(),
    };
    let pools = evidence.iter().map(note);
    Ok(Findings {
        recipe,
        pools: pools.chain(scores.iter().map(alone)).collect(),
        findings,
    })
}

impl Findings {
    /// Whether any test gave a number.
    pub(crate) fn has_numbers(&self) -> bool {
        let mut outcomes = self.findings.iter().flat_map(|f| &f.outcomes);
        outcomes.any(|outcome| outcome.number.value.is_some())
    }
}

impl Claim {
    /// Tests the claim on every pool that can speak to it, and on scores alone.
    ///
    /// # Errors
    /// As [`test_claims`].
    pub fn on(&self, evidence: &[Evidence], scores: &[Scores], recipe: Recipe) -> Result<Finding> {
        let mut outcomes = Vec::new();
        for test in &self.tests {
            let alone = scores.iter().filter(|scores| scores.is(test.on));
            let alone = alone.map(|scores| test.measure.of_scores(scores, recipe));
            let alone = alone
                .filter_map(Result::transpose)
                .collect::<Result<Vec<_>>>()?;
            for measured in test.measure.on(test.on, evidence)?.into_iter().chain(alone) {
                let verdict = if measured.at_least {
                    test.rule.verdict_at_least(measured.number)
                } else {
                    test.rule.verdict(measured.number)
                };
                outcomes.push(Outcome {
                    says: test.says.clone(),
                    pool: measured.pool,
                    number: measured.number,
                    rule: test.rule.to_string(),
                    verdict,
                    detail: measured.detail,
                });
            }
        }
        let mut verdicts = BTreeMap::new();
        for outcome in &outcomes {
            let together = verdicts
                .entry(outcome.pool.clone())
                .or_insert(Verdict::Holds);
            *together = together.and(outcome.verdict);
        }
        Ok(Finding {
            number: self.number,
            place: self.place.clone(),
            text: self.text.clone(),
            untested: self.untested.clone(),
            outcomes,
            verdicts,
        })
    }
}
