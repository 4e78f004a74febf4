//! Encodings: marked, unmarked, named, refused.

use encoding_rs::{SHIFT_JIS, WINDOWS_1252};

use super::folder::{Folder, read, read_as, read_csv, refusal};
use crate::{
    error::Error,
    read::{Input, ReadOptions},
};

const GERMAN: &str = "Id;Firma\r\n1;Müller & Söhne GmbH\r\n2;Größe – “Ä”\r\n";
const JAPANESE: &str = "顧客 ID,取引先名\r\n1,㈱山田製作所\r\n2,株式会社コントソ\r\n";

fn utf_16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

fn windows_1252(text: &str) -> Vec<u8> {
    WINDOWS_1252.encode(text).0.into_owned()
}

fn shift_jis(text: &str) -> Vec<u8> {
    SHIFT_JIS.encode(text).0.into_owned()
}

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

#[test]
fn every_encoding_gives_the_same_rows() {
    let german = ["1|Müller & Söhne GmbH", "2|Größe – “Ä”"];
    let japanese = ["1|㈱山田製作所", "2|株式会社コントソ"];
    for (bytes, label, rows) in [
        (GERMAN.as_bytes().to_vec(), "UTF-8", german),
        (joined(&[b"\xef\xbb\xbf", GERMAN.as_bytes()]), "UTF-8", german),
        (joined(&[b"\xff\xfe", &utf_16(GERMAN, u16::to_le_bytes)]), "UTF-16 LE", german),
        (joined(&[b"\xfe\xff", &utf_16(GERMAN, u16::to_be_bytes)]), "UTF-16 BE", german),
        (utf_16(GERMAN, u16::to_le_bytes), "UTF-16 LE", german),
        (utf_16(GERMAN, u16::to_be_bytes), "UTF-16 BE", german),
        (windows_1252(GERMAN), "Windows-1252", german),
        (JAPANESE.as_bytes().to_vec(), "UTF-8", japanese),
        (shift_jis(JAPANESE), "Shift_JIS", japanese),
        (utf_16(JAPANESE, u16::to_le_bytes), "UTF-16 LE", japanese),
        (utf_16(JAPANESE, u16::to_be_bytes), "UTF-16 BE", japanese),
    ] {
        let got = read_csv(&bytes);
        assert_eq!(got.info.encoding, label, "bytes: {bytes:?}");
        assert_eq!(got.joined(), rows, "{label}");
        assert_eq!(got.complaints(), [""; 0], "{label}");
        assert!(!got.info.encoding_reason.is_empty(), "{label}");
    }
}

#[test]
fn excel_unicode_text_is_utf_16_with_tabs() {
    let text = utf_16("\u{feff}Id\tName\r\n1\t\"Müller\nGmbH\"\r\n", u16::to_le_bytes);
    let got = read_as("a.txt", text).unwrap();
    assert_eq!(got.joined(), ["1|Müller\nGmbH"]);
}

#[test]
fn one_letter_in_row_fifty_thousand_decides() {
    let mut text = String::from("Id,Name\n");
    (0..50_000).for_each(|at| text.push_str(&format!("{at},Contoso number {at}\n")));
    text.push_str("50000,Jäger\n");
    let got = read_csv(windows_1252(&text));
    assert_eq!(got.info.encoding, "Windows-1252");
    assert_eq!(got.rows[50_000], ["50000", "Jäger"]);
    assert_eq!(got.problems, []);
    assert_eq!(read_csv(&text).info.encoding, "UTF-8");
}

#[test]
fn few_letters_are_distinguished() {
    for (text, encode, label) in [
        ("Id,Name\n1,Men’s Wearhouse\n", windows_1252 as fn(&str) -> Vec<u8>, "Windows-1252"),
        ("Id,Name\n1,L’Oréal\n", windows_1252, "Windows-1252"),
        ("Id,Name\n1,Ångström AB\n", windows_1252, "Windows-1252"),
        ("Id,Price\n1,€ 100\n", windows_1252, "Windows-1252"),
        ("Id,Name\n1,“‘Contoso’” – …“‘Fabrikam’”\n", windows_1252, "Windows-1252"),
        ("Id,Name\n1,————————————————\n2,………………\n", windows_1252, "Windows-1252"),
        ("Id,Name\n1,東京\n", shift_jis, "Shift_JIS"),
        ("取引先名,取引先 種別,Web サイト\nContoso,,contoso.com\n", shift_jis, "Shift_JIS"),
        ("取引先名,市区郡(請求先),国(請求先)\nクエルブリンク,,\n", shift_jis, "Shift_JIS"),
        ("Id,Name\n1,株式会社\n", shift_jis, "Shift_JIS"),
    ] {
        assert_eq!(read_csv(encode(text)).info.encoding, label, "text: {text:?}");
    }
}

#[test]
fn utf_32_is_refused_by_name() {
    for bytes in
        [&b"\xff\xfe\0\0I\0\0\0d\0\0\0"[..], b"\0\0\xfe\xff\0\0\0I", b"I\0\0\0d\0\0\0,\0\0\0"]
    {
        let error = refusal("a.csv", bytes);
        assert!(error.to_string().contains("UTF-32"), "bytes: {bytes:?}: {error}");
    }
    let utf_32 = |unit: fn(u32) -> [u8; 4]| -> Vec<u8> {
        JAPANESE.chars().flat_map(|letter| unit(u32::from(letter))).collect()
    };
    for bytes in [utf_32(u32::to_le_bytes), utf_32(u32::to_be_bytes)] {
        let error = refusal("a.csv", bytes);
        assert!(error.to_string().contains("UTF-32"), "{error}");
    }
}

#[test]
fn the_user_may_name_the_encoding() {
    let folder = Folder::new();
    let path = folder.write("a.csv", b"Id,Name\n1,M\x9fller\n"); // ü of a Macintosh
    let options =
        ReadOptions { encoding: vec![(None, "macintosh".into())], ..ReadOptions::default() };
    let got = read(&Input::named(path), &options).unwrap();
    assert_eq!(got.joined(), ["1|Müller"]);
    assert_eq!(got.info.encoding_reason, "named by --encoding");
}

#[test]
fn a_file_in_utf_8_that_is_read_in_the_encoding_the_user_named_is_reported() {
    let folder = Folder::new();
    let path = folder.write("a.csv", "Id,Name\n1,Müller\n");
    for (name, want) in [("windows-1252", true), ("utf-8", false)] {
        let options = ReadOptions { encoding: vec![(None, name.into())], ..ReadOptions::default() };
        let got = read(&Input::named(&path), &options).unwrap();
        let told = got.info.notes.iter().any(|note| note.contains("all of it is valid UTF-8"));
        assert_eq!(told, want, "{name}: {:?}", got.info.notes);
    }
}

#[test]
fn a_byte_order_mark_comes_before_the_users_word_and_says_so() {
    let folder = Folder::new();
    let path = folder.write("a.csv", "\u{feff}Id,Name\n1,Müller\n");
    let options =
        ReadOptions { encoding: vec![(None, "windows-1252".into())], ..ReadOptions::default() };
    let got = read(&Input::named(path), &options).unwrap();
    assert_eq!(got.joined(), ["1|Müller"]);
    assert_eq!(
        got.info.encoding_reason,
        "its byte-order mark comes before --encoding Windows-1252"
    );
}

#[test]
fn an_encoding_that_does_not_exist_is_an_error_with_a_hint() {
    let folder = Folder::new();
    let input = Input::named(folder.write("a.csv", "Id,Name\n1,x\n"));
    for name in ["utf-9", "utf-32", "cp850"] {
        let options = ReadOptions { encoding: vec![(None, name.into())], ..ReadOptions::default() };
        let error = read(&input, &options).err().unwrap();
        assert!(matches!(error, Error::Setting { .. }), "{name}: {error}");
    }
}

#[test]
fn a_doubtful_encoding_is_said() {
    let polish = encoding_rs::WINDOWS_1250.encode("Id,Name\n1,Łódź Kraków Gdańsk Wrocław\n").0;
    let got = read_csv(&polish);
    assert_eq!(got.info.encoding, "Windows-1252");
    assert!(got.info.notes[0].contains("--encoding windows-1250"), "{:?}", got.info.notes);
    let german = encoding_rs::MACINTOSH.encode("Id,Name\n1,Müller und Söhne\n").0;
    let got = read_csv(&german);
    assert!(got.info.notes[0].contains("--encoding macintosh"), "{:?}", got.info.notes);
}

#[test]
fn old_code_pages_are_known_or_named() {
    let japanese = encoding_rs::ISO_2022_JP.encode("Id,Name\n1,東京\n").0;
    let got = read_csv(&japanese);
    assert_eq!((got.joined(), &*got.info.encoding), (vec!["1|東京".to_owned()], "ISO-2022-JP"));
    let got = read_csv(b"Id,Name\n1,M\x81ller und S\x94hne\n"); // DOS
    assert!(got.info.notes[0].contains("cp850"), "{:?}", got.info.notes);
}

#[test]
fn an_encoding_may_be_named_for_one_file() {
    let folder = Folder::new();
    let polish = encoding_rs::WINDOWS_1250.encode("Id,Name\n1,Łódź\n").0;
    let german = encoding_rs::WINDOWS_1252.encode("Id,Name\n1,Müller\n").0;
    let paths = [folder.write("pl.csv", &polish), folder.write("de.csv", &german)];
    let encoding = vec![(Some("pl.csv".into()), "windows-1250".into())];
    let options = ReadOptions { encoding, ..ReadOptions::default() };
    let [pl, de] = paths.map(|path| read(&Input::named(path), &options).unwrap().joined());
    assert_eq!((pl, de), (vec!["1|Łódź".to_owned()], vec!["1|Müller".to_owned()]));
}

#[test]
fn half_a_character_at_the_end_of_utf_16_costs_its_row() {
    let mut bytes = joined(&[b"\xff\xfe", &utf_16("Id,Name\n1,a\n2,b", u16::to_le_bytes)]);
    bytes.push(0x41);
    let got = read_csv(bytes);
    assert_eq!(got.joined(), ["1|a"]);
    assert_eq!(got.problems[0].line, 3);
}
