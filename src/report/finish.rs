//! The merged columns to customers: fields, propensity, cohorts, agreements.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{
    Agreement, Bands, Cluster, Customer, Customers, DERIVED, Propensity, Shared,
    build::{CustomersBuilder, RawAgreement},
    identity::domain_and_name,
    plan::{Part, Planned, Use},
    rules::{ReportRules, Sort},
    store::{Column, ReportColumns, Values},
    value,
};
use crate::{
    columns::{Field, Meaning, WordUse, Words},
    problem::Problem,
    read::value::Written,
    text::id::{duns, is_placeholder, split_ids},
};

/// Joins customers without a usable id to the one customer with an id that has the same domain
/// and name: a report that Excel damaged has the same customers as the others.
pub(super) fn join_damaged(builder: &mut CustomersBuilder<'_>) {
    if builder.identities.iter().all(|identity| identity.has_id) {
        return;
    }
    let fields = Fields::new(&builder.plan.columns);
    let mut by_name: FxHashMap<String, Option<u32>> = FxHashMap::default();
    for (row, identity) in (0..).zip(&builder.identities) {
        if identity.has_id {
            let value = |field| fields.value(row, field);
            let key = domain_and_name(value(Field::Domain), value(Field::Name));
            by_name.entry(key).and_modify(|found| *found = None).or_insert(Some(row));
        }
    }
    let mut moved: FxHashMap<u32, u32> = FxHashMap::default();
    for (row, identity) in (0..).zip(&mut builder.identities) {
        if !identity.has_id
            && let Some(Some(into)) = by_name.get(&*identity.id)
        {
            moved.insert(row, *into);
            identity.id = Box::default();
        }
    }
    for planned in &mut builder.plan.columns {
        for (row, into) in &moved {
            planned.move_row(*row, *into, builder.rules);
        }
    }
    for agreement in &mut builder.agreements {
        agreement.row = moved.get(&agreement.row).copied().unwrap_or(agreement.row);
    }
}

impl Planned {
    /// Gives the value of a row to another row, and takes it from the first.
    fn move_row(&mut self, row: u32, into: u32, rules: &ReportRules) {
        let cell = self.column.text(row).to_owned();
        if cell.is_empty() {
            return;
        }
        if self.used == Use::Joined {
            cell.split("; ").for_each(|value| self.join(into, value));
        } else {
            let giver = self.giver(row);
            self.give(into, &cell, giver, rules);
        }
        self.column.codes.set(row as usize, 0);
    }
}

/// The customers of all rows.
pub(super) fn finish(builder: CustomersBuilder<'_>) -> (Customers, Vec<Problem>) {
    let CustomersBuilder {
        rules,
        words,
        plan,
        identities,
        mut problems,
        agreements,
        agreement_cells,
        sources,
        ..
    } = builder;
    let mut columns = plan.columns;
    let mut rows: Vec<u32> = (0..identities.len() as u32)
        .filter(|row| !identities[*row as usize].id.is_empty())
        .collect();
    rows.sort_by(|one, other| {
        identities[*one as usize].id.cmp(&identities[*other as usize].id).then(one.cmp(other))
    });
    let raw = RawAgreements { agreements, cells: &agreement_cells };
    let mut agreements = raw.by_row(identities.len(), &sources, &mut problems);
    drop(agreement_cells);
    write_agreements(&mut columns, &agreements);
    columns.iter_mut().for_each(|planned| planned.column.seal());
    let areas = Areas::new(&columns, rules);
    let fields = Fields::new(&columns);
    let cohorts = cohorts(&columns, rules, words);
    let customer = |row: &u32| {
        let identity = &identities[*row as usize];
        let mut customer = fields.customer(*row, rules);
        customer.id = identity.id.to_string();
        customer.customer_id = if identity.has_id { customer.id.clone() } else { String::new() };
        customer.propensity = areas.propensity(*row, rules);
        customer.cohorts = cohorts_of(&cohorts, *row);
        customer
    };
    let mut list: Vec<Customer> = rows.par_iter().map(customer).collect();
    for (customer, row) in list.iter_mut().zip(&rows) {
        customer.agreements = std::mem::take(&mut agreements[*row as usize]);
    }
    let customers = Customers {
        list,
        has_clusters: areas.has_clusters(),
        areas: areas.names,
        cohorts: cohorts.iter().map(|of| of.column.head.header.clone()).collect(),
        columns: ReportColumns::new(
            columns.into_iter().map(|planned| planned.column).collect(),
            &rows,
        ),
    };
    (customers, problems)
}

/// The columns of each field.
struct Fields<'c>(Vec<Vec<&'c Planned>>);

impl<'c> Fields<'c> {
    fn new(columns: &'c [Planned]) -> Fields<'c> {
        let of = |field| columns.iter().filter(move |of| of.used == Use::Value(Some(field)));
        Fields(Field::ALL.iter().map(|field| of(*field).collect()).collect())
    }

    /// The filled values of all columns of a field.
    fn values(&self, row: u32, field: Field) -> impl Iterator<Item = &'c str> {
        let columns = self.0[field as usize].iter();
        columns.map(move |planned| planned.column.text(row)).filter(|cell| !cell.is_empty())
    }

    /// The value of a field: of several columns the first that is filled.
    fn value(&self, row: u32, field: Field) -> &'c str {
        self.values(row, field).next().unwrap_or("")
    }

    /// The plain fields of a customer.
    fn customer(&self, row: u32, rules: &ReportRules) -> Customer {
        let value = |field| self.value(row, field).to_owned();
        let tenant_domain = value(Field::TenantDomain);
        let domain = Some(value(Field::Domain)).filter(|domain| !domain.is_empty());
        let mut tpids: Vec<String> = self
            .values(row, Field::Tpid)
            .flat_map(split_ids)
            .filter(|id| !is_placeholder(id))
            .map(str::to_owned)
            .collect();
        tpids.sort_unstable();
        tpids.dedup();
        Customer {
            name: value(Field::Name),
            domain: domain.unwrap_or_else(|| tenant_domain.clone()),
            tenant_domain,
            tpids,
            tenant_id: value(Field::TenantId),
            // Excel drops leading zeros
            duns: duns(self.value(row, Field::Duns))
                .map_or_else(String::new, |of| format!("{of:09}")),
            city: value(Field::City),
            state: value(Field::State),
            postal_code: value(Field::PostalCode),
            country: value(Field::Country),
            org_size: value(Field::OrgSize),
            sub_segment: self.sub_segment(row, rules),
            industry: value(Field::Industry),
            vertical: value(Field::Vertical),
            ..Customer::default()
        }
    }

    /// The sub-segment as printed, else derived from the size, else the segment that names a size.
    fn sub_segment(&self, row: u32, rules: &ReportRules) -> String {
        let printed = self.value(row, Field::SubSegment);
        if !printed.is_empty() {
            return printed.to_owned();
        }
        let size = value::size(self.value(row, Field::OrgSize));
        match size.and_then(|(least, most)| rules.sub_segment(least, most)) {
            Some(name) => format!("{name}{DERIVED}"),
            None => self.value(row, Field::SmcType).to_owned(),
        }
    }
}

/// The solution areas and what their columns say.
struct Areas<'c> {
    names: Vec<String>,
    parts: Vec<AreaParts<'c>>,
}

/// The columns of one area, as far as there are any.
#[derive(Default)]
struct AreaParts<'c> {
    cluster: Option<Meanings<'c, Option<Cluster>>>,
    fit: Option<Meanings<'c, Figure>>,
    intent: Option<Meanings<'c, Figure>>,
}

/// A fit or an intent as it stands, and its band.
#[derive(Clone, Default)]
struct Figure {
    text: Shared,
    band: Option<u8>,
}

/// A column, and by code what its values mean.
struct Meanings<'c, T> {
    column: &'c Column,
    by_code: Vec<T>,
}

impl<'c, T> Meanings<'c, T> {
    fn new(column: &'c Column, meaning: impl Fn(&str) -> T) -> Meanings<'c, T> {
        Meanings { column, by_code: column.values.by_code(meaning) }
    }

    /// What the value of a row means.
    #[inline]
    fn of(&self, row: u32) -> &T {
        &self.by_code[self.column.codes.get(row as usize) as usize]
    }
}

impl<'c> Areas<'c> {
    fn new(columns: &'c [Planned], rules: &ReportRules) -> Areas<'c> {
        let mut areas: BTreeMap<&str, AreaParts<'c>> = BTreeMap::new();
        for Planned { column, used, .. } in columns {
            let Use::Propensity(area, part) = used else { continue };
            let area = areas.entry(area).or_default();
            let figure = |text: &str| Figure { text: text.into(), band: rules.band(text) };
            match part {
                Part::Cluster => {
                    area.cluster = Some(Meanings::new(column, |text| rules.cluster(text)));
                }
                Part::Fit => area.fit = Some(Meanings::new(column, figure)),
                Part::Intent => area.intent = Some(Meanings::new(column, figure)),
            }
        }
        let names = areas.keys().map(|name| (*name).to_owned()).collect();
        Areas { names, parts: areas.into_values().collect() }
    }

    fn has_clusters(&self) -> bool {
        self.parts.iter().any(|parts| parts.cluster.is_some())
    }

    fn propensity(&self, row: u32, rules: &ReportRules) -> Vec<Propensity> {
        let figure = |of: &Option<Meanings<'_, Figure>>| {
            of.as_ref().map_or_else(Figure::default, |of| of.of(row).clone())
        };
        let of_area = |parts: &AreaParts<'_>| {
            let (fit, intent) = (figure(&parts.fit), figure(&parts.intent));
            let bands = fit.band.zip(intent.band).map(|(fit, intent)| Bands { fit, intent });
            let printed = parts.cluster.as_ref();
            let derived = match printed.is_none_or(|of| of.column.text(row).is_empty()) {
                true => bands.and_then(|bands| rules.derived_cluster(bands)),
                false => None,
            };
            let cluster = printed.and_then(|of| *of.of(row)).or(derived);
            let (fit, intent) = (fit.text, intent.text);
            Propensity { cluster, derived: derived.is_some(), fit, intent, bands }
        };
        self.parts.iter().map(of_area).collect()
    }
}

/// A cohort: by code of a value, whether that is a yes.
type Cohort<'c> = Meanings<'c, bool>;

/// The columns that are cohorts, sorted by header: those that hold yes and no alone and are no
/// known attribute, and blank ones whose header begins like a cohort.
fn cohorts<'c>(columns: &'c [Planned], rules: &ReportRules, words: &Words) -> Vec<Cohort<'c>> {
    let answer = |value: &str| words.meaning(WordUse::YesNo, value);
    let is_cohort = |planned: &&Planned| {
        let sort = rules.sort(&planned.column.head.header);
        if planned.used != Use::Value(None) || sort == Some(Sort::Attribute) {
            return false;
        }
        let mut values = planned.column.values.iter().peekable();
        if values.peek().is_none() {
            return sort == Some(Sort::Cohort);
        }
        values.all(|value| matches!(answer(value), Some(Meaning::Yes | Meaning::No)))
    };
    let mut found: Vec<&Column> =
        columns.iter().filter(is_cohort).map(|planned| &planned.column).collect();
    found.sort_by(|one, other| one.head.header.cmp(&other.head.header));
    let is_yes = |value: &str| answer(value) == Some(Meaning::Yes);
    found.into_iter().map(|column| Cohort::new(column, is_yes)).collect()
}

/// The cohorts of a customer, as positions among all cohorts.
fn cohorts_of(cohorts: &[Cohort<'_>], row: u32) -> Vec<u32> {
    let members = (0..).zip(cohorts).filter(|(_, cohort)| *cohort.of(row));
    let positions: SmallVec<[u32; 64]> = members.map(|(position, _)| position).collect();
    positions.to_vec() // takes no more room than it needs
}

/// The agreements of all rows, not yet understood.
struct RawAgreements<'r> {
    agreements: Vec<RawAgreement>,
    cells: &'r Values,
}

impl RawAgreements<'_> {
    /// By row of the store: agreements parsed, sorted by end date then id, equal ones once.
    fn by_row(
        mut self,
        rows: usize,
        sources: &[super::ReportSource],
        problems: &mut Vec<Problem>,
    ) -> Vec<Vec<Agreement>> {
        self.agreements.sort_by_key(|agreement| (agreement.source, agreement.line));
        let mut by_row: Vec<Vec<Agreement>> = vec![Vec::new(); rows];
        let mut shared: FxHashMap<u32, Shared> = FxHashMap::default();
        for of_source in self.agreements.chunk_by(|one, other| one.source == other.source) {
            let source = &sources[of_source[0].source as usize];
            let written = self.written(of_source, source, problems);
            for raw in of_source {
                let agreement = self.understood(raw, &written, &mut shared);
                self.report_unread(raw, &agreement, source, problems);
                let of_customer = &mut by_row[raw.row as usize];
                if !of_customer.contains(&agreement) {
                    of_customer.reserve_exact(usize::from(of_customer.is_empty())); // mostly one
                    of_customer.push(agreement);
                }
            }
        }
        for agreements in &mut by_row {
            agreements.sort_by(|one, other| order(one).cmp(&order(other)));
            agreements.shrink_to_fit();
        }
        by_row
    }

    /// How a source writes dates and amounts; what is doubtful about that is a problem.
    fn written(
        &self,
        of_source: &[RawAgreement],
        source: &super::ReportSource,
        problems: &mut Vec<Problem>,
    ) -> Written {
        let written = Written::of(
            of_source.iter().map(|raw| self.cells.text(raw.end)),
            of_source.iter().map(|raw| self.cells.text(raw.revenue)),
        );
        for (field, doubt) in [
            (Field::AgreementEnd, written.doubt_of_dates()),
            (Field::ExpiringRevenue, written.doubt_of_amounts()),
        ] {
            problems.extend(doubt.map(|doubt| problem(source, 0, field, &doubt)));
        }
        written
    }

    fn understood(
        &self,
        raw: &RawAgreement,
        written: &Written,
        shared: &mut FxHashMap<u32, Shared>,
    ) -> Agreement {
        let mut share = |code| {
            let text = shared.entry(code).or_insert_with(|| self.cells.text(code).into());
            Shared::clone(text)
        };
        Agreement {
            id: self.cells.text(raw.id).into(),
            end_date: written.date(self.cells.text(raw.end)),
            program: share(raw.program),
            product: share(raw.product),
            expiration_type: share(raw.expiration_type),
            expiring_revenue: written.amount(self.cells.text(raw.revenue)),
        }
    }

    /// Reports a date or an amount that is there and cannot be read.
    fn report_unread(
        &self,
        raw: &RawAgreement,
        agreement: &Agreement,
        source: &super::ReportSource,
        problems: &mut Vec<Problem>,
    ) {
        if agreement.end_date.is_none() && raw.end != 0 {
            let what = "no date that can be read";
            problems.push(problem(source, raw.line, Field::AgreementEnd, what));
        }
        if agreement.expiring_revenue.is_none() && raw.revenue != 0 {
            let what = "no amount that can be read";
            problems.push(problem(source, raw.line, Field::ExpiringRevenue, what));
        }
    }
}

/// A problem of a field of a source.
fn problem(source: &super::ReportSource, line: u64, field: Field, what: &str) -> Problem {
    let layout = source.layout.layout();
    let at = layout.columns(field).next();
    Problem {
        file: source.file.to_string(),
        line,
        column: at.map_or(String::new(), |at| layout.headers()[at].clone()),
        what: what.into(),
        record_lost: false,
        detail: None,
    }
}

/// Fills the agreement columns: the values of all agreements of a customer, in their order.
fn write_agreements(columns: &mut [Planned], agreements: &[Vec<Agreement>]) {
    columns.par_iter_mut().for_each(|planned| {
        let Use::Agreement(field) = planned.used else { return };
        let mut text = String::new();
        for (row, agreements) in agreements.iter().enumerate() {
            text.clear();
            for (at, agreement) in agreements.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { SEPARATOR });
                push_field(&mut text, agreement, field);
            }
            if text.len() > agreements.len().saturating_sub(1) * SEPARATOR.len() {
                let code = planned.column.values.code(&text);
                planned.column.codes.set(row, code);
            }
        }
    });
}

/// Stands between the values of several agreements.
const SEPARATOR: &str = "; ";

/// Adds a field of an agreement as it is written.
fn push_field(text: &mut String, agreement: &Agreement, field: Field) {
    match field {
        Field::AgreementId => text.push_str(&agreement.id),
        Field::AgreementEnd => text.extend(agreement.end_date.map(|end| end.to_string())),
        Field::Program => text.push_str(&agreement.program),
        Field::Product => text.push_str(&agreement.product),
        Field::ExpirationType => text.push_str(&agreement.expiration_type),
        _ => text.extend(agreement.expiring_revenue.map(value::amount_text)),
    }
}

/// By end date, those without one last, then by the rest.
fn order(agreement: &Agreement) -> impl Ord + '_ {
    (
        agreement.end_date.is_none(),
        agreement.end_date,
        &agreement.id,
        &agreement.product,
        &agreement.program,
        &agreement.expiration_type,
        agreement.expiring_revenue,
    )
}
