//! The paper's claims, and how proxies stand to costs.

use nbz_report::claims::{self, Finding, Findings, Verdict};
use nbz_report::standing::Standing;
use serde::Serialize;

use crate::grid::Grid;

#[derive(Debug, Serialize)]
pub(super) struct ClaimsView<'a> {
    preface: &'static str,
    counts: Vec<String>,
    overview: Grid,
    findings: Vec<FindingView<'a>>,
}

#[derive(Debug, Serialize)]
struct FindingView<'a> {
    number: u32,
    place: &'a str,
    text: &'a str,
    untested: Option<&'a str>,
    grid: Option<Grid>,
}

#[derive(Debug, Serialize)]
pub(super) struct StandingView<'a> {
    id: &'a str,
    title: &'a str,
    rules: String,
    sentences: Vec<String>,
    grid: Grid,
    notes: Vec<String>,
}

pub(super) fn claims_view(findings: &Findings) -> ClaimsView<'_> {
    let mut overview = findings.overview();
    overview
        .notes
        .push("An empty cell: no test of the claim is for that pool.".to_owned());
    let sections = findings.findings.iter();
    let sections = sections.map(|finding| format!("claim-{}", finding.number));
    ClaimsView {
        preface: claims::PREFACE,
        counts: findings
            .pools
            .iter()
            .map(|pool| counted(findings, &pool.pool))
            .collect(),
        overview: Grid::of("claims-grid", &overview).leading_to(sections),
        findings: findings.findings.iter().map(finding_view).collect(),
    }
}

fn finding_view(finding: &Finding) -> FindingView<'_> {
    let grid = || Grid::of(format!("claim-{}-grid", finding.number), &finding.sheet());
    FindingView {
        number: finding.number,
        place: &finding.place,
        text: &finding.text,
        untested: finding.untested.as_deref(),
        grid: (!finding.outcomes.is_empty()).then(grid),
    }
}

/// How many claims hold on a pool.
fn counted(findings: &Findings, pool: &str) -> String {
    let of = |verdict: Verdict| {
        let on_pool = findings
            .findings
            .iter()
            .filter_map(|finding| finding.verdicts.get(pool));
        on_pool.filter(|found| **found == verdict).count()
    };
    format!(
        "{pool}: {} hold, {} do not hold, {} cannot be told.",
        of(Verdict::Holds),
        of(Verdict::DoesNotHold),
        of(Verdict::CannotBeTold)
    )
}

pub(super) fn standing_view(standing: &Standing) -> StandingView<'_> {
    StandingView {
        id: &standing.id,
        title: &standing.title,
        rules: standing.rules(),
        sentences: standing.sentences(),
        grid: Grid::of(format!("standing-{}-grid", standing.id), &standing.sheet()),
        notes: standing.notes(),
    }
}
