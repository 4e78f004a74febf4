//! Candidates in, status and reason out: one row a case.

use smallvec::smallvec;

use super::*;
use crate::{
    compare::{
        Comparison,
        Level::{Agrees, Differs, MissingLeft, Similar},
        Matching,
        Pass::{self, Domain, Id, Name},
        Score,
    },
    index::{Index, LinkRules},
    link::AccountFields,
    report::Customer,
    verdicts::{
        Verdict,
        Word::{self, Accept, Reject},
    },
};

/// A pair of the first customer: account, pass, weight in bits, level of the names.
type Pair = (&'static str, Pass, f64, Level);

/// A line of `verdicts.csv` on the first customer: account, word, fingerprint of what was seen.
type Said = (&'static str, Word, &'static str);

/// Two customers by the name of Contoso, of which the first has the domain `contoso.com`, and the
/// tables.
struct World {
    customers: Customers,
    rules: LinkRules,
    matching: Matching,
    candidates: Candidates,
    verdicts: Verdicts,
    share_accounts: bool,
}

impl World {
    fn new() -> World {
        let customer = |id: &str, domain: &str| Customer {
            id: id.into(),
            name: "Contoso".into(),
            domain: domain.into(),
            ..Customer::default()
        };
        World {
            customers: Customers {
                list: vec![customer("1", "contoso.com"), customer("2", "")],
                ..Customers::default()
            },
            rules: LinkRules::load(None, &["partner.com".into()]).unwrap(),
            matching: Matching::load(None).unwrap(),
            candidates: Candidates::default(),
            verdicts: Verdicts::default(),
            share_accounts: false,
        }
    }

    /// Replaces the candidates by pairs of the first customer.
    fn with(&mut self, pairs: &[Pair]) {
        self.candidates = Candidates::default();
        for pair in pairs {
            let candidate = self.candidate(0, *pair);
            self.candidates.add(candidate, 0, false);
        }
    }

    /// Accounts have the customers' name, each in a city of its own; those with `D` have the
    /// domain of the first customer instead.
    fn candidate(&self, customer: u32, (id, pass, bits, name): Pair) -> Candidate {
        let has_domain = id.starts_with('D');
        let account = AccountFields {
            id: id.into(),
            name: "Contoso".into(),
            city: if has_domain { "" } else { id }.into(),
            domains: if has_domain { smallvec!["contoso.com".into()] } else { smallvec![] },
            ..AccountFields::default()
        };
        let agrees = |of| if pass == of { Agrees } else { MissingLeft };
        let comparison = Comparison {
            score: Score::new((self.matching.similarity(bits) * 10_000.0).round() as u16),
            weight: (bits * 100.0).round() as i32,
            pass: Some(pass),
            domain: agrees(Domain),
            name,
            id: agrees(Id),
            place: MissingLeft,
            supported: true,
            ..Comparison::default()
        };
        Candidate { customer, account: account.pack(), comparison }
    }

    fn say(&mut self, said: &[Said]) {
        let line = |(account, word, seen): &Said| Verdict {
            customer_id: "1".into(),
            account_id: (*account).into(),
            word: *word,
            reviewer: String::new(),
            time: String::new(),
            seen: (*seen).into(),
            note: String::new(),
        };
        self.verdicts = Verdicts::from_lines(said.iter().map(line));
    }

    /// The status of each customer with the reason, or with the accounts linked.
    fn outcomes(&self) -> Vec<String> {
        let index = Index::build(&self.customers.list, &self.rules);
        let decider = Decider {
            matcher: &Matcher::new(&index, &self.rules, &self.matching),
            customers: &self.customers,
            verdicts: &self.verdicts,
            unlike_names: UnlikeNames::Review,
            share_accounts: self.share_accounts,
        };
        let shown = |outcome: &Outcome| {
            let of = match outcome {
                Outcome::Linked(links) => links
                    .iter()
                    .map(|link| link.candidate.account.id())
                    .collect::<Vec<_>>()
                    .join(" "),
                other => other.reason().unwrap_or_default().0.to_owned(),
            };
            format!("{}: {of}", outcome.status().word())
        };
        decider.decide_all(&self.candidates).outcomes.iter().map(shown).collect()
    }

    fn first(&self) -> String {
        self.outcomes().swap_remove(0)
    }
}

#[test]
fn the_first_condition_that_holds_decides() {
    let mut world = World::new();
    for (pairs, want) in [
        (&[][..], "unmatched: no candidate"),
        (&[("A1", Name, -4.0, Similar)], "unmatched: nothing near"),
        // lists of one pair cannot tell what speaks against an equal name
        (&[("A1", Name, -4.0, Agrees)], "review: doubtful"),
        (&[("A1", Name, -6.0, Agrees)], "unmatched: nothing near"),
        (&[("A1", Name, 0.0, Agrees)], "review: doubtful"),
        (&[("A1", Name, 9.0, Agrees)], "linked: A1"),
        // a pair is held against the others
        (&[("A1", Name, 2.0, Agrees), ("A2", Name, 1.5, Agrees)], "review: tie"),
        (&[("A1", Name, 3.0, Agrees), ("A2", Name, -0.5, Agrees)], "linked: A1"),
        // equally good
        (&[("A1", Name, 9.0, Agrees), ("A2", Name, 9.0, Agrees)], "review: tie"),
        (&[("A1", Name, 9.5, Agrees), ("A2", Name, 9.0, Agrees)], "linked: A1"),
        // one number on two accounts says nothing of which is meant
        (&[("A1", Id, 20.0, Agrees), ("A2", Id, 9.0, Agrees)], "review: tie"),
        // a pair of an earlier pass that would do alone speaks against one of a later pass
        (&[("A1", Domain, 12.0, Agrees), ("A2", Name, 9.0, Agrees)], "linked: A1"),
        (&[("A1", Domain, 8.0, Agrees), ("A2", Name, 12.0, Agrees)], "review: conflict"),
        // a number speaks against the names, whatever it weighs
        (&[("A1", Name, 9.0, Agrees), ("A2", Id, 2.0, Similar)], "review: conflict"),
        // a domain under a name that differs, and that an unknown number of accounts hold
        (&[("D1", Domain, 9.0, Similar)], "linked: D1"),
        (&[("D1", Domain, 9.0, Differs)], "review: doubtful"),
        // both hold the customer's domain: duplicates of each other
        (&[("D1", Domain, 12.0, Agrees), ("D2", Domain, 12.0, Agrees)], "linked: D1 D2"),
    ] {
        world.with(pairs);
        assert_eq!(world.first(), want, "{pairs:?}");
    }
}

#[test]
fn a_domain_that_one_account_holds_links_whatever_the_pair_weighs() {
    let mut world = World::new();
    for (holders, want) in [(&["D1"][..], "linked: D1"), (&["D1", "D9"], "review: doubtful")] {
        world.with(&[("D1", Domain, -3.0, Differs)]);
        for account in holders {
            world.candidates.hold("contoso.com", account);
        }
        assert_eq!(world.first(), want, "{holders:?}");
    }
}

#[test]
fn what_only_a_group_shares_is_no_link() {
    let mut world = World::new();
    // a number of the group weighs 33 bits by itself
    for (name, bits, want) in [
        (Agrees, 20.0, "review: family"),
        (Similar, 30.0, "review: family"),
        (Similar, 40.0, "linked: A1"),
    ] {
        let mut candidate = world.candidate(0, ("A1", Id, bits, name));
        candidate.comparison.id = Agrees;
        candidate.comparison.family = true;
        world.candidates = Candidates::default();
        world.candidates.add(candidate, 0, false);
        assert_eq!(world.first(), want, "{name:?}");
    }
}

#[test]
fn candidates_that_were_cut_off_matter_where_one_could_tie() {
    let mut world = World::new();
    let ids = ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9"];
    for (best, others, want) in [
        (9.0, 9.0, "review: truncated"),
        (14.0, 9.0, "linked: A1"),
        (9.0, 8.7, "review: truncated"),
        (14.0, 13.0, "review: truncated"),
    ] {
        let pair = |id: &&'static str| (*id, Name, if *id == "A1" { best } else { others }, Agrees);
        world.with(&ids.iter().map(pair).collect::<Vec<_>>());
        assert_eq!(world.first(), want, "{best} before {others}");
    }
}

#[test]
fn an_account_serves_one_customer() {
    let mut world = World::new();
    // weight of either customer's pair with one account
    for (one, other, share_accounts, want) in [
        (12.0, 9.0, false, ["linked: A1", "review: account taken"]),
        (9.0, 12.0, false, ["review: account taken", "linked: A1"]),
        (9.0, 9.0, false, ["linked: A1", "review: account taken"]), // the smaller id
        (12.0, 9.0, true, ["linked: A1", "linked: A1"]),
    ] {
        world.candidates = Candidates::default();
        for (customer, bits) in [(0, one), (1, other)] {
            let candidate = world.candidate(customer, ("A1", Name, bits, Agrees));
            world.candidates.add(candidate, 0, false);
        }
        world.share_accounts = share_accounts;
        assert_eq!(world.outcomes(), want, "{one} and {other}");
    }
}

#[test]
fn verdicts_come_before_rules() {
    let far: &[Pair] = &[("A1", Name, -4.0, Agrees)];
    let (one, two): (&[Pair], &[Pair]) =
        (&[("A1", Name, 9.0, Agrees)], &[("A1", Name, 12.0, Agrees), ("A2", Name, 9.0, Agrees)]);
    let mut world = World::new();
    for (pairs, said, want) in [
        (far, &[("A1", Accept, "")][..], "linked: A1"),
        (two, &[("A2", Accept, "")], "linked: A2"),
        (two, &[("A1", Accept, ""), ("A2", Accept, "")], "linked: A1 A2"),
        (one, &[("A1", Reject, "")], "unmatched: refused by a person"),
        // a rejection promotes no runner-up by itself
        (two, &[("A1", Reject, "")], "review: doubtful"),
        (two, &[("", Word::None, "")], "unmatched: settled as none"),
        // what was seen is no longer so
        (one, &[("A1", Accept, "c0-a0")], "review: stale"),
        (one, &[("A1", Reject, "c0-a0")], "review: stale"),
        (one, &[("", Word::None, "c0")], "review: stale"),
        (&[], &[("", Word::None, "c0")], "unmatched: no candidate"),
        // the account is gone
        (one, &[("A9", Accept, "")], "linked: A1"),
    ] {
        world.with(pairs);
        world.say(said);
        assert_eq!(world.first(), want, "{pairs:?} {said:?}");
    }
}

#[test]
fn a_verdict_takes_an_account_from_a_heavier_pair() {
    let mut world = World::new();
    for (customer, bits) in [(0, 5.0), (1, 12.0)] {
        let candidate = world.candidate(customer, ("A1", Name, bits, Agrees));
        world.candidates.add(candidate, 0, false);
    }
    world.say(&[("A1", Accept, "")]);
    assert_eq!(world.outcomes(), ["linked: A1", "review: account taken"]);
}

#[test]
fn who_has_no_key_or_is_the_partner_is_not_tried() {
    let mut world = World::new();
    for (name, domain, want) in [
        ("Contoso", "partner.com", "excluded: the partner itself"),
        (" - ", "", "excluded: no usable key"),
        (" - ", "contoso.com", "unmatched: no candidate"),
    ] {
        let customer = &mut world.customers.list[0];
        (customer.name, customer.domain) = (name.into(), domain.into());
        assert_eq!(world.first(), want, "{name} {domain}");
    }
}
