//! Text as typed to keys that can be compared.

pub mod text;
pub mod company;
pub mod domain;
pub mod identifier;
pub mod place;
pub mod remembered;
