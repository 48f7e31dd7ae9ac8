//! The command line of nbzero.

fn main() {}
