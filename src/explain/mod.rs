//! Why a customer and an account were linked, or not: the same words for every reader.

mod blocking;
mod decision;
mod pair;
mod sentence;

pub(crate) use self::{
    decision::Decided,
    pair::{account_line, customer_line},
};
pub use sentence::Explainer;
