//! Who must not be written to.

pub(crate) mod address;
pub(crate) mod gather;
pub(crate) mod opt_outs;
mod suppression_entry;

pub(crate) use address::AddressKey;
pub(crate) use opt_outs::OptOuts;
pub(crate) use suppression_entry::SuppressionEntry;
