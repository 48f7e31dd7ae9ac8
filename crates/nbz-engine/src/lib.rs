//! Runs a network: forward, backward, tangent and per-sample passes.
