//! What each pass looked for, and what it lacked to bring a pair together.

use compact_str::CompactString;

use super::{Explainer, pair::class_phrase};
use crate::{
    compare::{Comparison, Level},
    index::{CustomerRecord, Index, MAX_BLOCK, WordRef, dictionary::WordClass},
    link::Candidate,
    normalise::domain::DomainClass,
    text::id::MicrosoftId,
};

impl Explainer<'_> {
    /// Why a customer has no candidate at all: what each pass looked for in the CRM.
    pub(crate) fn looked_for(&self, customer: usize) -> Vec<String> {
        let prepared = &self.matcher.index.customers[customer];
        vec![
            "No account was found for it:".into(),
            format!("  domain pass: {}", domains_looked_for(prepared)),
            format!("  name pass:   {}", words_looked_for(self.matcher.index, prepared)),
            format!("  id pass:     {}", ids_looked_for(prepared)),
        ]
    }

    /// Why a pair was no candidate of the run: at which pass it failed, and what was missing.
    pub(crate) fn lacked(&self, pair: &Candidate) -> Vec<String> {
        let by = self.matcher.found_by(pair.customer, &pair.account);
        let of = &pair.comparison;
        let line = |pass: &str, found: bool, why: String| {
            let (found, why) =
                if found { ("found the pair", String::new()) } else { ("did not find it: ", why) };
            format!("  {pass:<12} {found}{why}")
        };
        let mut lines = vec![
            "The pair was not a candidate in the run:".to_owned(),
            line("domain pass", by.domain, missing("domain", of.domain)),
            line("name pass", by.name, why_no_name(of)),
            line("id pass", by.id, missing("id", of.id)),
        ];
        let keep = self.matcher.matching.limits.keep();
        if by.any() && of.score < keep {
            lines.push(format!(
                "  It was dropped: {} is below {keep}, from which pairs are kept.",
                of.score
            ));
        } else if by.any() {
            lines.push("  It was dropped: the customer has closer candidates.".into());
        }
        lines
    }
}

fn domains_looked_for(prepared: &CustomerRecord) -> String {
    if prepared.domains.is_empty() {
        return "the report has no domain for it".into();
    }
    let phrase = |(name, class): &(CompactString, _)| match class {
        DomainClass::Own => format!(
            "no account has {name}, not as website, e-mail address or domain of its contacts"
        ),
        class => format!("{name} is {}", class_phrase(*class)),
    };
    prepared.domains.iter().map(phrase).collect::<Vec<_>>().join("; ")
}

fn words_looked_for(index: &Index, prepared: &CustomerRecord) -> String {
    let distinctive = |word: &WordRef<'_>| {
        !matches!(word.word.class, WordClass::Particle | WordClass::Numeral(_))
    };
    let words: Vec<&str> = index.refs(prepared).filter(distinctive).map(|word| word.text).collect();
    if words.is_empty() {
        return "the report has no distinctive name for it".into();
    }
    format!(
        "no account has the words {}: it must have the whole name, or a word, two words or a \
         word with the place that at most {MAX_BLOCK} customers share",
        words.join(", ")
    )
}

fn ids_looked_for(prepared: &CustomerRecord) -> String {
    let ids: Vec<String> = prepared.ids.iter().map(shown).collect();
    let duns = prepared.duns.map(|duns| format!("D-U-N-S {duns:09}"));
    let all: Vec<String> = ids.into_iter().chain(duns).collect();
    if all.is_empty() {
        return "the report has no id for it that can be compared".into();
    }
    format!("no account has {}", all.join(" or "))
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

fn missing(what: &str, level: Level) -> String {
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
    match of.name {
        Level::MissingLeft | Level::MissingRight | Level::NotUsable => missing("name", of.name),
        _ => format!(
            "the names share no word, no two words and no word with the place that at most \
             {MAX_BLOCK} customers have"
        ),
    }
}
