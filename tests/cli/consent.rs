//! Any denial wins, a blank is no consent, and what is not recognised blocks.

use crate::support::{ACCOUNTS, AZURE, Workdir, sha256, workbook};

/// What became of a contact of an account that is linked, with `told` in a column of its file.
fn became(header: &str, told: &str, other: &str, flags: &[&str]) -> String {
    let dir = Workdir::with(&[("Azure.csv", AZURE), ("Accounts.csv", ACCOUNTS)]);
    let contacts = format!(
        "Contact ID,Account ID,Last Name,Email,\"{header}\"\n\
         003A,001A,Ahrens,ann@quellbrink.de,{told}\n\
         003B,001B,Bohm,bea@vossmoor.de,{other}\n"
    );
    dir.write("Contacts.csv", contacts);
    dir.run_small(flags).ended(0);
    let listed = dir.table("out/contacts.csv");
    if let Some(row) = listed.rows.iter().find(|row| row["contact_id"] == "003A") {
        return format!("listed, {}", row["email_permission"]);
    }
    dir.table("out/suppressed.csv").row("003A")["reason"].clone()
}

#[test]
fn the_negation_of_the_header_and_the_word_of_the_cell_are_read_together() {
    for (header, told, other, want) in [
        ("Do not allow Bulk Emails", "Allow", "Do Not Allow", "listed, not denied"),
        ("Do not allow Bulk Emails", "Do Not Allow", "Allow", "opted out"),
        ("donotbulkemail", "0", "1", "listed, not denied"),
        ("donotbulkemail", "1", "0", "opted out"),
        ("Send Marketing Materials", "Send", "Do Not Send", "listed, not denied"),
        ("Send Marketing Materials", "Do Not Send", "Send", "opted out"),
        ("HasOptedOutOfEmail", "0", "1", "listed, not denied"),
        ("HasOptedOutOfEmail", "1", "0", "opted out"),
        ("Email Opt Out", "", "true", "listed, not denied"),
        ("Email Opt Out", "true", "", "opted out"),
        ("Unsubscribed from all email", "Yes", "", "opted out"),
        ("Massen-E-Mails nicht zulassen", "Zulassen", "Nicht zulassen", "listed, not denied"),
        ("Massen-E-Mails nicht zulassen", "Nicht zulassen", "Zulassen", "opted out"),
        ("Marketingmaterial senden", "Nicht senden", "Senden", "opted out"),
        ("Ne pas autoriser les e-mails en nombre", "Autoriser", "", "listed, not denied"),
        ("一括電子メールを許可しない", "許可しない", "許可", "opted out"),
        ("No permitir correo elec. en masa", "No permitir", "Permitir", "opted out"),
        ("Do not allow Bulk Emails", "Yes", "No", "opted out"),
        ("Do not allow Bulk Emails", "No", "Yes", "listed, not denied"),
        // this header asks positively, and 1 denies all the same: yes and 0 may mean either
        ("Send Marketing Materials", "0", "1", "consent unknown"),
        // who confirms an opt-out does not agree to mail
        ("Email Opt Out", "Confirmed", "", "consent unknown"),
        ("Email Opt In", "Confirmed", "", "listed, allowed"),
        ("Unsubscribe Date", "2020-01-01", "", "opted out"),
    ] {
        assert_eq!(became(header, told, other, &[]), want, "{header}: {told}");
    }
}

#[test]
fn denials_that_no_table_knows_are_noticed_by_header_or_cell() {
    let list = ["--consent-unknown", "list"];
    for (header, cell, other, want) in [
        ("Kein Mailing gewünscht", "1", "0", "opted out"),
        ("Geen mailing meer", "Ja", "", "opted out"),
        ("Non inviare più email", "Sì", "No", "opted out"),
        ("Ne plus solliciter par mail", "Oui", "", "opted out"),
        ("Sperrdatum Werbung", "2025-03-01", "", "opted out"),
        ("Data wypisania z newslettera", "2025-03-01", "", "opted out"),
        ("Date de retrait du consentement", "01/03/2025", "", "opted out"),
        ("Last Bounce On", "2025-03-01", "", "bounced"),
        ("Zustand", "Abgemeldet", "Aktiv", "opted out"),
        ("Member State", "Hard bounced", "Sent", "bounced"),
        ("Tila", "désinscrit", "x1", "opted out"),
        ("Tags", "vip; unsubscribed", "vip", "opted out"),
        ("Gruppen", "\"Newsletter|Sperrliste\"", "", "opted out"),
        // a word of the table before a remark
        ("Kennzeichen", "Abgemeldet am 3.3.2024", "", "opted out"),
        ("Zustand", "unsubscribed 2024-01-03", "", "opted out"),
        ("Memo", "OPT OUT - per phone", "", "opted out"),
        ("Memo", "Gesperrt lt. DSGVO", "", "opted out"),
        // a refusal in words of one's own
        ("Haltung", "verweigert jede Post", "offen", "opted out"),
        ("Attitude", "declined all mailings", "open", "opted out"),
        ("Avis", "s'oppose à la newsletter", "", "opted out"),
        ("Nota", "rifiuta email commerciali", "", "opted out"),
        ("Wunsch", "keine Werbung bitte", "", "opted out"),
        ("Description", "no mail please", "", "opted out"),
        ("メモ", "メール配信を拒否", "", "opted out"),
        // a word that is not understood beside one that denies is no permission
        ("Zustand", "weiß nicht", "Abgemeldet", "consent unknown"),
        ("Status", "Wurstbrot", "Unsubscribed", "consent unknown"),
        ("NoMkt", "Y", "N", "opted out"),
        // a word of mail answered with a no
        ("Preferences", "phone=yes;email=no", "", "opted out"),
        // what speaks of consent and is not understood blocks
        ("Souhlas s marketingem", "možná", "ano", "consent unknown"),
        ("Samtykke", "", "nej", "consent unknown"),
    ] {
        assert_eq!(became(header, cell, other, &list), want, "{header}: {cell}");
    }
    for (header, cell, other) in [
        ("Bounce Rate", "0.2", "0.1"),
        ("Unsubscribe Link", "https://x.example/u", ""),
        ("No. of employees", "12", "40"),
        ("Newsletter topic", "Azure", "Security"),
        ("Floor", "2025-03-01", ""),
        ("Region", "Postponed but not decided", "North"),
        ("Interest", "mailing machines", "no preference"),
        ("Subscription plan", "Basic", "Pro"),
        ("Opt-in source", "web form", "fair"),
        ("Order status", "Confirmed", "Confirmed"),
        // stages of the record beside a denial, and words beside none
        ("Status", "Prospect", "Unsubscribed"),
        ("Status", "Kunde", "Abgemeldet"),
        ("Status", "Wurstbrot", "Active"),
    ] {
        assert_eq!(became(header, cell, other, &list), "listed, unknown", "{header}: {cell}");
    }
}

#[test]
fn a_refusal_counts_in_whatever_row_and_cell_it_stands() {
    let mut contacts = String::from(
        "Contact ID,Account ID,First Name,Last Name,Email,Email Opt Out,Remarks,Status\n",
    );
    let refusing = [
        "P1,001A,Ann,Ahrens,p1@quellbrink.de,0,\"Met in May, fond of sailing. Please do not mail her again, ever\",Active",
        "P2,001A,Bernd,Meurer (keine Mails),p2@quellbrink.de,0,,Active",
        "P3,001A,NICHT ANSCHREIBEN Carl,Dorn,p3@quellbrink.de,0,,Active",
        "P4,001A,Dora,Ebner,p4@quellbrink.de (abgemeldet),0,,Active",
        "P5,001A,Emil,Frisch,p5@quellbrink.de,0,,will keine Mails mehr",
        "P6,001A,Fred,Gut,p6@quellbrink.de(unsubscribed),0,,Active",
        "P7,001A,Gerd,Hell - DNC,p7@quellbrink.de,0,,Active",
        "P8,001A,Hans,Igel (Einkauf) (gesperrt),p8@quellbrink.de,0,,Active",
        // nobody says no here
        "P9,001A,Ada,Robinson (Einkauf),\"Robinson, Ada <p9@quellbrink.de>\",0,Please do not hesitate to email,Active",
    ];
    for at in 10..5_000 {
        let row = format!(
            "P{at},001A,Fritz{at},Gram,f{at}@quellbrink.de,0,Met him in {at} places,Active\n"
        );
        contacts.push_str(&row);
    }
    contacts.push_str(&refusing.join("\n"));
    let dir = Workdir::with(&[("Azure.csv", AZURE), ("Accounts.csv", ACCOUNTS)]);
    dir.write("Contacts.csv", contacts);
    dir.run_small(&[]).ended(0);
    let listed = dir.table("out/contacts.csv");
    let is_listed = |id: &str| listed.rows.iter().any(|row| row["contact_id"] == id);
    for at in 1..=8 {
        assert!(!is_listed(&format!("P{at}")), "P{at}");
    }
    assert!(is_listed("P9") && is_listed("P4999"));
    let told = dir.table("out/problems.csv");
    let own = told
        .rows
        .iter()
        .filter(|row| row["problem"].starts_with("refuses contact in its own words"));
    assert_eq!(own.count(), 8);
}

#[test]
fn what_a_spreadsheet_could_not_compute_is_no_blank_in_a_consent_column() {
    assert_eq!(became("Email Opt Out", "#N/A", "0", &[]), "consent unknown");
    assert_eq!(became("Unsubscribe Date", "#REF!", "", &[]), "opted out");
}

#[test]
fn a_denial_that_is_not_understood_denies_the_address_everywhere() {
    let dir = Workdir::with(&[("Azure.csv", AZURE), ("Accounts.csv", ACCOUNTS)]);
    dir.write(
        "Contacts.csv",
        "Contact ID,Account ID,Last Name,Email,Email Opt Out\n\
         003A,001A,Ahrens,ann@quellbrink.de,0\n\
         003C,001B,Ahrens,ann@quellbrink.de,vielleicht\n\
         003B,001B,Bohm,bea@vossmoor.de,0\n",
    );
    dir.run_small(&["--consent-unknown", "list"]).ended(0);
    assert_eq!(dir.table("out/contacts.csv").column("contact_id"), ["003B"]);
    let problems = dir.table("out/problems.csv");
    let row = problems.row("Contacts.csv");
    assert_eq!((row["line"].as_str(), row["column"].as_str()), ("3", "Email Opt Out"));
}

#[test]
fn a_plain_list_whose_name_speaks_of_denials_keeps_its_people_out() {
    for (name, text) in [
        (
            "cleaned_members_export_x.csv",
            "\"Email Address\",\"First Name\",MEMBER_RATING\nann@quellbrink.de,Ann,2\n",
        ),
        ("blacklist.txt", "ann@quellbrink.de\n"),
        ("Sperrliste Newsletter.csv", "Adresse mail\nann@quellbrink.de\n"),
        // addresses alone, under whatever header
        ("export.csv", "Bounces\nann@quellbrink.de\n"),
    ] {
        let dir = Workdir::with(&[("Azure.csv", AZURE)]);
        std::fs::create_dir(dir.path("crm")).expect("a folder");
        dir.write("crm/Accounts.csv", ACCOUNTS);
        dir.write(
            "crm/Contacts.csv",
            "Contact ID,Account ID,Last Name,Email,Email Opt Out\n\
             003A,001A,Ahrens,ann@quellbrink.de,0\n003B,001B,Bohm,bea@vossmoor.de,0\n",
        );
        dir.write(&format!("crm/{name}"), text);
        dir.run_match("--reports Azure.csv --crm crm --out out", &[]).done();
        assert_eq!(dir.table("out/contacts.csv").column("contact_id"), ["003B"], "{name}");
    }
}

#[test]
fn without_a_consent_column_nobody_is_listed_unless_the_user_says_so() {
    assert_eq!(became("Department", "Sales", "Purchase", &[]), "consent unknown");
    let flags = ["--consent-unknown", "list"];
    assert_eq!(became("Department", "Sales", "Purchase", &flags), "listed, unknown");
}

#[test]
fn an_unknown_column_that_may_hold_a_consent_blocks_until_it_is_mapped_or_ignored() {
    let (header, yes, no) = ("Freigabe", "Zulassen", "Nicht zulassen");
    assert_eq!(became(header, yes, no, &[]), "consent unknown");
    assert_eq!(became(header, yes, no, &["--column", "email-opt-in=Freigabe"]), "listed, allowed");
    assert_eq!(became(header, no, yes, &["--column", "email-opt-in=Freigabe"]), "opted out");
    assert_eq!(became(header, yes, no, &["--column", "ignore=Freigabe"]), "consent unknown");
}

#[test]
fn the_way_to_map_a_possible_consent_column_is_reported() {
    let dir = Workdir::small();
    let contacts = "Contact ID,Account ID,Last Name,Email,Email Opt Out,Freigabe\n\
         003A,001A,Ahrens,ann@quellbrink.de,0,Zulassen\n\
         003B,001B,Bohm,bea@vossmoor.de,0,Nicht zulassen\n";
    dir.write("Contacts.csv", contacts);
    let ran = dir.run_small(&[]).ended(0);
    assert!(ran.stdout.contains("email-opt-out=Freigabe"), "{}", ran.stdout);
    assert_eq!(dir.table("out/contacts.csv").rows.len(), 0, "blocked although one column is known");
    dir.run_small(&["--column", "ignore=Freigabe"]).ended(0);
    assert_eq!(dir.table("out/contacts.csv").rows.len(), 2);
}

#[test]
fn answers_to_nothing_that_is_known_are_asked_about() {
    for (header, cells, is_asked) in [
        ("Flag 1", ["Y", "N"], true),
        ("BL", ["x", ""], true),
        ("Custom field", ["ja", "nein"], true),
        ("Feld_12", ["1", ""], true),
        ("Speaks German", ["Y", "N"], false),
        ("Flag 1", ["red", "blue"], false),
        ("Flag 1", ["N", "N"], false),
    ] {
        let dir = Workdir::small();
        let [one, other] = cells;
        let contacts = format!(
            "Contact ID,Account ID,Last Name,Email,Email Opt Out,{header}\n\
             003A,001A,Ahrens,ann@quellbrink.de,0,{one}\n003B,001B,Bohm,bea@vossmoor.de,0,{other}\n"
        );
        dir.write("Contacts.csv", contacts);
        let ran = dir.run_small(&[]).ended(0);
        let question = format!("email-opt-out={header}");
        assert_eq!(ran.stdout.contains(&question), is_asked, "{header}: {}", ran.stdout);
        assert_eq!(
            dir.table("out/contacts.csv").rows.len(),
            2,
            "{header}: a question is no denial"
        );
    }
}

#[test]
fn files_on_the_wrong_side_are_named() {
    let files = [("crm/Accounts.csv", ACCOUNTS), ("reports/Azure.csv", AZURE)];
    let dir = Workdir::with(&files);
    let swapped = dir.run(&["match", "--reports", "crm", "--crm", "reports", "--out", "out"]);
    assert!(swapped.ended(1).stderr.contains("are swapped"));
    dir.write("reports/People.csv", "Contact ID,Account ID,Last Name,Email,Email Opt Out\n");
    dir.write("crm/Azure.csv", AZURE);
    let run = ["match", "--reports", "reports", "--crm", "crm", "--out", "out"];
    let ran = dir.run(&run).ended(0);
    for told in ["reports/People.csv: not read", "crm/Azure.csv: not read"] {
        assert!(ran.stdout.contains(told), "{}", ran.stdout);
    }
    let both = dir.run(&["match", "--reports", ".", "--crm", ".", "--out", "out2"]).ended(0);
    assert!(!both.stdout.contains("not read"), "{}", both.stdout);
}

#[test]
fn a_denial_counts_wherever_it_stands() {
    let dir = Workdir::small();
    let contacts = "Contact ID,Account ID,Last Name,Email,Email Opt Out\n\
         003A,001A,Ahrens,ann@quellbrink.de,0\n";
    for (file, text, want) in [
        // the same address at an account that is not linked, and at none
        (
            "Contacts.csv",
            format!("{contacts}003Z,001F,Ahrens,Ann@Quellbrink.DE,1\n"),
            "address opted out elsewhere",
        ),
        (
            "Contacts.csv",
            format!("{contacts}003Z,,Ahrens, ann@quellbrink.de ,1\n"),
            "address opted out elsewhere",
        ),
        ("stop/list.csv", "Email\nann@quellbrink.de\n".to_owned(), "suppression list"),
        ("stop/list.csv", "Email\n@quellbrink.de\n".to_owned(), "suppression list"),
        ("stop/list.csv", "E-Mail\nquellbrink.de\n".to_owned(), "suppression list"),
        ("stop/list.csv", format!("sha256\n{}\n", sha256("ann@quellbrink.de")), "suppression list"),
    ] {
        dir.write("Contacts.csv", contacts);
        dir.write("stop/list.csv", "Email\nnobody@contoso.com\n");
        dir.write(file, &text);
        dir.run_small(&["--suppress", "stop/list.csv"]);
        let suppressed = dir.table("out/suppressed.csv");
        let row = suppressed.rows.iter().find(|row| row["contact_id"] == "003A");
        assert_eq!(row.map(|row| row["reason"].as_str()), Some(want), "{file}: {text}");
        assert_eq!(dir.table("out/contacts.csv").rows.len(), 0, "{file}: {text}");
    }
}

#[test]
fn a_refusal_of_the_account_binds_its_contacts() {
    let dir = Workdir::small();
    let accounts = "accountid,name,websiteurl,donotbulkemail\n\
         5b1f0f8e-3c52-4b0e-8a75-6045bd000001,Quellbrink Werkzeugbau GmbH,quellbrink.de,1\n\
         5b1f0f8e-3c52-4b0e-8a75-6045bd000002,Vossmoor Logistik GmbH,vossmoor.de,0\n";
    let contacts = "contactid,parentcustomerid,lastname,emailaddress1,donotbulkemail\n\
         C1,5b1f0f8e-3c52-4b0e-8a75-6045bd000001,Ahrens,ann@quellbrink.de,0\n\
         C2,5b1f0f8e-3c52-4b0e-8a75-6045bd000002,Bohm,bea@vossmoor.de,0\n";
    dir.write("Accounts.csv", accounts);
    dir.write("Contacts.csv", contacts);
    dir.run_small(&[]).ended(0);
    assert_eq!(dir.table("out/contacts.csv").column("contact_id"), ["C2"]);
    assert_eq!(dir.table("out/suppressed.csv").row("C1")["reason"], "account opted out");
}

#[test]
fn denied_phones_are_blank_and_nothing_private_is_carried_over() {
    let dir = Workdir::small();
    dir.write(
        "Contacts.csv",
        "Contact ID,Account ID,Last Name,Email,Email Opt Out,Phone,Do Not Call,Birthdate,Gender\n\
         003A,001A,Ahrens,ann@quellbrink.de,0,+49 731 000,1,1970-01-01,female\n\
         003B,001B,Bohm,bea@vossmoor.de,0,+49 431 000,0,1971-01-01,male\n",
    );
    dir.run_small(&[]).ended(0);
    let listed = dir.table("out/contacts.csv");
    assert_eq!(listed.pairs("contact_id", "phone"), [("003A", ""), ("003B", "+49 431 000")]);
    let text = dir.read("out/contacts.csv");
    assert!(!text.contains("1970") && !text.contains("female"), "{text}");
}

#[test]
fn no_consent_in_pipedrive_is_a_denial() {
    let dir = Workdir::with(&[("Azure.csv", AZURE)]);
    dir.write(
        "Accounts.csv",
        "Organization - ID,Organization - Name,Organization - Website\n\
         1,Quellbrink Werkzeugbau GmbH,quellbrink.de\n2,Vossmoor Logistik GmbH,vossmoor.de\n",
    );
    dir.write(
        "Contacts.csv",
        "Person - ID,Person - Name,Person - Organization,Person - Organization ID,\
         Person - Email - Work,Person - Marketing status\n\
         11,Ann Ahrens,Quellbrink Werkzeugbau GmbH,1,ann@quellbrink.de,Subscribed\n\
         12,Bea Bohm,Vossmoor Logistik GmbH,2,bea@vossmoor.de,No consent\n\
         13,Cleo Conrad,Vossmoor Logistik GmbH,2,cleo@vossmoor.de,Unsubscribed\n",
    );
    dir.run_small(&[]).ended(0);
    let listed = dir.table("out/contacts.csv");
    assert_eq!(listed.pairs("contact_id", "email_permission"), [("11", "allowed")]);
    let suppressed = dir.table("out/suppressed.csv");
    assert_eq!(suppressed.column("reason"), ["opted out", "opted out"]);
}

#[test]
fn suppression_lists_are_understood_however_they_are_made() {
    let hash = sha256("ann@quellbrink.de");
    let utf16 = |text: &str| {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    for (name, list) in [
        ("an unknown header above a hash", format!("hash\n{hash}\n").into_bytes()),
        ("capital letters", format!("email_sha256\n{}\n", hash.to_uppercase()).into_bytes()),
        ("hashes without a header", format!("{hash}\n{}\n", sha256("x@y.de")).into_bytes()),
        ("addresses without a header", b"ann@quellbrink.de\nx@y.de\n".to_vec()),
        ("one line without its end", b"ann@quellbrink.de".to_vec()),
        ("a domain without a header", b"quellbrink.de\ny.de\n".to_vec()),
        ("a domain behind an @", b"@quellbrink.de\n".to_vec()),
        ("all of a domain", b"Blocked\n*@quellbrink.de\n".to_vec()),
        ("a web address", b"Domain\nhttps://www.quellbrink.de/\n".to_vec()),
        ("other columns", "Wer;Grund\nann@quellbrink.de;gebeten\n".as_bytes().to_vec()),
        ("a name in front", b"Ann,ann@quellbrink.de\nBob,bob@y.de\n".to_vec()),
        ("UTF-16", utf16("ann@quellbrink.de\r\nx@y.de\r\n")),
        ("a kind of mail", b"Email,Portal Unsubscribe,News\nann@quellbrink.de,,TRUE\n".to_vec()),
        ("nothing said", b"Email,Email Opt Out\nann@quellbrink.de,\nx@y.de,1\n".to_vec()),
    ] {
        let dir = Workdir::small();
        dir.write("stop.csv", list);
        dir.run_small(&["--suppress", "stop.csv"]).ended(0);
        let suppressed = dir.table("out/suppressed.csv");
        assert_eq!(suppressed.row("003A")["reason"], "suppression list", "{name}");
        assert_eq!(suppressed.row("003A")["decided_by_record"], "stop.csv", "{name}");
    }
}

#[test]
fn what_is_not_understood_of_a_suppression_list_is_reported() {
    for (list, told) in [
        ("Email\nann at quellbrink\nx@y.de\n", "no e-mail address, domain or SHA-256 hash"),
        ("Email\n", "the suppression list is empty"),
        ("Email,Email Opt Out\nann@quellbrink.de,0\n", "their consent columns allow mail"),
    ] {
        let dir = Workdir::small();
        dir.write("stop.csv", list);
        dir.run_small(&["--suppress", "stop.csv"]).ended(0);
        let problems = dir.table("out/problems.csv");
        assert_eq!(problems.column("file"), ["stop.csv"], "{list}");
        assert!(problems.column("problem")[0].contains(told), "{list}: {problems:?}");
    }
    for list in [
        "Name\nAnn\n",
        "Email\nann at quellbrink\n",
        "Hash\nd41d8cd98f00b204e9800998ecf8427e\n", // an MD5
        "ann@quellbrink.de\nBob,bob@y.de\nC,c@y.de\n", // the first line is no title
    ] {
        let dir = Workdir::small();
        dir.write("stop.csv", list);
        let ran = dir.run_small(&["--suppress", "stop.csv"]).ended(1);
        assert!(ran.stderr.contains("suppression list"), "{list}: {}", ran.stderr);
        assert!(!dir.holds("out"), "{list}");
    }
}

#[test]
fn a_possible_consent_column_of_the_accounts_blocks_too() {
    let dir = Workdir::small();
    let with = |said: &str| {
        let header = ACCOUNTS.lines().take(1).map(|line| format!("{line},Freigabe\n"));
        let rows = ACCOUNTS.lines().skip(1).map(|line| format!("{line},{said}\n"));
        header.chain(rows).collect::<String>()
    };
    dir.write("Accounts.csv", with("Zulassen"));
    let ran = dir.run_small(&[]).ended(0);
    assert!(ran.stdout.contains("email-opt-out=Freigabe"), "{}", ran.stdout);
    assert_eq!(dir.table("out/suppressed.csv").row("003A")["reason"], "consent unknown");
    dir.run_small(&["--column", "ignore=Freigabe"]).ended(0);
    assert_eq!(dir.table("out/contacts.csv").column("contact_id"), ["003A"]);
    dir.write("Accounts.csv", with("Nicht zulassen"));
    dir.run_small(&["--column", "email-opt-out=Freigabe"]).ended(0);
    assert_eq!(dir.table("out/suppressed.csv").row("003A")["reason"], "account opted out");
}

#[test]
fn the_record_of_a_persons_preferences_counts() {
    let dir = Workdir::small();
    dir.write(
        "Contacts.csv",
        "Contact ID,Account ID,Last Name,Email,Email Opt Out,IndividualId\n\
         003A,001A,Ahrens,ann@quellbrink.de,0,0PK000000000001\n\
         003B,001B,Bohm,bea@vossmoor.de,0,0PK000000000002\n",
    );
    dir.write(
        "Individual.csv",
        "Id,LastName,HasOptedOutSolicit,HasOptedOutTracking,HasOptedOutProcessing,ShouldForget\n\
         0PK000000000001,Ahrens,0,0,0,1\n0PK000000000002,Bohm,0,1,0,0\n",
    );
    dir.run_small(&["--crm", "Individual.csv"]).ended(0);
    let suppressed = dir.table("out/suppressed.csv");
    assert_eq!(suppressed.row("003A")["reason"], "opted out");
    assert_eq!(suppressed.row("003A")["decided_by_record"], "0PK000000000001");
    assert_eq!(dir.table("out/contacts.csv").column("contact_id"), ["003B"]);
}

/// The small CRM's accounts with a column for opting out, in which one says so.
fn accounts_of_which_001f_denies() -> String {
    let header = ACCOUNTS.lines().take(1).map(|line| format!("{line},Email Opt Out\n"));
    let rows = ACCOUNTS.lines().skip(1).map(|line| {
        let said = if line.starts_with("001F") { "1" } else { "0" };
        format!("{line},{said}\n")
    });
    header.chain(rows).collect()
}

#[test]
fn an_account_that_denies_keeps_its_peoples_addresses_out_elsewhere() {
    let dir = Workdir::small();
    dir.write("Accounts.csv", accounts_of_which_001f_denies());
    dir.write(
        "Contacts.csv",
        "Contact ID,Account ID,Last Name,Email,Email Opt Out\n\
         003A,001A,Ahrens,ann@quellbrink.de,0\n003Z,001F,Ahrens,ANN@quellbrink.de,0\n",
    );
    dir.run_small(&[]).ended(0);
    let suppressed = dir.table("out/suppressed.csv");
    assert_eq!(suppressed.row("003A")["reason"], "address opted out elsewhere");
    assert_eq!(suppressed.row("003A")["decided_by_record"], "001F");
}

#[test]
fn a_consent_is_tied_to_the_first_address() {
    let dir = Workdir::small();
    dir.write(
        "Contacts.csv",
        "Contact ID,Account ID,Last Name,Email,Email 2,Email Opt In\n\
         003A,001A,Ahrens,ann,ann@quellbrink.de,Yes\n003B,001B,Bohm,bea@vossmoor.de,,Yes\n",
    );
    dir.run_small(&[]).ended(0);
    let listed = dir.table("out/contacts.csv");
    let want = [("003A", "not denied"), ("003B", "allowed")];
    assert_eq!(listed.pairs("contact_id", "email_permission"), want);
}

#[test]
fn records_of_consent_deny_their_addresses_and_numbers() {
    let logical = "msdynmkt_contactpointconsent4id,msdynmkt_contactpointtype,\
                   msdynmkt_contactpointvalue,msdynmkt_value,statecode";
    let display =
        "(Do Not Modify) Contact Point Consent,Channel,Contact point,Consent status,Status";
    for (header, record, email, phone, problem) in [
        (logical, "K1,534120000,ANN@quellbrink.de,534120002,0", "denied", "", false),
        (logical, "K1,534120000,ANN@quellbrink.de,534120002,1", "denied", "", false),
        (logical, "K1,534120000,ann@quellbrink.de,534120001,0", "listed", "0731 5550002", false),
        (logical, "K1,534120000,ann@quellbrink.de,534120000,0", "listed", "0731 5550002", false),
        (logical, "K1,534120003,+497315550002,534120002,0", "listed", "", false),
        (logical, "K1,534120003,+497315550009,534120002,0", "listed", "0731 5550002", false),
        // a status that nobody knows might be a denial
        (logical, "K1,534120000,ann@quellbrink.de,7,0", "denied", "", true),
        (display, "K1,Email,ann@quellbrink.de,Opted Out,Active", "denied", "", false),
        (display, "K1,Email,ann@quellbrink.de,Opted In,Active", "listed", "0731 5550002", false),
        (display, "K1,Email,ann@quellbrink.de,Not Set,Active", "listed", "0731 5550002", false),
    ] {
        let dir = Workdir::small();
        dir.write(
            "Contacts.csv",
            "Contact ID,Account ID,Last Name,Email,Email Opt Out,Phone\n\
             003A,001A,Ahrens,ann@quellbrink.de,0,0731 5550002\n",
        );
        dir.write("consents.csv", format!("{header}\n{record}\n"));
        let ran = dir.run_small(&["--crm", "consents.csv"]);
        assert_eq!(ran.status, Some(0), "{record}: {ran:?}");
        let (listed, left) = (dir.table("out/contacts.csv"), dir.table("out/suppressed.csv"));
        if email == "denied" {
            assert!(listed.rows.is_empty(), "{record}");
            let left = left.row("003A");
            assert_eq!(left["reason"], "address opted out elsewhere", "{record}");
            assert_eq!(left["decided_by_record"], "K1", "{record}");
        } else {
            assert!(left.rows.is_empty(), "{record}");
            assert_eq!(listed.column("phone"), [phone], "{record}");
        }
        assert_eq!(dir.table("out/problems.csv").rows.len(), usize::from(problem), "{record}");
    }
}

#[test]
fn whose_address_an_account_denies_is_suppressed_though_no_list_takes_the_customer() {
    let dir = Workdir::small();
    dir.write("Accounts.csv", accounts_of_which_001f_denies());
    dir.write(
        "Contacts.csv",
        "Contact ID,Account ID,Last Name,Email,Email Opt Out\n\
         003A,001A,Ahrens,ann@quellbrink.de,0\n003Z,001F,Ahrens,ANN@quellbrink.de,0\n\
         003B,001A,Bohm,bo@quellbrink.de,0\n003C,001A,Bohm,bo@quellbrink.de,0\n",
    );
    dir.run_small(&["--cluster", "Nurture"]).ended(0);
    let suppressed = dir.table("out/suppressed.csv");
    assert_eq!(suppressed.row("003A")["reason"], "address opted out elsewhere");
    assert_eq!(suppressed.row("003A")["decided_by_record"], "001F");
    let contacts = &dir.summary("out")["results"]["contacts"];
    let of = |status: &str| contacts[status].as_u64();
    assert_eq!(
        (of("suppressed"), of("not_selected"), of("duplicate")),
        (Some(1), Some(1), Some(1))
    );
}

#[test]
fn a_suppression_list_may_be_a_workbook_with_columns_of_any_name() {
    let dir = Workdir::small();
    let list = [["Wer", "Grund"], ["ANN@quellbrink.de", "gebeten"]];
    dir.write("stop.xlsx", workbook(&[&list]));
    dir.run_small(&["--suppress", "stop.xlsx"]).ended(0);
    let suppressed = dir.table("out/suppressed.csv");
    assert_eq!(suppressed.row("003A")["decided_by_record"], "stop.xlsx");
}

#[test]
fn what_another_row_or_a_merged_record_denies_holds_for_the_address_in_every_record() {
    // the address of 003A stands, in other spellings, in a record into which one that denies was merged,
    // that of 003B in a row of a record of which another row denies; neither account is linked
    let others = "Contact ID,Account ID,Last Name,Email,Master Record ID,Is Deleted,Email Opt Out\n\
                  003M-1,001Z,Ahrens,old@elsewhere.com,003M,1,1\n\
                  003M,001Z,Ahrens,Ann@QUELLBRINK.de,,0,0\n\
                  003N,001Z,Bohm,other@elsewhere.com,,0,1\n\
                  003N,001Z,Bohm,<bea@vossmoor.de>,,0,0\n";
    let contacts = "Contact ID,Account ID,Last Name,Email,Email Opt Out\n\
                    003A,001A,Ahrens,ann@quellbrink.de,0\n\
                    003B,001B,Bohm,bea@vossmoor.de,0\n\
                    003C,001B,Carl,carl@vossmoor.de,0\n";
    let accounts = format!("{ACCOUNTS}001Z,Unlinked Holding,unlinked.example.org\n");
    let dir = Workdir::with(&[
        ("Azure.csv", AZURE),
        ("Accounts.csv", accounts.as_str()),
        ("Contacts.csv", contacts),
        ("Merged.csv", others),
    ]);
    dir.run_small(&["--contacts", "Merged.csv"]).ended(0);
    let listed: Vec<String> =
        dir.table("out/contacts.csv").rows.iter().map(|row| row["contact_id"].clone()).collect();
    assert_eq!(listed, ["003C"]);
    for (id, by) in [("003A", "003M"), ("003B", "003N")] {
        let told = dir.table("out/suppressed.csv").row(id).clone();
        assert_eq!(told["decided_by_record"], by, "{told:?}");
    }
}
