//! AVX-512F and AVX2 + FMA.
//!
//! The methods are written out register by register, without closures: only what is inlined into the
//! function with the `target_feature` becomes instructions, and a closure may be compiled before that.

#![expect(
    unsafe_code,
    reason = "instructions, and the entry into code compiled for them"
)]

use std::arch::x86_64::{
    __m256, __m256d, __m512, __m512d, _CMP_GT_OQ, _mm256_add_pd, _mm256_add_ps, _mm256_and_pd,
    _mm256_and_ps, _mm256_cmp_pd, _mm256_cmp_ps, _mm256_fmadd_pd, _mm256_fmadd_ps, _mm256_loadu_pd,
    _mm256_loadu_ps, _mm256_max_pd, _mm256_max_ps, _mm256_set1_pd, _mm256_set1_ps,
    _mm256_setzero_pd, _mm256_setzero_ps, _mm256_storeu_pd, _mm256_storeu_ps, _mm256_sub_pd,
    _mm256_sub_ps, _mm512_add_pd, _mm512_add_ps, _mm512_cmp_pd_mask, _mm512_cmp_ps_mask,
    _mm512_fmadd_pd, _mm512_fmadd_ps, _mm512_loadu_pd, _mm512_loadu_ps, _mm512_maskz_mov_pd,
    _mm512_maskz_mov_ps, _mm512_max_pd, _mm512_max_ps, _mm512_set1_pd, _mm512_set1_ps,
    _mm512_setzero_pd, _mm512_setzero_ps, _mm512_storeu_pd, _mm512_storeu_ps, _mm512_sub_pd,
    _mm512_sub_ps,
};

use super::{Kernel, Lane, Simd};

macro_rules! vectors {
    (
        $name:ident, $features:literal, $float:ty, $register:ty, [$($i:literal),*] x $lanes:literal,
        tile $rows:literal x $columns:literal,
        $set1:ident, $loadu:ident, $storeu:ident, $add:ident, $sub:ident, $fmadd:ident, $max:ident,
        keep_positive($v:ident, $by:ident) = $keep:expr
    ) => {
        #[doc = concat!("Proof that the processor has ", $features, ", and arithmetic on `", stringify!($float), "`.")]
        #[derive(Debug, Clone, Copy)]
        pub struct $name(());

        impl Simd<$float> for $name {
            type V = [$register; [$($i),*].len()];
            const ROWS: usize = $rows;
            const COLUMNS: usize = $columns;

            #[inline(always)]
            fn splat(self, value: $float) -> Self::V {
                // SAFETY: `self` proves that the processor has the instruction.
                let v = unsafe { $set1(value) };
                [v; [$($i),*].len()]
            }
            #[inline(always)]
            fn load(self, from: &Lane<$float>) -> Self::V {
                let from = from.0.as_ptr();
                // SAFETY: `self` proves the instruction, and the registers make up the 16 lanes.
                unsafe { [$($loadu(from.add($i * $lanes))),*] }
            }
            #[inline(always)]
            fn store(self, to: &mut Lane<$float>, v: Self::V) {
                let to = to.0.as_mut_ptr();
                // SAFETY: `self` proves the instruction, and the registers make up the 16 lanes.
                unsafe { $($storeu(to.add($i * $lanes), v[$i]);)* }
            }
            #[inline(always)]
            fn add(self, a: Self::V, b: Self::V) -> Self::V {
                // SAFETY: `self` proves that the processor has the instruction.
                unsafe { [$($add(a[$i], b[$i])),*] }
            }
            #[inline(always)]
            fn sub(self, a: Self::V, b: Self::V) -> Self::V {
                // SAFETY: `self` proves that the processor has the instruction.
                unsafe { [$($sub(a[$i], b[$i])),*] }
            }
            #[inline(always)]
            fn mul_add(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V {
                // SAFETY: `self` proves that the processor has the instruction.
                unsafe { [$($fmadd(a[$i], b[$i], c[$i])),*] }
            }
            #[inline(always)]
            fn relu(self, v: Self::V) -> Self::V {
                // The instruction answers its second operand where one is NaN.
                // SAFETY: `self` proves that the processor has the instruction.
                unsafe { let zero = $set1(0.0); [$($max(zero, v[$i])),*] }
            }
            #[inline(always)]
            fn keep_positive(self, v: Self::V, by: Self::V) -> Self::V {
                // SAFETY: `self` proves that the processor has the instruction.
                unsafe { [$({ let ($v, $by) = (v[$i], by[$i]); $keep }),*] }
            }
            unsafe fn enter<K: Kernel<$float>>(kernel: K) {
                #[target_feature(enable = $features)]
                fn compiled<K: Kernel<$float>>(kernel: K) {
                    kernel.run($name(()));
                }
                // SAFETY: the caller says that the processor has the instructions.
                unsafe { compiled(kernel) }
            }
        }
    };
}

vectors!(
    Avx512Single, "avx512f", f32, __m512, [0] x 16, tile 8 x 2,
    _mm512_set1_ps, _mm512_loadu_ps, _mm512_storeu_ps, _mm512_add_ps, _mm512_sub_ps,
    _mm512_fmadd_ps, _mm512_max_ps,
    keep_positive(v, by) = {
        _mm512_maskz_mov_ps(_mm512_cmp_ps_mask::<_CMP_GT_OQ>(by, _mm512_setzero_ps()), v)
    }
);
vectors!(
    Avx512Double, "avx512f", f64, __m512d, [0, 1] x 8, tile 8 x 1,
    _mm512_set1_pd, _mm512_loadu_pd, _mm512_storeu_pd, _mm512_add_pd, _mm512_sub_pd,
    _mm512_fmadd_pd, _mm512_max_pd,
    keep_positive(v, by) = {
        _mm512_maskz_mov_pd(_mm512_cmp_pd_mask::<_CMP_GT_OQ>(by, _mm512_setzero_pd()), v)
    }
);
vectors!(
    Avx2Single, "avx2,fma", f32, __m256, [0, 1] x 8, tile 4 x 1,
    _mm256_set1_ps, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_add_ps, _mm256_sub_ps,
    _mm256_fmadd_ps, _mm256_max_ps,
    keep_positive(v, by) = {
        _mm256_and_ps(_mm256_cmp_ps::<_CMP_GT_OQ>(by, _mm256_setzero_ps()), v)
    }
);
vectors!(
    Avx2Double, "avx2,fma", f64, __m256d, [0, 1, 2, 3] x 4, tile 2 x 1,
    _mm256_set1_pd, _mm256_loadu_pd, _mm256_storeu_pd, _mm256_add_pd, _mm256_sub_pd,
    _mm256_fmadd_pd, _mm256_max_pd,
    keep_positive(v, by) = {
        _mm256_and_pd(_mm256_cmp_pd::<_CMP_GT_OQ>(by, _mm256_setzero_pd()), v)
    }
);
