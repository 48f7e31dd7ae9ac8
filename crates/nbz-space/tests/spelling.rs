//! Architecture strings, counts and data sets: what is read, how it is printed, how a fault is shown.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use nbz_space::{
    Arch, Dataset, Macs, Params, SpaceError, Task,
    public::{Cell, ChannelMobileNet, ChannelResNet, NasBenchMacro},
};
use proptest::prelude::*;

/// The error as a terminal shows it.
fn shown(text: &str) -> String {
    let e = text.parse::<Arch>().unwrap_err();
    let hint = e.hint().unwrap_or_default();
    format!("{e}\n{}\n{hint}", e.picture().unwrap())
}

#[test]
fn every_public_string_reads_back() {
    let all = NasBenchMacro::all()
        .map(Arch::NasBenchMacro)
        .chain(ChannelResNet::all().map(Arch::ChannelResNet))
        .chain(ChannelMobileNet::all().map(Arch::ChannelMobileNet))
        .chain(Cell::all().map(Arch::NasBench201));
    let mut count = 0;
    for arch in all {
        assert_eq!(arch.to_string().parse::<Arch>().unwrap(), arch);
        count += 1;
    }
    assert_eq!(count, 6_561 + 2 * 16_384 + 15_625);
}

#[test]
fn a_cell_has_three_names() {
    for (index, cell) in Cell::all().enumerate() {
        assert_eq!(cell.index(), index);
        let arch = Arch::NasBench201(cell);
        assert_eq!(format!("nb201#{index}").parse::<Arch>().unwrap(), arch);
        let official = cell.official();
        assert_eq!(official.parse::<Arch>().unwrap(), arch);
        assert_eq!(format!("nb201:{official}").parse::<Arch>().unwrap(), arch);
    }
    // Oracle: the first row of the official order, and the cell of six none.
    assert_eq!(
        Cell::from_index(0).unwrap().official(),
        "|avg_pool_3x3~0|+|nor_conv_1x1~0|skip_connect~1|\
         +|nor_conv_1x1~0|skip_connect~1|skip_connect~2|"
    );
    assert_eq!(Cell::from_index(1_651).unwrap().to_string(), "nb201:111111");
}

#[test]
fn canonical_spellings_are_as_many_as_distinct_networks_and_keep_the_costs() {
    for arch in NasBenchMacro::all() {
        let canonical = arch.canonical();
        assert_eq!(canonical.canonical(), canonical);
        let task = Task::from(Dataset::Cifar10);
        assert_eq!(canonical.costs(task), arch.costs(task), "{arch}");
    }
}

#[test]
fn a_stage_that_narrows_is_shown_in_its_place() {
    assert_eq!(
        shown("r1:64s1x2-128s2x2-64s2x2-512s2x2"),
        "`r1:64s1x2-128s2x2-64s2x2-512s2x2` is not an architecture: stage 3 narrows from 128 to 64\n\
         r1:64s1x2-128s2x2-64s2x2-512s2x2\n\
         \u{20}                 ^^^^^^\n\
         widths never decrease in r1"
    );
}

#[test]
fn faults_are_shown_where_they_are() {
    for (text, carets, message, hint) in [
        (
            "r1:16q1x1",
            "     ^",
            "expected `s` and a stride",
            "a stage is WIDTHsSTRIDExDEPTH",
        ),
        ("r1:", "   ^", "expected a stage's width", "a stage is"),
        (
            "r1:016s1x1",
            "   ^^^",
            "a number starts with 0",
            "one spelling",
        ),
        (
            "r1:99999s1x1",
            "   ^^^^^",
            "the number is too large",
            "a stage is",
        ),
        (
            "q1:16s1x1",
            "^^",
            "no space is called `q1`",
            "did you mean `r1`?",
        ),
        ("", "^", "no space is named", "an architecture is r1:"),
        (
            "nbmacro:1202102",
            "               ^",
            "has 8 digits, not 7",
            "",
        ),
        (
            "nbmacro:120210200",
            "                ^",
            "has 8 digits, not 9",
            "",
        ),
        (
            "cbmr:1230321",
            "        ^",
            "not a digit",
            "a digit is 1 to 4",
        ),
        (
            "nb201:212049",
            "           ^",
            "not a digit",
            "0 skip_connect",
        ),
        (
            "nb201#15625",
            "      ^^^^^",
            "no entry 15625, only 0 to 15624",
            "",
        ),
        ("nb201#x", "      ^", "expected an index", ""),
        (
            "|none~1|+",
            "      ^",
            "expected node 0",
            "a cell is six digits",
        ),
    ] {
        let e = text.parse::<Arch>().unwrap_err();
        let picture = e.picture().unwrap();
        assert_eq!(picture.split_once('\n').unwrap(), (text, carets), "{text}");
        assert!(e.to_string().contains(message), "{e}");
        assert!(
            e.hint().unwrap_or_default().contains(hint),
            "{:?}",
            e.hint()
        );
    }
}

#[test]
fn an_error_does_not_repeat_a_long_or_wild_text() {
    let e = "\u{1b}[31m".repeat(1_000).parse::<Arch>().unwrap_err();
    let (message, picture) = (e.to_string(), e.picture().unwrap());
    assert!(
        message.len() < 1_000 && !message.contains('\u{1b}'),
        "{message}"
    );
    assert!(
        picture.len() < 1_000 && !picture.contains('\u{1b}'),
        "{picture}"
    );
}

#[test]
fn counts_are_read_as_people_write_them_and_only_if_whole() {
    for (text, count) in [
        ("200M", 200_000_000),
        ("1.5G", 1_500_000_000),
        ("60k", 60_000),
        ("555_468_800", 555_468_800),
        ("555,468,800 MACs", 555_468_800),
        (" 0.25 M ", 250_000),
        ("0", 0),
    ] {
        assert_eq!(text.parse::<Macs>().unwrap(), Macs::new(count), "{text}");
    }
    for text in [
        "",
        "M",
        "1.5",
        "1.2345k",
        "-1",
        "1e6",
        "NaN",
        "1.5.0M",
        "99999999999T",
        "٣",
    ] {
        assert!(text.parse::<Macs>().is_err(), "{text}");
    }
}

#[test]
fn data_sets_are_read_in_the_spellings_in_use() {
    for set in Dataset::ALL {
        assert_eq!(set.name().parse::<Dataset>().unwrap(), set);
    }
    assert_eq!(
        "ImageNet16-120".parse::<Dataset>().unwrap(),
        Dataset::ImageNet16
    );
    assert!(matches!(
        "mnist".parse::<Dataset>(),
        Err(SpaceError::UnknownDataset { .. })
    ));
}

proptest! {
    #[test]
    fn a_count_prints_and_reads_back(count in any::<u64>()) {
        prop_assert_eq!(Params::new(count).to_string().parse::<Params>().unwrap(), Params::new(count));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = text.parse::<Dataset>();
        let _ = text.parse::<Macs>();
        for prefix in ["", "r1:", "mb-", "nbmacro:", "cbmr:", "cbmm:", "nb201:", "nb201:|", "nb201#", "|"] {
            if let Err(e) = format!("{prefix}{text}").parse::<Arch>() {
                prop_assert!(!e.to_string().is_empty());
                prop_assert!(e.picture().is_some());
            }
        }
    }

    #[test]
    fn what_is_read_prints_as_it_was_read(text in "(r1|r2|mb):([0-9]{2,3}s[12]x[1-4]-){2,3}[0-9]{3}s2x[1-4]") {
        if let Ok(arch) = text.parse::<Arch>() {
            prop_assert_eq!(arch.to_string(), text);
        }
    }
}
