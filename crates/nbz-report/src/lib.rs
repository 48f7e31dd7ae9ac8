//! The tables of the paper, computed on any benchmark table.
