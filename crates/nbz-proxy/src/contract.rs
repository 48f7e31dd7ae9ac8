//! What a proxy promises: everything that published codes leave unsaid and differ in.

use serde::Serialize;

/// Which scores are meant to be better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Larger is better, as the literature intends.
    Larger,
    /// Smaller is better.
    Smaller,
}

/// What the network looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Nothing: the score follows from the architecture or its weights.
    Nothing,
    /// The batch of labelled images.
    Batch,
    /// The batch and a second one.
    TwoBatches,
    /// The first images of the batch (16 by default).
    FirstImages,
    /// Standard normal noise of the batch's size.
    Noise,
    /// One image of standard normal noise.
    OneNoiseImage,
    /// One image of ones.
    Ones,
}

/// How the weights are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Init {
    /// Any: the score does not read weights.
    Any,
    /// PyTorch's defaults: uniform in `+-1 / sqrt(fan_in)`. The network's own weights are taken where
    /// the caller gives them.
    Torch,
    /// PyTorch's defaults, absolute values.
    TorchAbsolute,
    /// Standard normal, biases 0.
    Normal,
    /// Normal with variance `2 / fan_in`, biases 0.
    Kaiming,
}

/// What batch norm does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchNormMode {
    /// No pass, so none.
    Absent,
    /// Statistics of the batch.
    Train,
    /// Statistics of each image alone.
    TrainAlone,
    /// The identity.
    Removed,
}

/// The numbers that are summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// Whole numbers.
    Integer,
    /// The device's precision in the passes, f64 in sums over layers.
    Device,
    /// The device's precision in the passes, f64 in the algebra behind them.
    DeviceThenDouble,
    /// f64 throughout.
    Double,
}

/// A proxy's contract.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Contract {
    /// The name in every file and option.
    pub name: &'static str,
    /// One line: what it looks at.
    pub title: &'static str,
    /// The formula.
    pub formula: &'static str,
    /// The paper.
    pub paper: &'static str,
    /// The code that it equals: repository, commit, file.
    pub reference: &'static str,
    /// Which scores are better.
    pub direction: Direction,
    /// What the network looks at.
    pub input: Input,
    /// How the weights are drawn.
    pub init: Init,
    /// What batch norm does.
    pub batch_norm: BatchNormMode,
    /// The numbers that are summed.
    pub precision: Precision,
    /// Cost beyond what the nine proxies of the paper share, in words: `F` is a forward pass of the
    /// batch, `F1` of one image.
    pub cost: &'static str,
    /// When it has no value, and other traps.
    pub failures: &'static str,
}
