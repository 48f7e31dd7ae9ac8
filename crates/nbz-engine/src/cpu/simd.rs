//! Sixteen lanes of arithmetic, and the way into code compiled for one instruction set.
//!
//! A kernel is written once, as a [`Kernel`] whose body is generic over [`Simd`]. [`super::Path`] picks
//! an instruction set and enters it through a function with that `target_feature`, into which the
//! body is inlined: so every function on a kernel's hot path is `#[inline(always)]`.
//!
//! A vector is always 16 channels: one AVX-512 register, two of AVX2, an array elsewhere. Products and
//! sums are fused (`mul_add`, one rounding) on every path and lanes never meet, so all paths round alike
//! and give the same bits. The price is that the portable path calls a software `fma` on processors
//! without the instruction: slow, but equal.

pub(crate) mod portable;
#[cfg(target_arch = "x86_64")]
pub(crate) mod x86;

use std::fmt::Debug;

/// Channels in one vector.
pub(crate) const LANES: usize = 16;

/// Sixteen numbers on one cache line (two for `f64`).
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(C, align(64))]
pub(crate) struct Lane<E>(pub(crate) [E; LANES]);

impl<E: Element> Lane<E> {
    /// Sixteen zeros.
    pub(crate) const ZERO: Self = Self([E::ZERO; LANES]);
}

/// A number that the kernels compute with.
pub trait Element:
    sealed::Sealed + Copy + Debug + Default + PartialOrd + Send + Sync + 'static
{
    /// Zero.
    const ZERO: Self;
    /// The largest finite number.
    const LARGEST: Self;
    /// The device's name when it computes in this precision.
    const DEVICE: &'static str;
    /// Its name where it takes Winograd's form.
    const WINOGRAD: &'static str;
    /// AVX-512F.
    #[cfg(target_arch = "x86_64")]
    #[doc(hidden)]
    type Avx512: sealed::Token<Self>;
    /// AVX2 with FMA.
    #[cfg(target_arch = "x86_64")]
    #[doc(hidden)]
    type Avx2: sealed::Token<Self>;
    /// Every processor.
    #[doc(hidden)]
    type Portable: sealed::Token<Self>;
    /// The nearest number.
    fn from_f64(value: f64) -> Self;
    /// The same number in double precision.
    fn to_f64(self) -> f64;
}

pub(crate) mod sealed {
    /// Keeps [`super::Element`] to `f32` and `f64`.
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}

    /// An instruction set that this crate has code for.
    #[expect(private_bounds, reason = "names the vectors without exporting them")]
    pub trait Token<E>: super::Simd<E> {}
    impl<E, S: super::Simd<E>> Token<E> for S {}
}

macro_rules! element {
    ($float:ty, $name:literal, $avx512:ident, $avx2:ident) => {
        impl Element for $float {
            const ZERO: Self = 0.0;
            const LARGEST: Self = <$float>::MAX;
            const DEVICE: &'static str = $name;
            const WINOGRAD: &'static str = concat!($name, "-winograd");
            #[cfg(target_arch = "x86_64")]
            type Avx512 = x86::$avx512;
            #[cfg(target_arch = "x86_64")]
            type Avx2 = x86::$avx2;
            type Portable = portable::Portable;
            fn from_f64(value: f64) -> Self {
                value as Self
            }
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
        }
    };
}

element!(f32, "cpu", Avx512Single, Avx2Single);
element!(f64, "cpu-f64", Avx512Double, Avx2Double);

/// The arithmetic of one instruction set on vectors of [`LANES`] numbers.
///
/// A value of an implementing type is the proof that the processor has the instructions.
pub(crate) trait Simd<E>: Copy + Send + Sync + 'static {
    /// Sixteen numbers in registers.
    type V: Copy;
    /// Images that a convolution's register tile holds.
    const ROWS: usize;
    /// Channel vectors that a convolution's register tile holds.
    const COLUMNS: usize;

    /// Sixteen times the same number.
    fn splat(self, value: E) -> Self::V;
    /// Reads a vector.
    fn load(self, from: &Lane<E>) -> Self::V;
    /// Writes a vector.
    fn store(self, to: &mut Lane<E>, v: Self::V);
    /// `a + b`.
    fn add(self, a: Self::V, b: Self::V) -> Self::V;
    /// `a - b`.
    fn sub(self, a: Self::V, b: Self::V) -> Self::V;
    /// `a * b + c`, rounded once.
    fn mul_add(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// `0` where `v < 0`, else `v`: NaN stays NaN.
    fn relu(self, v: Self::V) -> Self::V;
    /// `v` where `by > 0`, else 0.
    fn keep_positive(self, v: Self::V, by: Self::V) -> Self::V;

    /// Runs a kernel compiled for this instruction set.
    ///
    /// # Safety
    /// The processor has the instruction set.
    #[expect(unsafe_code, reason = "the callers check the processor")]
    unsafe fn enter<K: Kernel<E>>(kernel: K);
}

/// Code that runs on one instruction set.
pub(crate) trait Kernel<E> {
    /// Does the work; `#[inline(always)]` in every implementation.
    fn run<S: Simd<E>>(self, simd: S);
}
