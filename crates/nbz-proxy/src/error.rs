//! What can be wrong with a request for scores.

/// Why scores could not be computed at all (a score without value is not an error).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyError {
    /// A name that the registry does not have.
    #[error("unknown proxy {name:?}")]
    UnknownProxy {
        /// The name given.
        name: String,
        /// The nearest known name.
        nearest: &'static str,
    },
    /// No proxy was asked for.
    #[error("no proxy was asked for")]
    NoProxy,
    /// A batch with too few images for a proxy.
    #[error("{proxy} needs at least {needed} images, the batch has {given}")]
    BatchTooSmall {
        /// The proxy.
        proxy: &'static str,
        /// Images that it needs.
        needed: usize,
        /// Images in the batch.
        given: usize,
    },
    /// An input that a proxy needs and nobody gave.
    #[error("{proxy} needs {what}, which was not given")]
    MissingInput {
        /// The proxy.
        proxy: &'static str,
        /// What is missing.
        what: &'static str,
    },
}

impl ProxyError {
    /// What the user can do about it, where that is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownProxy { nearest, .. } => Some(format!("did you mean {nearest}?")),
            Self::NoProxy => Some("name some, or a set: paper, naive, newer, all".into()),
            Self::BatchTooSmall { needed, .. } => {
                Some(format!("take a batch of at least {needed}"))
            }
            Self::MissingInput { .. } => Some("give it, or leave the proxy out".into()),
        }
    }
}
