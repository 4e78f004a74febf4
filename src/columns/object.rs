//! What a file holds, before its columns are assigned: object, CRM, kind of report.

use super::{
    ColumnRules, Dialect, Field, Meaning, Object, Overrides, Warning, WordUse, cells, deal_meaning,
    fold::{is_related, is_related_logical, is_reserved},
    fold_header,
    table::{Aliases, KindRule, SignPart, StemKind, WordKind, WordPart, spaced_words},
};
use crate::{
    columns::ReportKind,
    read::{Batch, TableInfo},
};

/// A column of a file, before it is known what it stands for.
#[derive(Debug)]
pub(crate) struct Column {
    /// Its position in the rows.
    pub(crate) at: usize,
    /// The header as typed.
    pub(crate) header: String,
    /// The header folded; without the object word in front where the CRM puts one there.
    pub(crate) folded: String,
    /// The logical name folded, where the file holds it.
    pub(crate) logical: Option<String>,
    /// The object whose word stands in front of the header.
    pub(crate) object: Option<Object>,
    /// Whether it belongs to a related record.
    pub(crate) related: bool,
    /// Whether it is one of the columns that an export keeps to itself.
    pub(crate) reserved: bool,
}

/// A file whose columns are being recognised.
pub(crate) struct File<'f> {
    pub(crate) columns: Vec<Column>,
    pub(crate) headers: Vec<String>,
    pub(crate) dialect: Dialect,
    pub(crate) sample: &'f Batch,
    pub(crate) rules: &'f ColumnRules,
    pub(crate) warnings: Vec<Warning>,
    logical_object: Option<String>,
}

impl<'f> File<'f> {
    /// Folds the headers and finds the CRM that wrote the file.
    pub(crate) fn new(info: &TableInfo, sample: &'f Batch, rules: &'f ColumnRules) -> File<'f> {
        let mut columns: Vec<Column> =
            info.header.iter().enumerate().map(|(at, header)| column(at, header, info)).collect();
        let dialect = match strip_object_words(&mut columns, sample, rules) {
            true => Dialect::Pipedrive,
            false => dialect(&columns, info, rules),
        };
        let dialect = match dialect {
            Dialect::Salesforce if looks_like_salesforce_only(&columns, sample) => Dialect::Any,
            Dialect::Any if has_salesforce_ids(&columns, sample, rules) => {
                Dialect::SalesforceReport
            }
            known => known,
        };
        File {
            columns,
            headers: info.header.clone(),
            dialect,
            sample,
            rules,
            warnings: Vec::new(),
            logical_object: info.logical_object.clone(),
        }
    }

    /// The kind of report that the headers, else the file's name, speak of.
    pub(crate) fn report_kind(&self, file: &str, overrides: &Overrides) -> Option<ReportKind> {
        let name = file.rsplit(['/', '\\', '!']).next().unwrap_or(file);
        let name = fold_header(name);
        let is_report = self.stands_for(&self.rules.report, Field::Name, overrides)
            || self.stands_for(&self.rules.report, Field::Domain, overrides)
            || self.stands_for(&self.rules.report, Field::Id, overrides);
        let fits = |headers: &[String], word: &str| {
            (headers.is_empty() || headers.iter().any(|header| self.has(header)))
                && name.contains(word)
        };
        self.rules
            .kinds
            .iter()
            .find(|rule| is_report && !rule.headers.is_empty() && fits(&rule.headers, &rule.file))
            .map(|rule| rule.kind)
    }

    /// The kind of report of a file that lies with the CRM's: no known CRM wrote it, and it has a
    /// cluster column.
    pub(crate) fn strayed_report(&self, file: &str, overrides: &Overrides) -> Option<ReportKind> {
        let has_cluster = || self.columns.iter().any(|column| column.folded.ends_with("cluster"));
        self.report_kind(file, overrides).filter(|_| !self.is_of_a_crm() && has_cluster())
    }

    /// Whether a known CRM wrote the file, or its rows have the ids of a CRM.
    pub(crate) fn is_of_a_crm(&self) -> bool {
        self.dialect != Dialect::Any
            || self.object_by_id().is_some()
            || self.object_by_signature().is_some()
            || ["accountid", "contactid"].iter().any(|header| self.has(header))
    }

    /// The kind of report that the file's name alone speaks of.
    pub(crate) fn named_kind(&self, file: &str) -> Option<ReportKind> {
        let of_name = |name: &str| {
            let named = |rule: &&KindRule| rule.headers.is_empty() && name.contains(&rule.file);
            self.rules.kinds.iter().find(named).map(|rule| rule.kind)
        };
        // a workbook's sheet, else the workbook
        let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
        name.rsplit('!').find_map(|name| of_name(&fold_header(name)))
    }

    /// What one row of a CRM file is.
    pub(crate) fn object(&self, overrides: &Overrides) -> Object {
        if let Some(object) = self.logical_object.as_deref() {
            return Object::from_word(object);
        }
        self.object_by_words()
            .or_else(|| self.object_by_id())
            .or_else(|| self.object_by_signature())
            .unwrap_or_else(|| self.object_by_fields(overrides))
    }

    /// By the object words in front of the headers: people may bring their organisation along, a
    /// deal brings both.
    fn object_by_words(&self) -> Option<Object> {
        let objects = || self.columns.iter().filter_map(|column| column.object.as_ref());
        let first = |wanted: &dyn Fn(&Object) -> bool| objects().find(|object| wanted(object));
        first(&|object| !matches!(object, Object::Account | Object::Contact))
            .or_else(|| first(&|object| *object == Object::Contact))
            .or_else(|| first(&|_| true))
            .cloned()
    }

    /// By the first letters of the Salesforce ids in the column `Id`.
    fn object_by_id(&self) -> Option<Object> {
        let column = self.columns.iter().find(|column| column.folded == "id")?;
        let mut found: Option<&Object> = None;
        for cell in self.filled(column.at) {
            let prefix = is_salesforce_id(cell).then(|| &cell[..3])?;
            let (_, object) = self.rules.id_prefixes.iter().find(|(known, _)| known == prefix)?;
            if *found.get_or_insert(object) != object {
                return None;
            }
        }
        found.cloned()
    }

    fn object_by_signature(&self) -> Option<Object> {
        let fits = |headers: &[String]| headers.iter().all(|header| self.has(header));
        let (object, _) = self.rules.objects.iter().find(|(_, headers)| fits(headers))?;
        Some(object.clone())
    }

    /// By what the headers stand for: a person's name makes contacts; a company's site with it
    /// makes both, where no CRM is known whose contacts have a site of their own.
    fn object_by_fields(&self, overrides: &Overrides) -> Object {
        if self.is_deals(overrides) {
            return Object::Deal;
        }
        let contact = |field| self.stands_for(&self.rules.contact, field, overrides);
        let account = |field| self.stands_for(&self.rules.account, field, overrides);
        let person = contact(Field::FirstName)
            || contact(Field::LastName)
            || self.best_rank(&self.rules.contact, Field::FullName) == Some(1)
            || self.best_rank(&self.rules.contact, Field::Id) == Some(1)
            || self.are_people_by_cells()
            || self.has_company_beside_name();
        let site = account(Field::Domain) || account(Field::Website);
        let of_people = contact(Field::Email)
            || contact(Field::AccountId)
            || self.best_rank(&self.rules.contact, Field::Id) == Some(1);
        if account(Field::PersonAccount) && !of_people {
            return Object::Account;
        }
        if person {
            let mixed = matches!(self.dialect, Dialect::Any | Dialect::SalesforceReport)
                && contact(Field::AccountName)
                && (site || self.has_account_address());
            return if mixed { Object::Both } else { Object::Contact };
        }
        let named = account(Field::Name) || account(Field::Id);
        if contact(Field::Email) && !site {
            if contact(Field::AccountId) && contact(Field::Id) {
                return Object::Contact;
            }
            if !named {
                return Object::Suppression;
            }
        }
        match self.sign_of_deals() {
            Some(header) => Object::Other(format!(
                "records that belong to accounts, such as invoices, products or activities (column \
                 {header:?}; give it with `--deals` if it holds deals)"
            )),
            None => Object::Account,
        }
    }

    /// Whether a file has a name, the name of a company beside it, and addresses: people.
    fn has_company_beside_name(&self) -> bool {
        let of = |column: &Column| {
            let alias = self.rules.contact.find(&column.folded, self.dialect);
            alias.map(|alias| alias.field)
        };
        let has = |field| self.columns.iter().any(|column| of(column) == Some(field));
        has(Field::FullName) && has(Field::AccountName) && cells::email_column(self, &[]).is_some()
    }

    /// Whether each row is a deal: what an account bought or did not buy, when, and for how much. A
    /// place or a site speaks for a company, unless both the day and the amount are there.
    fn is_deals(&self, overrides: &Overrides) -> bool {
        let deal = |field| self.stands_for(&self.rules.deal, field, overrides);
        let contact = |field| self.stands_for(&self.rules.contact, field, overrides);
        let account = |field| self.stands_for(&self.rules.account, field, overrides);
        let is_closed_and_worth = deal(Field::Closed) && deal(Field::Amount);
        let may_be_mailed = Field::ALL.iter().any(|of| of.is_email_consent() && contact(*of));
        let has_person = contact(Field::FirstName)
            || contact(Field::LastName)
            || may_be_mailed
            || (contact(Field::Email) && !is_closed_and_worth);
        let has_account = deal(Field::AccountId) || deal(Field::AccountName);
        let has_day = deal(Field::Created) || deal(Field::Closed);
        let has_place = [Field::Domain, Field::Website, Field::City].into_iter().any(account);
        let has_worth = deal(Field::Amount);
        let is_dated = match has_place {
            true => is_closed_and_worth,
            false => has_day && (has_worth || deal(Field::Closed)),
        };
        has_account && is_dated && !has_person && self.tells_won_from_lost()
    }

    /// Whether the cells of a column tell what was won from what was not. That something was
    /// cancelled is said of projects and orders too: it counts under the header of a stage alone.
    fn tells_won_from_lost(&self) -> bool {
        let words = &self.rules.words;
        let says = |column: &Column, cell: &str| {
            let field = self.rules.deal.find(&column.folded, self.dialect).map(|of| of.field);
            match field {
                Some(Field::Stage) => {
                    matches!(deal_meaning(words, cell), Some(Meaning::Won | Meaning::Lost))
                }
                Some(Field::DealStatus) => deal_meaning(words, cell) == Some(Meaning::Won),
                Some(Field::IsWon) => words.meaning(WordUse::YesNo, cell).is_some(),
                _ => false,
            }
        };
        self.columns.iter().any(|column| self.filled(column.at).any(|cell| says(column, cell)))
    }

    /// The column by which a file without people holds something that belongs to accounts, as far
    /// as nothing says where a company is or how it is reached.
    fn sign_of_deals(&self) -> Option<&str> {
        use Field::{
            City, Domain, Duns, Email, PostalCode, State, TenantDomain, TenantId, Tpid, Website,
        };
        let alias = |column: &Column| self.rules.account.find(&column.folded, self.dialect);
        let of_companies = [
            City,
            Domain,
            Duns,
            Email,
            PostalCode,
            State,
            TenantDomain,
            TenantId,
            Tpid,
            Website,
            Field::MicrosoftId,
            Field::Country,
        ];
        let is_of_company =
            |column: &Column| alias(column).is_some_and(|of| of_companies.contains(&of.field));
        let is_known = self.logical_object.is_some() || self.object_by_signature().is_some();
        if is_known || self.columns.iter().any(is_of_company) {
            return None;
        }
        let by_header = self.columns.iter().find(|column| self.rules.is_of_accounts(column));
        let both_ids = [("id", "accountid"), ("recordid", "accountnameid")];
        let both_ids = both_ids.into_iter().find(|(own, of)| self.has(own) && self.has(of));
        let is_lookup = |column: &&Column| both_ids.is_some_and(|(_, of)| column.folded == of);
        let by_id = self.columns.iter().find(is_lookup);
        let is_company = |column: &&Column| {
            column.folded != "name"
                && alias(column).is_some_and(|alias| alias.field == Field::Name)
                && cells::repeats(self, column.at)
        };
        let by_cells = || self.columns.iter().find(is_company);
        by_header.or(by_id).or_else(by_cells).map(|column| column.header.as_str())
    }

    /// Whether a file is a plain list of addresses, and its name speaks of denials: what mailing
    /// systems export as `cleaned` or `unsubscribed`.
    pub(crate) fn is_list_of_denials(&self, file: &str, overrides: &Overrides) -> bool {
        let contact = |field| self.stands_for(&self.rules.contact, field, overrides);
        let account = |field| self.stands_for(&self.rules.account, field, overrides);
        let has_addresses = || {
            contact(Field::Email)
                || cells::email_column(self, &[]).is_some()
                || self.headers.iter().any(|header| cells::holds_address(header))
        };
        let has_entries_alone =
            || (account(Field::Domain) || contact(Field::EmailHash)) && !account(Field::Name);
        if self.rules.is_named_list_of_denials(file) && !contact(Field::AccountId) {
            return has_addresses() || has_entries_alone();
        }
        self.is_bare_list()
    }

    /// Whether a file is nothing but addresses, below a header or from its first line on: whoever puts
    /// such a list beside a CRM means people who must not be written to.
    fn is_bare_list(&self) -> bool {
        let [column] = &self.columns[..] else { return false };
        let mut cells = self.filled(column.at).peekable();
        let has_any = cells.peek().is_some() || cells::holds_address(&column.header);
        has_any && cells.all(cells::holds_address)
    }

    /// Whether the cells tell of people: one company on several rows, each row with an e-mail
    /// address of its own.
    fn are_people_by_cells(&self) -> bool {
        let company = |column: &&Column| {
            let of = |aliases: &Aliases| {
                aliases.find(&column.folded, self.dialect).map(|alias| alias.field)
            };
            of(&self.rules.contact) == Some(Field::AccountName)
                || of(&self.rules.account) == Some(Field::Name)
        };
        let mut companies = self.columns.iter().filter(company).map(|column| column.at);
        let Some(email) = cells::email_column(self, &[]) else { return false };
        companies.any(|company| cells::repeats_next_to_addresses(self, company, email))
    }

    /// Whether there is an address column that only accounts have.
    fn has_account_address(&self) -> bool {
        self.columns.iter().any(|column| {
            let of = |aliases: &Aliases| {
                aliases.find(&column.folded, self.dialect).map(|alias| alias.field)
            };
            matches!(of(&self.rules.account), Some(Field::City | Field::PostalCode))
                && of(&self.rules.contact).is_none()
        })
    }

    /// Whether a header is present, by its folded form.
    fn has(&self, folded: &str) -> bool {
        self.columns.iter().any(|column| {
            column.object.is_none()
                && (column.folded == folded || column.logical.as_deref() == Some(folded))
        })
    }

    fn stands_for(&self, aliases: &Aliases, field: Field, overrides: &Overrides) -> bool {
        self.columns.iter().any(|column| {
            !column.related
                && match overrides.field(&column.folded) {
                    Some(given) => given == field,
                    None => aliases
                        .find(&column.folded, self.dialect)
                        .is_some_and(|alias| alias.field == field),
                }
        })
    }

    fn best_rank(&self, aliases: &Aliases, field: Field) -> Option<u8> {
        self.columns
            .iter()
            .filter_map(|column| aliases.find(&column.folded, self.dialect))
            .filter(|alias| alias.field == field)
            .map(|alias| alias.rank)
            .min()
    }

    /// The filled cells of a column in the sample.
    pub(crate) fn filled(&self, at: usize) -> impl Iterator<Item = &'f str> {
        let sample = self.sample;
        sample.rows().map(move |row| row.cell(at)).filter(|cell| !cell.is_empty())
    }

    /// Notes something that the user should know.
    pub(crate) fn warn(&mut self, found: String, flag: Option<String>) {
        self.warnings.push(Warning { found, flag, is_grave: false });
    }
}

fn column(at: usize, header: &str, info: &TableInfo) -> Column {
    let logical = info.logical_names.get(at).cloned().flatten();
    let related = is_related(header) || logical.as_deref().is_some_and(is_related_logical);
    Column {
        at,
        header: header.trim().into(),
        folded: fold_header(header),
        logical: logical.as_deref().map(fold_header),
        object: None,
        related,
        reserved: is_reserved(header),
    }
}

/// Takes the object words off the headers where most of them have one; says whether it did.
fn strip_object_words(columns: &mut [Column], sample: &Batch, rules: &ColumnRules) -> bool {
    let split = |column: &Column| {
        let (word, rest) = column.header.split_once(" - ")?;
        Some((fold_header(word), fold_header(rest)))
    };
    let parts: Vec<Option<(String, String)>> = columns.iter().map(split).collect();
    let known = |word: &str| {
        rules.prefixes.iter().find(|(known, _)| known == word).map(|(_, object)| object.clone())
    };
    let is_known = |(word, _): &&(String, String)| known(word).is_some();
    let words_are_known = parts.iter().flatten().filter(is_known).count() * 2 > columns.len();
    if !words_are_known && !are_object_words(&parts) {
        return false;
    }
    let people = |word: &str| {
        let columns = || {
            parts
                .iter()
                .enumerate()
                .filter(|(_, part)| part.as_ref().is_some_and(|(of, _)| of == word))
        };
        columns().any(|(at, _)| holds_addresses(sample, at))
    };
    let object = |word: &str| match known(word) {
        Some(object) => Some(object),
        None if words_are_known => None,
        None if people(word) => Some(Object::Contact),
        None => Some(Object::Account),
    };
    let found: Vec<Option<(Object, String)>> = parts
        .iter()
        .map(|part| part.as_ref().and_then(|(word, rest)| Some((object(word)?, rest.clone()))))
        .collect();
    for (column, found) in columns.iter_mut().zip(found) {
        if let Some((object, folded)) = found {
            (column.object, column.folded) = (Some(object), folded);
        }
    }
    true
}

/// Whether all headers begin with one of two words, as those of a language nobody has listed do.
fn are_object_words(parts: &[Option<(String, String)>]) -> bool {
    let mut words: Vec<&str> = Vec::new();
    for part in parts {
        let Some((word, _)) = part else { return false };
        if !words.contains(&word.as_str()) {
            words.push(word);
        }
    }
    words.len() <= 2 && parts.len() > words.len() + 1
}

/// Whether most filled cells of a column are e-mail addresses.
pub(crate) fn holds_addresses(sample: &Batch, at: usize) -> bool {
    let cells = || sample.rows().map(move |row| row.cell(at)).filter(|cell| !cell.is_empty());
    let is_address = |cell: &&str| cell.split_once('@').is_some_and(|(_, host)| host.contains('.'));
    let filled = cells().count();
    filled > 0 && cells().filter(is_address).count() * 2 > filled
}

fn dialect(columns: &[Column], info: &TableInfo, rules: &ColumnRules) -> Dialect {
    if info.logical_object.is_some() {
        return Dialect::Dynamics;
    }
    let has = |header: &String| columns.iter().any(|column| column.folded == *header);
    rules
        .dialects
        .iter()
        .find(|(_, headers)| headers.iter().all(has))
        .map_or(Dialect::Any, |(dialect, _)| *dialect)
}

/// Whether a file with the headers of Salesforce has ids of another CRM.
fn looks_like_salesforce_only(columns: &[Column], sample: &Batch) -> bool {
    let Some(id) = columns.iter().find(|column| column.folded == "id") else { return false };
    let mut ids = sample.rows().map(|row| row.cell(id.at)).filter(|id| !id.is_empty()).peekable();
    ids.peek().is_some() && !ids.any(is_salesforce_id)
}

/// Whether all ids of a file begin as Salesforce's do and are more than numbers.
fn has_salesforce_ids(columns: &[Column], sample: &Batch, rules: &ColumnRules) -> bool {
    const IDS: [&str; 4] = ["id", "accountid", "contactid", "leadid"];
    let is_one = |cell: &str| {
        let is_of_object = |(prefix, _): &(String, Object)| cell.starts_with(prefix.as_str());
        is_salesforce_id(cell)
            && cell.bytes().any(|byte| byte.is_ascii_alphabetic())
            && rules.id_prefixes.iter().any(is_of_object)
    };
    columns.iter().filter(|column| IDS.contains(&column.folded.as_str())).any(|column| {
        let cells = || sample.rows().map(|row| row.cell(column.at)).filter(|cell| !cell.is_empty());
        cells().next().is_some() && cells().all(is_one)
    })
}

impl ColumnRules {
    /// Whether a column is one of records that belong to accounts.
    fn is_of_accounts(&self, column: &Column) -> bool {
        let fits = |(sign, part): &(String, SignPart)| match part {
            SignPart::Whole => column.folded == *sign,
            SignPart::End => column.folded.ends_with(sign.as_str()),
        };
        self.record_signs.iter().any(fits)
    }

    /// Whether the name of a file speaks of people who must not be written to.
    pub(crate) fn is_named_list_of_denials(&self, file: &str) -> bool {
        let file = file.rsplit(['/', '\\', '!']).next().unwrap_or(file);
        let (name, words) = (fold_header(file), spaced_words(file));
        let denies = |(stem, kind): &(String, StemKind)| {
            matches!(kind, StemKind::Denies | StemKind::Bounces) && name.contains(stem.as_str())
        };
        let is_list = |(part, kind): &(WordPart, WordKind)| {
            *kind == WordKind::List && part.rest_of(&words).is_some()
        };
        self.consent_stems.iter().any(denies)
            || LISTS_OF_DENIALS.iter().any(|word| name.contains(word))
            || self.consent_words.iter().any(is_list)
    }
}

/// Words in the names of lists that mailing systems export, which count in any part of a name.
const LISTS_OF_DENIALS: [&str; 8] = [
    "cleaned",
    "nonsubscribed",
    "suppress",
    "blacklist",
    "blocklist",
    "denylist",
    "donotmail",
    "optout",
];

/// Whether a cell has the form of a Salesforce id: 15 or 18 letters and digits.
pub(crate) fn is_salesforce_id(cell: &str) -> bool {
    matches!(cell.len(), 15 | 18) && cell.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
