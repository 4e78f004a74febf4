//! A stage uses the stages above it in `src/lib.rs`, never those below.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Pairs that still point downwards: the module, and what it should not use. To be emptied.
const ALLOWED: [(&str, &str); 2] = [("index", "link"), ("write", "campaign")];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The modules in the order of `lib.rs`.
fn modules() -> Vec<String> {
    let lib = fs::read_to_string(source().join("lib.rs")).expect("lib.rs");
    let name = |line: &str| {
        let (_, name) = line.strip_suffix(';')?.split_once("mod ")?;
        (!line.starts_with("//")).then(|| name.to_owned())
    };
    lib.lines().filter_map(name).collect()
}

/// All files of a folder and those below it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let below = |path: PathBuf| if path.is_dir() { files(&path) } else { vec![path] };
    paths.flat_map(below).collect()
}

/// The modules that a text names behind `crate::`, alone or first in a list.
fn used(text: &str) -> BTreeSet<String> {
    let code: String = text.lines().map(|line| line.split("//").next().unwrap_or("")).collect();
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let is_own = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if is_own {
            found.extend(heads(&code[at + "crate::".len()..]));
        }
    }
    found
}

/// The first names of what stands behind `crate::`: one, or one of each part of a list in braces.
fn heads(rest: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let Some(list) = rest.strip_prefix('{') else { return vec![word(rest)] };
    let (mut depth, mut from, mut heads) = (0, 0, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                heads.push(word(&list[from..at]));
                from = at + 1;
            }
            _ => {}
        }
        if c == '}' && depth == 0 && from == at + 1 {
            break;
        }
    }
    heads
}

#[test]
fn no_module_uses_one_below_it() {
    let modules = modules();
    assert!(modules.len() > 20, "the modules of lib.rs: {modules:?}");
    let place = |name: &str| modules.iter().position(|module| module == name);
    let mut downwards = BTreeSet::new();
    for file in files(&source()) {
        let inner = file.strip_prefix(source()).expect("a file of src");
        let top = inner.iter().next().and_then(|top| top.to_str()).expect("a name");
        let own = top.trim_end_matches(".rs");
        let Some(at) = place(own) else { continue };
        let text = fs::read_to_string(&file).expect("a source file");
        let below = used(&text).into_iter().filter(|name| place(name) > Some(at));
        downwards.extend(below.map(|name| (own.to_owned(), name)));
    }
    let allowed = ALLOWED.map(|(module, used)| (module.to_owned(), used.to_owned()));
    assert_eq!(downwards.into_iter().collect::<Vec<_>>(), allowed);
}

#[test]
fn names_behind_crate_are_found_alone_and_in_lists() {
    let text =
        "use crate::{a::{b, c}, d, e::f};\nfn x() { crate::g::h() } // crate::i\n my_crate::j;";
    assert_eq!(used(text).into_iter().collect::<Vec<_>>(), ["a", "d", "e", "g"]);
}
