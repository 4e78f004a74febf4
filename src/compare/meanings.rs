//! Words of the report that the words of an account may stand for.

/// A word of the report that words of the account may stand for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meaning {
    /// Which word of the report.
    pub(super) key: u32,
    /// The positions of the account's words, as bits.
    pub(super) at: u32,
    /// The bits of the account's words, in hundredths.
    pub(super) bits: u32,
    /// Whether they are the same only but for typing errors.
    pub(super) typo: bool,
}

/// The words of the report that words of an account may stand for, each once.
#[derive(Debug)]
pub(super) struct Meanings {
    /// One more than the position in `all` of the last word that falls into a slot; 0 for none.
    slots: [u16; SLOTS],
    /// The words, each with what stood in its slot before.
    all: Vec<(Meaning, u16)>,
}

/// Slots in which the words of an account are looked up.
const SLOTS: usize = 128;

impl Default for Meanings {
    fn default() -> Meanings {
        Meanings { slots: [0; SLOTS], all: Vec::new() }
    }
}

impl Meanings {
    pub(super) fn clear(&mut self) {
        self.all.iter().for_each(|(meaning, _)| self.slots[meaning.key as usize % SLOTS] = 0);
        self.all.clear();
    }

    pub(super) fn add(&mut self, new: Meaning) {
        if let Some(at) = self.position(new.key) {
            let known = &mut self.all[at].0;
            known.at |= new.at;
            known.bits = known.bits.max(new.bits);
            known.typo &= new.typo;
        } else {
            let slot = &mut self.slots[new.key as usize % SLOTS];
            self.all.push((new, *slot));
            *slot = self.all.len() as u16;
        }
    }

    pub(super) fn get(&self, key: u32) -> Option<&Meaning> {
        self.position(key).map(|at| &self.all[at].0)
    }

    /// The positions of the account's words for which several words may stand, as bits.
    pub(super) fn contested(&self) -> u32 {
        let both = |(one, several), (meaning, _): &(Meaning, u16)| {
            (one | meaning.at, several | (one & meaning.at))
        };
        self.all.iter().fold((0, 0), both).1
    }

    fn position(&self, key: u32) -> Option<usize> {
        let mut next = self.slots[key as usize % SLOTS];
        while let Some(at) = usize::from(next).checked_sub(1) {
            if self.all[at].0.key == key {
                return Some(at);
            }
            next = self.all[at].1;
        }
        None
    }
}
