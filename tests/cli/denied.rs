//! Nobody with a denial anywhere is ever listed: random small CRMs, and an oracle that knows which
//! cells it has planted and nothing of the program's tables.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::atomic::{AtomicU64, Ordering},
};

use crate::support::{Dice, Workdir, workbook_of};

/// CRMs of a run; `scripts/denials.sh` asks for more.
const CRMS: u64 = 300;

/// Companies with their domains, and the domains as mail systems write them.
const COMPANIES: [(&str, &str, &str); 4] = [
    ("Quellbrink Werkzeugbau", "quellbrink.de", "quellbrink.de"),
    ("Vossmoor Logistik", "vossmoor.com", "vossmoor.com"),
    ("Tarnwiese Medizintechnik", "tärnwiese.de", "xn--trnwiese-0za.de"),
    ("Brommelkamp Autohaus", "brommelkamp.fr", "brommelkamp.fr"),
];

/// Columns in which people deny: the header, the word of a denial, and that of none.
const COLUMNS: [(&str, &str, &str); 36] = [
    ("Email Opt Out", "Yes", "No"),
    ("HasOptedOutOfEmail", "1", "0"),
    ("Do Not Email", "TRUE", "FALSE"),
    ("Unsubscribed", "2025-03-01", ""),
    ("Blacklist", "True", "False"),
    ("Email Consent", "No", "Yes"),
    ("Subscription", "unsubscribed", "subscribed"),
    ("State", "Hard bounced", "Active"),
    ("Tags", "vip; Do not mail", "vip"),
    ("Kein Newsletter", "Ja", "Nein"),
    ("Werbesperre", "x", ""),
    ("Abgemeldet am", "01.03.2025", ""),
    ("Merkmal", "Sperrliste", "Kunde"),
    ("Désinscrit", "Oui", "Non"),
    ("Ne plus solliciter", "Oui", ""),
    ("No enviar correos", "Sí", "No"),
    ("Disiscritto", "Sì", "No"),
    ("Descadastrado", "Sim", "Não"),
    ("Uitgeschreven", "Ja", "Nee"),
    ("Wypisany", "Tak", "Nie"),
    ("Отписан", "Да", "Нет"),
    ("配信停止", "はい", "いいえ"),
    ("Email verstuurd", "afgemeld", "verstuurd"),
    ("Kontakt", "avregistrerad", "aktiv"),
    ("Ehemaliger Mitarbeiter", "Ja", "Nein"),
    ("Parti le", "31/12/2024", ""),
    ("Has left", "TRUE", "FALSE"),
    ("E-post spärrad", "Ja", "Nej"),
    ("Merkmal", "Empfänger unbekannt", "Kunde"),
    ("Okay to email", "No", "Yes"),
    ("Zły adres", "Tak", "Nie"),
    ("Kuollut", "Kyllä", "Ei"),
    ("Nem kér hírlevelet", "Igen", "Nem"),
    ("Uvolněn", "odhlášen", "aktivní"),
    ("メール送信可", "×", "○"),
    ("Bloqueado", "Sim", "Não"),
];

/// Words of accounts by which they deny for all their people.
const OF_ACCOUNTS: [(&str, &str, &str); 6] = [
    ("Email Opt Out", "1", "0"),
    ("Do not allow Bulk Emails", "Do Not Allow", "Allow"),
    ("Werbesperre", "Ja", "Nein"),
    ("Marketing Opt-Out", "maybe", "No"),
    ("Tags", "key; Do not mail", "key"),
    ("Ne pas contacter", "Oui", "Non"),
];

/// Names of lists of people who must not be written to, with headers.
const LISTS: [(&str, &str); 8] = [
    ("cleaned_members", "Email Address,Reason\n"),
    ("nonsubscribed_export", "Adresse,Grund\n"),
    ("Abmeldungen 2025", "Wer,Wann\n"),
    ("désinscrits", "Courriel,Motif\n"),
    ("bajas", "Correo,Motivo\n"),
    ("отписки", "Почта,Причина\n"),
    ("bounces", "Recipient,Error\n"),
    ("Sperrliste", ""),
];

/// A cell as CSV writes it.
fn quoted(cell: &str) -> String {
    match cell.contains(['"', ',']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.to_owned(),
    }
}

/// A person, and whether anything says no.
struct Person {
    local: String,
    company: usize,
    denies: bool,
}

impl Person {
    /// The address as the program writes it.
    fn plain(&self) -> String {
        format!("{}@{}", self.local, COMPANIES[self.company].2)
    }

    /// The address in one of its spellings, as the cell of a CSV file.
    fn spelt(&self, dice: &mut Dice) -> String {
        let (_, people, systems) = COMPANIES[self.company];
        let domain = dice.one(&[people, systems]).to_owned();
        let domain = if dice.roll(3) == 0 { domain.to_uppercase() } else { domain };
        let (local, Person { local: name, .. }) = (&self.local, self);
        let cell = match dice.roll(22) {
            0 => format!("mailto:{local}@{domain}?subject=Hi"),
            1 => format!("{local} (at) {domain}"),
            2 => format!("{local}[at]{}", domain.replace('.', "[dot]")),
            3 => format!("<{local}@{domain}>"),
            4 => format!("{name} Muster <{local}@{domain}>"),
            5 => format!("{local}＠{domain}"),
            6 => format!("{local}\u{200b}@{domain}\u{feff}"),
            7 => format!("{local}&#64;{domain}"),
            8 => format!("{} @ {domain}", local.to_uppercase()),
            9 => format!("[{local}@{domain}](mailto:{local}@{domain})"),
            10 => format!("{local}@{}", domain.replace('ä', "a\u{308}")),
            11 => format!("[\"{local}@{domain}\"]"),
            12 => format!("[{{\"label\":\"work\",\"value\":\"{local}@{domain}\"}}]"),
            13 => format!("SMTP:{local}@{domain}"),
            14 => format!("\"Muster, {name}\" <{local}@{domain}>"),
            15 => format!("{local} AT {}", domain.replace('.', " DOT ")),
            16 => format!("mailto:{local}%40{domain}"),
            17 => format!("{local}@{domain}."),
            18 => format!("info@elsewhere.com; {local}@{domain}"),
            19 => local.replace('p', "ｐ") + "@" + &domain,
            20 => format!("{local}_at_{domain}"),
            _ => format!("{local}@{domain}"),
        };
        quoted(&cell)
    }
}

/// The files of a CRM, and its people.
struct Crm {
    sheets: Vec<(String, String)>,
    suppressed: Vec<(String, String)>,
    people: Vec<Person>,
}

impl Crm {
    fn new(dice: &mut Dice) -> Crm {
        let mut people: Vec<Person> = (0..6 + dice.roll(6))
            .map(|at| Person { local: format!("p{at}"), company: dice.roll(4), denies: false })
            .collect();
        let mut crm = Crm { sheets: Vec::new(), suppressed: Vec::new(), people: Vec::new() };
        crm.accounts(dice, &mut people);
        crm.contacts(dice, &mut people);
        crm.merged(dice, &mut people);
        crm.damaged(dice, &mut people);
        crm.others(dice, &mut people);
        crm.people = people;
        crm
    }

    /// The accounts; now and then one denies for all its people.
    fn accounts(&mut self, dice: &mut Dice, people: &mut [Person]) {
        let denying = if dice.roll(4) == 0 { Some(dice.roll(4)) } else { None };
        let (header, no, yes) = dice.one(&OF_ACCOUNTS);
        let mut text = format!("Account ID,Account Name,Website,{header}\n");
        for (at, (name, domain, _)) in COMPANIES.iter().enumerate() {
            let says = if denying == Some(at) { no } else { yes };
            writeln!(text, "A{at},{name},{domain},{says}").expect("written");
        }
        let of = |person: &&mut Person| Some(person.company) == denying;
        people.iter_mut().filter(of).for_each(|person| person.denies = true);
        self.sheets.push(("Accounts".into(), text));
    }

    /// One or two files of contacts, each with a column of denials of its own.
    fn contacts(&mut self, dice: &mut Dice, people: &mut [Person]) {
        for file in 0..=dice.roll(2) {
            let (header, no, yes) = dice.one(&COLUMNS);
            let email = dice.one(&["Email", "E-Mail-Adresse", "Adresse mail", "Elektropost"]);
            let mut text = format!("Contact ID,Account ID,Last Name,{email},{header}\n");
            // a file in which nobody denies does not say what its column means
            let first = dice.roll(people.len());
            for (at, person) in people.iter_mut().enumerate() {
                let is_first = at == first;
                if file > 0 && !is_first && dice.roll(2) == 0 {
                    continue;
                }
                let denies = is_first || dice.roll(5) == 0;
                person.denies |= denies;
                let (company, cell) = (person.company, if denies { no } else { yes });
                let address = person.spelt(dice);
                writeln!(text, "C{file}{at},A{company},N{at},{address},{cell}").expect("written");
            }
            self.sheets.push((format!("Contacts{file}"), text));
        }
    }

    /// Records that were merged into others, and rows of one id: who denies there has had another address.
    fn merged(&mut self, dice: &mut Dice, people: &mut [Person]) {
        if dice.roll(3) > 0 {
            return;
        }
        let header =
            "Contact ID,Account ID,Last Name,Email,Master Record ID,Is Deleted,Email Opt Out\n";
        let mut text = header.to_owned();
        for (at, person) in people.iter_mut().enumerate() {
            if dice.roll(3) > 0 {
                continue;
            }
            let company = person.company;
            let denies = dice.roll(2);
            person.denies |= denies == 1;
            let (old, master, gone) = match dice.roll(2) {
                0 => (format!("M{at}-1"), format!("M{at}"), 1),
                _ => (format!("M{at}"), String::new(), 0),
            };
            writeln!(text, "{old},A{company},N,old{at}@elsewhere.com,{master},{gone},{denies}")
                .expect("written");
            writeln!(text, "M{at},A{company},N,{},,0,0", person.plain()).expect("written");
        }
        if text.len() > header.len() {
            self.sheets.push(("Merged".into(), text));
        }
    }

    /// Rows whose cells stand in the wrong columns, and addresses in columns nobody knows: where they
    /// deny, all addresses there are meant.
    fn damaged(&mut self, dice: &mut Dice, people: &mut [Person]) {
        if dice.roll(3) > 0 {
            return;
        }
        let mut text =
            "Contact ID,Account ID,Last Name,Email,Zweitkontakt,Email Opt Out\n".to_owned();
        for (at, person) in people.iter_mut().enumerate() {
            if dice.roll(3) > 0 {
                continue;
            }
            person.denies = true;
            let (company, address) = (person.company, person.plain());
            let row = match dice.roll(3) {
                0 => format!("D{at},A{company},N,first{at}@elsewhere.com,{address},Yes"),
                1 => format!("D{at},A{company},{address},Yes,,"),
                _ => format!("D{at},A{company},van,N,{address},,Yes"),
            };
            writeln!(text, "{row}").expect("written");
        }
        if text.lines().count() > 1 {
            self.sheets.push(("Damaged".into(), text));
        }
    }

    /// Leads, lists of denials and suppression lists.
    fn others(&mut self, dice: &mut Dice, people: &mut [Person]) {
        let mut deny = |dice: &mut Dice, header: &str, row: &dyn Fn(&str) -> String| {
            let mut text = header.to_owned();
            for person in people.iter_mut() {
                if dice.roll(6) == 0 {
                    person.denies = true;
                    let address = person.spelt(dice);
                    writeln!(text, "{}", row(&address)).expect("written");
                }
            }
            (text.lines().count() > usize::from(!header.is_empty())).then_some(text)
        };
        let (column, no, _) = dice.one(&COLUMNS);
        let lead = format!("Lead ID,Last Name,Company,Email,Converted,{column}\n");
        let leads = deny(dice, &lead, &|address| format!("L1,N,Other,{address},0,{no}"));
        let (name, header) = dice.one(&LISTS);
        let listed = deny(dice, header, &|address| match header.is_empty() {
            true => address.to_owned(),
            false => format!("{address},bounce"),
        });
        let member = "Campaign,Email,Member Status\n";
        let members = deny(dice, member, &|address| format!("Fair,{address},Opted out"));
        self.sheets.extend(leads.map(|text| ("Leads".into(), text)));
        self.sheets.extend(listed.map(|text| (name.into(), text)));
        self.sheets.extend(members.map(|text| ("Members".into(), text)));
        let headers = ["Email\n", "Wer\n", ""];
        let header = dice.one(&headers);
        let first = deny(dice, header, &|address| address.to_owned());
        let second = deny(dice, "Date,Contact\n", &|address| format!("2026-01-01,{address}"));
        self.suppressed.extend(first.map(|text| ("2024".into(), text)));
        self.suppressed.extend(second.map(|text| ("2025".into(), text)));
    }

    /// Writes the files, as workbooks or apart.
    fn write(&self, dice: &mut Dice, dir: &Workdir) {
        let mut report = "CustomerID,AccountName,Domain,AzureCluster\n".to_owned();
        for (at, (name, domain, _)) in COMPANIES.iter().enumerate() {
            writeln!(report, "3000000{at},{name} GmbH,{domain},Act Now").expect("written");
        }
        dir.write("Azure.csv", report);
        let together = |sheets: &[(String, String)]| {
            let sheets: Vec<_> = sheets.iter().map(|(name, text)| (&**name, &**text)).collect();
            workbook_of(&sheets)
        };
        if dice.roll(2) == 0 {
            dir.write("crm/crm.xlsx", together(&self.sheets));
        } else {
            let files = self.sheets.iter();
            files.for_each(|(name, text)| dir.write(&format!("crm/{name}.csv"), text));
        }
        if !self.suppressed.is_empty() {
            dir.write("stop.xlsx", together(&self.suppressed));
        }
    }
}

/// Runs one CRM. Gives the people who are listed though they deny, how many are listed, and how
/// many are free to be.
fn outcome(seed: u64) -> Result<(usize, usize), String> {
    let mut dice = Dice(seed);
    let crm = Crm::new(&mut dice);
    let dir = Workdir::new();
    crm.write(&mut dice, &dir);
    let suppress = if crm.suppressed.is_empty() { "" } else { "--suppress stop.xlsx" };
    let line = format!(
        "--reports Azure.csv --crm crm --out out --target mailchimp --threads 1 --consent-unknown \
         list {suppress}"
    );
    let said = dir.run_match(&line, &[]);
    if said.status != Some(0) {
        return Err(format!("seed {seed}: {}\n{:?}", said.said(), crm.sheets));
    }
    let denied: BTreeSet<String> =
        crm.people.iter().filter(|of| of.denies).map(Person::plain).collect();
    let listed = dir.table("out/contacts.csv");
    let listed: BTreeSet<String> =
        listed.column("email").into_iter().map(str::to_lowercase).collect();
    let files: BTreeMap<String, Vec<u8>> = dir.files("out/campaigns");
    let sent = |address: &&String| {
        let is_in = |bytes: &Vec<u8>| {
            String::from_utf8_lossy(bytes).to_lowercase().contains(&format!("{address},"))
        };
        files.values().any(is_in)
    };
    let wrong: Vec<&String> = denied.iter().filter(|of| listed.contains(*of) || sent(of)).collect();
    if !wrong.is_empty() {
        let Crm { sheets, suppressed, .. } = &crm;
        return Err(format!("seed {seed}: {wrong:?}\n{sheets:?}\n{suppressed:?}\n{}", said.said()));
    }
    Ok((listed.len(), crm.people.len() - denied.len()))
}

#[test]
fn nobody_with_a_denial_anywhere_is_listed() {
    let crms = std::env::var("RECONCILE_CRMS").ok().and_then(|count| count.parse().ok());
    let crms: u64 = crms.unwrap_or(CRMS);
    let next = AtomicU64::new(0);
    let work = || {
        let (mut faults, mut listed, mut free) = (Vec::new(), 0, 0);
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= crms || faults.len() > 3 {
                return (faults, listed, free);
            }
            match outcome(seed) {
                Ok((some, all)) => (listed, free) = (listed + some, free + all),
                Err(fault) => faults.push(fault),
            }
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let parts: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().expect("a thread")).collect()
    });
    let faults: Vec<&String> = parts.iter().flat_map(|(faults, ..)| faults).collect();
    assert!(faults.is_empty(), "{} of {crms}: {faults:#?}", faults.len());
    let (listed, free): (usize, usize) =
        parts.iter().fold((0, 0), |(one, other), (_, listed, free)| (one + listed, other + free));
    assert!(listed * 2 > free, "of {free} people who are free, {listed} are listed");
}
