//! What the rows of exports mean: each oddity ends in the lists as a person would want it.

use crate::support::{AZURE, Workdir};

/// What a run must come to: a file, one of its columns, and the sorted values in it.
type Wanted<'w> = (&'w str, &'w str, &'w [&'w str]);

/// An oddity: its name, the files of the CRM, and what a run must come to.
type Meant<'m> = (&'m str, &'m [(&'m str, &'m str)], &'m [Wanted<'m>]);

/// The ids by which links, contacts and refusals are compared.
const LINKED: (&str, &str) = ("out/links.csv", "account_id");
const LISTED: (&str, &str) = ("out/contacts.csv", "contact_id");

const fn linked<'w>(ids: &'w [&'w str]) -> Wanted<'w> {
    (LINKED.0, LINKED.1, ids)
}

const fn listed<'w>(ids: &'w [&'w str]) -> Wanted<'w> {
    (LISTED.0, LISTED.1, ids)
}

/// Runs each oddity with the small report, or with the report among its files.
fn check(oddities: &[Meant<'_>]) {
    for (name, files, wanted) in oddities {
        let dir = Workdir::with(&[("reports/Azure.csv", AZURE)]);
        for (file, text) in *files {
            match file.strip_prefix("reports/") {
                Some(_) => dir.write(file, text),
                None => dir.write(&format!("crm/{file}"), text),
            }
        }
        let ran = dir.run_match("--reports reports --crm crm --out out", &[]).done();
        for (file, column, values) in *wanted {
            let table = dir.table(file);
            let mut found = table.column(column);
            found.sort_unstable();
            assert_eq!(found, *values, "{name}: {column} of {file}: {ran:?}");
        }
    }
}

const SALESFORCE: &str = "\
Id,IsDeleted,MasterRecordId,Name,Website,BillingCity,BillingCountry,OwnerId,SystemModstamp
001D000000IRFmaIAH,0,000000000000000AAA,Quellbrink Werkzeugbau,quellbrink.de,Ulm,Germany,005,
001D000000IRFmcIAH,1,001D000000IRFmaIAH,Quellbrink doppelt,quellbrink.de,Ulm,Germany,005,
001D000000IRFmdIAH,1,000000000000000AAA,Vossmoor Logistik,vossmoor.de,Kiel,Germany,005,
";

#[test]
fn oddities_of_salesforce() {
    check(&[
        (
            "an empty lookup is no master, and deleted and merged rows take no part",
            &[("Account.csv", SALESFORCE)],
            &[linked(&["001D000000IRFmaIAH"])],
        ),
        (
            "ids of 15 and 18 letters join, and those of a merged account lead to its master",
            &[
                ("Account.csv", SALESFORCE),
                (
                    "Contact.csv",
                    "Id,AccountId,LastName,Email,HasOptedOutOfEmail\n\
                     003D000000IRFmaIAH,001D000000IRFma,Ahrens,ann@quellbrink.de,0\n\
                     003D000000IRFmbIAH,001D000000IRFmcIAH,Bohm,bea@quellbrink.de,0\n\
                     003D000000IRFmcIAH,001d000000irfma,Conrad,cleo@quellbrink.de,0\n",
                ),
            ],
            &[listed(&["003D000000IRFmaIAH", "003D000000IRFmbIAH"])],
        ),
        (
            "placeholder phones make nobody the same person",
            &[
                ("Account.csv", SALESFORCE),
                (
                    "Contact.csv",
                    "Id,AccountId,FirstName,LastName,Email,HasOptedOutOfEmail,Phone\n\
                     003A,001D000000IRFma,Ann,Ahrens,ann@quellbrink.de,0,000000000\n\
                     003B,001D000000IRFma,Ann,Ahrens,ann.ahrens@quellbrink.de,0,000000000\n\
                     003C,001D000000IRFma,Bea,Bohm,bea@quellbrink.de,0,123456789\n\
                     003D,001D000000IRFma,Bea,Bohm,bea.bohm@quellbrink.de,0,123456789\n\
                     003E,001D000000IRFma,Cleo,Conrad,cleo@quellbrink.de,0,1234\n\
                     003F,001D000000IRFma,Cleo,Conrad,cleo.conrad@quellbrink.de,0,1234\n\
                     003G,001D000000IRFma,Dora,Dorn,dora@quellbrink.de,0,0731 482615\n\
                     003H,001D000000IRFma,Dora,Dorn,dora.dorn@quellbrink.de,0,+49 731 482615\n",
                ),
            ],
            // a real number does
            &[listed(&["003A", "003B", "003C", "003D", "003E", "003F", "003G"])],
        ),
        (
            "a name that lost its letters is no key",
            &[
                ("Account.csv", "Id,Name,OwnerId\n001A,?????,005\n001B,???? ??,005\n"),
                ("reports/Azure.csv", "CustomerID,AccountName,AzureCluster\n1,?????,Act Now\n"),
            ],
            &[linked(&[]), ("out/customers.csv", "reason", &["no usable key"])],
        ),
        (
            "notes may be HTML, with quotes, line breaks and delimiters in it",
            &[
                (
                    "Account.csv",
                    "Id,Name,Website,Description,OwnerId\n\
                     001A,Quellbrink Werkzeugbau,quellbrink.de,\"<p class=\"\"a\"\">x;y,z<br/>\n\
                     <a href=\"\"https://vossmoor.de\"\">v</a></p>\",005\n\
                     001B,Vossmoor Logistik,vossmoor.de,<b>bold</b>,005\n",
                ),
                (
                    "Contact.csv",
                    "Id,AccountId,LastName,Email,HasOptedOutOfEmail,Description\n\
                     003A,001A,Ahrens,ann@quellbrink.de,0,\"<div>met at \"\"the fair\"\", please<br>\n</div>\"\n",
                ),
            ],
            &[
                linked(&["001A", "001B"]),
                listed(&["003A"]),
                ("out/problems.csv", "line", &[]),
                ("out/contacts.csv", "job_title", &[""]),
            ],
        ),
        (
            "cells of a bulk file are not trimmed, and #N/A means nothing",
            &[
                (
                    "Account.csv",
                    "Id,Name,Website,BillingCity,MasterRecordId\n\
                     \" 001A \",\" Quellbrink Werkzeugbau\",\" quellbrink.de \",#N/A,#N/A\n\
                     001B,Vossmoor Logistik,#N/A,NULL,-\n",
                ),
                (
                    "Contact.csv",
                    "Id,AccountId,LastName,Email,HasOptedOutOfEmail,EmailBouncedReason\n\
                     003A,001A ,Ahrens, ann@quellbrink.de ,0 ,#N/A\n",
                ),
            ],
            &[linked(&["001A", "001B"]), listed(&["003A"])],
        ),
        (
            "columns of a related record join as their own would",
            &[
                ("Account.csv", SALESFORCE),
                (
                    "Contact.csv",
                    "Id,Account.Name,Account.Id,LastName,Email,HasOptedOutOfEmail\n\
                     003A,Quellbrink Werkzeugbau,001D000000IRFma,Ahrens,ann@quellbrink.de,0\n",
                ),
            ],
            &[listed(&["003A"])],
        ),
    ]);
}

#[test]
fn person_accounts_are_people_and_no_companies() {
    let account = "\
Id,Name,LastName,FirstName,Website,IsPersonAccount,PersonContactId,PersonEmail,PersonHasOptedOutOfEmail,PersonDoNotCall
001A,Quellbrink Werkzeugbau,,,quellbrink.de,0,,,0,0
001B,Vossmoor Logistik,Logistik,Vossmoor,vossmoor.de,1,003B,ann@vossmoor.de,1,1
001C,Bea Bohm,Bohm,Bea,,1,003C,bea@home.example,0,1
";
    let contact = "\
Id,AccountId,FirstName,LastName,Email,HasOptedOutOfEmail,Phone,IsPersonAccount
003A,001A,Ann,Ahrens,ann@vossmoor.de,0,0731 482615,0
003D,001A,Bea,Bohm,bea@home.example,0,0731 482616,0
003C,001C,Bea,Bohm,bea@home.example,0,0731 482616,1
";
    let dir =
        Workdir::with(&[("Azure.csv", AZURE), ("Account.csv", account), ("Contact.csv", contact)]);
    dir.run_match("--reports Azure.csv --crm Account.csv Contact.csv --out out", &[]).ended(0);
    assert_eq!(dir.table("out/links.csv").column("account_id"), ["001A"]);
    assert_eq!(
        dir.table("out/suppressed.csv").pairs("contact_id", "decided_by_record"),
        [("003A", "003B")],
        "the refusal of a person holds for the address"
    );
    assert_eq!(dir.table("out/contacts.csv").pairs("contact_id", "phone"), [("003D", "")]);
    let summary = dir.summary("out");
    assert_eq!(summary["results"]["accounts"]["excluded"], 2);
    assert_eq!(summary["results"]["contacts"]["account_not_linked"], 1);
    let notes = summary["notes"].as_array().expect("notes");
    let told = |note: &serde_json::Value| {
        note.as_str().is_some_and(|note| {
            note.starts_with("Account.csv: 2 of 3 accounts are people, not companies")
        })
    };
    assert!(notes.iter().any(told), "{notes:?}");
    let inspected = dir.run(&["inspect", "Account.csv"]).ended(0);
    assert!(inspected.stdout.contains("2 of 3 accounts are people"), "{}", inspected.stdout);
}

#[test]
fn person_accounts_are_recognised_by_what_only_people_fill_where_no_column_says_so() {
    for (header, company, person) in [
        (
            "Id,Name,Website,PersonContactId",
            "x,Quellbrink Werkzeugbau,quellbrink.de,",
            "y,V,vossmoor.de,003B",
        ),
        (
            "Id,Name,Website,PersonEmail",
            "x,Quellbrink Werkzeugbau,quellbrink.de,",
            "y,V,vossmoor.de,a@vossmoor.de",
        ),
        (
            "Account Name,Website,Is Person Account,Person Account: Email,Person Account: Email Opt Out",
            "Quellbrink Werkzeugbau,quellbrink.de,No,,No",
            "V,vossmoor.de,Yes,a@vossmoor.de,No",
        ),
        (
            "ID,NAME,WEBSITE,LASTNAME,ISPERSONACCOUNT,OWNERID",
            "001D000000IRFmaIAH,Quellbrink Werkzeugbau,quellbrink.de,,false,005",
            "001D000000IRFmbIAX,A Voss,vossmoor.de,Voss,true,005",
        ),
        (
            "Id,Name,Website,LastName,OwnerId",
            "001D000000IRFmaIAH,Quellbrink Werkzeugbau,quellbrink.de,,005",
            "001D000000IRFmbIAX,A Voss,vossmoor.de,Voss,005",
        ),
    ] {
        let dir = Workdir::with(&[
            ("Azure.csv", AZURE),
            ("Account.csv", &format!("{header}\n{company}\n{person}\n")),
        ]);
        dir.run_match("--reports Azure.csv --crm Account.csv --out out", &[]).ended(0);
        let accounts = &dir.summary("out")["results"]["accounts"];
        assert_eq!(
            (&accounts["linked"], &accounts["excluded"]),
            (&1.into(), &1.into()),
            "{header}"
        );
    }
}

#[test]
fn oddities_of_dynamics() {
    const ACCOUNTS: &str = "\
accountid,name,websiteurl,address1_city,address1_country,statecode,masterid,merged
{5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCC1},Quellbrink Werkzeugbau,quellbrink.de,Ulm,Deutschland,0,,0
{5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCC2},Vossmoor Logistik,vossmoor.de,Kiel,Deutschland,1,,0
{5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCC3},Tarnwiese Medizintechnik,,Bonn,Deutschland,0,,1
";
    check(&[
        (
            "inactive accounts take part, those merged away do not",
            &[("accounts.csv", ACCOUNTS)],
            &[("out/links.csv", "account_status", &["active", "inactive"])],
        ),
        (
            "GUIDs join in any spelling, full names may have the last name first, and the logical \
             name company is a telephone",
            &[
                ("accounts.csv", ACCOUNTS),
                (
                    "contacts.csv",
                    "contactid,fullname,parentcustomerid,emailaddress1,company,donotbulkemail\n\
                     5f2a1c3e-0000-4b6a-9d11-aaaabbbbccd1,\"Ahrens, Ann\",5f2a1c3e-0000-4b6a-9d11-aaaabbbbccc1,ann@quellbrink.de,Vossmoor Logistik,0\n\
                     5f2a1c3e-0000-4b6a-9d11-aaaabbbbccd2,\"Bohm, Bea\",,bea@vossmoor.de,Vossmoor Logistik,0\n",
                ),
            ],
            &[
                ("out/contacts.csv", "first_name", &["Ann"]),
                ("out/contacts.csv", "last_name", &["Ahrens"]),
                ("out/contacts.csv", "account_name", &["Quellbrink Werkzeugbau"]),
            ],
        ),
        (
            "contacts name their account, and a name that several accounts bear is unclear",
            &[
                (
                    "accounts.csv",
                    "(Do Not Modify) Account,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Account Name,Website\n\
                     5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCC1,x,,Quellbrink Werkzeugbau,quellbrink.de\n\
                     5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCC2,x,,Vossmoor Logistik,vossmoor.de\n\
                     5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCC3,x,,Vossmoor Logistik,anders.example\n",
                ),
                (
                    "contacts.csv",
                    "(Do Not Modify) Contact,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Full Name,Company Name,Email,Do not allow Bulk Emails\n\
                     5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCD1,x,,Ann Ahrens,Quellbrink Werkzeugbau,ann@quellbrink.de,Allow\n\
                     5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCD2,x,,Bea Bohm,Vossmoor Logistik,bea@vossmoor.de,Allow\n",
                ),
            ],
            &[listed(&["5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCD1"])],
        ),
        (
            "countries are stated in the user's language",
            &[
                (
                    "accounts.csv",
                    "Account Name,Address 1: City,Address 1: Country/Region\n\
                     Talleres Quebranto,Ávila,Spanien\n",
                ),
                (
                    "reports/Azure.csv",
                    "CustomerID,AccountName,City,Country,AzureCluster\n\
                     1,Talleres Quebranto S.L.,Ávila,Spain,Act Now\n",
                ),
            ],
            &[("out/links.csv", "place_level", &["agrees"])],
        ),
    ]);
}

#[test]
fn oddities_of_hubspot_and_zoho() {
    const COMPANIES: &str = "\
Record ID,Company name,Company Domain Name,Additional Domains,Company owner
1,Quellbrink Gruppe,qb-gruppe.example,qb.example;quellbrink.de,Ann
2,Vossmoor Logistik,vossmoor.de,,Ann
3,Vossmoor Logistik GmbH,vossmoor.de,,Ann
";
    check(&[
        (
            "additional domains are as good as the first, and several records of one company are \
             all linked",
            &[("companies.csv", COMPANIES)],
            &[linked(&["1", "2", "3"])],
        ),
        (
            "of several associations the first is the primary one",
            &[
                ("companies.csv", COMPANIES),
                (
                    "contacts.csv",
                    "Record ID,First Name,Last Name,Email,Associated Company IDs,Unsubscribed from all email\n\
                     8,Bea,Bohm,bea@vossmoor.de,2;1,\n",
                ),
            ],
            &[("out/contacts.csv", "account_id", &["2"])],
        ),
        (
            "the parts of one export are one",
            &[
                ("hubspot-crm-exports-all-2026-11-01-1.csv", COMPANIES),
                (
                    "hubspot-crm-exports-all-2026-11-01-2.csv",
                    "Record ID,Company name,Company Domain Name,Additional Domains,Company owner\n\
                     4,Tarnwiese Medizintechnik,,,Ann\n",
                ),
            ],
            &[linked(&["1", "2", "3", "4"])],
        ),
        (
            "the primary association comes before the first of several",
            &[
                ("companies.csv", COMPANIES),
                (
                    "contacts.csv",
                    "Record ID,First Name,Last Name,Email,Associated Company IDs,Associated Company IDs (Primary),Unsubscribed from all email\n\
                     7,Ann,Ahrens,ann@quellbrink.de,2;1,1,\n\
                     8,Bea,Bohm,bea@vossmoor.de,2;1,2,\n",
                ),
            ],
            &[("out/contacts.csv", "account_id", &["1", "2"])],
        ),
        (
            "Zoho ids join with and without what stands in front of them",
            &[
                (
                    "Accounts_2026_11_01.csv",
                    "Record Id,Account Owner.id,Account Name,Website\n\
                     zcrm_4876876000000623001,zcrm_1,Quellbrink,quellbrink.de\n",
                ),
                (
                    "Contacts_2026_11_01.csv",
                    "Record Id,Contact Owner.id,Last Name,Account Name.id,Account Name,Email,Email Opt Out\n\
                     zcrm_2,zcrm_1,Ahrens,4876876000000623001,Quellbrink,ann@quellbrink.de,FALSE\n\
                     zcrm_3,zcrm_1,Bohm,zcrm_4876876000000623001,Quellbrink,bea@quellbrink.de,0\n",
                ),
            ],
            &[listed(&["zcrm_2", "zcrm_3"])],
        ),
    ]);
}

#[test]
fn oddities_of_pipedrive() {
    check(&[(
        "of two columns the filled one counts, a wrong county does not count, several addresses \
         stand in one cell, and phones begin with an apostrophe",
        &[
            (
                "organizations.csv",
                "Organization - ID,Organization - Name,Organization - Website,Organization - Website ,Organization - State/county of Address\n\
                 1,Quellbrink,,quellbrink.de,Alaska\n",
            ),
            (
                "people.csv",
                "Person - ID,Person - Name,Person - Organization,Person - Email - Work,Person - Phone - Work,Person - Marketing status\n\
                 7,Ann Ahrens,Quellbrink,\"ann@quellbrink.de, ahrens@quellbrink.de\",'+49731482615,Subscribed\n",
            ),
        ],
        &[
            linked(&["1"]),
            ("out/contacts.csv", "email", &["ann@quellbrink.de"]),
            ("out/contacts.csv", "phone", &["+49731482615"]),
        ],
    )]);
}

#[test]
fn oddities_of_reports() {
    const ACCOUNTS: (&str, &str) =
        ("accounts.csv", "Id,Name,Website,DUNS Number\n1,Quellbrink,quellbrink.de,39471628\n");
    check(&[
        (
            "clusters come in any case and in other languages",
            &[
                ACCOUNTS,
                (
                    "reports/Azure.csv",
                    "CustomerID,AccountName,Domain,AzureCluster,M365Cluster\n\
                     1,A,a.example,Act now,今すぐ行動する\n2,B,b.example,Jetzt handeln,Bewerten\n\
                     3,C,c.example,NURTURE,教育\n",
                ),
            ],
            &[(
                "out/customers.csv",
                "clusters",
                &[
                    "Azure: Act Now; M365: Act Now",
                    "Azure: Act Now; M365: Evaluate",
                    "Azure: Nurture; M365: Educate",
                ],
            )],
        ),
        (
            "a customer that repeats under several locations of the partner is one",
            &[
                ACCOUNTS,
                (
                    "reports/Azure.csv",
                    "MPNID,CustomerID,AccountName,Domain,AzureCluster\n\
                     100,1,Quellbrink,quellbrink.de,Act Now\n200,1,Quellbrink,quellbrink.de,Act Now\n",
                ),
            ],
            &[linked(&["1"]), ("out/customers.csv", "customer_id", &["1"])],
        ),
        (
            "D-U-N-S numbers have lost their zeros",
            &[
                ("accounts.csv", "Id,Name,DUNS Number\n1,Quellbrink Nord,39471628\n"),
                (
                    "reports/Azure.csv",
                    "CustomerID,AccountName,DUNSNumber,AzureCluster\n1,Quellbrink,039471628,Act Now\n",
                ),
            ],
            &[("out/links.csv", "id_level", &["agrees"])],
        ),
    ]);
}
