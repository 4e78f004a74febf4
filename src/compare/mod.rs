//! One comparison, one score per candidate pair, from all fields.

pub mod features;
mod level;
mod meanings;
pub mod parameters;
pub mod place;
mod upper_bound;
pub mod words;

pub use self::{
    features::Features,
    level::{Level, Pass, Score},
    parameters::Matching,
    upper_bound::{AtMost, UpperBound},
};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use self::words::{Alignment, Match, align, is_acronym};
use crate::{
    index::{
        CustomerRecord, Index, WordRef,
        dictionary::{WordClass, canonical},
        is_city,
    },
    normalise::{
        company::FormId,
        domain::{DomainClass, label},
        place::Place,
    },
    text::id::MicrosoftId,
};

/// The levels of all fields of a candidate pair, and its score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// From all fields together.
    pub score: Score,
    /// The match weight (log2 odds) behind the score, in hundredths of a bit.
    pub weight: i32,
    /// The strongest agreeing key in the order of passes; `None` for a pair that only a verdict
    /// brought together.
    pub pass: Option<Pass>,
    /// Registrable domains.
    pub domain: Level,
    /// Company names.
    pub name: Level,
    /// Microsoft ids and D-U-N-S.
    pub id: Level,
    /// Country, postal code, city.
    pub place: Level,
    /// Whether anything but the domain supports the pair: place, id, a shared rare word, the
    /// domain's label in the name. A stray address makes a stranger hold a domain, so that its label
    /// says nothing under another place.
    pub supported: bool,
    /// Whether the only key that agrees is one that several customers hold: a group's domain, a
    /// top parent's number.
    pub family: bool,
}

impl Comparison {
    /// Whether the pair is at or above a limit, or has an equal domain or id, whatever else differs.
    pub fn reaches(&self, limit: Score) -> bool {
        self.domain == Level::Agrees || self.id == Level::Agrees || self.score >= limit
    }
}

/// An account as it is compared; the customer's side is [`CustomerRecord`].
#[derive(Debug)]
pub struct AccountSide<'a> {
    /// The words of its name.
    pub words: &'a [WordRef<'a>],
    /// The legal forms of its name.
    pub forms: &'a [FormId],
    /// Whether a legal form stood in front.
    pub form_in_front: bool,
    /// Its registrable domains.
    pub domains: &'a [(CompactString, DomainClass)],
    /// Its place.
    pub place: &'a Place,
    /// Its Microsoft ids.
    pub ids: &'a [MicrosoftId],
    /// Its D-U-N-S number.
    pub duns: Option<u32>,
}

/// What a comparison saw: the features, and the words behind them.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Which words belong together.
    pub alignment: Alignment,
    /// What was found in each field.
    pub features: Features,
    /// Whether all words that count are on both sides.
    pub complete: bool,
}

/// Compares a customer with an account.
pub fn compare(
    index: &Index,
    customer: &CustomerRecord,
    account: &AccountSide<'_>,
    rules: &Matching,
) -> (Comparison, Evidence) {
    let mut left: SmallVec<[WordRef<'_>; 8]> = SmallVec::new();
    left.extend(index.refs(customer));
    let mut evidence = names(&left, customer, account);
    let (domain, shared) = domains(index, customer, account);
    let (id, id_shared) = ids(index, customer, account);
    let parts = customer.place.compare(account.place);
    let place = parts.level();
    let features = &mut evidence.features;
    let flag = |holds: bool| if holds { 1.0 } else { 0.0 };
    features.domain_agrees = flag(domain == Level::Agrees);
    let alike = domain == Level::Similar;
    features.domain_shared = f64::from(if alike { 1 } else { shared.max(1) }).log2();
    features.domain_differs = flag(domain == Level::Differs);
    features.domain_similar = flag(alike && shared == SAME_LABEL);
    features.domain_near = flag(alike && shared != SAME_LABEL);
    features.postal_agrees = flag(parts.postal_code == Some(Level::Agrees));
    features.postal_differs = flag(parts.postal_code == Some(Level::Differs));
    features.city_agrees = flag(parts.city == Some(Level::Agrees));
    features.city_differs = flag(parts.city == Some(Level::Differs));
    features.state_agrees = flag(parts.state == Some(Level::Agrees));
    features.state_differs = flag(parts.state == Some(Level::Differs));
    features.country_differs = flag(parts.country == Some(Level::Differs));
    let moved = parts.city == Some(Level::Differs) || parts.postal_code == Some(Level::Differs);
    features.place_moved = flag(domain == Level::Agrees && moved);
    features.id_agrees = flag(id == Level::Agrees);
    features.id_shared = f64::from(id_shared.max(1)).log2();
    let bare = |place: &Place, domains: &[(CompactString, DomainClass)]| {
        place.postal_code.is_empty() && place.city.is_empty() && domains.is_empty()
    };
    let elsewhere = parts.state == Some(Level::Differs);
    let names_only =
        bare(&customer.place, &customer.domains) || bare(account.place, account.domains);
    features.names_only = flag(names_only && !elsewhere);
    let same = evidence.complete && evidence.features.typos == 0.0;
    let label = !same && label_in_name(customer, account, &left);
    evidence.features.label_in_name = flag(label);
    let name = name_level(&evidence);
    let sum = evidence.features.sum(&rules.weights) + rules.score.prior;
    let score = rules.similarity(sum);
    let rare_word = evidence.features.matched >= rules.limits.rare_word;
    let comparison = Comparison {
        score: Score::new((score * 10_000.0).round() as u16),
        weight: (sum * 100.0).round() as i32,
        pass: pass(domain, name, id),
        domain,
        name,
        id,
        place,
        supported: place == Level::Agrees
            || id == Level::Agrees
            || rare_word
            || (label && place != Level::Differs),
        family: name != Level::Agrees
            && (domain == Level::Agrees || id == Level::Agrees)
            && (domain != Level::Agrees || shared > 1)
            && (id != Level::Agrees || id_shared > 1),
    };
    (comparison, evidence)
}

fn pass(domain: Level, name: Level, id: Level) -> Option<Pass> {
    if domain == Level::Agrees {
        Some(Pass::Domain)
    } else if matches!(name, Level::Agrees | Level::Similar) {
        Some(Pass::Name)
    } else {
        (id == Level::Agrees).then_some(Pass::Id)
    }
}

fn name_level(evidence: &Evidence) -> Level {
    if evidence.alignment.left_words == 0 {
        Level::MissingLeft
    } else if evidence.alignment.right_words == 0 {
        Level::MissingRight
    } else if evidence.complete && evidence.features.is_similar() {
        Level::Agrees
    } else if evidence.features.is_similar() {
        Level::Similar
    } else {
        Level::Differs
    }
}

/// Finds what the names of a pair have in common and by what they differ.
fn names(left: &[WordRef<'_>], customer: &CustomerRecord, account: &AccountSide<'_>) -> Evidence {
    let right = account.words;
    let alignment = align(left, right);
    let mut features = Features::default();
    let flag = |holds: bool| if holds { 1.0 } else { 0.0 };
    let mut counted = 0u32;
    for pair in &alignment.matched {
        let (one, other) = (&left[pair.left as usize], &right[pair.right as usize]);
        if counted & (1 << pair.left) != 0 && pair.how == Match::Joined {
            continue;
        }
        counted |= 1 << pair.left;
        features.matched += f64::from(one.word.bits.min(other.word.bits)) / 100.0;
        features.typos += flag(pair.how == Match::Typo);
    }
    let (plain, weak, left_complete) = unmatched(left, alignment.left_used, account.place);
    let (more_plain, more_weak, right_complete) =
        unmatched(right, alignment.right_used, &customer.place);
    features.extra_plain = plain + more_plain;
    features.extra_weak = weak + more_weak;
    features.instead = (plain + weak).min(more_plain + more_weak);
    let forms = (&customer.forms, account.forms);
    let both = !forms.0.is_empty() && !forms.1.is_empty();
    features.forms_differ = flag(both && !forms.0.iter().any(|form| forms.1.contains(form)));
    features.form_moved = flag(both && customer.form_in_front != account.form_in_front);
    let numbers = (numerals(left), numerals(right));
    let missing = numbers.0.is_empty() != numbers.1.is_empty();
    features.numerals_missing = flag(missing);
    features.numerals_differ = flag(!missing && numbers.0 != numbers.1);
    let complete = left_complete && right_complete && !alignment.matched.is_empty();
    features.complete = flag(complete);
    let beginning = !complete && (left_complete || right_complete) && alignment.in_order();
    features.beginning = flag(beginning);
    features.weak_rest = flag(beginning && features.extra_plain == 0.0);
    if !complete && alignment.matched.is_empty() && is_acronym(left, right) {
        features = Features { acronym: 1.0, ..Features::default() };
    }
    Evidence { alignment, features, complete }
}

/// What a person's initial in a name tells, in bits: about one letter.
const INITIAL: f64 = 4.0;

/// The bits of the words that only one side has, identifying and weak, and whether there is none
/// that counts. Words in brackets and the city of either record do not count.
fn unmatched(words: &[WordRef<'_>], used: u32, other: &Place) -> (f64, f64, bool) {
    let (mut plain, mut weak, mut complete) = (0.0, 0.0, true);
    for (at, word) in words.iter().enumerate() {
        let in_city = || is_city(word.text, word.word.shape, other);
        if used & (1 << at) != 0 || !word.word.counts() || in_city() {
            continue;
        }
        let bits = f64::from(word.word.bits) / 100.0;
        match word.word.class {
            _ if word.word.is_initial() => plain += INITIAL,
            WordClass::Particle => continue,
            WordClass::Plain | WordClass::Numeral(_) => plain += bits,
            _ => weak += bits,
        }
        complete = false;
    }
    (plain, weak, complete)
}

fn numerals(words: &[WordRef<'_>]) -> SmallVec<[u32; 2]> {
    let mut numbers: SmallVec<[u32; 2]> = words
        .iter()
        .filter(|word| !word.word.optional)
        .filter_map(|word| match word.word.class {
            WordClass::Numeral(number) => Some(number),
            _ => None,
        })
        .collect();
    numbers.sort_unstable();
    numbers
}

/// Stands for the number of customers where domains are alike: they have one label.
const SAME_LABEL: u32 = 2;

/// The level of the domains, and how many customers share the one that agrees.
fn domains(index: &Index, customer: &CustomerRecord, account: &AccountSide<'_>) -> (Level, u32) {
    let usable = |domains: &'_ [(CompactString, DomainClass)]| {
        domains.iter().filter(|(_, class)| class.is_usable()).count()
    };
    let (left, right) = (usable(&customer.domains), usable(account.domains));
    if customer.domains.is_empty() {
        return (Level::MissingLeft, 0);
    } else if account.domains.is_empty() {
        return (Level::MissingRight, 0);
    } else if left == 0 || right == 0 {
        return if is_host_itself(index, customer, account) {
            (Level::Agrees, 1)
        } else {
            (Level::NotUsable, 0)
        };
    }
    let own = customer.domains.iter().filter(|(_, class)| class.is_usable());
    let mut found = (Level::Differs, 0);
    for (domain, _) in own {
        for (other, _) in account.domains.iter().filter(|(_, class)| class.is_usable()) {
            if domain == other {
                return (Level::Agrees, index.with_domain(domain).len() as u32);
            }
            match labels(label(domain), label(other)) {
                Labels::Same => found = (Level::Similar, SAME_LABEL),
                Labels::Near if found.1 != SAME_LABEL => found = (Level::Similar, 0),
                _ => {}
            }
        }
    }
    found
}

/// Whether both sides are the company whose domain it is that proves nothing for its users: the
/// domain's label is the name of either.
fn is_host_itself(index: &Index, customer: &CustomerRecord, account: &AccountSide<'_>) -> bool {
    customer.domains.iter().any(|(domain, class)| {
        matches!(class, DomainClass::SharedHost | DomainClass::FreeMail)
            && account.domains.iter().any(|(other, _)| other == domain)
            && is_named(label(domain), index.refs(customer))
            && is_named(label(domain), account.words.iter().copied())
    })
}

/// Whether a label is the words of a name that count, written as one.
fn is_named<'w>(label: &str, words: impl Iterator<Item = WordRef<'w>>) -> bool {
    let mut rest = label;
    let mut counted = words.filter(|word| word.word.counts());
    let all = counted.all(|word| {
        let next = rest.strip_prefix(word.text);
        rest = next.unwrap_or(rest);
        next.is_some()
    });
    all && rest.is_empty()
}

/// How the labels of two domains compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Labels {
    /// The same letters, hyphens aside.
    Same,
    /// One holds the other, or both begin alike.
    Near,
    Unlike,
}

fn labels(left: &str, right: &str) -> Labels {
    let letters = |label: &'_ str| -> SmallVec<[u8; 32]> {
        label.bytes().filter(|byte| *byte != b'-').collect()
    };
    let (left, right) = (letters(left), letters(right));
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    let common = short.iter().zip(&long).take_while(|(one, other)| one == other).count();
    let held = || long.windows(short.len()).any(|part| part == short.as_slice());
    if short.len() < 4 {
        Labels::Unlike
    } else if short == long {
        Labels::Same
    } else if common >= 6 || (short.len() >= 5 && held()) {
        Labels::Near
    } else {
        Labels::Unlike
    }
}

/// The level of the ids, and how many customers share the one that agrees.
fn ids(index: &Index, customer: &CustomerRecord, account: &AccountSide<'_>) -> (Level, u32) {
    if let Some(duns) = customer.duns.filter(|_| customer.duns == account.duns) {
        return (Level::Agrees, index.with_duns(duns).len() as u32);
    }
    let agreeing = customer.ids.iter().filter(|id| account.ids.contains(id));
    if let Some(shared) = agreeing.map(|id| index.with_id(id).len() as u32).min() {
        return (Level::Agrees, shared);
    }
    let left = !customer.ids.is_empty() || customer.duns.is_some();
    let right = !account.ids.is_empty() || account.duns.is_some();
    let comparable = (customer.duns.is_some() && account.duns.is_some())
        || customer.ids.iter().any(|left| account.ids.iter().any(|right| left.same_shape(right)));
    match (left, right) {
        (false, _) => (Level::MissingLeft, 0),
        (_, false) => (Level::MissingRight, 0),
        _ if comparable => (Level::Differs, 0),
        _ => (Level::NotUsable, 0),
    }
}

/// Whether the label of one side's domain is the other side's name written without blanks, or its
/// identifying beginning.
fn label_in_name(
    customer: &CustomerRecord,
    account: &AccountSide<'_>,
    left: &[WordRef<'_>],
) -> bool {
    let one = |domains: &[(CompactString, DomainClass)], words: &[WordRef<'_>]| {
        let usable = domains.iter().filter(|(_, class)| class.is_usable());
        let tenant = domains.iter().filter(|(_, class)| *class == DomainClass::TenantDefault);
        usable.chain(tenant).any(|(domain, _)| spells(label(domain), words))
    };
    one(&customer.domains, account.words) || one(account.domains, left)
}

/// Whether a label spells the words of a name from the first on, the first five letters at least,
/// with nothing left over. Words have lost their plural ending, the label has not.
fn spells(label: &str, words: &[WordRef<'_>]) -> bool {
    // The first letter tells most apart.
    let first = label.bytes().find(|byte| *byte != b'-');
    let is_other = words.first().is_none_or(|word| word.text.bytes().next() != first);
    if is_other && first != Some(b's') {
        return false;
    }
    let letters = match label.contains('-') {
        true => canonical(&label.replace('-', "")),
        false => canonical(label),
    };
    let mut rest = letters.as_str();
    let mut spelled = 0;
    for word in words {
        let next = rest.strip_prefix(word.text);
        let next = next.or_else(|| rest.strip_prefix('s')?.strip_prefix(word.text));
        let Some(next) = next else { break };
        spelled += word.text.len();
        rest = next;
    }
    spelled >= 5 && (rest.is_empty() || rest == "s")
}
