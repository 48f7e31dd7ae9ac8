//! Copeland's vote: opponents beaten, ties half.
//!
//! Every network meets every other, n (n - 1) / 2 duels of one comparison a proxy. The inner loop runs
//! over opponents, one proxy after the other, so that it compiles to vector code.

use rayon::prelude::*;

/// What a network needs to win a duel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Majority {
    /// More proxies for it than against it; proxies with equal values abstain.
    OfPreferences,
    /// More than half of all proxies for it.
    OfProxies,
}

/// Networks that one task compares with all others.
const CHUNK: usize = 64;

/// Scores from ranks, which decide duels as the values do.
pub(super) fn scores(ranks: &[Vec<u32>], rows: usize, majority: Majority) -> Vec<f64> {
    let small: Option<Vec<Vec<u16>>> = ranks
        .iter()
        .map(|ranks| ranks.iter().map(|&rank| u16::try_from(rank).ok()).collect())
        .collect();
    // Half the width is twice the opponents an instruction; 32,767 networks still fit.
    match small {
        Some(small) => duels(&small, rows, majority),
        None => duels(ranks, rows, majority),
    }
}

fn duels<T: Copy + Ord + Sync>(ranks: &[Vec<T>], rows: usize, majority: Majority) -> Vec<f64> {
    let mut scores = vec![0.0; rows];
    scores
        .par_chunks_mut(CHUNK)
        .enumerate()
        .for_each(|(chunk, scores)| {
            let (mut wins, mut losses) = (vec![0u16; rows], vec![0u16; rows]);
            for (offset, score) in scores.iter_mut().enumerate() {
                let network = chunk * CHUNK + offset;
                count(ranks, network, &mut wins, &mut losses);
                *score = beaten(&wins, &losses, ranks.len(), majority);
            }
        });
    scores
}

/// How many proxies put the network above and below every other.
fn count<T: Copy + Ord>(ranks: &[Vec<T>], network: usize, wins: &mut [u16], losses: &mut [u16]) {
    wins.fill(0);
    losses.fill(0);
    for ranks in ranks {
        let own = ranks[network];
        for ((win, loss), &other) in wins.iter_mut().zip(&mut *losses).zip(ranks) {
            *win += u16::from(own > other);
            *loss += u16::from(own < other);
        }
    }
}

/// Opponents beaten, ties half; the network ties with itself, which is taken out.
fn beaten(wins: &[u16], losses: &[u16], proxies: usize, majority: Majority) -> f64 {
    let mut doubled = 0u32;
    for (&win, &loss) in wins.iter().zip(losses) {
        let (won, lost) = match majority {
            Majority::OfPreferences => (win > loss, win < loss),
            Majority::OfProxies => (
                2 * usize::from(win) > proxies,
                2 * usize::from(loss) > proxies,
            ),
        };
        doubled += 1 + u32::from(won) - u32::from(lost);
    }
    (f64::from(doubled) - 1.0) / 2.0
}
