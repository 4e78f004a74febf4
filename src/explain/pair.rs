//! One candidate pair in plain lines: the same comparison code as the run's.

use compact_str::CompactString;

use super::Explainer;
use crate::{
    compare::{
        AccountSide, Comparison, Evidence, Level, Matching,
        features::{Feature, Features, Field, TABLE},
        names::{Alignment, INITIAL, Matched, alone},
    },
    index::{CustomerRecord, Index, LinkRules, WordRef, signature::Alone},
    link::{AccountRecord, Candidate, Matcher},
    normalise::{
        company::{CompanyName, KnownWords},
        domain::DomainClass,
        place::Place,
    },
    report::Customer,
};

/// The reasons that are given in words.
const REASONS: usize = 3;

/// The fields other than the name.
const FIELDS: [(&str, Field); 3] =
    [("domain", Field::Domain), ("id", Field::Id), ("place", Field::Place)];

/// The features that the lines of single words add up to.
const OF_WORDS: [&str; 3] = ["matched", "extra_plain", "extra_weak"];

/// A customer as messages name it.
pub(crate) fn customer_line(customer: &Customer) -> String {
    named(&customer.id, &customer.name, &customer.domain, &customer.city, &customer.country)
}

/// An account as messages name it.
pub(crate) fn account_line(account: &AccountRecord) -> String {
    named(account.id(), account.name(), account.domain(), account.city(), account.country())
}

fn named(id: &str, name: &str, domain: &str, city: &str, country: &str) -> String {
    let known: Vec<&str> =
        [domain, city, country].into_iter().filter(|of| !of.is_empty()).collect();
    let known = if known.is_empty() { String::new() } else { format!(" ({})", known.join(", ")) };
    format!("{id} \"{name}\"{known}")
}

/// A pair that is being described: both sides, and what the comparison saw.
struct Pair<'p, 's> {
    index: &'p Index,
    link: &'p LinkRules,
    matching: &'p Matching,
    customer: &'p Customer,
    prepared: &'p CustomerRecord,
    account: &'p AccountRecord,
    side: &'p AccountSide<'s>,
    of: &'p Comparison,
    evidence: &'p Evidence,
    /// What each feature weighs.
    terms: Features,
}

impl Explainer<'_> {
    /// Score, levels, words and what each weighed, line by line.
    pub(crate) fn describe(&self, candidate: &Candidate) -> Vec<String> {
        let Matcher { index, rules, matching, .. } = *self.matcher;
        self.again(candidate, |side, of, evidence| {
            let pair = Pair {
                index,
                link: rules,
                matching,
                customer: &self.customers.list[candidate.customer as usize],
                prepared: &index.customers[candidate.customer as usize],
                account: &candidate.account,
                side,
                of,
                evidence,
                terms: evidence.features.terms(&matching.weights),
            };
            let pass = of.pass.map_or("no pass", |pass| pass.word());
            let mut lines = pair.reasons();
            let score = candidate.comparison.score;
            lines.push(format!("similarity {score} ({pass}), from points:"));
            lines.extend(pair.name());
            for (name, field) in FIELDS {
                lines.extend(pair.field(name, field));
            }
            lines.extend(pair.sum());
            lines.push(format!("  in one line: {}", self.sentence(candidate)));
            lines
        })
    }
}

/// What a pair starts with, what each field adds to it, and what that comes to, in bits.
#[cfg(feature = "browser")]
pub(crate) type Points = [(&'static str, f64); 7];

impl Explainer<'_> {
    /// The points of a pair, field by field: the same numbers as in [`Explainer::describe`].
    #[cfg(feature = "browser")]
    pub(crate) fn points(&self, candidate: &Candidate) -> Points {
        let matching = self.matcher.matching;
        self.again(candidate, |_, of, evidence| {
            let terms = evidence.features.terms(&matching.weights);
            [
                ("start", matching.score.prior),
                ("domain", terms.of(Field::Domain)),
                ("name", terms.of(Field::Name).max(matching.weights.least)),
                ("id", terms.of(Field::Id)),
                ("place", terms.of(Field::Place)),
                ("pair", terms.of(Field::Pair)),
                ("sum", f64::from(of.weight) / 100.0),
            ]
        })
    }
}

impl Pair<'_, '_> {
    /// The reasons that weigh most, in words: those for the pair, and those against it.
    fn reasons(&self) -> Vec<String> {
        let mut terms: Vec<(&Feature, f64)> = TABLE.iter().zip(self.terms.into_array()).collect();
        terms.sort_by(|(_, one), (_, other)| other.abs().total_cmp(&one.abs()));
        terms.truncate(REASONS);
        let side = |what: &str, sign: f64| {
            let reasons = terms.iter().filter(|(_, bits)| bits * sign >= 0.005);
            let reasons: Vec<&str> = reasons.map(|(of, _)| of.sentence).collect();
            (!reasons.is_empty()).then(|| format!("{what} {}.", reasons.join("; ")))
        };
        [side("For it:", 1.0), side("Against it:", -1.0)].into_iter().flatten().collect()
    }

    /// The names: words on both sides and on one only, each with what it weighs.
    fn name(&self) -> Vec<String> {
        let weights = &self.matching.weights;
        let sum = self.terms.of(Field::Name);
        let counted = sum.max(weights.least);
        let mut lines = vec![row("name", self.of.name, counted, &self.name_sentence())];
        lines.extend(self.words());
        let matched = self.evidence.features.matched * weights.matched;
        let most = format!("words that both names have count {:.2} at most", weights.most);
        lines.extend(weighed(&most, self.terms.matched - matched));
        lines.extend(self.said(Field::Name));
        let least = format!("names count {:.2} against it at most", -weights.least);
        lines.extend(weighed(&least, counted - sum));
        lines
    }

    fn name_sentence(&self) -> String {
        match self.of.name {
            Level::Agrees => "all words that count are in both names".into(),
            Level::Similar => "the names share more words than they differ by".into(),
            Level::Differs => "the names differ by more words than they share".into(),
            Level::MissingLeft => "the report has no name that can be compared".into(),
            Level::MissingRight => "the account has no name that can be compared".into(),
            Level::NotUsable => "such names prove nothing".into(),
        }
    }

    /// The words of a name as they are written: what is compared has lost its umlauts.
    fn spelled(&self, name: &str) -> Vec<String> {
        let mut read = CompanyName::default();
        self.link.names.read(name, &mut KnownWords::default(), &mut read);
        read.words().map(|(text, _)| text.to_owned()).collect()
    }

    /// The words of both names, and those of one only.
    fn words(&self) -> Vec<String> {
        let left: Vec<WordRef<'_>> = self.index.refs(self.prepared).collect();
        let (report, crm) = (self.spelled(&self.customer.name), self.spelled(self.account.name()));
        let Alignment { left_used, right_used, .. } = self.evidence.alignment;
        let places = (&self.prepared.place, self.side.place);
        [
            ("both", self.both(&left, (&report, &crm))),
            ("only the report", self.only(&left, &report, (left_used, places.1))),
            ("only the CRM", self.only(self.side.words, &crm, (right_used, places.0))),
        ]
        .into_iter()
        .filter(|(_, words)| !words.is_empty())
        .map(|(what, words)| format!("      {what}: {}", words.join(", ")))
        .collect()
    }

    /// The words that belong together, each with what it weighs.
    fn both(&self, left: &[WordRef<'_>], spelled: (&[String], &[String])) -> Vec<String> {
        let word = |(pair, counts): (&Matched, bool)| {
            let (one, other) = (usize::from(pair.left), usize::from(pair.right));
            let bits = left[one].word.bits.min(self.side.words[other].word.bits);
            let (one, other) = (&spelled.0[one], &spelled.1[other]);
            let text = if one == other { one.clone() } else { format!("{other} for {one}") };
            let weight = f64::from(bits) / 100.0 * self.matching.weights.matched;
            if counts { format!("{text} {weight:+.2}") } else { text }
        };
        self.evidence.alignment.counted().map(word).collect()
    }

    /// The words of one side that the other has not, each with what it weighs; initials of the
    /// other name weigh nothing by themselves.
    fn only(
        &self,
        words: &[WordRef<'_>],
        spelled: &[String],
        (used, other): (u32, &Place),
    ) -> Vec<String> {
        let weights = &self.matching.weights;
        let (plain, weak) = (weights.extra_plain, weights.extra_weak);
        let open = words.iter().zip(spelled).enumerate().filter(|(at, _)| used & (1 << at) == 0);
        let said = |(_, (word, text)): (usize, (&WordRef<'_>, &String))| {
            let bits = f64::from(word.word.bits) / 100.0;
            match alone(word, other) {
                _ if self.evidence.features.acronym > 0.0 => text.clone(),
                Alone::Nothing if word.word.counts() && word.word.is_particle() => {
                    format!("{text} 0")
                }
                Alone::Nothing => format!("{text} 0 (not part of the name)"),
                Alone::Initial => format!("{text} {:+.2} (an initial)", INITIAL * plain),
                Alone::Plain => format!("{text} {:+.2}", bits * plain),
                Alone::Weak => format!("{text} {:+.2} (a common word)", bits * weak),
            }
        };
        open.map(said).collect()
    }

    /// A field other than the name.
    fn field(&self, name: &str, field: Field) -> Vec<String> {
        let (level, sentence) = match field {
            Field::Domain => (self.of.domain, self.domains()),
            Field::Id => (self.of.id, self.ids()),
            _ => (self.of.place, self.places()),
        };
        let mut lines = vec![row(name, level, self.terms.of(field), &sentence)];
        lines.extend(self.said(field));
        lines
    }

    fn domains(&self) -> String {
        let names = |domains: &[(CompactString, DomainClass)]| {
            let name = |(name, class): &(CompactString, DomainClass)| match class.is_usable() {
                true => name.to_string(),
                false => format!("{name} ({})", class_phrase(*class)),
            };
            domains.iter().map(name).collect::<Vec<_>>().join(", ")
        };
        sides(&names(&self.prepared.domains), &names(self.side.domains))
    }

    fn ids(&self) -> String {
        let customer = self.customer;
        let report = [&customer.customer_id, &customer.tenant_id, &customer.duns].into_iter();
        let report: Vec<&str> = report.chain(&customer.tpids).map(String::as_str).collect();
        let account = self.account.microsoft_ids();
        let account: Vec<&str> = account.chain([self.account.duns()]).collect();
        sides(&filled(&report), &filled(&account))
    }

    fn places(&self) -> String {
        let (left, right) = (self.customer, self.account);
        let report = [&left.postal_code, &left.city, &left.state, &left.country];
        let account = [right.postal_code(), right.city(), right.state(), right.country()];
        sides(&filled(&report.map(String::as_str)), &filled(&account))
    }

    /// What the features of a field say, each with its weight; those of single words are not among them.
    fn said(&self, field: Field) -> Vec<String> {
        let terms = TABLE.iter().zip(self.terms.into_array());
        terms
            .filter(|(of, _)| of.field == field && !OF_WORDS.contains(&of.name))
            .filter_map(|(of, bits)| weighed(of.sentence, bits))
            .collect()
    }

    /// From the weights to the similarity.
    fn sum(&self) -> Vec<String> {
        let prior = self.matching.score.prior;
        let mut lines = self.said(Field::Pair);
        let total = |name: &str, bits: f64| format!("  {name:<21} {:>7}", format!("{bits:+.2}"));
        lines.push(format!("{}  counts for every pair", total("start", prior)));
        let weight = f64::from(self.of.weight) / 100.0;
        lines.push(format!(
            "{}  +1 doubles the odds that both are one company, -1 halves them",
            total("sum", weight)
        ));
        lines
    }
}

/// What something weighs, where it weighs anything.
fn weighed(sentence: &str, bits: f64) -> Option<String> {
    (bits.abs() >= 0.005).then(|| format!("      {sentence} {bits:+.2}"))
}

fn row(name: &str, level: Level, bits: f64, sentence: &str) -> String {
    let weight = format!("{bits:+.2}");
    format!("  {name:<7} {:<13} {weight:>7}  {sentence}", level.word())
}

/// What a domain of a class is, and so why it proves nothing.
pub(super) fn class_phrase(class: DomainClass) -> &'static str {
    match class {
        DomainClass::Own => "a company's own",
        DomainClass::FreeMail => "a free mail service: proves nothing",
        DomainClass::Disposable => "for throw-away addresses: proves nothing",
        DomainClass::SharedHost => "a host of many companies: proves nothing",
        DomainClass::TenantDefault => "a tenant's default: only a hint at the name",
        DomainClass::Partner => "your own: proves nothing",
        DomainClass::Vendor => "a vendor's: proves nothing",
    }
}

fn filled(values: &[&str]) -> String {
    let filled: Vec<&str> = values.iter().copied().filter(|value| !value.is_empty()).collect();
    filled.join(", ")
}

fn sides(report: &str, crm: &str) -> String {
    let or_none = |side: &str| if side.is_empty() { "none".to_owned() } else { side.to_owned() };
    match report == crm {
        true => format!("both have {}", or_none(report)),
        false => format!("the report has {}; the CRM has {}", or_none(report), or_none(crm)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        compare::drawn::{self, Drawn},
        link::AccountFields,
        report::Customers,
    };
    use proptest::prelude::*;

    /// The weights that a line shows.
    fn shown(line: &str) -> Vec<f64> {
        let words = line.split([' ', ',']).filter(|word| word.starts_with(['+', '-']));
        words.filter(|word| word.contains('.')).filter_map(|word| word.parse().ok()).collect()
    }

    /// Whether weights as shown are a sum as shown, but for the rounding of each and for a few that
    /// are too small to be shown.
    fn add_up(parts: &[f64], sum: f64) -> bool {
        (parts.iter().sum::<f64>() - sum).abs() < 0.005 * (parts.len() + 12) as f64
    }

    /// Looks whether all weights of a description add up: those under each field to the field's,
    /// and those of the fields to the pair's.
    fn check(lines: &[String]) -> Result<(), String> {
        let whole = TABLE.iter().find(|of| of.field == Field::Pair).map_or("", |of| of.sentence);
        let mut fields: Vec<(f64, Vec<f64>)> = Vec::new();
        let mut all = Vec::new();
        for line in lines {
            let weights = shown(line);
            if line.starts_with("  sum") {
                all.extend(fields.iter().map(|(weight, _)| *weight));
                return match add_up(&all, weights[0])
                    && fields.iter().all(|(sum, parts)| add_up(parts, *sum))
                {
                    true => Ok(()),
                    false => Err(lines.join("\n")),
                };
            } else if line.starts_with("  start") || line.contains(whole) {
                all.extend(weights);
            } else if let Some((_, parts)) = fields.last_mut().filter(|_| line.starts_with("   ")) {
                parts.extend(weights);
            } else if line.starts_with("  ") {
                fields.push((weights[0], Vec::new()));
            }
        }
        Err("there is no sum".into())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn the_weights_that_are_shown_add_up(
            customers in prop::collection::vec(drawn::company(), 1..4),
            accounts in prop::collection::vec(drawn::company(), 1..4),
            matching in drawn::matching(),
        ) {
            let customers: Vec<Customer> = customers.iter().map(Drawn::customer).collect();
            let link = drawn::rules();
            let index = Index::build(&customers, link);
            let matcher = Matcher::new(&index, link, &matching);
            let customers = Customers { list: customers, ..Customers::default() };
            let explainer = Explainer::new(&customers, &matcher);
            for drawn in &accounts {
                let account = AccountFields {
                    name: drawn.name.as_str().into(),
                    domains: drawn.domains.iter().map(|domain| (*domain).into()).collect(),
                    microsoft_ids: drawn.ids.iter().map(|id| (*id).into()).collect(),
                    duns: drawn.duns.into(),
                    country: drawn.country.into(),
                    state: drawn.state.into(),
                    postal_code: drawn.postal_code.into(),
                    city: drawn.city.into(),
                    ..AccountFields::default()
                }
                .pack();
                for at in 0..customers.list.len() {
                    let (at, account) = (at as u32, account.clone());
                    let comparison = matcher.compare_again(at, &account, |_, of, _| *of);
                    let candidate = Candidate { customer: at, account, comparison };
                    let checked = check(&explainer.describe(&candidate));
                    prop_assert!(checked.is_ok(), "{}", checked.unwrap_err());
                }
            }
        }
    }
}
