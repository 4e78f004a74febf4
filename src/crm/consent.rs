//! What consent columns say: header's polarity and cell's word read together.

use super::{ListSays, Permission};
use crate::{
    columns::{Field, Layout, Meaning, WordUse, Words, beside_addresses},
    read::Row,
    text::address::is_plain,
};

/// What one cell says. Ordered by what counts when several cells speak of one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    /// Nothing for or against.
    Nothing,
    /// Yes, explicitly.
    Allowed,
    /// Something that cannot be read: it might be a denial.
    Unclear,
    /// No.
    Denied,
}

/// How the columns of a field are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Polarity {
    /// The header asks for a refusal: yes denies.
    Out,
    /// The header asks for a consent: yes allows, no denies.
    In,
    /// Defaults to the permitting word, so that word is no consent; yes and 1 deny.
    Switch,
    /// As [`Polarity::Switch`], under a header that asks positively: yes, no and 0 are unclear.
    PositiveSwitch,
    /// The state of a subscription.
    Subscription,
    /// As [`Polarity::Subscription`], among states of the record: a customer, a prospect.
    State,
    /// Any value denies.
    Filled,
}

/// The fields that speak of marketing e-mail.
const EMAIL: [(Field, Polarity); 6] = [
    (Field::EmailOptOut, Polarity::Out),
    (Field::EmailOptIn, Polarity::In),
    (Field::DoNotEmail, Polarity::Switch),
    (Field::SendMarketing, Polarity::PositiveSwitch),
    (Field::MarketingStatus, Polarity::Subscription),
    (Field::Unsubscribed, Polarity::Filled),
];

/// States of people of which some deny: they never allow.
const STATUS: [(Field, Polarity); 1] = [(Field::ContactStatus, Polarity::State)];

/// The fields that speak of phone calls.
const PHONE: [(Field, Polarity); 3] = [
    (Field::PhoneOptOut, Polarity::Out),
    (Field::PhoneOptIn, Polarity::In),
    (Field::DoNotPhone, Polarity::Switch),
];

/// The fields that speak of postal mail.
const POST: [(Field, Polarity); 3] = [
    (Field::PostOptOut, Polarity::Out),
    (Field::PostOptIn, Polarity::In),
    (Field::DoNotPost, Polarity::Switch),
];

/// The fields that speak of advertising.
const AD: [(Field, Polarity); 2] =
    [(Field::AdOptOut, Polarity::Out), (Field::AdOptIn, Polarity::In)];

/// What a row says in cells that stand for no field, or for a status: Active, Unsubscribed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct States {
    denies: bool,
    bounces: bool,
}

impl States {
    /// What a row says: a cell is a state, a list that holds one (tags, labels, groups), or a refusal in
    /// words of its own.
    pub(super) fn of(layout: &Layout, row: Row<'_>, words: &Words) -> States {
        let mut states = States::default();
        for cell in layout.values(row, Field::Status).chain(layout.others(row)) {
            states.add(words.denial(cell));
            parts(cell).for_each(|part| states.add(words.known_state(part)));
        }
        states
    }

    fn add(&mut self, said: Option<Meaning>) {
        self.denies |= said == Some(Meaning::Deny);
        self.bounces |= said == Some(Meaning::Bounced);
    }
}

/// The permission for marketing e-mail.
pub(super) fn email(layout: &Layout, row: Row<'_>, words: &Words, states: States) -> Permission {
    let is_no = |cell| is_no(cell, words);
    if states.denies
        || layout.values(row, Field::Denial).any(|cell| !is_no(cell))
        || denied_beside(layout, row, words).is_some()
    {
        return Permission::Denied;
    }
    let status = permission(&STATUS, layout, row, words);
    let permission = permission(&EMAIL, layout, row, words);
    if status >= Permission::Unclear { status.max(permission) } else { permission }
}

/// The permission for phone calls.
pub(super) fn phone(layout: &Layout, row: Row<'_>, words: &Words) -> Permission {
    permission(&PHONE, layout, row, words)
}

/// The permission for postal mail.
pub(super) fn post(layout: &Layout, row: Row<'_>, words: &Words) -> Permission {
    permission(&POST, layout, row, words)
}

/// The permission for use by advertising platforms.
pub(super) fn advertising(layout: &Layout, row: Row<'_>, words: &Words) -> Permission {
    permission(&AD, layout, row, words)
}

/// What a row of a suppression list says. Its being on the list denies; only a word to the contrary
/// spares it, a blank does not.
pub(super) fn of_list(layout: &Layout, row: Row<'_>, words: &Words) -> ListSays {
    let states = States::of(layout, row, words);
    let permission = email(layout, row, words, states);
    if permission == Permission::Denied {
        return ListSays::Denied;
    }
    if bounced(layout, row, words, states) {
        return ListSays::Bounced;
    }
    let allows = |cell| words.meaning(WordUse::Subscription, cell) == Some(Meaning::Allow);
    let is_filled = |(field, _): &(Field, Polarity)| layout.values(row, *field).next().is_some();
    let spared = match permission {
        Permission::Allowed | Permission::NotDenied => EMAIL.iter().any(is_filled),
        _ => !EMAIL.iter().any(is_filled) && layout.values(row, Field::Status).any(allows),
    };
    if spared { ListSays::Spared } else { ListSays::Denied }
}

/// Whether the CRM says that the address does not work.
pub(super) fn bounced(layout: &Layout, row: Row<'_>, words: &Words, states: States) -> bool {
    let is_no = |cell| is_no(cell, words);
    let bounces = |of| of == Some(Meaning::Bounced);
    let is_bounce = |cell: &str| {
        bounces(words.known_state(cell)) || parts(cell).any(|part| bounces(words.known_state(part)))
    };
    states.bounces
        || layout.values(row, Field::Bounced).any(|cell| !is_no(cell))
        || layout.values(row, Field::MarketingStatus).any(is_bounce)
        || layout.values(row, Field::ContactStatus).any(is_bounce)
}

/// The words of a cell that is a list.
fn parts(cell: &str) -> impl Iterator<Item = &str> {
    const PARTS: [char; 7] = [';', ',', '|', '[', ']', '"', '\n'];
    /// Bytes up to which a cell is a list of words and no text.
    const LIST: usize = 256;
    let is_list = cell.len() <= LIST && cell.contains(PARTS);
    is_list.then(|| cell.split(PARTS)).into_iter().flatten()
}

/// The column in which words beside a name or an address deny: in brackets or behind a dash (`Meurer
/// (keine Mails)`), behind an address, or as a person's name, which is none.
fn denied_beside(layout: &Layout, row: Row<'_>, words: &Words) -> Option<usize> {
    const PEOPLE: [Field; 3] = [Field::FirstName, Field::LastName, Field::FullName];
    const COMPANIES: [Field; 2] = [Field::Name, Field::AccountName];
    const ADDRESSES: [Field; 2] = [Field::Email, Field::FurtherEmail];
    const BRACKETS: [char; 6] = ['(', ')', '[', ']', '（', '）'];
    let has_sign = |byte: u8| matches!(byte, b'(' | b')' | b'[' | b']' | b'-') || !byte.is_ascii();
    let behind = |cell: &str, denies: &dyn Fn(&str) -> bool| {
        if !cell.bytes().any(has_sign) {
            return false;
        }
        let parts = cell.split(BRACKETS).flat_map(|part| part.split(" - "));
        parts.skip(1).any(|part| !part.is_empty() && denies(part))
    };
    let beside = |said: &str| words.deny_beside(said);
    // that a company is blocked is said of other things than mail as well
    let refuses = |said: &str| words.refuses(said);
    let of_person = |cell: &str| behind(cell, &beside) || (cell.contains(' ') && refuses(cell));
    let of_company = |cell: &str| behind(cell, &refuses);
    let of_address = |cell: &str| !is_plain(cell) && beside(&beside_addresses(cell));
    let find = |fields: &[Field], denies: &dyn Fn(&str) -> bool| {
        let mut columns = fields.iter().flat_map(|field| layout.columns(*field));
        columns.find(|at| denies(row.cell(*at)))
    };
    find(&PEOPLE, &of_person)
        .or_else(|| find(&COMPANIES, &of_company))
        .or_else(|| find(&ADDRESSES, &of_address))
}

/// The cell of a consent column. What a spreadsheet could not compute (`#N/A`) is not blank here: it
/// may have been a denial.
fn consent_cell<'a>(row: Row<'a>, at: usize) -> &'a str {
    match row.cell(at) {
        "" => Some(row.raw(at).trim()).filter(|raw| raw.starts_with('#')).unwrap_or(""),
        cell => cell,
    }
}

/// Whether a cell says no: a word, or a zero in any spelling.
fn is_no(cell: &str, words: &Words) -> bool {
    let is_zero = || cell.bytes().all(|byte| matches!(byte, b'0' | b'.' | b','));
    words.meaning(WordUse::YesNo, cell) == Some(Meaning::No) || is_zero()
}

/// The column of a consent to e-mail whose cell is not understood.
pub(super) fn unread(layout: &Layout, row: Row<'_>, words: &Words) -> Option<usize> {
    let columns = EMAIL
        .iter()
        .chain(&STATUS)
        .flat_map(|(field, polarity)| layout.columns(*field).map(move |at| (at, *polarity)));
    let mut columns = columns.into_iter();
    let found = columns.find(|(at, of)| said(consent_cell(row, *at), *of, words) == Said::Unclear);
    found.map(|(at, _)| at)
}

/// The column in which a record that denies does so in words that no table has.
pub(crate) fn refused_in_words(layout: &Layout, row: Row<'_>, words: &Words) -> Option<usize> {
    const STATES: [Field; 3] = [Field::Status, Field::ContactStatus, Field::MarketingStatus];
    let of_states = STATES.iter().flat_map(|field| layout.columns(*field));
    let cells = of_states.map(|at| (at, row.cell(at))).chain(layout.others_at(row));
    let mut refusing =
        cells.filter(|(_, cell)| words.known_state(cell).is_none() && words.refuses(cell));
    refusing.next().map(|(at, _)| at).or_else(|| denied_beside(layout, row, words))
}

/// What all columns of a channel say together.
fn permission(
    channel: &[(Field, Polarity)],
    layout: &Layout,
    row: Row<'_>,
    words: &Words,
) -> Permission {
    let mut strongest: Option<Said> = None;
    for (field, polarity) in channel {
        for at in layout.columns(*field) {
            let said = said(consent_cell(row, at), *polarity, words);
            strongest = strongest.max(Some(said));
        }
    }
    match strongest {
        None => Permission::Unknown,
        Some(Said::Unclear) => Permission::Unclear,
        Some(Said::Nothing) => Permission::NotDenied,
        Some(Said::Allowed) => Permission::Allowed,
        Some(Said::Denied) => Permission::Denied,
    }
}

/// What one cell says under a polarity.
fn said(cell: &str, polarity: Polarity, words: &Words) -> Said {
    if cell.is_empty() {
        return Said::Nothing;
    }
    match polarity {
        Polarity::Filled => return Said::Denied,
        Polarity::Subscription | Polarity::State => {
            let is_of_record = || words.meaning(WordUse::Status, cell).is_some();
            return match words.state(cell) {
                Some(Meaning::Allow) => Said::Allowed,
                Some(Meaning::Deny) => Said::Denied,
                Some(Meaning::Bounced | Meaning::Neutral) => Said::Nothing,
                _ if polarity == Polarity::State && is_of_record() => Said::Nothing,
                _ => Said::Unclear,
            };
        }
        _ => {}
    }
    match words.meaning(WordUse::Permission, cell) {
        Some(Meaning::Deny) => return Said::Denied,
        Some(Meaning::Allow | Meaning::Agree) if polarity == Polarity::In => return Said::Allowed,
        Some(Meaning::Agree) => return Said::Unclear,
        Some(_) => return Said::Nothing,
        None => {}
    }
    let answer = words.meaning(WordUse::YesNo, cell);
    let is_number = matches!(cell, "0" | "1")
        || cell.eq_ignore_ascii_case("true")
        || cell.eq_ignore_ascii_case("false");
    match (polarity, answer) {
        (Polarity::Out, Some(Meaning::Yes)) => Said::Denied,
        (Polarity::Out, Some(Meaning::No)) => Said::Nothing,
        (Polarity::In, Some(Meaning::Yes)) => Said::Allowed,
        (Polarity::In, Some(Meaning::No)) => Said::Denied,
        (Polarity::Switch, Some(Meaning::Yes)) => Said::Denied,
        (Polarity::Switch, Some(Meaning::No)) => Said::Nothing,
        (Polarity::PositiveSwitch, Some(Meaning::Yes)) if is_number => Said::Denied,
        _ => Said::Unclear,
    }
}
