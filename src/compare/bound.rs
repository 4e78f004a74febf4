//! A bound on what a pair can weigh, from numbers alone: most pairs that share a word are told apart
//! without looking at a letter.

use crate::{
    compare::{AccountSide, Level, WordRef},
    index::{
        NameWord, Prepared,
        words::{Bits, Likeness, UNKNOWN, WordClass, WordId},
    },
    normalise::{
        domain::{DomainClass, label},
        text::Shape,
    },
    rules::Matching,
};

/// A word of the report for which a word of an account may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stand {
    /// The word of the report.
    pub id: WordId,
    /// The position of the account's word.
    pub at: u8,
    /// What the account's word tells.
    pub bits: Bits,
    /// Whether they are the same but for typing errors only.
    pub typo: bool,
}

impl Stand {
    /// All that the words of an account may stand for.
    pub fn all<'w>(words: &'w [WordRef<'_>]) -> impl Iterator<Item = Stand> + 'w {
        words.iter().enumerate().flat_map(|(at, word)| {
            let stand = move |id, typo| Stand { id, at: at as u8, bits: word.word.bits, typo };
            let own = (word.word.id != UNKNOWN).then(|| stand(word.word.id, false));
            let typo = |how| how == Likeness::Typo;
            let similar = word.similar.iter().map(move |other| stand(other.id, typo(other.how)));
            own.into_iter().chain(similar)
        })
    }
}

/// What a pair weighs at most, in bits; infinite where a domain or an id agrees: such a pair is kept
/// whatever it weighs.
pub fn upper_bound(customer: &Prepared, account: &AccountSide<'_>, rules: &Matching) -> f64 {
    rules.score.prior + names(customer, account, rules) + keys(customer, account, rules)
}

fn names(customer: &Prepared, account: &AccountSide<'_>, rules: &Matching) -> f64 {
    let weights = &rules.weights;
    let (left, right) = (&customer.words, &account.words);
    let (mut matched, mut typos, mut left_used, mut right_used) = (0u32, 0u32, 0u32, 0u32);
    for (at, word) in left.iter().enumerate() {
        let mut typo = true;
        for stand in account.stands.iter().filter(|stand| same(word, stand, right)) {
            if left_used & (1 << at) == 0 {
                matched += u32::from(word.bits.min(stand.bits));
            }
            left_used |= 1 << at;
            right_used |= 1 << stand.at;
            typo &= stand.typo;
        }
        typos += u32::from(typo && left_used & (1 << at) != 0);
    }
    let open_left = left.iter().enumerate().filter(|(at, _)| left_used & (1 << at) == 0);
    let open_right = right.iter().enumerate().filter(|(at, _)| right_used & (1 << at) == 0);
    let counted = |sum: [u32; 2], word: &NameWord, city: Shape| {
        let [plain, weak] = sum;
        let bits = u32::from(word.bits);
        match word.class {
            _ if !word.counts() || word.shape.letters & !city.letters == 0 => sum,
            _ if word.is_initial() => sum,
            WordClass::Particle => sum,
            WordClass::Plain | WordClass::Numeral(_) => [plain + bits, weak],
            _ => [plain, weak + bits],
        }
    };
    let [left_plain, left_weak] =
        open_left.fold([0, 0], |sum, (_, word)| counted(sum, word, account.place.shape));
    let [right_plain, right_weak] =
        open_right.fold([0, 0], |sum, (_, word)| counted(sum, &word.word, customer.place.shape));
    let (only_left, only_right) = (left_plain + left_weak, right_plain + right_weak);
    if only_left > 0 && only_right > 0 && may_be_joined(left, right, left_used, right_used) {
        return weights.most + weights.complete.max(0.0);
    }
    let bits = |hundredths: u32| f64::from(hundredths) / 100.0;
    let differing = customer.forms.iter().all(|form| !account.forms.contains(form))
        && !customer.forms.is_empty()
        && !account.forms.is_empty();
    let best = match (only_left, only_right) {
        (0, 0) => weights.complete,
        (0, _) | (_, 0) => weights.beginning.max(0.0),
        _ => 0.0,
    };
    let sum = (bits(matched) * weights.matched).min(weights.most)
        + best
        + f64::from(typos) * weights.typos
        + bits(left_plain + right_plain) * weights.extra_plain
        + bits(left_weak + right_weak) * weights.extra_weak
        + bits(only_left.min(only_right)) * weights.instead
        + if differing { weights.forms_differ } else { 0.0 };
    let least = if matched == 0 { weights.least.max(weights.acronym) } else { weights.least };
    sum.max(least)
}

fn same(word: &NameWord, stand: &Stand, right: &[WordRef<'_>]) -> bool {
    word.id == stand.id
        || match (word.class, right[stand.at as usize].word.class) {
            (WordClass::Numeral(left), WordClass::Numeral(right)) => left == right,
            _ => false,
        }
}

/// Whether words without a partner could be one word on one side and two on the other.
fn may_be_joined(left: &[NameWord], right: &[WordRef<'_>], used: u32, right_used: u32) -> bool {
    let ours: smallvec::SmallVec<[NameWord; 8]> = left.iter().copied().collect();
    let theirs: smallvec::SmallVec<[NameWord; 8]> = right.iter().map(|word| word.word).collect();
    written_alike(&ours, &theirs)
        || splits(&ours, used, &theirs, right_used)
        || splits(&theirs, right_used, &ours, used)
}

fn written_alike(left: &[NameWord], right: &[NameWord]) -> bool {
    let whole = |words: &[NameWord]| {
        let mut told = words.iter().filter(|word| !word.optional).map(|word| word.shape);
        let first = told.next()?;
        let joined = told.fold((u32::from(first.length), first.last), |(length, _), next| {
            (length + u32::from(next.length), next.last)
        });
        Some((first.first, joined))
    };
    whole(left).is_some() && whole(left) == whole(right)
}

fn splits(split: &[NameWord], split_used: u32, whole: &[NameWord], whole_used: u32) -> bool {
    let pairs = split.windows(2).enumerate().filter(|(at, _)| split_used & (0b11 << at) == 0);
    let open = || whole.iter().enumerate().filter(|(at, _)| whole_used & (1 << at) == 0);
    pairs.into_iter().any(|(_, pair)| {
        let (first, second) = (pair[0], pair[1].shape);
        open().any(|(_, word)| {
            let full = word.shape.length == first.shape.length.saturating_add(second.length);
            let short = first.dotted && word.shape.length > second.length.saturating_add(3);
            (full || short)
                && word.shape.first == first.shape.first
                && word.shape.last == second.last
        })
    })
}

/// What domains, places and ids weigh at most.
fn keys(customer: &Prepared, account: &AccountSide<'_>, rules: &Matching) -> f64 {
    let weights = &rules.weights;
    let mut sum = domains(customer, account, rules);
    let parts = customer.place.compare_codes(&account.place);
    sum += match parts.postal_code {
        Some(Level::Agrees) => weights.postal_agrees,
        Some(Level::Differs) => weights.postal_differs,
        _ => 0.0,
    };
    sum += match parts.state {
        Some(Level::Agrees) => weights.state_agrees,
        Some(_) => weights.state_differs,
        None => 0.0,
    };
    if parts.country == Some(Level::Differs) {
        sum += weights.country_differs;
    }
    if !customer.place.city.is_empty() && !account.place.city.is_empty() {
        sum += if customer.place.city == account.place.city {
            weights.city_agrees
        } else if customer.place.cities_are_unlike(&account.place) {
            weights.city_differs
        } else {
            weights.city_agrees.max(0.0)
        };
    }
    let duns = customer.duns.is_some() && customer.duns == account.duns;
    if duns || customer.ids.iter().any(|id| account.ids.contains(id)) {
        return f64::INFINITY;
    }
    sum + weights.names_only.max(0.0) + weights.place_moved.max(0.0)
}

fn domains(customer: &Prepared, account: &AccountSide<'_>, rules: &Matching) -> f64 {
    let weights = &rules.weights;
    if customer.domains.is_empty() && account.domains.is_empty() {
        return 0.0;
    }
    let named = weights.label_in_name.max(0.0);
    let usable = |(_, class): &&(Box<str>, DomainClass)| class.is_usable();
    let mut level = None;
    let unlike = weights.domain_differs.max(weights.domain_near);
    for (domain, _) in customer.domains.iter().filter(usable) {
        for (other, _) in account.domains.iter().filter(usable) {
            if domain == other {
                return f64::INFINITY;
            }
            let alike = label(domain).as_bytes().first() == label(other).as_bytes().first();
            let weight = if alike { unlike.max(weights.domain_similar) } else { unlike };
            level = Some(level.map_or(weight, |known: f64| known.max(weight)));
        }
    }
    // The host itself, or nothing to compare.
    named
        + level.unwrap_or(
            if customer
                .domains
                .first()
                .is_some_and(|(domain, _)| account.domains.iter().any(|(other, _)| other == domain))
            {
                weights.domain_agrees
            } else {
                0.0
            },
        )
}
