//! Test images that are training images too: a network that remembers is told right on them.
//!
//! Only images of the same bytes count, whatever their labels; of pictures taken a moment apart nothing is known.

use std::collections::HashSet;

use crate::Pictures;

/// How many of the test images are byte for byte among the training images.
///
/// ```
/// use nbz_data::{Pictures, copies};
/// let of = |bytes: &[u8]| {
///     let labels = vec![0; bytes.len() / 3];
///     Pictures::new("pixels", [1, 1], 1, [[0.0; 3], [1.0; 3]], labels, bytes.to_vec())
/// };
/// let training = of(&[1, 2, 3, 4, 5, 6, 1, 2, 3])?;
/// assert_eq!(copies::count(&training, &of(&[1, 2, 3, 1, 2, 3, 2, 3, 1])?), 2);
/// assert_eq!(copies::remark(&training, &of(&[2, 3, 1])?), None);
/// # Ok::<(), nbz_data::DataError>(())
/// ```
pub fn count(training: &Pictures, test: &Pictures) -> usize {
    if training.size() != test.size() {
        return 0;
    }
    let known: HashSet<&[u8]> = (0..training.count()).map(|n| training.raw(n)).collect();
    let is_known = |n: &usize| known.contains(test.raw(*n));
    (0..test.count()).filter(is_known).count()
}

/// What is to be said of it; nothing where no image is in both.
pub fn remark(training: &Pictures, test: &Pictures) -> Option<String> {
    let are = match count(training, test) {
        0 => return None,
        1 => "1 of the test images is a copy of a training image".to_owned(),
        many => format!(
            "{many} of the {} test images are copies of training images",
            test.count()
        ),
    };
    Some(format!(
        "{are}, byte for byte: the test accuracy says too much"
    ))
}
