//! How the program behaves: exit codes, units, JSON.

use super::Topic;

pub(super) const TOPICS: &[Topic] = &[
    Topic {
        name: "exit-codes",
        aliases: &["exit-code", "exit", "errors"],
        title: "how the program ends",
        formula: "0: everything was done but what a warning names, or the reader of the output closed the pipe\n\
            1: something went wrong that has no number of its own\n\
            2: the command line cannot be understood\n\
            3: an input is malformed or contradicts itself\n\
            4: what was asked for is not there: a table, a column, an architecture, a network within the limits\n\
            5: a file or the output cannot be read or written\n\
            85: a training or a worker was told to stop (SIGTERM, SIGUSR1); the same command goes on\n\
            130: interrupted by Ctrl-C; no file stands half-written under its final name, a training keeps a checkpoint first",
        convention: "With any code but 0 nothing stands on standard output, except where the reader closed it or a disk filled \
            while it was being written.",
        source: "the constants of `nbzero::exit_code`",
    },
    Topic {
        name: "units",
        aliases: &["unit", "quantities"],
        title: "how numbers are written on the command line",
        formula: "60M, 1.5G, 200k; 3ms, 0.003s, 40us; 12mJ; 91.5%; 1e6; 14_964",
        convention: "A bare number is in the column's own unit. k, M, G mean 10^3, 10^6, 10^9; `m` alone is refused, it could \
            mean milli. A limit converts within its kind only: 3ms is no limit on MACs.",
        source: "this project",
    },
    Topic {
        name: "json",
        aliases: &["--json"],
        title: "the form of --json",
        formula: "one document on standard output; docs/json.md lists the keys of every command",
        convention: "Keys are added, never renamed or removed within a major version. NaN is null; infinities are the strings \
            \"inf\" and \"-inf\". A value that was never computed is absent or null, as the page says for each key.",
        source: "this project",
    },
    Topic {
        name: "own-proxy",
        aliases: &["cmd", "my-proxy"],
        title: "a proxy of your own, from any program",
        formula: "nbzero score ... --proxy 'NAME=cmd:COMMAND'\n\
            it reads: {\"id\": 7, \"arch\": \"...\", \"seed\": 0, \"graph\": {...}, \"weights\": PATH, \"batch\": PATH}\n\
            it writes: {\"id\": 7, \"score\": 1.25} or {\"id\": 7, \"error\": \"why not\"}",
        convention: "One process a thread; one line a network on its standard input, one line back on its standard output, until the \
            input ends. Weights are a state dict, the batch `images` [N, 3, H, W] and `labels` [N], both safetensors files that are \
            there until the answer. Standard error is shown. Larger is better unless --smaller NAME. The command and the \
            contents of the files that it names are part of the recipe. A network without a finite score has a reason: not_finite, program_error, timed_out, died, \
            garbage, wrong_id.",
        source: "docs/proxies.md; examples/my_proxy.py is a whole one",
    },
];

#[cfg(test)]
mod tests {
    #[test]
    fn the_exit_codes_are_those_of_the_library() {
        let written: Vec<String> = nbzero::exit_code::ALL
            .iter()
            .map(|(code, meaning)| format!("{code}: {meaning}"))
            .collect();
        assert_eq!(super::TOPICS[0].formula, written.join("\n"));
    }
}
