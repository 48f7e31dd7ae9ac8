//! The contact sheet of `nbzero data info --sheet`.

use nbz_data::Found;
use nbz_data::augment::Habits;
use nbz_figures::{ContactRow, contact_sheet};

use crate::source::counted;

/// Classes on a sheet.
const CLASSES: usize = 10;
/// Letters of a name, which has to end before the images begin.
const LETTERS: usize = 13;
/// Images of each.
const IMAGES: usize = 5;

/// The first images of up to ten classes, as they are and as the first epoch of seed 0 sees them: cropped, mirrored
/// and changed by AutoAugment. PNG.
pub(super) fn sheet(images: &Found) -> Vec<u8> {
    let pictures = &images.pictures;
    let habits = Habits {
        crop_flip: true,
        auto_augment: true,
    };
    let classes = pictures.classes();
    let shown = classes.min(CLASSES);
    // Spread over all.
    let classes: Vec<usize> = (0..shown).map(|at| at * classes / shown).collect();
    let row = |&class: &usize| {
        let is_of = |number: &usize| pictures.label(*number) as usize == class;
        let numbers: Vec<usize> = (0..pictures.count()).filter(is_of).take(IMAGES).collect();
        let seen = |&n: &usize| habits.apply(pictures.raw(n), pictures.size(), (0, 0, n));
        ContactRow {
            label: match images.class_names.get(class) {
                Some(name) => shortened(name),
                None => format!("class {class}"),
            },
            raw: numbers.iter().map(|&n| pictures.raw(n).to_vec()).collect(),
            seen: numbers.iter().map(seen).collect(),
        }
    };
    let rows: Vec<ContactRow> = classes.iter().map(row).collect();
    let [height, width] = pictures.size();
    let title = format!(
        "{}: {} of {height} x {width}, {}",
        pictures.name(),
        counted(pictures.count(), "training image"),
        counted(pictures.classes(), "class")
    );
    contact_sheet(&title, [height, width], &rows)
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= LETTERS {
        return name.to_owned();
    }
    let head: String = name.chars().take(LETTERS - 1).collect();
    format!("{head}…")
}
