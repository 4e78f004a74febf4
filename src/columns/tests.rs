//! Whole files recognised by header and first rows.

use std::sync::Arc;

use super::*;

/// A file of comma-separated lines without quotes.
pub(crate) fn file(name: &str, lines: &[&str]) -> (TableInfo, Batch) {
    let header = lines[0].split(',').map(str::to_owned).collect();
    let mut batch = Batch::new(Arc::from(name));
    for (line, text) in (2..).zip(&lines[1..]) {
        batch.push(line, text.split(','));
    }
    (TableInfo { file: name.into(), header, ..TableInfo::default() }, batch)
}

fn recognised(side: Side, lines: &[&str]) -> Recognition {
    let (info, batch) = file("data.csv", lines);
    let rules = ColumnRules::embedded().unwrap();
    let overrides = Overrides::default();
    recognise(&info, &batch, (side, None), &overrides, &rules).expect(lines[0])
}

fn kind(side: Side, lines: &[&str]) -> String {
    match recognised(side, lines).what {
        Recognised::LeftAlone(reason) | Recognised::Misplaced(reason) => reason,
        what => what.kind().to_owned(),
    }
}

#[test]
fn plain_tables_need_no_flags() {
    for (side, header, want) in [
        (Side::Report, "id,name,domain,city,country", "generic"),
        (Side::Crm, "id,name,website,city,country", "accounts"),
        (Side::Report, "CustomerID,AccountName,Domain,City,State,PostalCode,Country", "generic"),
        (Side::Crm, "account_id,name,website,city,state,postal_code,country", "accounts"),
        (
            Side::Crm,
            "contact_id,account_id,first_name,last_name,email,title,email_opt_out",
            "contacts",
        ),
        (Side::Crm, "id,name,email,account_id", "contacts"),
        (Side::Crm, "Email", "suppression list"),
        (Side::Crm, "Company,Website,First Name,Last Name,Email", "accounts and contacts"),
    ] {
        assert_eq!(kind(side, &[header]), want, "header: {header}");
    }
}

#[test]
fn exports_of_each_crm_are_distinguished() {
    for (header, want) in [
        (
            "Id,IsDeleted,MasterRecordId,Name,Type,ParentId,BillingCity,Website,OwnerId,SystemModstamp",
            "accounts",
        ),
        ("ID,NAME,WEBSITE,OWNERID,ORACLE_ID__C", "accounts"),
        (
            "Id,IsDeleted,AccountId,LastName,FirstName,Email,HasOptedOutOfEmail,SystemModstamp",
            "contacts",
        ),
        ("Account ID,Account Name,Billing State/Province,Website,Account Owner", "accounts"),
        (
            "Account Name,First Name,Last Name,Title,Email,Billing City,Billing State/Province",
            "accounts and contacts",
        ),
        ("Contact ID,Account Name,First Name,Last Name,Email,Mailing State/Province", "contacts"),
        (
            "(Do Not Modify) Account,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Account Name,Main Phone",
            "accounts",
        ),
        (
            "(Do Not Modify) Contact,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Full Name,Company Name,Email",
            "contacts",
        ),
        (
            "(Nicht ändern) Firma,(Nicht ändern) Zeilenprüfsumme,(Nicht ändern) Geändert am,Firmenname,Website",
            "accounts",
        ),
        ("accountid,name,websiteurl,statecode,donotbulkemail", "accounts"),
        (
            "contactid,fullname,parentcustomerid,emailaddress1,donotbulkemail,statecode,company",
            "contacts",
        ),
        (
            "Record ID,Company name,Company Domain Name,Additional Domains,City,Company owner",
            "accounts",
        ),
        (
            "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Primary Associated Company ID,Last Activity Date,Lead Status,Marketing contact status,Create Date,Associated Company",
            "contacts",
        ),
        (
            "Record ID - Contact,First Name,Last Name,Email,Record ID - Company,Company name,Phone Number,Phone Number",
            "accounts and contacts",
        ),
        (
            "ID de registro,Nombre de la empresa,Nombre de dominio de la empresa,Ciudad,País/región",
            "accounts",
        ),
        (
            "Record Id,Account Owner.id,Account Owner,Account Name,Phone,Website,Billing City,Billing Code",
            "accounts",
        ),
        (
            "Record Id,Contact Owner.id,First Name,Last Name,Account Name.id,Account Name,Email,Email Opt Out",
            "contacts",
        ),
        (
            "Organization - ID,Organization - Name,Organization - Website,Organization - Website ",
            "accounts",
        ),
        (
            "Person - Marketing status,Person - Organization,Person - Name,Person - Email - Work",
            "contacts",
        ),
        (
            "Personne - Nom,Personne - Organisation,Personne - E-mail - Travail,Organisation - ID",
            "contacts",
        ),
        ("Deal - Title,Deal - Organization,Person - Name", "deals"),
        ("取引先名,取引先 種別,Web サイト,郵便番号（請求先）", "accounts"),
        ("Id,IsConverted,Company,LastName,Email", "leads"),
        ("Id,AccountId,StageName,CloseDate,Amount", "deals"),
        ("Id,CampaignId,ContactId,Status", "campaign member, not needed"),
    ] {
        assert_eq!(kind(Side::Crm, &[header]), want, "header: {header}");
    }
}

#[test]
fn salesforce_ids_tell_the_object() {
    for (id, want) in [
        ("001D000000IRFmaIAH", "accounts"),
        ("003D000000IRFmaIAH", "contacts"),
        ("00QD000000IRFmaIAH", "leads"),
        ("006D000000IRFmaIAH", "deals, of which no column holds the account-id"),
    ] {
        assert_eq!(
            kind(Side::Crm, &["Id,Name,Email", &format!("{id},Contoso,a@contoso.com")]),
            want
        );
    }
}

#[test]
fn kinds_of_report_are_recognised_by_their_columns_then_by_the_name() {
    let rules = ColumnRules::embedded().unwrap();
    for (name, header, want) in [
        ("a.csv", "CustomerID,AccountName,Domain,AzureCluster,AzureFit,AzureIntent", "azure"),
        ("a.csv", "Customer ID,Domain,M365Cluster,Agreement ID,Agreement End Date", "renewals"),
        ("a.csv", "CustomerID,Domain,M365Fit,M365Intent,SurfaceFit,Surface Intent", "m365"),
        (
            "Surface propensity.csv",
            "CustomerID,Domain,M365Fit,M365Intent,SurfaceFit,Surface Intent",
            "surface",
        ),
        ("a.csv", "CustomerID,Domain,SurfaceCluster", "surface"),
        ("a.csv", "CustomerID,Domain,D365BCFit,PowerAppsFit", "d365"),
        ("SecurityPropensity_2026-10.csv", "CustomerID,AccountName,Domain", "security"),
        ("renewals.csv", "CustomerID,Domain,M365Cluster,AzureCluster", "renewals"),
        ("a.csv", "CustomerID,AccountName,Domain", "generic"),
    ] {
        let (info, batch) = file(name, &[header]);
        let found =
            recognise(&info, &batch, (Side::Report, None), &Overrides::default(), &rules).unwrap();
        assert_eq!(found.what.kind(), want, "{name}: {header}");
    }
}

/// The field of each header of a file.
fn fields(side: Side, lines: &[&str], overrides: &[&str]) -> Vec<(String, &'static str)> {
    let (info, batch) = file("data.csv", lines);
    let rules = ColumnRules::embedded().unwrap();
    let overrides = Overrides::parse(overrides).unwrap();
    let found = recognise(&info, &batch, (side, None), &overrides, &rules).expect(lines[0]);
    let layout = match &found.what {
        Recognised::Report(_, layout) => layout.layout(),
        Recognised::Accounts(layout) => layout.layout(),
        Recognised::Contacts(layout) | Recognised::Leads(layout) => layout.layout(),
        other => panic!("{}: {}", lines[0], other.kind()),
    };
    layout
        .recognised()
        .into_iter()
        .map(|(header, field)| (header.to_owned(), field.word()))
        .collect()
}

fn field_of(lines: &[&str], header: &str) -> Option<&'static str> {
    let all = fields(Side::Crm, lines, &[]);
    all.into_iter().find(|(of, _)| of == header).map(|(_, field)| field)
}

#[test]
fn one_header_means_different_things_on_different_objects() {
    for (header, of, want) in [
        ("(Nicht ändern) Firma,Firmenname,Website", "Firmenname", Some("name")),
        (
            "(Nicht ändern) Kontakt,Vollständiger Name,Firmenname,E-Mail",
            "Firmenname",
            Some("account-name"),
        ),
        ("contactid,fullname,statecode,company", "company", Some("ignore")), // a phone number
        ("first_name,last_name,email,company", "company", Some("account-name")),
        ("Record ID,Company name,Company Domain Name", "Company name", Some("name")),
        (
            "Record ID,Email,Contact owner,Marketing contact status,Company Name",
            "Company Name",
            Some("account-name"),
        ),
        (
            "Record ID,Email,Marketing contact status,Contact owner",
            "Marketing contact status",
            Some("ignore"),
        ),
        (
            "Account Name,Website,Email (Primary Contact) (Contact)",
            "Email (Primary Contact) (Contact)",
            None,
        ),
        (
            "Person - Nom,Person - Organisation,Organisation - ID,Person - ID",
            "Organisation - ID",
            Some("account-id"),
        ),
        (
            "Organization - Name,Organization - Company URL",
            "Organization - Company URL",
            Some("website"),
        ),
    ] {
        assert_eq!(field_of(&[header], of), want, "header: {header}");
    }
}

#[test]
fn the_users_word_comes_first() {
    let fields = fields(
        Side::Crm,
        &["Konto,Anschrift,Webseite,Infoseite"],
        &["name=Konto", "domain=infoseite", "ignore=Webseite"],
    );
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(header, field)| (header.as_str(), *field)).collect();
    assert_eq!(fields, [("Konto", "name"), ("Webseite", "ignore"), ("Infoseite", "domain")]);
}

#[test]
fn what_stays_ambiguous_or_missing_is_an_error() {
    let rules = ColumnRules::embedded().unwrap();
    let failed = |header: &str| {
        let (info, batch) = file("data.csv", &[header]);
        recognise(&info, &batch, (Side::Crm, None), &Overrides::default(), &rules)
            .expect_err(header)
            .to_string()
    };
    insta::assert_snapshot!(failed("Kunde,Firma,Website"), @r#"data.csv: columns "Kunde" and "Firma" could both be the name"#);
    insta::assert_snapshot!(failed("Farbe,Form"), @"data.csv: no column holds the name; headers: Farbe, Form");
}

#[test]
fn the_hidden_sheet_names_the_fields_in_any_language() {
    let lines = &[
        "(x) Rekord,Nimi,Osoite,Yritys,Web",
        "{5F2A1C3E-0000-4B6A-9D11-AAAABBBBCCCC},a,b,Contoso Oy,c",
    ];
    let (mut info, batch) = file("data.xlsx", lines);
    info.logical_object = Some("contact".into());
    info.logical_names =
        ["contactid", "fullname", "emailaddress1", "parentcustomerid", "5f2a.websiteurl"]
            .map(|name| Some(name.to_owned()))
            .to_vec();
    let rules = ColumnRules::embedded().unwrap();
    let found = recognise(&info, &batch, (Side::Crm, None), &Overrides::default(), &rules).unwrap();
    let Recognised::Contacts(layout) = found.what else { panic!("{}", found.what.kind()) };
    let fields: Vec<&str> =
        layout.layout().recognised().into_iter().map(|(_, field)| field.word()).collect();
    // The lookup holds a name, not an id; the related site is not the contact's.
    assert_eq!(fields, ["id", "full-name", "email", "account-name"]);
}

#[test]
fn columns_that_may_hold_a_consent_are_in_doubt() {
    for (header, values, want) in [
        ("Massenmail", ["Zulassen", "Nicht zulassen"], true),
        ("Massenmail", ["Zulassen", "Zulassen"], true),
        ("Utskick", ["Brevduva", "Brevduva inte"], true), // no table holds the words
        ("一括メール", ["許可", "許可しない"], true),
        ("Newsletter DE", ["Yes", "No"], true),
        ("Newsletter topic", ["Azure", "Security"], false),
        ("Typ", ["Active", "Inactive"], false),
        ("Order", ["Confirmed", "Confirmed"], false),
        ("VIP", ["Yes", "No"], false),
    ] {
        let rows = values.map(|value| format!("1,a@contoso.com,{value}"));
        let header_line = format!("contact_id,email,{header}");
        let lines = [header_line.as_str(), &rows[0], &rows[1]];
        let Recognised::Contacts(layout) = recognised(Side::Crm, &lines).what else {
            panic!("{header}")
        };
        assert_eq!(!layout.doubtful_consent().is_empty(), want, "{header}: {values:?}");
    }
}

#[test]
fn deals_are_neither_contacts_nor_accounts_nor_other_records() {
    for (lines, want) in [
        (
            &["Record Id,Account Name.id"][..],
            "records that belong to accounts, such as invoices, products or activities (column \"Account Name.id\"; give it with `--deals` if it holds deals), not needed",
        ),
        (&["Record Id,Account Name.id,Last Name"], "contacts"),
        (
            &[
                "Record Id,Deal Owner.id,Deal Name,Amount,Stage,Closing Date,Account Name.id,Account Name,Contact Name.id,Contact Name,Created Time",
            ],
            "deals",
        ),
        (&["Record Id,Potential Name,Stage,Account Name.id"], "deals"),
        (
            &[
                "Record ID,Deal Name,Deal Stage,Close Date,Create Date,Amount,Associated Company IDs",
            ],
            "deals",
        ),
        (
            &[
                "(Do Not Modify) Opportunity,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Topic,Potential Customer,Est. Close Date,Status",
            ],
            "deals",
        ),
        (
            &[
                "(Nicht ändern) Verkaufschance,(Nicht ändern) Zeilenprüfsumme,(Nicht ändern) Geändert am,Thema,Potenzieller Kunde,Statusgrund",
            ],
            "deals",
        ),
        (
            &["opportunityid,name,_parentaccountid_value,statecode,createdon,estimatedclosedate"],
            "deals",
        ),
        (
            &[
                "Opportunity ID,Opportunity Name,Account ID,Account Name,Stage,Close Date,Created Date,Amount",
            ],
            "deals",
        ),
        (&["Negócio - Título,Negócio - Organização,Negócio - Status"], "deals"),
        (&["Id,OpportunityId,PricebookEntryId,Quantity"], "record of an opportunity, not needed"),
        (&["Id,QuoteNumber,OpportunityId,AccountId,Status"], "quote, not needed"),
        (&["Id,OpportunityId,StageName,CloseDate,Amount"], "record of an opportunity, not needed"),
        // a plain table of no CRM in particular: its cells tell
        (
            &["deal,account id,created,closed,status,amount", "1,7,2026-09-01,2026-10-01,won,100"],
            "deals",
        ),
        (
            &[
                "Kunde,Angelegt am,Abschlussdatum,Phase,Betrag",
                "Contoso,1.9.2026,1.10.2026,Verloren,9",
            ],
            "deals",
        ),
        (&["Client,Date de création,Montant,Étape", "Contoso,01/09/2026,9,Gagnée"], "deals"),
        (&["Record Id,Deal Name,Account Name.id"], "deals"),
        (&["Account ID,Close Date,Won,Amount", "1,2026-10-01,FALSE,5"], "deals"),
        (
            &[
                "Project,Customer,Status,Start Date,Closed,Amount",
                "1,Contoso,Cancelled,2026-09-01,2026-10-01,5",
            ],
            "records that belong to accounts, such as invoices, products or activities (column \"Amount\"; give it with `--deals` if it holds deals), not needed",
        ),
        // companies and people with a state are none
        (&["Account Name,City,Created,Status", "Contoso,Bonn,2026-09-01,Lost"], "accounts"),
        (
            &["Account Name,Website,Created,Stage,Amount", "Contoso,contoso.com,2026-09-01,Won,3"],
            "accounts",
        ),
        (
            &[
                "First Name,Last Name,Email,Company,Status,Created,Amount",
                "A,B,a@b.de,C,Won,2026-09-01,9",
            ],
            "contacts",
        ),
    ] {
        assert_eq!(kind(Side::Crm, lines), want, "{lines:?}");
    }
}

/// The headers of a file of deals that stand for a field.
fn deal_headers(lines: &[&str], field: Field) -> Vec<String> {
    let Recognised::Deals(layout) = recognised(Side::Crm, lines).what else { panic!("{lines:?}") };
    let layout = layout.layout();
    layout.columns(field).map(|at| layout.headers()[at].clone()).collect()
}

#[test]
fn the_day_on_which_a_deal_was_closed_comes_before_the_one_that_is_expected() {
    let dynamics = "opportunityid,estimatedclosedate,actualclosedate,statecode,customerid,parentaccountid,accountid";
    assert_eq!(deal_headers(&[dynamics], Field::Closed), ["actualclosedate", "estimatedclosedate"]);
    assert_eq!(deal_headers(&[dynamics], Field::AccountId), ["parentaccountid"]);
    let pipedrive = "Deal - ID,Deal - Organization,Deal - Status,Deal - Expected close date,Deal - Won time,Organization - ID,Person - Name";
    assert_eq!(
        deal_headers(&[pipedrive], Field::Closed),
        ["Deal - Won time", "Deal - Expected close date"]
    );
    assert_eq!(deal_headers(&[pipedrive], Field::AccountId), ["Organization - ID"]);
    assert_eq!(deal_headers(&[pipedrive], Field::AccountName), ["Deal - Organization"]);
    // one header, a day in one system and an answer in another
    let answers = ["Opportunity ID,Account ID,Stage,Closed,Won", "1,2,Closed Won,1,1"];
    assert_eq!(deal_headers(&answers, Field::IsClosed), ["Closed"]);
    let days =
        ["Opportunity ID,Account ID,Stage,Closed,Won", "1,2,Closed Won,2026-10-01,2026-10-01"];
    assert_eq!(deal_headers(&days, Field::Closed), ["Closed", "Won"]);
}

#[test]
fn rule_tables_are_sorted_and_folded_to_one_meaning() {
    for file in COLUMN_FILES {
        let (name, text) = (file.name, file.built_in());
        let mut seen = std::collections::BTreeMap::new();
        let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
        for line in lines {
            if !["account.csv", "contact.csv", "deal.csv"].iter().any(|of| name.ends_with(of)) {
                continue;
            }
            let mut cells = line.rsplitn(4, ',').collect::<Vec<_>>();
            cells.reverse();
            let key = (fold_header(cells[0]), cells[3].to_owned());
            if let Some(before) = seen.insert(key, cells[1].to_owned()) {
                assert_eq!(before, cells[1], "{name}: {line}");
            }
        }
    }
}

#[test]
fn mixed_files_only_name_accounts_where_other_files_hold_them() {
    let mixed = "Company,Website,First Name,Last Name,Email";
    let mut alone = [recognised(Side::Crm, &[mixed]).what];
    settle(&mut alone);
    assert_eq!(alone[0].kind(), "accounts and contacts");
    let accounts = recognised(Side::Crm, &["id,name,website"]).what;
    let mut both = [recognised(Side::Crm, &[mixed]).what, accounts];
    settle(&mut both);
    assert_eq!(both[0].kind(), "contacts");
}

#[test]
fn columns_with_equal_values_are_not_ambiguous() {
    let lines = &["Id,Kunde,Firma,Website", "1,Contoso,Contoso,contoso.com"];
    assert_eq!(kind(Side::Crm, lines), "accounts");
}

#[test]
fn warnings_name_the_flag_that_settles_them() {
    let warnings = recognised(Side::Crm, &["Full Name,Company Name,Email"]).warnings;
    let flags: Vec<Option<&str>> = warnings.iter().map(|warning| warning.flag.as_deref()).collect();
    let want = ["--column account-id=HEADER", "--column email-opt-out=HEADER"].map(Some);
    assert_eq!(flags, want);
}
