//! The program from outside: one binary of tests, a module a theme.

mod generated;
mod golden;
mod json_keys;
mod reproduce;
mod run;
mod score;
mod snapshots;
mod streams;
