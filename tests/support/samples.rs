//! The small files and the samples that most tests run over.

use std::path::{Path, PathBuf};

use super::workdir::{Ran, Workdir};

/// Five customers: two share a domain with an account, one only a name, one name is borne by two
/// accounts, one has no account.
pub(crate) const AZURE: &str = "\
CustomerID,AccountName,Domain,City,PostalCode,Country,AzureCluster
30000001,Quellbrink Werkzeugbau GmbH,quellbrink.de,Ulm,89073,Germany,Act Now
30000002,Vossmoor Logistik GmbH,vossmoor.de,Kiel,24103,Germany,Evaluate
30000003,Tarnwiese Medizintechnik AG,,Bonn,53111,Germany,Nurture
30000004,Autohaus Brommelkamp GmbH,,,,Germany,Act Now
30000005,Rautenstrunk Steuerberatung,,Fulda,36037,Germany,Act Now
";

/// The accounts of the customers of [`AZURE`], and one that is nobody's.
pub(crate) const ACCOUNTS: &str = "\
Account ID,Account Name,Website,Billing City,Billing Zip/Postal Code,Billing Country
001A,Quellbrink Werkzeugbau,www.quellbrink.de,Ulm,89073,Germany
001B,Vossmoor Logistik,https://vossmoor.de/,Kiel,24103,Germany
001C,Tarnwiese Medizintechnik Aktiengesellschaft,,Bonn,53111,Germany
001D,Autohaus Brommelkamp GmbH,,Hamburg,20095,Germany
001E,Autohaus Brommelkamp GmbH,,Dresden,01067,Germany
001F,Gasthof Murmelstein,,Fulda,36037,Germany
";

/// A contact who may be written to, one who must not, and one of an account in review.
pub(crate) const CONTACTS: &str = "\
Contact ID,Account ID,First Name,Last Name,Email,Email Opt Out
003A,001A,Ann,Ahrens,ann@quellbrink.de,0
003B,001B,Bea,Bohm,bea@vossmoor.de,1
003C,001D,Cleo,Conrad,cleo@brommelkamp-hh.de,0
";

impl Workdir {
    /// The five customers, their accounts and contacts: `Azure.csv`, `Accounts.csv`,
    /// `Contacts.csv`.
    pub(crate) fn small() -> Workdir {
        Workdir::with(&[
            ("Azure.csv", AZURE),
            ("Accounts.csv", ACCOUNTS),
            ("Contacts.csv", CONTACTS),
        ])
    }

    /// Runs `match` over the small files into `out`, with further flags.
    pub(crate) fn run_small(&self, more: &[&str]) -> Ran {
        self.run_match("--reports Azure.csv --crm Accounts.csv Contacts.csv --out out", more)
    }

    /// The samples of the repository, in `reports` and `crm`.
    pub(crate) fn samples() -> Workdir {
        let dir = Workdir::new();
        dir.copy(&repository("samples"), "");
        dir
    }

    /// The samples, and in `out` the results of a run over their Salesforce export.
    pub(crate) fn finished() -> Workdir {
        let dir = Workdir::samples();
        dir.run_samples("crm/salesforce", "out", &[]);
        dir
    }

    /// Runs `match` over the sample reports and `crm` into `out`, with further flags.
    pub(crate) fn run_samples(&self, crm: &str, out: &str, more: &[&str]) -> Ran {
        let own = "--own-domain varnholt-cloudpartner.de";
        self.run_match(&format!("--reports reports --crm {crm} --out {out} {own}"), more).ended(0) // damaged rows
    }
}

/// A file or folder of the repository.
pub(crate) fn repository(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}
