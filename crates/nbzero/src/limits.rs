//! Budgets as people type them: `--max-macs 60M --max-params 2M --max raspi4_latency_ms=3ms`.
//!
//! Three costs have flags of their own, under the names that users of other search programs type too;
//! any other column is limited by `--max`. `--max-flops` means MACs: what papers call FLOPs.

use std::str::FromStr;

use nbz_table::{Bound, Constraint, Quantity};
use serde::Serialize;

use crate::number::Real;
use crate::source::Source;

/// What was typed.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitArgs {
    /// Most multiply-accumulates for one image, such as 60M; papers often call them FLOPs
    #[arg(
        long,
        value_name = "MACS",
        value_parser = quantity,
        visible_alias = "max-flops",
        aliases = ["budget_flops", "budget-flops", "max_flops", "max_macs"]
    )]
    max_macs: Option<Quantity>,
    /// Most trainable parameters, such as 2M
    #[arg(
        long,
        value_name = "COUNT",
        value_parser = quantity,
        aliases = ["budget_model_size", "budget-model-size", "max_params"]
    )]
    max_params: Option<Quantity>,
    /// Most weighted layers on a path, such as 20
    #[arg(
        long,
        value_name = "LAYERS",
        value_parser = quantity,
        visible_alias = "max-layers",
        aliases = ["max_layers", "max_depth"]
    )]
    max_depth: Option<Quantity>,
    /// Most of any column, such as raspi4_latency_ms=3ms; may be repeated
    #[arg(long = "max", value_name = "COLUMN=VALUE")]
    max: Vec<ColumnLimit>,
}

/// `COLUMN=VALUE`.
#[derive(Debug, Clone)]
struct ColumnLimit {
    column: String,
    value: Quantity,
}

impl FromStr for ColumnLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (column, value) = text
            .split_once('=')
            .ok_or("a limit is COLUMN=VALUE, such as raspi4_latency_ms=3ms")?;
        Ok(Self {
            column: column.trim().to_owned(),
            value: quantity(value)?,
        })
    }
}

/// Reads a number with its unit; the refusal says what can be written.
pub(crate) fn quantity(text: &str) -> Result<Quantity, String> {
    text.parse().map_err(|e| with_hint(&e))
}

/// Reads a limit; the refusal says what can be written.
pub(crate) fn constraint(text: &str) -> Result<Constraint, String> {
    text.parse().map_err(|e| with_hint(&e))
}

fn with_hint(error: &nbz_table::Error) -> String {
    match error.hint() {
        Some(hint) => format!("{error}; {hint}"),
        None => error.to_string(),
    }
}

impl LimitArgs {
    /// The limits on the columns of a table, each checked against its column's unit.
    pub(crate) fn resolve(&self, source: &Source) -> anyhow::Result<Vec<Constraint>> {
        let named = [
            ("macs", &self.max_macs),
            ("params", &self.max_params),
            ("depth", &self.max_depth),
        ];
        let named = named
            .into_iter()
            .filter_map(|(column, value)| Some((column, value.as_ref()?)));
        let other = self.max.iter().map(|l| (l.column.as_str(), &l.value));
        named
            .chain(other)
            .map(|(column, value)| {
                let info = source.column(column)?;
                value.in_unit(info.unit)?;
                Ok(Constraint::new(
                    info.base_name(),
                    Bound::AtMost,
                    value.clone(),
                ))
            })
            .collect()
    }
}

/// A limit in a JSON document.
#[derive(Debug, Serialize)]
pub(crate) struct LimitDocument {
    column: String,
    bound: &'static str,
    value: Real,
}

impl LimitDocument {
    /// The limit in its column's own unit.
    pub(crate) fn new(limit: &Constraint, source: &Source) -> anyhow::Result<Self> {
        let info = source.column(limit.column())?;
        Ok(Self {
            column: info.name.clone(),
            bound: match limit.bound() {
                Bound::AtMost => "at most",
                Bound::AtLeast => "at least",
                Bound::Equal => "equal",
            },
            value: Real(limit.limit().in_unit(info.unit)?),
        })
    }
}
