//! A hybrid of proxies as people type it: `NAME=KIND:PROXY,PROXY`.

use std::str::FromStr;

use nbz_study::Hybrid;

/// Several proxies as one score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedHybrid {
    pub(crate) name: String,
    pub(crate) kind: Hybrid,
    pub(crate) parts: Vec<String>,
}

impl FromStr for NamedHybrid {
    type Err = String;

    /// Without `NAME=` the hybrid is called `KIND(PROXY,PROXY)`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (name, rest) = match text.split_once('=') {
            Some((name, rest)) => (Some(name.trim()), rest),
            None => (None, text),
        };
        let (kind, parts) = rest
            .split_once(':')
            .ok_or("write NAME=KIND:PROXY,PROXY, such as both=ranksum:zen,synflow")?;
        let found = Hybrid::ALL.into_iter().find(|h| h.name() == kind.trim());
        let kind = found.ok_or_else(|| {
            let known = Hybrid::ALL.map(Hybrid::name).join(", ");
            format!("`{}` is no hybrid; known are {known}", kind.trim())
        })?;
        let parts: Vec<String> = parts.split(',').map(|p| p.trim().to_owned()).collect();
        if parts.len() < 2 || parts.iter().any(String::is_empty) {
            return Err("a hybrid has at least two proxies, separated by commas".to_owned());
        }
        if let Some(twice) = parts
            .iter()
            .enumerate()
            .find(|(i, p)| parts[..*i].contains(p))
        {
            return Err(format!("`{}` is named twice", twice.1));
        }
        let name = match name {
            Some("") => return Err("the name before `=` is empty".to_owned()),
            Some(name) => name.to_owned(),
            None => format!("{kind}({})", parts.join(",")),
        };
        Ok(Self { name, kind, parts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_a_kind_and_proxies() {
        let az: NamedHybrid = "az=logranksum:az_expr, az_prog".parse().expect("a hybrid");
        assert_eq!((az.name.as_str(), az.kind), ("az", Hybrid::LogRankSum));
        assert_eq!(az.parts, ["az_expr", "az_prog"]);
        let unnamed: NamedHybrid = "vote:a,b".parse().expect("a hybrid");
        assert_eq!(unnamed.name, "vote(a,b)");
        for bad in [
            "",
            "ranksum",
            "sum:a,b",
            "ranksum:a",
            "ranksum:a,,b",
            "=vote:a,b",
            "vote:a,a",
        ] {
            assert!(bad.parse::<NamedHybrid>().is_err(), "{bad}");
        }
    }
}
