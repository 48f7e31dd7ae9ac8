//! Images: readers of data sets and of one's own images, canonical numbering, normalisation, noise.
//!
//! Owns everything between a file of images and an [`Images`] batch of normalised `f32` numbers
//! `[N, 3, H, W]` with labels; knows no network. [`Data`] is a source as it is typed, and reads all of them:
//!
//! - [`Records`]: CIFAR-10 and CIFAR-100 in their binary form, from a folder or a tarball;
//! - [`imagenet16`]: the pickled batches of ImageNet-16-120;
//! - folders of PNG and JPEG files, a folder a class;
//! - NumPy's arrays and safetensors files of raw bytes;
//! - [`tensors`]: a safetensors file with a finished batch;
//! - [`noise`]: random numbers with random labels.
//!
//! The odd decision is the numbering. Copies of CIFAR differ in the order of their records, so a
//! record's number is its rank in an order that depends on the records alone ([`canonical`]), and a
//! batch drawn by number is the same for every copy. [`augment`] changes training images,
//! [`split`] holds some of them back, and [`Pictures`] are what training reads: raw bytes with labels.

mod array_file;
mod arrays;
pub mod augment;
pub mod canonical;
pub mod cifar;
pub mod copies;
mod data;
mod decode;
mod digest;
mod error;
mod facts;
mod file;
mod folder;
pub mod imagenet16;
mod images;
mod integer;
pub mod noise;
mod npy;
mod numbers;
mod own;
mod pictures;
mod source;
pub mod split;
mod stream;
mod tensor_file;
pub mod tensors;

pub use cifar::{DataSet, FileFacts, Records, Split};
pub use data::{Data, Described, Found, Sets, SourceFile};
pub use digest::Digest;
pub use error::DataError;
pub use facts::Facts;
pub use images::Images;
pub use pictures::Pictures;
pub use stream::Stream;
