//! Which of the people that may be written to are chosen: explicit consent, roles, one person per
//! customer, the first customers. Those left out are `not selected`.

use rustc_hash::FxHashMap;

use super::{listed::ListedContact, roles::PeopleRules, survivorship::rank};
use crate::{config::Lists, crm::Permission, report::Customers};

/// What the choice depends on.
pub(crate) struct Narrowing<'n> {
    /// The choices of the user.
    pub(crate) lists: &'n Lists,
    /// The customers.
    pub(crate) customers: &'n Customers,
    /// Roles and addresses of functions.
    pub(crate) rules: &'n PeopleRules,
    /// The place of each customer in the order of readiness.
    pub(crate) order: &'n [u32],
    /// The solution areas of the lists, by position.
    pub(crate) areas: &'n [usize],
}

/// How many people were left out, by reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct LeftOut {
    /// They have not explicitly agreed.
    pub(crate) not_explicit: u64,
    other: u64,
}

impl LeftOut {
    /// All of them.
    pub(crate) fn total(self) -> u64 {
        self.not_explicit + self.other
    }
}

impl Narrowing<'_> {
    /// The people chosen, in the order given, with their roles; and how many were left out.
    pub(crate) fn choose(&self, mut people: Vec<ListedContact>) -> (Vec<ListedContact>, LeftOut) {
        let mut left = LeftOut::default();
        let before = people.len();
        if self.lists.require_consent {
            people.retain(|person| person.email_permission == Permission::Allowed);
            left.not_explicit = (before - people.len()) as u64;
        }
        let consenting = people.len();
        let mut titles = FxHashMap::default();
        let ranks: Vec<usize> =
            people.iter_mut().map(|person| self.mark(person, &mut titles)).collect();
        let mut keep = vec![true; people.len()];
        if self.lists.decision_makers {
            keep.iter_mut().zip(&ranks).for_each(|(keep, rank)| *keep &= *rank != usize::MAX);
        }
        if self.lists.one_contact {
            self.keep_one(&people, &ranks, &mut keep);
        }
        if let Some(top) = self.lists.top {
            self.keep_top(&people, top, &mut keep);
        }
        let mut keep = keep.into_iter();
        people.retain(|_| keep.next().unwrap_or(false));
        left.other = (consenting - people.len()) as u64;
        (people, left)
    }

    /// Notes a person's role and kind of address; returns the rank of the role over the areas of
    /// the lists, `usize::MAX` where there is none.
    /// Titles occur many times: what each names is looked up once.
    fn mark<'s>(
        &'s self,
        person: &mut ListedContact,
        titles: &mut FxHashMap<Box<str>, Option<(usize, &'s str)>>,
    ) -> usize {
        person.role_address = self.rules.is_role_address(&person.email);
        let role = match titles.get(&person.job_title) {
            Some(role) => *role,
            None => {
                let role = self.rules.roles.of(&person.job_title);
                titles.insert(person.job_title.clone(), role);
                role
            }
        };
        let Some((at, name)) = role else { return usize::MAX };
        person.role = name.into();
        let areas = self.areas.iter().map(|at| self.customers.areas[*at].as_str());
        if self.rules.roles.decides(at, areas) { at } else { usize::MAX }
    }

    /// Keeps the best person of each customer: the most wanted role, then an address of the
    /// person's own, then as records of one person are ranked.
    fn keep_one(&self, people: &[ListedContact], ranks: &[usize], keep: &mut [bool]) {
        let mut best: FxHashMap<u32, usize> = FxHashMap::default();
        let key = |at: usize| (ranks[at], people[at].role_address, rank(&people[at]));
        for at in 0..people.len() {
            if !keep[at] {
                continue;
            }
            let known = best.entry(people[at].customer).or_insert(at);
            if key(at) < key(*known) {
                keep[*known] = false;
                *known = at;
            } else if *known != at {
                keep[at] = false;
            }
        }
    }

    /// Keeps the people of the first customers that have any.
    fn keep_top(&self, people: &[ListedContact], top: usize, keep: &mut [bool]) {
        let mut places: Vec<u32> = people
            .iter()
            .zip(&*keep)
            .filter(|(_, keep)| **keep)
            .map(|(person, _)| self.order[person.customer as usize])
            .collect();
        places.sort_unstable();
        places.dedup();
        let Some(last) = top.checked_sub(1).and_then(|at| places.get(at)) else { return };
        for (person, keep) in people.iter().zip(keep) {
            *keep &= self.order[person.customer as usize] <= *last;
        }
    }
}
