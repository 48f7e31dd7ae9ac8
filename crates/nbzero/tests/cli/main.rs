//! The program from outside: one binary of tests, a module a theme.

mod by_space;
mod cluster;
mod engines;
mod explorer;
mod generated;
mod golden;
#[expect(
    dead_code,
    reason = "shared with the engine's tests, which use more of it"
)]
#[path = "../../../nbz-engine/tests/golden/mod.rs"]
mod golden_cases;
mod golden_scores;
mod json_keys;
mod left_out;
#[cfg(unix)]
mod own_images;
mod own_page;
mod own_proxy;
mod own_space;
mod reproduce;
mod run;
mod score;
mod score_input;
mod snapshots;
mod streams;
mod together;
mod tour;
mod train;
