//! Memory of maps and weights: aligned lanes that return to their device's pool.
//!
//! A pass allocates and frees maps of the same few sizes again and again; giving them back to the
//! operating system would cost a page fault for every 4 KiB, as long as computing on them. A [`Pool`]
//! therefore keeps freed buffers and lends the smallest that fits, if no more than half of it lies idle;
//! but it never makes a new one while kept and lent buffers together exceed what was in use at the busiest
//! moment by more than a quarter and one is left to drop.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::simd::{Element, Lane};

/// The part of the busiest moment's memory by which kept buffers may exceed it: a pass uses other sizes
/// at its end than at its start, and without room for both it would drop what its next run begins with.
const SLACK: usize = 4;

/// Bytes that a device may keep where a pass is planned to use so many.
pub fn most_kept(planned: u64) -> u64 {
    planned.saturating_add(planned / SLACK as u64)
}

/// How many times larger than what is asked for a buffer may be that is lent.
const MOST_TIMES: usize = 2;

/// Lanes on loan from a [`Pool`].
#[derive(Debug)]
pub(crate) struct Buffer<E: Element> {
    /// At least `len`.
    lanes: Vec<Lane<E>>,
    len: usize,
    pool: Arc<Pool<E>>,
}

/// The buffers of one device.
#[derive(Debug, Default)]
pub(crate) struct Pool<E> {
    shelf: Mutex<Shelf<E>>,
}

#[derive(Debug)]
struct Shelf<E> {
    free: Vec<Vec<Lane<E>>>,
    /// Lanes of all buffers, free and lent.
    reserved_lanes: usize,
    /// Lanes that were asked for and are on loan, and the most that were.
    used_lanes: usize,
    peak_lanes: usize,
    most_reserved_lanes: usize,
}

impl<E> Default for Shelf<E> {
    fn default() -> Self {
        Self {
            free: Vec::new(),
            reserved_lanes: 0,
            used_lanes: 0,
            peak_lanes: 0,
            most_reserved_lanes: 0,
        }
    }
}

impl<E: Element> Pool<E> {
    fn shelf(&self) -> MutexGuard<'_, Shelf<E>> {
        // Every update leaves the shelf consistent, so a panic elsewhere does not spoil it.
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A buffer whose content is whatever its last user left.
    pub(crate) fn take(self: &Arc<Self>, len: usize) -> Buffer<E> {
        let lanes = self.shelf().take(len);
        let lanes = lanes.unwrap_or_else(|| vec![Lane::ZERO; len]);
        Buffer {
            lanes,
            len,
            pool: Arc::clone(self),
        }
    }

    /// A buffer of zeros.
    pub(crate) fn take_zeroed(self: &Arc<Self>, len: usize) -> Buffer<E> {
        let mut buffer = self.take(len);
        buffer.fill(Lane::ZERO);
        buffer
    }

    /// The largest number of bytes that was in use at one time.
    pub(crate) fn peak_bytes(&self) -> u64 {
        (self.shelf().peak_lanes * size_of::<Lane<E>>()) as u64
    }

    /// The largest number of bytes that was taken from the system at one time, free buffers included.
    pub(crate) fn most_reserved_bytes(&self) -> u64 {
        (self.shelf().most_reserved_lanes * size_of::<Lane<E>>()) as u64
    }
}

impl<E: Element> Shelf<E> {
    fn take(&mut self, len: usize) -> Option<Vec<Lane<E>>> {
        self.used_lanes += len;
        self.peak_lanes = self.peak_lanes.max(self.used_lanes);
        // The smallest that fits; of several the latest, which is the most likely to be in the cache.
        let fits = |b: &(usize, &Vec<_>)| (len..=MOST_TIMES * len).contains(&b.1.len());
        let free = self.free.iter().enumerate().rev().filter(fits);
        if let Some((i, _)) = free.min_by_key(|(_, b)| b.len()) {
            return Some(self.free.remove(i));
        }
        while let Some(victim) = self.victim(len) {
            self.reserved_lanes -= self.free.remove(victim).len();
        }
        self.reserved_lanes += len;
        self.most_reserved_lanes = self.most_reserved_lanes.max(self.reserved_lanes);
        None
    }

    /// The kept buffer to drop before a new one of `len` lanes is made: the smallest that makes enough room, else the
    /// largest, so that a small request does not cost a large buffer. None where there is room, or nothing to drop.
    fn victim(&self, len: usize) -> Option<usize> {
        let most = self.peak_lanes + self.peak_lanes / SLACK;
        let excess = (self.reserved_lanes + len)
            .checked_sub(most)
            .filter(|&e| e > 0)?;
        let kept = || self.free.iter().enumerate();
        let enough = kept().filter(|(_, b)| b.len() >= excess);
        let victim = enough.min_by_key(|(_, b)| b.len());
        let victim = victim.or_else(|| kept().max_by_key(|(_, b)| b.len()))?;
        Some(victim.0)
    }
}

impl<E: Element> Deref for Buffer<E> {
    type Target = [Lane<E>];
    fn deref(&self) -> &[Lane<E>] {
        &self.lanes[..self.len]
    }
}

impl<E: Element> DerefMut for Buffer<E> {
    fn deref_mut(&mut self) -> &mut [Lane<E>] {
        &mut self.lanes[..self.len]
    }
}

impl<E: Element> Clone for Buffer<E> {
    fn clone(&self) -> Self {
        let mut copy = self.pool.take(self.len);
        copy.copy_from_slice(self);
        copy
    }
}

impl<E: Element> Drop for Buffer<E> {
    fn drop(&mut self) {
        let lanes = std::mem::take(&mut self.lanes);
        let mut shelf = self.pool.shelf();
        shelf.used_lanes -= self.len;
        shelf.free.push(lanes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_freed_buffer_serves_the_next_request_of_its_size() {
        let pool = Arc::new(Pool::<f32>::default());
        let first = pool.take(8);
        let address = first.as_ptr();
        drop(first);
        assert_eq!(pool.take(8).as_ptr(), address);
    }

    #[test]
    fn kept_and_used_buffers_hardly_exceed_the_busiest_moment() {
        let pool = Arc::new(Pool::<f32>::default());
        for round in 0..20 {
            let held: Vec<_> = (1..6).map(|i| pool.take(i * 10 + round)).collect();
            drop(held);
            let _one = pool.take(300);
            let shelf = pool.shelf();
            let most = shelf.peak_lanes + shelf.peak_lanes / SLACK;
            assert!(shelf.reserved_lanes <= most);
        }
        assert_eq!(pool.peak_bytes(), 300 * 64);
    }

    #[test]
    fn a_small_request_does_not_cost_a_large_buffer() {
        let pool = Arc::new(Pool::<f32>::default());
        let (large, small) = (pool.take(300), pool.take(20));
        let address = large.as_ptr();
        drop((large, small));
        // Neither fits, and 410 lanes would pass 320 and a quarter: the 20 go.
        let _middle = pool.take(90);
        assert_eq!(pool.take(300).as_ptr(), address);
    }

    #[test]
    fn a_buffer_of_at_most_twice_the_size_is_lent() {
        let pool = Arc::new(Pool::<f32>::default());
        drop([pool.take(10), pool.take(14)]);
        let (nine, seven) = (pool.take(9), pool.take(7));
        assert_eq!((nine.len(), nine.lanes.len()), (9, 10));
        assert_eq!((seven.len(), seven.lanes.len()), (7, 14));
        drop(seven);
        assert_eq!(pool.take(6).lanes.len(), 6);
    }

    #[test]
    fn a_zeroed_buffer_is_zero_after_another_use() {
        let pool = Arc::new(Pool::<f64>::default());
        pool.take(3)[1] = Lane([1.0; 16]);
        assert!(pool.take_zeroed(3).iter().all(|l| *l == Lane::ZERO));
    }
}
