//! What the passes offer to the proxies: small numbers, in f64, whatever device ran.
//!
//! A proxy names its [`Need`]s; the plan runs the fewest passes that satisfy all of them and fills one
//! [`Findings`]. A finding is computed in one way only, so that a score never depends on which other
//! proxies were asked for. "Layer" means a convolution or linear layer, in module order.

use nbz_space::Costs;

/// One thing that a proxy can ask the passes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// [`Findings::weight_norms`]: no pass.
    WeightNorms,
    /// [`Findings::gradients`]: forward and backward with the mean cross entropy.
    Gradients,
    /// [`Findings::fisher`]: shares that pass.
    Fisher,
    /// [`Findings::curvature`]: tangents along the weights on top of that pass.
    Curvature,
    /// [`Findings::jacobian`]: backward with ones on all logits.
    Jacobian,
    /// [`Findings::agreement`]: shares the forward pass.
    Codes,
    /// [`Findings::flow`]: one image of ones, batch norm removed, weights by absolute value.
    Flow,
    /// [`Findings::tangent_kernel`]: one backward pass for each of the first images.
    TangentKernel,
    /// [`Findings::plain_distance`]: noise and moved noise, residuals removed, standard normal weights.
    PlainDistance,
    /// [`Findings::residual_distance`]: the same with residuals.
    ResidualDistance,
    /// [`Findings::noise_gradient`]: backward from noise and drawn labels, standard normal weights.
    NoiseGradient,
    /// [`Findings::ratios`]: forward and backward of the second batch.
    Ratios,
    /// [`Findings::sign_counts`]: every image as a batch of its own.
    SignCounts,
    /// [`Findings::patterns`]: the first images with standard normal weights.
    Patterns,
    /// [`Findings::features`]: noise through Kaiming weights, and backward between blocks.
    Features,
    /// [`Findings::channel_correlation`]: one image of noise.
    ChannelCorrelation,
}

/// Sums over the entries of one layer's weight `W` and its gradient `g`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LayerGradient {
    /// `||g||`.
    pub norm: f64,
    /// `sum W g`.
    pub dot: f64,
    /// `sum |W g|`.
    pub abs_dot: f64,
}

/// What the backward pass from the mean cross entropy offers.
#[derive(Debug, Clone, PartialEq)]
pub struct Gradients {
    /// One entry a layer.
    pub layers: Vec<LayerGradient>,
    /// `sum g^2` over all parameters, batch norm and biases included.
    pub all_squared: f64,
}

/// One layer of [`Findings::fisher`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LayerFisher {
    /// `sum_c 0.5 mean_n (sum_hw a d)^2`.
    pub channels: f64,
    /// Weights that meet in one output.
    pub fan_in: usize,
}

/// The gradient of the sum of all logits with respect to the images.
#[derive(Debug, Clone, PartialEq)]
pub struct Jacobian {
    /// `[N, C H W]`, row-major.
    pub rows: Vec<f64>,
    /// The images' labels.
    pub labels: Vec<u32>,
    /// Number of logits.
    pub classes: usize,
}

/// How many ReLU signs each pair of images shares, over all ReLUs.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// `[N, N]`, row-major.
    pub counts: Vec<f64>,
    /// `N`.
    pub images: usize,
}

/// The flow of ones through absolute weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// `sum |W dR/dW|` of each layer.
    pub products: Vec<f64>,
    /// `sum |W ln(1 + dR/dW)|` of each layer.
    pub log_products: Vec<f64>,
}

/// A Gram matrix of per-image gradients of the sum of logits.
#[derive(Debug, Clone, PartialEq)]
pub struct TangentKernel {
    /// `[N, N]`, row-major.
    pub gram: Vec<f64>,
    /// `N`.
    pub images: usize,
}

/// The variances of one batch norm's input over two batches, one number a channel, biased.
#[derive(Debug, Clone, PartialEq)]
pub struct NormVariances {
    /// Over the first batch.
    pub first: Vec<f64>,
    /// Over the second.
    pub second: Vec<f64>,
    /// Numbers in each mean: images times pixels.
    pub count: f64,
}

/// How far the features move when the input moves.
#[derive(Debug, Clone, PartialEq)]
pub struct Distances {
    /// Mean over images of `sum_chw |f(x) - f(x')|`.
    pub absolute: f64,
    /// Mean over images of `sqrt(sum_chw (f(x) - f(x'))^2)`.
    pub euclidean: f64,
    /// Every batch norm in module order.
    pub norms: Vec<NormVariances>,
}

/// Signs of per-image gradients, summed.
#[derive(Debug, Clone, PartialEq)]
pub struct SignCounts {
    /// `sum |sum_i sign g_i|` of each layer: whole numbers, or NaN if the pass overflowed.
    pub layers: Vec<f64>,
    /// Weights of all layers.
    pub weights: u64,
}

/// The features that az-nas looks at, and the backward passes between them.
#[derive(Debug, Clone, PartialEq)]
pub struct Features {
    /// Centred channel covariances (biased), stem first, row-major; where there are fewer images and
    /// pixels than channels, the smaller matrix with the same eigenvalues other than 0.
    pub covariances: Vec<Vec<f64>>,
    /// For each consecutive pair, last first: the largest singular value of `g_in^T g_out / (B H W)`,
    /// or `None` where the backward pass gave back `g_out` itself.
    pub gains: Vec<Option<f64>>,
}

/// All that was found out about one network; `None` where nobody asked.
#[derive(Debug, Clone)]
pub struct Findings {
    /// Parameters, multiply-accumulates and depth.
    pub costs: Costs,
    /// `||W||` of each layer.
    pub weight_norms: Option<Vec<f64>>,
    /// See [`Need::Gradients`].
    pub gradients: Option<Gradients>,
    /// One entry a layer.
    pub fisher: Option<Vec<LayerFisher>>,
    /// `<g, H W>` of each layer.
    pub curvature: Option<Vec<f64>>,
    /// See [`Need::Jacobian`].
    pub jacobian: Option<Jacobian>,
    /// See [`Need::Codes`].
    pub agreement: Option<Agreement>,
    /// See [`Need::Flow`].
    pub flow: Option<Flow>,
    /// See [`Need::TangentKernel`].
    pub tangent_kernel: Option<TangentKernel>,
    /// See [`Need::PlainDistance`].
    pub plain_distance: Option<Distances>,
    /// See [`Need::ResidualDistance`].
    pub residual_distance: Option<Distances>,
    /// `sum g^2` over all parameters of the network without residuals.
    pub noise_gradient: Option<f64>,
    /// `sum m / s` of each layer, `m` the mean of `|g|` and `s` the deviation of `g` over two batches.
    pub ratios: Option<Vec<f64>>,
    /// See [`Need::SignCounts`].
    pub sign_counts: Option<SignCounts>,
    /// Distinct patterns of neurons over the first images, one number a repeat: whole, or NaN if the
    /// pass overflowed.
    pub patterns: Option<Vec<f64>>,
    /// See [`Need::Features`].
    pub features: Option<Features>,
    /// The smallest eigenvalue of each hooked map's channel correlation.
    pub channel_correlation: Option<Vec<f64>>,
}

impl Findings {
    /// Findings of a network on which nothing ran.
    pub fn of(costs: Costs) -> Self {
        Self {
            costs,
            weight_norms: None,
            gradients: None,
            fisher: None,
            curvature: None,
            jacobian: None,
            agreement: None,
            flow: None,
            tangent_kernel: None,
            plain_distance: None,
            residual_distance: None,
            noise_gradient: None,
            ratios: None,
            sign_counts: None,
            patterns: None,
            features: None,
            channel_correlation: None,
        }
    }
}

/// A finding that the proxy's needs name, and that the plan therefore made.
///
/// # Panics
/// If the proxy reads what it did not ask for: a mistake in the proxy.
pub fn found<T>(finding: Option<&T>) -> &T {
    finding.expect("a proxy reads only what its needs name")
}
