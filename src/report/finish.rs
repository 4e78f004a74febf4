//! The merged columns to customers: fields, propensity, cohorts, agreements.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{
    Agreement, Customer, Customers, Propensity,
    build::{CustomersBuilder, RawAgreement},
    identity::domain_and_name,
    plan::{Part, Planned, Use},
    rules::{ReportRules, Sort},
    store::ReportColumns,
    value,
};
use crate::{
    columns::{Field, Meaning, WordUse, Words},
    problem::Problem,
};

/// Joins customers without a usable id to the one customer with an id that bears the same domain
/// and name: a report that Excel damaged speaks of the same customers as the others.
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
        rules, words, plan, identities, mut problems, agreements, sources, ..
    } = builder;
    let mut columns = plan.columns;
    let mut rows: Vec<u32> = (0..identities.len() as u32)
        .filter(|row| !identities[*row as usize].id.is_empty())
        .collect();
    rows.sort_by(|one, other| {
        identities[*one as usize].id.cmp(&identities[*other as usize].id).then(one.cmp(other))
    });
    let mut agreements = agreements_by_row(agreements, &sources, &mut problems);
    write_agreements(&mut columns, &agreements);
    columns.iter_mut().for_each(|planned| planned.column.seal());
    let areas = Areas::new(&columns);
    let fields = Fields::new(&columns);
    let cohorts = cohorts(&columns, rules, words);
    let list = rows
        .iter()
        .map(|row| {
            let identity = &identities[*row as usize];
            let mut customer = fields.customer(*row, rules);
            customer.id = identity.id.to_string();
            customer.customer_id =
                if identity.has_id { customer.id.clone() } else { String::new() };
            customer.propensity = areas.propensity(&columns, *row, rules);
            customer.cohorts = cohorts_of(&columns, &cohorts, *row);
            customer.agreements = agreements.remove(row).unwrap_or_default();
            customer
        })
        .collect();
    let customers = Customers {
        list,
        has_clusters: areas.has_clusters(),
        areas: areas.names,
        cohorts: cohorts.iter().map(|of| columns[of.column].column.header.clone()).collect(),
        columns: ReportColumns {
            columns: columns.into_iter().map(|planned| planned.column).collect(),
            rows,
        },
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
            .flat_map(|cell| cell.split([';', ',', ' ']))
            .filter(|id| !id.is_empty() && !crate::crm::is_placeholder(id))
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
            duns: duns(self.value(row, Field::Duns)),
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
            Some(name) => format!("{name} (derived)"),
            None => self.value(row, Field::SmcType).to_owned(),
        }
    }
}

/// Nine digits: Excel drops leading zeros.
pub(super) fn duns(cell: &str) -> String {
    let cell = cell.strip_suffix(".0").unwrap_or(cell);
    let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
    if digits.len() > 9 || digits.len() < 5 || crate::crm::is_placeholder(&digits) {
        return String::new();
    }
    format!("{digits:0>9}")
}

/// The solution areas and their columns.
struct Areas {
    names: Vec<String>,
    /// By area: the columns of cluster, fit and intent.
    parts: Vec<[Option<usize>; 3]>,
}

impl Areas {
    fn new(columns: &[Planned]) -> Areas {
        let mut areas: BTreeMap<&str, [Option<usize>; 3]> = BTreeMap::new();
        for (at, planned) in columns.iter().enumerate() {
            if let Use::Propensity(area, part) = &planned.used {
                areas.entry(area).or_default()[*part as usize] = Some(at);
            }
        }
        let names = areas.keys().map(|name| (*name).to_owned()).collect();
        Areas { names, parts: areas.into_values().collect() }
    }

    fn has_clusters(&self) -> bool {
        self.parts.iter().any(|parts| parts[Part::Cluster as usize].is_some())
    }

    fn propensity(&self, columns: &[Planned], row: u32, rules: &ReportRules) -> Vec<Propensity> {
        let text = |at: Option<usize>| at.map_or("", |at| columns[at].column.text(row));
        self.parts
            .iter()
            .map(|[cluster, fit, intent]| {
                let (printed, fit, intent) = (text(*cluster), text(*fit), text(*intent));
                let derived = match printed.is_empty() {
                    true => rules.derived_cluster(fit, intent),
                    false => None,
                };
                Propensity {
                    cluster: rules.cluster(printed).or(derived),
                    derived: derived.is_some(),
                    fit: fit.to_owned(),
                    intent: intent.to_owned(),
                }
            })
            .collect()
    }
}

/// A cohort: its column, and by code of a value whether that is a yes.
struct Cohort {
    column: usize,
    members: Vec<bool>,
}

/// The columns that are cohorts, sorted by header: those that hold yes and no alone and are no
/// known attribute, and blank ones whose header begins like a cohort.
fn cohorts(columns: &[Planned], rules: &ReportRules, words: &Words) -> Vec<Cohort> {
    let answer = |value: &str| words.meaning(WordUse::YesNo, value);
    let is_cohort = |planned: &Planned| {
        let sort = rules.sort(&planned.column.header);
        if planned.used != Use::Value(None) || sort == Some(Sort::Attribute) {
            return false;
        }
        let mut values = planned.column.values.iter().peekable();
        if values.peek().is_none() {
            return sort == Some(Sort::Cohort);
        }
        values.all(|value| matches!(answer(value), Some(Meaning::Yes | Meaning::No)))
    };
    let mut found: Vec<usize> = (0..columns.len()).filter(|at| is_cohort(&columns[*at])).collect();
    found.sort_by(|one, other| columns[*one].column.header.cmp(&columns[*other].column.header));
    let members =
        |at: usize| columns[at].column.values.which(|value| answer(value) == Some(Meaning::Yes));
    found.into_iter().map(|column| Cohort { column, members: members(column) }).collect()
}

/// The cohorts of a customer, as positions among all cohorts.
fn cohorts_of(columns: &[Planned], cohorts: &[Cohort], row: u32) -> Vec<u32> {
    let is_member = |cohort: &Cohort| {
        cohort.members[columns[cohort.column].column.codes.get(row as usize) as usize]
    };
    let members = (0..).zip(cohorts).filter(|(_, cohort)| is_member(cohort));
    members.map(|(position, _)| position).collect()
}

/// Agreements parsed, sorted by end date then id, equal ones once.
fn agreements_by_row(
    mut raw: Vec<RawAgreement>,
    sources: &[super::ReportSource],
    problems: &mut Vec<Problem>,
) -> FxHashMap<u32, Vec<Agreement>> {
    raw.sort_by_key(|agreement| (agreement.source, agreement.line));
    let mut by_row: FxHashMap<u32, Vec<Agreement>> = FxHashMap::default();
    for of_source in raw.chunk_by(|one, other| one.source == other.source) {
        let written = value::Written::of(
            of_source.iter().map(|agreement| &*agreement.end),
            of_source.iter().map(|agreement| &*agreement.revenue),
        );
        let source = &sources[of_source[0].source as usize];
        let layout = source.layout.layout();
        let mut report = |line, field, what: &str| {
            let at = layout.columns(field).next();
            problems.push(Problem {
                file: source.file.to_string(),
                line,
                column: at.map_or(String::new(), |at| layout.headers()[at].clone()),
                what: what.into(),
                record_lost: false,
            });
        };
        if let Some(doubt) = written.doubt_of_dates() {
            report(0, Field::AgreementEnd, &doubt);
        }
        if let Some(doubt) = written.doubt_of_amounts() {
            report(0, Field::ExpiringRevenue, &doubt);
        }
        for raw in of_source {
            let (end_date, expiring_revenue) =
                (written.date(&raw.end), written.amount(&raw.revenue));
            if end_date.is_none() && !raw.end.is_empty() {
                report(raw.line, Field::AgreementEnd, "no date that can be read");
            }
            if expiring_revenue.is_none() && !raw.revenue.is_empty() {
                report(raw.line, Field::ExpiringRevenue, "no amount that can be read");
            }
            let agreement = Agreement {
                id: raw.id.to_string(),
                end_date,
                program: raw.program.to_string(),
                product: raw.product.to_string(),
                expiration_type: raw.expiration_type.to_string(),
                expiring_revenue,
            };
            let of_customer = by_row.entry(raw.row).or_default();
            if !of_customer.contains(&agreement) {
                of_customer.push(agreement);
            }
        }
    }
    for agreements in by_row.values_mut() {
        agreements.sort_by(|one, other| order(one).cmp(&order(other)));
    }
    by_row
}

/// Fills the agreement columns: the values of all agreements of a customer, in their order.
fn write_agreements(columns: &mut [Planned], agreements: &FxHashMap<u32, Vec<Agreement>>) {
    for planned in columns {
        let Use::Agreement(field) = planned.used else { continue };
        for (row, agreements) in agreements {
            let cells: Vec<String> =
                agreements.iter().map(|agreement| agreement_text(agreement, field)).collect();
            if cells.iter().any(|cell| !cell.is_empty()) {
                let code = planned.column.values.code(&cells.join("; "));
                planned.column.codes.set(*row as usize, code);
            }
        }
    }
}

/// A field of an agreement as it is written.
fn agreement_text(agreement: &Agreement, field: Field) -> String {
    match field {
        Field::AgreementId => agreement.id.clone(),
        Field::AgreementEnd => agreement.end_date.map_or(String::new(), |end| end.to_string()),
        Field::Program => agreement.program.clone(),
        Field::Product => agreement.product.clone(),
        Field::ExpirationType => agreement.expiration_type.clone(),
        _ => agreement.expiring_revenue.map_or(String::new(), value::amount_text),
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
