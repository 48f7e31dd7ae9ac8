//! Networks a second of each space, and hours for the paper's lists.

use std::fmt::Write as _;

use nbz_engine::cpu::Path;
use nbz_space::{Arch, Dataset, Space, Task};

use crate::ours::{self, How};

/// The networks that are scored of each space: every so many of the list.
const SAMPLE: usize = 12;

/// How many networks the paper drew of each space.
const LISTS: [(&str, usize); 3] = [("r1", 14_964), ("r2", 10_187), ("mb", 9_743)];

pub(crate) fn table(path: Path) -> String {
    let mut text = format!(
        "## Spaces\n\n\
         The nine of {SAMPLE} networks spread over the first networks of each list, CIFAR-100, one thread, processor\n\
         time; the list's time is the sample's by its multiply-adds, on two cores.\n\n\
         | space | networks | sample s | networks a second and core | list MMAC a network | list hours |\n\
         |---|---|---|---|---|---|\n"
    );
    let mut hours = 0.0;
    for (name, count) in LISTS {
        let space = Space::builtin(name).unwrap();
        let list: Vec<Arch> = space.draw(0).take(count).map(Arch::Staged).collect();
        let task = Task::from(Dataset::Cifar100);
        let macs = |arch: &Arch| arch.costs(task).macs.get() as f64;
        let (mut seconds, mut sampled) = (0.0, 0.0);
        for arch in list.iter().step_by(count / SAMPLE).take(SAMPLE) {
            // Processor time of seconds needs no second round.
            let how = How {
                path,
                threads: 1,
                winograd: false,
                rounds: 1,
            };
            let nine = ours::nine(&arch.to_string(), &arch.network(task), how);
            seconds += nine.seconds;
            sampled += macs(arch);
        }
        eprintln!("{name}: {seconds:.2} s for {SAMPLE} networks");
        let all: f64 = list.iter().map(macs).sum();
        let list_hours = seconds / sampled * all / 2.0 / 3600.0;
        hours += list_hours;
        writeln!(
            text,
            "| {name} | {count} | {seconds:.1} | {:.2} | {:.0} | {list_hours:.1} |",
            SAMPLE as f64 / seconds,
            all / count as f64 / 1e6
        )
        .unwrap();
    }
    text + &format!("\nAll 34,894 networks: {hours:.1} hours on two cores.\n")
}
