//! Evidence that contradicts itself: equal domains, names alone, and what speaks against them.

use crate::support::Workdir;

/// Runs customers against accounts and contacts, each given as the rows below their headers.
fn run(customers: &str, accounts: &str, contacts: &str) -> Workdir {
    let dir = Workdir::new();
    for (file, header, rows) in [
        (
            "Azure.csv",
            "CustomerID,AccountName,Domain,City,PostalCode,Country,AzureCluster",
            customers,
        ),
        (
            "Accounts.csv",
            "Account ID,Account Name,Website,Billing City,Billing Zip/Postal Code,Billing Country",
            accounts,
        ),
        ("Contacts.csv", "Contact ID,Account ID,Last Name,Email,Email Opt Out", contacts),
    ] {
        dir.write(file, format!("{header}\n{rows}"));
    }
    dir.run_small(&[]).ended(0);
    dir
}

#[test]
fn a_domain_links_in_spite_of_a_stray_address_and_of_a_namesake_elsewhere() {
    for (what, customer, accounts, contact) in [
        (
            "somebody of the customer stands under a stranger",
            "40000001,Rosenquell Consulting GmbH,rosenquell-consulting.de,Ulm,89073,Germany,Act Now",
            "A1,Rosenquell Consulting GmbH,,Ulm,89073,Germany\n\
             A2,Memarax Speditions AG,memarax.de,Kiel,24103,Germany\n",
            "C1,A2,Ahrens,ann@rosenquell-consulting.de,0\n",
        ),
        (
            "the name is romanised, and a namesake has another domain and place",
            "40000001,株式会社灯台岬物流,todaimisaki.co.jp,神戸,650-0001,Japan,Act Now",
            "A1,Todaimisaki Butsuryu K.K.,todaimisaki.co.jp,神戸,650-0001,Japan\n\
             A2,灯台岬物流,hokutodai.co.jp,札幌,,Japan\n",
            "C1,A2,Mori,mori@hokutodai.co.jp,0\n",
        ),
    ] {
        let dir = run(customer, accounts, contact);
        let row = dir.table("out/customers.csv").row("40000001").clone();
        assert_eq!((&*row["status"], &*row["account_ids"]), ("linked", "A1"), "{what}: {row:?}");
    }
}

#[test]
fn of_a_domain_that_many_share_the_name_finds_the_customer_and_the_summary_says_so() {
    let words = ["Amsel", "Birke", "Distel", "Eiche", "Falke", "Ginster", "Habicht"];
    let name = |at: usize| format!("{}{} Werk GmbH", words[at % 7], words[at / 7].to_lowercase());
    let of = |count: usize| -> String {
        let customer =
            |at| format!("4000{at:04},{},sammelkonzern.de,Ulm,89073,Germany,Act Now\n", name(at));
        (0..count).map(customer).collect()
    };
    for (count, told) in [(16, false), (40, true)] {
        let last = count - 1;
        let account = format!("A1,{},sammelkonzern.de,Ulm,89073,Germany\n", name(last));
        let dir = run(&of(count), &account, "C1,A1,Ahrens,ann@sammelkonzern.de,0\n");
        let row = dir.table("out/customers.csv").row(&format!("4000{last:04}")).clone();
        assert_eq!((&*row["status"], &*row["account_ids"]), ("linked", "A1"), "{count}: {row:?}");
        let summary = dir.read("out/summary.json");
        assert_eq!(summary.contains("belong to more than 16 customers"), told, "{count}");
    }
}

#[test]
fn the_summary_mentions_a_name_that_many_share() {
    let of = |count: usize| -> String {
        let customer =
            |at| format!("4000{at:04},Digital Services GmbH,,Ulm,89073,Germany,Act Now\n");
        (0..count).map(customer).collect()
    };
    for (count, told) in [(12, false), (13, true)] {
        let dir = run(&of(count), "A1,Digital Group,,Kiel,24103,Germany\n", "");
        let summary = dir.read("out/summary.json");
        let note = format!("{count} customers have nothing in their names");
        assert_eq!(summary.contains(&note), told, "{count}");
    }
}

#[test]
fn a_name_alone_does_not_make_up_for_another_state() {
    for (state, status) in [("CA", "linked"), ("", "linked"), ("TX", "review")] {
        let dir = Workdir::new();
        dir.write(
            "Azure.csv",
            "CustomerID,AccountName,Domain,City,State,Country,AzureCluster\n\
             40000001,Tarnbrook Supplies Inc,tarnbrook-supplies.com,Fresno,CA,US,Act Now\n",
        );
        dir.write(
            "Accounts.csv",
            format!(
                "Account ID,Account Name,Billing State,Billing Country\n\
                 A1,Tarnbrook Supplies Inc,{state},US\n"
            ),
        );
        dir.run_match("--reports Azure.csv --crm Accounts.csv --out out", &[]).ended(0);
        assert_eq!(dir.table("out/customers.csv").row("40000001")["status"], status, "{state}");
    }
}

/// A case: what it shows, the customers, the accounts, and of the first customer the status, with
/// the reason of a review, and its accounts.
type Case<'c> = (&'c str, &'c str, &'c str, &'c str, &'c str);

/// Checks how the first customer of each case ends.
fn check(cases: &[Case<'_>]) {
    for (what, customers, accounts, status, linked) in cases {
        let dir = run(customers, accounts, "C1,A0,Ahrens,ann@velmarth.example,0\n");
        let row = dir.table("out/customers.csv").row("40000001").clone();
        let told = match &*row["status"] {
            "review" => format!("review: {}", row["reason"]),
            status => status.to_owned(),
        };
        let mut accounts: Vec<&str> = row["account_ids"].split("; ").collect();
        accounts.sort_unstable();
        assert_eq!((&*told, accounts.join("; ")), (*status, (*linked).to_owned()), "{what}");
    }
}

#[test]
fn a_second_account_is_found_by_what_the_first_one_knows_of_the_customer() {
    check(&[
        (
            "both hold a domain that the report has not",
            "40000001,Tarnbrook Supplies Ltd,,Leeds,LS1 4AB,UK,Act Now",
            "A1,Tarnbrook Supplies Ltd,tarnbrook.co.uk,Leeds,LS1 4AB,UK\n\
             A2,Tarnbrook Supplies Ltd,tarnbrook.co.uk,Leeds,BS1 5TR,UK\n\
             A3,Tarnbrook Supplies Northern Ltd,,Leeds,,UK\n",
            "linked",
            "A1; A2",
        ),
        (
            "an address at a mail provider is no other domain",
            "40000001,Tarnbrook Supplies Ltd,tarnbrook.co.uk,Leeds,LS1 4AB,UK,Act Now",
            "A1,Tarnbrook Supplies Ltd,tarnbrook.co.uk,Leeds,,UK\n\
             A2,Tarnbrook Supplies,gmail.com,Leeds,LS1 4AB,UK\n",
            "linked",
            "A1; A2",
        ),
        (
            "the same label under another suffix",
            "40000001,Tarnbrook Supplies Ltd,tarnbrook.co.uk,Leeds,LS1 4AB,UK,Act Now",
            "A1,Tarnbrook Supplies Ltd,tarnbrook.co.uk,Leeds,,UK\n\
             A2,Tarnbrook Supplies,tarnbrook.eu,Leeds,LS1 4AB,UK\n",
            "linked",
            "A1; A2",
        ),
        (
            "a fund of the house has a word more, and no postal code tells that it is the house",
            "40000001,Morland Stanbury,morlandstanbury.com,New York,,US,Act Now",
            "A1,Morland Stanbury,morlandstanbury.com,New York,,US\n\
             A2,Morland Stanbury Partners LP,morlandstanbury.com,New York,,US\n",
            "linked",
            "A1",
        ),
        (
            "a name that differs by a letter, in the same town only",
            "40000001,Colmarity Inc,,,,US,Act Now",
            "A1,Colmarity Inc,,Kirkland,,US\nA2,Holmarity Inc,holmarity.com,Kirkland,,US\n",
            "linked",
            "A1",
        ),
    ]);
}

#[test]
fn a_typing_error_in_the_only_word_that_identifies_may_be_another_name() {
    let ends = ["bach", "dorf", "feld", "hold", "mann", "rath", "wald"];
    let others =
        ends.iter().flat_map(|end| ["Baum", "Con", "Ehl"].map(|name| format!("{name}{end}")));
    let customers: String = others
        .enumerate()
        .map(|(at, name)| {
            format!("400001{at:02},Zahnarztpraxis Dr. {name},,Bonn,,Germany,Act Now\n")
        })
        .collect();
    let customer = |rest: &str| format!("40000001,Zahnarztpraxis Dr. Lohmann,{rest}\n{customers}");
    check(&[
        (
            "a surname one letter apart in one town",
            &customer(",Ulm,,Germany,Act Now"),
            "A1,Zahnarztpraxis Dr. Lehmann,,Ulm,,Germany\n",
            "review: doubtful",
            "",
        ),
        (
            "the same domain",
            &customer("dr-lohmann.de,Ulm,89073,Germany,Act Now"),
            "A1,Zahnarztpraxis Dr. Lomann,dr-lohmann.de,Ulm,89073,Germany\n",
            "linked",
            "A1",
        ),
        (
            "the same surname",
            &customer(",Ulm,,Germany,Act Now"),
            "A1,Zahnarztpraxis Dr. Lohmann,,Ulm,,Germany\n",
            "linked",
            "A1",
        ),
    ]);
}

#[test]
fn place_breaks_a_tie_of_names() {
    check(&[(
        "the second account has no place",
        "40000001,Tarnbrook Supplies Ltd,tarnbrook.co.uk,Leeds,LS1 4AB,UK,Act Now",
        "A1,Tarnbrook Supplies Ltd,,Leeds,LS1 4AB,UK\nA2,Tarnbrook Supplies Ltd,,,,UK\n",
        "linked",
        "A1",
    )]);
}

#[test]
fn a_pair_that_is_not_acceptable_itself_makes_no_conflict() {
    check(&[
        (
            "a name that is only alike, beside a domain that is unique",
            "40000001,Tarnbrook Media,tarnbrook.com,Leeds,,UK,Act Now",
            "A1,The Tarnbrook Falcons Group,tarnbrook.com,Leeds,,UK\n\
             A2,Tarnbrook Media Acquisition Corporation,,Leeds,,UK\n",
            "linked",
            "A1",
        ),
        (
            "names in two scripts cannot be compared: that of a namesake elsewhere says nothing",
            "40000001,株式会社灯台岬物流,todaimisaki.co.jp,神戸,650-0001,Japan,Act Now",
            "A1,Todaimisaki Butsuryu K.K.,todaimisaki.co.jp,神戸,650-0001,Japan\n\
             A2,灯台岬物流,,札幌,,Japan\n",
            "linked",
            "A1",
        ),
    ]);
}

#[test]
fn a_unique_domain_links_a_name_that_agrees_elsewhere_as_it_links_one_that_does_not() {
    check(&[(
        "moved, renamed by its legal form, and mistyped",
        "40000001,Blue Star Services Ltd,tarnq.co.uk,Leeds,LS1 4AB,UK,Act Now",
        "A1,Blue Star Sevices Plc,tarnq.co.uk,Bristol,BS1 5TR,UK\n",
        "linked",
        "A1",
    )]);
}

#[test]
fn a_place_confirms_a_name_that_agrees_or_is_shortened_and_none_that_is_longer() {
    let customer = "40000001,Tarnbrook Supplies Ltd,tarnbrook.co.uk,Leeds,LS1 4AB,UK,Act Now";
    check(&[
        (
            "the city, though the postal code differs and a namesake is near",
            customer,
            "A1,Tarnbrook Supplies Ltd,,Leeds,BS1 5TR,UK\nA2,Tarnbrook Supplies Ltd,,York,,UK\n",
            "linked",
            "A1",
        ),
        (
            "the city, for a name without its last word",
            "40000001,Tarnbrook Velmarth Supplies Ltd,tarnbrook.co.uk,Leeds,LS1 4AB,UK,Act Now",
            "A1,Tarnbrook Velmarth,,Leeds,,UK\nA2,Harbour Velmarth Supplies,,York,,UK\n",
            "linked",
            "A1",
        ),
        (
            "the whole name in another city",
            "40000001,Tarnbrook Velmarth Supplies Ltd,tarnbrook.co.uk,Leeds,LS1 4AB,UK,Act Now",
            "A1,Tarnbrook Velmarth,,Leeds,,UK\nA2,Tarnbrook Velmarth Supplies,,York,,UK\n",
            "review: conflict",
            "",
        ),
        (
            "a word more, in the same city: a branch or a sister",
            customer,
            "A1,Tarnbrook Supplies Northern Ltd,,Leeds,,UK\n",
            "review: doubtful",
            "",
        ),
        (
            "a word more, at the same postal code",
            customer,
            "A1,Tarnbrook Supplies Northern Ltd,,Leeds,LS1 4AB,UK\n",
            "review: doubtful",
            "",
        ),
    ]);
}

#[test]
fn a_longer_name_at_one_postal_code_is_a_sister_unless_the_names_of_the_crm_are_often_longer() {
    let customer = "40000001,Tarnbrook GmbH,,Ulm,89073,Germany,Act Now\n";
    let words = ["Amsel", "Birke", "Distel", "Eiche", "Falke", "Ginster"];
    for longer in ["Logistik", "Energie", "Nord", "Group"] {
        for (domains, status) in [(0, "review"), (2, "review"), (4, "linked")] {
            let (mut customers, mut accounts) =
                (customer.to_owned(), format!("A1,Tarnbrook {longer} GmbH,,Ulm,89073,Germany\n"));
            for (at, word) in words.iter().enumerate().take(domains) {
                let word = format!("{word}quell");
                customers +=
                    &format!("4000010{at},{word} GmbH,{word}.de,Kiel,24103,Germany,Act Now\n");
                accounts += &format!("B{at},{word} Werkstatt GmbH,{word}.de,Kiel,24103,Germany\n");
            }
            let dir = run(&customers, &accounts, "");
            let row = dir.table("out/customers.csv").row("40000001").clone();
            assert_eq!(row["status"], status, "{longer} {domains}: {row:?}");
        }
    }
}

#[test]
fn a_pair_that_is_shown_for_its_domain_alone_is_explained_by_it() {
    let dir = run(
        "40000001,Ahlborn Optik GmbH,ahlborn-kassel.de,Ulm,89073,Germany,Act Now\n",
        "A1,Zentral Immobilien Verwaltung 12,ahlborn-kassel.de,Wien,1010,Austria\n\
         A2,Weingut Traubenhof 7,ahlborn-kassel.de,Paris,75001,France\n",
        "C1,A9,Ahrens,ann@quellbrink.de,0\n",
    );
    let review = dir.table("out/review.csv");
    assert_eq!(review.column("reason"), ["doubtful", "doubtful"]);
    let said = dir.run(&["explain", "--run", "out", "--customer", "40000001"]).ended(0).stdout;
    let shown = "Not linked by itself: a domain agrees, so it is shown for review, though 0.0";
    assert_eq!(said.matches(shown).count(), 2, "{said}");
    assert!(!said.contains("Not linked: 0.0"), "{said}");
    assert!(said.contains("or where a domain, an id or the whole name agrees"), "{said}");
}

#[test]
fn a_rejected_pair_and_the_doubt_that_it_leaves_are_explained_by_the_rejection() {
    let dir = run(
        "40000001,Rosenquell Consulting GmbH,,Ulm,89073,Germany,Act Now\n",
        "A1,Rosenquell Consulting GmbH,,Ulm,89073,Germany\n\
         A2,Rosenquell Consulting,,Ulm,89073,Germany\n",
        "C1,A1,Ahrens,ann@quellbrink.de,0\n",
    );
    dir.write(
        "out.verdicts.csv",
        "customer_id,account_id,verdict,reviewer,time,seen,note\n40000001,A1,reject,,,,\n",
    );
    let said = dir.run(&["explain", "--run", "out", "--customer", "40000001"]).ended(0).stdout;
    for part in [
        ": doubtful (no account is close enough to be linked without your decision).",
        "Not linked: you rejected it.",
        "Not linked by itself: you rejected another candidate",
    ] {
        assert!(said.contains(part), "{part:?} is not in\n{said}");
    }
}
