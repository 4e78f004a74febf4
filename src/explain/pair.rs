//! One candidate pair in plain lines: the same comparison code as the run's.

use compact_str::CompactString;

use super::Explainer;
use crate::{
    compare::{AccountSide, Comparison, Evidence, Level, parameters::Matching},
    index::{CustomerRecord, LinkRules, WordRef, dictionary::WordClass},
    link::{AccountRecord, Candidate},
    normalise::{
        company::{CompanyName, KnownWords},
        domain::DomainClass,
    },
    report::Customer,
};

/// The fields beside the name and the features of `matching.toml` that belong to each.
const FIELDS: [(&str, &[&str]); 3] = [
    ("domain", &["domain_", "label_"]),
    ("id", &["id_"]),
    ("place", &["postal_", "city_", "state_", "country_", "place_"]),
];

/// What the features of a comparison mean, by their names in `matching.toml`.
const MEANING: [(&str, &str); 29] = [
    ("typos", "words that agree but for a typing error"),
    ("instead", "each name has words that the other has not"),
    ("numerals_differ", "the numbers in the names differ"),
    ("forms_differ", "the legal forms differ"),
    ("form_moved", "the legal form stands in front in one name and behind in the other"),
    ("domain_agrees", "one domain on both sides"),
    ("domain_shared", "several customers of the reports share it"),
    ("domain_differs", "no domain is on both sides"),
    ("domain_similar", "the same label under another ending"),
    ("label_in_name", "the domain spells the other side's name"),
    ("postal_agrees", "postal codes agree"),
    ("postal_differs", "postal codes differ"),
    ("city_agrees", "cities agree"),
    ("city_differs", "cities differ"),
    ("country_differs", "countries differ"),
    ("id_agrees", "one number on both sides"),
    ("id_shared", "several customers of the reports share it"),
    ("names_only", "one side is known by its name only"),
    ("matched", "words on both sides"),
    ("extra", "words that only one name has"),
    ("complete", "all words that count are in both names"),
    ("beginning", "one name is the beginning of the other"),
    ("state_agrees", "states agree"),
    ("state_differs", "states differ"),
    ("weak_rest", "the rest of the longer name is weak words"),
    ("acronym", "one name is the initials of the other"),
    ("numerals_missing", "only one name has a number"),
    ("domain_near", "the domains are near each other"),
    ("place_moved", "under one domain another place counts for less: companies move"),
];

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
    link: &'p LinkRules,
    matching: &'p Matching,
    customer: &'p Customer,
    prepared: &'p CustomerRecord,
    account: &'p AccountRecord,
    side: &'p AccountSide<'s>,
    of: &'p Comparison,
    evidence: &'p Evidence,
    left: &'p [WordRef<'p>],
    /// What each feature weighs, by its name in `matching.toml`.
    terms: Vec<(&'static str, f64)>,
}

impl Explainer<'_> {
    /// Score, levels, words and what each weighed, line by line.
    pub(crate) fn describe(&self, candidate: &Candidate) -> Vec<String> {
        self.again(candidate, |side, of, evidence| {
            let prepared = &self.matcher.index.customers[candidate.customer as usize];
            let left: Vec<WordRef<'_>> = self.matcher.index.refs(prepared).collect();
            let pair = Pair {
                link: self.matcher.rules,
                matching: self.matcher.matching,
                customer: &self.customers.list[candidate.customer as usize],
                prepared,
                account: &candidate.account,
                side,
                of,
                evidence,
                left: &left,
                terms: evidence.features.terms(&self.matcher.matching.weights).into(),
            };
            let pass = of.pass.map_or("no pass", |pass| pass.word());
            let mut lines = vec![format!("similarity {} ({pass})", of.score)];
            lines.extend(pair.name());
            for (field, fronts) in FIELDS {
                lines.extend(pair.field(field, fronts));
            }
            lines.extend(pair.sum());
            lines.push(format!("  in one line: {}", self.sentence(candidate)));
            lines
        })
    }
}

impl Pair<'_, '_> {
    /// What the features whose names begin so weigh together.
    fn weight(&self, fronts: &[&str]) -> f64 {
        let belongs = |name: &str| fronts.iter().any(|front| name.starts_with(front));
        self.terms.iter().filter(|(name, _)| belongs(name)).map(|(_, bits)| bits).sum()
    }

    /// What the names weigh: all that no other field does.
    fn names(&self) -> f64 {
        let others: f64 = FIELDS.iter().map(|(_, fronts)| self.weight(fronts)).sum();
        let prior = self.matching.score.prior;
        f64::from(self.of.weight) / 100.0 - others - self.weight(&["names_only"]) - prior
    }

    /// The names: words on both sides and on one only, each with what it weighs.
    fn name(&self) -> Vec<String> {
        let mut lines = vec![row("name", self.of.name, self.names(), &self.name_sentence())];
        lines.extend(self.words());
        let told = [
            "typos",
            "other_forms",
            "instead",
            "complete",
            "beginning",
            "first_word",
            "acronym",
            "numerals_",
            "forms_",
            "form_moved",
        ];
        lines.extend(self.told(&told));
        let parts = self.weight(&["matched", "extra_"]) + self.weight(&told);
        if (self.names() - parts).abs() >= 0.05 {
            lines.push(format!("      the names count no more than {:+.2} in all", self.names()));
        }
        lines
    }

    fn name_sentence(&self) -> String {
        match self.of.name {
            Level::Agrees => "all words that count are in both names".into(),
            Level::Similar => "the names share more than they differ by".into(),
            Level::Differs => "the names differ by more than they share".into(),
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

    fn words(&self) -> Vec<String> {
        let weights = &self.matching.weights;
        let bits = |word: &WordRef<'_>| f64::from(word.word.bits) / 100.0;
        let (left, right) = (self.left, self.side.words);
        let (report, crm) = (self.spelled(&self.customer.name), self.spelled(self.account.name()));
        let both: Vec<String> = self
            .evidence
            .alignment
            .matched
            .iter()
            .map(|pair| {
                let (one, other) = (&left[pair.left as usize], &right[pair.right as usize]);
                let weight = bits(one).min(bits(other)) * weights.matched;
                let (one, other) = (&report[pair.left as usize], &crm[pair.right as usize]);
                match one == other {
                    true => format!("{one} {weight:+.2}"),
                    false => format!("{other} for {one} {weight:+.2}"),
                }
            })
            .collect();
        let (plain, weak) = (weights.extra_plain, weights.extra_weak);
        let only = |words: &[WordRef<'_>], spelled: &[String], used: u32| -> Vec<String> {
            let open = words.iter().enumerate().filter(|(at, _)| used & (1 << at) == 0);
            open.map(|(at, word)| (&spelled[at], word))
                .map(|(text, word)| match word.word.class {
                    _ if word.word.optional || word.word.in_city => {
                        format!("{text} 0 (beside the name)")
                    }
                    _ if word.word.dotted && word.word.shape.length == 1 => {
                        format!("{text} (an initial)")
                    }
                    WordClass::Particle => format!("{text} 0"),
                    WordClass::Plain | WordClass::Numeral(_) => {
                        format!("{text} {:+.2}", bits(word) * plain)
                    }
                    _ => format!("{text} {:+.2} (a common word)", bits(word) * weak),
                })
                .collect()
        };
        let alignment = &self.evidence.alignment;
        let capped = if self.weight(&["matched"]) >= weights.most {
            format!(" (together no more than {:+.2})", weights.most)
        } else {
            String::new()
        };
        let of_report = only(left, &report, alignment.left_used);
        let of_crm = only(right, &crm, alignment.right_used);
        [
            ("both", both, capped),
            ("only the report", of_report, String::new()),
            ("only the CRM", of_crm, String::new()),
        ]
        .into_iter()
        .filter(|(_, words, _)| !words.is_empty())
        .map(|(what, words, note)| format!("      {what}: {}{note}", words.join(", ")))
        .collect()
    }

    /// A field beside the name.
    fn field(&self, name: &str, fronts: &[&str]) -> Vec<String> {
        let (level, sentence) = match name {
            "domain" => (self.of.domain, self.domains()),
            "id" => (self.of.id, self.ids()),
            _ => (self.of.place, self.places()),
        };
        let mut lines = vec![row(name, level, self.weight(fronts), &sentence)];
        lines.extend(self.told(fronts));
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

    /// What features whose names begin so say, each with its weight.
    fn told(&self, fronts: &[&str]) -> Vec<String> {
        let belongs = |name: &str| fronts.iter().any(|front| name.starts_with(front));
        let told = self.terms.iter().filter(|(name, bits)| belongs(name) && bits.abs() >= 0.005);
        told.map(|(name, bits)| format!("      {} {bits:+.2}", meaning(name))).collect()
    }

    /// From the weights to the similarity.
    fn sum(&self) -> Vec<String> {
        let prior = self.matching.score.prior;
        let mut lines = self.told(&["names_only"]);
        let total = |name: &str, bits: f64| format!("  {name:<21} {:>7}", format!("{bits:+.2}"));
        lines.push(format!("{}  counts for every pair", total("start", prior)));
        let weight = f64::from(self.of.weight) / 100.0;
        lines.push(format!(
            "{}  as similarity {}; +1 doubles the odds that both are one company, -1 halves them",
            total("sum", weight),
            self.of.score
        ));
        lines
    }
}

fn row(name: &str, level: Level, bits: f64, sentence: &str) -> String {
    let weight = format!("{bits:+.2}");
    format!("  {name:<7} {:<13} {weight:>7}  {sentence}", level.word())
}

/// What a domain of a class is, and so why it proves nothing.
pub(super) fn class_phrase(class: DomainClass) -> &'static str {
    match class {
        DomainClass::Own => "a company's own",
        DomainClass::FreeMail => "free mail: proves nothing",
        DomainClass::Disposable => "throw-away addresses: proves nothing",
        DomainClass::SharedHost => "a host of many companies: proves nothing",
        DomainClass::TenantDefault => "a tenant's default: no more than a hint at the name",
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

fn meaning(name: &str) -> String {
    let known = MEANING.iter().find(|(known, _)| name.starts_with(known));
    known.map_or_else(|| name.replace('_', " "), |(_, phrase)| (*phrase).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{features::Features, parameters::Matching};

    #[test]
    fn each_feature_of_a_comparison_is_told_in_words() {
        let rules = Matching::load(None).expect("the table");
        for (name, _) in Features::default().terms(&rules.weights) {
            let told = MEANING.iter().any(|(known, _)| name.starts_with(known));
            assert!(told, "{name} has no words");
        }
    }
}
