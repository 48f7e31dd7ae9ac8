//! The images that networks are trained on.

use nbz_data::{Data, copies};
use nbz_train::Material;

use crate::error::{Result, SweepError};

/// Images, and what is to be said of them.
#[derive(Debug)]
pub struct Found {
    /// The images.
    pub material: Material,
    /// What of the data set was not there, which images were taken for the test, or are in both, in words.
    pub remark: Option<String>,
}

/// Reads training and test images; of the training images the first `most` in canonical order. Those of a person's own
/// are normalised by the mean and deviation of all of them.
///
/// # Errors
/// [`nbz_data::DataError::Finished`] for a finished batch, images that cannot be read, [`SweepError::ImageCount`] for
/// none of them or more than there are.
pub fn material(data: &Data, most: Option<usize>) -> Result<Found> {
    let sets = data.read()?;
    let (training, test) = (sets.training?, sets.test?);
    let mut remarks = [training.remarks(), test.remarks()].concat();
    let available = training.pictures.count();
    let pictures = match most {
        Some(asked) if !(1..=available).contains(&asked) => {
            return Err(SweepError::ImageCount { asked, available });
        }
        Some(most) => training.pictures.first(most),
        None => training.pictures,
    };
    // Known data sets are what they are: of them only `data info` tells.
    if pictures.measured_scale().is_some() {
        remarks.extend(copies::remark(&pictures, &test.pictures));
    }
    Ok(Found {
        material: Material::new(pictures, test.pictures)?,
        remark: (!remarks.is_empty()).then(|| format!("{data}: {}", remarks.join("; "))),
    })
}
