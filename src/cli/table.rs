//! What a run prints: a short table whose totals close.
#![expect(clippy::print_stdout, reason = "the program's answer goes to standard output")]

use std::path::Path;

use crate::{
    error::{Error, Result},
    write::Summary,
};

pub(super) fn print_json(summary: &Summary) -> Result<()> {
    let text = serde_json::to_string_pretty(summary)
        .map_err(|error| Error::Totals { what: error.to_string() })?;
    println!("{text}");
    Ok(())
}

pub(super) fn print(summary: &Summary, out: &Path) {
    print_counts(summary);
    let out = out.display();
    println!("results are in {out}: open contacts.xlsx, fill in review.xlsx");
}

/// All counts, notes and problems.
pub(super) fn print_counts(summary: &Summary) {
    let results = &summary.results;
    let customers = &results.customers;
    line(
        "customers",
        &[
            ("linked", customers.linked),
            ("review", customers.review),
            ("unmatched", customers.unmatched),
            ("excluded", customers.excluded),
        ],
    );
    let passes = &results.passes;
    line(
        "links by",
        &[
            ("domain", passes.domain),
            ("name", passes.name),
            ("id", passes.id),
            ("verdict", passes.verdict),
        ],
    );
    let accounts = &results.accounts;
    line(
        "accounts",
        &[
            ("linked", accounts.linked),
            ("candidate only", accounts.candidate_only),
            ("no customer", accounts.no_customer),
            ("excluded", accounts.excluded),
        ],
    );
    let contacts = &results.contacts;
    line(
        "contacts",
        &[
            ("listed", contacts.listed),
            ("suppressed", contacts.suppressed),
            ("duplicate", contacts.duplicate),
            ("no usable address", contacts.no_usable_address),
            ("not selected", contacts.not_selected),
            ("account not linked", contacts.account_not_linked),
            ("account unclear", contacts.account_unclear),
            ("no account", contacts.no_account),
            ("unreadable", contacts.unreadable),
        ],
    );
    for note in &summary.notes {
        println!("note: {note}");
    }
    if summary.problems > 0 {
        println!("{} rows or values were not used: problems.csv", summary.problems);
    }
}

fn line(what: &str, counts: &[(&str, u64)]) {
    let total: u64 = counts.iter().map(|(_, count)| count).sum();
    let parts: Vec<String> = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    println!("{what:<10} {total:>9}  {}", parts.join(", "));
}
