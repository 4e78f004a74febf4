//! Raw cells in, levels or features out, one row a case.

use std::fmt::Debug;

use super::{
    AccountSide, Comparison, Evidence, Level, Matching, compare,
    drawn::{Drawn, rules},
    features::TABLE,
};
use crate::{
    index::{
        Index, NameWord, WordRef, dictionary::ResolvedWord, is_city, signature::bit_of_city_word,
    },
    normalise::company::{self, CompanyName, KnownWords},
    report::Customer,
    text::id::{self, MicrosoftId},
};

/// A company of which only some cells are filled.
fn company() -> Drawn {
    Drawn {
        name: String::new(),
        domains: Vec::new(),
        ids: Vec::new(),
        duns: "",
        country: "",
        state: "",
        postal_code: "",
        city: "",
    }
}

/// The rows of a table that came out otherwise.
#[derive(Default)]
struct Wrong(Vec<String>);

impl Wrong {
    fn add<T: PartialEq + Debug>(&mut self, row: impl Debug, got: T, want: T) {
        if got != want {
            self.0.push(format!("{row:?}: {got:?}, not {want:?}"));
        }
    }
}

impl Drop for Wrong {
    fn drop(&mut self) {
        assert!(self.0.is_empty(), "{:#?}", self.0);
    }
}

fn named(name: &str) -> Drawn {
    Drawn { name: name.into(), ..company() }
}

/// Compares the first of some customers with an account.
fn compared(customers: &[Drawn], account: &Drawn) -> (Comparison, Evidence) {
    let customers: Vec<Customer> = customers.iter().map(Drawn::customer).collect();
    let index = Index::build(&customers, rules());
    let mut name = CompanyName::default();
    rules().names.read(&account.name, &mut KnownWords::default(), &mut name);
    let resolve = |(text, word): (&str, company::NameWord)| {
        (word, index.words.resolve(text, word.dotted, &rules().words, &rules().names))
    };
    let resolved: Vec<(company::NameWord, ResolvedWord)> = name.words().map(resolve).collect();
    let place = [account.country, account.state, account.postal_code, account.city];
    let place = rules().places.read(place[0], place[1], place[2], place[3]);
    let word = |(word, of): &'_ (company::NameWord, ResolvedWord)| NameWord {
        id: of.id,
        bits: of.bits,
        class: of.class,
        optional: word.optional,
        dotted: word.dotted,
        in_city: is_city(&of.text, of.shape, &place),
        shape: of.shape,
    };
    let refs = resolved.iter().map(|both| WordRef {
        text: &both.1.text,
        word: word(both),
        similar: &both.1.similar,
        parts: &both.1.parts,
        stands_for_particle: both.1.stands_for_particle,
        in_cities: bit_of_city_word(&both.1.text),
    });
    let (words, mut buffer) = (refs.collect::<Vec<_>>(), String::new());
    let domains = account.domains.iter().filter_map(|raw| {
        let (domain, class) = rules().domains.read(raw, &mut buffer)?;
        Some((domain.into(), class))
    });
    let domains: Vec<_> = domains.collect();
    let ids: Vec<_> = account.ids.iter().filter_map(|raw| MicrosoftId::read(raw)).collect();
    let side = AccountSide {
        words: &words,
        forms: &name.forms,
        form_in_front: name.form_in_front,
        domains: &domains,
        place: &place,
        ids: &ids,
        duns: id::duns(account.duns),
    };
    let matching = Matching::load(None).expect("the built-in parameters");
    compare(&index, &index.customers[0], &side, &matching)
}

/// The features that were found but the bits of words, which every table of words changes.
fn found(evidence: &Evidence) -> String {
    let found = TABLE.iter().zip(evidence.features.into_array());
    let found =
        found.filter(|(of, value)| *value != 0.0 && !["matched", "names_only"].contains(&of.name));
    found.map(|(of, _)| of.name).collect::<Vec<_>>().join(" ")
}

#[test]
fn names_compare_word_by_word() {
    let mut wrong = Wrong::default();
    use Level::{Agrees, Differs, MissingLeft, MissingRight, Similar};
    for (left, right, level, features) in [
        ("", "Quellbrink", MissingLeft, "extra_plain"),
        ("Quellbrink", "", MissingRight, "extra_plain"),
        ("Quellbrink GmbH", "QUELLBRINK", Agrees, "complete"),
        ("Quellbrink", "Qellbrink", Agrees, "typos complete"),
        ("Quellbrink Autohaus", "Quellb. Autohaus", Agrees, "complete"), // cut off
        ("Quell Brink", "Quellbrink", Agrees, "complete"),               // joined
        ("Quellbrink", "Quell-Brink", Agrees, "complete"),
        ("Quellbrink 2", "Quellbrink 3", Differs, "extra_plain instead numerals_differ"),
        ("Quellbrink 2", "Quellbrink", Differs, "extra_plain beginning numerals_missing"),
        ("Quellbrink II", "Quellbrink 2", Agrees, "complete"),
        ("Quellbrink GmbH", "Quellbrink AG", Agrees, "complete forms_differ"),
        ("Quellbrink OOO", "OOO Quellbrink", Agrees, "complete form_moved"),
        ("QBT", "Quellbrink Brommelkamp Tarnow", Similar, "acronym"),
        ("E. Brink", "EJ", Differs, "extra_plain instead"), // a person's initial stands for no word
        ("Quellbrink", "Quellbrink Group", Similar, "extra_weak beginning weak_rest"),
        (
            "Quellbrink Tarnow",
            "Quellbrink Tarnow Nord KG",
            Similar,
            "extra_weak beginning weak_rest",
        ),
        ("Quellbrink (Tarnow)", "Quellbrink", Agrees, "complete"),
        ("Tarnow", "Brommelkamp", Differs, "extra_plain instead"),
        ("St. Martin", "Saint Martin", Agrees, "complete"),
        ("Quellbrink", "Quellbrink GmbH ehemals Tarnow KG", Agrees, "complete"), // a remark
        ("Quellbrink", "Quellbrink z.Hd. Herrn Ahrens", Agrees, "complete"),
        ("Formerly Quellbrink", "Quellbrink", Similar, "extra_plain"),
        ("Northwind Traders", "Нортвинд Traders", Agrees, "complete"), // another alphabet
    ] {
        let (of, evidence) = compared(&[named(left)], &named(right));
        wrong.add((left, right), (of.name, found(&evidence)), (level, features.to_owned()));
    }
}

#[test]
fn domains_compare_by_their_labels() {
    let mut wrong = Wrong::default();
    use Level::{Agrees, Differs, MissingLeft, MissingRight, NotUsable, Similar};
    for (left, right, level, features) in [
        ("", "", MissingLeft, ""),
        ("", "quellbrink.de", MissingLeft, ""),
        ("quellbrink.de", "", MissingRight, ""),
        ("quellbrink.de", "https://www.quellbrink.de/kontakt", Agrees, "domain_agrees"),
        ("quellbrink.de", "mail.quellbrink.de", Agrees, "domain_agrees"), // a subdomain
        ("quellbrink.de", "info@quellbrink.de", Agrees, "domain_agrees"),
        ("quellbrink.de", "quellbrink.com", Similar, "domain_similar"),
        ("quellbrink.de", "quell-brink.de", Similar, "domain_similar"),
        ("quellbrink.de", "quellbrink-kiel.de", Similar, "domain_near"),
        ("quellbrink.de", "brommelkamp.de", Differs, "domain_differs"),
        ("qbt.de", "qbt.com", Differs, "domain_differs"), // too short to say anything
        ("gmail.com", "gmail.com", NotUsable, ""),        // free mail
        ("gmail.com", "quellbrink.de", NotUsable, ""),
        ("quellbrink.de", "quellbrink.onmicrosoft.com", NotUsable, ""),
        ("gmail.com;quellbrink.de", "quellbrink.de", Agrees, "domain_agrees"),
        ("brommelkamp.de;quellbrink.de", "quellbrink.de", Agrees, "domain_agrees"),
    ] {
        let of = |domains| Drawn {
            domains: str::split(domains, ';').filter(|domain| !domain.is_empty()).collect(),
            ..company()
        };
        let (of, evidence) = compared(&[of(left)], &of(right));
        wrong.add((left, right), (of.domain, found(&evidence)), (level, features.to_owned()));
    }
}

#[test]
fn a_domain_supports_a_pair_by_spelling_a_name_or_being_a_host() {
    let mut wrong = Wrong::default();
    for (left, right, name, level, features) in [
        (("Quellbrink", ""), ("", "quellbrink.de"), "", Level::MissingLeft, "label_in_name"),
        (("Quellbrink Nord", ""), ("", "quellbrinks.de"), "", Level::MissingLeft, "label_in_name"),
        (("Quellbrink", ""), ("", "brommelkamp.de"), "", Level::MissingLeft, ""),
        (("GMX", "gmx.de"), ("GMX", "gmx.de"), "GMX", Level::Agrees, "domain_agrees"),
        (("Tarnow", "gmx.de"), ("Tarnow", "gmx.de"), "Tarnow", Level::NotUsable, ""),
    ] {
        let of = |(name, domain): (&str, &'static str)| Drawn {
            name: name.into(),
            domains: [domain].into_iter().filter(|domain| !domain.is_empty()).collect(),
            ..company()
        };
        let (of, evidence) = compared(&[of(left)], &of((name, right.1)));
        let features_of_domain = found(&evidence);
        let features_of_domain = features_of_domain.split(' ');
        let features_of_domain: Vec<_> = features_of_domain
            .filter(|name| name.contains("domain") || name.contains("label"))
            .collect();
        wrong.add(left, (of.domain, features_of_domain.join(" ")), (level, features.to_owned()));
    }
}

#[test]
fn ids_agree_or_differ_where_they_can_be_compared() {
    let mut wrong = Wrong::default();
    use Level::{Agrees, Differs, MissingLeft, MissingRight, NotUsable};
    const GUID: &str = "a1b2c3d4-1111-2222-3333-444455556666";
    const BRACED: &str = "{A1B2C3D4-1111-2222-3333-444455556666}";
    for (left, right, level) in [
        (("", ""), ("", ""), MissingLeft),
        (("4711471", ""), ("", ""), MissingRight),
        (("", ""), ("4711471", ""), MissingLeft),
        (("4711471", ""), ("4,711,471", ""), Agrees),
        (("4711471", ""), ("4711471.0", ""), Agrees),
        (("4711471", ""), ("8150815", ""), Differs),
        (("4711471", ""), (GUID, ""), NotUsable),
        ((GUID, ""), (BRACED, ""), Agrees),
        (("", "314159265"), ("", "31-415-9265"), Agrees),
        (("", "314159265"), ("", "271828182"), Differs),
        (("4711471", "314159265"), ("8150815", "314159265"), Agrees),
        (("4711471", ""), ("", "314159265"), NotUsable),
    ] {
        let of = |(id, duns): (&'static str, &'static str)| Drawn {
            ids: [id].into_iter().filter(|id| !id.is_empty()).collect(),
            duns,
            ..company()
        };
        let (compared, evidence) = compared(&[of(left)], &of(right));
        let agrees = if level == Agrees { 1.0 } else { 0.0 };
        wrong.add((left, right), (compared.id, evidence.features.id_agrees), (level, agrees));
    }
}

#[test]
fn what_customers_share_counts_less_with_each_doubling() {
    let of = |domain, id| Drawn { domains: vec![domain], ids: vec![id], ..company() };
    let one = of("quellbrink.de", "4711471");
    for (customers, shared) in [(1, 0.0), (2, 1.0), (8, 3.0)] {
        let customers = vec![one.clone(); customers];
        let (_, evidence) = compared(&customers, &one);
        let features = evidence.features;
        assert_eq!((features.domain_shared, features.id_shared), (shared, shared));
    }
}

#[test]
fn places_compare_field_by_field() {
    let mut wrong = Wrong::default();
    use Level::{Agrees, Differs, MissingLeft, MissingRight, Similar};
    type Cells = [&'static str; 4];
    let rows: [(Cells, Cells, Level, &str); 32] = [
        (["", "", "", ""], ["", "", "", ""], MissingLeft, ""),
        (["", "", "", ""], ["DE", "", "", "Kiel"], MissingLeft, ""),
        (["DE", "", "", ""], ["", "", "", ""], MissingRight, ""),
        (["DE", "", "", ""], ["Germany", "", "", ""], Similar, ""),
        (["DE", "", "", "Kiel"], ["AT", "", "", "Kiel"], Differs, "city_agrees country_differs"),
        (["", "", "80331", ""], ["", "", "D-80331", ""], Agrees, "postal_agrees"),
        (["", "", "90210", ""], ["", "", "90210-1234", ""], Agrees, "postal_agrees"), // ZIP+4
        (["", "", "90210-0000", ""], ["", "", "902100000", ""], Agrees, "postal_agrees"),
        (["", "", "SW1A 1AA", ""], ["", "", "sw1a1aa", ""], Agrees, "postal_agrees"),
        (["", "", "80331", ""], ["", "", "80999", ""], Similar, ""), // the same region
        (["", "", "80331", ""], ["", "", "24103", ""], Differs, "postal_differs"),
        (["", "", "803", ""], ["", "", "80331", ""], Similar, ""), // too short to agree
        (["", "", "", "München"], ["", "", "", "Munich"], Agrees, "city_agrees"),
        (["", "", "", "Frankfurt"], ["", "", "", "Frankfurt am Main"], Agrees, "city_agrees"),
        (["", "", "", "Flensburg"], ["", "", "", "Flensbrug"], Similar, ""), // a typing error
        (["", "", "", "Brommel"], ["", "", "", "Brommelkamp"], Similar, ""), // cut off
        (["", "", "", "Ulm"], ["", "", "", "Ulb"], Differs, "city_differs"),
        (["", "", "", "Kiel"], ["", "", "", "Ulm"], Differs, "city_differs"),
        (["", "", "", "St. Louis"], ["", "", "", "Saint Louis"], Agrees, "city_agrees"),
        (["", "", "", "Mühldorf (Inn)"], ["", "", "", "Mühldorf a. Inn"], Agrees, "city_agrees"),
        (["", "", "", "岡山市"], ["", "", "", "岡山県岡山市中区"], Agrees, "city_agrees"),
        (["", "", "", "真備町"], ["", "", "", "吉備郡真備町"], Agrees, "city_agrees"),
        (["", "", "", "大阪市北区"], ["", "", "", "大阪市淀川区"], Similar, ""),
        (["", "", "", "Leeds"], ["", "", "", "West Yorkshire"], MissingRight, ""), // no town
        (["", "", "", "Bombay"], ["", "", "", "Mumbai"], Agrees, "city_agrees"),
        (["DE", "", "1067", ""], ["DE", "", "01067", ""], Agrees, "postal_agrees"),
        (["US", "", "501", ""], ["US", "", "00501", ""], Agrees, "postal_agrees"),
        (
            ["AT", "", "1067", ""],
            ["DE", "", "01067", ""],
            Differs,
            "postal_differs country_differs",
        ),
        (["", "CA", "", ""], ["", "California", "", ""], Similar, "state_agrees"),
        (["", "CA", "", ""], ["", "TX", "", ""], Differs, "state_differs"),
        (["", "CA", "", ""], ["", "Nordland", "", ""], MissingLeft, ""), // a code and a name
        (["US", "CA", "", ""], ["US", "TX", "", ""], Differs, "state_differs"),
    ];
    for (left, right, level, features) in rows {
        let of = |[country, state, postal_code, city]: Cells| Drawn {
            country,
            state,
            postal_code,
            city,
            ..company()
        };
        let (of, evidence) = compared(&[of(left)], &of(right));
        wrong.add((left, right), (of.place, found(&evidence)), (level, features.to_owned()));
    }
}

#[test]
fn a_place_that_differs_under_one_domain_is_a_move() {
    let in_city = |city| Drawn { domains: vec!["quellbrink.de"], city, ..company() };
    let (_, evidence) = compared(&[in_city("Kiel")], &in_city("Ulm"));
    assert_eq!(found(&evidence), "domain_agrees city_differs place_moved");
}
