//! Draws figures on the embedded tables: `cargo run --release -p nbz-figures --example figures -- OUT [fig4...]`.

use std::path::PathBuf;
use std::time::Instant;

use nbz_figures::{Figure, Subject};
use nbz_report::{Candidates, Settings, selections_of};
use nbz_table::Embedded;

#[expect(clippy::print_stdout, reason = "an example says what it did")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| "figures".to_owned()));
    std::fs::create_dir_all(&folder)?;
    let mut figures = arguments
        .map(|name| name.parse())
        .collect::<Result<Vec<Figure>, _>>()?;
    if figures.is_empty() {
        figures = Figure::ALL.to_vec();
    }
    let mut subjects = Vec::new();
    for table in Embedded::TRAINED.map(Embedded::open) {
        let mut seen = Vec::new();
        for selection in selections_of(&table)? {
            if seen.contains(&selection.dataset) {
                continue;
            }
            seen.push(selection.dataset.clone());
            let candidates = Candidates::read(&table, &selection)?;
            subjects.push(Subject::of(&table, &candidates, &Settings::default())?);
        }
    }
    for figure in figures {
        for subject in &subjects {
            let start = Instant::now();
            match figure.draw(subject, &subjects) {
                Ok(picture) => {
                    let png = picture.png();
                    println!(
                        "{}: {} kB SVG, {} kB PNG, {:.0} ms",
                        picture.stem,
                        picture.svg().len() / 1000,
                        png.len() / 1000,
                        start.elapsed().as_secs_f64() * 1e3
                    );
                    std::fs::write(folder.join(format!("{}.svg", picture.stem)), picture.svg())?;
                    std::fs::write(folder.join(format!("{}.png", picture.stem)), png)?;
                    std::fs::write(folder.join(format!("{}.csv", picture.stem)), picture.csv())?;
                }
                Err(missing) => println!("{missing}"),
            }
        }
    }
    Ok(())
}
