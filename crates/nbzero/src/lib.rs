//! The library face of nbzero.
