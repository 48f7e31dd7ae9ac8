//! How the program ends, for scripts that call it.
//!
//! The numbers are part of the interface and do not change. A reader that closes the pipe early
//! (`nbzero space list | head -1`) is no failure: the program then ends quietly with [`OK`].

/// Everything was done but what a warning names: `reproduce` leaves out what it cannot measure. There is no code of
/// its own for that, because scripts take every code but 0 for a report that is not there.
pub const OK: u8 = 0;
/// Something went wrong that has no number of its own. Please report it.
pub const OTHER: u8 = 1;
/// The command line cannot be understood: an unknown flag, a missing or malformed value.
pub const USAGE: u8 = 2;
/// An input is malformed or contradicts itself: an architecture, a space, a table, a CSV or JSON file.
pub const BAD_INPUT: u8 = 3;
/// The input is sound, but what was asked for is not in it: a table, a column, an architecture, a
/// network within the limits.
pub const NOT_FOUND: u8 = 4;
/// A file or the output cannot be read or written.
pub const IO: u8 = 5;
/// A training or a worker was told to stop, by SIGTERM or SIGUSR1: the same command goes on.
pub const TO_BE_CONTINUED: u8 = 85;
/// Ctrl-C. No file stands half-written under its final name; a training keeps a checkpoint first.
pub const INTERRUPTED: u8 = 130;

/// Every code with what it says, in ascending order.
///
/// ```
/// let codes: Vec<u8> = nbzero::exit_code::ALL.iter().map(|(code, _)| *code).collect();
/// assert_eq!(codes, [0, 1, 2, 3, 4, 5, 85, 130]);
/// ```
pub const ALL: [(u8, &str); 8] = [
    (
        OK,
        "everything was done but what a warning names, or the reader of the output closed the pipe",
    ),
    (OTHER, "something went wrong that has no number of its own"),
    (USAGE, "the command line cannot be understood"),
    (BAD_INPUT, "an input is malformed or contradicts itself"),
    (
        NOT_FOUND,
        "what was asked for is not there: a table, a column, an architecture, a network within the limits",
    ),
    (IO, "a file or the output cannot be read or written"),
    (
        TO_BE_CONTINUED,
        "a training or a worker was told to stop (SIGTERM, SIGUSR1); the same command goes on",
    ),
    (
        INTERRUPTED,
        "interrupted by Ctrl-C; no file stands half-written under its final name, a training keeps a checkpoint first",
    ),
];
