//! The images that networks are trained on.

use nbz_data::{DataSet, Pictures, Records, Split};
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
    let Data::Cifar(set, path) = data else {
        return Err(SweepError::NotForTraining {
            data: data.to_string(),
        });
    };
    let read = |split| -> Result<(Pictures, Option<String>)> {
        let records = Records::open(*set, split, path)?;
        Ok((Pictures::from(&records), records.shortfall()))
    };
    let (mut training, shortfall) = read(Split::Train)?;
    let (test, _) = read(Split::Test)?;
    if let Some(most) = most {
        training = training.first(most);
    }
    Ok(Found {
        material: Material::new(training, test)?,
        shortfall: shortfall.map(|words| format!("{}: {words}", title(*set))),
    })
}

fn title(set: DataSet) -> &'static str {
    match set {
        DataSet::Cifar10 => "CIFAR-10",
        DataSet::Cifar100 => "CIFAR-100",
    }
}
