//! Two names side by side: which words are in both, which are nearly the same, which are in one
//! only. It shows differences to the eye; what they weigh says the comparison of the run.

use crate::{
    normalise::company::{CompanyName, KnownWords, NameRules},
    text::{distance::is_typo, fold::folded},
};

/// What a word of a name is to the other name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It is there too.
    Common,
    /// A word nearly the same is there.
    Near,
    /// It is in this name only.
    Extra,
    /// It is no part of what identifies the company, such as a legal form.
    Form,
}

impl Kind {
    /// The class of its mark on the page.
    pub(super) fn class(self) -> &'static str {
        match self {
            Kind::Common => "common",
            Kind::Near => "near",
            Kind::Extra => "extra",
            Kind::Form => "form",
        }
    }
}

/// The words of a name as it is written, each with what it is to the other name.
pub(super) fn words<'n>(name: &'n str, other: &str, rules: &NameRules) -> Vec<(&'n str, Kind)> {
    let mut read = CompanyName::default();
    rules.read(name, &mut KnownWords::default(), &mut read);
    let identifying: Vec<&str> = read.words().map(|(word, _)| word).collect();
    let theirs: Vec<String> = other.split_whitespace().map(folded).collect();
    let kind = |word: &'n str| {
        let own = folded(word);
        let kind = if theirs.contains(&own) || own.is_empty() {
            Kind::Common
        } else if theirs.iter().any(|their| is_near(&own, their)) {
            Kind::Near
        } else if !own.split(' ').any(|part| identifying.contains(&part)) {
            Kind::Form
        } else {
            Kind::Extra
        };
        (word, kind)
    };
    name.split_whitespace().map(kind).collect()
}

fn is_near(one: &str, other: &str) -> bool {
    let shared = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    is_typo(one, other)
        || (shared >= 4 && shared * 2 >= one.chars().count().max(other.chars().count()))
}

/// A name as it is compared: the words that identify the company, as they are read.
pub(super) fn as_read(name: &str, rules: &NameRules) -> String {
    let mut read = CompanyName::default();
    rules.read(name, &mut KnownWords::default(), &mut read);
    read.words().map(|(word, _)| word).collect::<Vec<_>>().join(" ")
}

/// A text in Latin letters.
pub(super) fn latin(text: &str) -> String {
    any_ascii::any_ascii(text)
}

/// A domain as what stands before the registrable part, that part, and its suffix.
pub(super) fn parts(domain: &str) -> (&str, &str, &str) {
    let Some(suffix) = psl::suffix_str(domain) else { return ("", domain, "") };
    let rest = domain[..domain.len() - suffix.len()].trim_end_matches('.');
    let (before, name) = rest.rsplit_once('.').map_or(("", rest), |(sub, name)| (sub, name));
    (before, name, suffix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_common_near_or_extra() {
        let rules = NameRules::load(None).unwrap();
        for (name, other, want) in [
            ("Contoso Nordic AB", "Contoso Norden AB", "common near common"),
            ("MÜLLER GmbH", "Muller Holding", "common form"),
            ("Muller Holding", "Müller", "common extra"),
            ("Contoso", "", "extra"),
            ("Ulm & Co", "Ulm Co", "common form common"),
        ] {
            let kinds: Vec<&str> =
                words(name, other, &rules).into_iter().map(|(_, kind)| kind.class()).collect();
            assert_eq!(kinds.join(" "), want, "{name} / {other}");
        }
    }

    #[test]
    fn names_are_shown_as_they_are_compared_and_in_latin_letters() {
        let rules = NameRules::load(None).unwrap();
        assert_eq!(as_read("MÜLLER GmbH", &rules), "muller");
        for (text, want) in [("Ромашка", "Romashka"), ("MÜLLER", "MULLER"), ("", "")] {
            assert_eq!(latin(text), want);
        }
    }

    #[test]
    fn domains_fall_into_their_parts() {
        for (domain, want) in [
            ("shop.contoso.co.uk", ("shop", "contoso", "co.uk")),
            ("contoso.de", ("", "contoso", "de")),
            ("de", ("", "", "de")),
            ("", ("", "", "")),
        ] {
            assert_eq!(parts(domain), want, "{domain}");
        }
    }
}
