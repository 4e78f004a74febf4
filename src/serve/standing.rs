//! What people have said of a customer, and whether they agree.

use std::collections::BTreeMap;

use compact_str::CompactString;

use crate::verdicts::{Answer, Verdict, Word};

/// What a person has said of a customer since the run, or that the run has not applied yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// These accounts are the customer.
    Accepted(Vec<CompactString>),
    /// The customer has no account.
    None,
    /// None of the accounts that were shown is the customer.
    Refused,
    /// The person was not sure, for this reason.
    Unsure(CompactString),
}

/// What a person has said of a customer, and who it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) said: Option<Said>,
    pub(super) reviewer: CompactString,
    /// Accounts that were refused.
    pub(super) rejected: Vec<CompactString>,
    /// Whether those who have decided agree; `None` where nobody has.
    pub(super) agreement: Option<Agreement>,
}

/// Whether people who have decided about one customer agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Agreement {
    /// One person has decided.
    One,
    /// Several, all the same in the end.
    Agree,
    /// Some otherwise than the last.
    Disagree,
}

impl Agreement {
    /// What the lines about a customer that hold show: the last word of each person, on each account.
    /// A blind answer that it is wrong disagrees too.
    pub(super) fn of(lines: &[&Verdict]) -> Option<Agreement> {
        let mut said: BTreeMap<&str, BTreeMap<&str, Word>> = BTreeMap::new();
        for line in lines {
            let account = line.account_id.as_str();
            if line.word == Word::Open {
                if let Some(own) = said.get_mut(line.reviewer.as_str()) {
                    own.remove(account);
                }
                said.retain(|_, own| !own.is_empty());
                continue;
            }
            let word = match line.word {
                word if Word::JUDGING.contains(&word) => word,
                _ => match Answer::of_note(&line.note) {
                    Some(Answer::Right) if !account.is_empty() => Word::Accept,
                    Some(Answer::Right) => Word::None,
                    Some(Answer::Wrong) if !account.is_empty() => Word::Reject,
                    Some(Answer::Wrong) => Word::Open,
                    Some(Answer::Unclear) | None => continue,
                },
            };
            let own = said.entry(line.reviewer.as_str()).or_default();
            if word == Word::None || own.contains_key("") {
                own.clear();
            }
            own.insert(account, word);
        }
        let has_decided = lines.iter().any(|line| Word::JUDGING.contains(&line.word));
        let mut last = said.values().filter(|_| has_decided);
        let first = last.next()?;
        Some(match said.len() {
            1 => Agreement::One,
            _ if last.all(|other| are_alike(first, other)) => Agreement::Agree,
            _ => Agreement::Disagree,
        })
    }

    /// Its word in an address, and the end of the key of its name.
    pub(super) fn word(self) -> &'static str {
        match self {
            Agreement::One => "one",
            Agreement::Agree => "agree",
            Agreement::Disagree => "disagree",
        }
    }
}

/// Whether what two people say of a customer can both be true.
fn are_alike(one: &BTreeMap<&str, Word>, other: &BTreeMap<&str, Word>) -> bool {
    let accepts = |of: &BTreeMap<&str, Word>| of.values().any(|word| *word == Word::Accept);
    let is_none = |of: &BTreeMap<&str, Word>| of.get("") == Some(&Word::None);
    let differ = one.iter().any(|(account, word)| other.get(account).is_some_and(|of| of != word));
    let one_has_none = (is_none(one) && accepts(other)) || (is_none(other) && accepts(one));
    if differ || one_has_none {
        return false;
    }
    let accepted = |of: &(&&str, &Word)| *of.1 == Word::Accept;
    let same = one.iter().filter(accepted).eq(other.iter().filter(accepted));
    same || !accepts(one) || !accepts(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_agree_when_what_they_say_can_both_be_true() {
        use Agreement::{Agree, Disagree, One};
        for (said, want) in [
            ("", None),
            ("Kim note audit: right a", None), // nobody has decided
            ("Kim accept  a", Some(One)),
            ("Kim accept  a; Kim reject  a", Some(One)),
            ("Kim accept  a; Petra accept  a", Some(Agree)),
            ("Kim accept  a; Petra reject  b", Some(Agree)),
            ("Kim accept  a; Petra accept  b", Some(Disagree)),
            ("Kim accept  a; Petra none  ", Some(Disagree)),
            ("Kim accept  a; Petra reject  a; Kim reject  a", Some(Agree)), // the last word of each
            ("Kim reject  a; Petra none  ", Some(Agree)),
            ("Kim accept  a; Petra note audit: wrong a", Some(Disagree)),
            ("Kim accept  a; Petra note audit: unclear a", Some(One)),
            ("Kim accept  a; Kim accept  b; Kim open  a; Petra accept  b", Some(Agree)),
            ("Petra accept  a; Kim accept  b; Kim open  a", Some(Disagree)),
        ] {
            let lines: Vec<Verdict> =
                said.split("; ").filter(|of| !of.is_empty()).map(line).collect();
            assert_eq!(Agreement::of(&lines.iter().collect::<Vec<_>>()), want, "{said}");
        }
    }

    /// A line from `who word note account`.
    fn line(text: &str) -> Verdict {
        let (head, account) = text.rsplit_once(' ').unwrap();
        let mut parts = head.splitn(3, ' ');
        let mut next = || parts.next().unwrap_or("").to_owned();
        let (reviewer, word, note) = (next(), next(), next());
        Verdict {
            customer_id: "1".into(),
            account_id: account.to_owned(),
            word: Word::ALL.into_iter().find(|of| of.word() == word).unwrap(),
            reviewer,
            time: String::new(),
            seen: String::new(),
            note,
        }
    }
}
