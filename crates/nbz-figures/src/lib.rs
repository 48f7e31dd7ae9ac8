//! The figures of the paper, drawn on any benchmark table.
//!
//! A [`Subject`] is one table and data set with everything measured on it; [`Figure::draw`] makes a
//! [`Picture`] of it: a vector drawing, a bitmap on request, and the numbers behind it. A figure that needs
//! columns which a table lacks says which ([`Missing`]).
//!
//! A [`LearningCurve`] is drawn of a training's epochs alone, a [`contact_sheet`] of images.
//!
//! The pictures are functions of their numbers: one font travels with the program, no system font is asked for,
//! and no clock or locale comes near. Colours are Paul Tol's muted ones, told apart by the colour-blind; lines
//! differ in dashes and marks as well. Words are readable at the width of a paper's column. Past 2,000 points, the points
//! are one embedded bitmap (`points`).

mod album;
mod axis;
mod chart;
mod contact;
mod curve;
mod figure;
mod figures;
mod ink;
mod legend;
mod look;
mod panel;
mod picture;
mod points;
mod radar;
mod sketch;
mod subject;
mod text;
mod ticks;

pub use album::{Drawn, Print, draw_all};
pub use contact::{ContactRow, contact_sheet};
pub use curve::{CurvePoint, LearningCurve};
pub use figure::{Figure, Missing};
pub use picture::Picture;
pub use points::font_face;
pub use subject::Subject;
