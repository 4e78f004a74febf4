//! Which columns of a file hold which field: what rows are read by.

use smallvec::SmallVec;

use super::{
    Field, Meaning, Object, Overrides, WordUse,
    assign::{Columns, assign},
    cells,
    doubt::{RowsOf, suspect},
    list, missing,
    object::{Column, File},
};
use crate::{
    columns::ReportKind,
    error::Result,
    problem::Problem,
    read::Row,
    text::id::{is_rounded, split_ids},
};

/// The columns of each field, in the order in which their values count.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layout {
    columns: Box<[SmallVec<[u32; 2]>]>,
    /// The columns that stand for no field, and those in which people write a state all the same.
    others: Box<[u32]>,
    headers: Vec<String>,
}

/// Fields in whose columns people write a state all the same: under `State` stands a place, or that
/// somebody has left.
const WORDY: [Field; 3] = [Field::State, Field::Salutation, Field::JobTitle];

impl Layout {
    pub(super) fn new(columns: Columns, headers: &[String]) -> Layout {
        let columns: Box<[SmallVec<[u32; 2]>]> = columns
            .into_iter()
            .map(|columns| columns.into_iter().map(|at| at as u32).collect())
            .collect();
        let is_of_words =
            |at: &u32| WORDY.iter().any(|field| columns[*field as usize].contains(at));
        let is_other =
            |at: &u32| is_of_words(at) || !columns.iter().any(|columns| columns.contains(at));
        let others = (0..headers.len() as u32).filter(is_other).collect();
        Layout { columns, others, headers: headers.to_vec() }
    }

    /// The first filled cell among the columns of the field.
    pub(crate) fn value<'a>(&self, row: Row<'a>, field: Field) -> &'a str {
        match self.columns[field as usize].as_slice() {
            [] => "",
            [only] => row.cell(*only as usize),
            several => {
                let mut cells = several.iter().map(|at| row.cell(*at as usize));
                cells.find(|cell| !cell.is_empty()).unwrap_or("")
            }
        }
    }

    /// The filled cells of all columns of the field.
    pub(crate) fn values<'a>(&self, row: Row<'a>, field: Field) -> impl Iterator<Item = &'a str> {
        self.columns(field).map(move |at| row.cell(at)).filter(|cell| !cell.is_empty())
    }

    /// The filled cells of all columns that stand for no field, or in which people write a state
    /// all the same.
    pub(crate) fn others<'a>(&self, row: Row<'a>) -> impl Iterator<Item = &'a str> {
        self.others_at(row).map(|(_, cell)| cell)
    }

    /// The same, by column.
    pub(crate) fn others_at<'a>(&self, row: Row<'a>) -> impl Iterator<Item = (usize, &'a str)> {
        let cells = self.others.iter().map(move |at| (*at as usize, row.cell(*at as usize)));
        cells.filter(|(_, cell)| !cell.is_empty())
    }

    /// The columns of the field, in the order in which their values count.
    pub(crate) fn columns(&self, field: Field) -> impl Iterator<Item = usize> {
        self.columns[field as usize].iter().map(|at| *at as usize)
    }

    /// Whether any column holds the field.
    pub(crate) fn has(&self, field: Field) -> bool {
        !self.columns[field as usize].is_empty()
    }

    /// The headers as typed.
    pub(crate) fn headers(&self) -> &[String] {
        &self.headers
    }

    /// Each recognised column: its header and its field, by position.
    pub(crate) fn recognised(&self) -> Vec<(&str, Field)> {
        let all = self.recognised_at().into_iter();
        all.map(|(at, field)| (self.headers[at].as_str(), field)).collect()
    }

    /// Each recognised column: its position and its field.
    pub(crate) fn recognised_at(&self) -> Vec<(usize, Field)> {
        let mut all: Vec<(usize, Field)> = Field::ALL
            .iter()
            .flat_map(|field| self.columns(*field).map(|at| (at, *field)))
            .collect();
        all.sort_unstable();
        all
    }

    /// A problem for each id or telephone number among the fields that a spreadsheet rounded
    /// (`1.23E+15`): it is none any more.
    pub(crate) fn rounded_ids<'l>(
        &'l self,
        row: Row<'l>,
        fields: &'l [Field],
    ) -> impl Iterator<Item = Problem> + 'l {
        let is_hit = |cell: &str| {
            let has_exponent = cell.bytes().any(|byte| matches!(byte, b'E' | b'e'));
            has_exponent && split_ids(cell).any(is_rounded)
        };
        let of_field = move |field: Field| {
            let columns = self.columns(field).filter(move |at| is_hit(row.cell(*at)));
            columns.map(move |at| self.rounded_id(row, field, at))
        };
        fields.iter().copied().flat_map(of_field)
    }

    fn rounded_id(&self, row: Row<'_>, field: Field, at: usize) -> Problem {
        let what = match field {
            Field::Phone | Field::Mobile => {
                "a telephone number that was rounded, as Excel does: it is left out"
            }
            _ => "an id that was turned into a rounded number, as Excel does",
        };
        Problem {
            file: row.file().to_string(),
            line: row.line,
            column: self.headers[at].clone(),
            what: what.into(),
            record_lost: false,
            detail: None,
        }
    }

    /// A full name next to a last name that it never holds is the first name (`Nombre`,
    /// `Apellidos`).
    fn part_of_a_name(&mut self, file: &File) {
        if self.has(Field::FirstName) || !self.has(Field::LastName) || !self.has(Field::FullName) {
            return;
        }
        let names = file.sample.rows().map(|row| {
            (self.value(row, Field::FullName).to_lowercase(), self.value(row, Field::LastName))
        });
        let mut both = names.filter(|(full, last)| !full.is_empty() && !last.is_empty()).peekable();
        let are_apart = both.peek().is_some()
            && both.all(|(full, last)| !full.contains(last.to_lowercase().as_str()));
        if are_apart {
            let columns = std::mem::take(&mut self.columns[Field::FullName as usize]);
            self.columns[Field::FirstName as usize] = columns;
        }
    }

    fn clear(&mut self, field: Field) {
        self.columns[field as usize].clear();
    }
}

/// How the rows of a report are read.
#[derive(Debug, Clone)]
pub(crate) struct ReportLayout(Layout);

impl ReportLayout {
    /// Finds the columns of a report.
    pub(crate) fn new(
        kind: ReportKind,
        file: &mut File,
        overrides: &Overrides,
        name: &str,
    ) -> Result<ReportLayout> {
        let columns = assign(file, &file.rules.report, &Object::Account, overrides, |_| true)?;
        let layout = Layout::new(columns, &file.headers);
        if ![Field::Id, Field::Name, Field::Domain].iter().any(|field| layout.has(*field)) {
            return Err(missing(name, Field::Name, &file.headers));
        }
        let has_domain = layout.has(Field::Domain) || layout.has(Field::TenantDomain);
        // downloads of this kind have none, and the other reports know the domain
        if !has_domain && kind != ReportKind::Security {
            file.warn("no column holds the domain".into(), Some("--column domain=HEADER".into()));
        }
        Ok(ReportLayout(layout))
    }

    /// The columns of each field.
    pub(crate) fn layout(&self) -> &Layout {
        &self.0
    }
}

/// How the rows of an accounts file are read; see [`AccountLayout::account`].
#[derive(Debug, Clone)]
pub(crate) struct AccountLayout {
    layout: Layout,
    /// The columns that a fingerprint is made of, by folded header: column order does not count.
    pub(crate) canonical: Vec<(String, usize)>,
    /// Headers of columns that may hold a consent whose meaning nobody has said.
    doubtful_consent: Vec<String>,
}

impl AccountLayout {
    /// Finds the columns of accounts; in a file that holds contacts too, only those that are not
    /// the contact's own.
    pub(crate) fn new(
        file: &mut File,
        object: &Object,
        overrides: &Overrides,
        name: &str,
    ) -> Result<AccountLayout> {
        let mixed = *object == Object::Both;
        let mut columns =
            assign(file, &file.rules.account, &Object::Account, overrides, |column| {
                !mixed || !is_contacts(file, column, overrides)
            })?;
        let doubtful_consent =
            if mixed { Vec::new() } else { suspect(file, &mut columns, RowsOf::Companies) };
        let layout = Layout::new(columns, &file.headers);
        let known = [Field::Id, Field::Name, Field::Domain, Field::Website, Field::Email];
        if !known.iter().any(|field| layout.has(*field)) {
            return Err(missing(name, Field::Name, &file.headers));
        }
        let canonical = canonical(file, |at| {
            !mixed || Field::ALL.iter().any(|field| layout.columns(*field).any(|of| of == at))
        });
        let account = AccountLayout { layout, canonical, doubtful_consent };
        account.warn(file, mixed);
        Ok(account)
    }

    fn warn(&self, file: &mut File, mixed: bool) {
        let has = |field| self.layout.has(field);
        if !has(Field::Id) && !mixed {
            file.warn(
                "no column holds the account id; a fingerprint of the row stands for it".into(),
                Some("--column id=HEADER".into()),
            );
        }
        if !has(Field::Name) {
            file.warn(
                "no column holds the name of the company".into(),
                Some("--column name=HEADER".into()),
            );
        }
        if !has(Field::Domain) && !has(Field::Website) {
            file.warn(
                "no column holds a domain or website; add Website to the view, or match by e-mail \
                 domain and name"
                    .into(),
                Some("--column domain=HEADER".into()),
            );
        }
    }

    /// The columns of each field.
    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Headers of columns that may hold a consent whose meaning nobody has said.
    pub(crate) fn doubtful_consent(&self) -> &[String] {
        &self.doubtful_consent
    }
}

/// In which order a file writes full names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum NameOrder {
    /// The first name stands in front, as in most languages.
    #[default]
    FirstNameFirst,
    /// The last name does, as in Hungarian, Japanese, Chinese and Korean, or as the header says.
    LastNameFirst,
}

/// How the rows of a contacts file are read; see [`ContactLayout::contact`].
#[derive(Debug, Clone)]
pub(crate) struct ContactLayout {
    layout: Layout,
    /// The columns that a fingerprint is made of, by folded header: column order does not count.
    pub(crate) canonical: Vec<(String, usize)>,
    /// In a file of both without account ids: the columns of the account's fingerprint.
    pub(crate) account_canonical: Option<Vec<(String, usize)>>,
    /// In a list without header: the addresses, domains and hashes that stand in its place.
    header_entries: Vec<String>,
    /// Columns of a suppression list in which a yes denies and a no spares nobody.
    answers: Vec<usize>,
    /// Whether full names are written `Last, First`.
    pub(crate) last_name_first: bool,
    /// In which order full names are written without a comma.
    pub(crate) name_order: NameOrder,
    /// Headers of columns that may hold a consent whose meaning nobody has said.
    doubtful_consent: Vec<String>,
}

impl ContactLayout {
    /// Finds the columns of contacts.
    pub(crate) fn new(
        file: &mut File,
        object: &Object,
        overrides: &Overrides,
        name: &str,
    ) -> Result<ContactLayout> {
        let is_list = *object == Object::Suppression;
        let is_written_to = matches!(object, Object::Contact | Object::Both);
        let has_address = is_written_to || *object == Object::Lead;
        // a lead is never written to, nor a colleague as such
        let asks_for_consent = !matches!(object, Object::Lead | Object::User) && !is_list;
        let may_hide_consent = !is_list && !matches!(object, Object::Consent | Object::User);
        let object = if *object == Object::Both { Object::Both } else { Object::Contact };
        let mut columns = assign(file, &file.rules.contact, &object, overrides, |column| {
            object != Object::Both || is_first(file, column)
        })?;
        let (mut header_entries, mut answers) = (Vec::new(), Vec::new());
        if is_list {
            let list = list::columns(file, columns);
            (columns, header_entries, answers) = (list.columns, list.header_entries, list.answers);
        }
        if has_address && columns[Field::Email as usize].is_empty() {
            let found = email_by_cells(file, &columns);
            columns[Field::Email as usize].extend(found);
        } else if has_address {
            turned_columns(file, &mut columns);
        }
        let doubtful_consent =
            if may_hide_consent { suspect(file, &mut columns, RowsOf::People) } else { Vec::new() };
        let mut layout = Layout::new(columns, &file.headers);
        if layout.has(Field::FirstName) && layout.has(Field::LastName) {
            layout.clear(Field::FullName);
        }
        layout.part_of_a_name(file);
        let reach = [Field::Id, Field::Email, Field::FurtherEmail];
        let of_lists = [Field::EmailHash, Field::Domain];
        let has_any = |fields: &[Field]| fields.iter().any(|field| layout.has(*field));
        if is_list && !has_any(&of_lists) && !has_any(&reach[1..]) {
            return Err(list::unusable(name));
        }
        if !is_list && !has_any(&reach) {
            return Err(missing(name, Field::Email, &file.headers));
        }
        let last_name_first = last_name_first(file, &layout);
        let has_email_consent = has_email_consent(&layout);
        if is_written_to && object != Object::Both {
            warn_of_join(file, &layout);
        }
        if !has_email_consent && asks_for_consent {
            file.warn(
                "no column holds a consent to e-mail: every permission is unknown".into(),
                Some("--column email-opt-out=HEADER".into()),
            );
        }
        let canonical = canonical(file, |_| true);
        Ok(ContactLayout {
            layout,
            canonical,
            account_canonical: None,
            header_entries,
            answers,
            last_name_first,
            name_order: name_order(file),
            doubtful_consent,
        })
    }

    /// Joins the contacts to the accounts of the same rows.
    pub(crate) fn joined_to(mut self, accounts: &AccountLayout) -> ContactLayout {
        if !accounts.layout.has(Field::Id) {
            self.account_canonical = Some(accounts.canonical.clone());
        }
        self
    }

    /// Joins the contacts to accounts of other files.
    pub(crate) fn joined_by_name(mut self) -> ContactLayout {
        self.account_canonical = None;
        self
    }

    /// Joins the contacts to accounts by name, where they have one: no account has an id.
    pub(crate) fn join_by_name_alone(&mut self) {
        if self.layout.has(Field::AccountName) {
            self.layout.clear(Field::AccountId);
        }
    }

    /// The columns of each field.
    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The addresses, domains and hashes that stand in the place of the header, where a suppression
    /// list has none: they count like those of a row.
    pub(crate) fn header_entries(&self) -> &[String] {
        &self.header_entries
    }

    /// The columns of a suppression list in which a yes denies and a no spares nobody.
    pub(crate) fn answers(&self) -> &[usize] {
        &self.answers
    }

    /// Headers of columns that may hold a consent whose meaning nobody has said.
    pub(crate) fn doubtful_consent(&self) -> &[String] {
        &self.doubtful_consent
    }
}

/// Reads the addresses from another column, where that of the header holds none and another one
/// does: `Name` and `Email` in each other's place. With a warning.
fn turned_columns(file: &mut File, columns: &mut Columns) {
    let seen: &File = file;
    let own = &columns[Field::Email as usize];
    let cells = || own.iter().flat_map(|at| seen.filled(*at));
    // an answer there has moved out of the column beside it: nobody knows where the others belong
    let words = &seen.rules.words;
    let is_answer = |cell: &str| words.meaning(WordUse::YesNo, cell).is_some();
    let is_told = |cell: &str| cells::holds_address(cell) || is_answer(cell);
    if cells().next().is_none() || cells().any(is_told) {
        return;
    }
    let stays =
        |field: &Field| field.is_consent() || matches!(field, Field::FurtherEmail | Field::Owner);
    let fixed = Field::ALL.iter().filter(|field| stays(field));
    let taken: Vec<usize> = fixed.flat_map(|field| columns[*field as usize].clone()).collect();
    let Some(found) = cells::email_column(seen, &taken) else { return };
    let given = std::mem::take(&mut columns[Field::Email as usize]);
    for of in columns.iter_mut() {
        of.retain(|at| *at != found);
    }
    columns[Field::Email as usize].push(found);
    let (from, header) = (&seen.headers[given[0]], &seen.headers[found]);
    let what = format!(
        "column {from:?} holds no e-mail address, but {header:?} does: the addresses are read from there"
    );
    file.warn(what, None);
}

/// The column that holds e-mail addresses by its cells, where no header says so; with a warning.
fn email_by_cells(file: &mut File, columns: &Columns) -> Option<usize> {
    let taken: Vec<usize> = columns.iter().flatten().copied().collect();
    let at = cells::email_column(file, &taken)?;
    let header = file.columns[at].header.clone();
    file.warn(
        format!("column {header:?} holds e-mail addresses: it is read as the e-mail address"),
        Some(format!("--column \"email={header}\" or \"ignore={header}\"")),
    );
    Some(at)
}

/// Says by what contacts are joined to accounts, where it is not by id.
fn warn_of_join(file: &mut File, layout: &Layout) {
    let flag = Some("--column account-id=HEADER".to_owned());
    if layout.has(Field::AccountId) {
        return;
    }
    let found = match layout.has(Field::AccountName) {
        true => "no column holds the account id: contacts are joined to accounts by name",
        false => "no column joins the contacts to accounts",
    };
    file.warn(found.into(), flag);
}

/// In a file of both: whether a column is the contact's alone. Of two columns with one header the
/// first is the contact's, the second the account's.
fn is_contacts(file: &File, column: &Column, overrides: &Overrides) -> bool {
    let field = overrides
        .field(&column.folded)
        .or_else(|| file.rules.contact.find(&column.folded, file.dialect).map(|alias| alias.field));
    let is_shared = |field| {
        matches!(
            field,
            Field::AccountId | Field::AccountName | Field::Name | Field::Domain | Field::Website
        )
    };
    field.is_some_and(|field| !is_shared(field)) && is_first(file, column)
}

/// Whether no earlier column has the same header.
fn is_first(file: &File, column: &Column) -> bool {
    !file.columns[..column.at].iter().any(|before| before.folded == column.folded)
}

fn has_email_consent(layout: &Layout) -> bool {
    Field::ALL.iter().any(|field| field.is_email_consent() && layout.has(*field))
}

/// The columns of a fingerprint, by folded header.
pub(super) fn canonical(file: &File, wanted: impl Fn(usize) -> bool) -> Vec<(String, usize)> {
    let mut columns: Vec<(String, usize)> = file
        .columns
        .iter()
        .filter(|column| wanted(column.at))
        .map(|column| (column.folded.clone(), column.at))
        .collect();
    columns.sort_unstable();
    columns
}

/// Whether every filled full name has exactly one comma, and one word stands before most: behind
/// two there may be a degree or a job.
fn last_name_first(file: &File, layout: &Layout) -> bool {
    let names = || layout.columns(Field::FullName).flat_map(|at| file.filled(at));
    let is_single =
        |name: &&str| name.split_once(',').is_some_and(|(last, _)| !last.trim().contains(' '));
    let filled = names().count();
    filled > 0
        && names().all(|name| name.matches(',').count() == 1)
        && names().filter(is_single).count() * 2 > filled
}

/// In which order a file writes full names, by the words and the script of its headers.
fn name_order(file: &File) -> NameOrder {
    let is_of_east_asia = |header: &str| {
        header.chars().any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'))
    };
    let says_so = |header: &String| {
        file.rules.words.meaning(WordUse::Name, header) == Some(Meaning::LastNameFirst)
            || is_of_east_asia(header)
    };
    match file.headers.iter().any(says_so) {
        true => NameOrder::LastNameFirst,
        false => NameOrder::FirstNameFirst,
    }
}
