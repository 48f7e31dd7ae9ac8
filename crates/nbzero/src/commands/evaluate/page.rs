//! What `evaluate` prints beside a table: Table 1's form, and the paired differences.

use nbz_report::ORACLE;
use nbz_study::{Comparison, Interval, Statistic};

use crate::budgets::BudgetArgs;
use crate::commands::evaluate::alone::share;
use crate::commands::evaluate::beside::Seen;
use crate::console;
use crate::grid::{Align, Grid, plain};

/// Scores of one's own up to which their differences are shown.
const MANY: usize = 3;
/// The most budgets that have a column of their own; --json has the others.
const MOST_COLUMNS: usize = 10;

/// The axis that the page shows: the first one asked for, else the MACs.
struct Shown<'a> {
    name: &'a str,
    headings: Vec<String>,
    legend: String,
}

impl<'a> Shown<'a> {
    fn of(comparison: &'a Comparison, budget: &BudgetArgs) -> Option<Self> {
        let mbr = comparison.rows().first()?.measures.mbr.as_ref()?;
        let axis = mbr.axes.first()?;
        let mut headings = budget.headings(axis);
        let found = if headings.len() > MOST_COLUMNS {
            headings.clear();
            "Accuracy found: --json has it, the page no room.".to_owned()
        } else if headings.iter().all(|heading| heading.ends_with('%')) {
            format!(
                "n %: accuracy found within n % of the range of {}.",
                axis.name
            )
        } else {
            format!(
                "Right of mBR: accuracy found under each budget of {}.",
                axis.name
            )
        };
        Some(Self {
            name: &axis.name,
            headings,
            legend: format!(
                "mBR: mean over {}, ties averaged; 0 is the oracle; t: by row order it is more than \
                 0.01 away.\n{found}",
                budget.words(axis)
            ),
        })
    }
}

impl Seen<'_> {
    pub(super) fn page(&self, budget: &BudgetArgs) -> String {
        let width = console::width();
        let shown = Shown::of(self.comparison, budget);
        let mut out = self.table(shown.as_ref()).text(width);
        let legend = shown
            .as_ref()
            .map_or("The table has no cost, so there are no budgets.", |shown| {
                &shown.legend
            });
        out.push_str(&format!("\n* yours. {legend}\n"));
        if let (Some(why), Some(_)) = (self.lineup.pool().mbr_undefined(), &shown) {
            out.push_str(&format!("mBR is undefined: {why}.\n"));
        }
        if let Some(bound) = self.lineup.noise_in_words() {
            out.push_str(&format!("{bound}.\n"));
        }
        if !self.hybrids.is_empty() {
            out.push_str(&format!("\n{}", self.read_otherwise(shown.as_ref(), width)));
        }
        // A page a score: whoever brings many wants the table first.
        let apart = if self.own.len() > MANY { &[] } else { self.own };
        if apart.is_empty() {
            out.push_str("\nName scores with --score to see their differences from the others, or take --json.\n");
        }
        for mine in apart {
            let name = plain((*mine).to_owned());
            out.push_str(&format!("\n{name} less each other:\n\n"));
            out.push_str(&differences(self.comparison, mine, shown.as_ref()).text(width));
        }
        out.push_str(
            "\n[low, high]: 95 % intervals over other networks of the space, not over other trainings.\n",
        );
        out
    }

    /// The hybrids with ranks taken anew, and by votes on pairs.
    fn read_otherwise(&self, shown: Option<&Shown<'_>>, width: Option<usize>) -> String {
        let mut grid = Grid::new([
            ("hybrid", Align::Left),
            ("mBR, re-ranked", Align::Right),
            ("pairs right", Align::Right),
        ]);
        for (name, found) in self.hybrids {
            let mbr = shown.and_then(|shown| found.mbr_anew(shown.name));
            grid.row([(*name).to_owned(), share(mbr), share(found.pairs_right)]);
        }
        format!(
            "{}\nre-ranked: among the feasible networks of each budget. pairs right: the share of ordered pairs that \
             zero-cost-nas' vote\n(better if at least half of the proxies say so) decides as accuracy does.\n",
            grid.text(width)
        )
    }

    /// Table 1's form: a row a score, the user's first, the oracle and random choice last.
    fn table(&self, shown: Option<&Shown<'_>>) -> Grid {
        let mut headings = vec![("score".to_owned(), Align::Left)];
        let found = shown
            .map(|shown| shown.headings.as_slice())
            .unwrap_or_default();
        let before = ["LC", "KD", "SR", "mBR"].map(str::to_owned);
        let right = before.iter().chain(found).cloned();
        headings.extend(right.chain(["NaN".to_owned()]).map(|h| (h, Align::Right)));
        let mut grid = Grid::new(headings);
        for row in self.comparison.rows() {
            let m = &row.measures;
            let mark = if self.own.contains(&row.name.as_str()) {
                " *"
            } else {
                ""
            };
            let mut cells = vec![format!("{}{mark}", row.name)];
            cells.extend([m.lc, m.kd, m.sr].map(share));
            let axis = shown.and_then(|shown| m.mbr.as_ref()?.axis(shown.name));
            let tied = axis.is_some_and(|axis| axis.mean.tie_sensitive);
            let sign = if tied { "t " } else { "" };
            cells.push(format!(
                "{sign}{}",
                share(axis.map(|axis| axis.mean.mbr_ties))
            ));
            cells
                .extend((0..found.len()).map(|i| accuracy(axis.map(|a| a.picks[i].pick_acc_ties))));
            cells.push(m.n_nan.to_string());
            grid.row(cells);
        }
        let random = self.lineup.pool().random_choice();
        let axis = shown.and_then(|shown| random.axes.iter().find(|axis| axis.name == shown.name));
        let mut cells = vec!["random choice".to_owned()];
        cells.extend([share(Some(0.0)), share(Some(0.0)), share(Some(0.0))]);
        cells.push(share(axis.map(|axis| axis.mbr)));
        cells.extend((0..found.len()).map(|i| accuracy(axis.map(|axis| axis.found[i]))));
        cells.push("0".to_owned());
        grid.row(cells);
        grid
    }
}

fn accuracy(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |v| format!("{v:.2}"))
}

/// The paired differences of one row to every other but the oracle.
fn differences(comparison: &Comparison, mine: &str, shown: Option<&Shown<'_>>) -> Grid {
    let mut grid = Grid::new([
        ("other", Align::Left),
        ("KD", Align::Right),
        ("SR", Align::Right),
        ("mBR", Align::Right),
    ]);
    let mbr = shown.map(|shown| Statistic::MbrTies(shown.name.to_owned()));
    let others = comparison.rows().iter().map(|row| row.name.as_str());
    for other in others.filter(|other| *other != mine && *other != ORACLE) {
        let Some(difference) = comparison.difference(mine, other) else {
            continue;
        };
        grid.row([
            other.to_owned(),
            interval(difference.get(&Statistic::Kd)),
            interval(difference.get(&Statistic::Sr)),
            interval(mbr.as_ref().and_then(|mbr| difference.get(mbr))),
        ]);
    }
    grid
}

fn interval(interval: Option<Interval>) -> String {
    interval.map_or_else(
        || "-".to_owned(),
        |i| format!("{:+.4} [{:+.4}, {:+.4}]", i.estimate, i.low, i.high),
    )
}
