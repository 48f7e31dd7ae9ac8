//! Arrays instead of registers: every processor, and NEON by the compiler's own vectorisation.

#![expect(
    unsafe_code,
    reason = "the trait's `enter` is unsafe for other processors"
)]

use super::{Kernel, LANES, Lane, Simd};

/// The instruction set that every processor has.
#[derive(Debug, Clone, Copy)]
pub struct Portable;

macro_rules! portable {
    ($float:ty) => {
        impl Simd<$float> for Portable {
            type V = [$float; LANES];
            const ROWS: usize = 4;
            const COLUMNS: usize = 1;

            #[inline(always)]
            fn splat(self, value: $float) -> Self::V {
                [value; LANES]
            }
            #[inline(always)]
            fn load(self, from: &Lane<$float>) -> Self::V {
                from.0
            }
            #[inline(always)]
            fn store(self, to: &mut Lane<$float>, v: Self::V) {
                to.0 = v;
            }
            #[inline(always)]
            fn add(self, a: Self::V, b: Self::V) -> Self::V {
                std::array::from_fn(|i| a[i] + b[i])
            }
            #[inline(always)]
            fn sub(self, a: Self::V, b: Self::V) -> Self::V {
                std::array::from_fn(|i| a[i] - b[i])
            }
            #[inline(always)]
            fn mul_add(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V {
                std::array::from_fn(|i| a[i].mul_add(b[i], c[i]))
            }
            #[inline(always)]
            fn relu(self, v: Self::V) -> Self::V {
                v.map(|x| if 0.0 > x { 0.0 } else { x })
            }
            #[inline(always)]
            fn keep_positive(self, v: Self::V, by: Self::V) -> Self::V {
                std::array::from_fn(|i| if by[i] > 0.0 { v[i] } else { 0.0 })
            }
            unsafe fn enter<K: Kernel<$float>>(kernel: K) {
                kernel.run(Portable);
            }
        }
    };
}

portable!(f32);
portable!(f64);
