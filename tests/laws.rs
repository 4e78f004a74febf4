//! Laws that any distribution of the work rests on: candidates of parts, merged in any order and
//! however often, are the candidates of the whole, and so are the decisions.

use std::sync::OnceLock;

use crm_reconcile::{
    compare::{Matching, Pass},
    config::UnlikeNames,
    crm::{Account, AccountNames, Contact},
    decide::{Decider, Decisions},
    index::{Index, LinkRules},
    link::{Candidates, ContactAddresses, ContactDomains, Matcher, candidates, contact_domains},
    report::{Customer, Customers},
    verdicts::Verdicts,
};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

const NAMES: [&str; 17] = [
    "Quellbrink Werkzeugbau GmbH",
    "Quellbrink Werkzeug",
    "Quelbrink Werkzeugbau",
    "Autohaus Brommelkamp GmbH",
    "Autohaus Brommelkamp",
    "Brommelkamp Autohaus KG",
    "Tournesac Aéronautique SAS",
    "Tournesac",
    "株式会社灯台岬物流",
    "Global Services Ltd",
    "Digital Solutions Group",
    "",
    "Quell Brink Werkzeugbau",
    "Quellbrink Werkz. bau GmbH",
    "Autohausbrommelkamp Kiel",
    "von der Brommelkamp Autohaus Verkauf Nord West Toulouse",
    "Vonder Brommelkamp Autoh. Verkauf Nordwest II",
];
const DOMAINS: [&str; 6] =
    ["quellbrink.de", "brommelkamp.de", "tournesac.fr", "gmail.com", "todaimisaki.co.jp", ""];
const CITIES: [&str; 4] = ["Ulm", "Kiel", "Toulouse", ""];
const TPIDS: [&str; 4] = ["88120733", "88120500", "30048261", ""];

/// An account as positions in the lists above.
#[derive(Debug, Clone)]
struct Drawn {
    name: usize,
    domain: usize,
    city: usize,
    tpid: usize,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    (0..NAMES.len(), 0..DOMAINS.len(), 0..CITIES.len(), 0..TPIDS.len())
        .prop_map(|(name, domain, city, tpid)| Drawn { name, domain, city, tpid })
}

/// The built-in tables, which take longer to load than a case to run.
fn rules() -> &'static LinkRules {
    static RULES: OnceLock<LinkRules> = OnceLock::new();
    RULES.get_or_init(|| LinkRules::load(None, &[]).expect("the built-in tables"))
}

fn matching() -> &'static Matching {
    static MATCHING: OnceLock<Matching> = OnceLock::new();
    MATCHING.get_or_init(|| Matching::load(None).expect("the built-in parameters"))
}

/// Id and address of a contact: on a domain that its account's row does not show, or has none.
fn contact(accounts: &[Drawn], at: usize) -> (String, String) {
    let drawn = &accounts[at / CONTACTS];
    let domain = DOMAINS[(drawn.name + drawn.city + at % CONTACTS / 2) % DOMAINS.len()];
    let email = if domain.is_empty() { String::new() } else { format!("person{at}@{domain}") };
    (format!("P{at:04}"), email)
}

/// The report side and the CRM.
struct World {
    customers: Customers,
    index: Index,
    ids: Vec<String>,
    accounts: Vec<Drawn>,
    /// Id and address, [`CONTACTS`] per account.
    contacts: Vec<(String, String)>,
}

/// Contacts of each account.
const CONTACTS: usize = 3;

impl World {
    fn new(customers: &[Drawn], accounts: Vec<Drawn>) -> World {
        let customer = |(at, drawn): (usize, &Drawn)| Customer {
            id: format!("{}", 30_000_000 + at),
            customer_id: format!("{}", 30_000_000 + at),
            name: NAMES[drawn.name].into(),
            domain: DOMAINS[drawn.domain].into(),
            city: CITIES[drawn.city].into(),
            tpids: Vec::from_iter((drawn.tpid < 3).then(|| TPIDS[drawn.tpid].into())),
            ..Customer::default()
        };
        let list: Vec<Customer> = customers.iter().enumerate().map(customer).collect();
        let index = Index::build(&list, rules());
        World {
            customers: Customers { list, ..Customers::default() },
            index,
            ids: (0..accounts.len()).map(|at| format!("A{at:03}")).collect(),
            contacts: (0..accounts.len() * CONTACTS).map(|at| contact(&accounts, at)).collect(),
            accounts,
        }
    }

    /// What some of the contacts say of the domains of their accounts. The first three contacts
    /// are those of the first account, and so on; the last of an account has only its name.
    fn addresses(&self, which: &[usize]) -> ContactAddresses {
        let contact = |at: &usize| {
            let (id, email) = &self.contacts[*at];
            let account = self.ids[at / CONTACTS].as_str();
            let (account_id, account_name) = match at % CONTACTS == CONTACTS - 1 {
                true => ("", account),
                false => (account, ""),
            };
            Contact {
                id: id.as_str().into(),
                account_id: account_id.into(),
                account_name,
                email,
                ..Contact::default()
            }
        };
        contact_domains(&self.index, rules(), which.iter().map(contact))
    }

    /// The names of the accounts: for contacts each is called as its id.
    fn names(&self) -> AccountNames {
        let mut names = AccountNames::default();
        for id in &self.ids {
            names.account(&Account { id: id.as_str().into(), name: id, ..Account::default() });
        }
        names
    }

    /// The candidates of some of the accounts, in this order.
    fn candidates(&self, domains: &ContactDomains, which: &[usize]) -> Candidates {
        let matcher = Matcher::new(&self.index, rules(), matching()).with_contact_domains(domains);
        let account = |at: &usize| {
            let drawn = &self.accounts[*at];
            let filled = |text: &'static str| Some(text).filter(|text| !text.is_empty());
            let account = Account {
                id: self.ids[*at].as_str().into(),
                name: NAMES[drawn.name],
                websites: filled(DOMAINS[drawn.domain]).into_iter().collect(),
                city: CITIES[drawn.city],
                microsoft_ids: filled(TPIDS[drawn.tpid]).into_iter().collect(),
                ..Account::default()
            };
            (*at as u64, account)
        };
        candidates(&matcher, which.iter().map(account))
    }

    /// Both steps over the whole CRM.
    fn whole(&self) -> Candidates {
        let all = |count: usize| (0..count).collect::<Vec<_>>();
        let domains = self.addresses(&all(self.contacts.len())).table(&self.names());
        self.candidates(&domains, &all(self.accounts.len()))
    }

    /// All that later stages can see of candidates.
    fn seen(&self, candidates: &Candidates) -> Vec<String> {
        let mut seen = Vec::new();
        for customer in 0..self.customers.list.len() as u32 {
            let (kept, cut_off) = candidates.of(customer);
            seen.push(format!("{kept:?} {cut_off} {:?}", candidates.near_miss(customer)));
        }
        seen.extend(DOMAINS.iter().map(|domain| format!("{:?}", candidates.holders(domain))));
        seen
    }

    fn decisions(&self, candidates: &Candidates) -> Decisions {
        let decider = Decider {
            matcher: &Matcher::new(&self.index, rules(), matching()),
            customers: &self.customers,
            verdicts: &Verdicts::default(),
            unlike_names: UnlikeNames::Review,
            share_accounts: false,
        };
        decider.decide_all(candidates)
    }
}

fn world() -> impl Strategy<Value = World> {
    let customers = prop::collection::vec(drawn(), 1..8);
    let accounts = prop::collection::vec(drawn(), 1..60);
    (customers, accounts).prop_map(|(customers, accounts)| World::new(&customers, accounts))
}

/// A world, an order of its accounts, and the part in which each falls.
fn partitioned() -> impl Strategy<Value = (World, Vec<usize>, Vec<usize>)> {
    world().prop_flat_map(|world| {
        let count = world.accounts.len();
        let order = Just((0..count).collect::<Vec<usize>>()).prop_shuffle();
        (Just(world), order, prop::collection::vec(0..5usize, count))
    })
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.customers.list.iter().map(|c| (&c.name, &c.domain)).collect();
        write!(f, "customers {names:?}, accounts {:?}", self.accounts)
    }
}

impl Clone for World {
    fn clone(&self) -> World {
        let mut copy = World::new(&[], self.accounts.clone());
        copy.customers.list = self.customers.list.clone();
        copy.index = Index::build(&copy.customers.list, rules());
        copy
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn random_partitions_orders_and_repeats_give_the_same_candidates_and_decisions(
        (world, order, part_of) in partitioned()
    ) {
        let of_part = |part: usize| -> Vec<usize> {
            order.iter().copied().filter(|at| part_of[*at] == part).collect()
        };
        // the contacts of one account lie in several parts, and some in two
        let contacts_of = |part: usize| -> Vec<usize> {
            let count = world.contacts.len();
            let near = |at: &usize| [0, 1, 4].map(|more| (at * CONTACTS + more) % count);
            of_part(part).iter().flat_map(near).collect()
        };
        let every: Vec<usize> = (0..5).flat_map(contacts_of).collect();
        let (mut addresses, mut merged) = (ContactAddresses::default(), Candidates::default());
        for part in [4, 0, 2, 1, 2, 3] {
            addresses = addresses.merge(world.addresses(&contacts_of(part)));
        }
        let names = world.names();
        let table = addresses.table(&names);
        prop_assert_eq!(&table, &world.addresses(&every).table(&names));
        for part in [0, 1, 2, 2, 3, 4] {
            merged = merged.merge(written(&world.candidates(&table, &of_part(part))));
        }
        let all: Vec<usize> = (0..world.accounts.len()).collect();
        let whole = world.candidates(&table, &all);
        prop_assert_eq!(world.seen(&merged), world.seen(&whole));
        let (merged, whole) = (world.decisions(&merged), world.decisions(&whole));
        prop_assert_eq!(format!("{:?}", merged.outcomes), format!("{:?}", whole.outcomes));
    }

    #[test]
    fn merging_is_commutative_associative_and_idempotent((world, order, part_of) in partitioned()) {
        let which = |wanted: usize| -> Vec<usize> {
            order.iter().copied().filter(|at| part_of[*at] % 3 == wanted).collect()
        };
        let names = world.names();
        let table = world.addresses(&which(1)).table(&names);
        let part = |wanted: usize| world.candidates(&table, &which(wanted));
        let (a, b, c) = (part(0), part(1), part(2));
        let left = a.clone().merge(b.clone()).merge(c.clone());
        let right = a.clone().merge(b.clone().merge(c.clone()));
        let turned = c.merge(b.clone()).merge(a.clone());
        prop_assert_eq!(world.seen(&left), world.seen(&right), "associative");
        prop_assert_eq!(world.seen(&left), world.seen(&turned), "commutative");
        let twice = a.clone().merge(a.clone());
        prop_assert_eq!(world.seen(&twice), world.seen(&a), "idempotent");
        let (a, b) = (world.addresses(&which(0)), world.addresses(&which(1)));
        let one = a.clone().merge(b.clone()).table(&names);
        prop_assert_eq!(&one, &b.clone().merge(a.clone()).table(&names), "commutative");
        prop_assert_eq!(&one, &a.clone().merge(b).merge(a).table(&names), "idempotent");
    }
}

/// What comes back when something is written down and read again.
fn written<T: Serialize + DeserializeOwned>(value: &T) -> T {
    let text = serde_json::to_string(value).expect("it can be written");
    serde_json::from_str(&text).expect("and read")
}

/// Six customers and forty accounts of all kinds.
fn mixed() -> World {
    let customers: Vec<Drawn> =
        (0..6).map(|at| Drawn { name: at * 2, domain: at, city: 0, tpid: at % 4 }).collect();
    let account = |at: usize| Drawn { name: at % 12, domain: at % 6, city: at % 4, tpid: at % 4 };
    World::new(&customers, (0..40).map(account).collect())
}

#[test]
fn contacts_that_come_twice_count_once() {
    let world = mixed();
    let all: Vec<usize> = (0..world.contacts.len()).collect();
    let once = world.addresses(&all);
    let twice = world.addresses(&[all.clone(), all].concat());
    let names = world.names();
    assert!(!once.clone().table(&names).is_empty(), "some contacts are on a domain of the report");
    assert_eq!(once.table(&names), twice.table(&names));
}

#[test]
fn what_passes_between_the_steps_survives_being_written_down() {
    let world = mixed();
    let all: Vec<usize> = (0..world.contacts.len()).collect();
    let addresses = world.addresses(&all);
    let names = world.names();
    let table = addresses.clone().table(&names);
    assert_eq!(written(&addresses).table(&names), table);
    assert_eq!(written(&table), table);
    let kept = world.whole();
    assert_eq!(world.seen(&written(&kept)), world.seen(&kept));
    let passes: Vec<Option<Pass>> = kept.all().map(|candidate| candidate.comparison.pass).collect();
    assert!(passes.contains(&Some(Pass::Domain)) && passes.contains(&Some(Pass::Name)));
}

#[test]
fn the_written_form_has_the_documented_fields() {
    let world = mixed();
    let json = serde_json::to_value(world.whole()).expect("it can be written");
    let fields = |of: &serde_json::Value| -> Vec<String> {
        of.as_object().expect("an object").keys().cloned().collect()
    };
    let kept = &json["by_customer"]["0"]["near"][0];
    let customer = Drawn { name: 6, domain: 2, city: 0, tpid: 3 };
    let elsewhere = Drawn { name: 7, domain: 5, city: 2, tpid: 3 };
    let far = World::new(&[customer], vec![elsewhere]).whole();
    let far = serde_json::to_value(far).expect("it can be written");
    let contacts: Vec<usize> = (0..world.contacts.len()).collect();
    let addresses = serde_json::to_value(world.addresses(&contacts)).expect("it can be written");
    let document = include_str!("../docs/distributed.md");
    for (name, value) in [
        ("ContactAddresses", &addresses),
        ("AddressesOfAccounts", &addresses["by_name"]),
        ("Candidates", &json),
        ("NearMiss", &far["by_customer"]["0"]["near_miss"]),
        ("CandidateEntry", kept),
        ("Candidate", &kept["candidate"]),
        ("AccountRecord", &kept["candidate"]["account"]),
        ("Comparison", &kept["candidate"]["comparison"]),
    ] {
        let (_, section) = document.split_once(&format!("\n### {name}\n")).expect(name);
        let section = section.split("\n###").next().expect("some text");
        let told = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
        let mut told: Vec<String> = told.map(str::to_owned).collect();
        told.sort();
        assert_eq!(told, fields(value), "{name} in docs/distributed.md");
    }
}
