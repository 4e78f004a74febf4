//! The deals of the CRM: which account was offered what, when, and what became of it. Nothing of a
//! person is read or kept.

mod products;

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

pub(crate) use products::Products;

use crate::{
    columns::{DealLayout, Field, Recognised, Words},
    crm::{self, AccountNames, name_hash, spellings},
    error::Result,
    inputs::{Inputs, RunLog, Source, SourceBatch, each_batch},
    problem::Problem,
    read::{ReadOptions, Row, value::Written},
    report::begins,
    text::id::{account_hash, join_key},
};

pub(crate) use crate::crm::DealState;

/// A deal of the CRM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deal {
    /// Its account.
    pub(crate) account: DealAccount,
    /// The day on which it was created.
    pub(crate) created: Option<Date>,
    /// The day on which it was won or lost; of an open one, on which it is expected to be.
    pub(crate) closed: Option<Date>,
    /// How it stands; `None` where its stage is in no table, nor any of its file won.
    pub(crate) state: Option<DealState>,
    /// What it is worth, in hundredths of its currency.
    pub(crate) amount: Option<i64>,
    /// The currency, a code in capitals or its name; empty where it does not say.
    pub(crate) currency: Box<str>,
    /// The solution areas that its products or its type name, or the beginnings of these; empty
    /// where they name none.
    pub(crate) areas: Vec<String>,
}

impl Deal {
    /// The areas that it is about, among some, by position.
    pub(crate) fn areas_among(&self, all: &[String]) -> Vec<usize> {
        let is_about = |area: &String| self.areas.iter().any(|of| begins(area, of));
        (0..all.len()).filter(|at| is_about(&all[*at])).collect()
    }
}

/// What a deal says of its account. The name is kept as a hash: it may be a person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DealAccount {
    /// Its id, hashed.
    Id(u64),
    /// Its name in several spellings, hashed.
    Name(SmallVec<[u64; 2]>),
    /// Nothing.
    None,
}

/// The deals of all files, in the order of these.
#[derive(Debug, Default)]
pub(crate) struct Deals {
    /// Each deal once.
    pub(crate) list: Vec<Deal>,
    /// Whether some name their account without its id.
    pub(crate) needs_names: bool,
}

/// Some account that a deal may belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner<T> {
    /// This one.
    Of(T),
    /// An account that is no customer's, or that nobody knows.
    Nobody,
    /// Several accounts bear the name, and they are not one customer's.
    Unclear,
}

impl DealAccount {
    fn of(deal: &crm::Deal<'_>) -> DealAccount {
        if !deal.account_id.is_empty() && !join_key(deal.account_id).is_empty() {
            return DealAccount::Id(account_hash(deal.account_id));
        }
        let names: SmallVec<[u64; 2]> =
            spellings(deal.account_name).filter_map(name_hash).collect();
        if names.is_empty() { DealAccount::None } else { DealAccount::Name(names) }
    }

    /// Whose the account is: `of` says it of an account by the hash of its id.
    pub(crate) fn owner<T: PartialEq>(
        &self,
        names: &AccountNames,
        of: impl Fn(u64) -> Option<T>,
    ) -> Owner<T> {
        let named = match self {
            DealAccount::None => return Owner::Nobody,
            DealAccount::Id(id) => return of(*id).map_or(Owner::Nobody, Owner::Of),
            DealAccount::Name(spellings) => {
                spellings.iter().find(|name| names.accounts_of(**name).next().is_some())
            }
        };
        let Some(named) = named else { return Owner::Nobody };
        let mut owners = names.accounts_of(*named).map(of);
        let first = owners.next().flatten();
        match (owners.all(|owner| owner == first), first) {
            (false, _) => Owner::Unclear,
            (true, None) => Owner::Nobody,
            (true, Some(owner)) => Owner::Of(owner),
        }
    }
}

/// A row of a file of deals, before it is known how days and amounts are written there.
struct Raw {
    source: usize,
    line: u64,
    id: Box<str>,
    account: DealAccount,
    created: Box<str>,
    closed: Box<str>,
    state: Option<DealState>,
    /// The word of the state, where no table holds it.
    unread_state: Box<str>,
    amount: Box<str>,
    currency: Box<str>,
    products: Vec<Box<str>>,
}

/// A code in capitals; the name of a currency as it is.
fn currency(cell: &str) -> String {
    let cell = cell.trim();
    let is_code = cell.len() == 3 && cell.bytes().all(|byte| byte.is_ascii_alphabetic());
    if is_code { cell.to_ascii_uppercase() } else { cell.to_owned() }
}

/// Rows of deals, and those that were deleted, by file.
#[derive(Default)]
struct Rows {
    raw: Vec<Raw>,
    deleted: FxHashMap<usize, u64>,
}

impl Rows {
    fn take(&mut self, (layout, words): (&DealLayout, &Words), row: Row<'_>, source: usize) {
        let deal = layout.deal(row, words);
        if deal.is_deleted {
            *self.deleted.entry(source).or_default() += 1;
            return;
        }
        let unread = if deal.state.is_none() { layout.unread_state(row) } else { "" };
        self.raw.push(Raw {
            source,
            line: row.line,
            id: join_key(&deal.id).as_ref().into(),
            account: DealAccount::of(&deal),
            created: deal.created.into(),
            closed: deal.closed.into(),
            state: deal.state,
            unread_state: unread.into(),
            amount: deal.amount.into(),
            currency: currency(deal.currency).into(),
            products: layout.products(row).map(Into::into).collect(),
        });
    }

    fn merge(&mut self, other: Rows) {
        self.raw.extend(other.raw);
        for (source, rows) in other.deleted {
            *self.deleted.entry(source).or_default() += rows;
        }
    }
}

/// The ids of a deal.
const DEAL_IDS: [Field; 2] = [Field::Id, Field::AccountId];

/// Reads the deals of the CRM.
///
/// # Errors
///
/// When a file cannot be read.
pub(crate) fn read_deals(
    inputs: &Inputs,
    options: &ReadOptions,
    (words, products): (&Words, &Products),
    log: &mut RunLog,
) -> Result<Deals> {
    let sources: Vec<(usize, &Source)> =
        inputs.which(|what| matches!(what, Recognised::Deals(_))).collect();
    let mut rows = each_batch(
        &sources,
        options,
        log,
        |rows: &mut Rows, _: &mut (), log, SourceBatch { at, source, batch }| {
            if let Recognised::Deals(layout) = &source.what {
                for row in batch.rows() {
                    log.add_problems(layout.layout().rounded_ids(row, &DEAL_IDS));
                    rows.take((layout, words), row, at);
                }
            }
        },
        Rows::merge,
    )?;
    rows.raw.sort_by_key(|raw| (raw.source, raw.line));
    let knows_won = rows.raw.iter().any(|raw| raw.state == Some(DealState::Won));
    let mut gathered = Gathered { knows_won, ..Gathered::default() };
    let mut raw = rows.raw.into_iter().peekable();
    for (at, source) in sources {
        let of_file: Vec<Raw> =
            std::iter::from_fn(|| raw.next_if(|raw| raw.source == at)).collect();
        let deleted = rows.deleted.get(&at).copied().unwrap_or_default();
        gathered.file(&of_file, (source, deleted), log);
    }
    Ok(gathered.finish(products))
}

/// The deals of some files, by id.
#[derive(Default)]
struct Gathered {
    /// Whether any stage of any file is known as won: then those in no table are open ones.
    knows_won: bool,
    list: Vec<(Deal, Vec<Box<str>>)>,
    /// By id and by the day: what differs there is another deal with the same number.
    by_id: FxHashMap<(Box<str>, Option<Date>), usize>,
}

impl Gathered {
    /// Adds the deals of a file. One that is there already, as in a report with a row for each
    /// product, only adds its products.
    fn file(&mut self, rows: &[Raw], (source, deleted): (&Source, u64), log: &mut RunLog) {
        let file = &source.info.file;
        let written = Written::of(
            rows.iter().flat_map(|raw| [&*raw.created, &*raw.closed]),
            rows.iter().map(|raw| &*raw.amount),
        );
        let doubts = [written.doubt_of_dates(), written.doubt_of_amounts()];
        log.add_notes(doubts.into_iter().flatten().map(|doubt| format!("{file}: {doubt}")));
        if deleted > 0 {
            log.add_notes([format!("{file}: deleted deals, left out: {deleted}")]);
        }
        log.add_notes(note_of_states(rows, self.knows_won).map(|note| format!("{file}: {note}")));
        let mut again = 0;
        for raw in rows {
            log.add_problems(unread(raw, source, &written));
            let deal = Deal {
                account: raw.account.clone(),
                created: written.date(&raw.created),
                closed: written.date(&raw.closed),
                state: raw.state.or_else(|| self.knows_won.then_some(DealState::Open)),
                amount: written.amount(&raw.amount),
                currency: raw.currency.clone(),
                areas: Vec::new(),
            };
            again += u64::from(self.add(raw, deal));
        }
        if again > 0 {
            log.add_notes([format!(
                "{file}: rows of a deal that was read before: {again}; the one that says most counts, and the \
                 products of all"
            )]);
        }
    }

    /// Adds a deal; says whether it was there already. Of rows that differ the one counts that says
    /// most, whatever their order.
    fn add(&mut self, raw: &Raw, deal: Deal) -> bool {
        let key = (raw.id.clone(), deal.created);
        let Some(at) = self.by_id.get(&key).copied() else {
            self.by_id.insert(key, self.list.len());
            self.list.push((deal, raw.products.clone()));
            return false;
        };
        let (known, products) = &mut self.list[at];
        let says = |deal: &Deal| (deal.state, deal.closed, deal.amount);
        if says(&deal) > says(known) {
            *known = deal;
        }
        products.extend(raw.products.iter().cloned());
        true
    }

    fn finish(self, products: &Products) -> Deals {
        let mut known: FxHashMap<Vec<Box<str>>, Vec<String>> = FxHashMap::default();
        let mut list = Vec::with_capacity(self.list.len());
        for (mut deal, texts) in self.list {
            let areas = known
                .entry(texts)
                .or_insert_with_key(|texts| products.areas(texts.iter().map(AsRef::as_ref)));
            deal.areas.clone_from(areas);
            list.push(deal);
        }
        let needs_names = list.iter().any(|deal| matches!(deal.account, DealAccount::Name(_)));
        Deals { list, needs_names }
    }
}

/// Stages that a note names.
const STAGES_NAMED: usize = 5;

/// What there is to say of stages that no table holds.
fn note_of_states(rows: &[Raw], knows_won: bool) -> impl Iterator<Item = String> {
    let unread = rows.iter().filter(|raw| raw.state.is_none());
    let count = unread.clone().count();
    let mut words: Vec<&str> = unread.map(|raw| &*raw.unread_state).collect();
    words.sort_unstable();
    words.dedup();
    let named: Vec<String> =
        words.iter().filter(|word| !word.is_empty()).map(|word| format!("{word:?}")).collect();
    let more = if named.len() > STAGES_NAMED { " and others" } else { "" };
    let named = named[..named.len().min(STAGES_NAMED)].join(", ");
    let read_as = match knows_won {
        true => "they are read as open",
        false => "and none is won: whether they are won, lost or open is unknown",
    };
    let stages = if named.is_empty() { "no stage".to_owned() } else { format!("{named}{more}") };
    (count > 0).then(|| {
        format!(
            "deals with a stage that is in no table ({stages}): {count}; {read_as}; add the words to \
             columns/words.csv with `--rules`, or name the column with `--column stage=HEADER`"
        )
    }).into_iter()
}

/// Problems of the days and the amount of a row.
fn unread<'r>(
    raw: &'r Raw,
    source: &'r Source,
    written: &'r Written,
) -> impl Iterator<Item = Problem> + 'r {
    let is_lost = |cell: &str, is_read: bool| !cell.is_empty() && !is_read;
    let parts = [
        (Field::Created, is_lost(&raw.created, written.date(&raw.created).is_some()), "no day"),
        (Field::Closed, is_lost(&raw.closed, written.date(&raw.closed).is_some()), "no day"),
        (Field::Amount, is_lost(&raw.amount, written.amount(&raw.amount).is_some()), "no amount"),
    ];
    parts.into_iter().filter(|(_, is_lost, _)| *is_lost).map(|(field, _, what)| {
        let layout = source.what.layout();
        let column = layout
            .and_then(|layout| layout.columns(field).next().map(|at| layout.headers()[at].clone()));
        Problem {
            file: source.info.file.clone(),
            line: raw.line,
            column: column.unwrap_or_default(),
            what: format!("{what} that can be read: it is left out"),
            record_lost: false,
            detail: None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::Account;

    /// The names of some accounts, id and name.
    fn names(accounts: &[(&'static str, &'static str)]) -> AccountNames {
        let mut names = AccountNames::default();
        for (id, name) in accounts {
            names.account(&Account { id: (*id).into(), name, ..Account::default() });
        }
        names
    }

    #[test]
    fn a_deal_is_its_accounts_by_id_else_by_a_name_that_one_customer_bears() {
        let names =
            names(&[("a", "One"), ("b", "Two"), ("c", "Two"), ("d", "Three"), ("e", "Three")]);
        // b and c are of one customer, e is of nobody
        let of = |account: u64| {
            let customers = [("a", 1), ("b", 2), ("c", 2), ("d", 3)];
            customers.iter().find(|(id, _)| account_hash(id) == account).map(|(_, of)| *of)
        };
        let named = |name: &str| DealAccount::Name(spellings(name).filter_map(name_hash).collect());
        for (account, want) in [
            (DealAccount::Id(account_hash("a")), Owner::Of(1)),
            (DealAccount::Id(account_hash("e")), Owner::Nobody),
            (named("one"), Owner::Of(1)),
            (named("One (K-1001)"), Owner::Of(1)),
            (named("Two"), Owner::Of(2)),
            (named("Three"), Owner::Unclear),
            (named("Four"), Owner::Nobody),
            (DealAccount::None, Owner::Nobody),
        ] {
            assert_eq!(account.owner(&names, of), want, "{account:?}");
        }
    }
}
