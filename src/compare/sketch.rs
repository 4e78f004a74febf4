//! Records in a few bytes each, so that those of all customers stay at hand: enough to tell that a
//! pair cannot weigh much.

use std::hash::BuildHasher;

use rustc_hash::FxBuildHasher;
use smallvec::SmallVec;

use super::words::WordRef;
use crate::{
    index::{
        NameWord,
        words::{Bits, Likeness, UNKNOWN, WordClass, WordId, hash_of},
    },
    normalise::{
        company::FormId,
        domain::{DomainClass, label},
        identifier::MicrosoftId,
        place::{Place, PlaceSketch},
        text::Shape,
    },
};

/// What a record says beside the words of its name.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
pub struct Sketch {
    /// The place.
    pub place: PlaceSketch,
    /// Hashes of its first usable domains; 0 where there is none.
    pub(super) usable: [u32; 2],
    /// First letters of their labels.
    pub(super) labels: [u8; 2],
    /// The hash of its first domain, usable or not; 0 where it has none.
    pub(super) first: u32,
    /// Whether it has more usable domains than fit.
    pub(super) more: bool,
    /// Bits that stand for its ids.
    pub(super) ids: u32,
    /// Bits that stand for its legal forms.
    pub(super) forms: u32,
    /// Where the words of its name are, among those of all customers.
    pub words: (u32, u8),
}

impl Sketch {
    /// What a record says beside the words of its name.
    pub fn of(
        place: &Place,
        domains: &[(Box<str>, DomainClass)],
        ids: &[MicrosoftId],
        duns: Option<u32>,
        forms: &[FormId],
    ) -> Sketch {
        let mut sketch = Sketch { place: place.sketch(), ..Sketch::default() };
        let hash = |domain: &str| (hash_of(domain.bytes()) >> 32) as u32 | 1;
        sketch.first = domains.first().map_or(0, |(domain, _)| hash(domain));
        let usable = domains.iter().filter(|(_, class)| class.is_usable());
        for (at, (domain, _)) in usable.enumerate() {
            match sketch.usable.get_mut(at) {
                Some(slot) => {
                    *slot = hash(domain);
                    sketch.labels[at] = label(domain).bytes().next().unwrap_or(0);
                }
                None => sketch.more = true,
            }
        }
        let ids = ids.iter().map(|id| FxBuildHasher.hash_one(id));
        let ids = ids.chain(duns.map(|duns| FxBuildHasher.hash_one(duns)));
        sketch.ids = ids.fold(0, |bits, hash| bits | 1 << (hash >> 59));
        sketch.forms = forms.iter().fold(0, |bits, form| bits | 1 << (form & 31));
        sketch
    }

    /// Whether it has neither a domain nor a place.
    pub(super) fn is_bare(&self) -> bool {
        self.first == 0 && self.place.is_bare()
    }
}

/// What a word says by being in one name only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alone {
    Nothing,
    /// Its bits, as an identifying word.
    Plain,
    /// Its bits, as a weak word.
    Weak,
}

/// A word of a name.
#[derive(Debug, Clone, Copy)]
pub struct WordSketch {
    /// The word in the report's dictionary, or what stands for a number.
    pub(super) id: WordId,
    pub(super) shape: Shape,
    pub(super) bits: Bits,
    pub(super) alone: Alone,
    pub(super) optional: bool,
    pub(super) dotted: bool,
}

/// The first id that stands for a number: dictionaries are smaller.
const NUMBERS: WordId = 1 << 31;

impl WordSketch {
    /// A word of a name.
    pub fn of(word: &NameWord) -> WordSketch {
        let alone = match word.class {
            _ if !word.counts() || word.is_initial() => Alone::Nothing,
            WordClass::Particle => Alone::Nothing,
            WordClass::Plain | WordClass::Numeral(_) => Alone::Plain,
            _ => Alone::Weak,
        };
        let id = match word.class {
            WordClass::Numeral(number) => NUMBERS | (number & (NUMBERS - 1)),
            _ => word.id,
        };
        let NameWord { shape, bits, optional, dotted, .. } = *word;
        WordSketch { id, shape, bits, alone, optional, dotted }
    }
}

/// A word of the report for which a word of an account may stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stand {
    /// The word of the report.
    pub(super) id: WordId,
    /// The position of the account's word.
    pub(super) at: u8,
    /// What the account's word tells.
    pub(super) bits: Bits,
    /// Whether they are the same but for typing errors only.
    pub(super) typo: bool,
}

/// The name of an account, and all that its words may stand for.
#[derive(Debug, Default)]
pub struct NameSketch {
    pub(super) words: SmallVec<[WordSketch; 8]>,
    pub(super) stands: SmallVec<[Stand; 16]>,
    /// Bits that stand for the words of the report among `stands`.
    held: u64,
}

impl NameSketch {
    /// Reads the words of an account's name.
    pub fn read(&mut self, words: &[WordRef<'_>]) {
        self.words.clear();
        self.stands.clear();
        for (at, word) in words.iter().enumerate() {
            let sketch = WordSketch::of(&word.word);
            let stand = |id, typo| Stand { id, at: at as u8, bits: sketch.bits, typo };
            let own = (sketch.id != UNKNOWN).then(|| stand(sketch.id, false));
            let similar = word.similar.iter();
            self.stands.extend(own);
            self.stands.extend(similar.map(|other| stand(other.id, other.how == Likeness::Typo)));
            self.words.push(sketch);
        }
        self.held = self.stands.iter().fold(0, |held, stand| held | bit(stand.id));
    }

    /// Whether one of the words may stand for a word of the report, without looking at them.
    pub(super) fn may_hold(&self, word: &WordSketch) -> bool {
        self.held & bit(word.id) != 0
    }
}

fn bit(id: WordId) -> u64 {
    1 << (id.wrapping_mul(0x9e37_79b9) >> 26)
}
