//! What can be wrong with what a user gives to the engine.

use crate::cpu::PathError;

/// An input that the engine refuses, with the offending values.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// A tensor of the network is not among the weights.
    #[error("weight {name} of shape {expected:?} is missing")]
    MissingWeight {
        /// Name in the state dict.
        name: String,
        /// The shape that the network needs.
        expected: Vec<usize>,
    },
    /// A tensor among the weights belongs to no layer.
    #[error("weight {name} of shape {shape:?} belongs to no layer of the network")]
    SurplusWeight {
        /// Name in the state dict.
        name: String,
        /// Its shape.
        shape: Vec<usize>,
    },
    /// A tensor has another shape than its layer.
    #[error("weight {name} has shape {found:?}, the network needs {expected:?}")]
    WeightShape {
        /// Name in the state dict.
        name: String,
        /// The shape that the network needs.
        expected: Vec<usize>,
        /// The shape that was given.
        found: Vec<usize>,
    },
    /// A tensor has another number of values than its shape says.
    #[error("tensor {name} of shape {shape:?} holds {values} values")]
    ValueCount {
        /// Name of the tensor.
        name: String,
        /// Its shape.
        shape: Vec<usize>,
        /// The values that were given.
        values: usize,
    },
    /// A tensor holds NaN or an infinity.
    #[error("tensor {name} of shape {shape:?} holds {value} at position {position}")]
    NotFinite {
        /// Name of the tensor.
        name: String,
        /// Its shape.
        shape: Vec<usize>,
        /// Position in row-major order.
        position: usize,
        /// The value.
        value: f64,
    },
    /// A finite number that the device cannot hold.
    #[error(
        "tensor {name} holds {value} at position {position}, the device's numbers end at {largest}"
    )]
    TooLarge {
        /// Name of the tensor.
        name: String,
        /// Position in row-major order.
        position: usize,
        /// The value.
        value: f64,
        /// The largest magnitude of the device.
        largest: f64,
    },
    /// A running variance is negative.
    #[error("tensor {name} holds the variance {value} at position {position}")]
    NegativeVariance {
        /// Name of the tensor.
        name: String,
        /// Position in the tensor.
        position: usize,
        /// The value.
        value: f64,
    },
    /// A tensor of a file has a type that is not a 32 or 64 bit float.
    #[error("tensor {name} of shape {shape:?} has type {dtype}, not F32 or F64")]
    WeightType {
        /// Name of the tensor.
        name: String,
        /// Its shape.
        shape: Vec<usize>,
        /// The type as the file names it.
        dtype: String,
    },
    /// A file is not a safetensors file.
    #[error("not a safetensors file: {reason}")]
    Safetensors {
        /// What the reader found.
        reason: String,
    },
    /// The images have another shape than the network's input.
    #[error("images have shape {found}, the network reads {expected}")]
    ImageShape {
        /// The network's input.
        expected: nbz_space::Shape,
        /// The images.
        found: nbz_space::Shape,
    },
    /// A batch without images.
    #[error("the batch holds no image")]
    EmptyBatch,
    /// The number of labels is not the number of images.
    #[error("{labels} labels for {images} images")]
    LabelCount {
        /// Labels that were given.
        labels: usize,
        /// Images of the batch.
        images: usize,
    },
    /// A label is not a class of the network.
    #[error("label {label} of image {image} is not below {classes}")]
    LabelRange {
        /// The label.
        label: u32,
        /// Position of the image.
        image: usize,
        /// Number of classes.
        classes: usize,
    },
    /// Labels or targets of another number of classes than the pass has outputs.
    #[error("labels of {labels} classes for {outputs} outputs of an image")]
    ClassCount {
        /// Classes of the labels.
        labels: usize,
        /// Numbers that the pass gives for an image.
        outputs: usize,
    },
    /// Logits and their tangents that are not two matrices of one shape.
    #[error("{logits} logits and {tangents} tangents are no two matrices of {classes} columns")]
    LogitCount {
        /// The logits.
        logits: usize,
        /// Their tangents.
        tangents: usize,
        /// Number of classes.
        classes: usize,
    },
    /// A matrix that there is no memory for.
    #[error("no memory for {rows} rows of {classes} classes")]
    NoMemory {
        /// Rows.
        rows: usize,
        /// Number of classes.
        classes: usize,
    },
    /// A target that is no distribution over the classes.
    #[error("the target of image {image} is no distribution: a negative number, or the sum {sum}")]
    NoDistribution {
        /// Position of the image.
        image: usize,
        /// Sum over the classes.
        sum: f64,
    },
    /// A cotangent has another number of values than the value that it belongs to.
    #[error("a cotangent of {found} values, {expected} are needed")]
    CotangentCount {
        /// Images times the numbers of one image.
        expected: usize,
        /// What was given.
        found: usize,
    },
    /// A layer that the pass does not produce a value of.
    #[error("layer {layer} has no value of its own in this pass")]
    NoValue {
        /// Name of the layer.
        layer: String,
    },
    /// A cotangent is to be carried to a layer that its own does not depend on.
    #[error("{from} comes before {to} and does not depend on it")]
    WrongWay {
        /// The layer of the cotangent.
        from: String,
        /// The layer that was to be reached.
        to: String,
    },
    /// A convolution with groups that is not depthwise.
    #[error(
        "{layer}: {groups} groups of {in_channels} channels to {out_channels}, neither dense nor depthwise"
    )]
    Grouped {
        /// Name of the convolution.
        layer: String,
        /// Its groups.
        groups: usize,
        /// Channels of its input.
        in_channels: usize,
        /// Channels of its output.
        out_channels: usize,
    },
    /// Gradients of images that are to be independent, of a run whose batch norms couple them.
    #[error("batch norm {layer} couples the images by the statistics of the batch")]
    Coupled {
        /// Name of the first such batch norm.
        layer: String,
    },
    /// Running statistics are to be moved by the statistics of single images.
    #[error("batch norm {layer} took the statistics of each image, not of a batch")]
    ImageStatistics {
        /// Name of the batch norm.
        layer: String,
    },
    /// A number of a step of descent that is NaN or infinite.
    #[error("the {name} of a step is {value}")]
    StepNumber {
        /// `rate`, `momentum` or `decay`.
        name: &'static str,
        /// The value.
        value: f64,
    },
    /// Batch statistics of one number.
    #[error("batch norm {layer} would normalise a single number per channel")]
    SingleNumber {
        /// Name of the batch norm.
        layer: String,
    },
    /// `eps` of a run is not a number above 0.
    #[error("eps {eps} is not a number above 0")]
    Eps {
        /// The value.
        eps: f64,
    },
    /// A device on a kernel path that there is not.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The operating system refuses a device's threads.
    #[error("cannot start {count} threads: {reason}")]
    Threads {
        /// Threads that were asked for.
        count: usize,
        /// What the system says.
        reason: String,
    },
    /// A run needs more memory than it may have.
    #[error("the run needs {needed} bytes, the limit is {limit}")]
    Memory {
        /// Bytes of the plan.
        needed: u64,
        /// Bytes allowed.
        limit: u64,
        /// The largest batch that would fit, if any does.
        fitting_batch: Option<usize>,
    },
}

impl EngineError {
    /// Advice, where there is any.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::MissingWeight { .. } | Self::SurplusWeight { .. } => Some(
                "names follow the PyTorch state dict of the network; check the architecture".into(),
            ),
            Self::SingleNumber { .. } => {
                Some("take at least two images, or running statistics".into())
            }
            Self::TooLarge { .. } => Some("take a device of double precision".into()),
            Self::Coupled { .. } => Some("run with NormMode::Image or running statistics".into()),
            Self::ImageStatistics { .. } => Some("run with NormMode::Batch".into()),
            Self::ClassCount { .. } => Some("give the network the classes of the labels".into()),
            Self::Memory {
                fitting_batch: Some(batch),
                ..
            } => Some(format!("a batch of {batch} would fit")),
            Self::Memory { .. } => Some("not even one image would fit".into()),
            Self::Path(error) => Some(error.hint()),
            Self::WeightType { .. } => Some("store the tensor as float32".into()),
            _ => None,
        }
    }
}
