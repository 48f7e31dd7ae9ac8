//! A page to explore a benchmark table: a person turns the budgets, clicks a network, drops scores of their own.
//!
//! An [`Explorer`] is a table with what the page needs beside it; [`Explorer::html`] makes one HTML file that needs no
//! network and no second file, [`Server`] gives the same bytes to browsers of this machine. The numbers are in the file
//! once, as the Parquet that everything else reads too; the page's program is the bundle that `page/` is made into
//! (`npm run build` there), which is committed, so that cargo alone builds all.

mod columns;
mod error;
mod page;
mod request;
mod server;

pub use columns::{OwnColumn, PREFIX};
pub use error::{ExploreError, Result};
pub use page::{BEGINNING, Explorer};
pub use server::Server;
