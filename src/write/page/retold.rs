//! The summary page in the language of the run: it is written in English, and its phrases are looked up
//! in the table of texts. What says `translate="no"`, and what the table does not know (names, numbers,
//! notes), stays as it is.

use maud::{Markup, PreEscaped, Render as _};

use crate::language::{Language, Texts};

/// A page with its phrases in another language.
pub(crate) fn retold(page: Markup, texts: &Texts) -> Markup {
    if texts.language() == Language::En {
        return page;
    }
    let mut told = String::with_capacity(page.0.len());
    let mut kept = Kept::default();
    let mut rest = page.0.as_str();
    while let Some(begin) = rest.find('<') {
        push_text(&mut told, &rest[..begin], texts, &kept);
        let end = rest[begin..].find('>').map_or(rest.len(), |end| begin + end + 1);
        let tag = &rest[begin..end];
        kept.see(tag);
        told.push_str(tag);
        rest = &rest[end..];
    }
    push_text(&mut told, rest, texts, &kept);
    PreEscaped(told)
}

/// The element within which nothing is translated: its name, and how often it is open.
#[derive(Default)]
struct Kept {
    name: String,
    depth: usize,
}

impl Kept {
    fn see(&mut self, tag: &str) {
        let inner = tag.trim_start_matches(['<', '/']);
        let name = inner.split([' ', '>', '/']).next().unwrap_or("");
        match (self.depth, tag.starts_with("</")) {
            (0, false) if tag.contains("translate=\"no\"") => {
                *self = Kept { name: name.to_owned(), depth: 1 };
            }
            (1.., closes) if name == self.name => {
                self.depth = if closes { self.depth - 1 } else { self.depth + 1 };
            }
            _ => {}
        }
    }
}

/// Adds a text between two tags; the blanks around it stay.
fn push_text(told: &mut String, text: &str, texts: &Texts, kept: &Kept) {
    let whole = text.trim();
    let bare = whole.trim_end_matches(['.', ',', ';', ':']);
    let in_table = |of| Some((of, texts.phrase("summary", of)?.to_owned()));
    let known = || [whole, bare].into_iter().find_map(in_table);
    let plain = || html_escape::decode_html_entities(whole);
    let said = || Some((whole, texts.sentence(&plain())?));
    match (kept.depth == 0).then(|| known().or_else(said)).flatten() {
        Some((phrase, other)) => {
            let (before, after) = text.split_once(phrase).unwrap_or(("", ""));
            told.push_str(before);
            told.push_str(&other.render().into_string());
            told.push_str(after);
        }
        None => told.push_str(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_looked_up_and_data_stays() {
        let texts = Texts::load(None, Language::De).unwrap();
        for (page, want) in [
            ("<h2>Accounts</h2><td>linked</td>", "<h2>Accounts</h2><td>verknüpft</td>"),
            ("<p><b>3</b> of <b>4</b> </p>", "<p><b>3</b> von <b>4</b> </p>"),
            ("<p>linked; </p>", "<p>verknüpft; </p>"),
            ("<td>Contoso &amp; linked</td>", "<td>Contoso &amp; linked</td>"),
            (
                "<ul translate=\"no\"><li><ul></ul>linked</li></ul><p>linked</p>",
                "<ul translate=\"no\"><li><ul></ul>linked</li></ul><p>verknüpft</p>",
            ),
            ("linked", "verknüpft"),
            ("", ""),
            ("a < b", "a < b"),
        ] {
            let told = retold(PreEscaped(page.to_owned()), &texts);
            assert_eq!(told.into_string(), want, "{page}");
        }
    }
}
