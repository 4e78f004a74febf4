//! Text as typed to keys that can be compared.

pub(crate) mod company;
pub(crate) mod domain;
pub(crate) mod place;
