//! Zero-shot proxies: one file each, one plan that shares their passes.
