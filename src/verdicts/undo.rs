//! What the last review sheet said, taken back.

use std::{path::Path, time::Duration};

use super::{
    Verdict,
    history::restoring,
    store::{append, read_lines},
};
use crate::error::Result;

/// The lines that one review sheet brought: those with the time of the last line.
#[derive(Debug, Default)]
pub(crate) struct LastSheet {
    /// When it was taken in, ISO.
    pub(crate) time: String,
    /// What it said.
    pub(crate) lines: Vec<Verdict>,
}

/// Takes back what the last review sheet said: lines are added that restore what held before it.
/// They have the time of now, so that to undo again restores the sheet.
///
/// # Errors
///
/// When the file of verdicts cannot be read or written.
pub(crate) fn undo(path: &Path, clock: &dyn Fn() -> String) -> Result<LastSheet> {
    let (lines, _) = read_lines(path)?;
    let time = lines.last().map_or_else(String::new, |line| line.time.clone());
    let (last, before): (Vec<Verdict>, Vec<Verdict>) =
        lines.into_iter().partition(|line| line.time == time);
    // Lines of one second are one sheet: those that are added now are another.
    let mut now = clock();
    while now == time {
        std::thread::sleep(Duration::from_millis(100));
        now = clock();
    }
    let pairs = last.iter().map(|line| (line.customer_id.as_str(), line.account_id.as_str()));
    let lines = restoring(&pairs.collect(), before, "").into_iter();
    let lines: Vec<Verdict> = lines.map(|line| Verdict { time: now.clone(), ..line }).collect();
    append(path, &lines)?;
    Ok(LastSheet { time, lines: last })
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Verdicts, Word},
        *,
    };

    fn line(customer: &str, account: &str, word: Word, time: &str) -> Verdict {
        Verdict {
            reviewer: "Kim".into(),
            time: time.into(),
            seen: "s".into(),
            ..Verdict::bare(customer, account, word)
        }
    }

    #[test]
    fn to_undo_restores_what_held_and_to_undo_again_the_sheet() {
        use Word::{Accept, None, Note, Reject};
        let noted = Verdict { note: "ask Petra".into(), ..line("4", "d", Note, "1") };
        let first = [line("1", "a", Accept, "1"), line("2", "b", Reject, "1"), noted];
        let second = [
            line("1", "", None, "2"),
            line("2", "b", Accept, "2"),
            line("3", "c", Accept, "2"),
            line("4", "d", Reject, "2"),
        ];
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("verdicts.csv");
        append(&path, &first).unwrap();
        append(&path, &second).unwrap();
        let state = || {
            let verdicts = Verdicts::from_lines(read_lines(&path).unwrap().0);
            ["1", "2", "3", "4"].map(|customer| {
                let of = verdicts.of(customer).unwrap();
                let note = of.note("d").to_owned();
                (of.accepted.len(), of.rejected.len(), of.none.is_some(), note)
            })
        };
        let after = state();
        let undone = undo(&path, &|| "3".into()).unwrap();
        assert_eq!((undone.time.as_str(), undone.lines.len()), ("2", 4));
        let blank = String::new;
        let want = [
            (1, 0, false, blank()),
            (0, 1, false, blank()),
            (0, 0, false, blank()),
            (0, 0, false, "ask Petra".to_owned()),
        ];
        assert_eq!(state(), want);
        undo(&path, &|| "4".into()).unwrap();
        assert_eq!(state(), after);
    }

    #[test]
    fn where_nothing_was_said_nothing_is_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("verdicts.csv");
        assert!(undo(&path, &|| "1".into()).unwrap().lines.is_empty());
        assert!(!path.exists());
    }
}
