//! What a pair must be able to weigh to be looked at.

use std::sync::atomic::{AtomicI8, Ordering};

/// What a pair must be able to weigh to count for a customer: as much as the nearest so far, until
/// there is one above the lower limit. In half bits rounded down, since they are looked up at random.
///
/// Shared by all threads whose candidates are put together in the end: what one has found, the
/// others need not.
#[derive(Debug)]
pub(crate) struct Thresholds(Vec<AtomicI8>);

impl Thresholds {
    /// The thresholds of so many customers, none of whom has anything yet.
    pub(crate) fn new(customers: usize) -> Thresholds {
        Thresholds((0..customers).map(|_| AtomicI8::new(i8::MIN)).collect())
    }

    /// The threshold of a customer, in bits.
    pub(crate) fn bits(&self, customer: u32) -> f64 {
        f64::from(self.0[customer as usize].load(Ordering::Relaxed)) / 2.0
    }

    /// Raises the threshold of a customer to so many hundredths of a bit, if it is lower.
    pub(crate) fn raise(&self, customer: u32, hundredths: i32) {
        let half_bits = hundredths.div_euclid(50).clamp(i8::MIN.into(), i8::MAX.into()) as i8;
        let threshold = &self.0[customer as usize];
        // To write takes the number, and its neighbours, from the other threads.
        if half_bits > threshold.load(Ordering::Relaxed) {
            threshold.fetch_max(half_bits, Ordering::Relaxed);
        }
    }
}
