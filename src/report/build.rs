//! Report rows to customers: rows are merged as they come, values survive by rank.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{
    Customers, Period,
    finish::{finish, join_damaged},
    identity::{Identity, Named},
    plan::{Origins, Part, Plan, Planned, Use},
    rules::ReportRules,
    store::{self, Values, is_same},
};
use crate::{
    columns::{Field, ReportKind, ReportLayout, Words},
    error::{Error, Result},
    problem::{Problem, ProblemDetail},
    read::{Batch, Row},
    text::id::{duns, is_placeholder},
};

/// Numbers of a customer other than its id.
const NUMBERS: [Field; 4] = [Field::Tpid, Field::TenantId, Field::MicrosoftId, Field::Duns];

/// Columns that are filled in one go, and how many rows of each: few enough to stay near the
/// processor.
const TILE_COLUMNS: usize = 16;
const TILE_ROWS: usize = 64;

/// One report that is read.
#[derive(Debug, Clone)]
pub(crate) struct ReportSource {
    /// The kind of report.
    pub(crate) kind: ReportKind,
    /// Its month.
    pub(crate) period: Period,
    /// The file as the user knows it.
    pub(crate) file: Arc<str>,
    /// Which of its columns hold what.
    pub(crate) layout: ReportLayout,
}

/// Builds customers out of the rows of all reports.
#[derive(Debug)]
pub struct CustomersBuilder<'r> {
    pub(super) rules: &'r ReportRules,
    pub(super) words: &'r Words,
    /// Sorted by kind, then the later period first.
    pub(super) sources: Vec<ReportSource>,
    /// For each source as given, its place in `sources`.
    places: Vec<usize>,
    pub(super) plan: Plan,
    /// The row of the store by the customer's key.
    keys: FxHashMap<Box<str>, u32>,
    /// The row of the store after the one named last: reports of one month mostly list their
    /// customers in one order.
    next: u32,
    pub(super) identities: Vec<Identity>,
    pub(super) agreements: Vec<RawAgreement>,
    /// The cells of all agreements.
    pub(super) agreement_cells: Values,
    pub(super) problems: Vec<Problem>,
    /// By row and kind: the source that spoke of the customer, plus one.
    seen: Vec<[u16; ReportKind::ALL.len()]>,
    latest: bool,
    /// Two sources of one kind and different periods that share a customer.
    conflict: Option<(usize, usize)>,
}

/// An agreement as its row gives it: the cells as codes of [`CustomersBuilder::agreement_cells`].
#[derive(Debug, Clone, Copy)]
pub(super) struct RawAgreement {
    pub(super) row: u32,
    pub(super) source: u16,
    pub(super) line: u64,
    pub(super) id: u32,
    pub(super) end: u32,
    pub(super) program: u32,
    pub(super) product: u32,
    pub(super) expiration_type: u32,
    pub(super) revenue: u32,
}

impl<'r> CustomersBuilder<'r> {
    /// Prepares for the reports that will be read. With `latest`, of two reports of one kind that
    /// share customers the newer one counts; else that is an error.
    pub(crate) fn new(
        sources: Vec<ReportSource>,
        latest: bool,
        rules: &'r ReportRules,
        words: &'r Words,
    ) -> CustomersBuilder<'r> {
        let mut order: Vec<usize> = (0..sources.len()).collect();
        order.sort_by(|one, other| {
            let (one, other) = (&sources[*one], &sources[*other]);
            (one.kind, other.period, &one.file).cmp(&(other.kind, one.period, &other.file))
        });
        let mut places = vec![0; sources.len()];
        for (place, given) in order.iter().enumerate() {
            places[*given] = place;
        }
        let sources: Vec<ReportSource> =
            order.iter().map(|given| sources[*given].clone()).collect();
        let plan = Plan::new(&sources, rules);
        CustomersBuilder {
            rules,
            words,
            sources,
            places,
            plan,
            keys: FxHashMap::default(),
            next: 0,
            identities: Vec::new(),
            agreements: Vec::new(),
            agreement_cells: Values::default(),
            problems: Vec::new(),
            seen: Vec::new(),
            latest,
            conflict: None,
        }
    }

    /// The order in which the sources are best read, as positions in the list given to
    /// [`CustomersBuilder::new`]: with `latest` a later report must come before an earlier one.
    pub(crate) fn reading_order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.places.len()).collect();
        order.sort_by_key(|given| self.places[*given]);
        order
    }

    /// Adds rows of a source, named by its position in the list given to
    /// [`CustomersBuilder::new`].
    pub(crate) fn add(&mut self, source: usize, batch: &Batch) {
        let place = self.places[source];
        let customer = |row| Some((self.customer(place, row)?, row));
        let rows: Vec<(u32, Row<'_>)> = batch.rows().filter_map(customer).collect();
        self.add_values(place, &rows);
        self.add_agreements(place, &rows);
    }

    /// The customers, and every value or row that was left out or contradicted.
    ///
    /// # Errors
    ///
    /// Fails when reports of one kind share customers but differ in period, unless the newest is
    /// to be used.
    pub(crate) fn finish(mut self) -> Result<(Customers, Vec<Problem>)> {
        if let Some((one, other)) = self.conflict
            && !self.latest
        {
            let (one, other) = (&self.sources[other], &self.sources[one]);
            return Err(Error::Unusable {
                file: format!("{} and {}", one.file, other.file),
                found: format!(
                    "two {} reports with the same customers, for {} and {}",
                    one.kind.word(),
                    one.period,
                    other.period
                ),
                todo: "give one of them, or use the newer report with `--latest`".into(),
            });
        }
        self.keys = FxHashMap::default();
        self.seen = Vec::new();
        join_damaged(&mut self);
        Ok(finish(self))
    }

    /// The row of the store for a row of a source; none where it is about nobody, or where the
    /// source does not count for the customer.
    fn customer(&mut self, place: usize, row: Row<'_>) -> Option<u32> {
        let layout = self.sources[place].layout.layout();
        let named = Named::by(layout, row);
        if let Some(what) = named.damage {
            let column = layout.columns(Field::Id).next().map_or("", |at| &layout.headers()[at]);
            self.problems.push(problem(row, column, what, false));
        }
        self.problems.extend(layout.rounded_ids(row, &NUMBERS));
        if named.key.is_empty() {
            let what = "no customer id, no domain and no name";
            self.problems.push(problem(row, "", what, true));
            return None;
        }
        let at = self.find(&named).unwrap_or_else(|| {
            let at = self.identities.len() as u32;
            self.keys.insert((&*named.key).into(), at);
            self.identities.push(named.identity());
            self.seen.push(Default::default());
            at
        });
        self.next = at + 1;
        self.speaks(place, at).then_some(at)
    }

    /// The row of the store for a customer that was named before.
    fn find(&self, named: &Named<'_>) -> Option<u32> {
        let next = self.identities.get(self.next as usize);
        match next.is_some_and(|next| named.is_written_as(next)) {
            true => Some(self.next),
            false => self.keys.get(&*named.key).copied(),
        }
    }

    /// Whether a source counts for a customer: not where a newer report of the kind has it.
    fn speaks(&mut self, place: usize, at: u32) -> bool {
        let kind = self.sources[place].kind;
        let seen = &mut self.seen[at as usize][kind as usize];
        let Some(before) = (*seen as usize).checked_sub(1) else {
            *seen = place as u16 + 1;
            return true;
        };
        // Tables of no kind in particular are not issues of one report.
        let is_issue = kind != ReportKind::Generic;
        if !is_issue || self.sources[before].period == self.sources[place].period {
            return true;
        }
        self.conflict.get_or_insert((before.min(place), before.max(place)));
        !self.latest || self.sources[place].period > self.sources[before].period
    }

    /// Adds the values of some rows of a source, column by column: what a column needs to take the
    /// next value is at hand then, and no column waits for another.
    fn add_values(&mut self, place: usize, rows: &[(u32, Row<'_>)]) {
        let (sources, rules) = (self.sources.as_slice(), self.rules);
        let speaker = Speaker { place: place as u16, sources, rules };
        let columns = self.plan.columns.iter_mut().zip(&self.plan.origins[place]);
        let mut columns: Vec<(&mut Planned, &Origins)> =
            columns.filter(|(_, origins)| !origins.is_empty()).collect();
        let problems = columns.par_chunks_mut(TILE_COLUMNS).flat_map_iter(|columns| {
            let mut problems: Vec<(u32, Problem)> = Vec::new();
            for rows in rows.chunks(TILE_ROWS) {
                for (planned, origins) in &mut *columns {
                    planned.take(origins, rows, speaker, &mut problems);
                }
            }
            problems
        });
        let problems: Vec<(u32, Problem)> = problems.collect();
        let identities = &self.identities;
        self.problems.extend(problems.into_iter().map(|(row, mut problem)| {
            if let Some(detail) = &mut problem.detail {
                detail.record = identities[row as usize].id.to_string();
            }
            problem
        }));
    }

    /// Adds the agreements of some rows of a source: there is one where any cell of it is filled.
    fn add_agreements(&mut self, place: usize, rows: &[(u32, Row<'_>)]) {
        let layout = self.sources[place].layout.layout();
        let columns = self.plan.columns.iter().zip(&self.plan.origins[place]);
        let origins: Vec<usize> = columns
            .filter(|(planned, _)| matches!(planned.used, Use::Agreement(_)))
            .flat_map(|(_, origins)| origins.iter().copied())
            .collect();
        let is_filled = |row: &Row<'_>| origins.iter().any(|at| !row.cell(*at).is_empty());
        for (at, row) in rows.iter().filter(|(_, row)| is_filled(row)) {
            let mut code = |field| self.agreement_cells.code(layout.value(*row, field));
            self.agreements.push(RawAgreement {
                row: *at,
                source: place as u16,
                line: row.line,
                id: code(Field::AgreementId),
                end: code(Field::AgreementEnd),
                program: code(Field::Program),
                product: code(Field::Product),
                expiration_type: code(Field::ExpirationType),
                revenue: code(Field::ExpiringRevenue),
            });
        }
    }
}

/// Gets a column, what is wrong with a cell of it, and more where it is known.
type Report<'r> = dyn FnMut(&str, &str, Option<Box<ProblemDetail>>) + 'r;

/// Which source speaks, and by which tables it is understood.
#[derive(Clone, Copy)]
struct Speaker<'s> {
    place: u16,
    sources: &'s [ReportSource],
    rules: &'s ReportRules,
}

/// The cells of a column met last, as they stand in their rows, and their codes: columns repeat
/// themselves, those of yes and no above all. At first blank ones.
#[derive(Default)]
struct Met<'c>([(&'c [u8], u32); 2]);

impl<'c> Met<'c> {
    /// The code of a cell that was met.
    #[inline]
    fn code(&self, raw: &[u8]) -> Option<u32> {
        self.0.iter().find(|met| is_same(met.0, raw)).map(|(_, code)| *code)
    }

    fn add(&mut self, raw: &'c [u8], code: u32) {
        self.0 = [(raw, code), self.0[0]];
    }
}

impl Planned {
    /// Takes the values of some rows of a source out of its columns `origins`; what is wrong with
    /// them joins the problems, each with its row of the store.
    fn take(
        &mut self,
        origins: &[usize],
        rows: &[(u32, Row<'_>)],
        speaker: Speaker<'_>,
        problems: &mut Vec<(u32, Problem)>,
    ) {
        if let Use::Agreement(_) = self.used {
            return;
        }
        let mut met = Met::default();
        for (at, row) in rows {
            for column in origins {
                let raw = row.bytes(*column);
                if met.code(raw).is_some_and(|code| self.settles(*at, code, speaker.place)) {
                    continue;
                }
                let cell = row.cell(*column);
                let mut is_sound = true;
                if !cell.is_empty() {
                    self.take_one(*at, cell, speaker, &mut |header, what, detail| {
                        let found = problem(*row, header, what, false);
                        problems.push((*at, Problem { detail, ..found }));
                        is_sound = false;
                    });
                }
                let code = if cell.is_empty() { 0 } else { self.column.codes.get(*at as usize) };
                if is_sound && self.column.values.is(code, cell) {
                    met.add(raw, code);
                }
            }
        }
    }

    /// Whether a value of which the code is known leaves nothing to weigh: it is blank, or the row
    /// has none yet and gets it, or has the same.
    #[inline]
    fn settles(&mut self, row: u32, code: u32, source: u16) -> bool {
        if code == 0 {
            return true;
        }
        let held = self.column.codes.set_if_blank(row as usize, code);
        if held == 0 {
            self.set_giver(row, source);
        } else if held != code {
            return false;
        } else if self.has_givers() && self.ranks[source as usize] < self.rank_of_giver(row) {
            self.set_giver(row, source);
        }
        true
    }

    /// Takes a filled cell; `report` gets the column, what is wrong, and more where it is known.
    fn take_one(
        &mut self,
        at: u32,
        cell: &str,
        Speaker { place, sources, rules }: Speaker<'_>,
        report: &mut Report<'_>,
    ) {
        if self.used == Use::Joined {
            return self.join(at, cell);
        }
        if names_no_cluster(self, cell, rules) {
            let what = format!("{cell:?} names no cluster; add it to clusters.toml");
            report(&self.column.head.header, &what, None);
        }
        if let Some(giver) = self.give(at, cell, place, rules) {
            let other = &sources[giver as usize].file;
            let what = format!("contradicts another value of the customer in {other}");
            let detail = self.contradiction(at, cell, (place, giver), sources);
            report(&self.column.head.header, &what, Some(Box::new(detail)));
        }
    }

    /// What is known of a value that contradicts the one that another source gave.
    fn contradiction(
        &self,
        row: u32,
        cell: &str,
        (place, giver): (u16, u16),
        sources: &[ReportSource],
    ) -> ProblemDetail {
        let kept = self.column.text(row);
        let rank = |source: u16| self.ranks[source as usize];
        let (winner, other) = if kept == cell { (place, giver) } else { (giver, place) };
        let said = |source: u16| {
            let ReportSource { kind, period, .. } = &sources[source as usize];
            format!("{} report of {period}", kind.word())
        };
        let why = if rank(winner) < rank(other) {
            format!("for this column the {} comes before the {}", said(winner), said(other))
        } else {
            "both come from equal reports; of the two the first in the order of letters".into()
        };
        let (value, kept) = (cell.to_owned(), kept.to_owned());
        ProblemDetail { record: String::new(), value, kept, why }
    }

    /// Gives a row a value; the better of two survives. Returns the source of the value that
    /// stood there when the two contradict each other.
    pub(super) fn give(
        &mut self,
        row: u32,
        cell: &str,
        source: u16,
        rules: &ReportRules,
    ) -> Option<u16> {
        let held = self.column.codes.get(row as usize);
        let code = match held {
            0 => Some(self.column.values.code(cell)),
            _ => Some(held).filter(|held| self.column.values.is(*held, cell)),
        };
        if code.is_some_and(|code| self.settles(row, code, source)) {
            return None;
        }
        let (rank, held_rank) = (self.ranks[source as usize], self.rank_of_giver(row));
        let before = self.column.values.text(held);
        let says = |text: &str| text.chars().any(char::is_alphanumeric);
        let wins = match (says(cell), says(before)) {
            (true, true) => (rank, cell) < (held_rank, before),
            (says, _) => says,
        };
        let contradicts = says(cell) && says(before) && !same(&self.used, cell, before, rules);
        let giver = self.giver(row);
        if wins {
            let code = self.column.values.code(cell);
            self.column.codes.set(row as usize, code);
            self.set_giver(row, source);
        }
        contradicts.then_some(giver)
    }

    /// The source that gave the value of a row.
    pub(super) fn giver(&self, row: u32) -> u16 {
        self.only.unwrap_or_else(|| self.column.givers[row as usize])
    }

    fn rank_of_giver(&self, row: u32) -> u32 {
        self.ranks[self.giver(row) as usize]
    }

    /// Whether it must be noted who gave a value: several may, and values that are joined come
    /// from all of them.
    fn has_givers(&self) -> bool {
        self.only.is_none() && self.used != Use::Joined
    }

    fn set_giver(&mut self, row: u32, source: u16) {
        if self.has_givers() {
            *store::place(&mut self.column.givers, row as usize) = source;
        }
    }

    /// Adds a value to those of a row; several are sorted and joined.
    pub(super) fn join(&mut self, row: u32, cell: &str) {
        let held = self.column.codes.get(row as usize);
        let before = self.column.values.text(held);
        if before == cell || before.split("; ").any(|value| value == cell) {
            return;
        }
        let mut all: Vec<&str> = before.split("; ").filter(|value| !value.is_empty()).collect();
        all.push(cell);
        all.sort_unstable();
        let joined = all.join("; ");
        let code = self.column.values.code(&joined);
        self.column.codes.set(row as usize, code);
    }
}

/// Whether two values say the same: clusters and D-U-N-S numbers by what they mean, all others
/// without case.
fn same(used: &Use, one: &str, other: &str, rules: &ReportRules) -> bool {
    let by_meaning = match used {
        Use::Propensity(_, Part::Cluster) => {
            rules.cluster(one).is_some() && rules.cluster(one) == rules.cluster(other)
        }
        Use::Value(Some(Field::Duns)) => {
            let one = duns(one);
            one.is_some() && one == duns(other)
        }
        _ => false,
    };
    by_meaning
        || one.chars().flat_map(char::to_lowercase).eq(other.chars().flat_map(char::to_lowercase))
}

/// Whether the cell of a cluster column holds words that name no cluster in any language.
fn names_no_cluster(planned: &Planned, cell: &str, rules: &ReportRules) -> bool {
    matches!(planned.used, Use::Propensity(_, Part::Cluster))
        && cell.chars().any(char::is_alphanumeric)
        && !is_placeholder(cell)
        && rules.cluster(cell).is_none()
}

/// A problem of a row.
fn problem(row: Row<'_>, column: &str, what: &str, record_lost: bool) -> Problem {
    Problem {
        file: row.file().to_string(),
        line: row.line,
        column: column.into(),
        what: what.into(),
        record_lost,
        detail: None,
    }
}
