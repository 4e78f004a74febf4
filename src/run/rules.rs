//! All rule tables of a run.

use std::path::Path;

use crate::{
    columns::ColumnRules, compare::Matching, deals::Products, error::Result, index::LinkRules,
    lists::PeopleRules, report::ReportRules, rules::check_folder,
};

/// All rule tables of a run.
pub struct Rules {
    /// How headers are understood.
    pub(crate) columns: ColumnRules,
    /// How reports are read.
    pub(crate) report: ReportRules,
    /// How names, domains and places are read.
    pub link: LinkRules,
    /// The parameters of matching.
    pub matching: Matching,
    /// The solution areas of products.
    pub(crate) products: Products,
    /// How people are merged and chosen.
    pub(crate) people: PeopleRules,
}

impl Rules {
    /// The tables that come with the program, each replaced by the file of its name in `dir`.
    ///
    /// # Errors
    ///
    /// When a table cannot be read or understood.
    pub fn load(dir: Option<&Path>, own_domains: &[String]) -> Result<Rules> {
        dir.map(check_folder).transpose()?;
        Ok(Rules {
            columns: ColumnRules::load(dir)?,
            report: ReportRules::load(dir)?,
            link: LinkRules::load(dir, own_domains)?,
            matching: Matching::load(dir)?,
            products: Products::load(dir)?,
            people: PeopleRules::load(dir)?,
        })
    }
}
