//! The fourteen operations of AutoAugment, with their ten levels.
//!
//! Cubuk et al. 2019, AutoAugment; levels and details as ZenNAS's training script has them (its
//! `DataLoader/autoaugment.py`, after DeepVoltaire/AutoAugment). Pixels that come in from outside are grey.

use super::{colour, geometry};

/// A kind of operation, before its level is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Sideways shear, to 0.3 pixels a row.
    ShearX,
    /// Upright shear, to 0.3 pixels a column.
    ShearY,
    /// Sideways move, to 150 / 331 of the width.
    TranslateX,
    /// Upright move, to 150 / 331 of the height.
    TranslateY,
    /// Turn, to 30 degrees, always counter-clockwise.
    Rotate,
    /// Saturation, by a factor of up to 1 +- 0.9.
    Color,
    /// Bits kept: 8 to 4.
    Posterize,
    /// Threshold of inversion: 256 to 0.
    Solarize,
    /// Distance from the mean luminance, by a factor of up to 1 +- 0.9.
    Contrast,
    /// Distance from the smoothed image, by a factor of up to 1 +- 0.9.
    Sharpness,
    /// Distance from black, by a factor of up to 1 +- 0.9.
    Brightness,
    /// Each channel stretched to 0 to 255.
    AutoContrast,
    /// Each channel's values spread evenly.
    Equalize,
    /// 255 less each value.
    Invert,
}

/// One operation with its magnitude, ready to be applied.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Operation {
    kind: Kind,
    /// In the kind's unit, its sign included.
    magnitude: f64,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::ShearX,
        Self::ShearY,
        Self::TranslateX,
        Self::TranslateY,
        Self::Rotate,
        Self::Color,
        Self::Posterize,
        Self::Solarize,
        Self::Contrast,
        Self::Sharpness,
        Self::Brightness,
        Self::AutoContrast,
        Self::Equalize,
        Self::Invert,
    ];

    /// The name in files: `shear_x`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ShearX => "shear_x",
            Self::ShearY => "shear_y",
            Self::TranslateX => "translate_x",
            Self::TranslateY => "translate_y",
            Self::Rotate => "rotate",
            Self::Color => "color",
            Self::Posterize => "posterize",
            Self::Solarize => "solarize",
            Self::Contrast => "contrast",
            Self::Sharpness => "sharpness",
            Self::Brightness => "brightness",
            Self::AutoContrast => "auto_contrast",
            Self::Equalize => "equalize",
            Self::Invert => "invert",
        }
    }

    /// Whether a draw may turn the magnitude's sign.
    pub const fn has_sign(self) -> bool {
        matches!(
            self,
            Self::ShearX
                | Self::ShearY
                | Self::TranslateX
                | Self::TranslateY
                | Self::Color
                | Self::Contrast
                | Self::Sharpness
                | Self::Brightness
        )
    }

    /// The operation of a level, 0 to 9, with a sign of 1 or -1 (for kinds without one, 1).
    ///
    /// # Panics
    /// If the level is above 9.
    pub fn at(self, level: u8, sign: f64) -> Operation {
        assert!(level < 10, "ten levels");
        let even = |from: f64, to: f64| match level {
            9 => to,
            level => from + f64::from(level) * ((to - from) / 9.0),
        };
        let magnitude = match self {
            Self::ShearX | Self::ShearY => even(0.0, 0.3),
            Self::TranslateX | Self::TranslateY => even(0.0, 150.0 / 331.0),
            Self::Rotate => even(0.0, 30.0),
            Self::Color | Self::Contrast | Self::Sharpness | Self::Brightness => even(0.0, 0.9),
            Self::Posterize => even(8.0, 4.0).round(),
            Self::Solarize => even(256.0, 0.0),
            Self::AutoContrast | Self::Equalize | Self::Invert => 0.0,
        };
        Operation {
            kind: self,
            magnitude: magnitude * sign,
        }
    }
}

impl Operation {
    /// What it is.
    pub const fn kind(self) -> Kind {
        self.kind
    }

    /// Changes an image of raw bytes `[3, height, width]`.
    ///
    /// # Panics
    /// If the image is not of that size.
    pub fn apply(self, image: &mut Vec<u8>, [height, width]: [usize; 2]) {
        let (size, plane, m) = ([height, width], height * width, self.magnitude);
        assert_eq!(image.len(), 3 * plane, "pixels");
        match self.kind {
            Kind::ShearX => *image = geometry::shear(image, size, [m, 0.0]),
            Kind::ShearY => *image = geometry::shear(image, size, [0.0, m]),
            Kind::TranslateX => *image = geometry::translate(image, size, [m * width as f64, 0.0]),
            Kind::TranslateY => *image = geometry::translate(image, size, [0.0, m * height as f64]),
            Kind::Rotate => *image = geometry::rotate(image, size, m),
            Kind::Color => colour::color(image, plane, 1.0 + m),
            Kind::Posterize => colour::posterize(image, m as u32),
            Kind::Solarize => colour::solarize(image, m),
            Kind::Contrast => colour::contrast(image, plane, 1.0 + m),
            Kind::Sharpness => colour::sharpness(image, size, 1.0 + m),
            Kind::Brightness => colour::brightness(image, 1.0 + m),
            Kind::AutoContrast => colour::auto_contrast(image, plane),
            Kind::Equalize => colour::equalize(image, plane),
            Kind::Invert => colour::invert(image),
        }
    }
}
