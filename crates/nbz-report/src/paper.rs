//! The paper's own numbers (NAS-Bench-Zero, ICLR 2022 submission, Tables 1 to 3), for a look side by
//! side.
//!
//! They were computed on other networks, so nothing here says that two numbers should agree: a
//! comparison shows which proxies come first on either side. The names of the paper are translated to
//! the columns of public tables; what has no counterpart is left out.

const TABLE1: &str = include_str!("../paper/table1.csv");
const TABLE2: &str = include_str!("../paper/table2.csv");
const TABLE3: &str = include_str!("../paper/table3.csv");

/// One printed number: which proxy, under which heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Printed {
    /// The paper's name of the proxy.
    pub proxy: &'static str,
    /// The heading (`lc`, `mbr`, `acc_20`; in Tables 2 and 3 a data set or space and a criterion).
    pub heading: String,
    /// The number.
    pub value: f64,
}

/// The numbers of one of the paper's tables (1 to 3), in printed order.
pub fn printed(table: u8) -> Vec<Printed> {
    let (text, keys) = match table {
        1 => (TABLE1, 1),
        2 => (TABLE2, 2),
        _ => (TABLE3, 2),
    };
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap_or_default();
    let mut out = Vec::new();
    for line in lines {
        for (&name, cell) in header[keys..].iter().zip(&line[keys..]) {
            let Ok(value) = cell.parse() else { continue };
            out.push(if keys == 1 {
                Printed {
                    proxy: line[0],
                    heading: name.to_owned(),
                    value,
                }
            } else {
                Printed {
                    proxy: name,
                    heading: format!("{} {}", line[0], line[1]),
                    value,
                }
            });
        }
    }
    out
}

/// The paper's number for a proxy under a heading.
pub fn lookup(table: u8, proxy: &str, heading: &str) -> Option<f64> {
    printed(table)
        .into_iter()
        .find(|p| p.proxy == proxy && p.heading == heading)
        .map(|p| p.value)
}

/// The paper's name for a column of a public table, where both mean the same score.
///
/// `nbsz_` columns are those of NAS-Bench-Suite-Zero; its `jacov` is the paper's `jacob_cov`. FLOPs in
/// the paper are multiply-accumulates.
///
/// ```
/// use nbz_report::paper::name_of;
/// assert_eq!(name_of("nbsz_jacov"), Some("jacob_cov"));
/// assert_eq!(name_of("macs"), Some("flops"));
/// assert_eq!(name_of("nbsz_flops"), None); // another convention
/// ```
pub fn name_of(column: &str) -> Option<&'static str> {
    const NAMES: [&str; 13] = [
        "oracle",
        "params",
        "depth",
        "fisher",
        "grad_norm",
        "snip",
        "grasp",
        "jacob_cov",
        "plain",
        "synflow",
        "ntk",
        "zen",
        "flops",
    ];
    let plain = match column {
        "nbsz_flops" | "nbsz_params" | "flops" => return None,
        "macs" => "flops",
        "nbsz_jacov" => "jacob_cov",
        other => other.strip_prefix("nbsz_").unwrap_or(other),
    };
    NAMES.into_iter().find(|&name| name == plain)
}

/// The columns that have one of the paper's names, in their order; where two have the same, the first.
///
/// ```
/// use nbz_report::paper::by_paper_name;
/// let found = by_paper_name(["zen", "nwot", "nbsz_zen"], |column| column);
/// assert_eq!(found, [("zen", "zen")]);
/// ```
pub fn by_paper_name<T>(
    columns: impl IntoIterator<Item = T>,
    name: impl Fn(&T) -> &str,
) -> Vec<(&'static str, T)> {
    let mut found: Vec<(&'static str, T)> = Vec::new();
    for column in columns {
        if let Some(name) = name_of(name(&column))
            && found.iter().all(|(known, _)| *known != name)
        {
            found.push((name, column));
        }
    }
    found
}

/// The name by which this project calls the score of a public table's column.
///
/// NAS-Bench-Suite-Zero's zen keeps the shortcuts of reduction blocks, so it is `zen_residual`; its `flops` and
/// `params` are of another convention and keep their names.
///
/// ```
/// use nbz_report::paper::plain_name;
/// assert_eq!(plain_name("nbsz_jacov"), "jacob_cov");
/// assert_eq!(plain_name("nbsz_zen"), "zen_residual");
/// assert_eq!(plain_name("nbsz_params"), "nbsz_params");
/// assert_eq!(plain_name("snip"), "snip");
/// ```
pub fn plain_name(column: &str) -> &str {
    match column {
        "nbsz_flops" | "nbsz_params" => column,
        "nbsz_jacov" => "jacob_cov",
        "nbsz_zen" => "zen_residual",
        other => other.strip_prefix("nbsz_").unwrap_or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_tables_hold_every_printed_number() {
        // Oracle: the shape of the paper's tables: 13 rows of 9, 3 x 2 rows of 12, 3 x 2 rows of 12.
        assert_eq!(printed(1).len(), 117);
        assert_eq!(printed(2).len(), 72);
        assert_eq!(printed(3).len(), 72);
        assert_eq!(lookup(1, "snip", "sr"), Some(0.83));
        assert_eq!(lookup(3, "ntk", "mb mbr"), Some(0.982));
    }
}
