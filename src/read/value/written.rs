//! How the dates and amounts of one file are written.

use jiff::civil::Date;

use super::{DateColumn, DateOrder, DecimalMark, NumberColumn};

/// How the dates and amounts of one file are written: the order of day and month, and the decimal
/// mark, are decided once for a whole column.
pub(crate) struct Written {
    dates: DateColumn,
    amounts: NumberColumn,
    order: DateOrder,
}

impl Written {
    /// Decides by all cells. Where the dates leave it open, a decimal comma speaks for the day
    /// first: nobody who writes it puts the month first.
    pub(crate) fn of<'a>(
        dates: impl Iterator<Item = &'a str>,
        amounts: impl Iterator<Item = &'a str>,
    ) -> Written {
        let (mut of_dates, mut of_amounts) = (DateColumn::default(), NumberColumn::default());
        dates.for_each(|cell| of_dates.observe(cell));
        amounts.for_each(|cell| of_amounts.observe(cell));
        let has_comma = of_amounts.decide() == DecimalMark::Comma && !of_amounts.is_ambiguous();
        let order = match of_dates.is_ambiguous() && has_comma {
            true => DateOrder::DayFirst,
            false => of_dates.decide(),
        };
        Written { dates: of_dates, amounts: of_amounts, order }
    }

    /// A date.
    pub(crate) fn date(&self, cell: &str) -> Option<Date> {
        self.order.parse(cell)
    }

    /// An amount, in hundredths.
    pub(crate) fn amount(&self, cell: &str) -> Option<i64> {
        self.amounts.parse(cell)
    }

    /// What is doubtful about the dates, as a lower-case phrase.
    pub(crate) fn doubt_of_dates(&self) -> Option<String> {
        let read = match self.order {
            DateOrder::DayFirst => "read with the day first",
            DateOrder::MonthFirst => "read with the month first",
        };
        doubt(self.dates.is_contradictory(), self.dates.is_ambiguous(), read)
    }

    /// What is doubtful about the amounts, as a lower-case phrase.
    pub(crate) fn doubt_of_amounts(&self) -> Option<String> {
        let read = match self.amounts.decide() {
            DecimalMark::Point => "read with a decimal point",
            DecimalMark::Comma => "read with a decimal comma",
        };
        doubt(self.amounts.is_contradictory(), self.amounts.is_ambiguous(), read)
    }
}

fn doubt(contradictory: bool, ambiguous: bool, read: &str) -> Option<String> {
    match (contradictory, ambiguous) {
        (true, _) => Some(format!("the cells of the column contradict each other: {read}")),
        (_, true) => Some(format!("the column can be read in two ways: {read}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_can_be_read_in_two_ways_are_decided_as_a_whole_and_reported() {
        for (dates, amounts, want, doubts) in [
            (["03/04/2027", "25/04/2027"], ["1.5", "2.25"], "2027-04-03", [false, false]),
            (["03/04/2027", "04/25/2027"], ["1,5", "2,25"], "2027-03-04", [false, false]),
            (["03/04/2027", "05/04/2027"], ["1.50", "2.25"], "2027-03-04", [true, false]),
            (["03/04/2027", "05/04/2027"], ["1,50", "2,25"], "2027-04-03", [true, false]),
            (["03/04/2027", "05/04/2027"], ["1.234", "2.500"], "2027-03-04", [true, true]),
            (["03.04.2027", "05.04.2027"], ["1", "2"], "2027-04-03", [false, false]),
        ] {
            let written = Written::of(dates.into_iter(), amounts.into_iter());
            let date = written.date(dates[0]).map(|date| date.to_string());
            assert_eq!(date.as_deref(), Some(want), "{dates:?}, {amounts:?}");
            let found = [written.doubt_of_dates().is_some(), written.doubt_of_amounts().is_some()];
            assert_eq!(found, doubts, "{dates:?}, {amounts:?}");
        }
    }
}
