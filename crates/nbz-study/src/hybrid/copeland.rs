//! Copeland's vote: opponents beaten, ties half.
//!
//! Every network meets every other, n (n - 1) / 2 duels of one comparison a proxy. The inner loop runs
//! over a tile of opponents, one proxy after the other, so that it compiles to vector code whose counts stay in
//! registers.

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
/// Opponents in a tile: their wins and losses fill half of the sixteen registers that every x86-64 has.
const TILE: usize = 32;

/// Scores from ranks, which decide duels as the values do.
pub(super) fn scores(ranks: &[Vec<u32>], rows: usize, majority: Majority) -> Vec<f64> {
    // Signed, which is one instruction a comparison where unsigned is two; the offset keeps the order.
    let small = |rank: u32| u16::try_from(rank).ok().map(|r| (r ^ 1 << 15) as i16);
    let small: Option<Vec<Vec<i16>>> = ranks
        .iter()
        .map(|ranks| ranks.iter().map(|&rank| small(rank)).collect())
        .collect();
    // Half the width is twice the opponents an instruction; 32,767 networks still fit.
    match small {
        Some(small) => duels(&small, rows, majority),
        None => duels(ranks, rows, majority),
    }
}

fn duels<T>(ranks: &[Vec<T>], rows: usize, majority: Majority) -> Vec<f64>
where
    T: Copy + Default + Ord + Sync,
{
    let tiles: Vec<Vec<[T; TILE]>> = ranks.iter().map(|ranks| in_tiles(ranks)).collect();
    let mut scores = vec![0.0; rows];
    scores
        .par_chunks_mut(CHUNK)
        .enumerate()
        .for_each(|(chunk, scores)| {
            for (offset, score) in scores.iter_mut().enumerate() {
                let network = chunk * CHUNK + offset;
                let own: Vec<T> = ranks.iter().map(|ranks| ranks[network]).collect();
                let doubled: u32 = (0..rows.div_ceil(TILE))
                    .map(|tile| {
                        let (wins, losses) = count(&own, &tiles, tile);
                        let opponents = TILE.min(rows - tile * TILE);
                        let (wins, losses) = (&wins[..opponents], &losses[..opponents]);
                        beaten(wins, losses, ranks.len(), majority)
                    })
                    .sum();
                // It tied with itself.
                *score = (f64::from(doubled) - 1.0) / 2.0;
            }
        });
    scores
}

/// The last tile is filled up; what is counted there beyond the networks is not read.
fn in_tiles<T: Copy + Default>(ranks: &[T]) -> Vec<[T; TILE]> {
    let tile = |ranks: &[T]| {
        let mut tile = [T::default(); TILE];
        tile[..ranks.len()].copy_from_slice(ranks);
        tile
    };
    ranks.chunks(TILE).map(tile).collect()
}

/// How many proxies put the network above and below every opponent of a tile.
fn count<T: Copy + Ord>(
    own: &[T],
    tiles: &[Vec<[T; TILE]>],
    tile: usize,
) -> ([i16; TILE], [i16; TILE]) {
    let (mut wins, mut losses) = ([0; TILE], [0; TILE]);
    for (&own, tiles) in own.iter().zip(tiles) {
        for ((win, loss), &other) in wins.iter_mut().zip(&mut losses).zip(&tiles[tile]) {
            *win += i16::from(own > other);
            *loss += i16::from(own < other);
        }
    }
    (wins, losses)
}

/// Twice the opponents beaten, ties once.
fn beaten(wins: &[i16], losses: &[i16], proxies: usize, majority: Majority) -> u32 {
    let doubled = wins.iter().zip(losses).map(|(&win, &loss)| {
        let (won, lost) = match majority {
            Majority::OfPreferences => (win > loss, win < loss),
            Majority::OfProxies => {
                let half = (proxies / 2) as i16;
                (win > half, loss > half)
            }
        };
        1 + i16::from(won) - i16::from(lost)
    });
    doubled.sum::<i16>() as u32
}

#[cfg(test)]
mod tests {
    use super::{Majority, scores};

    /// Oracle: duels counted one by one. Ranks lie on both sides of where the sign changes, and of where the narrow ones
    /// end; 40 networks are a tile and a part of one.
    #[test]
    fn duels_are_those_of_ranks_of_any_size() {
        let rows = 40;
        for start in [0, 32_750, 65_500] {
            let rank =
                |proxy: usize, row: usize| (start + (row * (7 + 4 * proxy) + proxy) % 37) as u32;
            let ranks: Vec<Vec<u32>> = (0..3)
                .map(|proxy| (0..rows).map(|row| rank(proxy, row)).collect())
                .collect();
            for majority in [Majority::OfPreferences, Majority::OfProxies] {
                let duel = |a: usize, b: usize| -> f64 {
                    let ahead = |a: usize, b: usize| ranks.iter().filter(|r| r[a] > r[b]).count();
                    let (win, loss) = (ahead(a, b), ahead(b, a));
                    let (won, lost) = match majority {
                        Majority::OfPreferences => (win > loss, loss > win),
                        Majority::OfProxies => (2 * win > 3, 2 * loss > 3),
                    };
                    0.5 + 0.5 * f64::from(u8::from(won)) - 0.5 * f64::from(u8::from(lost))
                };
                let all = |a: usize| (0..rows).filter(|&b| b != a).map(|b| duel(a, b)).sum();
                let expected: Vec<f64> = (0..rows).map(all).collect();
                assert_eq!(scores(&ranks, rows, majority), expected, "{start}");
            }
        }
    }
}
