//! What a person must decide: `review.csv`, and the workbook that is made for deciding.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::{
    Findings,
    decided::{best_first, explained, levels, pass},
    profile::Profile,
    row::{Cell, Choices, Rows, Tone, figure, money},
};
use crate::{
    compare::{Comparison, Level, Score},
    decide::{Outcome, ReviewReason},
    language::Texts,
    link::{AccountRecord, Candidate},
    report::{Cluster, Customer},
    result::{
        column::{Book, Heading, Kind},
        file::review,
    },
    text::id::join_key,
    verdicts::{PairVerdict, SeenField, Unclear, Verdicts, Word, changed_since, fingerprint},
};

/// One row per candidate of a customer in review: by customer id, the best candidate first.
pub(super) struct ReviewRows<'f> {
    findings: &'f Findings<'f>,
    profiles: &'f [Profile],
    rows: Vec<ReviewRow<'f>>,
    explanations: Vec<Box<str>>,
    english: Texts,
}

struct ReviewRow<'f> {
    customer: u32,
    reason: ReviewReason,
    rank: u64,
    candidate: &'f Candidate,
}

impl<'f> ReviewRows<'f> {
    pub(super) fn new(findings: &'f Findings<'f>, profiles: &'f [Profile]) -> ReviewRows<'f> {
        let mut rows = Vec::new();
        for (customer, outcome) in (0u32..).zip(&findings.decisions.outcomes) {
            if let Outcome::Review(reason, candidates) = outcome {
                let mut of: Vec<&Candidate> = candidates.iter().collect();
                of.sort_by_key(|candidate| best_first(candidate));
                rows.extend((1..).zip(of).map(|(rank, candidate)| ReviewRow {
                    customer,
                    reason: *reason,
                    rank,
                    candidate,
                }));
            }
        }
        let explanations = explained(findings, rows.iter().map(|row| row.candidate));
        let english = findings.texts.in_english();
        ReviewRows { findings, profiles, rows, explanations, english }
    }

    fn customer(&self, row: &ReviewRow<'_>) -> &'f Customer {
        &self.findings.customers.list[row.customer as usize]
    }

    /// What was noted of a pair.
    fn note(&self, row: &ReviewRow<'_>) -> &'f str {
        let said = self.findings.verdicts.of(&self.customer(row).id);
        said.map_or("", |said| said.note(row.candidate.account.id()))
    }

    /// What was decided of a pair before, and what has changed since; empty where nothing has.
    fn earlier(&self, row: &ReviewRow<'_>, texts: &Texts) -> String {
        let (customer, account) = (self.customer(row), &row.candidate.account);
        let Some(earlier) = Earlier::of(self.findings.verdicts, customer, account) else {
            return String::new();
        };
        earlier.sentence(texts)
    }
}

impl Rows for ReviewRows<'_> {
    fn headings(&self) -> Vec<Heading<'_>> {
        review::FILE.headings([], [])
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let customers = self.findings.customers;
        let of = &self.rows[at];
        let (customer, profile) = (self.customer(of), &self.profiles[of.customer as usize]);
        let Candidate { account, comparison, .. } = of.candidate;
        let [domain_level, name_level, id_level, place_level] = levels(comparison);
        let cells = review::Row {
            customer_id: customer.id.as_str().into(),
            customer_name: customer.name.as_str().into(),
            customer_domain: customer.domain.as_str().into(),
            customer_city: customer.city.as_str().into(),
            customer_country: customer.country.as_str().into(),
            reason: of.reason.word().into(),
            rank: Cell::Count(of.rank),
            account_id: account.id().into(),
            account_name: account.name().into(),
            account_domain: account.domain().into(),
            account_city: account.city().into(),
            account_country: account.country().into(),
            pass: pass(comparison),
            similarity: Cell::Score(comparison.score),
            domain_level,
            name_level,
            id_level,
            place_level,
            best_cluster: profile.best_cluster.into(),
            cohorts: customer.cohorts_text(&customers.cohorts).into(),
            explanation: (&*self.explanations[at]).into(),
            seen: fingerprint(customer, account).into(),
            verdict: Cell::BLANK,
            note: self.note(of).into(),
            expiring_revenue: money(profile.expiring_revenue),
            org_size: figure(&customer.org_size),
            reviewer: Cell::BLANK,
            earlier_decision: self.earlier(of, &self.english).into(),
        };
        cells.put(row, []);
    }
}

/// A decision that no longer holds, as what it saw has changed.
struct Earlier<'v> {
    word: Word,
    verdict: &'v PairVerdict,
    /// What has changed since.
    changed: Vec<SeenField>,
}

impl<'v> Earlier<'v> {
    fn of(
        verdicts: &'v Verdicts,
        customer: &Customer,
        account: &AccountRecord,
    ) -> Option<Earlier<'v>> {
        let said = verdicts.of(&customer.id)?;
        let is_it = |pair: &&PairVerdict| join_key(&pair.account_id) == join_key(account.id());
        let of_pair = |word, pairs: &'v [PairVerdict]| Some((word, pairs.iter().find(is_it)?));
        let (word, verdict) = of_pair(Word::Accept, &said.accepted)
            .or_else(|| of_pair(Word::Reject, &said.rejected))
            .or_else(|| Some((Word::None, said.none.as_ref()?)))?;
        let account = (word != Word::None).then_some(account);
        let changed = changed_since(&verdict.seen, customer, account);
        (!changed.is_empty()).then_some(Earlier { word, verdict, changed })
    }

    fn sentence(&self, texts: &Texts) -> String {
        let day = self.verdict.time.split('T').next().unwrap_or("");
        let word = texts.get(word_key(self.word));
        let what: Vec<&str> = self.changed.iter().map(|of| texts.get(changed_key(*of))).collect();
        let what = what.join(texts.get("review.list"));
        let who = &*self.verdict.reviewer;
        let key = if who.is_empty() { "earlier.said" } else { "earlier.said_by" };
        texts.with(key, &[("word", word), ("day", day), ("what", what.as_str()), ("who", who)])
    }
}

/// The sentence of `review.csv` on an earlier decision, in the language of the texts; as it is where
/// it is none of ours.
#[cfg(feature = "browser")]
pub(crate) fn earlier_retold(sentence: &str, texts: &Texts) -> String {
    let english = texts.in_english();
    let retold = || {
        let (said, what) = sentence.strip_suffix('.')?.split_once("; since then ")?;
        let (word, rest) = said.split_once(" on ")?;
        let (day, who) = rest.split_once(" by ").unwrap_or((rest, ""));
        let is_it = |of: &Word| english.get(word_key(*of)) == word;
        let word = Word::JUDGING.into_iter().find(is_it)?;
        let what = SeenField::ALL.into_iter().fold(what.to_owned(), |what, field| {
            what.replace(english.get(changed_key(field)), texts.get(changed_key(field)))
        });
        let key = if who.is_empty() { "earlier.said" } else { "earlier.said_by" };
        let word = texts.get(word_key(word));
        Some(texts.with(key, &[("word", word), ("day", day), ("what", &what), ("who", who)]))
    };
    retold().unwrap_or_else(|| sentence.to_owned())
}

/// The key of the text that names what has changed.
fn changed_key(field: SeenField) -> &'static str {
    match field {
        SeenField::CustomerName => "earlier.customer_name",
        SeenField::CustomerDomain => "earlier.customer_domain",
        SeenField::Customer => "earlier.customer",
        SeenField::AccountName => "earlier.account_name",
        SeenField::AccountDomain => "earlier.account_domain",
        SeenField::Account => "earlier.account",
    }
}

/// The key of a word of the drop-down.
pub(crate) fn word_key(word: Word) -> &'static str {
    match word {
        Word::Reject => "word.reject",
        Word::None => "word.none",
        Word::Accept | Word::Open | Word::Note => "word.accept",
    }
}

/// The same rows for deciding: what is worth most and most open comes first, the candidates of a
/// customer together, the decision in front.
pub(super) struct ReviewSheet<'f> {
    rows: &'f ReviewRows<'f>,
    book: &'static Book,
    /// Positions of rows, in the order of the sheet, and whether a band of colour lies on them.
    order: Vec<(usize, Tone)>,
    /// What was typed and not understood, by customer and account.
    unclear: FxHashMap<(&'f str, &'f str), &'f str>,
}

impl<'f> ReviewSheet<'f> {
    pub(super) fn new(
        rows: &'f ReviewRows<'f>,
        book: &'static Book,
        unclear: &'f [Unclear],
    ) -> ReviewSheet<'f> {
        let mut groups: Vec<(u64, &[ReviewRow<'_>], usize)> = Vec::new();
        let mut at = 0;
        for group in rows.rows.chunk_by(|one, other| one.customer == other.customer) {
            groups.push((rows.urgency(group), group, at));
            at += group.len();
        }
        groups.sort_by_key(|(urgency, ..)| Reverse(*urgency)); // stable: then by customer id
        let tones = [Tone::Plain, Tone::Band].into_iter().cycle();
        let order = groups.into_iter().zip(tones).flat_map(|((_, group, first), tone)| {
            (first..first + group.len()).map(move |at| (at, tone))
        });
        let key = |of: &'f Unclear| (&*of.customer_id, &*of.account_id);
        let unclear = unclear.iter().map(|of| (key(of), &*of.typed)).collect();
        ReviewSheet { rows, book, order: order.collect(), unclear }
    }

    fn texts(&self) -> &'f Texts {
        self.rows.findings.texts
    }

    /// The kind of a column.
    fn kind(name: &str) -> Kind {
        let known = review::FILE.fixed().find(|column| column.name == name);
        match known.map(|column| column.kind) {
            // the sentence on what to decide says it in short
            Some(Kind::Sentence) if name == "explanation" => Kind::List,
            known => known.unwrap_or(Kind::Sentence),
        }
    }

    /// What is to be decided, in one sentence.
    fn sentence(&self, row: &ReviewRow<'_>) -> String {
        let texts = self.texts();
        let reason = texts.get(reason_key(row.reason));
        let Comparison { domain, name, id, place, .. } = &row.candidate.comparison;
        let levels = [("domain", domain), ("name", name), ("id", id), ("place", place)];
        let sign = |(field, level): (&str, &Level)| match level {
            Level::Agrees | Level::Similar | Level::Differs => {
                Some(texts.get(&format!("level.{field}.{}", level.word())).to_owned())
            }
            _ => None,
        };
        let signs: Vec<String> = levels.into_iter().filter_map(sign).collect();
        if signs.is_empty() {
            return texts.with("review.sentence_alone", &[("reason", reason)]);
        }
        let signs = signs.join(texts.get("review.list"));
        texts.with("review.sentence", &[("reason", reason), ("signs", &signs)])
    }

    /// The sentences of the sheet that says how to decide.
    pub(super) fn how_to(&self) -> Vec<String> {
        let words = word_places(self.texts());
        let places: Vec<(&str, &str)> = words.iter().map(|(of, word)| (*of, &**word)).collect();
        (1..=8).map(|at| self.texts().with(&format!("how.{at}"), &places)).collect()
    }
}

/// The words of the drop-down, by the places that texts have for them.
fn word_places(texts: &Texts) -> [(&'static str, String); 3] {
    Word::JUDGING.map(|word| (word.word(), texts.get(word_key(word)).to_owned()))
}

pub(crate) fn reason_key(reason: ReviewReason) -> &'static str {
    match reason {
        ReviewReason::Conflict => "review.conflict",
        ReviewReason::Tie => "review.tie",
        ReviewReason::Doubtful => "review.doubtful",
        ReviewReason::Family => "review.family",
        ReviewReason::AccountTaken => "review.account_taken",
        ReviewReason::Stale => "review.stale",
        ReviewReason::Truncated => "review.truncated",
    }
}

impl Rows for ReviewSheet<'_> {
    fn headings(&self) -> Vec<Heading<'_>> {
        let heading = |name: &&'static str| {
            let label = self.texts().heading(name).unwrap_or(name);
            Heading { name: label.into(), kind: Self::kind(name) }
        };
        self.book.columns.iter().map(heading).collect()
    }

    fn len(&self) -> usize {
        self.order.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let (at, _) = self.order[at];
        let (mut all, of) = (Vec::new(), &self.rows.rows[at]);
        self.rows.fill(at, &mut all);
        let key = (self.rows.customer(of).id.as_str(), of.candidate.account.id());
        row.extend(self.book.columns.iter().map(|name| match *name {
            "what_to_decide" => self.sentence(of).into(),
            "earlier_decision" => self.rows.earlier(of, self.texts()).into(),
            "explanation" => {
                let said = &*self.rows.explanations[at];
                self.texts().say(said).map_or_else(|| said.into(), Cell::from)
            }
            "verdict" => self.unclear.get(&key).map_or(Cell::BLANK, |typed| Cell::Refused(typed)),
            name => {
                let place = review::FILE.fixed().position(|column| column.name == name);
                place.map_or(Cell::BLANK, |place| std::mem::replace(&mut all[place], Cell::BLANK))
            }
        }));
    }

    fn tone(&self, at: usize) -> Tone {
        self.order[at].1
    }

    fn frozen(&self) -> usize {
        self.book.frozen
    }

    fn choices(&self) -> Option<Choices> {
        let texts = self.texts();
        let words = word_places(texts);
        let places: Vec<(&str, &str)> = words.iter().map(|(of, word)| (*of, &**word)).collect();
        Some(Choices {
            title: texts.get("choose.title").to_owned(),
            prompt: texts.with("choose.prompt", &places),
            refused: texts.with("choose.refused", &places),
            words: words.iter().map(|(_, word)| word.clone()).collect(),
        })
    }
}

/// What a case in review is about: all that its place in the order depends on.
pub(crate) struct Stake<'s> {
    /// The cluster, as the files show it.
    pub(crate) best_cluster: &'s str,
    /// The revenue that expires, in hundredths.
    pub(crate) revenue: Option<i64>,
    /// The least number of employees, 0 where it is not known.
    pub(crate) people: u64,
    /// Why it is in review.
    pub(crate) reason: ReviewReason,
    /// The similarity of its best candidate, and whether a pass found it.
    pub(crate) best: (Score, bool),
}

impl Stake<'_> {
    /// What is at stake times how open it is: the readiness of the customer, the magnitude of its
    /// revenue or size, and how near its best candidate is to the limit.
    pub(crate) fn urgency(&self, accept: Score) -> u64 {
        let cluster = self.best_cluster.trim_end_matches(" (derived)");
        let readiness = match Cluster::from_name(cluster) {
            Some(Cluster::ActNow) => 8,
            Some(Cluster::Evaluate) => 4,
            Some(Cluster::Nurture) => 2,
            Some(Cluster::Educate) | None => 1,
        };
        let revenue = self.revenue.unwrap_or(0).max(0).unsigned_abs() / 100;
        let people = self.people.saturating_mul(REVENUE_PER_PERSON);
        let magnitude = u64::from(revenue.max(people).max(1).ilog2()) + 1;
        readiness * magnitude * self.doubt(accept)
    }

    /// How open a case is, 1 to 10,000. Of two that fit equally well, or a decision that no longer
    /// holds, nobody but a person can say more.
    fn doubt(&self, accept: Score) -> u64 {
        let (score, has_pass) = self.best;
        match self.reason {
            ReviewReason::Doubtful | ReviewReason::Family if has_pass => {
                let distance = score.ten_thousandths().abs_diff(accept.ten_thousandths());
                10_000 - u64::from(distance).min(9_999)
            }
            ReviewReason::Doubtful | ReviewReason::Family => 1,
            _ => 10_000,
        }
    }
}

impl ReviewRows<'_> {
    fn urgency(&self, group: &[ReviewRow<'_>]) -> u64 {
        let Some(best) = group.first() else { return 0 };
        let (customer, profile) = (self.customer(best), &self.profiles[best.customer as usize]);
        let Comparison { score, pass, .. } = best.candidate.comparison;
        let stake = Stake {
            best_cluster: profile.best_cluster,
            revenue: profile.expiring_revenue,
            people: customer.size().map_or(0, |(least, _)| least),
            reason: best.reason,
            best: (score, pass.is_some()),
        };
        stake.urgency(Score::of(self.findings.limits.accept))
    }
}

/// What an employee counts for where no revenue is known: the order of a licence for a year.
const REVENUE_PER_PERSON: u64 = 100;

#[cfg(all(test, feature = "browser"))]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn sentences_on_earlier_decisions_are_retold_in_each_language() {
        let english = Texts::load(None, Language::En).unwrap();
        let verdict = PairVerdict {
            account_id: "001A".into(),
            seen: "".into(),
            reviewer: "Kim by night".into(),
            time: "2026-10-05T10:00:00Z".into(),
        };
        for word in Word::JUDGING {
            for changed in
                [vec![SeenField::AccountName, SeenField::Customer], vec![SeenField::Account]]
            {
                let earlier = Earlier { word, verdict: &verdict, changed };
                for language in Language::ALL {
                    let texts = Texts::load(None, language).unwrap();
                    let want = earlier.sentence(&texts);
                    let retold = earlier_retold(&earlier.sentence(&english), &texts);
                    let same = |text: &str| text.replace(['、', ','], "").replace(' ', "");
                    assert_eq!(same(&retold), same(&want), "{language:?}");
                }
            }
        }
        assert_eq!(earlier_retold("something else", &english), "something else");
    }
}
