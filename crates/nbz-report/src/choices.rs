//! The choices that an architecture is made of: an operation on an edge, a stage's width, a layer's kernel.

use nbz_space::Arch;

/// One choice: where, what, and its place among the others there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Where the choice is made: `edge 0-1`, `stage 2 width`.
    pub place: String,
    /// What was chosen there.
    pub name: String,
    /// What sorts the choices of one place.
    pub order: usize,
}

/// The choices that an architecture is made of, in the order of its places; none of a space that has no such places.
///
/// ```
/// use nbz_report::choices;
///
/// let made = choices(&"r1:64s1x2-128s2x2-256s2x2-512s2x2".parse()?);
/// assert_eq!((made.len(), made[2].place.as_str(), made[2].name.as_str()), (8, "stage 2 width", "128"));
/// # Ok::<(), nbz_space::SpaceError>(())
/// ```
pub fn choices(arch: &Arch) -> Vec<Choice> {
    let digits = |word: &str, digits: &[u8], name: &dyn Fn(u8) -> String| -> Vec<Choice> {
        let made = digits.iter().enumerate().map(|(at, &digit)| Choice {
            place: format!("{word} {}", at + 1),
            name: name(digit),
            order: digit.into(),
        });
        made.collect()
    };
    match arch {
        Arch::Staged(staged) => {
            let stages = staged.stages().iter().enumerate();
            let of = |(at, stage): (usize, &nbz_space::staged::Stage)| {
                [("width", stage.width()), ("depth", stage.depth())].map(|(what, size)| Choice {
                    place: format!("stage {} {what}", at + 1),
                    name: size.to_string(),
                    order: size,
                })
            };
            stages.flat_map(of).collect()
        }
        Arch::NasBenchMacro(arch) => digits("layer", &arch.digits(), &|digit| {
            let names = ["identity", "expansion 3, kernel 3", "expansion 6, kernel 5"];
            names[usize::from(digit)].to_owned()
        }),
        Arch::ChannelResNet(arch) => digits("width", &arch.digits(), &|d| d.to_string()),
        Arch::ChannelMobileNet(arch) => digits("width", &arch.digits(), &|d| d.to_string()),
        Arch::NasBench201(cell) => {
            let places = ["0-1", "0-2", "0-3", "1-2", "1-3", "2-3"];
            let edges = places.iter().zip(cell.edges());
            let choice = |(place, op): (&&str, nbz_space::public::EdgeOp)| Choice {
                place: format!("edge {place}"),
                name: op.name().to_owned(),
                order: op as usize,
            };
            edges.map(choice).collect()
        }
        _ => Vec::new(),
    }
}
