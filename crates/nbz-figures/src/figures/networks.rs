//! Figure 8: the networks that the accuracy and every score put first, drawn.
//!
//! Scores that put one network first share its drawing.

use kuva::render::render::Scene;
use nbz_report::{Cell, Sheet};
use nbz_space::{Arch, Costs};

use crate::chart::{self, GAP, LINE, TEXT, WIDTH};
use crate::figure::{Figure, Missing};
use crate::figures::Made;
use crate::points::Drawn;
use crate::sketch::{Scale, Sketch};
use crate::subject::{Subject, best_by};
use crate::{ink, text};

/// Drawings a row.
const COLUMNS: usize = 2;

/// A network that something puts first.
struct First {
    /// What puts it first.
    by: String,
    network: String,
    accuracy: f64,
    costs: Costs,
    sketch: Sketch,
}

pub(crate) fn draw(subject: &Subject) -> Result<Made, Missing> {
    let mut places: Vec<(usize, Vec<&str>)> = Vec::new();
    let oracle = ("accuracy", best_by(subject.pool.accuracy()));
    let scores = subject
        .columns()
        .map(|c| (c.name.as_str(), best_by(&c.oriented)));
    for (name, place) in std::iter::once(oracle).chain(scores) {
        match places.iter_mut().find(|(known, _)| *known == place) {
            Some((_, names)) => names.push(name),
            None => places.push((place, vec![name])),
        }
    }
    let mut firsts = Vec::new();
    for (place, names) in places {
        let Some(arch) = &subject.candidates.archs[place] else {
            return Err(Figure::Fig8.needs("networks of a known space", subject));
        };
        firsts.push(First::of(subject, arch, place, names.join(", ")));
    }
    let rows = firsts.iter().map(|first| {
        vec![
            Cell::text(&first.by),
            Cell::text(&first.network),
            Cell::Number(Some(first.accuracy), 2),
        ]
    });
    let sheet = Sheet {
        title: format!("{}, networks that scores put first", subject.name()),
        header: ["first by", "network", "accuracy"]
            .map(str::to_owned)
            .to_vec(),
        rows: rows.collect(),
        details: Vec::new(),
        notes: vec![subject.note()],
    };
    let keys = keys(&firsts);
    let caption = format!(
        "Each score puts the network below its name first among all, without a budget; in percent is that network's test \
         accuracy. How networks are drawn: {keys}. {}",
        subject.note()
    );
    Ok((caption, sheet, cards(subject, &firsts, &keys)))
}

impl First {
    fn of(subject: &Subject, arch: &Arch, place: usize, by: String) -> Self {
        let task = subject.task();
        Self {
            by,
            network: arch.to_string(),
            accuracy: subject.pool.accuracy()[place],
            costs: arch.costs(task),
            sketch: Sketch::of(arch, task.into()),
        }
    }

    /// The network with its words above.
    fn card(&self, width: f64, scale: Scale) -> Scene {
        let mut scene = Scene::new(width, 0.0);
        let costs = format!("{:#}, {:#}", self.costs.params, self.costs.macs);
        let said = [
            (format!("{}: {:.2} %", self.by, self.accuracy), "#000000"),
            (format!("{}, {}", self.network, self.costs.depth), "#000000"),
            (costs, ink::GREY),
        ];
        let mut y = 0.0;
        for (words, colour) in said {
            for line in text::wrapped(&words, TEXT, width) {
                y += LINE;
                ink::coloured(&mut scene, (0.0, y - 4.0), ink::START, &line, colour);
            }
        }
        y += GAP;
        scene.height = y + self.sketch.draw(&mut scene, y, width, scale) + GAP;
        scene
    }
}

/// How the networks are drawn: a space's all alike, but tables may mix spaces.
fn keys(firsts: &[First]) -> String {
    let mut keys: Vec<&str> = Vec::new();
    for key in firsts.iter().map(|first| first.sketch.key()) {
        // A key may say all of another and more.
        if !keys.iter().any(|known| known.starts_with(key)) {
            keys.retain(|known| !key.starts_with(known));
            keys.push(key);
        }
    }
    keys.join("; ")
}

/// The networks in rows of two.
fn cards(subject: &Subject, firsts: &[First], keys: &str) -> Drawn {
    let mut scene = Scene::new(WIDTH, 0.0);
    let heading = format!("the network that each score puts first: {keys}");
    let mut y = chart::head(&mut scene, &subject.name(), &heading);
    let gap = 2.0 * GAP;
    let width = (WIDTH - 2.0 * GAP - gap) / COLUMNS as f64;
    let scale = firsts
        .iter()
        .fold(Scale::default(), |scale, first| scale.with(&first.sketch));
    for row in firsts.chunks(COLUMNS) {
        let row: Vec<Scene> = row.iter().map(|first| first.card(width, scale)).collect();
        let tall = row.iter().map(|card| card.height).fold(0.0, f64::max);
        for (column, card) in row.into_iter().enumerate() {
            // Drawings stand in line where one has more words above it.
            let down = tall - card.height;
            let x = GAP + column as f64 * (width + gap);
            chart::place(&mut scene, card, (x, y + down));
        }
        y += tall + GAP;
    }
    chart::finish(scene, y)
}
