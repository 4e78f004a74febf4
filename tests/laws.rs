//! Laws that any distribution of the work rests on: candidates of parts, merged in any order and
//! however often, are the candidates of the whole, and so are the decisions.

use std::sync::OnceLock;

use crm_reconcile::{
    compare::Pass,
    config::UnlikeNames,
    crm::{Account, join_key},
    decide::{Decider, Decisions},
    index::{Index, LinkRules},
    link::{Candidates, Linker, Scratch},
    report::{Customer, Customers},
    rules::Matching,
    verdicts::Verdicts,
};
use proptest::prelude::*;
use rustc_hash::FxHashMap;

const NAMES: [&str; 12] = [
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

/// The report side and the CRM.
struct World {
    customers: Customers,
    index: Index,
    ids: Vec<String>,
    accounts: Vec<Drawn>,
}

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
            accounts,
        }
    }

    /// The candidates of some of the accounts, in this order.
    fn candidates(&self, which: &[usize]) -> Candidates {
        let forced = FxHashMap::default();
        let contact_domains = FxHashMap::default();
        let linker = Linker {
            index: &self.index,
            rules: rules(),
            matching: matching(),
            contact_domains: &contact_domains,
            forced: &forced,
        };
        let (mut scratch, mut kept) = (Scratch::default(), Candidates::default());
        for at in which {
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
            let key = join_key(&account.id);
            linker.link(&account, &key, *at as u64, &mut scratch, &mut kept);
        }
        kept
    }

    /// All that later stages can see of candidates.
    fn seen(&self, candidates: &Candidates) -> Vec<String> {
        let mut seen = Vec::new();
        for customer in 0..self.customers.list.len() as u32 {
            let (kept, cut_off) = candidates.of(customer);
            let nearest = candidates.nearest(customer).filter(|_| kept.is_empty());
            seen.push(format!("{kept:?} {cut_off} {nearest:?}"));
        }
        seen.extend(DOMAINS.iter().map(|domain| format!("{:?}", candidates.holders(domain))));
        seen
    }

    fn decisions(&self, candidates: &Candidates) -> Decisions {
        let decider = Decider {
            index: &self.index,
            customers: &self.customers,
            rules: rules(),
            matching: matching(),
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
        let whole = world.candidates(&(0..world.accounts.len()).collect::<Vec<_>>());
        let mut merged = Candidates::default();
        for part in 0..5 {
            let which: Vec<usize> =
                order.iter().copied().filter(|at| part_of[*at] == part).collect();
            merged = merged.merge(world.candidates(&which));
            if part == 2 {
                merged = merged.merge(world.candidates(&which)); // a batch that came twice
            }
        }
        prop_assert_eq!(world.seen(&merged), world.seen(&whole));
        let (merged, whole) = (world.decisions(&merged), world.decisions(&whole));
        prop_assert_eq!(format!("{:?}", merged.outcomes), format!("{:?}", whole.outcomes));
    }

    #[test]
    fn merging_is_commutative_associative_and_idempotent((world, order, part_of) in partitioned()) {
        let part = |wanted: usize| {
            let which: Vec<usize> =
                order.iter().copied().filter(|at| part_of[*at] % 3 == wanted).collect();
            world.candidates(&which)
        };
        let (a, b, c) = (part(0), part(1), part(2));
        let left = a.clone().merge(b.clone()).merge(c.clone());
        let right = a.clone().merge(b.clone().merge(c.clone()));
        let turned = c.merge(b.clone()).merge(a.clone());
        prop_assert_eq!(world.seen(&left), world.seen(&right), "associative");
        prop_assert_eq!(world.seen(&left), world.seen(&turned), "commutative");
        let twice = a.clone().merge(a.clone());
        prop_assert_eq!(world.seen(&twice), world.seen(&a), "idempotent");
    }
}

#[test]
fn candidates_survive_being_written_down() {
    let customers: Vec<Drawn> =
        (0..6).map(|at| Drawn { name: at * 2, domain: at, city: 0, tpid: at % 4 }).collect();
    let accounts = (0..40)
        .map(|at| Drawn { name: at % 12, domain: at % 6, city: at % 4, tpid: at % 4 })
        .collect();
    let world = World::new(&customers, accounts);
    let kept = world.candidates(&(0..40).collect::<Vec<_>>());
    let text = serde_json::to_string(&kept).expect("candidates can be written");
    let read: Candidates = serde_json::from_str(&text).expect("and read");
    assert_eq!(world.seen(&read), world.seen(&kept));
    let passes: Vec<Option<Pass>> = kept.all().map(|candidate| candidate.comparison.pass).collect();
    assert!(passes.contains(&Some(Pass::Domain)) && passes.contains(&Some(Pass::Name)));
}
