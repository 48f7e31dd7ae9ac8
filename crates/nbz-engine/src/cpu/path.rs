//! Which instruction set the kernels use, decided once when a device is made.

use std::ffi::OsStr;
use std::fmt;
use std::str::FromStr;

use super::simd::{Element, Kernel, Simd};

/// An instruction set that the kernels are compiled for. All give the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Path {
    /// AVX-512F.
    Avx512,
    /// AVX2 with FMA.
    Avx2,
    /// Any processor.
    Portable,
}

/// A kernel path that does not exist or that this processor lacks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// No path has the name.
    #[error("unknown kernel path `{0}`")]
    Unknown(String),
    /// The processor lacks the instructions.
    #[error("this processor has no {0}")]
    Unsupported(Path),
}

impl PathError {
    /// What to do about it.
    pub fn hint(&self) -> String {
        let here: Vec<_> = Path::available().iter().map(Path::to_string).collect();
        format!("this machine runs: {}", here.join(", "))
    }
}

impl Path {
    /// The environment variable that names the path to use.
    pub const VARIABLE: &'static str = "NBZERO_KERNELS";

    /// Every path, the widest first.
    pub const ALL: [Self; 3] = [Self::Avx512, Self::Avx2, Self::Portable];

    /// Whether this processor can run the path.
    pub fn is_available(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => is_x86_feature_detected!("avx512f"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx512 | Self::Avx2 => false,
            Self::Portable => true,
        }
    }

    /// The paths that this processor can run, the fastest first.
    pub fn available() -> Vec<Self> {
        Self::ALL.into_iter().filter(|p| p.is_available()).collect()
    }

    /// The fastest path that this processor can run.
    pub fn fastest() -> Self {
        Self::available()[0]
    }

    /// The path named by [`Path::VARIABLE`], else the fastest.
    ///
    /// # Errors
    /// If the variable names no path, or one that this processor lacks.
    pub fn from_environment() -> Result<Self, PathError> {
        Self::named(std::env::var_os(Self::VARIABLE).as_deref())
    }

    /// The path of a name, which no path has if it is not UTF-8; without a name the fastest.
    fn named(name: Option<&OsStr>) -> Result<Self, PathError> {
        match name {
            Some(name) => name.to_string_lossy().parse(),
            None => Ok(Self::fastest()),
        }
    }

    /// The path if this processor can run it.
    pub(crate) fn checked(self) -> Result<Self, PathError> {
        if self.is_available() {
            Ok(self)
        } else {
            Err(PathError::Unsupported(self))
        }
    }

    /// Runs a kernel on this path.
    ///
    /// # Panics
    /// If the processor lacks the path's instructions.
    #[expect(unsafe_code, reason = "enters code compiled for other processors")]
    pub(crate) fn run<E: Element, K: Kernel<E>>(self, kernel: K) {
        assert!(self.is_available(), "this processor has no {self}");
        match self {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: asserted above.
            Self::Avx512 => unsafe { E::Avx512::enter(kernel) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: asserted above.
            Self::Avx2 => unsafe { E::Avx2::enter(kernel) },
            // SAFETY: every processor has it; the others were refused above.
            _ => unsafe { E::Portable::enter(kernel) },
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Avx512 => "avx512",
            Self::Avx2 => "avx2",
            Self::Portable => "portable",
        })
    }
}

impl FromStr for Path {
    type Err = PathError;

    fn from_str(name: &str) -> Result<Self, PathError> {
        let path = Self::ALL
            .into_iter()
            .find(|p| p.to_string() == name)
            .ok_or_else(|| PathError::Unknown(name.to_owned()))?;
        path.checked()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_prints_and_parses_or_says_what_the_machine_runs() {
        for path in Path::ALL {
            match path.to_string().parse::<Path>() {
                Ok(parsed) => assert_eq!(parsed, path),
                Err(e) => assert_eq!(e, PathError::Unsupported(path)),
            }
        }
        let error = "sse2".parse::<Path>().unwrap_err();
        assert_eq!(error, PathError::Unknown("sse2".into()));
        assert!(error.hint().contains("portable"));
    }

    #[test]
    fn a_name_that_is_not_utf_8_is_an_unknown_path_and_not_the_fastest() {
        assert_eq!(Path::named(None), Ok(Path::fastest()));
        assert_eq!(Path::named(Some("portable".as_ref())), Ok(Path::Portable));
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt as _;
            let error = Path::named(Some(OsStr::from_bytes(b"avx2\xff")));
            assert_eq!(error, Err(PathError::Unknown("avx2\u{fffd}".into())));
        }
    }

    /// On a processor that has every path there is nothing to refuse.
    #[test]
    fn a_device_on_a_path_that_the_processor_lacks_is_refused() {
        for path in Path::ALL {
            let error = crate::Cpu::<f32>::new(path, 1).err();
            let refused = crate::EngineError::Path(PathError::Unsupported(path));
            assert_eq!(error, (!path.is_available()).then_some(refused));
        }
    }
}
