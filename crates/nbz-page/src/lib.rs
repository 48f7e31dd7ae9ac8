//! A report as one HTML page that needs nothing else: no network, no second file, no program but a browser.
//!
//! A [`Page`] holds what a report holds, an [`OwnPage`] what is to be said of scores of one's own, and `html` makes bytes of it: tables that sort, figures, claims with
//! verdicts, the formulas, and whose numbers they are. Every number is there once, in full under its rounded form.
//! Without scripts the page reads the same; only sorting is lost, and pointing at the points of some figures.
//!
//! What comes from files is text and stays text: the template escapes everything but the drawings, which are made
//! by `nbz-figures` out of escaped text. Should markup slip through all the same, the page's own policy forbids every
//! script but its own two and every request (`Content-Security-Policy`, by digest).

mod charts;
mod glance;
mod grid;
mod own;
mod page;
mod view;
mod words;

pub use charts::charts_of;
pub use own::{OwnPage, Section};
pub use page::{BEGINNING, Method, Page};
