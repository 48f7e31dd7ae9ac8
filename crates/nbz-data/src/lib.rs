//! Images: CIFAR readers, canonical numbering, normalisation, noise.
