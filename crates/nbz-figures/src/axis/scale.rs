//! How values become places.

/// How values become places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scale {
    /// As they are.
    Linear,
    /// By their decimal logarithm; values at or under zero stand at the axis's lower end.
    Log,
    /// Linear up to a size, logarithmic beyond it on either side of zero.
    Symmetric {
        /// Up to which size it is linear.
        linear: f64,
    },
}

impl Scale {
    pub(super) fn place(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Log if value > 0.0 => value.log10(),
            Self::Log => f64::NEG_INFINITY,
            Self::Symmetric { linear } => match value.abs() / linear {
                size if size <= 1.0 => value / linear,
                size => (1.0 + size.log10()).copysign(value),
            },
        }
    }
}
