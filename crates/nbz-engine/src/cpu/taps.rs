//! Which source pixels an output coordinate reads, padding left out.
//!
//! A convolution of kernel `k`, stride `s`, padding `p` reads, for output `o`, input `o s + t - p` with
//! weight `t`. Rows and columns are independent, so a list for each output row and one for each output
//! column describe every pixel, and whatever lies outside is in no list: padding costs nothing and no
//! size needs a special case. The gradient reads the same pairs from the other side.

/// A weight's index along one axis, and the source coordinate that it multiplies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tap {
    pub(crate) weight: usize,
    pub(crate) source: usize,
}

/// Kernel, stride and padding along one axis.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    pub(crate) kernel: usize,
    pub(crate) stride: usize,
    pub(crate) padding: usize,
}

impl Window {
    /// The input that `output` reads with weight `tap`, if it is not padding.
    fn source(self, input: usize, output: usize, tap: usize) -> Option<usize> {
        let source = (output * self.stride + tap).checked_sub(self.padding)?;
        (source < input).then_some(source)
    }

    /// For each output, the inputs that it reads.
    pub(crate) fn forward(self, input: usize, output: usize) -> Vec<Vec<Tap>> {
        let taps = |o| {
            (0..self.kernel).filter_map(move |weight| {
                let source = self.source(input, o, weight)?;
                Some(Tap { weight, source })
            })
        };
        (0..output).map(|o| taps(o).collect()).collect()
    }

    /// For each input, the outputs that read it.
    pub(crate) fn backward(self, input: usize, output: usize) -> Vec<Vec<Tap>> {
        let mut lists = vec![Vec::new(); input];
        for (o, taps) in self.forward(input, output).into_iter().enumerate() {
            for Tap { weight, source } in taps {
                lists[source].push(Tap { weight, source: o });
            }
        }
        lists
    }

    /// For each weight, the pairs (output, input) that it joins.
    pub(crate) fn pairs(self, input: usize, output: usize) -> Vec<Vec<(usize, usize)>> {
        let pairs = |t| (0..output).filter_map(move |o| Some((o, self.source(input, o, t)?)));
        (0..self.kernel).map(|t| pairs(t).collect()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_readings_hold_the_same_pairs() {
        for (input, kernel, stride) in [(1, 3, 1), (7, 5, 2), (8, 3, 2), (5, 1, 2), (6, 3, 3)] {
            let window = Window {
                kernel,
                stride,
                padding: kernel / 2,
            };
            let output = (input + 2 * window.padding - kernel) / stride + 1;
            let mut triples: [Vec<(usize, usize, usize)>; 3] = Default::default();
            for (o, taps) in window.forward(input, output).iter().enumerate() {
                triples[0].extend(taps.iter().map(|t| (t.weight, o, t.source)));
            }
            for (i, taps) in window.backward(input, output).iter().enumerate() {
                triples[1].extend(taps.iter().map(|t| (t.weight, t.source, i)));
            }
            for (t, pairs) in window.pairs(input, output).iter().enumerate() {
                triples[2].extend(pairs.iter().map(|&(o, i)| (t, o, i)));
            }
            for t in &mut triples {
                t.sort_unstable();
            }
            assert_eq!(triples[0], triples[1]);
            assert_eq!(triples[0], triples[2]);
            assert!(!triples[0].is_empty());
        }
    }
}
