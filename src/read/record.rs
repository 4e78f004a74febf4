//! Where the cells of one record stand among the bytes of a delimited file.
//!
//! Cells are found, not copied: a record is a list of places in the block that was read. Only a
//! cell with doubled quotes inside has to be rewritten, into a second piece of text.

use memchr::memchr3;

use super::limit;

/// A place that lies in the rewritten text, not in the block.
pub(super) const REWRITTEN: u32 = 1 << 31;

/// So many bytes of a cell are looked at one by one.
const NEAR: usize = 4;

/// What looking for one record came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scan {
    /// The record ends, and the next one starts at `next`, `line_ends` lines further down.
    Record {
        /// Where the next record starts.
        next: usize,
        /// How many line ends lie between.
        line_ends: u64,
    },
    /// The bytes end before the record does.
    Incomplete,
    /// The record cannot be right, for this reason.
    Broken(&'static str),
}

/// How cells are quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quoting {
    /// What opens and closes a cell.
    pub(super) quote: u8,
    /// Whether a backslash stands before a quote that is text.
    pub(super) escaped: bool,
}

impl Quoting {
    /// Double quotes, doubled where they are text.
    pub(super) const USUAL: Quoting = Quoting { quote: b'"', escaped: false };
}

/// Finds cells. The places of a record's cells are appended to `cells`; on any other outcome than
/// [`Scan::Record`] what was appended means nothing.
pub(super) struct Scanner {
    delimiter: u8,
    quoting: Quoting,
    ends_cell: [bool; 256],
    /// Places of cells: start and end, relative to the block; marked [`REWRITTEN`] where they are
    /// relative to `rewritten`.
    pub(super) cells: Vec<(u32, u32)>,
    /// The cells that could not stay where they are.
    pub(super) rewritten: Vec<u8>,
}

/// How a quoted cell ended.
enum Quoted {
    /// Its content ends at the first place, the delimiter or line end is at the second.
    Closed {
        content_end: usize,
        end: usize,
        doubled: bool,
        line_ends: u64,
    },
    Incomplete,
    Broken(&'static str),
}

impl Scanner {
    /// A scanner for a delimiter.
    pub(super) fn new(delimiter: u8) -> Scanner {
        let mut ends_cell = [false; 256];
        for byte in [delimiter, b'\n', b'\r'] {
            ends_cell[byte as usize] = true;
        }
        let (cells, rewritten) = (Vec::new(), Vec::new());
        Scanner { delimiter, quoting: Quoting::USUAL, ends_cell, cells, rewritten }
    }

    /// The same for cells that are quoted otherwise.
    pub(super) fn quoted(self, quoting: Quoting) -> Scanner {
        Scanner { quoting, ..self }
    }

    /// The bytes of the cell at a place.
    pub(super) fn bytes<'b>(&'b self, block: &'b [u8], (start, end): (u32, u32)) -> &'b [u8] {
        if start & REWRITTEN == 0 {
            &block[start as usize..end as usize]
        } else {
            &self.rewritten[(start ^ REWRITTEN) as usize..(end ^ REWRITTEN) as usize]
        }
    }

    /// Looks for the record that starts at `at`. `last` says that no byte follows the block.
    pub(super) fn scan(&mut self, block: &[u8], at: usize, last: bool) -> Scan {
        let first_cell = self.cells.len();
        let mut line_ends = 0;
        let mut start = at;
        loop {
            let open = self.opening_quote(block, start);
            let quoted = open.map(|open| (open, self.scan_quoted(block, open, last)));
            let end = match quoted {
                Some((open, Quoted::Closed { content_end, end, doubled, line_ends: inside })) => {
                    self.push_quoted(block, open + 1, content_end, doubled);
                    line_ends += inside;
                    end
                }
                Some((_, Quoted::Incomplete)) => return Scan::Incomplete,
                Some((open, Quoted::Broken(what))) if open == start => return Scan::Broken(what),
                // a quote behind a blank that opens no cell is text
                Some(_) | None => {
                    let Some(end) = self.end_of_plain(block, start, last) else {
                        return Scan::Incomplete;
                    };
                    self.cells.push((start as u32, end as u32));
                    end
                }
            };
            if block.get(end) == Some(&self.delimiter) {
                start = end + 1;
                if self.cells.len() - first_cell >= limit::COLUMNS {
                    return Scan::Broken(limit::COLUMNS_PASSED);
                }
                continue;
            }
            return match line_end(block, end, last) {
                Some(next) => Scan::Record { next, line_ends: line_ends + 1 },
                None => Scan::Incomplete,
            };
        }
    }

    /// Where a quote opens the cell that starts at a place; blanks may stand before it.
    #[inline]
    fn opening_quote(&self, block: &[u8], start: usize) -> Option<usize> {
        let is_quote = |at: &usize| block.get(*at) == Some(&self.quoting.quote);
        match block.get(start) {
            Some(b' ') => {
                let blanks = block[start..].iter().take_while(|byte| **byte == b' ').count();
                Some(start + blanks).filter(is_quote)
            }
            _ => Some(start).filter(is_quote),
        }
    }

    /// Where a cell without quotes ends.
    #[inline]
    fn end_of_plain(&self, block: &[u8], start: usize, last: bool) -> Option<usize> {
        // Most cells are short: the first bytes are looked at one by one.
        let rest = &block[start..];
        let near = &rest[..rest.len().min(NEAR)];
        if let Some(length) = near.iter().position(|&byte| self.ends_cell[byte as usize]) {
            return Some(start + length);
        }
        match memchr3(self.delimiter, b'\n', b'\r', &rest[near.len()..]) {
            Some(length) => Some(start + near.len() + length),
            None => last.then_some(block.len()),
        }
    }

    /// Looks for the end of the cell whose opening quote is at `open`.
    fn scan_quoted(&self, block: &[u8], open: usize, last: bool) -> Quoted {
        let mut from = open + 1;
        let mut doubled = false;
        let mut line_ends = 0;
        loop {
            let Some(found) = memchr3(self.quoting.quote, b'\n', b'\r', &block[from..]) else {
                return match (last, block.len() - open > limit::CELL) {
                    (true, _) => Quoted::Broken("a quote that is never closed"),
                    (false, true) => Quoted::Broken(limit::CELL_PASSED),
                    (false, false) => Quoted::Incomplete,
                };
            };
            let at = from + found;
            if block[at] != self.quoting.quote {
                if at - open > limit::CELL {
                    return Quoted::Broken("a lone quote that would swallow the lines below");
                }
                from = at + 1;
                line_ends += u64::from(block[at] == b'\n' || block.get(from) != Some(&b'\n'));
                continue;
            }
            if self.quoting.escaped && block[at - 1] == b'\\' && at > open + 1 {
                doubled = true;
                from = at + 1;
                continue;
            }
            match self.after_quote(block, at + 1, last) {
                AfterQuote::Doubled => {
                    doubled = true;
                    from = at + 2;
                }
                AfterQuote::Ends(end) => {
                    return Quoted::Closed { content_end: at, end, doubled, line_ends };
                }
                AfterQuote::Unknown => return Quoted::Incomplete,
                // `"Contoso "Best" Ltd"`: within one line, a quote that closes nothing is text.
                AfterQuote::Text if line_ends == 0 => from = at + 1,
                AfterQuote::Text => {
                    return Quoted::Broken("a lone quote that would swallow the lines below");
                }
            }
        }
    }

    /// What a quote inside a quoted cell is, by what follows it.
    fn after_quote(&self, block: &[u8], after: usize, last: bool) -> AfterQuote {
        if block.get(after) == Some(&self.quoting.quote) {
            return AfterQuote::Doubled;
        }
        let blanks = block[after..].iter().take_while(|&&byte| byte == b' ').count();
        match block.get(after + blanks) {
            Some(&byte) if self.ends_cell[byte as usize] => AfterQuote::Ends(after + blanks),
            Some(_) => AfterQuote::Text,
            None if last => AfterQuote::Ends(after + blanks),
            None => AfterQuote::Unknown,
        }
    }

    /// Notes a quoted cell, rewriting it where it holds doubled quotes.
    fn push_quoted(&mut self, block: &[u8], start: usize, end: usize, doubled: bool) {
        if !doubled {
            self.cells.push((start as u32, end as u32));
            return;
        }
        let content = &block[start..end];
        let Quoting { quote, escaped } = self.quoting;
        self.rewrite(|rewritten| {
            let mut from = 0;
            while let Some(found) = memchr::memchr(quote, &content[from..]) {
                let at = from + found;
                let is_escaped = escaped && at > 0 && content[at - 1] == b'\\';
                let before = if is_escaped { at - 1 } else { at };
                rewritten.extend_from_slice(&content[from..before]);
                rewritten.push(quote);
                let is_doubled = !is_escaped && content.get(at + 1) == Some(&quote);
                from = at + 1 + usize::from(is_doubled);
            }
            rewritten.extend_from_slice(&content[from..]);
        });
    }

    /// Notes a cell that `write` appends to the rewritten text.
    pub(super) fn rewrite(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let start = self.rewritten.len() as u32 | REWRITTEN;
        write(&mut self.rewritten);
        self.cells.push((start, self.rewritten.len() as u32 | REWRITTEN));
    }
}

/// What a quote inside a quoted cell is.
enum AfterQuote {
    Doubled,
    Ends(usize),
    Text,
    Unknown,
}

/// Where the next line starts after the line end at `at` (`\n`, `\r\n`, `\r`, or the end).
fn line_end(block: &[u8], at: usize, last: bool) -> Option<usize> {
    match (block.get(at), block.get(at + 1)) {
        (None, _) => Some(at),
        (Some(b'\r'), Some(b'\n')) => Some(at + 2),
        (Some(b'\r'), None) if !last => None,
        (Some(_), _) => Some(at + 1),
    }
}

/// Where the line after the one that holds `at` starts, quotes or not.
pub(super) fn next_line(block: &[u8], at: usize, last: bool) -> Option<usize> {
    match memchr::memchr2(b'\n', b'\r', &block[at..]) {
        Some(found) => line_end(block, at + found, last),
        None => last.then_some(block.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> (Vec<String>, Scan) {
        let mut scanner = Scanner::new(b',');
        let scan = scanner.scan(text.as_bytes(), 0, true);
        let cell = |&place: &(u32, u32)| {
            String::from_utf8_lossy(scanner.bytes(text.as_bytes(), place)).into_owned()
        };
        (scanner.cells.iter().map(cell).collect(), scan)
    }

    #[test]
    fn a_record_is_cut_into_its_cells() {
        for (text, want, lines) in [
            ("a,b,c", vec!["a", "b", "c"], 1),
            ("a,,\nx", vec!["a", "", ""], 1),
            ("\nx", vec![""], 1),
            ("a,b\r\nc", vec!["a", "b"], 1),
            ("a,b\rc", vec!["a", "b"], 1),
            ("\"a,b\",c\n", vec!["a,b", "c"], 1),
            ("\"a\nb\r\nc\rd\",e\n", vec!["a\nb\r\nc\rd", "e"], 4),
            ("\"say \"\"hi\"\"\",b\n", vec!["say \"hi\"", "b"], 1),
            ("\"Contoso \"Best\" Ltd\",b\n", vec!["Contoso \"Best\" Ltd", "b"], 1),
            ("5\" pipe,b\n", vec!["5\" pipe", "b"], 1),
            ("\"a\"  ,b\n", vec!["a", "b"], 1),
            ("\"\",\"\"\n", vec!["", ""], 1),
        ] {
            let (got, scan) = cells(text);
            assert_eq!(got, want, "text: {text:?}");
            let Scan::Record { line_ends, .. } = scan else { panic!("{text:?}: {scan:?}") };
            assert_eq!(line_ends, lines, "text: {text:?}");
        }
    }

    #[test]
    fn cells_may_be_quoted_in_other_ways() {
        let single = Quoting { quote: b'\'', escaped: false };
        let escaped = Quoting { quote: b'"', escaped: true };
        for (quoting, text, want) in [
            (Quoting::USUAL, "A1, \"Korb, Co\", x\n", vec!["A1", "Korb, Co", " x"]),
            (Quoting::USUAL, "A1, \"Korb\" Co,x\n", vec!["A1", " \"Korb\" Co", "x"]),
            (single, "'A1','Korb, Co','O''Neil'\n", vec!["A1", "Korb, Co", "O'Neil"]),
            (escaped, "A1,\"Korb \\\"Best\\\"\",x\n", vec!["A1", "Korb \"Best\"", "x"]),
            (escaped, "A1,\"say \"\"hi\"\"\",x\n", vec!["A1", "say \"hi\"", "x"]),
        ] {
            let mut scanner = Scanner::new(b',').quoted(quoting);
            let scan = scanner.scan(text.as_bytes(), 0, true);
            assert!(matches!(scan, Scan::Record { .. }), "{text:?}: {scan:?}");
            let cell = |&place: &(u32, u32)| {
                String::from_utf8_lossy(scanner.bytes(text.as_bytes(), place)).into_owned()
            };
            let cells: Vec<String> = scanner.cells.iter().map(cell).collect();
            assert_eq!(cells, want, "text: {text:?}");
        }
    }

    #[test]
    fn a_lone_quote_breaks_its_record_at_the_next_quote() {
        for text in ["a,\"b\nc,d\n", "a,\"b\nc,\"d\"\n", "\"", "a,\"b"] {
            assert!(matches!(cells(text).1, Scan::Broken(_)), "text: {text:?}");
        }
    }

    #[test]
    fn a_record_at_the_end_of_a_block_waits_for_more() {
        for text in ["a,b", "a,\"b", "a,\"b\"", "a,b\r", "\"a\"\"", ""] {
            let scan = Scanner::new(b',').scan(text.as_bytes(), 0, false);
            assert_eq!(scan, Scan::Incomplete, "text: {text:?}");
        }
    }
}
