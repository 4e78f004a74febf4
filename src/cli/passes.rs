//! What each pass looked for, and what it lacked to bring a pair together.

use compact_str::CompactString;

use super::pair::class_phrase;
use crate::{
    compare::{Comparison, Level},
    index::{CustomerRecord, MAX_BLOCK, dictionary::WordClass},
    link::{Candidate, Matcher},
    run::{Found, Rules},
    text::id::MicrosoftId,
};

/// Why a customer has no candidate at all: what each pass looked for in the CRM.
pub(super) fn looked_for(found: &Found, customer: usize) -> Vec<String> {
    let prepared = &found.index.customers[customer];
    vec![
        "No pass found an account for it:".into(),
        format!("  domain pass: {}", domains_looked_for(prepared)),
        format!("  name pass:   {}", words_looked_for(found, prepared)),
        format!("  id pass:     {}", ids_looked_for(prepared)),
    ]
}

fn domains_looked_for(prepared: &CustomerRecord) -> String {
    if prepared.domains.is_empty() {
        return "the report has no domain for it".into();
    }
    let phrase = |(name, class): &(CompactString, _)| match class {
        crate::normalise::domain::DomainClass::Own => format!(
            "no account has {name}, not as website, e-mail address or domain of its contacts"
        ),
        class => format!("{name} is {}", class_phrase(*class)),
    };
    prepared.domains.iter().map(phrase).collect::<Vec<_>>().join("; ")
}

fn words_looked_for(found: &Found, prepared: &CustomerRecord) -> String {
    let telling = |word: &crate::index::WordRef<'_>| {
        !matches!(word.word.class, WordClass::Particle | WordClass::Numeral(_))
    };
    let words: Vec<&str> =
        found.index.refs(prepared).filter(telling).map(|word| word.text).collect();
    if words.is_empty() {
        return "the report has no name for it that tells anything".into();
    }
    format!(
        "no account was found by the words {}: a word, two words, or a word in the same place \
         that at most {MAX_BLOCK} customers have, or the whole name must be there",
        words.join(", ")
    )
}

fn ids_looked_for(prepared: &CustomerRecord) -> String {
    let ids: Vec<String> = prepared.ids.iter().map(shown).collect();
    let duns = prepared.duns.map(|duns| format!("D-U-N-S {duns:09}"));
    let all: Vec<String> = ids.into_iter().chain(duns).collect();
    match all.is_empty() {
        true => "the report has no id for it that can be compared".into(),
        false => format!("no account has {}", all.join(" or ")),
    }
}

fn shown(id: &MicrosoftId) -> String {
    match id {
        MicrosoftId::Number(number) => number.to_string(),
        MicrosoftId::Guid(guid) => {
            let hex = format!("{guid:032x}");
            let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
            parts.join("-")
        }
        MicrosoftId::Text(text) => text.to_string(),
    }
}

/// Why a pair was no candidate of the run: at which pass it failed, and what was missing.
pub(super) fn lacked(found: &Found, rules: &Rules, pair: &Candidate) -> Vec<String> {
    let matcher = Matcher::new(&found.index, &rules.link, &rules.matching);
    let by = matcher.found_by(pair.customer, &pair.account);
    let of = &pair.comparison;
    let line = |pass: &str, found: bool, why: String| {
        let (found, why) = match found {
            true => ("found the pair", String::new()),
            false => ("did not find it: ", why),
        };
        format!("  {pass:<12} {found}{why}")
    };
    let mut lines = vec![
        "The pair was no candidate of the run:".to_owned(),
        line("domain pass", by.domain, missing("domain", of.domain)),
        line("name pass", by.name, why_no_name(of)),
        line("id pass", by.id, missing("id", of.id)),
    ];
    if by.any() {
        let keep = rules.matching.limits.keep();
        lines.push(match of.score < keep {
            true => format!(
                "  It was dropped: {} is below {keep}, from which pairs are kept.",
                of.score
            ),
            false => "  It was dropped: the customer has better candidates of that pass.".into(),
        });
    }
    lines
}

fn missing(what: &str, level: crate::compare::Level) -> String {
    match level {
        Level::Agrees => format!("too many customers share the {what}"),
        Level::Similar => format!("the {what}s are only alike"),
        Level::Differs => format!("the {what}s differ"),
        Level::MissingLeft => format!("the report has no {what}"),
        Level::MissingRight => format!("the account has no {what}"),
        Level::NotUsable => format!("the {what}s cannot be compared, or prove nothing"),
    }
}

fn why_no_name(of: &Comparison) -> String {
    use crate::compare::Level;
    match of.name {
        Level::MissingLeft | Level::MissingRight | Level::NotUsable => missing("name", of.name),
        _ => format!(
            "the names share no word, no two words, and no word in the same place that at most \
             {MAX_BLOCK} customers have"
        ),
    }
}
