//! A fresh folder per test, the program run inside it, and the files it wrote.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// The day of all runs, so that no result depends on today.
const AS_OF: &str = "2026-11-21";

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

/// A folder that is deleted with the test.
pub(crate) struct Workdir(TempDir);

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A CSV file that the program wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) headers: Vec<String>,
    pub(crate) rows: Vec<BTreeMap<String, String>>,
}

impl Workdir {
    pub(crate) fn new() -> Workdir {
        Workdir(TempDir::new().expect("a temporary folder"))
    }

    pub(crate) fn with(files: &[(&str, &str)]) -> Workdir {
        let dir = Workdir::new();
        files.iter().for_each(|(name, text)| dir.write(name, text));
        dir
    }

    /// The five customers, their accounts and contacts: `Azure.csv`, `Accounts.csv`,
    /// `Contacts.csv`.
    pub(crate) fn small() -> Workdir {
        Workdir::with(&[
            ("Azure.csv", AZURE),
            ("Accounts.csv", ACCOUNTS),
            ("Contacts.csv", CONTACTS),
        ])
    }

    /// The sample files, in `reports/` and `crm/`.
    pub(crate) fn samples() -> Workdir {
        let dir = Workdir::new();
        copy_folder(&samples(), dir.0.path());
        dir
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders are made");
        fs::write(&path, bytes).expect(name);
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect(name)
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect(name)
    }

    pub(crate) fn holds(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    /// The names in a folder, sorted.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).expect(folder);
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// The program, to be run inside the folder with no settings from the outside.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_reconcile"));
        program.env_clear().current_dir(self.0.path()).args(args).stdin(Stdio::null());
        program
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        let output = self.command(args).output().expect("the program starts");
        Ran {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("messages are UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("messages are UTF-8"),
        }
    }

    /// Runs `match` over the small files into `out`, with further flags.
    pub(crate) fn run_small(&self, more: &[&str]) -> Ran {
        let inputs: &[&str] =
            &["match", "--reports", "Azure.csv", "--crm", "Accounts.csv", "Contacts.csv"];
        self.run(&[inputs, &["--out", "out", "--as-of", AS_OF], more].concat())
    }

    /// Runs `match` over the sample reports and `crm` into `out`, with further flags.
    pub(crate) fn run_samples(&self, crm: &str, out: &str, more: &[&str]) -> Ran {
        let inputs: &[&str] = &["match", "--reports", "reports", "--crm", crm, "--out", out];
        let own: &[&str] = &["--as-of", AS_OF, "--own-domain", "varnholt-cloudpartner.de"];
        let ran = self.run(&[inputs, own, more].concat());
        assert_eq!(ran.status, Some(3), "the samples hold damaged rows: {ran:?}");
        ran
    }

    pub(crate) fn table(&self, name: &str) -> Table {
        Table::of(&self.read(name))
    }

    pub(crate) fn summary(&self, out: &str) -> serde_json::Value {
        serde_json::from_str(&self.read(&format!("{out}/summary.json"))).expect("JSON")
    }

    /// Fills in the verdict of a pair in `out/review.csv`.
    pub(crate) fn judge(&self, account: &str, verdict: &str) {
        let mut review = self.table("out/review.csv");
        let row = review.rows.iter_mut().find(|row| row["account_id"] == account);
        row.expect(account).insert("verdict".into(), verdict.into());
        self.write("out/review.csv", review.text());
    }
}

impl Ran {
    /// The run, which must have ended with this status.
    pub(crate) fn ended(self, status: i32) -> Ran {
        assert_eq!(self.status, Some(status), "{self:?}");
        self
    }
}

impl Table {
    pub(crate) fn of(text: &str) -> Table {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headers: Vec<String> =
            reader.headers().expect("a header").iter().map(str::to_owned).collect();
        let rows = reader.records().map(|record| {
            let record = record.expect("a row");
            headers.iter().cloned().zip(record.iter().map(str::to_owned)).collect()
        });
        Table { rows: rows.collect(), headers }
    }

    /// The table as CSV again.
    pub(crate) fn text(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.headers).expect("a header");
        for row in &self.rows {
            writer.write_record(self.headers.iter().map(|header| &row[header])).expect("a row");
        }
        String::from_utf8(writer.into_inner().expect("all written")).expect("UTF-8")
    }

    pub(crate) fn column(&self, header: &str) -> Vec<&str> {
        self.rows.iter().map(|row| row[header].as_str()).collect()
    }

    /// The row whose first column is `key`.
    pub(crate) fn row(&self, key: &str) -> &BTreeMap<String, String> {
        let first = &self.headers[0];
        self.rows.iter().find(|row| row[first] == key).unwrap_or_else(|| panic!("no row {key}"))
    }

    /// Two columns as pairs, in the order of the file.
    pub(crate) fn pairs(&self, left: &str, right: &str) -> Vec<(&str, &str)> {
        self.column(left).into_iter().zip(self.column(right)).collect()
    }
}

/// The folder of samples in the repository.
pub(crate) fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

/// Copies a folder with all that is in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a copy");
        }
    }
}
