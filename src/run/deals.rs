//! The deals of the CRM and the customers that they were made with.

use std::path::PathBuf;

use rustc_hash::FxHashMap;

use super::{Found, Rules, contacts::account_names, sift::names_are_no_part};
use crate::{
    config::Config,
    crm::AccountNames,
    deals::{Deals, Owner, read_deals},
    decide::{Decisions, Outcome},
    error::Result,
    inputs::{Inputs, RunLog},
    lists::{CurrentDeal, CurrentDeals},
    text::id::{account_hash, key_hash},
};

/// The deals of the CRM, and what is needed to find their accounts.
pub(crate) struct CrmDeals {
    /// The deals.
    pub(crate) deals: Deals,
    /// The names of accounts, where some deal names its account without an id.
    pub(crate) names: AccountNames,
}

impl CrmDeals {
    /// Reads all deals, and the names of accounts where these are needed.
    ///
    /// # Errors
    ///
    /// When a file cannot be read.
    pub(crate) fn read(
        config: &Config,
        rules: &Rules,
        inputs: &Inputs,
        log: &mut RunLog,
    ) -> Result<CrmDeals> {
        let deals = read(config, rules, inputs, log)?;
        if !deals.needs_names {
            return Ok(CrmDeals { deals, names: AccountNames::default() });
        }
        check_names(config)?;
        Ok(CrmDeals { deals, names: account_names(config, rules, inputs, log)? })
    }

    /// As [`CrmDeals::read`], the deals of other files than the run has read; its accounts only where
    /// their names are needed.
    ///
    /// # Errors
    ///
    /// When a file cannot be read.
    pub(crate) fn of_files(
        config: &Config,
        rules: &Rules,
        files: &[PathBuf],
        log: &mut RunLog,
    ) -> Result<CrmDeals> {
        let none = Config { reports: vec![], crm: vec![], ..config.clone() };
        let none = Config { accounts: vec![], contacts: vec![], suppress: vec![], ..none };
        let of_deals = Config { deals: files.to_owned(), ..none.clone() };
        let deals = read(&of_deals, rules, &Inputs::whatever(&of_deals, &rules.columns)?, log)?;
        if !deals.needs_names {
            return Ok(CrmDeals { deals, names: AccountNames::default() });
        }
        check_names(config)?;
        let Config { crm, accounts, .. } = config.clone();
        let of_accounts = Config { crm, accounts, deals: vec![], ..none };
        let inputs = Inputs::whatever(&of_accounts, &rules.columns)?;
        Ok(CrmDeals { deals, names: account_names(&of_accounts, rules, &inputs, log)? })
    }
}

/// Refuses deals that name their accounts where not all accounts are here.
fn check_names(config: &Config) -> Result<()> {
    match config.elsewhere.is_sifted() {
        true => Err(names_are_no_part("deals", "deal")),
        false => Ok(()),
    }
}

fn read(config: &Config, rules: &Rules, inputs: &Inputs, log: &mut RunLog) -> Result<Deals> {
    let by = (rules.columns.words(), &rules.products);
    read_deals(inputs, &config.read_options(), by, log)
}

/// Which customers are in the middle of a deal, on the day of the run.
pub(super) fn current_deals(config: &Config, deals: &CrmDeals, found: &Found) -> CurrentDeals {
    let served = customers_of_accounts(&found.decisions, &found.accounts.merged);
    let mut current = CurrentDeals::of_nobody(found.customers.list.len());
    for deal in &deals.deals.list {
        let customers = |account: u64| served.get(&account).map(Vec::as_slice);
        let Owner::Of(customers) = deal.account.owner(&deals.names, customers) else { continue };
        let Some(of) = CurrentDeal::of(deal, &found.customers.areas, config.as_of) else {
            continue;
        };
        customers.iter().for_each(|customer| current.add(*customer as usize, of.clone()));
    }
    current
}

/// The customers that each linked account serves, by the hash of its id and of those of accounts that
/// were merged into it.
fn customers_of_accounts(
    decisions: &Decisions,
    merged: &FxHashMap<Box<str>, Box<str>>,
) -> FxHashMap<u64, Vec<u32>> {
    let mut served: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
    for outcome in &decisions.outcomes {
        let Outcome::Linked(links) = outcome else { continue };
        for link in links {
            let of = served.entry(account_hash(link.candidate.account.id())).or_default();
            of.push(link.candidate.customer);
        }
    }
    for (away, master) in merged {
        if let Some(customers) = served.get(&key_hash(master)).cloned() {
            served.entry(key_hash(away)).or_insert(customers);
        }
    }
    served
}
