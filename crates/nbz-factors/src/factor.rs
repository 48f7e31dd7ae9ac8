//! Attributes that trees can tell apart.
//!
//! A tree splits a column at a threshold, so two columns that order the networks alike, or in reverse, are one to it,
//! and which of the two it names is chance. They are merged under both names. A stage's width in is the width out of
//! the one before, where there is a stage; so the networks without it may differ, as long as another column tells
//! which ones they are. An attribute with one value only explains nothing and is left out.

use nbz_space::Arch;
use serde::Serialize;

use crate::attribute::{Attribute, Kind, attributes};
use crate::error::{FactorError, Result};

/// What a score may depend on: one attribute, or several that no tree can tell apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Factor {
    /// Every name that it has: `stage 1 width out`, `stage 2 width in`.
    pub names: Vec<String>,
    /// The same for small print.
    #[serde(skip)]
    pub short: Vec<String>,
    /// What the first of them measures.
    pub kind: Kind,
    /// The stages or edges, from 1, one a name.
    pub places: Vec<usize>,
    /// Columns of the trees, one value a network each.
    #[serde(skip)]
    pub(crate) columns: Vec<Vec<f32>>,
}

impl Factor {
    /// All names.
    pub fn name(&self) -> String {
        self.names.join(" = ")
    }
}

/// Networks and their factors.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    pub(crate) networks: usize,
    factors: Vec<Factor>,
    constant: Vec<String>,
}

impl Design {
    /// The factors of some networks of one space.
    ///
    /// ```
    /// use nbz_factors::Design;
    /// use nbz_space::{Arch, Space};
    ///
    /// let space = Space::builtin("r1").expect("a built-in space");
    /// let archs: Vec<Arch> = space.draw(0).take(100).map(Arch::Staged).collect();
    /// let design = Design::of(&archs)?;
    /// assert_eq!(design.factors()[1].name(), "stage 1 width out = stage 2 width in");
    /// # Ok::<(), nbz_factors::FactorError>(())
    /// ```
    ///
    /// # Errors
    /// See [`FactorError`].
    pub fn of(archs: &[Arch]) -> Result<Self> {
        Self::from_attributes(attributes(archs)?, archs.len())
    }

    fn from_attributes(attributes: Vec<Attribute>, networks: usize) -> Result<Self> {
        let (mut found, mut constant) = (Vec::new(), Vec::new());
        for mut attribute in attributes {
            attribute.columns.retain(|column| varies(column));
            if attribute.columns.is_empty() {
                constant.push(attribute.name);
            } else {
                found.push(attribute);
            }
        }
        let mut factors: Vec<Factor> = Vec::new();
        for (at, attribute) in found.iter().enumerate() {
            let later = || found[at + 1..].iter();
            let told = |columns: &Vec<Vec<f32>>| same_networks(columns, &attribute.columns);
            // Whether another column says which networks have no such attribute.
            let known =
                later().any(|a| told(&a.columns)) || factors.iter().any(|f| told(&f.columns));
            let same = factors.iter_mut().find(|factor| {
                is_one_to_a_tree(&factor.columns, &attribute.columns)
                    && (known || told(&factor.columns))
            });
            match same {
                Some(factor) => {
                    factor.names.push(attribute.name.clone());
                    factor.short.push(attribute.short.clone());
                    factor.places.push(attribute.place);
                }
                None => factors.push(Factor {
                    names: vec![attribute.name.clone()],
                    short: vec![attribute.short.clone()],
                    kind: attribute.kind,
                    places: vec![attribute.place],
                    columns: attribute.columns.clone(),
                }),
            }
        }
        if factors.is_empty() {
            return Err(FactorError::NoFactors);
        }
        Ok(Self {
            networks,
            factors,
            constant,
        })
    }

    /// The factors, in the order of stages or edges.
    pub fn factors(&self) -> &[Factor] {
        &self.factors
    }

    /// Names of the attributes in which all networks are alike.
    pub fn constant(&self) -> &[String] {
        &self.constant
    }

    /// Number of networks.
    pub fn networks(&self) -> usize {
        self.networks
    }
}

/// Whether a column has two values, missing counted as one.
fn varies(column: &[f32]) -> bool {
    // Attributes are never -0, and every missing one has the same bits.
    column
        .windows(2)
        .any(|pair| pair[0].total_cmp(&pair[1]).is_ne())
}

/// Whether two attributes are missing for the same networks.
fn same_networks(a: &[Vec<f32>], b: &[Vec<f32>]) -> bool {
    let pairs = a[0].iter().zip(&b[0]);
    pairs.into_iter().all(|(a, b)| a.is_nan() == b.is_nan())
}

/// Whether `b` orders the networks that have it as `a` does, or in reverse; choices have no order.
fn is_one_to_a_tree(a: &[Vec<f32>], b: &[Vec<f32>]) -> bool {
    let ([a], [b]) = (a, b) else {
        return false;
    };
    let mut pairs: Vec<(f32, f32)> = Vec::new();
    for (&a, &b) in a.iter().zip(b) {
        match (a.is_nan(), b.is_nan()) {
            (_, true) => {}
            (true, false) => return false,
            _ => pairs.push((a, b)),
        }
    }
    pairs.sort_unstable_by(|x, y| x.0.total_cmp(&y.0).then(x.1.total_cmp(&y.1)));
    pairs.dedup();
    let rises = pairs.windows(2).all(|p| p[0].0 < p[1].0 && p[0].1 < p[1].1);
    let falls = pairs.windows(2).all(|p| p[0].0 < p[1].0 && p[0].1 > p[1].1);
    // Of one value where there is a stage, only which networks have the stage is told.
    (pairs.len() > 1 || same_networks(std::slice::from_ref(a), std::slice::from_ref(b)))
        && (rises || falls)
}

#[cfg(test)]
mod tests {
    use super::Design;
    use nbz_space::public::{ChannelMobileNet, ChannelResNet, NasBenchMacro};
    use nbz_space::{Arch, Space};

    fn names(archs: &[Arch]) -> Vec<String> {
        let design = Design::of(archs).unwrap();
        let names: Vec<String> = design.factors().iter().map(super::Factor::name).collect();
        assert!(design.constant().iter().all(|name| !names.contains(name)));
        names
    }

    /// Oracle: the space's definition. Widths in are widths out, and the stem is as wide as the first stage up to 64.
    #[test]
    fn the_width_in_of_a_stage_is_the_width_out_of_the_one_before() {
        let space = Space::builtin("r1").unwrap();
        let archs: Vec<Arch> = space.draw(0).take(500).map(Arch::Staged).collect();
        let mut expected = vec!["stage 1 width in".to_owned()];
        for stage in 1..=4 {
            expected.push(match stage {
                4 => "stage 4 width out".to_owned(),
                _ => format!("stage {stage} width out = stage {} width in", stage + 1),
            });
            expected.push(format!("stage {stage} stride"));
            expected.push(format!("stage {stage} depth"));
        }
        assert_eq!(names(&archs), expected);
    }

    /// Oracle: the benchmark's layers, whose expansion and kernel rise together.
    #[test]
    fn expansion_and_kernel_of_nas_bench_macro_are_one_factor() {
        let archs: Vec<Arch> = NasBenchMacro::all().map(Arch::NasBenchMacro).collect();
        let of_stage = |stage: usize| {
            [
                format!("stage {stage} layers"),
                format!("stage {stage} expansion = stage {stage} kernel"),
            ]
        };
        let expected: Vec<String> = (1..=3).flat_map(of_stage).collect();
        assert_eq!(names(&archs), expected);
    }

    /// Oracle: the benchmark's description. Seven widths are chosen freely, so no two of them are one.
    #[test]
    fn the_seven_widths_of_channel_bench_macro_are_seven_factors() {
        let widths: Vec<String> = (1..=7).map(|place| format!("width {place}")).collect();
        let resnet: Vec<Arch> = ChannelResNet::all().map(Arch::ChannelResNet).collect();
        let mobile: Vec<Arch> = ChannelMobileNet::all()
            .map(Arch::ChannelMobileNet)
            .collect();
        assert_eq!((names(&resnet), names(&mobile)), (widths.clone(), widths));
    }

    #[test]
    fn networks_that_are_alike_have_no_factors() {
        let arch: Arch = "nbmacro:00012222".parse().unwrap();
        assert!(Design::of(&[arch.clone(), arch]).is_err());
        assert!(Design::of(&[]).is_err());
        let mixed: Vec<Arch> = ["nbmacro:00012222", "cbmr:1111111"]
            .iter()
            .map(|text| text.parse().unwrap())
            .collect();
        assert!(Design::of(&mixed).is_err());
    }
}
