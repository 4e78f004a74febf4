//! The file of verdicts: read whole, appended to, never rewritten.

use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Write as _},
    path::Path,
};

use super::{
    Verdict, VerdictWords, Verdicts, Word,
    journal::{Journal, PostingRange, Row, header_line},
};
use crate::{
    error::{Error, Result, slashed},
    problem::Problem,
    result::{column::ByColumn as _, file::verdicts::Row as Cells},
    text::id::is_rounded,
};

impl Verdicts {
    /// Reads `verdicts.csv`. A file that does not exist holds no verdict; a line that cannot be
    /// understood is a problem, the other lines hold.
    ///
    /// # Errors
    ///
    /// Fails when the file exists and cannot be read, or is no file of verdicts.
    pub(crate) fn load(path: &Path) -> Result<(Verdicts, Vec<Problem>)> {
        let (lines, problems) = read_lines(path)?;
        Ok((Verdicts::from_lines(lines), problems))
    }
}

/// The lines of `verdicts.csv` in file order.
///
/// # Errors
///
/// As [`Verdicts::load`].
pub(crate) fn all(path: &Path) -> Result<Vec<Verdict>> {
    read_lines(path).map(|(lines, _)| lines)
}

/// Verdicts as CSV, with its header.
///
/// # Errors
///
/// When a line cannot be made.
pub(crate) fn as_csv(verdicts: &[Verdict]) -> Result<String> {
    let lines = lines(verdicts).map_err(Error::io("verdicts.csv"))?;
    Ok(format!("{}{lines}", header_line()))
}

/// The lines of `verdicts.csv` in file order, and the lines that were not understood.
pub(super) fn read_lines(path: &Path) -> Result<(Vec<Verdict>, Vec<Problem>)> {
    let (mut lines, mut problems) = (Vec::new(), Vec::new());
    let words = VerdictWords::load(None)?;
    let Some(journal) = open(path)? else { return Ok((lines, problems)) };
    for row in
        journal.stretches().ok_or_else(|| no_verdicts(path))?.iter().flat_map(PostingRange::rows)
    {
        let Row { line, cells, damage, lone_quote } = row;
        if lone_quote {
            let what = "a quotation mark without a partner: read as text";
            problems.push(Problem { record_lost: false, ..problem(path, line, ("", what)) });
        }
        if let Some(what) = damage {
            problems.push(problem(path, line, ("", &what)));
            continue;
        }
        match understand(&cells, &words) {
            Ok(verdict) => lines.push(verdict),
            Err(what) => problems.push(problem(path, line, what)),
        }
    }
    Ok((lines, problems))
}

/// The file as text; `None` where there is none, or nothing in it.
fn open(path: &Path) -> Result<Option<Journal>> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io(path)(error)),
        Ok(bytes) if bytes.is_empty() => return Ok(None),
        Ok(bytes) => bytes,
    };
    let journal = Journal::of(&bytes).ok_or_else(|| Error::Unusable {
        file: slashed(path),
        found: "not a text file; verdicts are kept as CSV".into(),
        todo: "save it as CSV, or give another file with `--verdicts`".into(),
    })?;
    Ok(Some(journal))
}

fn no_verdicts(path: &Path) -> Error {
    Error::Unusable {
        file: slashed(path),
        found: "not a file of verdicts: customer_id, account_id or verdict is missing".into(),
        todo: "give another file with `--verdicts`, or restore its header".into(),
    }
}

/// A verdict from the cells of a row; else the column at fault, and what is wrong with it.
pub(super) fn understand<T: AsRef<str>>(
    cells: &Cells<T>,
    words: &VerdictWords,
) -> std::result::Result<Verdict, (&'static str, &'static str)> {
    let names = Cells::by_column(|column| column.name);
    let cells = cells.each(AsRef::as_ref);
    let word = (words.meant(cells.verdict))
        .ok_or((names.verdict, "not understood; write accept, reject or none"))?;
    if cells.customer_id.is_empty() {
        return Err((names.customer_id, EMPTY));
    }
    if is_rounded(cells.customer_id) {
        return Err((names.customer_id, DAMAGED));
    }
    if matches!(word, Word::Accept | Word::Reject) && cells.account_id.is_empty() {
        return Err((names.account_id, EMPTY));
    }
    if word != Word::None && is_rounded(cells.account_id) {
        return Err((names.account_id, DAMAGED));
    }
    let account = if word == Word::None { "" } else { cells.account_id };
    Ok(Verdict {
        customer_id: cells.customer_id.into(),
        account_id: account.into(),
        word,
        reviewer: cells.reviewer.into(),
        time: cells.time.into(),
        seen: cells.seen.into(),
        note: cells.note.into(),
    })
}

const EMPTY: &str = "empty; the verdict cannot be used";
const DAMAGED: &str = "digits lost to an exponent; restore the id and try again";

/// A problem of one row of a file of verdicts.
pub(super) fn problem(path: &Path, line: u64, (column, what): (&str, &str)) -> Problem {
    Problem {
        file: slashed(path),
        line,
        column: column.into(),
        what: what.into(),
        record_lost: true,
        detail: None,
    }
}

/// Adds lines to `verdicts.csv` and makes sure that they are on the disk before it returns.
pub(super) fn append(path: &Path, verdicts: &[Verdict]) -> Result<u64> {
    if verdicts.is_empty() {
        return Ok(0);
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(Error::io(folder))?;
    }
    let journal = open(path)?;
    let is_new = journal.is_none();
    let lines = lines(verdicts).map_err(Error::io(path))?;
    let text = match journal {
        Some(journal) => journal.continued(&lines),
        None => format!("{}{lines}", header_line()).into_bytes(),
    };
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600); // of a new file
    let mut file = options.append(true).create(true).open(path).map_err(Error::io(path))?;
    file.write_all(&text).and_then(|()| file.sync_all()).map_err(Error::io(path))?;
    if is_new && !cfg!(windows) {
        // the name of a new file is on the disk only with its folder
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::io(folder))?;
    }
    Ok(text.len() as u64)
}

/// Verdicts as lines of `verdicts.csv`.
fn lines(verdicts: &[Verdict]) -> std::io::Result<String> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    let mut line: Vec<&str> = Vec::new();
    for verdict in verdicts {
        let cells = Cells {
            customer_id: &*verdict.customer_id,
            account_id: &verdict.account_id,
            verdict: verdict.word.word(),
            reviewer: &verdict.reviewer,
            time: &verdict.time,
            seen: &verdict.seen,
            note: &verdict.note,
        };
        cells.put(&mut line, []);
        writer.write_record(line.drain(..))?;
    }
    let text = writer.into_inner().map_err(|error| error.into_error())?;
    String::from_utf8(text).map_err(std::io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(customer: &str, account: &str, word: Word) -> Verdict {
        let cells = Cells {
            customer_id: customer,
            account_id: account,
            verdict: word.word(),
            reviewer: "",
            time: "2026-11-21T10:00:00Z",
            seen: "c1-a1",
            note: "ok; \"x\"",
        };
        understand(&cells, &VerdictWords::load(None).unwrap()).unwrap()
    }

    #[test]
    fn what_was_appended_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("team/verdicts.csv");
        let first = verdict("1", "a", Word::Accept);
        let second = verdict("2", "", Word::None);

        append(&path, std::slice::from_ref(&first)).unwrap();
        append(&path, std::slice::from_ref(&second)).unwrap();

        let (lines, problems) = read_lines(&path).unwrap();
        assert_eq!(lines, [first, second]);
        assert!(problems.is_empty(), "{problems:?}");
    }

    #[test]
    fn concatenated_files_are_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("verdicts.csv");
        let header = "customer_id,account_id,verdict,reviewer,time,seen,note\n";
        fs::write(&path, format!("{header}1,a,accept,,,,\n{header}1,a,reject,Kim,,,")).unwrap();
        append(&path, &[verdict("2", "b", Word::Accept)]).unwrap();

        let (verdicts, problems) = Verdicts::load(&path).unwrap();
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(&*verdicts.of("1").unwrap().rejected[0].reviewer, "Kim");
        assert_eq!(verdicts.of("2").unwrap().accepted.len(), 1);
    }

    #[test]
    fn lines_that_cannot_be_used_are_problems() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("verdicts.csv");
        fs::write(
            &path,
            "customer_id;account_id;verdict\n2.8E+11;a;accept\n1;;accept\n1;a;perhaps\n1;a;accept\n\
             2,8E11;a;accept\n",
        )
        .unwrap();

        let (verdicts, problems) = Verdicts::load(&path).unwrap();
        let places: Vec<_> = problems.iter().map(|p| (p.line, p.column.as_str())).collect();
        let want = [(2, "customer_id"), (3, "account_id"), (4, "verdict"), (6, "customer_id")];
        assert_eq!(places, want);
        assert_eq!(verdicts.len(), 1);
    }

    #[test]
    fn a_file_without_lines_holds_no_verdict() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("verdicts.csv");
        for text in ["", "customer_id,account_id,verdict,reviewer,time,seen,note\n"] {
            fs::write(&path, text).unwrap();
            let (verdicts, problems) = Verdicts::load(&path).unwrap();
            assert!(verdicts.is_empty() && problems.is_empty(), "{text:?}");
        }
        fs::write(&path, "name,city\nContoso,Bonn\n").unwrap();
        assert!(Verdicts::load(&path).is_err(), "something else");
    }

    #[test]
    fn a_missing_file_holds_no_verdict() {
        let (verdicts, problems) = Verdicts::load(Path::new("/nowhere/verdicts.csv")).unwrap();
        assert!(verdicts.is_empty() && problems.is_empty());
    }
}
