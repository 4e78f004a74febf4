//! Consent, suppression, survivorship; which contact reaches which list.

pub mod profile;
