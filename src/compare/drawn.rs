//! Companies and weights of all kinds, for tests of what always holds.

use std::{fmt::Write, sync::LazyLock};

use proptest::{
    prelude::*,
    sample::{select, subsequence},
};

use super::{
    Matching,
    features::{Sign, TABLE, Unit, Weights},
};
use crate::{crm::Account, index::LinkRules, report::Customer};

/// Words of all kinds: rare, weak, mistyped, cut off, joined, particles, initials, numbers, forms.
const WORDS: [&str; 38] = [
    "Brommelkamp",
    "Bromelkamp",
    "Quellbrink",
    "Quell",
    "Brink",
    "Quellb.",
    "Tarnow",
    "Kiel",
    "Kehl",
    "Autohaus",
    "Autoh.",
    "Auto",
    "Haus",
    "Nord",
    "Nordwest",
    "West",
    "Group",
    "Services",
    "von",
    "der",
    "vonder",
    "de",
    "la",
    "J",
    "E.",
    "II",
    "2",
    "3",
    "GmbH",
    "KG",
    "AG",
    "S.A.",
    "&",
    "GMX",
    "QBT",
    "(Tarnow)",
    "Quells",
    "Brinks",
];

/// Names that random words make too rarely.
const NAMES: [&str; 7] = [
    "QBT",
    "Quellbrink Brommelkamp Tarnow",
    "GMX",
    "GMX Kiel",
    "OOO Quellbrink",
    "Auto Quells Brinks Tarnow Nord",
    "",
];

const DOMAINS: [&str; 10] = [
    "quellbrink.de",
    "quellbrink.com",
    "quellbrink-kiel.de",
    "brommelkamp.de",
    "nordwest.com",
    "gmx.de",
    "gmail.com",
    "microsoft.com",
    "tarnow.onmicrosoft.com",
    "qbt.de",
];

const IDS: [&str; 4] = ["4711471", "8150815", "a1b2c3d4-1111-2222-3333-444455556666", "X-12345"];

const COUNTRIES: [&str; 5] = ["", "DE", "Germany", "US", "Österreich"];

const STATES: [&str; 7] = ["", "CA", "California", "TX", "Bayern", "Nordland", "北海道"];

const POSTAL_CODES: [&str; 8] =
    ["", "80331", "D-80331", "80333", "8033", "24103", "90210-1234", "SW1A 1AA"];

const CITIES: [&str; 9] = [
    "",
    "Kiel",
    "Kehl",
    "Kiell",
    "Ulm",
    "Tarnow",
    "Tarnow an der Quell",
    "Brommelkamp Nord",
    "Brommelkamp Nrod",
];

/// A company, as a customer or an account.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    pub(crate) name: String,
    pub(crate) domains: Vec<&'static str>,
    pub(crate) ids: Vec<&'static str>,
    pub(crate) duns: &'static str,
    pub(crate) country: &'static str,
    pub(crate) state: &'static str,
    pub(crate) postal_code: &'static str,
    pub(crate) city: &'static str,
}

impl Drawn {
    pub(crate) fn customer(&self) -> Customer {
        let ids: Vec<String> = self.ids.iter().map(|id| (*id).to_owned()).collect();
        Customer {
            name: self.name.clone(),
            domain: self.domains.join(";"),
            tpids: ids,
            duns: self.duns.into(),
            country: self.country.into(),
            state: self.state.into(),
            postal_code: self.postal_code.into(),
            city: self.city.into(),
            ..Customer::default()
        }
    }

    pub(crate) fn account(&self) -> Account<'_> {
        Account {
            id: "1".into(),
            name: &self.name,
            websites: self.domains.iter().copied().collect(),
            microsoft_ids: self.ids.iter().copied().collect(),
            duns: self.duns,
            country: self.country,
            state: self.state,
            postal_code: self.postal_code,
            city: self.city,
            ..Account::default()
        }
    }
}

/// A company.
pub(crate) fn company() -> impl Strategy<Value = Drawn> {
    let name = || {
        let words = prop::collection::vec(select(&WORDS[..]), 1..9);
        prop_oneof![6 => words.prop_map(|words| words.join(" ")),
                    1 => select(&NAMES[..]).prop_map(str::to_owned)]
    };
    let domains = prop_oneof![
        1 => Just(Vec::new()),
        4 => subsequence(&DOMAINS[..], 1),
        1 => subsequence(&DOMAINS[..], 2..4),
    ];
    let ids = prop_oneof![2 => Just(Vec::new()), 1 => subsequence(&IDS[..], 1..3)];
    let duns = prop_oneof![2 => Just(""), 1 => select(&["314159265", "271828182"][..])];
    let place = (
        select(&COUNTRIES[..]),
        select(&STATES[..]),
        select(&POSTAL_CODES[..]),
        select(&CITIES[..]),
    );
    (name(), domains, ids, duns, place).prop_map(
        |(name, domains, ids, duns, (country, state, postal_code, city))| Drawn {
            name,
            domains,
            ids,
            duns,
            country,
            state,
            postal_code,
            city,
        },
    )
}

/// Parameters with any weights that are allowed.
pub(crate) fn matching() -> impl Strategy<Value = Matching> {
    let weights = prop::collection::vec((0.0..1.0f64, -1.0..1.0f64), TABLE.len());
    (weights, 0.0..12.0f64, -40.0..0.0f64, -12.0..4.0f64).prop_map(|(sizes, most, least, prior)| {
        let mut text = format!("most = {most:?}\nleast = {least:?}\n");
        for (feature, (size, way)) in TABLE.iter().zip(sizes) {
            let size = match feature.unit {
                _ if size < 0.2 => 0.0,
                Unit::Bits => size * 0.5,
                _ => size * 10.0,
            };
            let weight = match feature.sign {
                Sign::For => size,
                Sign::Against => -size,
                Sign::Either => size * way,
            };
            writeln!(text, "{} = {weight:?}", feature.name).expect("a text");
        }
        let weights: Weights = toml::from_str(&text).expect("all weights");
        let mut matching = Matching::load(None).expect("the built-in parameters");
        (matching.weights, matching.score.prior) = (weights, prior);
        matching
    })
}

/// The built-in rules.
pub(crate) fn rules() -> &'static LinkRules {
    static RULES: LazyLock<LinkRules> =
        LazyLock::new(|| LinkRules::load(None, &[]).expect("the built-in tables"));
    &RULES
}
