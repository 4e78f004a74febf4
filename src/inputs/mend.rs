//! Cells as they were meant, before anything reads them: spoilt text, and addresses as people write
//! them.

use crate::{
    columns::{Field, Layout, Recognised, Words, beside_addresses},
    read::Batch,
    text::{
        address::{addresses_and_rest, is_plain},
        mend::{may_be_spoilt, mended},
    },
};

/// The fields that hold addresses of people and companies.
const ADDRESSES: [Field; 3] = [Field::Email, Field::FurtherEmail, Field::PersonEmail];

/// Mends the text of all cells.
pub(super) fn mend_text(batch: &mut Batch) {
    if !may_be_spoilt(batch.text()) {
        return;
    }
    for row in 0..batch.len() {
        for column in 0..batch.row(row).len() {
            if let Some(found) = mended(batch.row(row).raw(column)) {
                batch.replace(row, column, &found.text);
                batch.mended += u64::from(found.counts);
            }
        }
    }
}

/// Writes addresses as systems do, parted by semicolons. A cell in which none is understood stays
/// as it is, and so does one that denies beside the address.
pub(super) fn mend_addresses(batch: &mut Batch, what: &Recognised, words: &Words) {
    for column in address_columns(what) {
        for row in 0..batch.len() {
            let cell = batch.row(row).cell(column);
            if cell.is_empty() || is_plain(cell) {
                continue;
            }
            let plain = addresses_and_rest(cell).join("; ");
            let denies = || words.deny_beside(&beside_addresses(cell));
            if !plain.is_empty() && plain != cell && !denies() {
                batch.replace(row, column, &plain);
            }
        }
    }
}

/// The columns that hold addresses, where the file is no list whose cells hold other things too.
fn address_columns(what: &Recognised) -> Vec<usize> {
    let of = |layout: &Layout| -> Vec<usize> {
        ADDRESSES.iter().flat_map(|field| layout.columns(*field).collect::<Vec<_>>()).collect()
    };
    let mut columns = match what {
        Recognised::Report(..) | Recognised::Suppression(_) => Vec::new(),
        what => what.layout().map(of).unwrap_or_default(),
    };
    if let Recognised::Both(accounts, _) = what {
        columns.extend(of(accounts.layout()));
    }
    columns.sort_unstable();
    columns.dedup();
    columns
}
