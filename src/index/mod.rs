//! The report side in memory: every customer prepared for comparison, and the blocks that bring
//! candidates together.

pub mod multimap;
pub mod words;

use std::path::Path;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use self::{
    multimap::Multimap,
    words::{Bits, WordClass, WordId, WordRules, Words, hash_of},
};
use crate::{
    compare::{Sketch, WordSketch, words::WordRef},
    error::Result,
    normalise::{
        company::{CompanyName, FormId, NameRules},
        domain::{DomainClass, DomainRules},
        identifier::{self, MicrosoftId},
        place::{Place, PlaceRules, PlaceSketch},
        text::Shape,
    },
    report::Customer,
};

/// A word of a prepared name. The same for both sides of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameWord {
    /// The word in the report's dictionary, or [`words::UNKNOWN`].
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

/// A customer prepared for comparison.
#[derive(Debug, Default)]
pub struct Prepared {
    /// The words of its name.
    pub words: SmallVec<[NameWord; 4]>,
    /// The legal forms of its name.
    pub forms: SmallVec<[FormId; 2]>,
    /// Whether a legal form stood in front.
    pub form_in_front: bool,
    /// Its registrable domains.
    pub domains: SmallVec<[(Box<str>, DomainClass); 1]>,
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

/// Customers beyond this number under one word, pair of words, name or domain: the key is too
/// common to block on alone.
const MAX_BLOCK: usize = 48;

/// The report side, indexed.
#[derive(Debug, Default)]
pub struct Index {
    /// All customers, in the order of `Customers::list`.
    pub customers: Vec<Prepared>,
    /// The same in a few bytes each.
    sketches: Vec<Sketch>,
    /// The words of their names, which the sketches point to.
    name_words: Vec<WordSketch>,
    /// The dictionary.
    pub words: Words,
    /// Rare word that may identify a company -> customers.
    by_word: Multimap,
    /// Two words that are common or weak -> customers.
    by_pair: Multimap,
    /// All words without blanks -> customers.
    by_name: Multimap,
    /// Registrable domain -> customers.
    by_domain: FxHashMap<Box<str>, SmallVec<[u32; 1]>>,
    by_id: FxHashMap<MicrosoftId, SmallVec<[u32; 1]>>,
    by_duns: FxHashMap<u32, SmallVec<[u32; 1]>>,
}

impl Index {
    /// Indexes all customers.
    pub fn build(customers: &[Customer], rules: &LinkRules) -> Index {
        let mut index = Index::default();
        let mut names = Vec::with_capacity(customers.len());
        for customer in customers {
            let (prepared, name) = index.prepare(customer, rules);
            index.customers.push(prepared);
            names.push(name);
        }
        index.words.finish(customers.len(), &rules.words, &rules.names);
        for prepared in &mut index.customers {
            for word in &mut prepared.words {
                word.bits = index.words.bits(word.id);
                word.class = index.words.class(word.id);
            }
        }
        index.sketch_all();
        index.block(&names);
        index
    }

    fn sketch_all(&mut self) {
        for prepared in &self.customers {
            let Prepared { words, forms, domains, place, ids, duns, .. } = prepared;
            let mut sketch = Sketch::of(place, domains, ids, *duns, forms);
            sketch.words = (self.name_words.len() as u32, words.len() as u8);
            self.sketches.push(sketch);
            self.name_words.extend(words.iter().map(WordSketch::of));
        }
    }

    /// A customer in a few bytes, and the words of its name.
    pub fn sketch(&self, customer: u32) -> (&Sketch, &[WordSketch]) {
        let sketch = &self.sketches[customer as usize];
        let (first, words) = (sketch.words.0 as usize, usize::from(sketch.words.1));
        (sketch, &self.name_words[first..first + words])
    }

    fn prepare(&mut self, customer: &Customer, rules: &LinkRules) -> (Prepared, u64) {
        let mut name = CompanyName::default();
        rules.names.read(&customer.name, &mut name);
        let mut prepared = Prepared {
            forms: name.forms.clone(),
            form_in_front: name.form_in_front,
            place: rules.places.read(
                &customer.country,
                &customer.state,
                &customer.postal_code,
                &customer.city,
            ),
            duns: identifier::duns(&customer.duns),
            ..Prepared::default()
        };
        for (text, word) in name.words() {
            let text = words::canonical(text);
            let id = self.words.observe(&text, word.dotted);
            prepared.words.push(NameWord {
                id,
                bits: 0,
                class: WordClass::Plain,
                optional: word.optional,
                dotted: word.dotted,
                in_city: is_city(&text, &prepared.place.city),
                shape: Shape::of(&text),
            });
        }
        let mut buffer = String::new();
        for raw in [&customer.domain, &customer.tenant_domain] {
            for raw in raw.split([';', ',', ' ']).filter(|raw| !raw.is_empty()) {
                if let Some((domain, class)) = rules.domains.read(raw, &mut buffer)
                    && prepared.domains.iter().all(|(known, _)| **known != *domain)
                {
                    prepared.domains.push((domain.into(), class));
                }
            }
        }
        let raw_ids = [&customer.customer_id, &customer.tenant_id].into_iter();
        for raw in raw_ids.chain(&customer.tpids) {
            if let Some(id) = MicrosoftId::read(raw).filter(|id| !prepared.ids.contains(id)) {
                prepared.ids.push(id);
            }
        }
        let hash = name_hash(&name);
        (prepared, hash)
    }

    fn block(&mut self, names: &[u64]) {
        let (mut by_word, mut by_pair) = (Vec::new(), Vec::new());
        for (at, prepared) in self.customers.iter().enumerate() {
            let at = at as u32;
            let any_plain = prepared.words.iter().any(|word| word.class == WordClass::Plain);
            for word in prepared.words.iter().filter(|word| blocks(word)) {
                let alone = word.class == WordClass::Plain || !any_plain;
                if alone && self.words.customers(word.id) as usize <= MAX_BLOCK {
                    by_word.push((u64::from(word.id), at));
                }
            }
            each_pair(&prepared.words, &self.words, |hash| by_pair.push((hash, at)));
            for (domain, _) in prepared.domains.iter().filter(|(_, class)| class.is_usable()) {
                self.by_domain.entry(domain.clone()).or_default().push(at);
            }
            for id in &prepared.ids {
                self.by_id.entry(id.clone()).or_default().push(at);
            }
            if let Some(duns) = prepared.duns {
                self.by_duns.entry(duns).or_default().push(at);
            }
        }
        self.by_word = Multimap::build(by_word);
        self.by_pair = Multimap::build(by_pair);
        let by_name = names.iter().enumerate().filter(|(_, hash)| **hash != 0);
        self.by_name = Multimap::build(by_name.map(|(at, hash)| (*hash, at as u32)).collect());
    }

    /// The words of a customer's name as the comparison sees them.
    pub fn refs(&self, customer: &Prepared) -> SmallVec<[WordRef<'_>; 8]> {
        let word =
            |word: &NameWord| WordRef { text: self.words.text(word.id), word: *word, similar: &[] };
        customer.words.iter().map(word).collect()
    }

    /// How many domains and numbers more than so many customers hold.
    pub fn crowded_keys(&self, most: usize) -> usize {
        let domains = self.by_domain.values();
        let numbers = self.by_id.values().chain(self.by_duns.values());
        domains.chain(numbers).filter(|customers| customers.len() > most).count()
    }

    /// The customers that hold a registrable domain.
    pub fn with_domain(&self, domain: &str) -> &[u32] {
        self.by_domain.get(domain).map_or(&[], |customers| customers)
    }

    /// The customers that hold a Microsoft id.
    pub fn with_id(&self, id: &MicrosoftId) -> &[u32] {
        self.by_id.get(id).map_or(&[], |customers| customers)
    }

    /// The customers that hold a D-U-N-S number.
    pub fn with_duns(&self, duns: u32) -> &[u32] {
        self.by_duns.get(&duns).map_or(&[], |customers| customers)
    }

    /// Calls `take` with each customer that shares a rare word, once for each.
    pub fn with_word(&self, words: &[SmallVec<[WordId; 4]>], mut take: impl FnMut(u32)) {
        for id in words.iter().flatten() {
            self.by_word.get(u64::from(*id)).iter().for_each(|customer| take(*customer));
        }
    }

    /// Whether the place of a customer contradicts another, as far as [`PlaceSketch`] tells.
    pub fn is_elsewhere(&self, customer: u32, place: &PlaceSketch) -> bool {
        self.sketches[customer as usize].place.contradicts(place)
    }

    /// Whether the place of a customer is far from another, as far as [`PlaceSketch`] tells.
    pub fn is_far(&self, customer: u32, place: &PlaceSketch) -> bool {
        self.sketches[customer as usize].place.is_far_from(place)
    }

    /// The customers that bear the whole name, by its hash; not all where they are many.
    pub fn with_whole_name(&self, name: u64) -> &[u32] {
        let found = self.by_name.get(name);
        &found[..found.len().min(MAX_BLOCK)]
    }

    /// Calls `take` with each customer that shares two common words; one may come several times.
    pub fn with_pair(&self, words: &[SmallVec<[WordId; 4]>], mut take: impl FnMut(u32)) {
        let common = |ids: &'_ SmallVec<[WordId; 4]>| -> SmallVec<[WordId; 3]> {
            let ids = ids.iter().take(3).copied();
            ids.filter(|id| is_common(self.words.class(*id), *id, &self.words)).collect()
        };
        let words: SmallVec<[SmallVec<[WordId; 3]>; 8]> = words.iter().map(common).collect();
        for (at, left) in words.iter().enumerate() {
            for right in &words[at + 1..] {
                for left in left {
                    for right in right {
                        let found = self.by_pair.get(pair_hash(*left, *right));
                        found.iter().take(MAX_BLOCK).for_each(|customer| take(*customer));
                    }
                }
            }
        }
    }
}

/// Whether a word of four letters or more is (part of) a city.
pub fn is_city(word: &str, city: &str) -> bool {
    let shape = Shape::of(word);
    word.len() >= 4
        && shape.letters & !Shape::of(city).letters == 0
        && city
            .split(' ')
            .any(|part| part == word || (part.len() > 4 && words::canonical(part) == word))
}

/// Whether a word can bring candidates together by itself.
fn blocks(word: &NameWord) -> bool {
    !matches!(word.class, WordClass::Particle | WordClass::Numeral(_))
}

/// Whether a word brings candidates together with another only: it is weak, or too many bear it.
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
            take(pair_hash(left.id, right.id));
        }
    }
}

fn pair_hash(left: WordId, right: WordId) -> u64 {
    let (low, high) = (left.min(right), left.max(right));
    (u64::from(high) << 32) | u64::from(low)
}

/// A hash of all words without blanks and particles; 0 for no words.
pub fn name_hash(name: &CompanyName) -> u64 {
    let all = || name.words().filter(|(_, word)| !word.optional);
    let telling = || all().filter(|(_, word)| !word.particle);
    if telling().next().is_some() {
        hash_of(telling().flat_map(|(text, _)| text.bytes()))
    } else if all().next().is_some() {
        hash_of(all().flat_map(|(text, _)| text.bytes()))
    } else {
        0
    }
}
