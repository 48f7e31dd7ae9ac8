//! Proxies: each one's contract, as the registry has it.

use std::sync::LazyLock;

use nbz_proxy::{Contract, registry};

use super::{Topic, costs};

/// What a proxy promises, by the name of its subject.
pub(crate) fn contract(name: &str) -> Option<&'static Contract> {
    let proxy = registry::all().find(|p| p.name() == name)?;
    topics().any(|t| t.name == name).then(|| proxy.contract())
}

/// One subject a proxy. The costs are proxies too and have subjects of their own.
pub(super) fn topics() -> impl Iterator<Item = &'static Topic> {
    static TOPICS: LazyLock<Vec<Topic>> = LazyLock::new(|| {
        let told = |name| costs::TOPICS.iter().any(|t| t.name == name);
        let proxies = registry::all().filter(|p| !told(p.name()));
        proxies.map(|p| topic(p.contract())).collect()
    });
    TOPICS.iter()
}

/// What other codes call a proxy.
fn aliases(name: &str) -> &'static [&'static str] {
    match name {
        "jacob_cov" => &["jacov", "jacobian-covariance"],
        "nwot" => &["naswot"],
        "zen" => &["zen-score"],
        _ => &[],
    }
}

fn topic(contract: &'static Contract) -> Topic {
    let lines = |headings: &[&str]| {
        let facts = registry::facts(contract).into_iter();
        let lines = facts.filter(|(heading, _)| headings.contains(heading));
        let lines: Vec<String> = lines.map(|(h, text)| format!("{h}: {text}")).collect();
        // Made once a process, for as long as it runs, as every other subject's text.
        &*lines.join("\n").leak()
    };
    Topic {
        name: contract.name,
        aliases: aliases(contract.name),
        title: contract.title,
        formula: contract.formula,
        convention: lines(&[
            "better",
            "input",
            "weights",
            "batch norm",
            "numbers",
            "cost",
            "beware",
        ]),
        source: lines(&["paper", "equals"]),
    }
}
