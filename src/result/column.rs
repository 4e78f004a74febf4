//! What a column of an output file is called, holds and means.

use std::borrow::Cow;

/// A column of an output file.
#[derive(Debug)]
pub(crate) struct Column {
    /// Its header. `AREA` in it stands for a solution area; there is one such column for each.
    pub(crate) name: &'static str,
    /// What its cells hold.
    pub(crate) kind: Kind,
    /// What a cell says, in one sentence.
    #[cfg_attr(not(test), expect(dead_code, reason = "docs/outputs.md is made of it"))]
    pub(crate) meaning: &'static str,
    /// A cell as it may read.
    #[cfg_attr(not(test), expect(dead_code, reason = "docs/outputs.md is made of it"))]
    pub(crate) example: &'static str,
}

/// What the cells of a column hold. It decides how a workbook shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An id, as its system writes it.
    Id,
    /// Several ids.
    Ids,
    /// A mark that this program makes and reads again.
    Mark,
    /// The name of a company or of a campaign.
    Name,
    /// A first or last name.
    PersonName,
    /// Text of any form.
    Text,
    /// A file, as the user knows it.
    Path,
    /// Several values, joined.
    List,
    /// A few words, lower case.
    Phrase,
    /// A sentence.
    Sentence,
    /// An internet domain.
    Domain,
    /// An e-mail address.
    Email,
    /// One of some words.
    Word(&'static str),
    /// A cluster as Microsoft names it.
    Cluster,
    /// A cell of the matrix of fit and intent.
    MatrixCell,
    /// Whether a person may be reached in some way.
    Permission,
    /// How one field of the two sides compares.
    Level,
    /// The key by which a pair was found.
    Pass,
    /// What a person decided.
    Verdict,
    /// A whole number.
    Count,
    /// The place in an order, from 1.
    Rank,
    /// How likely a pair is one company.
    Similarity,
    /// An amount of money.
    Money,
    /// A number with at most two places.
    Decimal,
    /// A day.
    Day,
    /// A number or a word, as the report has it.
    Figure,
}

impl Kind {
    /// Whether the cells are words of this program, which workbooks say in the language of their
    /// reader.
    pub(crate) fn is_ours(self) -> bool {
        matches!(self, Kind::Phrase | Kind::Sentence | Kind::Word(_) | Kind::Permission)
    }

    /// The values of a cell, in words.
    #[cfg(test)]
    pub(crate) fn values(self) -> &'static str {
        match self {
            Kind::Id => "id, as its system writes it",
            Kind::Ids => "ids, joined with `; `",
            Kind::Mark => "mark, to be left as it is",
            Kind::Name | Kind::PersonName | Kind::Text | Kind::Path => "text",
            Kind::List => "values, joined with `; `",
            Kind::Phrase => "a few words",
            Kind::Sentence => "a sentence",
            Kind::Domain => "domain",
            Kind::Email => "e-mail address",
            Kind::Word(words) => words,
            Kind::Cluster => {
                "`Act Now`, `Evaluate`, `Nurture`, `Educate`, with ` (derived)` where worked out"
            }
            Kind::MatrixCell => "`A1` to `D4`: band of the fit, band of the intent, highest first",
            Kind::Permission => "`allowed`, `not denied`, `denied`, `unknown`",
            Kind::Level => {
                "`agrees`, `similar`, `differs`, `missing left`, `missing right`, `not usable`"
            }
            Kind::Pass => "`domain`, `name`, `id`; blank: only a verdict brought the pair together",
            Kind::Verdict => {
                "`accept`, `reject`, `none`; also as people say it in English, German, French, Spanish and Japanese"
            }
            Kind::Count => "whole number",
            Kind::Rank => "whole number, from 1",
            Kind::Similarity => "0.0000 to 1.0000",
            Kind::Money => "number, in the currency of the report",
            Kind::Decimal => "number, with at most two places",
            Kind::Day => "day, ISO",
            Kind::Figure => "number or word, as the report has it",
        }
    }
}

/// A file as a workbook, for people.
#[derive(Debug)]
pub(crate) struct Book {
    /// Its name in the result folder.
    pub(crate) name: &'static str,
    /// The key of the name of its first sheet in `texts.csv`.
    pub(crate) sheet: &'static str,
    /// The columns that people need, in their order.
    pub(crate) columns: &'static [&'static str],
    /// How many of them stay in sight.
    pub(crate) frozen: usize,
}

/// A file with a row per something, and its columns in order.
#[derive(Debug)]
pub(crate) struct File {
    /// Its name in the result folder.
    pub(crate) name: &'static str,
    /// The same rows for people.
    pub(crate) workbook: Option<Book>,
    /// What a row stands for.
    #[cfg_attr(not(test), expect(dead_code, reason = "docs/outputs.md is made of it"))]
    pub(crate) row: &'static str,
    /// The first columns.
    pub(crate) front: &'static [Column],
    /// Columns behind those, as many as the reports ask for.
    pub(crate) varying: &'static [Column],
    /// Columns behind those.
    pub(crate) behind: &'static [Column],
    /// The last columns, as many as the reports ask for.
    pub(crate) last: &'static [Column],
}

impl File {
    /// The columns that every such file has, in order.
    pub(crate) fn fixed(&self) -> impl Iterator<Item = &'static Column> {
        self.front.iter().chain(self.behind)
    }

    /// All columns and patterns of columns, in order.
    #[cfg(test)]
    pub(crate) fn columns(&self) -> impl Iterator<Item = &'static Column> {
        self.front.iter().chain(self.varying).chain(self.behind).chain(self.last)
    }

    /// The headings of the file, with those in the place of its patterns.
    pub(crate) fn headings<'h>(
        &self,
        varying: impl IntoIterator<Item = Heading<'h>>,
        last: impl IntoIterator<Item = Heading<'h>>,
    ) -> Vec<Heading<'h>> {
        let mut headings: Vec<_> = self.front.iter().map(Heading::from).collect();
        headings.extend(varying);
        headings.extend(self.behind.iter().map(Heading::from));
        headings.extend(last);
        headings
    }
}

/// A column of one file: its header, and what its cells hold.
#[derive(Debug, Clone)]
pub(crate) struct Heading<'h> {
    pub(crate) name: Cow<'h, str>,
    pub(crate) kind: Kind,
}

impl<'h> Heading<'h> {
    /// A column of a report, carried over as it stands. What it holds is guessed from its header.
    pub(crate) fn of_report(name: &'h str) -> Heading<'h> {
        let kind = match name {
            name if name.ends_with("_id") || name.ends_with("_ids") => Kind::Id,
            name if name.ends_with("_name") => Kind::Name,
            name if name.contains("domain") => Kind::Domain,
            _ => Kind::Text,
        };
        Heading { name: name.into(), kind }
    }

    /// One of the columns that a pattern stands for, for each area.
    pub(crate) fn of_areas<'a>(
        patterns: &'static [Column],
        areas: &'a [String],
    ) -> impl Iterator<Item = Heading<'h>> + use<'h, 'a> {
        patterns.iter().flat_map(move |pattern| {
            areas.iter().map(move |area| Heading {
                name: pattern.name.replace("AREA", area).into(),
                kind: pattern.kind,
            })
        })
    }
}

impl From<&'static Column> for Heading<'_> {
    fn from(column: &'static Column) -> Self {
        Heading { name: column.name.into(), kind: column.kind }
    }
}

/// A row with a field for each fixed column of a file, made from what stands for each column.
pub(crate) trait ByColumn<T>: Sized {
    /// The file.
    const FILE: &'static File;

    /// Makes the row, column by column, in order.
    fn by_column(make: impl FnMut(&'static Column) -> T) -> Self;
}

/// Declares a file: a module with its description and a `Row` with a field for each of its fixed
/// columns. Who writes a row without one of them, or reads one that is not there, does not compile.
macro_rules! file {
    (
        $(#[doc = $doc:literal])*
        $module:ident, $name:literal, $workbook:expr, $row:literal;
        $($front:ident: $front_kind:expr, $front_meaning:literal, $front_example:literal;)*
        $(@varying {
            $($varying:literal: $varying_kind:expr, $varying_meaning:literal, $varying_example:literal;)*
        })?
        $(@behind {
            $($behind:ident: $behind_kind:expr, $behind_meaning:literal, $behind_example:literal;)*
        })?
        $(@last {
            $($last:literal: $last_kind:expr, $last_meaning:literal, $last_example:literal;)*
        })?
    ) => {
        $(#[doc = $doc])*
        pub(crate) mod $module {
            #[allow(unused_imports, reason = "not every file has a column of some words")]
            use crate::result::column::{Book, ByColumn, Column, File, Kind::{self, *}};

            const fn column(
                name: &'static str,
                kind: Kind,
                meaning: &'static str,
                example: &'static str,
            ) -> Column {
                Column { name, kind, meaning, example }
            }

            /// The file and its columns.
            pub(crate) static FILE: File = File {
                name: $name,
                workbook: $workbook,
                row: $row,
                front: &[$(column(stringify!($front), $front_kind, $front_meaning, $front_example)),*],
                varying: &[$($(column($varying, $varying_kind, $varying_meaning, $varying_example)),*)?],
                behind: &[$($(column(stringify!($behind), $behind_kind, $behind_meaning, $behind_example)),*)?],
                last: &[$($(column($last, $last_kind, $last_meaning, $last_example)),*)?],
            };

            /// What stands in each fixed column of a row.
            #[derive(Debug, Clone)]
            pub(crate) struct Row<T> {
                $(pub(crate) $front: T,)*
                $($(pub(crate) $behind: T,)*)?
            }

            #[allow(dead_code, reason = "not every file is both written and read by this crate")]
            impl<T> Row<T> {
                /// Adds the cells to those of a row, in the order of the columns; `varying` stand
                /// between those in front and those behind.
                pub(crate) fn put(self, row: &mut Vec<T>, varying: impl IntoIterator<Item = T>) {
                    row.extend([$(self.$front),*]);
                    row.extend(varying);
                    $(row.extend([$(self.$behind),*]);)?
                }

                /// The same columns, with what each is made into.
                pub(crate) fn each<'r, U>(&'r self, mut make: impl FnMut(&'r T) -> U) -> Row<U> {
                    Row { $($front: make(&self.$front),)* $($($behind: make(&self.$behind),)*)? }
                }
            }

            impl<T> ByColumn<T> for Row<T> {
                const FILE: &'static File = &FILE;

                fn by_column(mut make: impl FnMut(&'static Column) -> T) -> Row<T> {
                    let mut columns = FILE.fixed();
                    let mut next = || make(columns.next().expect("a column for each field"));
                    Row { $($front: next(),)* $($($behind: next(),)*)? }
                }
            }
        }
    };
}

pub(crate) use file;
