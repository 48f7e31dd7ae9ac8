//! What can go wrong with a page or its server.

use std::io;

use nbz_table::Error as TableError;

/// The crate's errors.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExploreError {
    /// A table that cannot be read, or has no column that the page is about.
    #[error(transparent)]
    Table(#[from] TableError),
    /// Another program listens on the port, or the port is not for everybody.
    #[error("cannot listen on 127.0.0.1:{port}: {source}")]
    Listen {
        /// The port asked for.
        port: u16,
        /// What the system says.
        source: io::Error,
    },
    /// The server cannot go on.
    #[error("cannot serve: {0}")]
    Serve(#[source] io::Error),
}

impl ExploreError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Table(error) => error.hint(),
            Self::Listen { .. } => {
                Some("name another with --port; --port 0 takes any free one".to_owned())
            }
            Self::Serve(_) => None,
        }
    }
}

/// A result with the crate's error.
pub type Result<T> = std::result::Result<T, ExploreError>;
