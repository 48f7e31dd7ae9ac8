//! All proxies by name; the one place where a new one is listed.
//!
//! `explain`, the documentation's table and the JSON contract are made from this list.

use std::fmt::Write;

use crate::contract::Contract;
use crate::error::ProxyError;
use crate::proxies::{
    AzComp, AzExpr, AzProg, AzTrain, Depth, EpeNas, Fisher, FisherNoFan, GradNorm, GradNormZenNas,
    GradSign, GradSignMean, Grasp, JacobCov, L2Norm, LnSynflow, LogSynflow, Macs, MeCo, Nasi, Ntk,
    Nwot, Params, Plain, Snip, Swap, Synflow, Zen, ZenPaper, ZenResidual, ZiCo,
};
use crate::proxy::Proxy;

/// The nine proxies of the paper (synflow raw and as logarithm).
pub const PAPER: [&dyn Proxy; 10] = [
    &GradNorm, &Plain, &Snip, &Grasp, &Fisher, &Synflow, &LnSynflow, &JacobCov, &Ntk, &Zen,
];

/// The costs.
pub const NAIVE: [&dyn Proxy; 3] = [&Params, &Macs, &Depth];

/// Later proxies, and variants of the paper's where the literature disagrees.
pub const NEWER: [&dyn Proxy; 18] = [
    &Nwot,
    &EpeNas,
    &L2Norm,
    &LogSynflow,
    &Nasi,
    &ZiCo,
    &GradSign,
    &GradSignMean,
    &Swap,
    &AzExpr,
    &AzProg,
    &AzTrain,
    &AzComp,
    &MeCo,
    &FisherNoFan,
    &ZenResidual,
    &ZenPaper,
    &GradNormZenNas,
];

/// Every proxy: the paper's, the costs, the newer ones.
pub fn all() -> impl Iterator<Item = &'static dyn Proxy> {
    PAPER.into_iter().chain(NAIVE).chain(NEWER)
}

/// The proxy of a name.
///
/// ```
/// use nbz_proxy::registry::find;
/// assert_eq!(find("snip").unwrap().name(), "snip");
/// let error = find("synflwo").err().unwrap();
/// assert_eq!(error.hint().unwrap(), "did you mean synflow?");
/// ```
///
/// # Errors
/// [`ProxyError::UnknownProxy`] with the nearest name.
pub fn find(name: &str) -> Result<&'static dyn Proxy, ProxyError> {
    all()
        .find(|p| p.name() == name)
        .ok_or_else(|| ProxyError::UnknownProxy {
            name: name.into(),
            nearest: all()
                .map(Proxy::name)
                .min_by_key(|known| distance(known, name))
                .unwrap_or_default(),
        })
}

/// The proxies of a comma-separated list of names and sets (`paper`, `naive`, `newer`, `all`), each
/// once, in the registry's order.
///
/// ```
/// use nbz_proxy::registry::select;
/// let names: Vec<_> = select("naive,snip,macs").unwrap().iter().map(|p| p.name()).collect();
/// assert_eq!(names, ["snip", "params", "macs", "depth"]);
/// assert!(select("").is_err());
/// ```
///
/// # Errors
/// [`ProxyError::UnknownProxy`] and [`ProxyError::NoProxy`].
pub fn select(list: &str) -> Result<Vec<&'static dyn Proxy>, ProxyError> {
    let mut wanted: Vec<&str> = Vec::new();
    for name in list.split(',').map(str::trim).filter(|n| !n.is_empty()) {
        match name {
            "paper" => wanted.extend(PAPER.iter().map(|p| p.name())),
            "naive" => wanted.extend(NAIVE.iter().map(|p| p.name())),
            "newer" => wanted.extend(NEWER.iter().map(|p| p.name())),
            "all" => wanted.extend(all().map(Proxy::name)),
            one => wanted.push(find(one)?.name()),
        }
    }
    let chosen: Vec<_> = all().filter(|p| wanted.contains(&p.name())).collect();
    if chosen.is_empty() {
        Err(ProxyError::NoProxy)
    } else {
        Ok(chosen)
    }
}

/// What a contract says beside name and title, as heading and text, in reading order.
pub fn facts(contract: &Contract) -> [(&'static str, String); 10] {
    [
        ("formula", contract.formula.into()),
        ("better", word(&contract.direction)),
        ("input", word(&contract.input)),
        ("weights", word(&contract.init)),
        ("batch norm", word(&contract.batch_norm)),
        ("numbers", word(&contract.precision)),
        ("cost", contract.cost.into()),
        ("beware", contract.failures.into()),
        ("paper", contract.paper.into()),
        ("equals", contract.reference.into()),
    ]
}

/// A proxy's contract as text for people.
pub fn explain(proxy: &dyn Proxy) -> String {
    let contract = proxy.contract();
    let mut text = format!("{}: {}\n", contract.name, contract.title);
    for (head, body) in facts(contract) {
        let _ = writeln!(text, "  {head:<11} {body}");
    }
    text
}

/// The documentation's table in Markdown, one row a proxy.
pub fn markdown_table() -> String {
    let mut text = String::from(
        "| proxy | formula | better | input | weights | batch norm | cost |\n|---|---|---|---|---|---|---|\n",
    );
    for proxy in all() {
        let c = proxy.contract();
        let formula = c.formula.replace('|', "\\|");
        let _ = writeln!(
            text,
            "| {} | {formula} | {} | {} | {} | {} | {} |",
            c.name,
            word(&c.direction),
            word(&c.input),
            word(&c.init),
            word(&c.batch_norm),
            c.cost
        );
    }
    text
}

/// A variant's name in words: `TwoBatches` is `two batches`.
fn word(variant: &impl std::fmt::Debug) -> String {
    let mut text = String::new();
    for letter in format!("{variant:?}").chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push(' ');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

/// Levenshtein's distance: insertions, deletions and replacements between two names.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_there_once_and_finds_its_proxy() {
        let mut names: Vec<_> = all().map(Proxy::name).collect();
        assert!(names.iter().all(|n| find(n).unwrap().name() == *n));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn table_and_explanations_name_every_proxy() {
        let table = markdown_table();
        for proxy in all() {
            assert!(table.contains(&format!("| {} |", proxy.name())));
            assert!(explain(proxy).starts_with(proxy.name()));
        }
        assert_eq!(table.lines().count(), all().count() + 2);
    }
}
