//! Workbooks to rows: the sheet that holds a table, its header and what lies below it.

use std::{
    borrow::Cow,
    cell::Cell,
    ops::ControlFlow,
    panic,
    sync::{Arc, Once},
};

use super::{
    Input, ReadOptions, Table, TableInfo,
    batch::Batch,
    book::{self, Book},
    content::Content,
    dialect::{self, HeadRecord},
    dynamics::{HIDDEN_SHEET, HiddenSheet},
    gate::{Fate, Gate, Shape},
    limit,
};
use crate::{
    error::{Error, Result},
    problem::Problem,
};

/// How many rows of a sheet decide where its header is.
const HEAD_ROWS: usize = 100;

/// A sheet that holds a table.
struct Found {
    sheet: String,
    header: Vec<String>,
    header_line: u64,
    title_lines: u64,
    title_addresses: bool,
}

/// A sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sheet {
    /// Its name.
    pub(crate) name: String,
    /// What it holds.
    pub(crate) holds: Holds,
}

/// What a sheet holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// No filled cell.
    Nothing,
    /// Text, but no header.
    Text,
    /// A header, with or without rows below it.
    Table,
}

/// The sheets of a workbook, those that can be seen first.
pub(super) fn sheets(input: &Input, content: Content) -> Result<Vec<Sheet>> {
    let listed = quietly(|| {
        let mut book = Book::open(input, content)?;
        let mut sheets = Vec::new();
        for name in names(&book) {
            let head = head(&mut book, input, &name)?;
            let holds = match table_of(&name, &head) {
                Some(_) => Holds::Table,
                None if head.is_empty() => Holds::Nothing,
                None => Holds::Text,
            };
            sheets.push(Sheet { name, holds });
        }
        Ok(sheets)
    });
    listed.unwrap_or_else(|| Err(book::damaged(input, &"its structure makes no sense")))
}

/// Opens a workbook as a table; the rows of its sheet are held in memory.
pub(super) fn open(input: &Input, options: &ReadOptions, content: Content) -> Result<Table> {
    // The readers of workbooks panic on some damaged files; that must not end the run.
    let opened = quietly(|| {
        let mut book = Book::open(input, content)?;
        let found = find(&mut book, input, options)?;
        let hidden = hidden_sheet(&mut book, input)?;
        let batches = rows(&mut book, input, &found, options.every_row)?;
        Ok(Table::new(
            info(&book, input, &found, hidden.as_ref()),
            Box::new(batches.into_iter().map(Ok)),
        ))
    });
    opened.unwrap_or_else(|| Err(book::damaged(input, &"its structure makes no sense")))
}

thread_local! {
    /// Whether a panic of this thread is caught and becomes an error.
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`; none where it panics. Such a panic prints nothing: the user gets an error instead.
pub(super) fn quietly<T>(work: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !CAUGHT.get() {
                others(panic);
            }
        }));
    });
    let before = CAUGHT.replace(true);
    let done = panic::catch_unwind(panic::AssertUnwindSafe(work));
    CAUGHT.set(before);
    done.ok()
}

fn info(book: &Book, input: &Input, found: &Found, hidden: Option<&HiddenSheet>) -> TableInfo {
    let mut notes = Vec::new();
    if found.title_lines > 0 {
        notes.push(format!("lines above the header, skipped: {}", found.title_lines));
    }
    // a sheet that the user has added is none of those that the hidden one describes
    let named = hidden.map(|hidden| (hidden, hidden.logical_names(&found.header)));
    let named = named.filter(|(_, names)| names.iter().any(Option::is_some));
    TableInfo {
        file: input.display(),
        logical_object: named.as_ref().map(|(hidden, _)| hidden.object.clone()),
        logical_names: named.map(|(_, names)| names).unwrap_or_default(),
        other_sheets: names(book).filter(|name| *name != found.sheet).collect(),
        header: found.header.clone(),
        encoding: "workbook".into(),
        encoding_reason: "workbooks state it".into(),
        dialect: format!("workbook, sheet {}", found.sheet),
        title_lines: found.title_lines,
        title_addresses: found.title_addresses,
        notes,
        ..TableInfo::default()
    }
}

/// Finds the sheet to read: the one that was named, else the first with a header and rows, else
/// the first with a header.
fn find(book: &mut Book, input: &Input, options: &ReadOptions) -> Result<Found> {
    let sheets: Vec<String> = book.sheets().into_iter().map(|sheet| sheet.name).collect();
    if let Some(wanted) = input.sheet.as_ref().or(options.sheet.as_ref()) {
        let same = |name: &&String| name.to_lowercase() == wanted.trim().to_lowercase();
        let Some(name) = sheets.iter().find(same) else {
            let found = format!("no sheet is called {wanted}; sheets: {}", sheets.join(", "));
            return Err(input.unusable(found, "choose one of its sheets with --sheet"));
        };
        return match table_in(book, input, name)? {
            Some((found, _)) => Ok(found),
            None => Err(input.unusable(
                format!("the sheet {name} holds no table"),
                "choose another sheet with --sheet",
            )),
        };
    }
    let mut without_rows = None;
    for name in sheets.iter().filter(|name| !is_hidden_sheet(name)) {
        match table_in(book, input, name)? {
            Some((found, true)) => return Ok(found),
            Some((found, false)) => without_rows = without_rows.or(Some(found)),
            None => {}
        }
    }
    without_rows.ok_or_else(|| {
        let found = format!("no sheet holds a table; sheets: {}", sheets.join(", "));
        input.unusable(found, "give a workbook with a header row and rows below it")
    })
}

/// The names of all sheets but the one that Dynamics hides.
fn names(book: &Book) -> impl Iterator<Item = String> + use<> {
    book.sheets().into_iter().map(|sheet| sheet.name).filter(|name| !is_hidden_sheet(name))
}

/// Looks for a table in a sheet; says also whether rows follow the header.
fn table_in(book: &mut Book, input: &Input, sheet: &str) -> Result<Option<(Found, bool)>> {
    Ok(table_of(sheet, &head(book, input, sheet)?))
}

/// The first rows of a sheet.
fn head(book: &mut Book, input: &Input, sheet: &str) -> Result<Vec<HeadRecord>> {
    let mut head: Vec<HeadRecord> = Vec::new();
    book.each_row(input, sheet, &mut |line, cells| {
        if let Some(above) = head.last_mut() {
            above.blank_below = above.next.1 < line;
        }
        let cells = cells.iter().map(|cell| cell.trim().to_owned()).collect();
        head.push(HeadRecord { cells, next: (0, line + 1), blank_below: false });
        if head.len() < HEAD_ROWS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(head)
}

/// The table that begins in the first rows of a sheet, and whether rows follow the header.
fn table_of(sheet: &str, head: &[HeadRecord]) -> Option<(Found, bool)> {
    let layout = dialect::layout(head)?;
    let HeadRecord { cells, next, .. } = &head[layout.header];
    let named = |cell: &&String| cell.chars().any(char::is_alphabetic);
    let names = cells.iter().filter(named).count();
    if names * 2 < cells.iter().filter(|cell| !cell.is_empty()).count() || names == 0 {
        return None;
    }
    let mut header = cells.clone();
    header.resize(untitled_reach(&head[layout.header + 1..], header.len()), String::new());
    let found = Found {
        sheet: sheet.to_owned(),
        header,
        header_line: next.1 - 1,
        title_lines: layout.header as u64,
        title_addresses: head[..layout.header]
            .iter()
            .any(|row| row.cells.iter().any(|cell| cell.contains('@'))),
    };
    Some((found, head.len() > layout.header + 1))
}

/// How far a table reaches with the columns that have no title: cells beyond the last title in
/// most of the rows are a column of it, in a few they are damage or remarks.
fn untitled_reach(rows: &[HeadRecord], titled: usize) -> usize {
    let beyond = || rows.iter().map(|row| row.cells.len()).filter(|cells| *cells > titled);
    match beyond().count() * 2 > rows.len() {
        true => beyond().max().unwrap_or(titled),
        false => titled,
    }
}

fn is_hidden_sheet(name: &str) -> bool {
    name.eq_ignore_ascii_case(HIDDEN_SHEET)
}

/// What the hidden sheet of a Dynamics workbook says.
fn hidden_sheet(book: &mut Book, input: &Input) -> Result<Option<HiddenSheet>> {
    let Some(sheet) = book.sheets().into_iter().find(|sheet| is_hidden_sheet(&sheet.name)) else {
        return Ok(None);
    };
    let mut hidden = None;
    book.each_row(input, &sheet.name, &mut |_, cells| {
        hidden = cells.first().and_then(|cell| HiddenSheet::parse(cell));
        ControlFlow::Break(())
    })?;
    Ok(hidden)
}

/// The rows below a header.
fn rows(book: &mut Book, input: &Input, found: &Found, every_row: bool) -> Result<Vec<Batch>> {
    let mut loader = Loader::new(input, found, every_row);
    book.each_row(input, &found.sheet, &mut |line, cells| {
        if line > found.header_line {
            loader.take(line, cells);
        }
        if loader.is_full() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    if loader.is_full() {
        return Err(Error::Limit {
            file: input.display(),
            what: format!("the sheet {}", found.sheet),
            limit: format!("{} cells or {} MiB", limit::SHEET_CELLS, limit::SHEET_TEXT >> 20),
        });
    }
    Ok(loader.finish())
}

/// Puts the rows of a sheet into batches.
struct Loader {
    file: Arc<str>,
    width: usize,
    gate: Gate,
    batches: Vec<Batch>,
    batch: Batch,
    line_above: u64,
    cells: usize,
    text: usize,
    /// First row with cells beyond the header, and how many there are.
    beyond: Option<(u64, u64)>,
}

impl Loader {
    fn new(input: &Input, found: &Found, every_row: bool) -> Loader {
        let file: Arc<str> = input.display().into();
        Loader {
            width: found.header.len(),
            gate: Gate::new(file.clone(), &found.header).with_every_row(every_row),
            batches: Vec::new(),
            batch: Batch::new(file.clone()),
            file,
            line_above: found.header_line,
            cells: 0,
            text: 0,
            beyond: None,
        }
    }

    fn is_full(&self) -> bool {
        self.cells > limit::SHEET_CELLS || self.text > limit::SHEET_TEXT
    }

    /// Takes a row. A cell right beyond the last header was pushed out by a cell too many, as in a
    /// damaged file that was opened and saved again; one further out is a remark next to the table.
    fn take(&mut self, line: u64, cells: &[String]) {
        let blank = |cell: &String| cell.trim().is_empty();
        if line > self.line_above + 1 {
            let nothing = Shape { count: self.width, filled: 0, alone: false, tall: false };
            self.gate.judge(&mut self.batch, line - 1, nothing, b"");
        }
        self.line_above = line;
        let (under, beyond) = cells.split_at(cells.len().min(self.width));
        let pushed_out = beyond.first().is_some_and(|cell| !blank(cell));
        if !pushed_out && !beyond.iter().all(blank) {
            let (_, rows) = self.beyond.get_or_insert((line, 0));
            *rows += 1;
        }
        let reach = if pushed_out { cells } else { under };
        let filled = reach.iter().rposition(|cell| !blank(cell)).map_or(0, |at| at + 1);
        let first = reach.iter().position(|cell| !blank(cell)).unwrap_or(0);
        let alone = first + 1 == filled;
        let shape = Shape { count: self.width.max(filled), filled, alone, tall: false };
        let first = match self.gate.every_row() {
            true => Cow::Owned(reach.join(" ")),
            false => Cow::Borrowed(reach.get(first).map_or("", String::as_str)),
        };
        let known = self.batch.problems.len();
        if self.gate.judge(&mut self.batch, line, shape, first.as_bytes()) == Fate::Row {
            let missing = self.width - under.len();
            let padding = std::iter::repeat_n("", missing);
            let more = if self.gate.every_row() { beyond } else { &[] };
            let cells = under.iter().map(String::as_str).chain(padding);
            self.batch.push(line, cells.chain(more.iter().map(String::as_str)));
        } else if self.batch.problems.len() > known {
            self.batch.keep_lost(line, reach.join(" ").as_bytes());
        }
        self.cells += self.width;
        self.text += under.iter().map(String::len).sum::<usize>();
        if self.batch.len() >= limit::BATCH_ROWS && !self.gate.undecided() {
            self.gate.settle();
            let fresh = Batch::new(self.file.clone());
            self.batches.push(std::mem::replace(&mut self.batch, fresh));
        }
    }

    fn finish(mut self) -> Vec<Batch> {
        self.gate.finish(&mut self.batch);
        if let Some((line, rows)) = self.beyond {
            let what = format!("cells beyond the last header passed over; rows with such: {rows}");
            let (file, column) = (self.file.to_string(), String::new());
            let problem = Problem { file, line, column, what, record_lost: false, detail: None };
            self.batch.problems.push(problem);
        }
        self.batches.push(self.batch);
        self.batches
    }
}
