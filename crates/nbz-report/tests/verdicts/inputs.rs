//! What columns are made of. Network `i` has the accuracy `i`, but where it is said otherwise.

use crate::pools::{NETWORKS, PROXIES};

/// A value of a column and network.
pub(crate) type Value = fn(&str, usize) -> f64;

pub(crate) fn accuracy(network: usize) -> f64 {
    network as f64
}

pub(crate) fn is_cost(name: &str) -> bool {
    ["macs", "params", "depth"].contains(&name)
}

/// Whether a name is among the first five of the proxies.
pub(crate) fn is_early(name: &str) -> bool {
    PROXIES[..5].contains(&name)
}

/// Chance: even and odd networks are equally accurate.
pub(crate) fn coin(network: usize) -> f64 {
    (network % 2) as f64
}

/// Every proxy is perfect and every cost says the opposite.
pub(crate) fn proxies_know(name: &str, i: usize) -> f64 {
    if is_cost(name) {
        -accuracy(i)
    } else {
        accuracy(i)
    }
}

/// Every cost is perfect and every proxy says the opposite.
pub(crate) fn costs_know(name: &str, i: usize) -> f64 {
    if name == "accuracy" || is_cost(name) {
        accuracy(i)
    } else {
        -accuracy(i)
    }
}

/// The accuracy, but for one network in ten that is put above all, the worse the higher, and one in ten put below all.
/// Two scores that trap each other's lowest have neither trap in their rank sum.
pub(crate) fn trapped(above: usize, below: usize, i: usize) -> f64 {
    match i % 10 {
        digit if digit == above => (2 * NETWORKS - i) as f64,
        digit if digit == below => -1.0,
        _ => accuracy(i),
    }
}

/// A high correlation and a bad pick, or a negative one and a good pick: one network in twenty is put on top.
pub(crate) fn contrary(name: &str, i: usize) -> f64 {
    match (name, i % 20) {
        ("accuracy", _) => accuracy(i),
        (name, _) if is_cost(name) => coin(i),
        (name, 0) if is_early(name) => (2 * NETWORKS - i) as f64,
        (name, _) if is_early(name) => accuracy(i),
        (_, 10) => (NETWORKS + i) as f64,
        _ => -accuracy(i),
    }
}

/// Five perfect proxies and four of the opposite: correlation and picks agree.
pub(crate) fn five_know(name: &str, i: usize) -> f64 {
    if name == "accuracy" || is_early(name) {
        accuracy(i)
    } else {
        -accuracy(i)
    }
}

pub(crate) fn four_know(name: &str, i: usize) -> f64 {
    if is_early(name) || is_cost(name) {
        -accuracy(i)
    } else {
        accuracy(i)
    }
}

/// Network 1 is a disaster that only the largest budget lets through. Five proxies pick the best network but there, and
/// correlate badly: a smaller mBR and far less accuracy than the others, which pick network 80 and correlate well.
pub(crate) fn disaster(name: &str, i: usize) -> f64 {
    match (name, i) {
        ("accuracy", 1) => -1e5,
        ("accuracy", _) => accuracy(i),
        (name, _) if is_cost(name) => coin(i),
        (name, 1) if is_early(name) => (3 * NETWORKS) as f64,
        (name, _) if is_early(name) && i == NETWORKS - 2 => (2 * NETWORKS) as f64,
        (name, _) if is_early(name) => -accuracy(i),
        (_, 80) => (2 * NETWORKS) as f64,
        _ => accuracy(i),
    }
}

/// Params and every proxy know what the other lacks, and MACs know nothing.
pub(crate) fn compensating(name: &str, i: usize) -> f64 {
    match name {
        "accuracy" => accuracy(i),
        "params" => trapped(1, 0, i),
        name if is_cost(name) => -accuracy(i),
        _ => trapped(0, 1, i),
    }
}

/// One of some numbers that say nothing of each other, of a network (splitmix64).
pub(crate) fn noise(which: usize, network: usize) -> f64 {
    let mut z = ((which * NETWORKS + network + 1) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z >> 11) as f64
}

/// Which of some groups holds a name; 0 where none does.
pub(crate) fn group(groups: &[&[&str]], name: &str) -> usize {
    groups
        .iter()
        .position(|group| group.contains(&name))
        .unwrap_or_default()
}

pub(crate) fn shapes_of_the_paper(name: &str, i: usize) -> f64 {
    let groups: [&[&str]; 4] = [
        &["fisher", "grad_norm", "snip"],
        &["grasp", "plain"],
        &["jacob_cov", "ntk"],
        &["synflow", "zen"],
    ];
    if name == "accuracy" {
        accuracy(i)
    } else {
        noise(group(&groups, name), i)
    }
}

/// Each score ranks as one of every other shape and as none of its own.
pub(crate) fn other_shapes(name: &str, i: usize) -> f64 {
    let groups: [&[&str]; 3] = [
        &["fisher", "grasp", "jacob_cov", "synflow"],
        &["grad_norm", "plain", "ntk", "zen"],
        &["snip"],
    ];
    if name == "accuracy" {
        accuracy(i)
    } else {
        noise(group(&groups, name), i)
    }
}

/// Perfect scores but for those that are named: chance where `coins`, the opposite where `against`.
pub(crate) fn except(coins: &[&str], against: &[&str], name: &str, i: usize) -> f64 {
    match name {
        name if coins.contains(&name) => coin(i),
        name if against.contains(&name) => -accuracy(i),
        _ => accuracy(i),
    }
}

/// MACs and params as given, and every proxy as good as chance.
pub(crate) fn two_costs(sign: f64, name: &str, i: usize) -> f64 {
    match name {
        "accuracy" => accuracy(i),
        "macs" | "params" => sign * accuracy(i),
        _ => coin(i),
    }
}

/// Zen and synflow as given, MACs and params perfect, and the others as good as chance.
pub(crate) fn two_proxies(sign: f64, name: &str, i: usize) -> f64 {
    match name {
        "zen" | "synflow" => sign * accuracy(i),
        "accuracy" | "macs" | "params" => accuracy(i),
        _ => coin(i),
    }
}

/// Perfect but for four, which are the opposite.
pub(crate) fn all_but_four(name: &str, i: usize) -> f64 {
    except(&[], &["jacob_cov", "zen", "snip", "synflow"], name, i)
}

pub(crate) fn only_four(name: &str, i: usize) -> f64 {
    match name {
        "accuracy" | "jacob_cov" | "zen" | "snip" | "synflow" => accuracy(i),
        _ => -accuracy(i),
    }
}

/// Snip and synflow know what the other lacks, and nothing else knows anything.
pub(crate) fn snip_and_synflow_compensate(name: &str, i: usize) -> f64 {
    match name {
        "accuracy" => accuracy(i),
        "snip" => trapped(0, 1, i),
        "synflow" => trapped(1, 0, i),
        _ => -accuracy(i),
    }
}

/// Networks of [`overfitted`], the first the best.
pub(crate) const OVERFITTED: usize = 300;

/// Each pair of eight proxies finds its own one of the best 28 networks and, where that is missing, bad ones. So the pair
/// that is best on a half, which has the best network, fails on the other half, which has it not: there zen, which
/// finds the next twenty networks on every half, is better, and so are all together, which find any of the 28.
pub(crate) fn overfitted(name: &str, i: usize) -> f64 {
    let pairs = (0..8).flat_map(|a| (a + 1..8).map(move |b| (a, b)));
    let found_by = pairs.into_iter().nth(i);
    let is_next = (28..48).contains(&i);
    match name {
        "accuracy" => -accuracy(i),
        // Half of the bad ones are dear.
        name if is_cost(name) && i >= 48 => coin(i / 8),
        name if is_cost(name) => 0.0,
        "zen" => f64::from(u8::from(is_next)),
        name => {
            let own = PROXIES.iter().position(|known| *known == name);
            match found_by {
                Some((a, b)) if own == Some(a) || own == Some(b) => 1.0,
                None if !is_next && own == Some(i % 8) => 2.0,
                _ => 0.0,
            }
        }
    }
}
