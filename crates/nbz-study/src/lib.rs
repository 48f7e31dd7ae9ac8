//! Ranks, correlations, budgets and mBR on plain slices.
