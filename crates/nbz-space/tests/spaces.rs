//! Sizes, numbering, caps, draws and lists of the three spaces.
//!
//! Oracle of the sizes: an independent enumeration script, whose counts are published with the
//! definition of the spaces. The digests of the lists were computed once by this code and stand for
//! ever: a list that changes is another benchmark.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::HashSet;

use nbz_space::{Arch, CappedSize, DEFAULT_SEED, Dataset, Space, SpaceError, StagedArch, Task};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

fn space(name: &str) -> &'static Space {
    Space::builtin(name).unwrap()
}

#[test]
fn the_spaces_have_the_published_sizes() {
    for (name, size, capped, three_stage) in [
        ("r1", 171_008, 149_609, 2_711),
        ("r2", 171_008, 140_017, 2_559),
        ("mb", 246_144, 246_144, 5_504),
    ] {
        let space = space(name);
        assert_eq!(space.size(), size, "{name}");
        assert_eq!(space.capped_size(), CappedSize::Exact(capped), "{name}");
        let forms = space.capped_forms().unwrap();
        assert!(forms.contains(&(3, three_stage)), "{name}: {forms:?}");
    }
}

#[test]
fn costs_inside_the_caps_have_the_published_ranges() {
    // Oracle: the ranges as published, in M to the digits given; depth exactly.
    let ranges = |name: &str| {
        let space = space(name);
        let within = (0..space.size())
            .map(|i| space.nth(i).unwrap())
            .filter(|a| space.admits(a));
        let costs: Vec<_> = within.map(|a| a.costs(space.task())).collect();
        let span = |of: &dyn Fn(&nbz_space::Costs) -> f64| {
            let values = costs.iter().map(of);
            (
                values.clone().fold(f64::INFINITY, f64::min),
                values.fold(0.0, f64::max),
            )
        };
        let millions = |(low, high): (f64, f64), low_digits: usize, high_digits: usize| {
            format!("{:.low_digits$}-{:.high_digits$}", low / 1e6, high / 1e6)
        };
        let depth = span(&|c| f64::from(c.depth.get()));
        let macs_digits = usize::from(name == "mb");
        format!(
            "{} params, {} MACs, {}-{} layers",
            millions(span(&|c| c.params.get() as f64), 2, 1),
            millions(span(&|c| c.macs.get() as f64), 1, macs_digits),
            depth.0,
            depth.1,
        )
    };
    assert_eq!(ranges("r1"), "0.32-14.0 params, 7.2-700 MACs, 8-34 layers");
    assert_eq!(
        ranges("r2"),
        "0.55-14.0 params, 12.7-700 MACs, 11-50 layers"
    );
    assert_eq!(
        ranges("mb"),
        "0.30-5.6 params, 11.9-234.1 MACs, 12-51 layers"
    );
}

#[test]
fn numbering_is_a_bijection_in_ascending_order() {
    for space in Space::all() {
        let mut seen = HashSet::new();
        for index in 0..space.size() {
            let arch = space.nth(index).unwrap();
            assert_eq!(space.index_of(&arch), Some(index));
            assert!(seen.insert(arch.stages().to_vec()));
        }
    }
}

fn digest(space: &Space, count: usize) -> String {
    let mut hash = Sha256::new();
    for arch in space.draw(DEFAULT_SEED).take(count) {
        hash.update(format!("{arch}\n"));
    }
    format!("{:x}", hash.finalize())
}

#[test]
fn the_benchmarks_lists_never_change() {
    for (name, size, sha256) in [
        (
            "r1",
            14_964,
            "4ce35a7d3e9b237d3589510009390f159d88144fc209237aac5af1edd73b4867",
        ),
        (
            "r2",
            10_187,
            "108451bfda40f95d113f9d78d17babbac09169e9f4a46dd0cab9f38bc9e321e2",
        ),
        (
            "mb",
            9_743,
            "65d47b13ce33419aea2d52c2c0134330654a64865a7fd1b238557b5a8f7514ed",
        ),
    ] {
        let space = space(name);
        assert_eq!(space.list_size(), Some(size), "{name}");
        assert_eq!(digest(space, size as usize), sha256, "{name}");
    }
    assert_eq!(space("r1").list_size_on(Dataset::Cifar10), Some(8_000));
    assert_eq!(space("r2").list_size_on(Dataset::Cifar10), None);
}

#[test]
fn a_list_is_distinct_within_the_caps_and_an_eighth_of_it_has_three_stages() {
    for space in Space::all() {
        let list = space.list();
        let distinct: HashSet<&StagedArch> = list.iter().collect();
        assert_eq!(distinct.len(), list.len());
        assert!(list.iter().all(|arch| space.admits(arch)));
        // Oracle: a binomial of p = 1/8; five standard deviations.
        let (n, three) = (
            list.len() as f64,
            list.iter().filter(|a| a.stages().len() == 3).count(),
        );
        let sigma = (n * 7.0 / 64.0).sqrt();
        assert!(
            (three as f64 - n / 8.0).abs() < 5.0 * sigma,
            "{three} of {n}"
        );
    }
}

#[test]
fn ids_name_the_entries_of_the_list() {
    let list = space("r1").list();
    let arch: Arch = "r1-000123".parse().unwrap();
    assert_eq!(arch.to_string(), list[123].to_string());
    let beyond = "r1-014964".parse::<Arch>().unwrap_err();
    assert_eq!(
        beyond.to_string(),
        "`r1-014964` is not an architecture: the list of r1 has no entry 14964, only 0 to 14963"
    );
}

#[test]
fn a_space_is_drawn_to_its_last_network_and_then_ends() {
    let text = space("mb")
        .toml()
        .replace("name = \"mb\"", "name = \"tiny\"")
        .replace("depths = [1, 2, 3, 4]", "depths = [1]");
    let tiny = Space::from_toml(&text).unwrap();
    let all: HashSet<String> = tiny.draw(3).map(|a| a.to_string()).collect();
    assert_eq!(all.len() as u64, tiny.size());
}

#[test]
fn an_estimated_size_brackets_the_true_one() {
    // The same grammar with depths 1 to 32 has more than 10^8 strings; without caps that bind, every
    // one is within them, so the truth is known.
    let wide: Vec<String> = (1..=32).map(|d| d.to_string()).collect();
    let text = space("mb")
        .toml()
        .replace(
            "depths = [1, 2, 3, 4]",
            &format!("depths = [{}]", wide.join(", ")),
        )
        .replace("\"14M\"", "\"1T\"")
        .replace("\"700M\"", "\"1T\"");
    let space = Space::from_toml(&text).unwrap();
    let CappedSize::Estimate { size, interval } = space.capped_size() else {
        panic!("{} strings are estimated", space.size());
    };
    assert_eq!(size, space.size());
    assert!(interval.low < space.size() && space.size() <= interval.high);
}

#[test]
fn faults_of_a_description_name_the_line_the_key_and_what_was_expected() {
    let good = space("r1").toml();
    let error = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        let e = Space::from_toml(&good.replacen(from, to, 1)).unwrap_err();
        format!("{e}; {}", e.hint().unwrap_or_default())
    };
    assert_eq!(
        error("kernel = 3", "kernel = 4"),
        "line 7: block.kernel: 4 is no kernel; expected 1, 3, 5 or 7"
    );
    assert_eq!(
        error("\"basic\" ", "\"base\" "),
        "line 6: block.kind: `base` is no block; expected `basic`, `bottleneck` or `inverted`"
    );
    assert_eq!(
        error("share = 7", "shore = 7"),
        "line 20: form[0].shore: unknown key; expected `share`"
    );
    assert!(error("share = 7", "colour = 7").contains("expected one of `share`, `widths`"));
    assert!(error("name = \"r1\"", "name = \"R 1\"").starts_with("line 2: name: `R 1` cannot"));
    assert!(error("name = \"r1\"", "name = \"nb201\"").contains("is a public benchmark"));
    assert!(error("[16, 32, 48, 64]", "[32, 16]").contains("form[0].widths: [32, 16] is no set"));
    assert!(error("[2, 2, 2, 1]", "[2, 2, 2]").contains("[2, 2, 2] is no pattern"));
    assert!(error("\"700M\"", "\"lots\"").contains("caps.macs: `lots` is no count"));
    assert_eq!(
        error("kernel = 3", "kernl = 3"),
        "line 7: block.kernl: unknown key; expected `kernel`"
    );
    assert_eq!(
        error("kernel = 3", "kernel = \"3\""),
        "line 7: block.kernel: string \"3\" does not belong here; expected a whole number"
    );
    assert_eq!(
        error("kernel = 3", "kernel = -3"),
        "line 7: block.kernel: integer `-3` does not belong here; expected a whole number"
    );
    assert_eq!(
        error(
            "widths_never_decrease = true",
            "widths_never_decrease = [1]"
        ),
        "line 16: grammar.widths_never_decrease: sequence does not belong here; expected true or false"
    );
    assert!(error("kernel = 3", "").starts_with("line 5: block.kernel: is missing"));
    assert!(error("[stem]", "[stern]").starts_with("line 9: stern: unknown key"));
    assert!(matches!(
        Space::from_toml(""),
        Err(SpaceError::Definition { .. })
    ));
}

/// Oracle: the caps of r1, 14M params and 700M MACs at CIFAR-100, of which the MACs alone bind.
#[test]
fn a_task_needs_no_caps_and_caps_need_no_task() {
    let r1 = space("r1");
    let start = r1.toml().find("[caps]").unwrap();
    let end = r1.toml().find("[list]").unwrap();
    let with = |tables: &str| {
        let text = format!("{}{tables}\n{}", &r1.toml()[..start], &r1.toml()[end..]);
        Space::from_toml(&text)
    };
    let small = Task::new(64, 7).unwrap();
    let own = with("[task]\nresolution = 64\nclasses = 7").unwrap();
    assert_eq!((own.task(), own.caps()), (small, None));
    assert_eq!(own.capped_size(), CappedSize::Exact(own.size()));
    let plain = with("").unwrap();
    assert_eq!(plain.task(), Task::default());

    let capped = |which: &str| with(&format!("[caps]\n{which}")).unwrap();
    let (params, macs) = (capped("params = \"14M\""), capped("macs = \"700M\""));
    let both = capped("params = \"14M\"\nmacs = \"700M\"");
    assert_eq!(both.capped_size(), r1.capped_size());
    for index in (0..r1.size()).step_by(97) {
        let arch = r1.nth(index).unwrap();
        let one_by_one = params.admits(&arch) && macs.admits(&arch);
        assert_eq!(one_by_one, r1.admits(&arch), "{arch}");
    }

    let task = "[task]\nresolution = 64\nclasses = 7\n";
    let inherited = with(&format!("{task}[caps]\nmacs = \"700M\"")).unwrap();
    assert_eq!(inherited.caps().unwrap().task, small);
    let own = with(&format!(
        "{task}[caps]\nmacs = \"700M\"\nresolution = 32\nclasses = 100"
    ));
    let own = own.unwrap();
    assert_eq!(
        (own.task(), own.caps().unwrap().task),
        (small, Task::default())
    );

    let refusal = |tables: &str| with(tables).unwrap_err().to_string();
    assert!(refusal("[caps]").contains("caps: nothing is capped"));
    assert!(refusal("[caps]\nmacs = \"1M\"\nclasses = 10").contains("caps: half a task"));
    assert!(
        refusal("[task]\nresolution = 30\nclasses = 1").contains("task.resolution: no network")
    );
    assert!(refusal("[task]\nresolution = 32\nclasses = 0").contains("task.classes: no network"));
}

proptest! {
    #[test]
    fn a_networks_spelling_reads_back(which in 0..3usize, ticket in any::<u64>()) {
        let space = &Space::all()[which];
        let arch = Arch::Staged(space.nth(ticket % space.size()).unwrap());
        let text = arch.to_string();
        prop_assert_eq!(text.parse::<Arch>().unwrap(), arch);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,80}") {
        let _ = text.parse::<Arch>();
        let _ = Space::from_toml(&text);
    }

    #[test]
    fn a_damaged_spelling_is_read_or_refused(
        which in 0..3usize, ticket in any::<u64>(), at in 0..40usize, byte in 0..128u8,
    ) {
        let space = &Space::all()[which];
        let mut text = space.nth(ticket % space.size()).unwrap().to_string().into_bytes();
        let place = at % text.len();
        text[place] = byte;
        if let Ok(text) = String::from_utf8(text)
            && let Err(e) = text.parse::<Arch>()
        {
            // The picture's carets stand under or right behind the text.
            let picture = e.picture().unwrap();
            let (above, below) = picture.split_once('\n').unwrap_or((&picture, ""));
            prop_assert!(below.chars().count() <= above.chars().count() + 1, "{}", picture);
        }
    }

    #[test]
    fn a_damaged_description_is_read_or_refused(
        which in 0..3usize, at in any::<prop::sample::Index>(), byte in 32..127u8,
    ) {
        let mut text = Space::all()[which].toml().to_owned().into_bytes();
        let place = at.index(text.len());
        text[place] = byte;
        let _ = Space::from_toml(&String::from_utf8(text).unwrap_or_default());
    }
}
