//! Accounts prepared for comparison, on the thread that read them.

use compact_str::CompactString;
use prefetch_index::prefetch_index;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::{
    compare::{AccountSide, bit_of_city_word, words::WordRef},
    crm::Account,
    index::{
        Index, LinkRules, NameHashes, NameWord, is_city,
        multimap::Stretch,
        name_hashes, pair_hash, place_hashes, placed_hash, prefetch,
        words::{Resolved, UNKNOWN, WordClass, WordId},
    },
    link::AccountRecord,
    normalise::{
        company::{self, CompanyName, KnownWords, WordNumber},
        domain::DomainClass,
        identifier::{self, MicrosoftId},
        place::Place,
    },
};

/// Words of names that a thread has looked up already: names repeat their words.
#[derive(Debug, Default)]
pub struct WordCache {
    /// The words.
    pub(crate) words: KnownWords,
    /// Where each is in `known`, by number; [`UNASKED`] where nobody has asked.
    at: Vec<u32>,
    /// The same of words before a dot.
    dotted: FxHashMap<WordNumber, u32>,
    /// What the report knows of words.
    known: Vec<Known>,
}

/// Of a word that has not been looked up.
const UNASKED: u32 = u32::MAX;

/// A word that has been looked up.
#[derive(Debug)]
struct Known {
    word: Resolved,
    /// Its bit among the words of cities.
    in_cities: u16,
    /// Where the customers are who bear it, or a word it may stand for.
    lists: SmallVec<[Stretch; 2]>,
    /// The first of these words that bring candidates together with another word or a place only.
    common: SmallVec<[Common; COMMON]>,
}

/// A word of the report that brings candidates together with another word or with a place.
#[derive(Debug, Clone, Copy)]
struct Common {
    word: WordId,
    is_plain: bool,
}

/// How many common words of the report an account's word is looked up as, at most.
const COMMON: usize = 3;

impl Known {
    fn new(word: Resolved, index: &Index) -> Known {
        let own = Some(word.id).filter(|id| *id != UNKNOWN);
        let similar = word.similar.iter().filter(|similar| similar.blocks);
        let ids: SmallVec<[WordId; 8]> =
            own.into_iter().chain(similar.map(|similar| similar.id)).collect();
        let lists = ids.iter().filter_map(|id| index.find_word(*id)).collect();
        let common = ids.into_iter().take(COMMON).filter(|id| index.is_common(*id));
        let is_plain = |word| index.words.class(word) == WordClass::Plain;
        let common = common.map(|word| Common { word, is_plain: is_plain(word) }).collect();
        Known { in_cities: bit_of_city_word(&word.text), word, lists, common }
    }
}

/// Words kept in a thread's cache before it starts anew: nearly as many as a hash table of 2^17
/// places takes before it doubles.
const MAX_CACHED: usize = 114_000;

/// An account's name, prepared for comparison.
#[derive(Debug, Default)]
pub struct AccountName {
    /// The name as it was read.
    pub name: CompanyName,
    /// Its words: where they are in the cache, whether they are optional, whether a dot follows.
    words: Vec<(u32, bool, bool)>,
    /// What it is found by as a whole.
    pub hashes: NameHashes,
}

impl AccountName {
    /// Reads a name as typed.
    pub fn read(&mut self, raw: &str, cache: &mut WordCache, index: &Index, rules: &LinkRules) {
        self.fold(raw, cache, rules);
        self.prefetch_words(cache);
        self.read_folded(cache, index, rules);
    }

    /// Folds a name as typed, and asks for the memory in which its words are looked for.
    pub(super) fn fold(&mut self, raw: &str, cache: &WordCache, rules: &LinkRules) {
        rules.names.fold(raw, &mut self.name);
        cache.words.prefetch_slots(&self.name);
    }

    /// Reads a name that has been folded.
    pub(super) fn read_folded(&mut self, cache: &mut WordCache, index: &Index, rules: &LinkRules) {
        self.words.clear();
        rules.names.read_folded(&mut cache.words, &mut self.name);
        for (text, word) in self.name.words() {
            let at = cache.resolve(text, word, index, rules);
            self.words.push((at, word.optional, word.dotted));
        }
        self.hashes = name_hashes(&self.name);
    }

    /// How many words it has.
    pub(super) fn word_count(&self) -> usize {
        self.words.len()
    }

    /// The words as the comparison sees them.
    pub fn refs<'c>(&self, place: &Place, cache: &'c WordCache) -> SmallVec<[WordRef<'c>; 8]> {
        let mut refs = SmallVec::new();
        self.add_refs(place, cache, &mut refs);
        refs
    }

    /// Adds the words as the comparison sees them.
    pub(super) fn add_refs<'c>(
        &self,
        place: &Place,
        cache: &'c WordCache,
        to: &mut impl Extend<WordRef<'c>>,
    ) {
        let word = |&(at, optional, dotted): &(u32, bool, bool)| {
            let Known { word: known, in_cities, .. } = &cache.known[at as usize];
            let word = NameWord {
                id: known.id,
                bits: known.bits,
                class: known.class,
                optional,
                dotted,
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
        to.extend(self.words.iter().map(word));
    }

    /// Asks for the memory of the words of a folded name, whose slots are at hand.
    pub(super) fn prefetch_words(&self, cache: &WordCache) {
        let numbers = cache.words.prefetch_words(&self.name);
        numbers.for_each(|number| prefetch_index(&cache.at, number as usize));
    }

    /// Asks for the memory of what is known of its words, which is to be read soon.
    pub fn prefetch(&self, cache: &WordCache) {
        for (at, ..) in &self.words {
            let Known { word, lists, common, .. } = &cache.known[*at as usize];
            prefetch(&word.text);
            prefetch(&word.similar);
            prefetch(lists);
            prefetch(common);
        }
    }

    /// Where the customers are who bear a rare word of the name.
    pub fn rare(&self, cache: &WordCache) -> impl Iterator<Item = Stretch> {
        self.words.iter().flat_map(|(at, ..)| &cache.known[*at as usize].lists).copied()
    }

    /// All pairs of common words of the name, and of the place and a word that may identify a
    /// company: a plain one, or any where none is plain.
    pub fn each_pair(&self, place: &Place, cache: &WordCache, mut take: impl FnMut(u64)) {
        let known = |at: &(u32, bool, bool)| &cache.known[at.0 as usize];
        let any_plain = self.words.iter().any(|at| known(at).word.class == WordClass::Plain);
        let places = place_hashes(place);
        for (at, word) in self.words.iter().enumerate() {
            for left in &known(word).common {
                for other in &self.words[at + 1..] {
                    let rights = known(other).common.iter();
                    rights.for_each(|right| take(pair_hash((left.word, right.word))));
                }
                if left.is_plain || !any_plain {
                    places.iter().for_each(|place| take(placed_hash(left.word, *place)));
                }
            }
        }
    }
}

impl WordCache {
    /// Starts anew when full: before accounts that are to be known side by side, for a name holds
    /// numbers.
    pub(super) fn make_room(&mut self) {
        if self.words.len() >= MAX_CACHED {
            self.words.clear();
            self.at.clear();
            self.dotted.clear();
            self.known.clear();
        }
    }

    /// Looks up a word of a name; tells where it is.
    fn resolve(
        &mut self,
        text: &str,
        word: company::NameWord,
        index: &Index,
        rules: &LinkRules,
    ) -> u32 {
        let at = match word.dotted {
            true => self.dotted.entry(word.number).or_insert(UNASKED),
            false => {
                self.at.resize(self.at.len().max(self.words.len()), UNASKED);
                &mut self.at[word.number as usize]
            }
        };
        if *at == UNASKED {
            *at = self.known.len() as u32;
            let resolved = index.words.resolve(text, word.dotted, &rules.words, &rules.names);
            self.known.push(Known::new(resolved, index));
        }
        *at
    }
}

/// The keys of an account: what passes look up and what the comparison sees.
#[derive(Debug, Default)]
pub struct AccountKeys {
    /// The name.
    pub name: AccountName,
    /// Registrable domains with their class, the account's own first.
    pub domains: SmallVec<[(CompactString, DomainClass); 2]>,
    /// Microsoft ids.
    pub ids: SmallVec<[MicrosoftId; 1]>,
    /// The D-U-N-S number.
    pub duns: Option<u32>,
    buffer: String,
}

impl AccountKeys {
    /// Reads the keys of an account as its row gives it, with the domains of its contacts.
    pub fn read(
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
        for raw in &account.microsoft_ids {
            self.add_id(raw);
        }
        self.duns = identifier::duns(account.duns);
    }

    /// Reads the keys again from what was kept of an account.
    pub fn reread(
        &mut self,
        record: &AccountRecord,
        cache: &mut WordCache,
        index: &Index,
        rules: &LinkRules,
    ) {
        self.name.read(record.name(), cache, index, rules);
        self.reread_but_name(record, rules);
    }

    /// Reads all keys again but the name.
    pub(super) fn reread_but_name(&mut self, record: &AccountRecord, rules: &LinkRules) {
        self.domains.clear();
        self.ids.clear();
        let domains = record.domains().map(|domain| (domain.into(), rules.domains.class(domain)));
        self.domains.extend(domains);
        record.microsoft_ids().for_each(|id| self.add_id(id));
        self.duns = identifier::duns(record.duns());
    }

    fn add_domain(&mut self, raw: &str, rules: &LinkRules) {
        let mut buffer = std::mem::take(&mut self.buffer);
        if let Some((domain, class)) = rules.domains.read(raw, &mut buffer)
            && self.domains.len() < 32
            && self.domains.iter().all(|(known, _)| **known != *domain)
        {
            self.domains.push((domain.into(), class));
        }
        self.buffer = buffer;
    }

    fn add_id(&mut self, raw: &str) {
        if let Some(id) = MicrosoftId::read(raw).filter(|id| !self.ids.contains(id)) {
            self.ids.push(id);
        }
    }

    /// The account as the comparison sees it, with its words and its place.
    pub fn side<'k>(&'k self, words: &'k [WordRef<'k>], place: &'k Place) -> AccountSide<'k> {
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
