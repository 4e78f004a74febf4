//! Whom a file is for: the people of one campaign, or of all of them, each person once.

use rustc_hash::FxHashMap;

use super::{
    Order,
    filter::Campaign,
    run::{Person, RunCustomer},
};
use crate::consent::AddressKey;

/// The people and customers of a file, with the campaigns of each.
#[derive(Debug)]
pub(crate) struct Audience<'a> {
    /// The campaigns, in their order.
    pub(crate) campaigns: Vec<&'a Campaign>,
    /// The places of people, with their campaigns.
    people: Vec<(usize, Vec<&'a Campaign>)>,
    /// The places of customers, in order.
    pub(crate) customers: Vec<usize>,
}

impl<'a> Audience<'a> {
    /// That of one campaign.
    pub(crate) fn of_one(campaign: &'a Campaign) -> Audience<'a> {
        Audience {
            campaigns: vec![campaign],
            people: campaign.people.iter().map(|at| (*at, vec![campaign])).collect(),
            customers: campaign.customers.clone(),
        }
    }

    /// That of all campaigns together: in the order of the campaigns, each address and each
    /// customer once.
    pub(crate) fn of_all(order: &Order<'a>) -> Audience<'a> {
        let campaigns: Vec<&Campaign> = order.campaigns.iter().collect();
        let mut people: Vec<(usize, Vec<&Campaign>)> = Vec::new();
        let mut places: FxHashMap<AddressKey, usize> = FxHashMap::default();
        let mut customers: Vec<usize> = Vec::new();
        let mut known = rustc_hash::FxHashSet::default();
        for campaign in &campaigns {
            customers.extend(campaign.customers.iter().filter(|at| known.insert(**at)));
            for at in &campaign.people {
                let Some(key) = AddressKey::from_raw(&order.run.people[*at].email) else {
                    continue;
                };
                let place = *places.entry(key).or_insert(people.len());
                if place == people.len() {
                    people.push((*at, Vec::new()));
                }
                people[place].1.push(campaign);
            }
        }
        Audience { campaigns, people, customers }
    }

    /// The people, each with its customer and its campaigns.
    pub(crate) fn people<'r>(&'r self, order: &Order<'a>) -> impl Iterator<Item = Member<'r, 'a>> {
        let run = order.run;
        self.people.iter().map(|(at, campaigns)| {
            let person = &run.people[*at];
            Member { person, customer: &run.customers[person.customer], campaigns }
        })
    }
}

/// A person of an audience.
pub(crate) struct Member<'r, 'a> {
    pub(crate) person: &'a Person,
    pub(crate) customer: &'a RunCustomer,
    campaigns: &'r [&'a Campaign],
}

impl Member<'_, '_> {
    /// What is said of the campaigns of the person, each value once, joined by a mark that then
    /// stands in no value.
    pub(crate) fn joined(&self, mark: char, say: impl Fn(&Campaign) -> String) -> String {
        let mut values = self.values(say);
        if values.len() > 1 {
            values.iter_mut().for_each(|value| *value = value.replace(mark, ","));
        }
        values.join(&mark.to_string())
    }

    /// What is said of the campaigns of the person, each value once.
    pub(crate) fn values(&self, say: impl Fn(&Campaign) -> String) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        for value in self.campaigns.iter().map(|campaign| say(campaign)) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        values
    }
}
