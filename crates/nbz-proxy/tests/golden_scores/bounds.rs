//! Tolerances. In f64 they are those of two programs that sum in different orders; in f32 they cover
//! what other kernels, last bits of weights and permuted batches were measured to do to the published
//! code, where ReLUs near 0 flip.

/// Whether the passes run in f64.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Double(pub(crate) bool);

/// How far a number may be from the expected one.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bound {
    Exact,
    Relative(f64),
    Absolute(f64),
    /// Of the case's snip: plain cancels to nearly 0.
    OfSnip(f64),
}

use Bound::{Absolute, Exact, OfSnip, Relative};

/// Name, in f64, in f32.
pub(crate) const BOUNDS: &[(&str, Bound, Bound)] = &[
    ("grad_norm", Relative(1e-11), Relative(1e-3)),
    ("plain", OfSnip(1e-12), OfSnip(1e-6)),
    ("snip", Relative(1e-11), Relative(1e-3)),
    ("grasp", Relative(1e-9), Relative(1e-2)),
    ("fisher", Relative(1e-11), Relative(2e-3)),
    // Not published: early layers, which feel most ReLUs flip, weigh more than in fisher.
    ("fisher_nofan", Relative(1e-11), Relative(5e-3)),
    ("synflow", Relative(1e-12), Relative(1e-12)),
    ("ln_synflow", Relative(1e-12), Relative(1e-12)),
    ("logsynflow", Relative(1e-12), Relative(1e-12)),
    ("jacob_cov", Relative(1e-10), Absolute(5e-3)),
    ("epe_nas", Relative(1e-9), Relative(2e-2)),
    ("nwot", Relative(1e-10), Absolute(1e-4)),
    ("l2_norm", Relative(1e-12), Relative(1e-5)),
    ("ntk", Relative(1e-9), Relative(2e-2)),
    ("zen", Relative(1e-10), Absolute(2e-5)),
    ("zen_residual", Relative(1e-10), Absolute(2e-5)),
    ("zen_paper", Relative(1e-10), Absolute(2e-5)),
    ("zico", Relative(1e-7), Relative(2e-2)),
    ("gradsign", Absolute(4.0), Relative(3e-4)),
    ("gradsign_mean", Relative(1e-5), Relative(3e-4)),
    ("swap", Exact, Absolute(3.0)),
    ("az_expr", Absolute(1e-10), Absolute(1e-5)),
    ("az_prog", Absolute(1e-10), Absolute(1e-5)),
    ("az_train", Absolute(1e-10), Absolute(1e-3)),
    ("az_comp", Exact, Exact),
    ("meco", Relative(1e-9), Absolute(1e-3)),
];

impl Bound {
    #[track_caller]
    pub(crate) fn assert(self, found: f64, expected: f64, snip: f64, what: &str) {
        let limit = match self {
            Exact => 0.0,
            Relative(r) => r * expected.abs(),
            Absolute(a) => a,
            OfSnip(r) => r * snip,
        };
        let error = (found - expected).abs();
        assert!(
            error <= limit,
            "{what}: {found} for {expected}, off by {error:e}, allowed {limit:e}"
        );
    }
}
