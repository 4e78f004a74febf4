//! Values of some customers, by their positions.

use prefetch_index::prefetch_index;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A map from customers to values that can be asked for memory ahead. Customers are numbered without
/// gaps, so a list of places is shorter than a hash table. Written down as a map.
#[derive(Debug, Clone)]
pub(crate) struct ByCustomer<V> {
    /// By customer, one more than the position in `all`; 0 where there is nothing.
    slots: Vec<u32>,
    all: Vec<(u32, V)>,
}

impl<V> Default for ByCustomer<V> {
    fn default() -> ByCustomer<V> {
        ByCustomer { slots: Vec::new(), all: Vec::new() }
    }
}

impl<V> ByCustomer<V> {
    /// How many customers have a value.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// The value of a customer.
    pub(crate) fn get(&self, customer: u32) -> Option<&V> {
        self.position(customer).map(|at| &self.all[at].1)
    }

    /// The value of a customer, to be changed.
    pub(crate) fn get_mut(&mut self, customer: u32) -> Option<&mut V> {
        self.position(customer).map(|at| &mut self.all[at].1)
    }

    /// Gives a value to a customer that has none.
    pub(crate) fn add(&mut self, customer: u32, value: V) {
        debug_assert!(self.get(customer).is_none(), "customer {customer} has a value");
        let at = customer as usize;
        if at >= self.slots.len() {
            self.slots.resize(at + 1, 0);
        }
        self.all.push((customer, value));
        self.slots[at] = self.all.len() as u32;
    }

    /// All values with their customers, in the order in which they came.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &V)> {
        self.all.iter().map(|(customer, value)| (*customer, value))
    }

    /// All values with their customers, in the order in which they came.
    pub(crate) fn into_iter(self) -> impl Iterator<Item = (u32, V)> {
        self.all.into_iter()
    }

    /// Asks for the memory in which a customer is looked for.
    pub(crate) fn prefetch_slot(&self, customer: u32) {
        prefetch_index(&self.slots, customer as usize);
    }

    /// Asks for the memory of the value of a customer, whose slot is at hand.
    pub(crate) fn prefetch(&self, customer: u32) {
        if let Some(at) = self.position(customer) {
            prefetch_index(&self.all, at);
        }
    }

    fn position(&self, customer: u32) -> Option<usize> {
        (*self.slots.get(customer as usize)? as usize).checked_sub(1)
    }
}

/// Equal where the same customers have the same values, in whatever order they came.
impl<V: PartialEq> PartialEq for ByCustomer<V> {
    fn eq(&self, other: &ByCustomer<V>) -> bool {
        self.len() == other.len()
            && self.iter().all(|(customer, value)| other.get(customer) == Some(value))
    }
}

impl<V: Eq> Eq for ByCustomer<V> {}

impl<V: Serialize> Serialize for ByCustomer<V> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.iter())
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for ByCustomer<V> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<ByCustomer<V>, D::Error> {
        let mut all = ByCustomer::default();
        let written: FxHashMap<u32, V> = FxHashMap::deserialize(from)?;
        written.into_iter().for_each(|(customer, value)| all.add(customer, value));
        Ok(all)
    }
}
