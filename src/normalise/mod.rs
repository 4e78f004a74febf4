//! Text as typed to keys that can be compared.

pub mod company;
pub mod domain;
pub mod place;
