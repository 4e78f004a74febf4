//! One candidate pair in plain lines: the same comparison code as the run's.

use crate::{
    compare::{AccountSide, Comparison, Evidence, Level, explain, words::WordRef},
    index::words::WordClass,
    link::{AccountRecord, Candidate},
    pipeline::{Found, Rules},
    report::Customer,
};

/// The fields of a comparison and the features of `matching.toml` that belong to each.
const FIELDS: [(&str, &[&str]); 3] = [
    ("domain", &["domain_", "label_"]),
    ("id", &["id_"]),
    ("place", &["postal_", "city_", "country_"]),
];

/// A customer as messages name it.
pub(super) fn customer_line(customer: &Customer) -> String {
    named(&customer.id, &customer.name, &customer.domain, &customer.city, &customer.country)
}

/// An account as messages name it.
pub(super) fn account_line(account: &AccountRecord) -> String {
    named(&account.id, &account.name, account.domain(), &account.city, &account.country)
}

fn named(id: &str, name: &str, domain: &str, city: &str, country: &str) -> String {
    let known: Vec<&str> =
        [domain, city, country].into_iter().filter(|of| !of.is_empty()).collect();
    let known = if known.is_empty() { String::new() } else { format!(" ({})", known.join(", ")) };
    format!("{id} {name:?}{known}")
}

/// Score, levels, words and what each weighed, line by line.
pub(super) fn describe(found: &Found, rules: &Rules, candidate: &Candidate) -> Vec<String> {
    explain::again(&found.index, &rules.link, &rules.matching, candidate, |side, of, evidence| {
        let pass = of.pass.map_or("no pass", |pass| pass.word());
        let mut lines = vec![format!("similarity {} ({pass})", of.score)];
        let terms = evidence.features.terms(&rules.matching.weights);
        let sum = |fronts: &[&str]| -> f64 {
            let belongs = |name: &str| fronts.iter().any(|front| name.starts_with(front));
            terms.iter().filter(|(name, _)| belongs(name)).map(|(_, bits)| bits).sum()
        };
        let others: f64 = FIELDS.iter().map(|(_, fronts)| sum(fronts)).sum();
        let prior = rules.matching.score.prior;
        let names = f64::from(of.weight) / 100.0 - others - sum(&["names_only"]) - prior;
        lines.push(field("name", of.name, names));
        lines.extend(word_lines(found, candidate, side, evidence));
        for (name, fronts) in FIELDS {
            lines.push(field(name, level(of, name), sum(fronts)));
        }
        let told = terms.iter().filter(|(_, bits)| bits.abs() >= 0.005);
        let told: Vec<String> =
            told.map(|(name, bits)| format!("{} {bits:+.2}", name.replace('_', " "))).collect();
        lines.push(format!("  in detail      {}", told.join(", ")));
        let weight = f64::from(of.weight) / 100.0;
        lines.push(format!(
            "  sum            {weight:+.2} bits, from {prior:+.2} before anything is known"
        ));
        let customer = &found.customers.list[candidate.customer as usize];
        let (link, matching) = (&rules.link, &rules.matching);
        let line = explain::sentence(customer, &found.index, link, matching, candidate);
        lines.push(format!("  in one line    {line}"));
        lines
    })
}

fn level(of: &Comparison, field: &str) -> Level {
    match field {
        "domain" => of.domain,
        "id" => of.id,
        _ => of.place,
    }
}

fn field(name: &str, level: Level, bits: f64) -> String {
    format!("  {name:<7} {:<14} {bits:+.2} bits", level.word())
}

/// The words of both names, each with what it tells.
fn word_lines(
    found: &Found,
    candidate: &Candidate,
    side: &AccountSide<'_>,
    evidence: &Evidence,
) -> Vec<String> {
    let left = found.index.refs(&found.index.customers[candidate.customer as usize]);
    let tells = |word: &WordRef<'_>| f64::from(word.word.bits) / 100.0;
    let both = evidence.alignment.matched.iter().map(|pair| {
        let (one, other) = (&left[pair.left as usize], &side.words[pair.right as usize]);
        let bits = tells(one).min(tells(other));
        match one.text == other.text {
            true => format!("{} ({bits:.1})", one.text),
            false => format!("{} ~ {} ({bits:.1})", one.text, other.text),
        }
    });
    let only = |words: &[WordRef<'_>], used: u32| -> Vec<String> {
        let open = words.iter().enumerate().filter(|(at, _)| used & (1 << at) == 0);
        open.map(|(_, word)| match word.word.class {
            WordClass::Particle => format!("{} (counts for nothing)", word.text),
            _ => format!("{} ({:.1})", word.text, tells(word)),
        })
        .collect()
    };
    let lines = [
        ("both", both.collect()),
        ("only the report", only(&left, evidence.alignment.left_used)),
        ("only the CRM", only(&side.words, evidence.alignment.right_used)),
    ];
    let told = lines.iter().filter(|(_, words)| !words.is_empty());
    told.map(|(what, words): &(&str, Vec<String>)| {
        format!("      {what}, bits each word tells: {}", words.join(", "))
    })
    .collect()
}

/// What each pass lacked to bring the pair together.
pub(super) fn lacked(of: &Comparison) -> Vec<String> {
    let phrase = |what: &str, level: Level| match level {
        Level::Agrees => format!("the {what} agree, but a better key of many others hid the pair"),
        Level::Similar => format!("the {what} are only alike"),
        Level::Differs => format!("the {what} differ"),
        Level::MissingLeft => format!("the report has no {what}"),
        Level::MissingRight => format!("the account has no {what}"),
        Level::NotUsable => format!("the {what} are of a kind that proves nothing"),
    };
    vec![
        format!("  domain pass: {}", phrase("domains", of.domain)),
        format!(
            "  name pass:   {}",
            match of.name {
                Level::Differs => "the names share no words that tell enough".to_owned(),
                level => phrase("names", level),
            }
        ),
        format!("  id pass:     {}", phrase("ids", of.id)),
    ]
}
