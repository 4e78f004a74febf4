//! The customers of a finished run with the accounts among which a person chooses, read from the
//! files that the run wrote: what is shown here is what `review.csv` and the others say.

use std::path::Path;

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use crate::{
    compare::Score,
    error::Result,
    read::{Row, value::DecimalMark},
    report::Customer,
    result::{
        file::{customers, links, review, unmatched},
        folder::Folder,
        table::Place,
    },
    status::{CustomerStatus, ReviewReason},
    text::fold::folded,
    verdicts::customer_fingerprint,
    write::review::Stake,
};

/// A customer of the run.
#[derive(Debug, Default)]
pub(super) struct Case {
    pub(super) id: CompactString,
    pub(super) name: CompactString,
    pub(super) domain: CompactString,
    pub(super) city: CompactString,
    pub(super) country: CompactString,
    pub(super) industry: CompactString,
    /// The status in which the run left it.
    pub(super) status: Option<CustomerStatus>,
    /// Why it is in review, where it is.
    pub(super) review: Option<ReviewReason>,
    /// Why it has its status, as the files say it.
    pub(super) reason: CompactString,
    pub(super) owner: CompactString,
    pub(super) best_cluster: CompactString,
    pub(super) clusters: CompactString,
    pub(super) cohorts: Box<str>,
    pub(super) sub_segment: CompactString,
    pub(super) org_size: CompactString,
    /// The revenue that expires, in hundredths.
    pub(super) revenue: Option<i64>,
    /// People on the lists, and people left out.
    pub(super) people: [CompactString; 2],
    /// The accounts, the best first: candidates in review, links, or the nearest miss.
    pub(super) accounts: Vec<Card>,
    /// What is at stake times how open it is.
    pub(super) urgency: u64,
    /// The name, folded.
    pub(super) folded: Box<str>,
    /// All that a search looks at, folded.
    pub(super) search: Box<str>,
}

/// An account beside a customer, as the files of the run compare them.
#[derive(Debug, Default)]
pub(super) struct Card {
    pub(super) id: CompactString,
    pub(super) name: CompactString,
    pub(super) domain: CompactString,
    pub(super) city: CompactString,
    pub(super) country: CompactString,
    pub(super) pass: CompactString,
    /// As the files print it; blank for none.
    pub(super) similarity: CompactString,
    /// Domain, name, id, place; blank where the file does not say.
    pub(super) levels: [CompactString; 4],
    pub(super) explanation: Box<str>,
    /// Whether a person has decided the link.
    pub(super) is_decided: bool,
    pub(super) seen: CompactString,
    pub(super) earlier: Box<str>,
}

impl Card {
    /// The similarity as a number, 0 to 10,000.
    pub(super) fn score(&self) -> Score {
        Score::of(self.similarity.parse().unwrap_or(0.0))
    }
}

impl Case {
    /// The mark of what a `none` has seen.
    pub(super) fn seen(&self) -> String {
        match self.accounts.first().and_then(|card| card.seen.split_once('-')) {
            Some((customer, _)) => customer.to_owned(),
            None => customer_fingerprint(&Customer {
                id: self.id.to_string(),
                name: self.name.to_string(),
                domain: self.domain.to_string(),
                ..Customer::default()
            }),
        }
    }

    /// Whether another customer has the same name, however it is written.
    pub(super) fn has_name_of(&self, other: &Case) -> bool {
        self.folded == other.folded
    }

    /// The best account to which the run has linked the customer.
    pub(super) fn linked(&self) -> Option<&Card> {
        self.accounts.first().filter(|_| self.status == Some(CustomerStatus::Linked))
    }

    /// The gap between the best account and the next, in ten-thousandths.
    pub(super) fn gap(&self) -> Option<u16> {
        let [one, other, ..] = self.accounts.as_slice() else { return None };
        Some(one.score().ten_thousandths().abs_diff(other.score().ten_thousandths()))
    }

    /// The cohorts, one by one.
    pub(super) fn each_cohort(&self) -> impl Iterator<Item = &str> {
        self.cohorts.split("; ").filter(|of| !of.is_empty())
    }

    /// The solution areas in which the customer has a cluster.
    pub(super) fn each_area(&self) -> impl Iterator<Item = &str> {
        self.clusters.split("; ").filter_map(|of| of.rsplit_once(": ")).map(|(area, _)| area)
    }

    fn finish(&mut self, accept: Score) {
        let mut search = folded(&self.name);
        self.folded = search.as_str().into();
        for part in [&*self.domain, &*self.id] {
            search.push(' ');
            search.push_str(part);
        }
        for card in &self.accounts {
            for part in [&*folded(&card.name), &*card.domain, &*card.id] {
                search.push(' ');
                search.push_str(part);
            }
        }
        self.search = search.to_lowercase().into();
        let customer = Customer { org_size: self.org_size.to_string(), ..Customer::default() };
        let best = self.accounts.first();
        let stake = Stake {
            best_cluster: &self.best_cluster,
            revenue: self.revenue,
            people: customer.size().map_or(0, |(least, _)| least),
            reason: self.review.unwrap_or(ReviewReason::Doubtful),
            best: best.map_or((Score::default(), false), |of| (of.score(), !of.pass.is_empty())),
        };
        self.urgency = stake.urgency(accept);
    }
}

/// All customers of a run, in the order of its files.
#[derive(Debug, Default)]
pub(super) struct Cases {
    pub(super) list: Vec<Case>,
    by_id: FxHashMap<CompactString, u32>,
    /// The customers to which the run has linked an account.
    pub(super) linked_to: FxHashMap<CompactString, Vec<u32>>,
}

impl Cases {
    /// Reads the files of a run; `accept` is the limit from which its pairs are accepted.
    ///
    /// # Errors
    ///
    /// When a file is missing or cannot be read.
    pub(super) fn load(folder: &Path, accept: Score) -> Result<Cases> {
        let folder = Folder::new(folder);
        let mut cases = Cases::default();
        cases.read_customers(&folder)?;
        cases.read_review(&folder)?;
        cases.read_links(&folder)?;
        cases.read_unmatched(&folder)?;
        cases.list.iter_mut().for_each(|case| case.finish(accept));
        Ok(cases)
    }

    /// The place of a customer.
    pub(super) fn position(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).map(|at| *at as usize)
    }

    fn read_customers(&mut self, folder: &Folder) -> Result<()> {
        let table = folder.open(&customers::FILE)?;
        let at: customers::Row<Place> = table.places();
        table.each(|row| {
            let text = |place: Place| CompactString::from(place.of(row));
            let word = at.status.of(row);
            let case = Case {
                id: text(at.customer_id),
                name: text(at.customer_name),
                domain: text(at.domain),
                city: text(at.customer_city),
                country: text(at.customer_country),
                industry: text(at.customer_industry),
                status: CustomerStatus::ALL.iter().copied().find(|of| of.word() == word),
                reason: text(at.reason),
                owner: text(at.account_owner),
                best_cluster: text(at.best_cluster),
                clusters: text(at.clusters),
                cohorts: at.cohorts.of(row).into(),
                sub_segment: text(at.sub_segment),
                revenue: DecimalMark::Point.parse(at.expiring_revenue.of(row)),
                people: [text(at.contacts_listed), text(at.contacts_suppressed)],
                ..Case::default()
            };
            self.by_id.insert(case.id.clone(), self.list.len() as u32);
            self.list.push(case);
            Ok(())
        })?;
        Ok(())
    }

    /// The customer that a row names; nothing where `customers.csv` has it not.
    fn of(&mut self, place: Place, row: Row<'_>) -> Option<(u32, &mut Case)> {
        let at = *self.by_id.get(place.of(row))?;
        Some((at, &mut self.list[at as usize]))
    }

    fn read_review(&mut self, folder: &Folder) -> Result<()> {
        let table = folder.open(&review::FILE)?;
        let at: review::Row<Place> = table.places();
        table.each(|row| {
            let text = |place: Place| CompactString::from(place.of(row));
            let Some((_, case)) = self.of(at.customer_id, row) else { return Ok(()) };
            let word = at.reason.of(row);
            case.review = ReviewReason::ALL.iter().copied().find(|of| of.word() == word);
            case.org_size = text(at.org_size);
            case.accounts.push(Card {
                id: text(at.account_id),
                name: text(at.account_name),
                domain: text(at.account_domain),
                city: text(at.account_city),
                country: text(at.account_country),
                pass: text(at.pass),
                similarity: text(at.similarity),
                levels: [at.domain_level, at.name_level, at.id_level, at.place_level].map(text),
                explanation: at.explanation.of(row).into(),
                is_decided: false,
                seen: text(at.seen),
                earlier: at.earlier_decision.of(row).into(),
            });
            Ok(())
        })?;
        Ok(())
    }

    fn read_links(&mut self, folder: &Folder) -> Result<()> {
        let table = folder.open(&links::FILE)?;
        let at: links::Row<Place> = table.places();
        table.each(|row| {
            let text = |place: Place| CompactString::from(place.of(row));
            let Some((customer, case)) = self.of(at.customer_id, row) else { return Ok(()) };
            let card = Card {
                id: text(at.account_id),
                name: text(at.account_name),
                pass: text(at.pass),
                similarity: text(at.similarity),
                levels: [at.domain_level, at.name_level, at.id_level, at.place_level].map(text),
                explanation: at.explanation.of(row).into(),
                is_decided: at.decided_by.of(row) == "verdict",
                ..Card::default()
            };
            let id = card.id.clone();
            case.accounts.push(card);
            self.linked_to.entry(id).or_default().push(customer);
            Ok(())
        })?;
        Ok(())
    }

    fn read_unmatched(&mut self, folder: &Folder) -> Result<()> {
        let table = folder.open(&unmatched::FILE)?;
        let at: unmatched::Row<Place> = table.places();
        table.each(|row| {
            let text = |place: Place| CompactString::from(place.of(row));
            let Some((_, case)) = self.of(at.customer_id, row) else { return Ok(()) };
            if !at.nearest_account_id.of(row).is_empty() {
                case.accounts.push(Card {
                    id: text(at.nearest_account_id),
                    name: text(at.nearest_account_name),
                    similarity: text(at.nearest_similarity),
                    explanation: at.nearest_explanation.of(row).into(),
                    ..Card::default()
                });
            }
            Ok(())
        })?;
        Ok(())
    }
}
