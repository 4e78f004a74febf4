//! A stage uses the stages above it in `src/lib.rs`, never those below; the picture of it in
//! `docs/architecture.md` is made from the code.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Pairs that still point downwards: the module, and what it should not use. To be emptied.
const ALLOWED: [(&str, &str); 0] = [];

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

/// The other modules that each module uses, by position in `lib.rs`.
fn uses(modules: &[String]) -> Vec<BTreeSet<usize>> {
    let place = |name: &str| modules.iter().position(|module| module == name);
    let mut uses = vec![BTreeSet::new(); modules.len()];
    let is_code = |file: &PathBuf| file.extension().is_some_and(|end| end == "rs");
    for file in files(&source()).into_iter().filter(is_code) {
        let inner = file.strip_prefix(source()).expect("a file of src");
        let top = inner.iter().next().and_then(|top| top.to_str()).expect("a name");
        let Some(at) = place(top.trim_end_matches(".rs")) else { continue };
        let text = fs::read_to_string(&file).expect("a source file");
        let others = used(&text).into_iter().filter_map(|name| place(&name));
        uses[at].extend(others.filter(|other| *other != at));
    }
    uses
}

#[test]
fn no_module_uses_one_below_it() {
    let modules = modules();
    assert!(modules.len() > 20, "the modules of lib.rs: {modules:?}");
    let uses = uses(&modules);
    let below = uses.iter().enumerate().flat_map(|(at, others)| {
        others.iter().filter(move |other| **other > at).map(move |other| (at, *other))
    });
    let mut below: Vec<(&str, &str)> =
        below.map(|(at, other)| (modules[at].as_str(), modules[other].as_str())).collect();
    below.sort_unstable();
    assert_eq!(below, ALLOWED);
}

/// The modules as a matrix: a row each in the order of `lib.rs`, a mark for each module it uses.
fn matrix(modules: &[String]) -> String {
    let mut matrix = String::new();
    for (at, others) in uses(modules).iter().enumerate() {
        let mark = |column: usize| match column {
            column if column == at => " \u{25a0}",
            column if others.contains(&column) => " \u{25cf}",
            column if column < at => " \u{b7}",
            _ => "  ",
        };
        let marks: String = (0..modules.len()).map(mark).collect();
        matrix.push_str(format!("{:<10}{marks}", modules[at]).trim_end());
        matrix.push('\n');
    }
    matrix
}

#[test]
fn the_picture_of_the_modules_is_that_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architecture.md");
    let text = fs::read_to_string(&path).expect("docs/architecture.md");
    let (before, rest) = text.split_once("```matrix\n").expect("where the picture begins");
    let (_, after) = rest.split_once("```").expect("where the picture ends");
    let wanted = format!("{before}```matrix\n{}```{after}", matrix(&modules()));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &wanted).expect("docs/architecture.md is written");
    }
    assert!(text == wanted, "write it anew: UPDATE_GOLDEN=1 cargo test --test layout");
}

#[test]
fn names_behind_crate_are_found_alone_and_in_lists() {
    let text =
        "use crate::{a::{b, c}, d, e::f};\nfn x() { crate::g::h() } // crate::i\n my_crate::j;";
    assert_eq!(used(text).into_iter().collect::<Vec<_>>(), ["a", "d", "e", "g"]);
}

/// The names that a text declares for the world.
fn public(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    let name = |line: &str| {
        let item = line.trim_start().strip_prefix("pub ")?;
        let (kind, rest) = item.split_once(' ')?;
        let is_item = ["fn", "struct", "enum", "trait", "type", "const", "mod"].contains(&kind);
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        is_item.then_some(name)
    };
    code.lines().filter_map(name).collect()
}

#[test]
fn all_that_is_public_is_named_in_the_documents() {
    let root = source().join("..");
    let read = |file: &Path| fs::read_to_string(file).expect("a text");
    let is = |end: &'static str| move |file: &PathBuf| file.extension().is_some_and(|of| of == end);
    let mut documents: Vec<PathBuf> =
        files(&root.join("docs")).into_iter().filter(is("md")).collect();
    documents.extend(["README.md", "src/lib.rs", "src/main.rs"].map(|file| root.join(file)));
    documents.extend(["examples", "fuzz/fuzz_targets"].iter().flat_map(|of| files(&root.join(of))));
    let documents: String = documents.iter().map(|file| read(file)).collect();
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let named: BTreeSet<&str> = documents.split(|c| !is_part(c)).collect();
    let code: Vec<PathBuf> = files(&source()).into_iter().filter(is("rs")).collect();
    let all: Vec<String> = code.iter().flat_map(|file| public(&read(file))).collect();
    assert!(all.len() > 50, "what is public: {all:?}");
    let unnamed: Vec<&String> = all.iter().filter(|name| !named.contains(name.as_str())).collect();
    assert!(unnamed.is_empty(), "name them in the documents, or keep them inside: {unnamed:?}");
}
