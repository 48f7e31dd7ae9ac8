//! The images that networks are trained on.

use nbz_data::imagenet16::{self, Part};
use nbz_data::{Pictures, Records, Split};
use nbz_train::Material;

use crate::error::{Result, SweepError};
use crate::images::Data;

/// Images, and what is to be said of them.
#[derive(Debug)]
pub struct Found {
    /// The images.
    pub material: Material,
    /// What of the data set was not there, in words.
    pub shortfall: Option<String>,
}

/// Reads training and test images; of the training images the first `most` in canonical order.
///
/// # Errors
/// [`SweepError::NotForTraining`] for noise and files, images that cannot be read.
pub fn material(data: &Data, most: Option<usize>) -> Result<Found> {
    let (training, test, shortfall) = match data {
        Data::Cifar(set, path) => {
            let training = Records::open(*set, Split::Train, path)?;
            let test = Records::open(*set, Split::Test, path)?;
            let shortfall = training.shortfall();
            (Pictures::from(&training), Pictures::from(&test), shortfall)
        }
        Data::ImageNet16(path) => {
            let training = imagenet16::read(path, Part::Training)?;
            let test = imagenet16::read(path, Part::Test)?;
            (training.pictures, test.pictures, training.shortfall)
        }
        Data::Noise | Data::File(_) => {
            return Err(SweepError::NotForTraining {
                data: data.to_string(),
            });
        }
    };
    let shortfall = shortfall.map(|words| format!("{data}: {words}"));
    let training = match most {
        Some(most) => training.first(most),
        None => training,
    };
    Ok(Found {
        material: Material::new(training, test)?,
        shortfall,
    })
}
