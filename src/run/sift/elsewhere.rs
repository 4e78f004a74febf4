//! What a run over the rows that came through needs to know of the others.

use std::{fs::File, io::BufReader};

use super::{What, counts::Counts, lines_of, no_such_lines};
use crate::{
    config::Elsewhere,
    error::{Error, Result, slashed},
    link::ContactDomains,
    problem::Problem,
    text::bloom_filter::BloomFilter,
};

/// What is known of the rows of the CRM that are not here.
#[derive(Default)]
pub(crate) struct RestOfCrm {
    /// What they came to, by part.
    counts: Vec<Counts>,
    /// The accounts of the whole CRM, where they are known.
    pub(crate) accounts: Option<BloomFilter>,
    /// The domains that accounts hold through all contacts of the CRM, where they are known.
    pub(crate) contact_domains: Option<ContactDomains>,
}

impl RestOfCrm {
    /// Reads what `reconcile sift` left.
    ///
    /// # Errors
    ///
    /// When a file cannot be read, or is none of `sift`.
    pub(crate) fn load(config: &Elsewhere) -> Result<RestOfCrm> {
        let mut rest = RestOfCrm::default();
        for path in &config.counts {
            rest.counts.extend(Counts::read(path)?);
        }
        for path in &config.known_accounts {
            let file = File::open(path).map_err(Error::io(path))?;
            let known = rest.accounts.get_or_insert_with(BloomFilter::for_accounts);
            let absorbed = known.absorb(BufReader::new(file));
            absorbed.map_err(|_| no_such_lines(slashed(path), What::Accounts))?;
        }
        if let Some(path) = &config.contact_domains {
            rest.contact_domains = Some(contact_domains(path)?);
        }
        Ok(rest)
    }

    /// What the rows came to, by part.
    pub(crate) fn counts(&self) -> &[Counts] {
        &self.counts
    }

    /// What could not be used in them.
    pub(crate) fn problems(&self) -> impl Iterator<Item = Problem> {
        self.counts.iter().flat_map(Counts::problems)
    }
}

/// Reads the domains of accounts by their contacts.
fn contact_domains(path: &std::path::Path) -> Result<ContactDomains> {
    let wrong = || no_such_lines(slashed(path), What::Domains);
    let mut domains = ContactDomains::default();
    for line in lines_of(path)?.records() {
        let line = line.map_err(|_| wrong())?;
        let [account, domain] = [line.get(0), line.get(1)].map(Option::unwrap_or_default);
        let account = u64::from_str_radix(account, 16).map_err(|_| wrong())?;
        let of = domains.entry(account).or_default();
        if let Err(at) = of.binary_search_by(|known| (**known).cmp(domain)) {
            of.insert(at, domain.into());
        }
    }
    Ok(domains)
}
