//! Memory of maps and weights: aligned lanes that return to their device's pool.
//!
//! A pass allocates and frees maps of the same few sizes again and again; giving them back to the
//! operating system would cost a page fault for every 4 KiB, as long as computing on them. A [`Pool`]
//! therefore keeps freed buffers, but never so many that all buffers together exceed what was in use
//! at the busiest moment by more than a tenth.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::simd::{Element, Lane};

/// The part of the busiest moment's memory by which kept buffers may exceed it: a pass uses other sizes
/// at its end than at its start, and without room for both it would drop what its next run begins with.
const SLACK: usize = 10;

/// Lanes on loan from a [`Pool`].
#[derive(Debug)]
pub(crate) struct Buffer<E: Element> {
    lanes: Vec<Lane<E>>,
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
    free_lanes: usize,
    used_lanes: usize,
    peak_lanes: usize,
}

impl<E> Default for Shelf<E> {
    fn default() -> Self {
        Self {
            free: Vec::new(),
            free_lanes: 0,
            used_lanes: 0,
            peak_lanes: 0,
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
}

impl<E: Element> Shelf<E> {
    fn take(&mut self, len: usize) -> Option<Vec<Lane<E>>> {
        self.used_lanes += len;
        self.peak_lanes = self.peak_lanes.max(self.used_lanes);
        // The latest of the right size is the one most likely to be in the cache.
        if let Some(i) = self.free.iter().rposition(|b| b.len() == len) {
            self.free_lanes -= len;
            return Some(self.free.swap_remove(i));
        }
        while self.free_lanes + self.used_lanes > self.peak_lanes + self.peak_lanes / SLACK {
            let oldest = self.free.remove(0);
            self.free_lanes -= oldest.len();
        }
        None
    }
}

impl<E: Element> Deref for Buffer<E> {
    type Target = [Lane<E>];
    fn deref(&self) -> &[Lane<E>] {
        &self.lanes
    }
}

impl<E: Element> DerefMut for Buffer<E> {
    fn deref_mut(&mut self) -> &mut [Lane<E>] {
        &mut self.lanes
    }
}

impl<E: Element> Clone for Buffer<E> {
    fn clone(&self) -> Self {
        let mut copy = self.pool.take(self.lanes.len());
        copy.copy_from_slice(&self.lanes);
        copy
    }
}

impl<E: Element> Drop for Buffer<E> {
    fn drop(&mut self) {
        let lanes = std::mem::take(&mut self.lanes);
        let mut shelf = self.pool.shelf();
        shelf.used_lanes -= lanes.len();
        shelf.free_lanes += lanes.len();
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
            assert!(shelf.free_lanes + shelf.used_lanes <= most);
        }
        assert_eq!(pool.peak_bytes(), 300 * 64);
    }

    #[test]
    fn a_zeroed_buffer_is_zero_after_another_use() {
        let pool = Arc::new(Pool::<f64>::default());
        pool.take(3)[1] = Lane([1.0; 16]);
        assert!(pool.take_zeroed(3).iter().all(|l| *l == Lane::ZERO));
    }
}
