//! The report side in memory: every customer prepared for comparison, and the blocks that bring
//! candidates together.

pub mod dictionary;
pub mod postings;
pub mod signature;

use std::{cell::RefCell, hash::BuildHasher, path::Path};

use compact_str::CompactString;
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;
use smallvec::SmallVec;
use thread_local::ThreadLocal;

use self::{
    dictionary::{Bits, Similar, UNKNOWN, WordClass, WordId, WordRules, Words},
    postings::{PostingRange, Postings},
    signature::Signature,
};
use crate::{
    error::Result,
    normalise::{
        company::{CompanyName, FormId, KnownWords, NameRules},
        domain::{DomainClass, DomainRules},
        place::{KnownPlaces, Place, PlaceRules},
    },
    report::Customer,
    text::{
        fold::Shape,
        hash::{hash_of, hash_of_all},
        id::{self, MicrosoftId},
    },
};

/// A word of a prepared name. The same for both sides of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameWord {
    /// The word in the report's dictionary, or [`dictionary::UNKNOWN`].
    pub id: WordId,
    /// What it tells.
    pub bits: Bits,
    /// What it does.
    pub class: WordClass,
    /// Whether it stood in brackets or in a remark.
    pub optional: bool,
    /// Whether a dot followed it.
    pub dotted: bool,
    /// Whether it is (part of) the record's own city.
    pub in_city: bool,
    /// Enough to tell that it is no part of another.
    pub shape: Shape,
}

/// A word of either side, with its text.
#[derive(Debug, Clone, Copy)]
pub struct WordRef<'a> {
    /// The canonical text.
    pub text: &'a str,
    /// What is known of it.
    pub word: NameWord,
    /// Words of the report for which it may stand (right side only).
    pub similar: &'a [Similar],
    /// Words of the report that are, written as one, this word (right side only).
    pub parts: &'a [WordId],
    /// Whether one of these is a particle (right side only).
    pub stands_for_particle: bool,
    /// Its bit among the words of cities (right side only).
    pub in_cities: u16,
}

impl NameWord {
    /// Whether it is an article or the like.
    pub(crate) fn is_particle(&self) -> bool {
        self.class == WordClass::Particle
    }

    /// Whether it is a person's initial, and no article or conjunction of one letter.
    pub(crate) fn is_initial(&self) -> bool {
        self.dotted && self.shape.length == 1
    }

    /// Whether a name misses the word where it is not there.
    pub(crate) fn counts(&self) -> bool {
        !self.optional && !self.in_city
    }
}

/// A customer prepared for comparison.
#[derive(Debug, Default)]
pub struct CustomerRecord {
    /// The words of its name.
    pub words: SmallVec<[NameWord; 4]>,
    /// The legal forms of its name.
    pub forms: SmallVec<[FormId; 2]>,
    /// Whether a legal form stood in front.
    pub form_in_front: bool,
    /// Its registrable domains.
    pub domains: SmallVec<[(CompactString, DomainClass); 1]>,
    /// Its place.
    pub place: Place,
    /// Its Microsoft ids.
    pub ids: SmallVec<[MicrosoftId; 1]>,
    /// Its D-U-N-S number.
    pub duns: Option<u32>,
}

/// All tables that linking needs.
#[derive(Debug, Default)]
pub struct LinkRules {
    /// How names are read.
    pub names: NameRules,
    /// How words weigh.
    pub words: WordRules,
    /// What domains may prove.
    pub domains: DomainRules,
    /// How places are read.
    pub places: PlaceRules,
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

/// A word, two words, or a word and a place that more customers bear are too common to bring
/// anybody together by themselves.
pub const MAX_BLOCK: usize = 12;

/// Customers beyond this number that bear one whole name are not compared by it.
const MAX_NAMESAKES: usize = 48;

/// The report side, indexed.
#[derive(Debug, Default)]
pub struct Index {
    /// All customers, in the order of `Customers::list`.
    pub customers: Vec<CustomerRecord>,
    /// The dictionary.
    pub words: Words,
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
            for Read { mut prepared, texts, hashes } in read.into_iter().flatten() {
                index.observe(&mut prepared, &texts);
                index.customers.push(prepared);
                names.push(hashes);
            }
        }
        index.words.finish(customers.len(), &rules.words, &rules.names);
        for prepared in &mut index.customers {
            for word in &mut prepared.words {
                word.bits = index.words.bits(word.id);
                word.class = index.words.class(word.id);
            }
        }
        index.block(&names);
        index
    }

    /// Notes the words of a customer's name.
    fn observe(&mut self, prepared: &mut CustomerRecord, texts: &[CompactString]) {
        for (word, text) in prepared.words.iter_mut().zip(texts) {
            word.id = self.words.observe(text, word.dotted);
        }
        let pairs = prepared.words.windows(2).map(|pair| (pair[0].id, pair[1].id, pair[0].dotted));
        pairs.for_each(|(first, second, dotted)| {
            self.words.observe_neighbours(first, second, dotted);
        });
    }

    fn block(&mut self, names: &[NameHashes]) {
        let (mut by_word, mut by_pair) = (Vec::new(), Vec::new());
        let (mut by_domain, mut by_id, mut by_duns) = (Vec::new(), Vec::new(), Vec::new());
        for (at, prepared) in self.customers.iter().enumerate() {
            let at = at as u32;
            let NameKeys { words, pairs } = self.name_keys(prepared);
            by_word.extend(words.into_iter().map(|word| (u64::from(word), at)));
            by_pair.extend(pairs.into_iter().map(|pair| (pair, at)));
            for (domain, _) in prepared.domains.iter().filter(|(_, class)| class.is_usable()) {
                by_domain.push((hash_of(domain.bytes()), at));
            }
            by_id.extend(prepared.ids.iter().map(|id| (FxBuildHasher.hash_one(id), at)));
            by_duns.extend(prepared.duns.map(|duns| (u64::from(duns), at)));
        }
        [self.by_domain, self.by_id, self.by_duns] =
            [by_domain, by_id, by_duns].map(Postings::build);
        let by_name = names
            .iter()
            .enumerate()
            .flat_map(|(at, hashes)| hashes.iter().map(move |hash| (*hash, at as u32)));
        let by_name = by_name.collect();
        let of_customer = |(at, prepared)| Signature::of(at as u32, prepared);
        let glances: Vec<Signature> =
            self.customers.par_iter().enumerate().map(of_customer).collect();
        let glance = |customer: u32| glances[customer as usize];
        let listed = |pairs, most| Postings::build_of_few(pairs, most).map(glance);
        let ((by_word, by_pair), by_name) = rayon::join(
            || rayon::join(|| listed(by_word, MAX_BLOCK), || listed(by_pair, MAX_BLOCK)),
            || listed(by_name, usize::MAX),
        );
        (self.by_word, self.by_pair, self.by_name) = (by_word, by_pair, by_name);
    }

    /// What a customer is found by as a part of its name: words that few bear by themselves, others
    /// with a place; pairs of common words.
    fn name_keys(&self, prepared: &CustomerRecord) -> NameKeys {
        let mut keys = NameKeys::default();
        let places = place_hashes(&prepared.place);
        let any_plain = prepared.words.iter().any(|word| word.class == WordClass::Plain);
        for word in prepared.words.iter().filter(|word| blocks(word)) {
            if any_plain && word.class != WordClass::Plain {
                continue;
            }
            if self.words.customers(word.id) as usize <= MAX_BLOCK {
                keys.words.push(word.id);
            } else {
                keys.pairs.extend(places.iter().map(|place| placed_hash(word.id, *place)));
            }
        }
        each_pair(&prepared.words, &self.words, |pair| keys.pairs.push(pair));
        keys
    }

    /// How many customers no part of their names brings to an account, since too many bear each:
    /// they are found by their whole names, domains and numbers.
    pub fn crowded_names(&self) -> usize {
        let is_crowded = |prepared: &&CustomerRecord| {
            let NameKeys { words, pairs } = self.name_keys(prepared);
            let is_word = words.iter().any(|word| self.find_word(*word).is_some());
            let is_pair = pairs.iter().any(|pair| self.by_pair.find(*pair).is_some());
            prepared.words.iter().any(blocks) && !is_word && !is_pair
        };
        self.customers.par_iter().filter(is_crowded).count()
    }

    /// The words of a customer's name as the comparison sees them.
    pub fn refs<'c>(&'c self, customer: &'c CustomerRecord) -> impl Iterator<Item = WordRef<'c>> {
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
    pub fn crowded_keys(&self, most: usize) -> usize {
        let keys = [&self.by_domain, &self.by_id, &self.by_duns];
        keys.into_iter().flat_map(Postings::lengths).filter(|customers| *customers > most).count()
    }

    /// The customers that hold a registrable domain.
    pub fn with_domain(&self, domain: &str) -> &[u32] {
        self.by_domain.get(hash_of(domain.bytes()))
    }

    /// The customers that hold a Microsoft id.
    pub fn with_id(&self, id: &MicrosoftId) -> &[u32] {
        self.by_id.get(FxBuildHasher.hash_one(id))
    }

    /// The customers that hold a D-U-N-S number.
    pub fn with_duns(&self, duns: u32) -> &[u32] {
        self.by_duns.get(u64::from(duns))
    }

    /// Where the customers are that bear a word, where it is rare and may identify a company.
    pub fn find_word(&self, word: WordId) -> Option<PostingRange> {
        self.by_word.find(u64::from(word))
    }

    /// The customers that bear a rare word.
    pub fn with_word(&self, word: PostingRange) -> &[Signature] {
        self.by_word.list(word)
    }

    /// The customers that bear the whole name, by its hash; not all where they are many.
    pub fn with_whole_name(&self, name: u64) -> &[Signature] {
        few(self.by_name.get(name))
    }

    /// The customers that bear two common words, or one and a place, by [`pair_hash`] and
    /// [`placed_hash`]; none where they are many.
    pub fn with_pair(&self, pair: u64) -> &[Signature] {
        self.by_pair.get(pair)
    }

    /// Whether a word brings candidates together with another or a place only: it is weak, or too
    /// many bear it.
    pub fn is_common(&self, word: WordId) -> bool {
        is_common(self.words.class(word), word, &self.words)
    }
}

/// What a customer is found by as a part of its name.
#[derive(Default)]
struct NameKeys {
    /// Words by themselves.
    words: SmallVec<[WordId; 4]>,
    /// Pairs of words, and of a word and a place.
    pairs: SmallVec<[u64; 12]>,
}

/// Customers that all threads read before their words are noted, one customer after the other.
const READ_TOGETHER: usize = 2048;

/// Customers that a thread reads at once.
const READ_AT_ONCE: usize = 128;

/// A customer that has been read.
struct Read {
    /// All that is compared but which words they are and what they tell.
    prepared: CustomerRecord,
    /// The words of its name.
    texts: SmallVec<[CompactString; 4]>,
    hashes: NameHashes,
}

/// What a thread reuses from customer to customer.
#[derive(Default)]
struct Reader {
    words: KnownWords,
    places: KnownPlaces,
    name: CompanyName,
}

impl Reader {
    fn read(&mut self, customer: &Customer, rules: &LinkRules) -> Read {
        let Reader { words, places, name } = self;
        if words.is_full() {
            words.clear();
        }
        rules.names.read(&customer.name, words, name);
        let texts: SmallVec<[CompactString; 4]> =
            name.words().map(|(text, _)| dictionary::canonical(text)).collect();
        let place = [&customer.country, &customer.state, &customer.postal_code];
        let place = place.map(|part| part.as_str());
        let place = rules.places.read_again(place, customer.city.as_str(), places);
        let prepared = CustomerRecord {
            words: words_of(name, &texts, &place),
            forms: name.forms.clone(),
            form_in_front: name.form_in_front,
            domains: domains_of(customer, rules),
            place,
            ids: ids_of(customer),
            duns: id::duns(&customer.duns),
        };
        Read { prepared, texts, hashes: name_hashes(name) }
    }
}

/// The words of a name, of which nothing is known yet.
fn words_of(name: &CompanyName, texts: &[CompactString], place: &Place) -> SmallVec<[NameWord; 4]> {
    let words = name.words().zip(texts).map(|((_, word), text)| {
        let shape = Shape::of(text);
        NameWord {
            id: UNKNOWN,
            bits: 0,
            class: WordClass::Plain,
            optional: word.optional,
            dotted: word.dotted,
            in_city: is_city(text, shape, place),
            shape,
        }
    });
    words.collect()
}

fn domains_of(
    customer: &Customer,
    rules: &LinkRules,
) -> SmallVec<[(CompactString, DomainClass); 1]> {
    let (mut domains, mut buffer) = (SmallVec::new(), String::new());
    let raw = [&customer.domain, &customer.tenant_domain].into_iter();
    for raw in raw.flat_map(|raw| id::split(raw)) {
        if let Some((domain, class)) = rules.domains.read(raw, &mut buffer)
            && domains.iter().all(|(known, _): &(CompactString, _)| **known != *domain)
        {
            domains.push((domain.into(), class));
        }
    }
    domains
}

fn ids_of(customer: &Customer) -> SmallVec<[MicrosoftId; 1]> {
    let mut ids = SmallVec::new();
    let raw = [&customer.customer_id, &customer.tenant_id].into_iter().chain(&customer.tpids);
    for id in raw.filter_map(|raw| MicrosoftId::read(raw)) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

fn few(customers: &[Signature]) -> &[Signature] {
    &customers[..customers.len().min(MAX_NAMESAKES)]
}

/// Whether a word of four letters or more is (part of) the city of a place.
pub fn is_city(word: &str, shape: Shape, place: &Place) -> bool {
    word.len() >= 4
        && shape.letters & !place.shape.letters == 0
        && place
            .city
            .split(' ')
            .any(|part| part == word || (part.len() > 4 && dictionary::canonical(part) == word))
}

/// Whether a word can bring candidates together by itself.
fn blocks(word: &NameWord) -> bool {
    !matches!(word.class, WordClass::Particle | WordClass::Numeral(_))
}

/// As [`Index::is_common`], of a word of the dictionary.
fn is_common(class: WordClass, id: WordId, dictionary: &Words) -> bool {
    class != WordClass::Plain || dictionary.customers(id) as usize > MAX_BLOCK
}

/// The hashes of all pairs of a name's common words, the four rarest only.
fn each_pair(words: &[NameWord], dictionary: &Words, mut take: impl FnMut(u64)) {
    let mut common: SmallVec<[&NameWord; 8]> = words
        .iter()
        .filter(|word| blocks(word))
        .filter(|word| is_common(word.class, word.id, dictionary))
        .collect();
    common.sort_by_key(|word| (std::cmp::Reverse(word.bits), word.id));
    common.truncate(4);
    for (at, left) in common.iter().enumerate() {
        for right in &common[at + 1..] {
            take(pair_hash((left.id, right.id)));
        }
    }
}

/// What two common words are found by.
pub fn pair_hash((left, right): (WordId, WordId)) -> u64 {
    let (low, high) = (left.min(right), left.max(right));
    (u64::from(high) << 32) | u64::from(low)
}

/// Hashes of the postal code and the city of a place, as far as it has them.
pub fn place_hashes(place: &Place) -> SmallVec<[u64; 2]> {
    let code = (!place.postal_code.is_empty()).then(|| hash_of(place.postal_code.bytes()));
    let city = (!place.city.is_empty()).then_some(place.city_hash());
    code.into_iter().chain(city).collect()
}

/// What a common word is found by together with one of the [`place_hashes`].
pub fn placed_hash(word: WordId, place: u64) -> u64 {
    FxBuildHasher.hash_one((word, place))
}

/// What a whole name is found by.
pub type NameHashes = SmallVec<[u64; 2]>;

/// Hashes of a name's words without blanks: of all but particles, and of all where that is another.
/// None for a name without words.
pub fn name_hashes(name: &CompanyName) -> NameHashes {
    let all = || name.words().filter(|(_, word)| !word.optional);
    let telling = || all().filter(|(_, word)| !word.particle);
    let mut hashes = NameHashes::new();
    if telling().next().is_some() {
        hashes.push(hash_of_all(telling().map(|(text, _)| text)));
    }
    if all().any(|(_, word)| word.particle) {
        hashes.push(hash_of_all(all().map(|(text, _)| text)));
    }
    hashes
}
