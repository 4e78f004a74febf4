//! What the fuzz targets try, as plain functions; the tests of the package run them too.

pub mod meaning;
pub mod reading;
pub mod verdict;
