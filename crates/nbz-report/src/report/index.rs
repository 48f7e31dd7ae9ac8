//! The overview of a report: what was computed on what, and what it says.

use super::Report;
use crate::compare::{across_beside_the_paper, beside_the_paper};
use crate::part::Part;
use crate::sheet::Sheet;

impl Report {
    /// The overview that a reader opens first.
    pub fn index(&self, parts: &[Part]) -> String {
        let mut out = format!(
            "# nbzero report\n\nMade by nbzero {}. Every number below comes from the tables named; \
             files of the same name in CSV and JSON hold them in full.\n",
            self.version
        );
        if !self.left_out.is_empty() {
            out += "\n## Left out\n\n";
            for left_out in &self.left_out {
                out += &format!("- {left_out}.\n");
            }
        }
        if parts.contains(&Part::Table1) {
            for table in &self.table1 {
                out += &format!("\n## {}\n\n", table.title);
                for sentence in table.summary().sentences() {
                    out += &format!("- {sentence}\n");
                }
                out += &format!("- {}.\n", table.provenance);
                out += &format!(
                    "- Full table: [table1/{id}.md](table1/{id}.md).\n",
                    id = table.id
                );
                out += &paper_link(&table.id, beside_the_paper(table).as_ref());
            }
        }
        for (part, tables) in [(Part::Table2, &self.table2), (Part::Table3, &self.table3)] {
            if parts.contains(&part) {
                if tables.is_empty() {
                    out += &format!("\n## {}\n\n{}\n", part.heading(), part.why_empty());
                }
                for across in tables {
                    let (part, id) = (part.name(), &across.id);
                    out += &format!("\n## {}\n\n{}", across.title, across.sheet().grid());
                    out += &format!("\n- Full table: [{part}/{id}.md]({part}/{id}.md).\n");
                    out += &paper_link(id, across_beside_the_paper(across).as_ref());
                }
            }
        }
        if let Some(claims) = &self.claims {
            let heading = Part::Claims.heading();
            out += &format!("\n## {heading}\n\n{}", claims.overview().grid());
            out += "\n- Every number and rule: [claims.md](claims.md).\n";
        }
        for standing in &self.standings {
            let (heading, id) = (Part::Standing.heading(), &standing.id);
            out += &format!("\n## {heading}: {}\n\n", standing.title);
            for sentence in standing.sentences() {
                out += &format!("- {sentence}\n");
            }
            out += &format!("- Every number and rule: [standing/{id}.md](standing/{id}.md).\n");
        }
        for alike in &self.alike {
            let (heading, part) = (Part::Similarity.heading(), Part::Similarity.name());
            out += &format!(
                "\n## {heading}: {}\n\n{}\n",
                alike.title,
                alike.sheet().grid()
            );
            for sentence in alike.sentences() {
                out += &format!("- {sentence}\n");
            }
            let id = &alike.id;
            out += &format!("- All pairs: [{part}/{id}.csv]({part}/{id}.csv).\n");
        }
        out
    }
}

/// The line that leads to a comparison with the paper, if there is one.
fn paper_link(id: &str, sheet: Option<&Sheet>) -> String {
    match sheet {
        Some(_) => format!("- Beside the paper's numbers: [paper/{id}.md](paper/{id}.md).\n"),
        None => String::new(),
    }
}
