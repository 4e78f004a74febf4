//! Contacts on their way to a status, through both passes.

use std::path::Path;

use jiff::civil::date;
use proptest::prelude::*;
use rustc_hash::FxHashMap;

use super::*;
use crate::{
    compare::{Comparison, Level, Pass, Score},
    config::{Config, Lists},
    consent::{AddressKey, OptOuts},
    crm::{Account, AccountNames, Contact, Lifecycle, Permission},
    decide::{DecidedBy, Decisions, Link, Outcome, UnmatchedReason},
    link::{AccountFields, Candidate},
    report::{Cluster, Customer, Customers, Propensity, ReportRules},
    text::{bloom_filter::BloomFilter, id::account_hash},
};

/// A CRM and what was decided about it: accounts A1 (customer 0, Act Now), A2 and A2b (customer 1,
/// duplicates of each other, Act Now), A3 (customer 2, Nurture), A4 (linked to none).
struct World {
    config: Config,
    customers: Customers,
    decisions: Decisions,
    accounts: Vec<Account<'static>>,
    leads: Vec<Contact<'static>>,
    merged: FxHashMap<Box<str>, Box<str>>,
}

fn world() -> World {
    let customer = |id: &str, cluster| Customer {
        id: id.into(),
        propensity: vec![Propensity { cluster: Some(cluster), ..Propensity::default() }],
        ..Customer::default()
    };
    let link = |customer, id: &str| Link {
        candidate: Candidate {
            customer,
            account: AccountFields { id: id.into(), ..AccountFields::default() }.pack(),
            comparison: Comparison {
                score: Score::new(9_000),
                weight: 0,
                pass: Some(Pass::Domain),
                domain: Level::Agrees,
                name: Level::Agrees,
                id: Level::MissingLeft,
                place: Level::Agrees,
                supported: true,
                ..Comparison::default()
            },
        },
        decided_by: DecidedBy::Rule,
        duplicate_group: String::new(),
        runner_up: None,
    };
    let account = |id: &'static str, name| Account { id: id.into(), name, ..Account::default() };
    World {
        config: config(Path::new("lists")),
        customers: Customers {
            list: vec![
                customer("1", Cluster::ActNow),
                customer("2", Cluster::ActNow),
                customer("3", Cluster::Nurture),
                customer("4", Cluster::ActNow),
            ],
            areas: vec!["Azure".into()],
            has_clusters: true,
            ..Customers::default()
        },
        decisions: Decisions {
            outcomes: vec![
                Outcome::Linked(vec![link(0, "A1")]),
                Outcome::Linked(vec![link(1, "A2"), link(1, "A2b")]),
                Outcome::Linked(vec![link(2, "A3")]),
                Outcome::Unmatched(UnmatchedReason::NoCandidate, None),
            ],
            ..Decisions::default()
        },
        accounts: vec![
            account("A1", "Contoso"),
            account("A2", "Fabrikam"),
            account("A2b", "FABRIKAM "),
            account("A3", "Tailspin"),
            account("A4", "Northwind"),
            account("A5", "Contoso  Ltd"),
            account("A6", "contoso ltd"),
        ],
        leads: Vec::new(),
        merged: FxHashMap::default(),
    }
}

/// The choices of a run into a folder, as they come.
pub(crate) fn config(out: &Path) -> Config {
    Config {
        own_domains: vec!["partner.com".into()],
        settings: "out = \"lists\"\n".into(),
        ..Config::new(out.to_owned(), date(2026, 11, 21))
    }
}

/// Runs both passes over contacts that come in the given stretches.
fn lists(world: &World, stretches: &[&[Contact<'_>]]) -> ContactLists {
    let (mut denials, mut names) = (OptOuts::default(), AccountNames::default());
    for account in &world.accounts {
        denials.account(account);
        names.account(account);
    }
    world.leads.iter().for_each(|lead| denials.lead(lead, &OptOuts::default()));
    for stretch in stretches {
        let mut part = OptOuts::default();
        stretch.iter().for_each(|contact| part.contact(contact, &OptOuts::default()));
        denials.merge(part);
    }
    let rules = PeopleRules::load(None).unwrap();
    let bands = ReportRules::embedded().unwrap();
    let deals = CurrentDeals::default();
    let inputs = StatusInputs {
        deals: &deals,
        worth: &[],
        accounts_in_doubt: false,
        config: &world.config,
        customers: &world.customers,
        decisions: &world.decisions,
        denials: &denials,
        names: &names,
        merged: &world.merged,
        country: &str::to_lowercase,
        people: &rules,
        bands: &bands,
    };
    let known = BloomFilter::for_accounts();
    let merged = world.merged.iter().flat_map(|(one, into)| [one.as_ref(), into.as_ref()]);
    let ids = world.accounts.iter().map(|account| account.id.as_ref()).chain(merged);
    ids.for_each(|id| known.add(account_hash(id)));
    let decider = StatusDecider::new(inputs).unwrap().knowing(Some(&known));
    let mut gathered = Gathered::default();
    for stretch in stretches {
        let mut part = Gathered::default();
        for contact in *stretch {
            decider.contact(contact, || contact.clone(), 0, &mut part);
        }
        gathered.merge(part);
    }
    decider.finish(gathered)
}

/// A contact of account A1 that would be listed.
fn ada() -> Contact<'static> {
    Contact {
        id: "C1".into(),
        account_id: "A1".into(),
        first_name: "Ada",
        last_name: "Lovelace",
        email: "ada@contoso.com",
        email_permission: Permission::NotDenied,
        ..Contact::default()
    }
}

/// The status of the only contact, with the reason.
fn status(lists: &ContactLists) -> String {
    assert_eq!(lists.counts.total(), 1);
    let words = [lists.counts.by_word(), lists.reasons.by_word()].concat();
    let counted = words.iter().filter(|(_, count)| *count > 0).map(|(word, _)| *word);
    counted.collect::<Vec<_>>().join(": ")
}

#[test]
fn the_first_status_that_holds_is_the_status() {
    use Permission::{Allowed, Denied, Unknown};
    for (contact, want) in [
        (ada(), "listed"),
        (Contact { email_permission: Allowed, ..ada() }, "listed"),
        (Contact { account_id: "".into(), ..ada() }, "no account"),
        (Contact { account_id: "".into(), account_name: "Nobody", ..ada() }, "no account"),
        (Contact { account_id: "".into(), account_name: "contoso", ..ada() }, "listed"),
        // two accounts have the name: both serve one customer, or they do not
        (Contact { account_id: "".into(), account_name: "Fabrikam", ..ada() }, "listed"),
        (
            Contact { account_id: "".into(), account_name: "Contoso Ltd", ..ada() },
            "account unclear",
        ),
        (
            Contact { account_id: "".into(), account_name: "Northwind", ..ada() },
            "account not linked",
        ),
        (Contact { account_id: "A4".into(), ..ada() }, "account not linked"),
        // an account that the export does not hold
        (Contact { account_id: "A99".into(), ..ada() }, "no account"),
        // a denial says nothing where the account is not linked
        (
            Contact { account_id: "A4".into(), email_permission: Denied, ..ada() },
            "account not linked",
        ),
        (Contact { email_permission: Denied, ..ada() }, "suppressed: opted out"),
        (Contact { bounced: true, ..ada() }, "suppressed: bounced"),
        (Contact { lifecycle: Lifecycle::Inactive, ..ada() }, "suppressed: inactive contact"),
        (Contact { lifecycle: Lifecycle::Deleted, ..ada() }, "suppressed: inactive contact"),
        (
            Contact { lifecycle: Lifecycle::MergedInto("C9".into()), ..ada() },
            "suppressed: merged contact",
        ),
        (Contact { email: "kim@Mail.Partner.com", ..ada() }, "suppressed: own staff"),
        (Contact { email_permission: Unknown, ..ada() }, "suppressed: consent unknown"),
        // suppressed comes before no usable address
        (Contact { email: "", email_permission: Denied, ..ada() }, "suppressed: opted out"),
        (Contact { email: "", ..ada() }, "no usable address"),
        (Contact { email: "ada@contoso", ..ada() }, "no usable address"),
        // Nurture is not asked for
        (Contact { account_id: "A3".into(), ..ada() }, "not selected"),
        (Contact { account_id: "A3".into(), email: "", ..ada() }, "no usable address"),
    ] {
        let shown = format!("{contact:?}");
        let lists = lists(&world(), &[&[contact]]);
        assert_eq!(status(&lists), want, "{shown}");
        assert_eq!(lists.listed.len(), usize::from(want == "listed"), "{shown}");
        let is_suppressed = want.starts_with("suppressed");
        assert_eq!(lists.suppressed.len(), usize::from(is_suppressed), "{shown}");
    }
}

#[test]
fn a_denial_counts_wherever_it_stands() {
    let stranger = |email| Contact {
        id: "C9".into(),
        account_id: "A4".into(),
        email,
        email_permission: Permission::Denied,
        ..Contact::default()
    };
    let own = |world: &World, others: &[Contact<'static>]| {
        let mut contacts = vec![ada()];
        contacts.extend_from_slice(others);
        let lists = lists(world, &[&contacts]);
        assert!(lists.listed.is_empty(), "{:?}", lists.listed);
        let ada = &lists.suppressed[0];
        (ada.reason.word(), ada.deciding_id().to_owned())
    };
    let elsewhere = "address opted out elsewhere";

    assert_eq!(own(&world(), &[stranger("ADA@contoso.com ")]), (elsewhere, "C9".into()));

    let further = Contact { email: "", further_emails: ["ada@contoso.com"].into(), ..stranger("") };
    let further = Contact {
        further_emails: further.further_emails.into_iter().collect(),
        ..stranger("x@y.com")
    };
    assert_eq!(own(&world(), &[further]), (elsewhere, "C9".into()));

    let mut with_lead = world();
    with_lead.leads = vec![Contact { id: "L1".into(), ..stranger("ada@contoso.com") }];
    assert_eq!(own(&with_lead, &[]), (elsewhere, "L1".into()));

    let mut with_account = world();
    with_account.accounts[0].email_permission = Permission::Denied;
    assert_eq!(own(&with_account, &[]), ("account opted out", "A1".into()));

    // the account's own address, denied by an account that is not linked
    let mut with_address = world();
    with_address.accounts[4].email_permission = Permission::Denied;
    with_address.accounts[4].emails = std::iter::once("ada@contoso.com").collect();
    assert_eq!(own(&with_address, &[]), (elsewhere, "A4".into()));

    // a record that was merged into A1
    let mut with_merged = world();
    with_merged.accounts.push(Account {
        id: "A0".into(),
        lifecycle: Lifecycle::MergedInto("A1".into()),
        email_permission: Permission::Denied,
        ..Account::default()
    });
    with_merged.merged.insert("A0".into(), "A1".into());
    assert_eq!(own(&with_merged, &[]).0, "account opted out");
}

#[test]
fn a_person_left_out_for_another_record_is_shown_with_the_own_account() {
    let denies = Contact {
        id: "C1".into(),
        account_id: "A2".into(),
        email_permission: Permission::Denied,
        phone: "+49 30 123456",
        ..ada()
    };
    let other = Contact {
        id: "C2".into(),
        account_id: "A2b".into(), // a duplicate of A2
        email: "ada@fabrikam.de",
        email_permission: Permission::NotDenied,
        ..denies.clone()
    };
    let lists = lists(&world(), &[&[denies, other]]);
    let shown = |of: &SuppressedContact| {
        [&*of.contact_id, &*of.account_id, of.reason.word(), of.deciding_id()].join(", ")
    };
    let shown: Vec<String> = lists.suppressed.iter().map(shown).collect();
    assert_eq!(shown, ["C1, A2, opted out, C1", "C2, A2b, address opted out elsewhere, C1"]);
}

#[test]
fn contacts_of_a_merged_account_belong_to_its_master() {
    let mut world = world();
    world.merged.insert("A8".into(), "A9".into());
    world.merged.insert("A9".into(), "A1".into());
    world.merged.insert("X1".into(), "X2".into()); // a circle comes to an end
    world.merged.insert("X2".into(), "X1".into());
    let of = |id: &'static str| Contact { account_id: id.into(), ..ada() };
    let lists = lists(&world, &[&[of("A8"), of("X1")]]);
    assert_eq!(&*lists.listed[0].account_id, "A1");
    assert_eq!(lists.counts.account_not_linked, 1);
}

#[test]
fn of_the_same_address_the_best_contact_is_listed() {
    let plain = Contact { id: "C2".into(), last_name: "", ..ada() };
    let fuller = Contact { id: "C3".into(), job_title: "CIO", ..ada() };
    let allowed = Contact { email_permission: Permission::Allowed, ..plain.clone() };
    let earlier = Contact { id: "C0".into(), ..ada() };
    for (contacts, want) in [
        (vec![ada(), plain.clone()], "C1"),
        (vec![ada(), fuller.clone()], "C3"),
        (vec![fuller, allowed], "C2"), // consent before completeness
        (vec![ada(), earlier], "C0"),
    ] {
        let mut turned = contacts.clone();
        turned.reverse();
        for contacts in [contacts, turned] {
            let lists = lists(&world(), &[&contacts]);
            assert_eq!(&*lists.listed[0].contact_id, want, "{contacts:?}");
            assert_eq!((lists.counts.listed, lists.counts.duplicate), (1, 1));
        }
    }
}

#[test]
fn one_address_is_listed_once_per_customer() {
    let at = |account: &'static str| Contact { account_id: account.into(), ..ada() };
    // A2 and A2b serve one customer, A1 another; A3 is not selected
    let contacts = [at("A1"), at("A2"), at("A2b"), at("A3"), at("A3")];
    let lists = lists(&world(), &[&contacts]);
    let ContactCounts { listed, duplicate, not_selected, .. } = lists.counts;
    assert_eq!((listed, duplicate, not_selected), (2, 2, 1));
    assert_eq!(lists.of_customer[..3], [(1, 0), (1, 0), (0, 0)]);
}

#[test]
fn unknown_consent_and_explicit_consent_follow_the_settings() {
    let unknown = Contact { email_permission: Permission::Unknown, ..ada() };
    let allowed = Contact {
        id: "C2".into(),
        email: "kim@contoso.com",
        email_permission: Permission::Allowed,
        ..ada()
    };
    for (list_unknown_consent, require_consent, listed, not_selected, suppressed) in [
        (false, false, 1, 0, 1),
        (true, false, 2, 0, 0),
        (true, true, 1, 1, 0),
        (false, true, 1, 0, 1),
    ] {
        let mut world = world();
        world.config.lists = Lists { list_unknown_consent, require_consent, ..Lists::default() };
        let lists = lists(&world, &[&[unknown.clone(), allowed.clone()]]);
        let shown = format!("{:?}", world.config.lists);
        assert_eq!(lists.counts.listed, listed, "{shown}");
        assert_eq!(lists.counts.not_selected, not_selected, "{shown}");
        assert_eq!(lists.counts.suppressed, suppressed, "{shown}");
        assert_eq!(lists.notes.is_empty(), suppressed + not_selected == 0, "{shown}");
    }
}

#[test]
fn a_phone_is_blank_where_calls_are_denied() {
    let with =
        |phone, mobile, phone_permission| Contact { phone, mobile, phone_permission, ..ada() };
    for (contact, want) in [
        (with("+49 1", "+49 2", Permission::NotDenied), "+49 1"),
        (with("", "+49 2", Permission::Unknown), "+49 2"),
        (with("+49 1", "+49 2", Permission::Denied), ""),
    ] {
        assert_eq!(&*lists(&world(), &[&[contact]]).listed[0].phone, want);
    }
    let mut world = world();
    world.accounts[0].phone_permission = Permission::Denied;
    let contact = with("+49 1", "", Permission::Allowed);
    assert_eq!(&*lists(&world, &[&[contact]]).listed[0].phone, "");
}

#[test]
fn a_full_name_that_was_not_cut_stands_as_the_last_name() {
    let full_name = "Ludwig van Beethoven";
    for (first_name, last_name, want) in
        [("Ludwig", "van Beethoven", ("Ludwig", "van Beethoven")), ("", "", ("", full_name))]
    {
        let contact = Contact { first_name, last_name, full_name, ..ada() };
        let listed = &lists(&world(), &[&[contact]]).listed[0];
        assert_eq!((&*listed.first_name, &*listed.last_name), want);
    }
}

/// A contact out of a small world, so that addresses meet: account, address, permission, id.
fn any_contact() -> impl Strategy<Value = Contact<'static>> {
    let emails = [
        "ada@contoso.com",
        "ADA@Contoso.com",
        " ada@contoso.com",
        "kim@contoso.com",
        "Kim <kim@contoso.com>",
        "lee@fabrikam.de",
        "",
    ];
    let permissions =
        vec![Permission::Unknown, Permission::NotDenied, Permission::Allowed, Permission::Denied];
    (
        prop::sample::select(&["A1", "A2", "A2b", "A3", "A4", ""][..]),
        prop::sample::select(emails.to_vec()),
        prop::option::of(prop::sample::select(emails.to_vec())),
        prop::sample::select(permissions.clone()),
        prop::sample::select(&["C1", "C2", "C3", "C4"][..]),
        any::<bool>(),
        prop::sample::select(&["", "+49 30 123456", "030/123456", "+49 30 999999"][..]),
        prop::sample::select(&["Lovelace", "Byron", ""][..]),
        prop::sample::select(permissions),
    )
        .prop_map(
            |(account, email, further, permission, id, bounced, phone, last_name, ads)| Contact {
                id: id.into(),
                account_id: account.into(),
                email,
                further_emails: further.into_iter().collect(),
                email_permission: permission,
                ad_permission: ads,
                bounced,
                first_name: "Ada",
                last_name,
                phone,
                ..Contact::default()
            },
        )
}

proptest! {
    #[test]
    fn no_address_with_a_denial_anywhere_is_ever_listed(
        contacts in prop::collection::vec(any_contact(), 0..24),
    ) {
        let lists = lists(&world(), &[&contacts]);
        let folded = |email: &str| {
            email.trim_start_matches("Kim <").trim_end_matches('>').trim().to_lowercase()
        };
        for denied in contacts.iter().filter(|of| of.email_permission == Permission::Denied) {
            for email in denied.emails().map(folded) {
                let listed = lists.listed.iter().any(|of| folded(&of.email) == email);
                prop_assert!(!listed, "{email}");
            }
        }
        prop_assert_eq!(lists.counts.total(), contacts.len() as u64);
        prop_assert_eq!(lists.counts.listed, lists.listed.len() as u64);
        prop_assert_eq!(lists.counts.suppressed, lists.suppressed.len() as u64);
    }

    #[test]
    fn who_denies_under_one_address_is_not_listed_under_another(
        contacts in prop::collection::vec(any_contact(), 0..24),
    ) {
        let lists = lists(&world(), &[&contacts]);
        let is_a1 = |of: &Contact<'_>| of.account_id == "A1" && !of.last_name.is_empty();
        let denied = |of: &&Contact<'_>| of.email_permission == Permission::Denied;
        for of in contacts.iter().filter(|of| is_a1(of)).filter(denied) {
            let same = |person: &ListedContact| {
                *person.account_id == *"A1"
                    && *person.last_name == *of.last_name
                    && !of.phone.is_empty()
                    && *person.phone == *of.phone
            };
            prop_assert!(!lists.listed.iter().any(same), "{of:?}");
        }
    }

    #[test]
    fn no_denial_to_advertising_is_lost(
        contacts in prop::collection::vec(any_contact(), 0..24),
    ) {
        let lists = lists(&world(), &[&contacts]);
        let denies = |of: &&Contact<'_>| of.ad_permission == Permission::Denied;
        let key = |email: &str| AddressKey::from_raw(email);
        for email in contacts.iter().filter(denies).flat_map(|of| of.emails()) {
            for person in lists.listed.iter().filter(|of| key(&of.email) == key(email)) {
                prop_assert_eq!(person.ad_permission, Permission::Denied);
            }
        }
    }

    #[test]
    fn neither_order_nor_partition_of_the_contacts_counts(
        contacts in prop::collection::vec(any_contact(), 0..24),
        cut in 0usize..24,
    ) {
        let whole = lists(&world(), &[&contacts]);
        let cut = cut.min(contacts.len());
        let (first, second) = contacts.split_at(cut);
        let parts = lists(&world(), &[second, first]);
        prop_assert_eq!(&whole.listed, &parts.listed);
        prop_assert_eq!(&whole.suppressed, &parts.suppressed);
        prop_assert_eq!(&whole.counts, &parts.counts);
    }
}
