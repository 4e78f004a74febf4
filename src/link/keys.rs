//! Accounts prepared for comparison, on the thread that read them.

use compact_str::CompactString;
use smallvec::SmallVec;

use super::word_cache::{WordCache, WordEntry};
use crate::{
    compare::AccountSide,
    crm::Account,
    index::{
        Index, LinkRules, NameHashes, NameWord, WordRef, dictionary::WordClass, is_city,
        name_hashes, pair_hash, place_hashes, placed_hash, postings::PostingRange,
    },
    link::AccountRecord,
    normalise::{
        company::{self, CompanyName},
        domain::DomainClass,
        place::Place,
    },
    text::id::{self, MicrosoftId},
};

/// An account's name, prepared for comparison.
#[derive(Debug, Default)]
pub(crate) struct AccountName {
    /// The name as it was read.
    pub(crate) name: CompanyName,
    /// What it is found by as a whole.
    pub(crate) hashes: NameHashes,
}

impl AccountName {
    /// Reads a name as typed.
    pub(crate) fn read(
        &mut self,
        raw: &str,
        cache: &mut WordCache,
        index: &Index,
        rules: &LinkRules,
    ) {
        rules.names.read(raw, &mut cache.words, &mut self.name);
        self.look_up(cache, index, rules);
    }

    /// Looks up the words of a name that has been read.
    pub(super) fn look_up(&mut self, cache: &mut WordCache, index: &Index, rules: &LinkRules) {
        self.name.words().for_each(|(text, word)| cache.look_up(text, word, index, rules));
        self.hashes = name_hashes(&self.name);
    }

    /// How many words it has.
    pub(crate) fn word_count(&self) -> usize {
        self.name.without_texts().len()
    }

    /// The words as the comparison sees them.
    pub(crate) fn refs<'c>(
        &self,
        place: &Place,
        cache: &'c WordCache,
    ) -> SmallVec<[WordRef<'c>; 8]> {
        let mut refs = SmallVec::new();
        self.add_refs(place, cache, &mut refs);
        refs
    }

    /// Adds the words as the comparison sees them.
    pub(crate) fn add_refs<'c>(
        &self,
        place: &Place,
        cache: &'c WordCache,
        to: &mut impl Extend<WordRef<'c>>,
    ) {
        let word = |word: &company::NameWord| {
            let WordEntry { word: known, in_cities, .. } = cache.get(*word);
            let word = NameWord {
                id: known.id,
                bits: known.bits,
                class: known.class,
                optional: word.optional,
                dotted: word.dotted,
                in_city: is_city(&known.text, known.shape, place),
                shape: known.shape,
            };
            WordRef {
                text: &known.text,
                word,
                similar: &known.similar,
                parts: &known.parts,
                stands_for_particle: known.stands_for_particle,
                in_cities: *in_cities,
            }
        };
        to.extend(self.name.without_texts().iter().map(word));
    }

    /// Where the customers are that have a rare word of the name.
    pub(crate) fn rare(&self, cache: &WordCache) -> impl Iterator<Item = PostingRange> {
        self.known(cache).flat_map(|known| &known.lists).copied()
    }

    /// All pairs of common words of the name, and of the place and a word that may identify a
    /// company: a plain one, or any where none is plain.
    pub(crate) fn each_pair(&self, place: &Place, cache: &WordCache, mut take: impl FnMut(u64)) {
        let any_plain = self.known(cache).any(|known| known.word.class == WordClass::Plain);
        let places = place_hashes(place);
        let mut rest = self.known(cache);
        while let Some(known) = rest.next() {
            for left in &known.common {
                let rights = rest.clone().flat_map(|other| &other.common);
                rights.for_each(|right| take(pair_hash((left.word, right.word))));
                if left.is_plain || !any_plain {
                    places.iter().for_each(|place| take(placed_hash(left.word, *place)));
                }
            }
        }
    }

    /// What is known of its words.
    fn known<'c>(&self, cache: &'c WordCache) -> impl Iterator<Item = &'c WordEntry> + Clone {
        self.name.without_texts().iter().map(|word| cache.get(*word))
    }
}

/// Ids of one account that are looked up; a cell may hold thousands, which then mean nothing.
const MOST_IDS: usize = 64;

/// The keys of an account: what passes look up and what the comparison sees.
#[derive(Debug, Default)]
pub(crate) struct AccountKeys {
    /// The name.
    pub(crate) name: AccountName,
    /// Registrable domains with their class, the account's own first.
    pub(crate) domains: SmallVec<[(CompactString, DomainClass); 2]>,
    /// Microsoft ids.
    pub(crate) ids: SmallVec<[MicrosoftId; 1]>,
    /// The D-U-N-S number.
    pub(crate) duns: Option<u32>,
    buffer: String,
}

impl AccountKeys {
    /// Reads the keys of an account as its row gives it, with the domains of its contacts.
    #[cfg(test)]
    pub(crate) fn read(
        &mut self,
        account: &Account<'_>,
        contact_domains: &[Box<str>],
        cache: &mut WordCache,
        index: &Index,
        rules: &LinkRules,
    ) {
        self.name.read(account.name, cache, index, rules);
        self.read_but_name(account, contact_domains, rules);
    }

    /// Reads all keys of an account but its name.
    pub(super) fn read_but_name(
        &mut self,
        account: &Account<'_>,
        contact_domains: &[Box<str>],
        rules: &LinkRules,
    ) {
        self.domains.clear();
        self.ids.clear();
        for raw in account.websites.iter().chain(&account.emails) {
            self.add_domain(raw, rules);
        }
        for domain in contact_domains {
            self.add_domain(domain, rules);
        }
        self.add_domain_of(account.name, |name, buffer| {
            rules.domains.read_name(name, buffer).map(|domain| (domain, DomainClass::Own))
        });
        for raw in &account.microsoft_ids {
            self.add_id(raw);
        }
        self.duns = id::duns(account.duns);
    }

    /// Reads the keys again from what was kept of an account.
    pub(crate) fn reread(
        &mut self,
        record: &AccountRecord,
        cache: &mut WordCache,
        index: &Index,
        rules: &LinkRules,
    ) {
        self.name.read(record.name(), cache, index, rules);
        self.domains.clear();
        self.ids.clear();
        let domains = record.domains().map(|domain| (domain.into(), rules.domains.class(domain)));
        self.domains.extend(domains);
        record.microsoft_ids().for_each(|id| self.add_id(id));
        self.duns = id::duns(record.duns());
    }

    fn add_domain(&mut self, raw: &str, rules: &LinkRules) {
        self.add_domain_of(raw, |raw, buffer| rules.domains.read(raw, buffer));
    }

    /// Adds the domain that is read from a text, if any.
    fn add_domain_of(
        &mut self,
        raw: &str,
        read: impl for<'b> Fn(&str, &'b mut String) -> Option<(&'b str, DomainClass)>,
    ) {
        let mut buffer = std::mem::take(&mut self.buffer);
        if let Some((domain, class)) = read(raw, &mut buffer)
            && self.domains.len() < 32
            && self.domains.iter().all(|(known, _)| **known != *domain)
        {
            self.domains.push((domain.into(), class));
        }
        self.buffer = buffer;
    }

    fn add_id(&mut self, raw: &str) {
        if self.ids.len() < MOST_IDS
            && let Some(id) = MicrosoftId::read(raw).filter(|id| !self.ids.contains(id))
        {
            self.ids.push(id);
        }
    }

    /// The account as the comparison sees it, with its words and its place.
    pub(crate) fn side<'k>(
        &'k self,
        words: &'k [WordRef<'k>],
        place: &'k Place,
    ) -> AccountSide<'k> {
        AccountSide {
            words,
            forms: &self.name.name.forms,
            form_in_front: self.name.name.form_in_front,
            domains: &self.domains,
            place,
            ids: &self.ids,
            duns: self.duns,
        }
    }
}
