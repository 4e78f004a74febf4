//! A fresh folder per test with a small world in it, and files read back.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// Customers in four countries: one per case that a target could damage.
const AZURE: &str = "\
CustomerID,AccountName,Domain,City,State,PostalCode,Country,Industry,AzureCluster,AzureFit,AzureIntent,M365Cluster,M365Fit,M365Intent,Azure_Migrate Oracle DBs to Oracle on Azure,\"Azure_Windows Server OR SQL Server: EOS 2012\",MW_Teams Essentials
30000001,Quellbrink Werkzeugbau GmbH,quellbrink.de,Ulm,Baden-Württemberg,89073,Germany,Manufacturing,Act Now,High,High,Nurture,Low,Low,Yes,Yes,No
30000002,Société Évrard & Fils SARL,evrard-fils.fr,Orléans,,45000,France,Retail,Evaluate,Medium,High,Act Now,High,Low,Yes,No,Yes
30000003,株式会社雪見製作所,yukimi-seisaku.co.jp,東京,,100-0001,Japan,製造業,Act Now,90,80,Evaluate,60,60,No,Yes,Yes
30000004,Windlestraw Ferries Ltd,windlestraw.co.uk,Leith,Scotland,EH6 6QQ,United Kingdom,Transport,Act Now,High,Low,Educate,Low,Low,Yes,No,No
30000005,Niemandsland Verlag GmbH,niemandsland-verlag.de,Kassel,Hessen,34117,Germany,Media,Act Now,High,High,Act Now,High,High,Yes,No,No
30000006,Murmelstein Nurture GmbH,murmelstein.de,Fulda,Hessen,36037,Germany,Media,Nurture,Low,Low,Educate,Low,Low,Yes,No,No
";

const RENEWALS: &str = "\
CustomerID,AccountName,Domain,Agreement ID,Agreement End Date,Expiring Revenue
30000001,Quellbrink Werkzeugbau GmbH,quellbrink.de,E1,2026-12-31,12500.50
30000003,株式会社雪見製作所,yukimi-seisaku.co.jp,E3,2027-03-31,99000
30000004,Windlestraw Ferries Ltd,windlestraw.co.uk,E4,2027-01-31,12500.50
";

const ACCOUNTS: &str = "\
Account ID,Account Name,Website,Billing City,Billing Zip/Postal Code,Billing Country,Account Owner
001Qy00000AAAAA,Quellbrink Werkzeugbau GmbH,www.quellbrink.de,Ulm,89073,Germany,owner@partner.example
001Qy00000BBBBB,Société Évrard et Fils,https://evrard-fils.fr,Orléans,45000,France,Zoë Ångström
001Qy00000CCCCC,株式会社雪見製作所,yukimi-seisaku.co.jp,東京,100-0001,Japan,鈴木 一郎
001Qy00000DDDDD,Windlestraw Ferries Ltd,windlestraw.co.uk,Leith,EH6 6QQ,UK,Kim Lee
001Qy00000FFFFF,Murmelstein Nurture GmbH,murmelstein.de,Fulda,36037,Germany,Kim Lee
";

/// Explicit consents and blanks, a denial, a twin of one address, one person with two addresses,
/// a formula in a name, an address with letters beyond ASCII, an address of a function.
const CONTACTS: &str = "\
Contact ID,Account ID,Salutation,First Name,Last Name,Title,Email,Email Opt In,Phone,Mailing City,Mailing Zip/Postal Code,Mailing Country
003Qy00000AAAA1,001Qy00000AAAAA,Frau,Jürgen,Weißhäupl,Leiter IT,Juergen@Quellbrink.de,Yes,+49 731 123456,Ulm,D-89073,Germany
003Qy00000AAAA2,001Qy00000AAAAA,,=HYPERLINK(1),@Bohm,CEO,bea@quellbrink.de,,0731 999999,Ulm,89073,Germany
003Qy00000AAAA3,001Qy00000AAAAA,,Nein,Danke,CIO,nein@quellbrink.de,No,+49 731 123459,Ulm,89073,Germany
003Qy00000AAAA4,001Qy00000AAAAA,,,,,info@quellbrink.de,Yes,,Ulm,89073,Germany
003Qy00000AAAA5,001Qy00000AAAAA,,,,,JUERGEN@quellbrink.de,,+49 731 123456,,,
003Qy00000BBBB1,001Qy00000BBBBB,Mme,Françoise,\"Évrard, née d'Ærø\",Directrice financière,francoise@evrard-fils.fr,Yes,02 38 00 00 00,Orléans,45000,France
003Qy00000CCCC1,001Qy00000CCCCC,,太郎,山田,情報システム部長,taro@yukimi-seisaku.co.jp,Yes,03-1234-5678,東京,100-0001,日本
003Qy00000CCCC2,001Qy00000CCCCC,,花子,佐藤,,花子@yukimi-seisaku.co.jp,Yes,,東京,100-0001,日本
003Qy00000DDDD1,001Qy00000DDDDD,,Zoë,O'Neill,Managing Director,zoe@windlestraw.co.uk,,0131 496 0000,Leith,EH6 6QQ,UK
003Qy00000FFFF1,001Qy00000FFFFF,,Nora,Nurture,CIO,nora@murmelstein.de,Yes,,Fulda,36037,Germany
";

/// Every target.
pub(crate) const TARGETS: &str = "hubspot,salesforce,dynamics,mailchimp,linkedin-companies,\
google-customer-match,workbook,crm-update,net-new";

/// A folder that is deleted with the test.
pub(crate) struct Workdir(TempDir);

impl Workdir {
    /// The small world.
    pub(crate) fn new() -> Workdir {
        let dir = Workdir(TempDir::new().expect("a temporary folder"));
        for (name, text) in [
            ("Azure_2026-10.csv", AZURE),
            ("AgreementRenewals_2026-10.csv", RENEWALS),
            ("Accounts.csv", ACCOUNTS),
            ("Contacts.csv", CONTACTS),
        ] {
            dir.write(name, text);
        }
        dir
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect(name);
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Runs the program inside the folder with no settings from outside; what it printed.
    pub(crate) fn run(&self, args: &[&str]) -> String {
        let mut program = Command::new(env!("CARGO_BIN_EXE_reconcile"));
        let ran = program.env_clear().current_dir(self.0.path()).args(args).output();
        let ran = ran.expect("the program starts");
        let (out, err) =
            (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        let status = ran.status.code();
        assert!(matches!(status, Some(0 | 3)), "{status:?} {args:?}\n{out}\n{err}");
        out.into_owned()
    }

    /// As [`Workdir::run`], for what must fail; what it said.
    pub(crate) fn fail(&self, args: &[&str]) -> String {
        let mut program = Command::new(env!("CARGO_BIN_EXE_reconcile"));
        let ran = program.env_clear().current_dir(self.0.path()).args(args).output();
        let ran = ran.expect("the program starts");
        assert_eq!(ran.status.code(), Some(1), "{args:?}");
        String::from_utf8_lossy(&ran.stderr).into_owned()
    }

    /// `match` into `out`, with further flags.
    pub(crate) fn link(&self, out: &str, flags: &[&str]) -> String {
        let mut args = vec![
            "match",
            "--reports",
            "Azure_2026-10.csv",
            "AgreementRenewals_2026-10.csv",
            "--accounts",
            "Accounts.csv",
            "--contacts",
            "Contacts.csv",
            "--as-of",
            "2026-11-21",
            "--out",
            out,
        ];
        args.extend(flags);
        self.run(&args)
    }

    pub(crate) fn table(&self, name: &str) -> Table {
        Table::parse(&self.read(name))
    }

    /// The files below a folder, by name with `/`, and their bytes.
    pub(crate) fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        gather(&self.path(folder), "", &mut found);
        found
    }
}

fn gather(folder: &Path, above: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = format!("{above}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            gather(&entry.path(), &format!("{name}/"), found);
        } else {
            found.insert(name, fs::read(entry.path()).expect("a file that can be read"));
        }
    }
}

/// A CSV file, read by the rules of RFC 4180 and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn parse(text: &str) -> Table {
        let mut records: Vec<Vec<String>> = Vec::new();
        let (mut record, mut cell, mut quoted) = (Vec::new(), String::new(), false);
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '"' if quoted && letters.peek() == Some(&'"') => {
                    letters.next();
                    cell.push('"');
                }
                '"' => quoted = !quoted,
                ',' if !quoted => record.push(std::mem::take(&mut cell)),
                '\r' if !quoted => {}
                '\n' if !quoted => {
                    record.push(std::mem::take(&mut cell));
                    records.push(std::mem::take(&mut record));
                }
                letter => cell.push(letter),
            }
        }
        assert!(!quoted && cell.is_empty() && record.is_empty(), "the last line ends: {text}");
        let header = records.remove(0);
        for row in &records {
            assert_eq!(row.len(), header.len(), "{row:?}");
        }
        Table { header, rows: records }
    }

    /// The cells of a column.
    pub(crate) fn column(&self, name: &str) -> Vec<&str> {
        let at = self.header.iter().position(|of| of == name);
        let at = at.unwrap_or_else(|| panic!("no column {name:?} in {:?}", self.header));
        self.rows.iter().map(|row| row[at].as_str()).collect()
    }
}
