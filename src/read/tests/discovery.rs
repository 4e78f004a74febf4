//! Paths to inputs.

use std::{fs, path::PathBuf, sync::Arc};

use super::folder::{Folder, read, zipped};
use crate::{
    error::slashed,
    read::{Input, Meter, ReadOptions, discover},
};

const TABLE: &str = "Id,Name\n1,Contoso\n";

fn names(folder: &Folder, paths: &[PathBuf]) -> (Vec<String>, Vec<String>) {
    let (inputs, left) = discover(paths, &ReadOptions::default()).expect("the paths exist");
    let short = |name: &str| name.replace(&format!("{}/", slashed(folder.path())), "");
    let inputs = inputs.iter().map(|input| short(&input.display())).collect();
    let left = left.iter().map(|left| format!("{}: {}", short(&left.file), left.reason));
    (inputs, left.collect())
}

#[test]
fn folders_are_expanded_in_byte_order_and_the_rest_is_left_alone() {
    let folder = Folder::new();
    for name in ["b.csv", "C.CSV", "a-b.csv", "a/z.tsv", "a/x.csv.gz", "c.txt", "é.csv"] {
        folder.write(name, TABLE);
    }
    for name in ["~$b.xlsx", "desktop.ini", ".DS_Store", "Thumbs.db", ".hidden.csv", "notes.docx"] {
        folder.write(name, "x");
    }
    folder.write("empty.csv", "");
    folder.write("page.xls", "<html>");
    folder.write(".git/config.csv", TABLE);
    let (inputs, left) = names(&folder, &[folder.path().to_owned()]);
    assert_eq!(inputs, ["C.CSV", "a-b.csv", "a/x.csv.gz", "a/z.tsv", "b.csv", "c.txt", "é.csv"]);
    assert_eq!(
        left,
        [
            ".git: a hidden folder",
            ".DS_Store: a file of the system",
            ".hidden.csv: a hidden file",
            "Thumbs.db: a file of the system",
            "desktop.ini: a file of the system",
            "empty.csv: an empty file",
            "notes.docx: no kind of file that is read",
            "page.xls: a web page or XML, whatever its name says",
            "~$b.xlsx: a lock file of an opened workbook",
        ]
    );
}

#[test]
fn archives_are_folders_of_members() {
    let folder = Folder::new();
    let members = [("x/Contact.csv", TABLE), ("Account.csv", TABLE), ("readme.md", "x")];
    let path = folder.write("export.zip", zipped(&members));
    let (inputs, left) = names(&folder, std::slice::from_ref(&path));
    assert_eq!(inputs, ["export.zip!Account.csv", "export.zip!x/Contact.csv"]);
    assert_eq!(left, ["export.zip!readme.md: no kind of file that is read"]);
    let (inputs, _) = discover(&[path], &ReadOptions::default()).unwrap();
    for input in inputs {
        assert_eq!(read(&input, &ReadOptions::default()).unwrap().joined(), ["1|Contoso"]);
        assert!(!input.named && input.bytes().is_some());
    }
}

#[test]
fn a_file_that_is_reached_twice_is_read_once() {
    let folder = Folder::new();
    let path = folder.write("a.csv", TABLE);
    let (inputs, _) = names(&folder, &[path, folder.path().to_owned()]);
    assert_eq!(inputs, ["a.csv"]);
}

#[test]
fn what_was_named_and_cannot_be_used_is_an_error() {
    let folder = Folder::new();
    folder.write("~$a.xlsx", "x");
    folder.write("sub/notes.docx", "x");
    folder.write("empty.zip", zipped(&[("a.md", "x")]));
    folder.write("broken.zip", "no archive");
    for (name, found) in [
        ("missing.csv", "no such file or folder"),
        ("~$a.xlsx", "a lock file of an opened workbook"),
        ("sub", "the folder holds no table"),
        ("empty.zip", "the archive holds no table"),
        ("broken.zip", "damaged, or no archive"),
    ] {
        let path = folder.path().join(name);
        let error = discover(&[path], &ReadOptions::default()).unwrap_err();
        assert!(error.to_string().contains(found), "{name}: {error}");
        assert!(error.to_string().contains(name), "{name}: {error}");
        assert!(error.hint().is_some(), "{name}");
    }
}

#[test]
fn patterns_that_no_shell_has_expanded_stand_for_what_fits_them() {
    let folder = Folder::new();
    for name in ["b.csv", "a.csv", "notes.txt", ".hidden.csv", "x/1.csv", "y/1.csv", "[1] z.csv"] {
        folder.write(name, TABLE);
    }
    for (pattern, want) in [
        ("*.csv", &["[1] z.csv", "a.csv", "b.csv"][..]),
        ("?.csv", &["a.csv", "b.csv"]),
        ("*/1.csv", &["x/1.csv", "y/1.csv"]),
        ("[1]*.csv", &["[1] z.csv"]), // brackets are a part of the name
        ("[1] z.csv", &["[1] z.csv"]),
        ("x*", &["x/1.csv"]), // a folder fits too
    ] {
        assert_eq!(names(&folder, &[folder.path().join(pattern)]).0, want, "{pattern}");
    }
    // on Windows this path begins with `\\?\`
    let whole = fs::canonicalize(folder.path()).unwrap().join("?.csv");
    assert_eq!(discover(&[whole], &ReadOptions::default()).unwrap().0.len(), 2);
    for pattern in ["*.xlsx", "nowhere/*.csv", "a***.csv"] {
        let path = folder.path().join(pattern);
        let error = discover(&[path], &ReadOptions::default()).unwrap_err();
        assert!(error.to_string().contains(pattern), "{error}");
        assert!(error.hint().is_some_and(|hint| hint.contains("pattern")), "{pattern}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_with_a_pattern_as_its_name_stands_for_itself() {
    let folder = Folder::new();
    let path = folder.write("a*.csv", TABLE);
    folder.write("ab.csv", TABLE);
    assert_eq!(names(&folder, &[path]).0, ["a*.csv"]);
}

#[test]
fn json_is_no_table() {
    let folder = Folder::new();
    for text in ["[{\"Id\": 1}]", "\u{feff}{\n  \"Id\": 1}\n{\"Id\": 2}", "[[1, 2]]"] {
        let path = folder.write("a.json", text);
        let error = read(&Input::named(path), &ReadOptions::default()).err().unwrap();
        assert!(error.to_string().ends_with("a.json: JSON"), "{error}");
    }
}

#[test]
fn a_named_file_may_have_any_name() {
    let folder = Folder::new();
    let path = folder.write("accounts.dat", TABLE);
    let (inputs, _) = discover(&[path], &ReadOptions::default()).unwrap();
    assert_eq!(read(&inputs[0], &ReadOptions::default()).unwrap().joined(), ["1|Contoso"]);
}

#[test]
fn the_bytes_that_rows_were_read_from_are_counted_once() {
    let folder = Folder::new();
    let text = format!("{TABLE}{}", "2,Müller\n".repeat(200_000));
    for name in ["a.csv", "a.csv.gz"] {
        let path = match name {
            "a.csv" => folder.write(name, &text),
            _ => folder.write(name, super::folder::gzipped(&text)),
        };
        let (inputs, _) = discover(&[path], &ReadOptions::default()).unwrap();
        let progress = Arc::new(Meter::default());
        let options = ReadOptions { progress: Some(progress.clone()), ..ReadOptions::default() };
        read(&inputs[0], &options).unwrap();
        assert_eq!(Some(progress.bytes()), inputs[0].bytes(), "{name}");
    }
}
