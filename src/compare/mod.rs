//! One comparison, one score per candidate pair, from all fields.

pub mod explain;
pub mod words;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use self::words::{Alignment, WordRef, align};
use crate::{
    index::{Index, Prepared, words::WordClass},
    normalise::{
        company::FormId,
        domain::{DomainClass, label},
        identifier::MicrosoftId,
        place::Place,
    },
    rules::Matching,
};

/// How alike a pair is: 0 (nothing speaks for it) to 10,000 (certain), printed as 0.0000 to 1.0000.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Score(u16);

impl Score {
    /// A score in ten-thousandths; more than 10,000 is cut.
    pub fn new(ten_thousandths: u16) -> Score {
        Score(ten_thousandths.min(10_000))
    }

    /// The score in ten-thousandths.
    pub fn ten_thousandths(self) -> u16 {
        self.0
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:04}", self.0 / 10_000, self.0 % 10_000)
    }
}

/// The outcome for one field of a pair. Left is the customer, right the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The same key.
    Agrees,
    /// Not the same, but near.
    Similar,
    /// Both are there, and they are different.
    Differs,
    /// The customer has none.
    #[default]
    MissingLeft,
    /// The account has none.
    MissingRight,
    /// Both are there, but such a value proves nothing (free mail, a shared host).
    NotUsable,
}

impl Level {
    /// The word that files show.
    pub fn word(self) -> &'static str {
        match self {
            Level::Agrees => "agrees",
            Level::Similar => "similar",
            Level::Differs => "differs",
            Level::MissingLeft => "missing left",
            Level::MissingRight => "missing right",
            Level::NotUsable => "not usable",
        }
    }
}

/// One way to find candidates, in Microsoft's order of priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pass {
    /// The registrable domains are equal.
    Domain,
    /// The names are alike.
    Name,
    /// A Microsoft id or a D-U-N-S number is equal.
    Id,
}

impl Pass {
    /// The word that files show.
    pub fn word(self) -> &'static str {
        match self {
            Pass::Domain => "domain",
            Pass::Name => "name",
            Pass::Id => "id",
        }
    }
}

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
    /// domain's label in the name.
    pub supported: bool,
    /// Whether the only key that agrees is one that several customers hold: a group's domain, a
    /// top parent's number.
    pub family: bool,
}

/// An account as it is compared; the customer's side is [`Prepared`].
#[derive(Debug, Default)]
pub struct AccountSide<'a> {
    /// The words of its name.
    pub words: SmallVec<[WordRef<'a>; 8]>,
    /// The legal forms of its name.
    pub forms: &'a [FormId],
    /// Whether a legal form stood in front.
    pub form_in_front: bool,
    /// Its registrable domains.
    pub domains: &'a [(Box<str>, DomainClass)],
    /// Its place.
    pub place: Place,
    /// Its Microsoft ids.
    pub ids: &'a [MicrosoftId],
    /// Its D-U-N-S number.
    pub duns: Option<u32>,
}

/// What each field of a pair weighs, in bits, and the words behind it.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Which words belong together.
    pub alignment: Alignment,
    /// For and against, from the names.
    pub name: f64,
    /// Words that both names have, in bits.
    pub matched: f64,
    /// From the domains.
    pub domain: f64,
    /// From the places.
    pub place: f64,
    /// From the ids.
    pub id: f64,
    /// Whether the numbers in the names differ.
    pub numerals_differ: bool,
    /// Whether the legal forms differ.
    pub forms_differ: bool,
    /// Whether all words that count are on both sides.
    pub complete: bool,
}

/// Compares a customer with an account.
pub fn compare(
    index: &Index,
    customer: &Prepared,
    account: &AccountSide<'_>,
    rules: &Matching,
) -> (Comparison, Evidence) {
    let left: SmallVec<[WordRef<'_>; 8]> = index.refs(customer);
    let mut evidence = names(&left, customer, account, rules);
    let (domain, shared) = domains(index, customer, account);
    let place = customer.place.level(&account.place);
    let (id, id_shared) = ids(index, customer, account);
    let label = label_in_name(customer, account, &left);
    evidence.domain = match domain {
        Level::Agrees => rules.domain.agrees - f64::from(shared.max(1)).log2(),
        Level::Differs if label => rules.domain.label_in_name,
        Level::Similar => rules.domain.label_in_name,
        Level::Differs => -rules.domain.differs,
        _ if label => rules.domain.label_in_name,
        _ => 0.0,
    };
    evidence.place = match place {
        Level::Agrees => rules.place.agrees,
        Level::Similar => rules.place.similar,
        Level::Differs => -rules.place.differs,
        _ => 0.0,
    };
    evidence.id = match id {
        Level::Agrees => rules.id.agrees - 2.0 * f64::from(id_shared.max(1)).log2(),
        _ => 0.0,
    };
    let name = name_level(&evidence);
    let sum = evidence.name + evidence.domain + evidence.place + evidence.id + rules.score.prior;
    let score = 1.0 / (1.0 + (-sum / rules.score.scale).exp());
    let rare_word = evidence.matched >= 9.0;
    let comparison = Comparison {
        score: Score::new((score * 10_000.0).round() as u16),
        weight: (sum * 100.0).round() as i32,
        pass: pass(domain, name, id),
        domain,
        name,
        id,
        place,
        supported: place == Level::Agrees || id == Level::Agrees || rare_word || label,
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
    } else if evidence.complete && !evidence.numerals_differ {
        Level::Agrees
    } else if evidence.name > 0.0 {
        Level::Similar
    } else {
        Level::Differs
    }
}

/// Weighs the words of both names.
fn names(
    left: &[WordRef<'_>],
    customer: &Prepared,
    account: &AccountSide<'_>,
    rules: &Matching,
) -> Evidence {
    let right = &account.words;
    let alignment = align(left, right);
    let weights = &rules.name;
    let mut matched = 0.0;
    for pair in &alignment.matched {
        let bits = left[pair.left as usize].word.bits.min(right[pair.right as usize].word.bits);
        matched += f64::from(bits) * f64::from(pair.quality) / 10_000.0;
    }
    let against = |words: &[WordRef<'_>], used: u32, plain: f64, weak: f64| -> (f64, bool) {
        let open = words.iter().enumerate().filter(|(at, _)| used & (1 << at) == 0);
        open.fold((0.0, true), |(sum, complete), (_, word)| {
            let bits = f64::from(word.word.bits) / 100.0;
            match word.word.class {
                _ if word.word.optional => (sum + bits * weights.optional, complete),
                WordClass::Particle => (sum, complete),
                WordClass::Plain | WordClass::Numeral(_) => (sum + bits * plain, false),
                _ => (sum + bits * weak, false),
            }
        })
    };
    let (left_sum, left_complete) =
        against(left, alignment.left_used, weights.left_plain, weights.left_weak);
    let (right_sum, right_complete) =
        against(right, alignment.right_used, weights.right_plain, weights.right_weak);
    let forms = (&customer.forms, account.forms);
    let both = !forms.0.is_empty() && !forms.1.is_empty();
    let forms_differ = both && !forms.0.iter().any(|form| forms.1.contains(form));
    let moved = both && customer.form_in_front != account.form_in_front;
    let numerals_differ = numerals(left) != numerals(right);
    let mut name = (matched * weights.matched).min(weights.most) - left_sum - right_sum;
    name -= if numerals_differ { weights.numerals_differ } else { 0.0 };
    name -= if forms_differ { weights.form_differs } else { 0.0 };
    name -= if moved { weights.form_moved } else { 0.0 };
    let complete = left_complete && right_complete && !alignment.matched.is_empty();
    Evidence {
        alignment,
        name,
        matched,
        numerals_differ,
        forms_differ,
        complete,
        ..Evidence::default()
    }
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

/// The level of the domains, and how many customers share the one that agrees.
fn domains(index: &Index, customer: &Prepared, account: &AccountSide<'_>) -> (Level, u32) {
    let usable = |domains: &'_ [(Box<str>, DomainClass)]| {
        domains.iter().filter(|(_, class)| class.is_usable()).count()
    };
    let (left, right) = (usable(&customer.domains), usable(account.domains));
    if customer.domains.is_empty() {
        return (Level::MissingLeft, 0);
    } else if account.domains.is_empty() {
        return (Level::MissingRight, 0);
    } else if left == 0 || right == 0 {
        return (Level::NotUsable, 0);
    }
    let own = customer.domains.iter().filter(|(_, class)| class.is_usable());
    let mut level = Level::Differs;
    for (domain, _) in own {
        for (other, _) in account.domains.iter().filter(|(_, class)| class.is_usable()) {
            if domain == other {
                return (Level::Agrees, index.with_domain(domain).len() as u32);
            }
            if label(domain) == label(other) && label(domain).len() >= 4 {
                level = Level::Similar;
            }
        }
    }
    (level, 0)
}

/// The level of the ids, and how many customers share the one that agrees.
fn ids(index: &Index, customer: &Prepared, account: &AccountSide<'_>) -> (Level, u32) {
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
fn label_in_name(customer: &Prepared, account: &AccountSide<'_>, left: &[WordRef<'_>]) -> bool {
    let one = |domains: &[(Box<str>, DomainClass)], words: &[WordRef<'_>]| {
        let usable = domains.iter().filter(|(_, class)| class.is_usable());
        let tenant = domains.iter().filter(|(_, class)| *class == DomainClass::TenantDefault);
        usable.chain(tenant).any(|(domain, _)| spells(label(domain), words))
    };
    one(&customer.domains, &account.words) || one(account.domains, left)
}

/// Whether a label spells the words of a name from the first on, the first five letters at least,
/// with nothing left over.
fn spells(label: &str, words: &[WordRef<'_>]) -> bool {
    let mut rest = label;
    let mut letters = 0;
    for word in words {
        rest = rest.trim_start_matches('-');
        match rest.strip_prefix(word.text) {
            Some(next) => {
                letters += word.text.len();
                rest = next;
            }
            None => break,
        }
    }
    letters >= 5 && rest.trim_matches('-').is_empty()
}
