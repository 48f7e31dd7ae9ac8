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
    /// More images than a proxy can look at.
    #[error("{proxy} looks at {most} images at most, {given} were asked for")]
    TooManyImages {
        /// The proxy.
        proxy: &'static str,
        /// The most images.
        most: usize,
        /// Images asked for.
        given: usize,
    },
    /// Labels that are all alike where the cross entropy is wanted.
    #[error("{proxy} needs labels of two classes, all are {class}")]
    OneClass {
        /// The proxy.
        proxy: &'static str,
        /// The only class.
        class: u32,
    },
    /// Labels of another number of classes than the network has.
    #[error("labels of {labels} classes for a network of {network}")]
    Classes {
        /// Classes of the labels.
        labels: usize,
        /// Classes of the network.
        network: usize,
    },
    /// A batch norm over maps of one pixel, where a proxy normalises each image alone.
    #[error("{proxy} normalises each image alone, but maps at {layer} have one pixel")]
    SinglePixel {
        /// The proxy.
        proxy: &'static str,
        /// The batch norm.
        layer: String,
    },
    /// Something that the engine refuses.
    #[error(transparent)]
    Engine(#[from] nbz_engine::EngineError),
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
            Self::TooManyImages { most, .. } => Some(format!("take {most}")),
            Self::OneClass { .. } => Some("take images of several classes".into()),
            Self::Classes { .. } => Some("give the network the classes of the data".into()),
            Self::SinglePixel { .. } => Some("take larger images, or leave the proxy out".into()),
            Self::Engine(error) => error.hint(),
            Self::MissingInput { .. } => Some("give it, or leave the proxy out".into()),
        }
    }
}
