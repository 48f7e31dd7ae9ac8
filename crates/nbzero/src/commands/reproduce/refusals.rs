//! What no report is written into, or of.

use std::path::Path;

use nbz_report::Report;

use crate::failure::CommandError;
use crate::figures::Drawn;
use crate::page;

/// How the files begin that a report writes over; one that begins otherwise is somebody else's.
const OURS: [(&str, &str); 2] = [
    ("README.md", "# nbzero report\n"),
    (page::FILE, page::BEGINNING),
];

/// Refuses a folder that cannot be made since a file stands in its way; said now, not after a minute of work.
pub(super) fn refuse_below_a_file(folder: &Path) -> Result<(), CommandError> {
    match folder.ancestors().find(|path| path.exists()) {
        Some(path) if !path.is_dir() => Err(CommandError::File {
            verb: "write",
            path: folder.display().to_string(),
            source: std::io::ErrorKind::NotADirectory.into(),
        }),
        _ => Ok(()),
    }
}

/// Refuses a report in which nothing is but reasons why.
pub(super) fn refuse_nothing(report: &Report, drawn: &Drawn) -> Result<(), CommandError> {
    let left_out = report.left_out.first().map(ToString::to_string);
    let is_nothing = report.table1.is_empty() && report.claims.is_none() && drawn.prints.is_empty();
    match left_out.or_else(|| drawn.missing.first().cloned()) {
        Some(why) if is_nothing => Err(CommandError::Malformed {
            problem: format!("nothing can be computed: {why}"),
            hint: "name a table of networks with accuracies and finite costs, or of scores for Figure 7 and \
                       claims on scores"
                    .to_owned(),
        }),
        _ => Ok(()),
    }
}

/// Refuses to write over an overview or a page that no report has written.
pub(super) fn refuse_foreign(folder: &Path) -> Result<(), CommandError> {
    for (name, beginning) in OURS {
        page::refuse_foreign(
            &folder.join(name),
            beginning,
            "a report's",
            "name a folder of its own with -o",
        )?;
    }
    Ok(())
}
