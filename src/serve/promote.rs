//! What decisions say of further pairs, as changes of the user's own tables: a lower limit, names that
//! mean one company and names that never do, domains that several companies share. Each change is shown
//! as text; it is written only when a person approves of that text, and holds from the next run on.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use super::{
    act::FAMILY,
    bulk::Plan,
    case::{Card, Case},
    desk::Desk,
    limits::Limits,
    queue::{Filter, Sieve},
    standing::Said,
};
use crate::{
    cli::match_::next_to,
    compare::{Score, parameters::LEAST_ACCEPT},
    error::{Error, Result},
    normalise::domain::registrable,
    rule_file,
    rules::RuleFile,
    text::id::join_key,
    verdicts::Word,
};

/// Lines of one table that are proposed, at most: a person reads them all.
const MOST_LINES: usize = 100;

/// Customers for whom accounts with one domain were refused, from which on the domain counts as
/// shared.
const REFUSED: usize = 2;

/// A change of one table: lines that go, and lines that come.
pub(super) struct Change {
    table: RuleFile,
    pub(super) goes: Vec<String>,
    pub(super) comes: Vec<String>,
}

/// All changes that the decisions about some customers suggest.
#[derive(Default)]
pub(super) struct Promotion {
    pub(super) changes: Vec<Change>,
    /// The limits that they set, where they set others.
    pub(super) limits: Option<Limits>,
}

impl Change {
    /// The name of the table.
    pub(super) fn file(&self) -> &'static str {
        self.table.name
    }

    /// The change as text: what goes behind a minus, what comes behind a plus.
    pub(super) fn text(&self) -> String {
        let goes = self.goes.iter().map(|line| format!("- {line}\n"));
        let comes = self.comes.iter().map(|line| format!("+ {line}\n"));
        goes.chain(comes).collect()
    }

    /// A table after the change: a line that goes gives its place to the one that comes, others are
    /// added at the end.
    fn apply(&self, table: &str) -> String {
        let mut comes = self.comes.iter();
        let mut lines: Vec<&str> = Vec::new();
        for line in table.lines() {
            match self.goes.iter().any(|gone| gone == line) {
                true => lines.extend(comes.next().map(String::as_str)),
                false => lines.push(line),
            }
        }
        lines.extend(comes.map(String::as_str));
        lines.join("\n") + "\n"
    }
}

impl Promotion {
    /// What the decisions about the customers that the filters leave suggest, those that were made and
    /// those that a plan would make.
    ///
    /// # Errors
    ///
    /// When a table of the user's own cannot be read.
    pub(super) fn of(desk: &Desk, filter: &Filter, plan: &Plan) -> Result<Promotion> {
        let sieve = Sieve::new(filter);
        let taken: Vec<usize> =
            (0..desk.cases.list.len()).filter(|at| sieve.takes(desk, *at)).collect();
        let planned: BTreeSet<usize> = plan.accepted.iter().copied().collect();
        let pairs: Vec<(&Case, &Card)> =
            taken.iter().filter_map(|at| accepted(desk, *at, &planned)).collect();
        let dir = folder(desk);
        let mut promotion = Promotion::default();
        if plan.is_pattern {
            promotion.add_limit(desk, &dir, &pairs)?;
        }
        promotion.add(rule_file!("aliases.csv"), &dir, aliases(&pairs))?;
        promotion.add(rule_file!("never_match.csv"), &dir, apart(desk, &taken))?;
        promotion.add(rule_file!("shared_hosts.txt"), &dir, shared(desk, &taken))?;
        Ok(promotion)
    }

    /// Adds lines to a table that has them not yet.
    fn add(&mut self, table: RuleFile, dir: &Path, lines: Vec<String>) -> Result<()> {
        let text = table.text(Some(dir))?;
        let known: BTreeSet<&str> = text.lines().collect();
        // what was approved before stands there already
        let new = lines.into_iter().filter(|line| !known.contains(line.as_str()));
        let comes: Vec<String> = new.take(MOST_LINES).collect();
        if !comes.is_empty() {
            self.changes.push(Change { table, goes: Vec::new(), comes });
        }
        Ok(())
    }

    /// The limit from which all of some pairs are accepted by themselves, where it is a lower one.
    fn add_limit(&mut self, desk: &Desk, dir: &Path, pairs: &[(&Case, &Card)]) -> Result<()> {
        let now = Limits::now(desk);
        let Some(least) = pairs.iter().map(|(_, card)| card.score()).min() else { return Ok(()) };
        let Some(wanted) = lower(now, least) else { return Ok(()) };
        let table = rule_file!("matching.toml");
        let text = table.text(Some(dir))?;
        let limits = text.lines().skip_while(|line| line.trim() != "[limits]");
        let lines =
            limits.into_iter().filter_map(|line| Some((line, line.strip_prefix("accept =")?)));
        let gone = lines.filter_map(|(line, of)| Some((line, of.trim().parse().ok()?))).next();
        if let Some((gone, _)) = gone.filter(|(_, accept)| wanted < Score::of(*accept)) {
            let number = f64::from(wanted.ten_thousandths()) / 10_000.0;
            let (goes, comes) = (vec![gone.to_owned()], vec![format!("accept = {number}")]);
            self.changes.push(Change { table, goes, comes });
            self.limits = Some(Limits { accept: wanted, ..now });
        }
        Ok(())
    }

    /// The mark of what was shown: only that is written.
    pub(super) fn mark(&self) -> String {
        let texts = self.changes.iter().map(|change| change.file().to_owned() + &change.text());
        format!("{:016x}", super::audit::shuffled(&texts.collect::<String>()))
    }

    /// Writes the changes into the folder of the user's tables; returns the files.
    ///
    /// # Errors
    ///
    /// When something else was shown, or a file cannot be written.
    pub(super) fn write(&self, desk: &Desk, shown: &str) -> Result<Vec<PathBuf>> {
        desk.must_decide()?;
        if self.mark() != shown || self.changes.is_empty() {
            return Err(Error::Unusable {
                file: "the change of the rules".into(),
                found: "it is another one than was shown".into(),
                todo: "look at it again, then approve".into(),
            });
        }
        let folder = folder(desk);
        std::fs::create_dir_all(&folder).map_err(Error::io(&folder))?;
        self.changes.iter().map(|change| write(change, &folder)).collect()
    }
}

/// The lower limit from which a pair of this similarity is accepted too, in hundredths; `None` where no
/// limit may be so low, or it need not be.
fn lower(now: Limits, least: Score) -> Option<Score> {
    let wanted = Score::new(least.ten_thousandths() / 100 * 100);
    let lowest = now.review.max(Score::of(LEAST_ACCEPT));
    (lowest..now.accept).contains(&wanted).then_some(wanted)
}

/// The folder of the user's own tables: that of the run, else a new one next to it.
pub(super) fn folder(desk: &Desk) -> PathBuf {
    desk.rules().map_or_else(|| next_to(&desk.folder, ".rules"), Path::to_owned)
}

/// Writes a table with a change: whole or not at all.
fn write(change: &Change, folder: &Path) -> Result<PathBuf> {
    let text = change.apply(&change.table.text(Some(folder))?);
    let path = folder.join(change.file());
    let part = folder.with_extension(format!("{}.part", std::process::id()));
    let written = std::fs::write(&part, text).and_then(|()| std::fs::rename(&part, &path));
    written.inspect_err(|_| drop(std::fs::remove_file(&part))).map_err(Error::io(&path))?;
    Ok(path)
}

/// A customer with the account that was accepted for it, or that a plan would accept.
fn accepted<'d>(
    desk: &'d Desk,
    at: usize,
    planned: &BTreeSet<usize>,
) -> Option<(&'d Case, &'d Card)> {
    let case = &desk.cases.list[at];
    let card = match &desk.standing(at).said {
        Some(Said::Accepted(accounts)) => {
            let is_it = |card: &&Card| accounts.iter().any(|of| join_key(of) == join_key(&card.id));
            case.accounts.iter().filter(|card| !is_of_group(desk, case, card)).find(is_it)
        }
        _ => case.accounts.first().filter(|_| planned.contains(&at)),
    };
    Some((case, card?))
}

/// Whether an account was accepted as another company of the customer's group.
fn is_of_group(desk: &Desk, case: &Case, card: &Card) -> bool {
    desk.history.holding_about(&case.id).iter().any(|line| {
        line.word == Word::Accept
            && line.note == FAMILY
            && join_key(&line.account_id) == join_key(&card.id)
    })
}

/// Names of one company that the comparison takes for two.
fn aliases(pairs: &[(&Case, &Card)]) -> Vec<String> {
    let differ = pairs.iter().filter(|(_, card)| card.levels[1] == "differs");
    let lines: BTreeSet<String> = differ.filter_map(|(case, card)| line(case, card)).collect();
    lines.into_iter().collect()
}

/// Names of two companies that the comparison takes for one.
fn apart(desk: &Desk, taken: &[usize]) -> Vec<String> {
    let mut lines = BTreeSet::new();
    for at in taken {
        let (case, rejected) = (&desk.cases.list[*at], &desk.standing(*at).rejected);
        let is_refused = |card: &&Card| {
            rejected.iter().any(|of| join_key(of) == join_key(&card.id))
                && matches!(card.levels[1].as_str(), "agrees" | "similar")
                && !desk.names.are_equal([&case.name, &card.name])
        };
        lines.extend(case.accounts.iter().filter(is_refused).filter_map(|card| line(case, card)));
    }
    lines.into_iter().collect()
}

/// The line of an alias; nothing for names that stand on no one line.
fn line(case: &Case, card: &Card) -> Option<String> {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer.write_record([case.name.as_str(), card.name.as_str()]).ok()?;
    let line = String::from_utf8(writer.into_inner().ok()?).ok()?.trim_end().to_owned();
    (!line.starts_with('#') && line.lines().count() == 1).then_some(line)
}

/// Domains of customers for which people refused an account that has the same, of several customers.
fn shared(desk: &Desk, taken: &[usize]) -> Vec<String> {
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    let mut buffer = String::new();
    for at in taken {
        let (case, rejected) = (&desk.cases.list[*at], &desk.standing(*at).rejected);
        let is_refused = |card: &Card| {
            card.levels[0] == "agrees"
                && rejected.iter().any(|of| join_key(of) == join_key(&card.id))
        };
        if case.accounts.iter().any(is_refused)
            && let Some(domain) = registrable(&case.domain, &mut buffer)
        {
            *refused.entry(domain.to_owned()).or_default() += 1;
        }
    }
    let several = refused.into_iter().filter(|(_, count)| *count >= REFUSED);
    several.map(|(domain, _)| domain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_replaces_its_line_and_adds_the_others() {
        let change = |goes: &[&str], comes: &[&str]| {
            let lines = |of: &[&str]| of.iter().map(|line| (*line).to_owned()).collect();
            Change { table: rule_file!("aliases.csv"), goes: lines(goes), comes: lines(comes) }
        };
        for (table, of, want) in [
            (
                "a\naccept = 0.55\nb\n",
                change(&["accept = 0.55"], &["accept = 0.4"]),
                "a\naccept = 0.4\nb\n",
            ),
            ("name,same_as\n", change(&[], &["x,y"]), "name,same_as\nx,y\n"),
            ("no end", change(&[], &["x"]), "no end\nx\n"),
        ] {
            assert_eq!(of.apply(table), want);
        }
        assert_eq!(change(&["a"], &["b", "c"]).text(), "- a\n+ b\n+ c\n");
    }

    #[test]
    fn a_limit_is_lowered_only_as_far_as_it_may_be() {
        let now = Limits { accept: Score::of(0.7), review: Score::of(0.18) };
        for (least, want) in [
            ("0.6789", Some("0.6700")),
            ("0.7100", None),
            ("0.5012", Some("0.5000")),
            ("0.4999", None),
        ] {
            let wanted = lower(now, Score::of(least.parse().unwrap()));
            assert_eq!(wanted.map(|of| of.to_string()).as_deref(), want, "{least}");
        }
    }

    #[test]
    fn an_alias_is_one_line_of_the_table() {
        let pair = |name: &str| {
            let case = Case { name: name.into(), ..Case::default() };
            line(&case, &Card { name: "Other".into(), ..Card::default() })
        };
        assert_eq!(pair("A, B").as_deref(), Some("\"A, B\",Other"));
        assert_eq!(pair("#1 Cloud"), None, "a comment");
        assert_eq!(pair("two\nlines"), None);
    }
}
