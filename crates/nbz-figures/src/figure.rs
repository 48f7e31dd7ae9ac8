//! The figures by number: names, what they need, and who draws them.

use std::fmt;
use std::str::FromStr;

use nbz_report::{Factors, file_name};
use nbz_study::StudyError;

use crate::figures::{
    budgets, combined, distribution, factors, hybrids, mbr, networks, scatter, similarity,
};
use crate::picture::Picture;
use crate::subject::Subject;

/// A figure of the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Figure {
    /// mBR of the oracle, costs and proxies.
    Fig1,
    /// Accuracy against MACs and params.
    Fig2,
    /// Accuracy against each score.
    Fig3,
    /// Accuracy found and rank under MACs budgets.
    Fig4,
    /// The same under params budgets.
    Fig5,
    /// The same under depth budgets.
    Fig6,
    /// Which attributes of networks the accuracy and the scores depend on, as radars.
    Fig7,
    /// The same as bars with intervals.
    Fig7Bars,
    /// The best networks by each score.
    Fig8,
    /// The best subsets of proxies by size.
    Fig9,
    /// Proxies with costs added, under MACs budgets.
    Fig10,
    /// Which scores rank alike: a map of all pairs. Not one of the paper's.
    SimilarityMap,
}

/// Why a figure was not drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Missing {
    /// The table lacks what the figure shows.
    #[error("{figure} needs {what}, which {subject} has not")]
    Columns {
        /// The figure.
        figure: Figure,
        /// What it needs.
        what: String,
        /// The table and data set.
        subject: String,
    },
    /// The numbers cannot be studied.
    #[error(transparent)]
    Study(#[from] StudyError),
}

/// A name that is no figure's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is not a figure")]
pub struct UnknownFigure {
    /// What was given.
    pub name: String,
}

impl Figure {
    /// All that are drawn: the paper's in its order, then our own.
    pub const ALL: [Self; 12] = [
        Self::Fig1,
        Self::Fig2,
        Self::Fig3,
        Self::Fig4,
        Self::Fig5,
        Self::Fig6,
        Self::Fig7,
        Self::Fig7Bars,
        Self::Fig8,
        Self::Fig9,
        Self::Fig10,
        Self::SimilarityMap,
    ];

    /// The name by which it is asked for.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fig1 => "fig1",
            Self::Fig2 => "fig2",
            Self::Fig3 => "fig3",
            Self::Fig4 => "fig4",
            Self::Fig5 => "fig5",
            Self::Fig6 => "fig6",
            Self::Fig7 => "fig7",
            Self::Fig7Bars => "fig7-bars",
            Self::Fig8 => "fig8",
            Self::Fig9 => "fig9",
            Self::Fig10 => "fig10",
            Self::SimilarityMap => "similarity-map",
        }
    }

    /// What stands above it in a report.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Fig1 => "Figure 1",
            Self::Fig2 => "Figure 2",
            Self::Fig3 => "Figure 3",
            Self::Fig4 => "Figure 4",
            Self::Fig5 => "Figure 5",
            Self::Fig6 => "Figure 6",
            Self::Fig7 => "Figure 7",
            Self::Fig7Bars => "Figure 7, as bars",
            Self::Fig8 => "Figure 8",
            Self::Fig9 => "Figure 9",
            Self::Fig10 => "Figure 10",
            Self::SimilarityMap => "Map of similarity",
        }
    }

    /// What it shows, as a part of file names.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Fig1 => "mbr",
            Self::Fig2 => "accuracy_against_costs",
            Self::Fig3 => "accuracy_against_scores",
            Self::Fig4 => "accuracy_under_macs",
            Self::Fig5 => "accuracy_under_params",
            Self::Fig6 => "accuracy_under_depth",
            Self::Fig7 | Self::Fig7Bars => "importance_of_attributes",
            Self::Fig8 => "best_networks",
            Self::Fig9 => "best_subsets",
            Self::Fig10 => "proxies_with_costs",
            Self::SimilarityMap => "scores_that_rank_alike",
        }
    }

    /// What it shows, in a sentence.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Fig1 => "mBR of the oracle, costs and proxies",
            Self::Fig2 => "accuracy against MACs and params",
            Self::Fig3 => "accuracy against each score",
            Self::Fig4 => "accuracy found and its rank under MACs budgets",
            Self::Fig5 => "accuracy found and its rank under params budgets",
            Self::Fig6 => "accuracy found and its rank under depth budgets",
            Self::Fig7 => "which widths, depths or operations each score depends on",
            Self::Fig7Bars => "the same as bars with intervals",
            Self::Fig8 => "the networks that each score likes best",
            Self::Fig9 => {
                "the best subsets of proxies by size, and on networks they were not chosen on"
            }
            Self::Fig10 => "proxies alone and with MACs or params added, under MACs budgets",
            Self::SimilarityMap => {
                "which scores rank alike and share their best networks, as a map"
            }
        }
    }

    /// Draws it on one of some subjects; the others are where a choice is transferred to.
    ///
    /// # Errors
    /// [`Missing::Columns`] if the subject lacks what it shows.
    pub fn draw(self, subject: &Subject, all: &[Subject]) -> Result<Picture, Missing> {
        let (caption, sheet, drawn) = match self {
            Self::Fig1 => mbr::draw(subject)?,
            Self::Fig2 => distribution::draw(subject)?,
            Self::Fig3 => scatter::draw(subject)?,
            Self::Fig4 => budgets::draw(subject, self, "macs")?,
            Self::Fig5 => budgets::draw(subject, self, "params")?,
            Self::Fig6 => budgets::draw(subject, self, "depth")?,
            Self::Fig7 | Self::Fig7Bars => return self.of_subject(subject),
            Self::Fig8 => networks::draw(subject)?,
            Self::Fig9 => combined::draw(subject, all)?,
            Self::Fig10 => hybrids::draw(subject)?,
            Self::SimilarityMap => similarity::draw(subject)?,
        };
        Ok(Picture {
            figure: self,
            stem: format!("{}_{}__{}", self.name(), self.slug(), subject.file_name()),
            title: format!("{}: {}", subject.name(), self.about()),
            caption,
            sheet,
            drawn,
        })
    }

    /// Draws Figure 7 of some importances.
    ///
    /// # Errors
    /// [`Missing::Columns`] for any other figure.
    pub fn draw_factors(self, found: &Factors) -> Result<Picture, Missing> {
        self.of_factors(found, &file_name(&found.name()), "")
    }

    fn of_subject(self, subject: &Subject) -> Result<Picture, Missing> {
        match subject.factors().as_ref() {
            Ok(found) => self.of_factors(found, &subject.file_name(), &subject.provenance),
            Err(why) => Err(self.needs(&format!("attributes to study ({why})"), subject)),
        }
    }

    fn of_factors(self, found: &Factors, file: &str, more: &str) -> Result<Picture, Missing> {
        let (mut caption, sheet, drawn) = match self {
            Self::Fig7 => factors::radars(found),
            Self::Fig7Bars => factors::bars(found),
            _ => {
                return Err(Missing::Columns {
                    figure: self,
                    what: "accuracies".to_owned(),
                    subject: found.name(),
                });
            }
        };
        if !more.is_empty() {
            caption += &format!(" {more}.");
        }
        Ok(Picture {
            figure: self,
            stem: format!("{}_{}__{file}", self.name(), self.slug()),
            title: format!("{}: {}", found.name(), self.about()),
            caption,
            sheet,
            drawn,
        })
    }

    pub(crate) fn needs(self, what: &str, subject: &Subject) -> Missing {
        Missing::Columns {
            figure: self,
            what: what.to_owned(),
            subject: subject.name(),
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Figure {
    type Err = UnknownFigure;

    fn from_str(name: &str) -> Result<Self, UnknownFigure> {
        let found = Self::ALL.into_iter().find(|figure| figure.name() == name);
        found.ok_or_else(|| UnknownFigure {
            name: name.to_owned(),
        })
    }
}
