//! The report side in memory: every customer as it is compared, and the blocks that bring
//! candidates together.

mod blocking_keys;
mod customer;
pub(crate) mod dictionary;
pub(crate) mod postings;
pub(crate) mod signature;
pub(crate) mod words;

use std::{cell::RefCell, hash::BuildHasher, path::Path};

use compact_str::CompactString;
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;
use thread_local::ThreadLocal;

pub(crate) use self::{
    blocking_keys::{NameHashes, name_hashes, pair_hash, place_hashes, placed_hash},
    customer::{CustomerRecord, NameWord, WordRef, is_city},
};
use self::{
    blocking_keys::{NameKeys, blocks, is_common, name_keys},
    customer::{Read, Reader},
    dictionary::{Dictionary, WordId},
    postings::{PostingRange, Postings},
    signature::Signature,
    words::WordRules,
};
use crate::{
    error::Result,
    normalise::{company::NameRules, domain::DomainRules, place::PlaceRules},
    report::Customer,
    text::{hash::hash_of, id::MicrosoftId},
};

/// All tables that linking needs.
#[derive(Debug, Default)]
pub struct LinkRules {
    /// How names are read.
    pub(crate) names: NameRules,
    /// How words weigh.
    pub(crate) words: WordRules,
    /// What domains may prove.
    pub(crate) domains: DomainRules,
    /// How places are read.
    pub(crate) places: PlaceRules,
}

impl LinkRules {
    /// The tables of a folder of rules, and the partner's own domains.
    ///
    /// # Errors
    ///
    /// When a table cannot be read.
    pub fn load(dir: Option<&Path>, own_domains: &[String]) -> Result<LinkRules> {
        let names = NameRules::load(dir)?;
        Ok(LinkRules {
            words: WordRules::load(dir, &names)?,
            domains: DomainRules::load(dir, own_domains)?,
            places: PlaceRules::load(dir)?,
            names,
        })
    }
}

/// A word, two words, or a word and a place that more customers have are too common to bring
/// anybody together by themselves.
pub(crate) const MAX_BLOCK: usize = 12;

/// Customers beyond this number that have one whole name are not compared by it.
const MAX_NAMESAKES: usize = 48;

/// The report side, indexed.
#[derive(Debug, Default)]
pub struct Index {
    /// All customers, in the order of `Customers::list`.
    pub(crate) customers: Vec<CustomerRecord>,
    /// The dictionary.
    pub(crate) words: Dictionary,
    /// Rare word that may identify a company -> customers.
    by_word: Postings<Signature>,
    /// Two words that are common or weak, or a common one and a place -> customers.
    by_pair: Postings<Signature>,
    /// All words without blanks -> customers.
    by_name: Postings<Signature>,
    /// Registrable domain -> customers.
    by_domain: Postings<u32>,
    /// Microsoft id -> customers.
    by_id: Postings<u32>,
    /// D-U-N-S number -> customers.
    by_duns: Postings<u32>,
}

impl Index {
    /// Indexes all customers.
    pub fn build(customers: &[Customer], rules: &LinkRules) -> Index {
        let mut index =
            Index { customers: Vec::with_capacity(customers.len()), ..Index::default() };
        let mut names = Vec::with_capacity(customers.len());
        let readers: ThreadLocal<RefCell<Reader>> = ThreadLocal::new();
        for some in customers.chunks(READ_TOGETHER) {
            let read_some = |some: &[Customer]| -> Vec<Read> {
                let mut reader = readers.get_or_default().borrow_mut();
                some.iter().map(|customer| reader.read(customer, rules)).collect()
            };
            let read: Vec<_> = some.par_chunks(READ_AT_ONCE).map(read_some).collect();
            for Read { mut record, texts, hashes } in read.into_iter().flatten() {
                index.observe(&mut record, &texts);
                index.customers.push(record);
                names.push(hashes);
            }
        }
        index.words.finish(customers.len(), &rules.words, &rules.names);
        for record in &mut index.customers {
            for word in &mut record.words {
                word.bits = index.words.bits(word.id);
                word.class = index.words.class(word.id);
            }
        }
        index.block(&names);
        index
    }

    /// Notes the words of a customer's name.
    fn observe(&mut self, record: &mut CustomerRecord, texts: &[CompactString]) {
        for (word, text) in record.words.iter_mut().zip(texts) {
            word.id = self.words.observe(text, word.dotted);
        }
        let pairs = record.words.windows(2).map(|pair| (pair[0].id, pair[1].id, pair[0].dotted));
        pairs.for_each(|(first, second, dotted)| {
            self.words.observe_neighbours(first, second, dotted);
        });
    }

    fn block(&mut self, names: &[NameHashes]) {
        let (mut by_word, mut by_pair) = (Vec::new(), Vec::new());
        let (mut by_domain, mut by_id, mut by_duns) = (Vec::new(), Vec::new(), Vec::new());
        for (at, record) in self.customers.iter().enumerate() {
            let at = at as u32;
            let NameKeys { words, pairs } = name_keys(record, &self.words);
            by_word.extend(words.into_iter().map(|word| (u64::from(word), at)));
            by_pair.extend(pairs.into_iter().map(|pair| (pair, at)));
            for (domain, _) in record.domains.iter().filter(|(_, class)| class.is_usable()) {
                by_domain.push((hash_of(domain.bytes()), at));
            }
            by_id.extend(record.ids.iter().map(|id| (FxBuildHasher.hash_one(id), at)));
            by_duns.extend(record.duns.map(|duns| (u64::from(duns), at)));
        }
        [self.by_domain, self.by_id, self.by_duns] =
            [by_domain, by_id, by_duns].map(Postings::build);
        let by_name = names
            .iter()
            .enumerate()
            .flat_map(|(at, hashes)| hashes.iter().map(move |hash| (*hash, at as u32)));
        let by_name = by_name.collect();
        let of_customer = |(at, record)| Signature::of(at as u32, record);
        let signatures: Vec<Signature> =
            self.customers.par_iter().enumerate().map(of_customer).collect();
        let signature = |customer: u32| signatures[customer as usize];
        let listed = |pairs, most| Postings::build_of_few(pairs, most).map(signature);
        let ((by_word, by_pair), by_name) = rayon::join(
            || rayon::join(|| listed(by_word, MAX_BLOCK), || listed(by_pair, MAX_BLOCK)),
            || listed(by_name, usize::MAX),
        );
        (self.by_word, self.by_pair, self.by_name) = (by_word, by_pair, by_name);
    }

    /// How many customers no part of their names brings to an account, since too many have each:
    /// they are found by their whole names, domains and numbers.
    pub(crate) fn crowded_names(&self) -> usize {
        let is_crowded = |record: &&CustomerRecord| {
            let NameKeys { words, pairs } = name_keys(record, &self.words);
            let is_word = words.iter().any(|word| self.find_word(*word).is_some());
            let is_pair = pairs.iter().any(|pair| self.by_pair.find(*pair).is_some());
            record.words.iter().any(blocks) && !is_word && !is_pair
        };
        self.customers.par_iter().filter(is_crowded).count()
    }

    /// The words of a customer's name as the comparison sees them.
    pub(crate) fn refs<'c>(
        &'c self,
        customer: &'c CustomerRecord,
    ) -> impl Iterator<Item = WordRef<'c>> {
        let word = move |word: &'c NameWord| WordRef {
            text: self.words.text(word.id),
            word: *word,
            similar: &[],
            parts: &[],
            stands_for_particle: false,
            in_cities: 0,
        };
        customer.words.iter().map(word)
    }

    /// How many domains and numbers more than so many customers hold.
    pub(crate) fn crowded_keys(&self, most: usize) -> usize {
        let keys = [&self.by_domain, &self.by_id, &self.by_duns];
        keys.into_iter().flat_map(Postings::lengths).filter(|customers| *customers > most).count()
    }

    /// The customers that hold a registrable domain.
    pub(crate) fn with_domain(&self, domain: &str) -> &[u32] {
        self.by_domain.get(hash_of(domain.bytes()))
    }

    /// The customers that hold a Microsoft id.
    pub(crate) fn with_id(&self, id: &MicrosoftId) -> &[u32] {
        self.by_id.get(FxBuildHasher.hash_one(id))
    }

    /// The customers that hold a D-U-N-S number.
    pub(crate) fn with_duns(&self, duns: u32) -> &[u32] {
        self.by_duns.get(u64::from(duns))
    }

    /// Where the customers are that have a word, where it is rare and may identify a company.
    pub(crate) fn find_word(&self, word: WordId) -> Option<PostingRange> {
        self.by_word.find(u64::from(word))
    }

    /// The customers that have the whole name, by its hash; not all where they are many.
    #[cfg(test)]
    pub(crate) fn with_whole_name(&self, name: u64) -> &[Signature] {
        few(self.by_name.get(name))
    }

    /// The customers that have the rare words of several accounts, with who has them.
    pub(crate) fn with_words<W>(
        &self,
        words: impl Iterator<Item = (W, PostingRange)>,
    ) -> Vec<(W, &[Signature])> {
        self.by_word.list_all(words)
    }

    /// The customers that have the whole names of several accounts, with who has them.
    pub(crate) fn with_whole_names<W: Copy>(
        &self,
        names: impl Iterator<Item = (W, u64)>,
    ) -> Vec<(W, &[Signature])> {
        let found = self.by_name.get_all(names).into_iter();
        found.map(|(who, customers)| (who, few(customers))).collect()
    }

    /// The customers that have the pairs of several accounts, by [`pair_hash`] and [`placed_hash`],
    /// with who has them; none where they are many.
    pub(crate) fn with_pairs<W: Copy>(
        &self,
        pairs: impl Iterator<Item = (W, u64)>,
    ) -> Vec<(W, &[Signature])> {
        self.by_pair.get_all(pairs)
    }

    /// Whether a word brings candidates together with another or a place only: it is weak, or too
    /// many have it.
    pub(crate) fn is_common(&self, word: WordId) -> bool {
        is_common(self.words.class(word), word, &self.words)
    }
}

/// Customers that all threads read before their words are noted, one customer after the other.
const READ_TOGETHER: usize = 2048;

/// Customers that a thread reads at once.
const READ_AT_ONCE: usize = 128;

fn few(customers: &[Signature]) -> &[Signature] {
    &customers[..customers.len().min(MAX_NAMESAKES)]
}
