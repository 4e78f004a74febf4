//! One campaign file: its rows, its name, its bytes.

use std::{borrow::Cow, fs, io::Write as _, path::Path};

use rustc_hash::FxHashSet;

use super::CampaignFile;
use crate::{
    config::Target,
    error::Result,
    read::windows::{FORBIDDEN, is_device},
    write::{
        publish::cannot_write,
        row::{as_text, looks_like_formula},
    },
};

/// What goes into a CSV file for a target: for machines, no value is changed.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    /// The headers, exactly as the target wants them.
    pub(crate) header: Vec<Cow<'static, str>>,
    /// As many cells each as the header has.
    pub(crate) rows: Vec<Vec<String>>,
    /// Rows that the target would refuse, by reason.
    pub(crate) left_out: Vec<(String, u64)>,
    /// What the user must see to before the file is sent.
    pub(crate) checks: Vec<String>,
    /// Whether the file begins with a byte-order mark.
    pub(crate) byte_order_mark: bool,
    /// The bytes up to which the target takes a file; 0: no limit is known.
    pub(crate) most_bytes: usize,
    /// The rows below which the target has no use for the file, and why.
    least: Option<(usize, &'static str)>,
}

impl Sheet {
    /// An empty sheet under a header.
    pub(crate) fn new(header: &[&'static str]) -> Sheet {
        Sheet { header: header.iter().map(|&name| name.into()).collect(), ..Sheet::default() }
    }

    /// Notes that a row is left out.
    pub(crate) fn leave_out(&mut self, reason: &str) {
        match self.left_out.iter_mut().find(|(known, _)| known == reason) {
            Some((_, rows)) => *rows += 1,
            None => self.left_out.push((reason.to_owned(), 1)),
        }
    }

    /// Notes the rows that a column of theirs makes doubtful.
    pub(crate) fn check_rows(&mut self, rows: usize, what: &str) {
        if rows > 0 {
            self.checks.push(format!("{rows} of {} rows {what}", self.rows.len()));
        }
    }

    /// Notes when there are more rows than the target takes.
    pub(crate) fn check_count(&mut self, most: usize, target: &str) {
        let rows = self.rows.len();
        if rows > most {
            self.checks.push(format!("{rows} rows; {target} takes no more than {most}"));
        }
    }

    /// Says below how many rows the target has no use for the file.
    pub(crate) fn needs(&mut self, least: usize, why: &'static str) {
        self.least = Some((least, why));
    }

    /// Why the file is not written; `None` for one that is of use.
    pub(crate) fn idle(&self) -> Option<String> {
        let rows = self.rows.len();
        let left = self.left_out.iter();
        let left: String =
            left.map(|(reason, rows)| format!(" ({rows} left out: {reason})")).collect();
        match self.least {
            _ if rows == 0 => Some(format!("nobody is in it{left}")),
            Some((least, why)) if rows < least => {
                let counted = if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") };
                Some(format!("{counted}; {why}{left}"))
            }
            _ => None,
        }
    }

    /// Writes the file under another name first, so that no half of it is ever sent.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub(crate) fn write(
        mut self,
        folder: &Path,
        target: Target,
        campaign: &str,
        (name, safe): (&str, bool),
    ) -> Result<CampaignFile> {
        let path = folder.join(name);
        let failed = |error: csv::Error| cannot_write(&path)(error.into());
        let mut bytes = if self.byte_order_mark { b"\xef\xbb\xbf".to_vec() } else { Vec::new() };
        let mut writer = csv::WriterBuilder::new().from_writer(&mut bytes);
        let (mut formula_like_cells, mut first_formula_line, mut line) = (0, 0, 2);
        writer.write_record(self.header.iter().map(|name| name.as_bytes())).map_err(failed)?;
        for row in &self.rows {
            let formulas = row.iter().filter(|cell| looks_like_formula(cell)).count() as u64;
            if formulas > 0 && first_formula_line == 0 {
                first_formula_line = line;
            }
            formula_like_cells += formulas;
            line += 1 + row.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
            let cells = row.iter().map(|cell| match safe && looks_like_formula(cell) {
                true => Cow::Owned(as_text(cell)),
                false => Cow::Borrowed(cell.as_str()),
            });
            writer.write_record(cells.map(|cell| cell.into_owned())).map_err(failed)?;
        }
        writer.flush().map_err(cannot_write(&path))?;
        drop(writer);
        if self.most_bytes > 0 && bytes.len() > self.most_bytes {
            let (bytes, most) = (bytes.len(), self.most_bytes);
            self.checks.push(format!("{bytes} bytes; the target takes no more than {most}"));
        }
        let part = folder.join(format!("{name}.part"));
        let mut file = fs::File::create(&part).map_err(cannot_write(&path))?;
        file.write_all(&bytes).and_then(|()| file.sync_data()).map_err(cannot_write(&path))?;
        drop(file);
        fs::rename(&part, &path).map_err(cannot_write(&path))?;
        Ok(CampaignFile {
            file: format!("{}/{name}", target.word()),
            target: target.word().into(),
            campaign: campaign.into(),
            rows: self.rows.len() as u64,
            left_out: self.left_out,
            checks: self.checks,
            formula_like_cells,
            first_formula_line,
            fingerprint: super::manifest::sha256(&bytes),
        })
    }
}

/// The name of the file that says how the others are imported.
pub(crate) const GUIDE: &str = "how-to-import.md";

/// Writes how the files of a target are imported.
///
/// # Errors
///
/// When it cannot be written.
pub(super) fn write_guide(folder: &Path, target: Target) -> Result<CampaignFile> {
    let (path, text) = (folder.join(GUIDE), super::system::guide(target));
    fs::write(&path, text).map_err(cannot_write(&path))?;
    Ok(CampaignFile {
        file: format!("{}/{GUIDE}", target.word()),
        target: target.word().into(),
        fingerprint: super::manifest::sha256(text.as_bytes()),
        ..CampaignFile::default()
    })
}

/// The names given so far in a folder, in small letters: Windows ignores case.
#[derive(Debug, Default)]
pub(crate) struct Named(FxHashSet<String>);

impl Named {
    /// A name for a CSV file that every system takes and that was not given yet.
    pub(crate) fn csv(&mut self, title: &str) -> String {
        self.unique(&safe(title, 120), 120, ".csv")
    }

    /// A name for a sheet of a workbook.
    pub(crate) fn sheet(&mut self, title: &str) -> String {
        let plain: String = title
            .chars()
            .map(|c| {
                if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\') || c.is_control() {
                    '-'
                } else {
                    c
                }
            })
            .collect();
        let plain = plain.trim_matches('\'');
        self.unique(plain, 31, "")
    }

    fn unique(&mut self, title: &str, most: usize, ending: &str) -> String {
        for number in 1.. {
            let number = if number == 1 { String::new() } else { format!(" ({number})") };
            let name = format!("{}{number}{ending}", cut(title, most - number.len()).trim_end());
            if self.0.insert(name.to_lowercase()) {
                return name;
            }
        }
        unreachable!("numbers do not end")
    }
}

/// A text cut to so many UTF-16 units, as Excel and Windows count.
fn cut(text: &str, most: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > most
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// A text as the name of a file that Windows takes too.
fn safe(title: &str, most: usize) -> String {
    let plain: String = title
        .chars()
        .map(|c| if FORBIDDEN.contains(&c) || c.is_control() { '-' } else { c })
        .collect();
    let plain = cut(plain.trim(), most).trim_end_matches(['.', ' ']).to_owned();
    if plain.is_empty() || is_device(&plain) { format!("_{plain}") } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_safe_for_windows_and_unique() {
        let mut named = Named::default();
        for (title, want) in [
            ("Azure - A/B: C? - Act Now", "Azure - A-B- C- - Act Now.csv"),
            ("azure - a-b- c- - act now", "azure - a-b- c- - act now (2).csv"),
            (
                "D365 - AX Customer, No BC/Finance - Evaluate",
                "D365 - AX Customer, No BC-Finance - Evaluate.csv",
            ),
            ("M365 - 移行. ", "M365 - 移行.csv"),
            ("con", "_con.csv"),
            ("LPT1.x", "_LPT1.x.csv"),
            ("tab\tand \"quote\"", "tab-and -quote-.csv"),
        ] {
            assert_eq!(named.csv(title), want, "title: {title:?}");
        }
        assert_eq!(named.csv(&"x".repeat(400)).len(), 124);
    }

    #[test]
    fn sheet_names_fit_into_excel() {
        let mut named = Named::default();
        let title = "Azure - Migrate and Modernize VMware to Azure - Act Now";
        let (first, second) = (named.sheet(title), named.sheet(title));
        assert_ne!(first, second);
        assert!(first.chars().count() <= 31 && second.chars().count() <= 31, "{first} {second}");
        assert_eq!(named.sheet("a[b]:c*d?e/f\\g"), "a-b--c-d-e-f-g");
    }
}
