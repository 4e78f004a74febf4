//! Each kind of change occurs, is told once, and with the right reason.

use jiff::civil::date;

use super::*;
use crate::history::{
    EntryAccount, EntryAgreement, EntryArea, EntryContact, EntryCustomer, ReportRead, RunFacts,
};

/// A month with one linked customer, its account and a person on the lists.
struct Month {
    run: RunFacts,
    customers: Vec<EntryCustomer>,
    accounts: Vec<EntryAccount>,
    contacts: Vec<EntryContact>,
}

fn area(cluster: &str, cell: &str) -> EntryArea {
    EntryArea { cluster: cluster.into(), cell: cell.into(), derived: false }
}

fn agreement(id: &str, end: i8) -> EntryAgreement {
    let end = Some(date(2026, end, 1));
    EntryAgreement { id: id.into(), end, ..EntryAgreement::default() }
}

fn month() -> Month {
    let report = |kind: &str| ReportRead { kind: kind.into(), period: String::new() };
    let run = RunFacts {
        period: "2026-10".into(),
        as_of: date(2026, 10, 26),
        reports: vec![report("azure"), report("renewals")],
        areas: vec!["Azure".into()],
        has_contacts: true,
        ..RunFacts::default()
    };
    let customer = EntryCustomer {
        id: "1".into(),
        name: "Contoso".into(),
        marks: "aaaaaabbbbbbccccccdddddd".into(),
        status: "linked".into(),
        accounts: vec!["A".into()],
        areas: [("Azure".to_owned(), area("Evaluate", "B2"))].into(),
        cohorts: vec!["Migrate".into()],
        agreements: vec![agreement("V1", 11), agreement("V2", 12)],
        selected: true,
        ..EntryCustomer::default()
    };
    let account =
        |id: &str| EntryAccount { id: id.into(), marks: "111111222222333333444444".into() };
    let contact = EntryContact {
        id: "c".into(),
        account: "A".into(),
        customer: "1".into(),
        status: "listed".into(),
        reason: String::new(),
    };
    Month {
        run,
        customers: vec![customer],
        accounts: vec![account("A"), account("B")],
        contacts: vec![contact],
    }
}

impl Month {
    fn entry(self) -> Entry {
        Entry::new(self.run, self.customers, (self.accounts, self.contacts))
    }

    /// The first customer.
    fn one(&mut self) -> &mut EntryCustomer {
        &mut self.customers[0]
    }
}

/// The changes between two months that differ so: `kind area before > after (cause: reason)`.
fn told(then: impl FnOnce(&mut Month), now: impl FnOnce(&mut Month)) -> Vec<String> {
    let (mut one, mut other) = (month(), month());
    then(&mut one);
    now(&mut other);
    let changes = Changes::between(Some(&one.entry()), &other.entry());
    let shown = |of: &Change| {
        let Change { kind, area, before, after, why, .. } = of;
        let area = if area.is_empty() { String::new() } else { format!(" {area}") };
        format!("{}{area}: {before} > {after} ({}: {})", kind.word(), why.cause.word(), why.reason)
    };
    changes.list.iter().map(shown).collect()
}

/// What [`told`] says where only the later month is another.
fn now(differs: impl FnOnce(&mut Month)) -> Vec<String> {
    told(|_| {}, differs)
}

fn cluster(month: &mut Month, cluster: &str, cell: &str) {
    month.one().areas.insert("Azure".into(), area(cluster, cell));
}

#[test]
fn equal_months_have_no_changes_and_the_first_is_compared_with_nothing() {
    assert!(now(|_| {}).is_empty());
    assert_eq!(Changes::between(None, &month().entry()), Changes::default());
}

#[test]
fn what_the_reports_say_is_told_once() {
    for (changes, want) in [
        (
            now(|of| cluster(of, "Act Now", "A1")),
            "cluster up Azure: Evaluate > Act Now (report: fit and intent moved from B2 to A1)",
        ),
        (
            now(|of| cluster(of, "Nurture", "")),
            "cluster down Azure: Evaluate > Nurture (report: the report says so)",
        ),
        (
            now(|of| cluster(of, "", "")),
            "cluster down Azure: Evaluate >  (report: the report says so)",
        ),
        (
            now(|of| of.one().cohorts.push("Secure".into())),
            "cohort gained:  > Secure (report: the report says so)",
        ),
        (
            now(|of| of.one().cohorts.clear()),
            "cohort lost: Migrate >  (report: the report says so)",
        ),
        (
            now(|of| of.one().agreements.push(agreement("V3", 12))),
            "agreement new:  > 2026-12-01 (report: new in the report)",
        ),
        (
            now(|of| of.one().agreements[1] = agreement("V2", 11)),
            "agreement moved: 2026-12-01 > 2026-11-01 (report: the report has another end)",
        ),
        (
            now(|of| {
                of.run.as_of = date(2026, 11, 26);
                of.one().agreements.remove(0);
            }),
            "agreement ended: 2026-11-01 >  (report: its end has passed)",
        ),
        (
            now(|of| of.run.as_of = date(2026, 11, 26)),
            "agreement ended: 2026-11-01 > 2026-11-01 (report: its end has passed)",
        ),
        (
            now(|of| drop(of.one().agreements.pop())),
            "agreement gone: 2026-12-01 >  (report: no longer in the report, though its end is ahead)",
        ),
    ] {
        assert_eq!(changes, [want]);
    }
}

#[test]
fn a_customer_that_comes_or_goes_is_told_once_with_its_people() {
    let without = |of: &mut Month| {
        of.customers.clear();
        of.contacts.clear();
    };
    assert_eq!(
        told(without, |_| {}),
        [
            "customer new:  > Azure: Evaluate (report: new in the reports)",
            "contact listed:  > listed (report: its company is new in the reports)",
        ]
    );
    let gone = |of: &mut Month| {
        of.customers.clear();
        of.contacts[0].status = "account not linked".into();
    };
    assert_eq!(
        now(gone),
        [
            "customer gone: Azure: Evaluate >  (report: no longer in the reports)",
            "contact no longer listed: listed > account not linked (report: its company is no \
             longer in the reports)",
        ]
    );
}

#[test]
fn a_link_is_told_with_its_reason() {
    let unlinked = |of: &mut Month| {
        of.one().accounts.clear();
        of.contacts.clear();
    };
    let to_b = |of: &mut Month| {
        of.one().accounts = vec!["B".into()];
        of.contacts.clear();
    };
    for (changes, want) in [
        (
            told(unlinked, |of| {
                of.one().verdicts.push("accept A".into());
                of.contacts.clear();
            }),
            "link new:  > A (verdict: you accepted the account)",
        ),
        (
            told(unlinked, |of| {
                of.accounts[0].marks = "999999222222333333444444".into();
                of.contacts.clear();
            }),
            "link new:  > A (crm: the CRM's record changed: name)",
        ),
        (
            told(
                |of| {
                    unlinked(of);
                    of.accounts.remove(0);
                },
                |of| of.contacts.clear(),
            ),
            "link new:  > A (crm: the account is new in the CRM, or its record was not near before)",
        ),
        (
            told(unlinked, |of| {
                of.one().marks = "aaaaaabbbbbb999999dddddd".into();
                of.contacts.clear();
            }),
            "link new:  > A (report: the report changed: place)",
        ),
        (
            told(unlinked, |of| {
                of.run.rules = "other".into();
                of.contacts.clear();
            }),
            "link new:  > A (rules: new rules of the program)",
        ),
        (
            told(unlinked, |of| {
                of.run.settings.insert("unlike-names".into(), "link".into());
                of.contacts.clear();
            }),
            "link new:  > A (settings: other settings: --unlike-names)",
        ),
        (
            told(unlinked, |of| of.contacts.clear()),
            "link new:  > A (others: other records around it have changed)",
        ),
        (
            told(
                |of| of.contacts.clear(),
                |of| {
                    unlinked(of);
                    of.accounts.remove(0);
                },
            ),
            "link lost: A >  (crm: the account is gone from the CRM)",
        ),
        (
            told(
                |of| of.contacts.clear(),
                |of| {
                    unlinked(of);
                    of.one().verdicts.push("none".into());
                },
            ),
            "link lost: A >  (verdict: you decided: no account)",
        ),
        (
            told(
                |of| {
                    of.contacts.clear();
                    of.one().verdicts.push("accept A".into());
                },
                unlinked,
            ),
            "link lost: A >  (verdict: a decision was taken back)",
        ),
        (
            told(
                |of| of.contacts.clear(),
                |of| {
                    to_b(of);
                    of.one().verdicts.push("reject A".into());
                },
            ),
            "link changed: A > B (verdict: you rejected the account)",
        ),
    ] {
        assert_eq!(changes, [want]);
    }
}

#[test]
fn a_person_who_is_listed_no_more_is_told_with_the_reason() {
    let becomes = |status: &'static str, reason: &'static str| {
        move |of: &mut Month| {
            of.contacts[0].status = status.into();
            of.contacts[0].reason = reason.into();
        }
    };
    for (changes, want) in [
        (now(|of| of.contacts.clear()), "gone (crm: gone from the CRM)"),
        (now(becomes("suppressed", "opted out")), "suppressed: opted out (crm: opted out)"),
        (
            now(becomes("suppressed", "consent unknown")),
            "suppressed: consent unknown (crm: consent unknown)",
        ),
        (
            now(|of| {
                becomes("suppressed", "own staff")(of);
                of.run.settings.insert("own-domain".into(), "contoso.com".into());
            }),
            "suppressed: own staff (settings: own staff)",
        ),
        (
            now(|of| {
                becomes("account not linked", "")(of);
                of.contacts[0].account = "Z".into();
            }),
            "account not linked (crm: left the account)",
        ),
        (now(becomes("no usable address", "")), "no usable address (crm: no usable address)"),
        (
            now(|of| {
                becomes("not selected", "")(of);
                of.one().selected = false;
                of.run.settings.insert("cluster".into(), "Act Now".into());
            }),
            "not selected (settings: other filters: --cluster)",
        ),
        (
            now(|of| {
                becomes("not selected", "")(of);
                of.run.settings.insert("one-contact".into(), true.into());
            }),
            "not selected (settings: other settings: --one-contact)",
        ),
        (now(becomes("not selected", "")), "not selected (others: others come before it)"),
    ] {
        assert_eq!(changes, [format!("contact no longer listed: listed > {want}")]);
    }
    let fell = now(|of| {
        becomes("not selected", "")(of);
        of.one().selected = false;
        cluster(of, "Nurture", "C3");
        // a filter that has changed as well is not the reason
        of.run.settings.insert("country".into(), "Germany".into());
    });
    assert_eq!(
        fell[1],
        "contact no longer listed: listed > not selected (report: its cluster fell: Azure from \
         Evaluate to Nurture)"
    );
}

#[test]
fn a_person_who_is_newly_listed_is_told_with_the_reason() {
    let was = |status: &'static str, reason: &'static str| {
        move |of: &mut Month| {
            of.contacts[0].status = status.into();
            of.contacts[0].reason = reason.into();
        }
    };
    for (changes, want) in [
        (
            told(|of| of.contacts.clear(), |_| {}),
            ": > listed (crm: new in the CRM, or new at its account)",
        ),
        (
            told(was("suppressed", "opted out"), |_| {}),
            ": suppressed: opted out > listed (crm: no longer opted out)",
        ),
        (
            told(
                |of| {
                    of.contacts.clear();
                    of.one().selected = false;
                },
                |of| drop(of.run.settings.insert("cluster".into(), "Evaluate".into())),
            ),
            ": > listed (settings: other filters: --cluster)",
        ),
    ] {
        let shown: Vec<String> = changes.iter().map(|of| of.replace(":  >", ": >")).collect();
        assert_eq!(shown, [format!("contact listed{want}")]);
    }
    let rose = told(
        |of| {
            of.contacts.clear();
            of.one().selected = false;
            cluster(of, "Nurture", "C3");
        },
        |_| {},
    );
    assert_eq!(
        rose[1],
        "contact listed:  > listed (report: its cluster rose: Azure from Nurture to Evaluate)"
    );
    let linked = told(
        |of| {
            of.contacts.clear();
            of.one().accounts.clear();
        },
        |of| of.one().verdicts.push("accept A".into()),
    );
    assert_eq!(
        linked[1],
        "contact listed:  > listed (verdict: its account is linked now: you accepted the account)"
    );
}

#[test]
fn what_only_one_month_has_read_is_not_compared() {
    let narrower = |of: &mut Month| {
        of.run.reports.truncate(1);
        of.run.has_contacts = false;
        of.one().agreements.clear();
        of.contacts.clear();
    };
    let (mut then, now) = (month(), month());
    narrower(&mut then);
    then.run.areas.clear();
    let changes = Changes::between(Some(&then.entry()), &now.entry());
    assert!(changes.list.is_empty(), "{:?}", changes.list);
    assert_eq!(
        changes.figures.not_compared,
        [
            "reports that are read now and were not then: renewals",
            "contacts: one of the two runs had none",
        ]
    );
    let gone = told(
        |_| {},
        |of| {
            narrower(of);
            of.customers.clear();
        },
    );
    assert_eq!(
        gone,
        [
            "customer gone: Azure: Evaluate >  (settings: perhaps only in reports that were read then \
          only: renewals)"
        ]
    );
}

#[test]
fn act_now_comes_first_and_settings_come_last() {
    let (mut then, mut now) = (month(), month());
    for (at, (before, after)) in
        [("Nurture", "Evaluate"), ("Nurture", "Act Now"), ("Evaluate", "Act Now")]
            .into_iter()
            .enumerate()
    {
        for (of, cluster) in [(&mut then, before), (&mut now, after)] {
            let id = (at + 2).to_string();
            let areas = [("Azure".to_owned(), area(cluster, ""))].into();
            of.customers.push(EntryCustomer { id, areas, ..EntryCustomer::default() });
        }
    }
    now.contacts.clear();
    now.run.settings.insert("one-contact".into(), true.into());
    let changes = Changes::between(Some(&then.entry()), &now.entry());
    let order: Vec<&str> = changes.list.iter().map(|of| of.customer_id.as_str()).collect();
    assert_eq!(order, ["4", "3", "2", "1"]);
    assert_eq!(changes.act_now().into_iter().collect::<Vec<_>>(), ["3", "4"]);
    assert_eq!(changes.figures.act_now, 2);
    assert_eq!(changes.before_act_now("4", "Azure"), Some("Evaluate"));
    assert_eq!(changes.before_act_now("2", "Azure"), None);
}

#[test]
fn a_derived_act_now_counts_only_with_its_flag() {
    for (flag, want) in [(false, 0), (true, 1)] {
        let (then, mut now) = (month(), month());
        cluster(&mut now, "Act Now", "A1");
        now.one().areas.get_mut("Azure").expect("an area").derived = true;
        if flag {
            now.run.settings.insert("derived".into(), true.into());
        }
        let changes = Changes::between(Some(&then.entry()), &now.entry());
        assert_eq!(changes.list[0].after, "Act Now (derived)");
        assert_eq!(changes.figures.act_now, want, "--derived: {flag}");
    }
}

#[test]
fn ids_that_are_spelled_otherwise_are_the_same_records() {
    let spelled = |account: &'static str, contact: &'static str| {
        move |of: &mut Month| {
            of.one().accounts = vec![account.into()];
            of.accounts[0].id = account.into();
            of.contacts[0].account = account.into();
            of.contacts[0].id = contact.into();
        }
    };
    let short = spelled("001Qy00000BfiSc", "003Qy00000bKCqn");
    let long = spelled("001Qy00000BfiScIAJ", "003Qy00000bKCqnIAG");
    assert!(told(short, long).is_empty());
    let (mut then, mut now) = (month(), month());
    short(&mut then);
    long(&mut now);
    let tagged = crate::history::Tagged::of(Some(&then.entry()), &now.entry());
    assert_eq!(tagged.accounts.into_keys().collect::<Vec<_>>(), ["001Qy00000BfiScIAJ"]);
    assert_eq!(tagged.contacts.into_keys().collect::<Vec<_>>(), ["003Qy00000bKCqnIAG"]);
}

#[test]
fn of_agreements_with_one_number_the_one_that_has_ended_is_told() {
    let two = |of: &mut Month| of.one().agreements = vec![agreement("V1", 11), agreement("V1", 12)];
    let one = |of: &mut Month| {
        of.run.as_of = date(2026, 11, 26);
        of.one().agreements = vec![agreement("V1", 12)];
    };
    assert_eq!(told(two, one), ["agreement ended: 2026-11-01 >  (report: its end has passed)"]);
}
