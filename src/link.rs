//! Passes in priority order, accounts in parallel; candidates per customer.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::compare::Comparison;

/// What is kept of an account that is a candidate for some customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRecord {
    /// The CRM's account id.
    pub id: Box<str>,
    /// The name as typed.
    pub name: Box<str>,
    /// The first domain of its own, registrable; else the first website as typed.
    pub domain: Box<str>,
    /// The city as typed.
    pub city: Box<str>,
    /// The postal code as typed.
    pub postal_code: Box<str>,
    /// The country as typed.
    pub country: Box<str>,
    /// The owner of the account.
    pub owner: Box<str>,
    /// Whether the CRM has it switched off.
    pub inactive: bool,
}

/// A customer and an account that some pass, or a verdict, brought together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Position of the customer in `Customers::list`.
    pub customer: u32,
    /// The account.
    pub account: Arc<AccountRecord>,
    /// How they compare.
    pub comparison: Comparison,
}
