//! Which column of which report goes where, and whose value wins: settled before any row is read.

use smallvec::SmallVec;

use super::{
    ReportSource,
    rules::{ReportRules, Sort},
    store::{Column, Head},
};
use crate::columns::{Field, ReportKind, fold_header};

/// What becomes of the values of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Use {
    /// One value per customer survives; it may stand for a field.
    Value(Option<Field>),
    /// All values of a customer are joined.
    Joined,
    /// The values belong to the agreements of a customer.
    Agreement(Field),
    /// A part of an area's propensity.
    Propensity(String, Part),
}

/// A part of an area's propensity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Cluster,
    Fit,
    Intent,
}

/// A column of the store, with what is known of it.
#[derive(Debug)]
pub(super) struct Planned {
    /// The values.
    pub(super) column: Column,
    /// What becomes of them.
    pub(super) used: Use,
    /// By source: the lower wins; `u32::MAX` where the source lacks the column.
    pub(super) ranks: Vec<u32>,
    /// The source that has the column, where it is one alone.
    pub(super) only: Option<u16>,
}

/// Columns of one file that go to one column of the store, in order; mostly one.
pub(super) type Origins = SmallVec<[usize; 1]>;

/// Where the columns of the sources go.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The columns of the store, in the order of the sources.
    pub(super) columns: Vec<Planned>,
    /// By source and column of the store: the columns of the file that go there.
    pub(super) origins: Vec<Vec<Origins>>,
}

impl Plan {
    /// Plans the columns of the sources, which are in the order in which their columns come out.
    pub(super) fn new(sources: &[ReportSource], rules: &ReportRules) -> Plan {
        let mut plan = Plan::default();
        for (number, source) in sources.iter().enumerate() {
            let fields = fields(source);
            let headers = source.layout.layout().headers();
            let mut origins: Vec<Origins> = Vec::new();
            for (at, (header, field)) in headers.iter().zip(fields).enumerate() {
                let target = plan.place(header, field, (number, source), rules, sources);
                origins.resize(plan.columns.len(), Origins::new());
                origins[target].push(at);
            }
            plan.origins.push(origins);
        }
        for planned in &mut plan.columns {
            let mut having = (0..).zip(&planned.ranks).filter(|(_, rank)| **rank != u32::MAX);
            let first = having.next().map(|(source, _)| source);
            planned.only = first.filter(|_| having.next().is_none());
        }
        plan
    }

    /// The column of the store for one header, made where there is none yet.
    fn place(
        &mut self,
        header: &str,
        field: Option<Field>,
        (number, source): (usize, &ReportSource),
        rules: &ReportRules,
        sources: &[ReportSource],
    ) -> usize {
        let used = usage(header, field, source.kind, rules);
        let is_kept =
            matches!(used, Use::Value(None)) && rules.sort(header) == Some(Sort::CandidateEntry);
        let written = match is_kept && is_shared(header, source.kind, sources) {
            true => format!("{} ({} report)", header.trim(), source.kind.name()),
            false => header.trim().to_owned(),
        };
        let folded = fold_header(&written);
        let same = |planned: &Planned| match (&planned.used, &used) {
            (Use::Value(Some(one)), Use::Value(Some(other))) if !one.takes_several() => {
                one == other
            }
            (Use::Agreement(one), Use::Agreement(other)) => one == other,
            (Use::Propensity(..), Use::Propensity(..)) => planned.used == used,
            _ => planned.column.head.spellings.contains(&folded),
        };
        let at = self.columns.iter().position(same).unwrap_or_else(|| {
            let field = if let Use::Value(field) = used { field } else { None };
            let head = Head { header: written, field, spellings: Vec::new() };
            let column = Column { head, ..Column::default() };
            let ranks = vec![u32::MAX; sources.len()];
            self.columns.push(Planned { column, used, ranks, only: None });
            self.columns.len() - 1
        });
        let planned = &mut self.columns[at];
        planned.ranks[number] = rank(source, number, &planned.used, rules);
        let spellings = &mut planned.column.head.spellings;
        if !spellings.contains(&folded) {
            spellings.push(folded);
        }
        at
    }
}

/// The field of each column of a source.
fn fields(source: &ReportSource) -> Vec<Option<Field>> {
    let layout = source.layout.layout();
    let mut fields = vec![None; layout.headers().len()];
    for field in Field::ALL {
        // Of a field that takes one column, the others are columns like any other.
        let first = layout.columns(*field).next().map(|at| fold_header(&layout.headers()[at]));
        for at in layout.columns(*field) {
            let is_first = Some(fold_header(&layout.headers()[at])) == first;
            if field.takes_several() || is_first {
                fields[at] = Some(*field);
            }
        }
    }
    fields
}

/// What becomes of a column.
fn usage(header: &str, field: Option<Field>, kind: ReportKind, rules: &ReportRules) -> Use {
    match field {
        Some(Field::PartnerId | Field::PartnerName) => return Use::Joined,
        Some(field) if field.is_agreement() => return Use::Agreement(field),
        Some(field) => return Use::Value(Some(field)),
        None => {}
    }
    // `Cluster` alone speaks of the area of its report.
    let alone = || {
        let folded = fold_header(header);
        let part = PARTS.iter().find(|(word, _)| *word == folded).map(|(_, part)| *part);
        part.map(|part| (kind.name().to_owned(), part))
    };
    match propensity(header, rules).or_else(alone) {
        Some((area, part)) => Use::Propensity(area, part),
        None => Use::Value(None),
    }
}

/// The words in which the headers of propensity end.
const PARTS: [(&str, Part); 3] =
    [("cluster", Part::Cluster), ("fit", Part::Fit), ("intent", Part::Intent)];

/// The area and part that a header ends in: `AzureFit`, `Surface Intent`, `m365_cluster`.
///
/// The word must begin with a capital or after a mark, so that `Profit` is no fit, unless the table
/// knows the area.
pub(super) fn propensity(header: &str, rules: &ReportRules) -> Option<(String, Part)> {
    let header = header.trim().trim_end_matches('*').trim_end();
    PARTS.iter().find_map(|(word, part)| {
        let at = header.len().checked_sub(word.len())?;
        let end = header.get(at..).filter(|end| end.eq_ignore_ascii_case(word))?;
        let front = header[..at].trim_end_matches([' ', '_', '-', ':', '.']);
        if front.is_empty() {
            return None;
        }
        let before = header[..at].chars().next_back();
        let is_word = before.is_some_and(|letter| !letter.is_alphabetic())
            || end.starts_with(|letter: char| letter.is_uppercase())
                && before.is_some_and(|letter| !letter.is_uppercase())
            || before.is_some_and(char::is_uppercase) && !end.ends_with(char::is_uppercase)
            || rules.is_area(front);
        is_word.then(|| (rules.area(front).name, *part))
    })
}

/// Whether reports of another kind carry the header too.
fn is_shared(header: &str, kind: ReportKind, sources: &[ReportSource]) -> bool {
    let folded = fold_header(header);
    sources.iter().filter(|source| source.kind != kind).any(|source| {
        source.layout.layout().headers().iter().any(|other| fold_header(other) == folded)
    })
}

/// Whose value wins, the lower first: for an area its own report, then Surface, then renewals;
/// for other columns the order of the kinds; of one kind the later period.
fn rank(source: &ReportSource, number: usize, used: &Use, rules: &ReportRules) -> u32 {
    let by_kind = source.kind as u32 + 3;
    let kind = match used {
        Use::Propensity(area, _) if rules.area(area).report == Some(source.kind) => 0,
        Use::Propensity(..) if source.kind == ReportKind::Surface => 1,
        Use::Propensity(..) if source.kind == ReportKind::Renewals => 2,
        _ => by_kind,
    };
    // Sources of one kind are ordered by period, the later first.
    kind << 16 | number as u32
}
