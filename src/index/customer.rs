//! A customer as it is compared, and how it is read.

use compact_str::CompactString;
use smallvec::SmallVec;

use super::{
    LinkRules,
    blocking_keys::{NameHashes, name_hashes},
    dictionary::{Bits, Similar, UNKNOWN, WordClass, WordId, canonical},
};
use crate::{
    normalise::{
        company::{CompanyName, FormId, KnownWords},
        domain::DomainClass,
        place::{KnownPlaces, Place},
    },
    report::Customer,
    text::{
        fold::Shape,
        id::{self, MicrosoftId},
    },
};

/// A word of a name. The same for both sides of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NameWord {
    /// The word in the report's dictionary, or [`UNKNOWN`].
    pub(crate) id: WordId,
    /// How much it identifies a company.
    pub(crate) bits: Bits,
    /// What it does.
    pub(crate) class: WordClass,
    /// Whether it stood in brackets or in a remark.
    pub(crate) optional: bool,
    /// Whether a dot followed it.
    pub(crate) dotted: bool,
    /// Whether it is (part of) the record's own city.
    pub(crate) in_city: bool,
    /// Enough to know that it is no part of another.
    pub(crate) shape: Shape,
}

/// A word of either side, with its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WordRef<'a> {
    /// The canonical text.
    pub(crate) text: &'a str,
    /// What is known of it.
    pub(crate) word: NameWord,
    /// Words of the report for which it may stand (right side only).
    pub(crate) similar: &'a [Similar],
    /// Words of the report that are, written as one, this word (right side only).
    pub(crate) parts: &'a [WordId],
    /// Whether one of these is a particle (right side only).
    pub(crate) stands_for_particle: bool,
    /// Its bit among the words of cities (right side only).
    pub(crate) in_cities: u16,
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

/// A customer as it is compared.
#[derive(Debug, Default)]
pub(crate) struct CustomerRecord {
    /// The words of its name.
    pub(crate) words: SmallVec<[NameWord; 4]>,
    /// The legal forms of its name.
    pub(crate) forms: SmallVec<[FormId; 2]>,
    /// Whether a legal form stood in front.
    pub(crate) form_in_front: bool,
    /// Its registrable domains.
    pub(crate) domains: SmallVec<[(CompactString, DomainClass); 1]>,
    /// Its place.
    pub(crate) place: Place,
    /// Its Microsoft ids.
    pub(crate) ids: SmallVec<[MicrosoftId; 1]>,
    /// Its D-U-N-S number.
    pub(crate) duns: Option<u32>,
}

/// A customer that has been read.
pub(super) struct Read {
    /// All that is compared, but for what the dictionary says of its words.
    pub(super) record: CustomerRecord,
    /// The words of its name.
    pub(super) texts: SmallVec<[CompactString; 4]>,
    pub(super) hashes: NameHashes,
}

/// What a thread reuses from customer to customer.
#[derive(Default)]
pub(super) struct Reader {
    words: KnownWords,
    places: KnownPlaces,
    name: CompanyName,
}

impl Reader {
    /// All of a customer but which words its name has.
    pub(super) fn read(&mut self, customer: &Customer, rules: &LinkRules) -> Read {
        let Reader { words, places, name } = self;
        if words.is_full() {
            words.clear();
        }
        rules.names.read(&customer.name, words, name);
        let texts: SmallVec<[CompactString; 4]> =
            name.words().map(|(text, _)| canonical(text)).collect();
        let place = [&customer.country, &customer.state, &customer.postal_code];
        let place = place.map(|part| part.as_str());
        let place = rules.places.read_again(place, customer.city.as_str(), places);
        let record = CustomerRecord {
            words: words_of(name, &texts, &place),
            forms: name.forms.clone(),
            form_in_front: name.form_in_front,
            domains: domains_of(customer, rules),
            place,
            ids: ids_of(customer),
            duns: id::duns(&customer.duns),
        };
        Read { record, texts, hashes: name_hashes(name) }
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
    let raw = raw.flat_map(|raw| id::split(raw));
    for raw in raw {
        if let Some((domain, class)) = rules.domains.read(raw, &mut buffer)
            && domains.iter().all(|(known, _): &(CompactString, _)| **known != *domain)
        {
            domains.push((domain.into(), class));
        }
    }
    if domains.is_empty()
        && let Some(domain) = rules.domains.read_name(&customer.name, &mut buffer)
    {
        domains.push((domain.into(), DomainClass::Own));
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

/// Whether a word of four letters or more is (part of) the city of a place.
pub(crate) fn is_city(word: &str, shape: Shape, place: &Place) -> bool {
    word.len() >= 4
        && shape.letters & !place.shape.letters == 0
        && place
            .city
            .split(' ')
            .any(|part| part == word || (part.len() > 4 && canonical(part) == word))
}
