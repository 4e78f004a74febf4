//! Compressed files and archives.

use super::folder::{Folder, gzipped, read, read_as, refusal, zipped, zstd};
use crate::{
    error::Error,
    read::{Input, ReadOptions, archive},
};

const TABLE: &str = "Id,Name\n1,Müller\n2,Fabrikam\n";

#[test]
fn compressed_files_are_read_like_plain_ones() {
    let two_members = [gzipped("Id,Name\n1,Müller\n"), gzipped("2,Fabrikam\n")].concat();
    let two_frames = [zstd("Id,Name\n1,Müller\n"), zstd("2,Fabrikam\n")].concat();
    let skippable = [&b"\x50\x2a\x4d\x18\x03\0\0\0abc"[..], &zstd(TABLE)].concat();
    let padded = [zstd("Id,Name\n1,Müller\n"), skippable[..11].to_vec(), zstd("2,Fabrikam\n")];
    for (name, bytes) in [
        ("a.csv.gz", gzipped(TABLE)),
        ("a.csv.gz", two_members),
        ("a.csv.zst", zstd(TABLE)),
        ("a.csv.zst", two_frames),
        ("a.csv.zst", padded.concat()),
        ("a.csv", gzipped(TABLE)), // the content decides, not the name
    ] {
        let got = read_as(name, bytes).unwrap();
        assert_eq!(got.joined(), ["1|Müller", "2|Fabrikam"], "{name}");
    }
}

#[test]
fn a_cut_off_archive_is_an_error_and_never_a_shorter_table() {
    let long: String = (0..200_000).map(|at| format!("{at},name {}\n", at * 7919)).collect();
    let long = format!("Id,Name\n{long}");
    for (name, bytes) in [("a.csv.gz", gzipped(&long)), ("a.csv.zst", zstd(&long))] {
        let half = &bytes[..bytes.len() - 7];
        let error = refusal(name, half);
        assert!(error.to_string().contains("damaged or cut off"), "{name}: {error}");
    }
}

#[test]
fn a_member_whose_checksum_differs_is_an_error() {
    let folder = Folder::new();
    let mut bytes = zipped(&[("a.csv", TABLE)]);
    let entry = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    bytes[entry + 16] ^= 1;
    let path = folder.write("a.zip", bytes);
    let input = Input::member(path, "a.csv");
    let error = read(&input, &ReadOptions::default()).err().unwrap();
    assert!(error.to_string().contains("checksum"), "{error}");
}

/// Archives of macOS have names in UTF-8 and do not say so; those of old programs are in code page 437.
#[test]
fn names_of_members_are_read_in_the_encoding_that_they_are_in() {
    let folder = Folder::new();
    for (name, bytes) in [("Köln.csv", "Köln.csv".as_bytes()), ("Köln.csv", b"K\x94ln.csv")] {
        let place_holder = "a".repeat(bytes.len());
        let archive = replaced(&zipped(&[(&place_holder, TABLE)]), place_holder.as_bytes(), bytes);
        let input = Input::member(folder.write("a.zip", archive), name);
        let members = archive::members(&input.path).unwrap();
        assert_eq!(members.iter().map(|member| &member.name).collect::<Vec<_>>(), [name]);
        assert_eq!(
            read(&input, &ReadOptions::default()).unwrap().joined(),
            ["1|Müller", "2|Fabrikam"]
        );
    }
}

/// Bytes with others of the same length in the place of some.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for at in 0..bytes.len() - from.len() {
        if bytes[at..].starts_with(from) {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
    }
    bytes
}

#[test]
fn an_archive_that_expands_without_bound_is_refused() {
    let line = "1,x\n".repeat(1 << 18);
    let mut text = String::from("Id,Name\n");
    (0..300).for_each(|_| text.push_str(&line));
    let error = refusal("a.csv.gz", gzipped(&text));
    assert!(matches!(error, Error::Limit { .. }), "{error}");
}
