//! The small world that campaigns are made of.

use crate::support::{Ran, Workdir};

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

impl Workdir {
    /// The reports, accounts and contacts of the small world.
    pub(crate) fn world() -> Workdir {
        Workdir::with(&[
            ("Azure_2026-10.csv", AZURE),
            ("AgreementRenewals_2026-10.csv", RENEWALS),
            ("Accounts.csv", ACCOUNTS),
            ("Contacts.csv", CONTACTS),
        ])
    }

    /// The same with so many more customers, each with one person who has agreed: some systems take no
    /// short list.
    pub(crate) fn crowded_world(more: usize) -> Workdir {
        let dir = Workdir::world();
        let add = |file: &str, row: &dyn Fn(usize) -> String| {
            let rows: String = (0..more).map(|at| row(at) + "\n").collect();
            dir.write(file, dir.read(file) + &rows);
        };
        add("Azure_2026-10.csv", &|at| {
            format!(
                "4{at:07},Crowd Number {at:03} GmbH,crowd{at:03}.de,Ulm,,89073,Germany,Media,Act Now,1,1,Educate,1,1,No,Yes,No"
            )
        });
        add("Accounts.csv", &|at| {
            format!(
                "001Qy0000K{at:05},Crowd Number {at:03} GmbH,crowd{at:03}.de,Ulm,89073,Germany,Kim Lee"
            )
        });
        add("Contacts.csv", &|at| {
            format!(
                "003Qy0000K{at:05},001Qy0000K{at:05},,Pat,Nobody{at:03},CIO,pat@crowd{at:03}.de,Yes,,Ulm,89073,Germany"
            )
        });
        dir
    }

    /// Runs `match` over the small world into `out`, with further flags.
    pub(crate) fn run_world(&self, out: &str, more: &[&str]) -> Ran {
        let reports = "--reports Azure_2026-10.csv AgreementRenewals_2026-10.csv";
        let crm = "--accounts Accounts.csv --contacts Contacts.csv";
        self.run_match(&format!("{reports} {crm} --out {out}"), more).ended(0)
    }
}
