//! How the domains of a pair compare, and whether one spells the other side's name.

use compact_str::CompactString;
use smallvec::SmallVec;

use super::{AccountSide, Features, Level, features::flag};
use crate::{
    index::{CustomerRecord, Index, WordRef, dictionary::canonical},
    normalise::domain::{DomainClass, label},
};

/// How the domains of a pair compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Domains {
    pub(super) level: Level,
    /// How many customers share the domain that agrees.
    pub(super) shared: u32,
    /// Whether domains that are similar have one label.
    pub(super) same_label: bool,
}

impl Domains {
    /// Domains of a level that no two customers share.
    pub(super) fn at(level: Level) -> Domains {
        Domains { level, shared: 1, same_label: false }
    }

    /// Notes what it means for the pair.
    pub(super) fn note(self, features: &mut Features) {
        let alike = self.level == Level::Similar;
        features.domain_agrees = flag(self.level == Level::Agrees);
        features.domain_shared = f64::from(self.shared.max(1)).log2();
        features.domain_differs = flag(self.level == Level::Differs);
        features.domain_similar = flag(alike && self.same_label);
        features.domain_near = flag(alike && !self.same_label);
    }
}

/// Compares the domains of a pair.
pub(super) fn domains(
    index: &Index,
    customer: &CustomerRecord,
    account: &AccountSide<'_>,
) -> Domains {
    let usable = |domains: &'_ [(CompactString, DomainClass)]| {
        domains.iter().any(|(_, class)| class.is_usable())
    };
    if customer.domains.is_empty() {
        Domains::at(Level::MissingLeft)
    } else if account.domains.is_empty() {
        Domains::at(Level::MissingRight)
    } else if usable(&customer.domains) && usable(account.domains) {
        usable_domains(index, customer, account)
    } else if is_host_itself(index, customer, account) {
        Domains::at(Level::Agrees)
    } else {
        Domains::at(Level::NotUsable)
    }
}

/// Compares the usable domains of a pair: both have some.
fn usable_domains(index: &Index, customer: &CustomerRecord, account: &AccountSide<'_>) -> Domains {
    let mut found = Domains::at(Level::Differs);
    for (domain, _) in customer.domains.iter().filter(|(_, class)| class.is_usable()) {
        for (other, _) in account.domains.iter().filter(|(_, class)| class.is_usable()) {
            if domain == other {
                let shared = index.with_domain(domain).len() as u32;
                return Domains { shared, ..Domains::at(Level::Agrees) };
            }
            let labels = labels(label(domain), label(other));
            if labels != Labels::Unlike {
                found.level = Level::Similar;
                found.same_label |= labels == Labels::Same;
            }
        }
    }
    found
}

/// Whether both sides are the company whose domain it is that proves nothing for its users: the
/// domain's label is the name of either.
fn is_host_itself(index: &Index, customer: &CustomerRecord, account: &AccountSide<'_>) -> bool {
    customer.domains.iter().any(|domain| {
        account.domains.iter().any(|other| other.0 == domain.0)
            && is_host(domain, index.refs(customer))
            && is_host(domain, account.words.iter().copied())
    })
}

/// Whether a domain proves nothing for its users, and its label is a name.
pub(super) fn is_host<'w>(
    (domain, class): &(CompactString, DomainClass),
    words: impl Iterator<Item = WordRef<'w>>,
) -> bool {
    matches!(class, DomainClass::SharedHost | DomainClass::FreeMail)
        && is_named(label(domain), words)
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
    /// The same letters, whatever the hyphens.
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

/// Whether the label of one side's domain is the other side's name written without blanks, or its
/// identifying beginning.
pub(super) fn label_in_name(
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
    // Most differ in the first letter.
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
