//! Writes the report on the embedded tables into a folder.

use nbz_report::{Part, Report, Settings};
use nbz_table::Table;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "nbzero-report".to_owned());
    let tables = [Table::nas_bench_201(), Table::nas_bench_macro()];
    let report = Report::compute(&tables, &[], &Part::ALL, &Settings::default(), |_, _, _| ())?;
    report.write(folder.as_ref(), &Part::ALL, "")?;
    Ok(())
}
