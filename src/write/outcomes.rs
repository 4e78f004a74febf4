//! `outcomes.csv` and its workbook: clusters, cohorts and segments held against deals.

use std::path::Path;

use super::{
    row::{Cell, Rows},
    twin, write_book,
};
use crate::{
    error::Result,
    language::Texts,
    result::{
        column::Heading,
        file::outcomes::{FILE, Row},
        outcome::{Estimate, OutcomeRow, Outcomes},
        summary::FileSummary,
    },
};

/// One row per group of customers.
pub(super) struct OutcomeRows<'o>(pub(super) &'o [OutcomeRow]);

impl Rows for OutcomeRows<'_> {
    fn headings(&self) -> Vec<Heading<'_>> {
        FILE.headings([], [])
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn fill<'a>(&'a self, at: usize, row: &mut Vec<Cell<'a>>) {
        let of = &self.0[at];
        let deals = ends(of.deal_rate, 100.0);
        let won = ends(of.won_rate, 100.0);
        let lift = ends(of.lift, 1.0);
        let group = of.group_text();
        let cells = Row {
            by: of.by.word().into(),
            area: of.area.as_str().into(),
            group: group.into(),
            customers: Cell::Count(of.customers),
            with_deal: Cell::Count(of.with_deal),
            with_won: Cell::Count(of.with_won),
            deals_won: Cell::Count(of.deals_won),
            deals_lost: Cell::Count(of.deals_lost),
            deals_open: Cell::Count(of.deals_open),
            revenue_won: of.revenue_text().into(),
            median_days: of.median_days.map_or(Cell::BLANK, decimal),
            deals_per_100: deals[0].clone(),
            deals_per_100_low: deals[1].clone(),
            deals_per_100_high: deals[2].clone(),
            won_per_100: won[0].clone(),
            won_per_100_low: won[1].clone(),
            won_per_100_high: won[2].clone(),
            others: Cell::Count(of.others),
            others_with_won: Cell::Count(of.others_with_won),
            lift: lift[0].clone(),
            lift_low: lift[1].clone(),
            lift_high: lift[2].clone(),
            reading: of.sentence().into(),
        };
        cells.put(row, []);
    }
}

/// A figure and the ends of its interval, times a factor; blank where there is none.
fn ends(estimate: Option<Estimate>, factor: f64) -> [Cell<'static>; 3] {
    let Some(Estimate { value, low, high }) = estimate else {
        return [Cell::BLANK, Cell::BLANK, Cell::BLANK];
    };
    [value, low, high].map(|number| decimal(number * factor))
}

/// A number with two places.
fn decimal(number: f64) -> Cell<'static> {
    Cell::Money((number * 100.0).round() as i64)
}

/// Writes the file and its workbook into a folder.
///
/// # Errors
///
/// When one cannot be written.
pub(crate) fn write_outcomes(
    folder: &Path,
    outcomes: &Outcomes,
    (texts, safe_csv): (&Texts, bool),
) -> Result<Vec<FileSummary>> {
    let rows = OutcomeRows(&outcomes.rows);
    let mut written = vec![twin(folder, &FILE, &rows, safe_csv)?];
    if let Some(book) = &FILE.workbook {
        written.push(write_book(&folder.join(book.name), (&FILE, book), &rows, None, texts)?);
    }
    Ok(written)
}
