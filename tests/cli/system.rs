//! What systems do differently: paths, days, files that other programs hold.

use std::{fs, io::Write as _};

use flate2::{Compression, write::GzEncoder};

#[cfg(windows)]
use crate::support::PROGRAM;
use crate::support::{CONTACTS, Workdir};

/// The small files, the CRM's in a folder.
fn crm_folder() -> Workdir {
    let dir = Workdir::small();
    for name in ["Accounts.csv", "Contacts.csv"] {
        fs::create_dir_all(dir.path("crm")).expect("a folder");
        fs::rename(dir.path(name), dir.path("crm").join(name)).expect("a move");
    }
    dir
}

/// Runs over the folder of [`crm_folder`], which must fail and name a file of it.
fn refused_for(dir: &Workdir, file: &str, why: &str) {
    let ran = dir.run_match("--reports Azure.csv --crm crm --out out", &[]).ended(1);
    assert!(ran.stderr.starts_with(&format!("error: {file}: ")), "{ran:?}");
    assert!(ran.stderr.contains(why) && ran.stderr.contains("hint: "), "{ran:?}");
    assert!(!dir.holds("out"));
}

#[test]
fn a_list_of_denials_that_cannot_be_read_to_its_end_stops_the_run() {
    let mut list = GzEncoder::new(Vec::new(), Compression::default());
    writeln!(list, "Contact ID,Account ID,Email,Email Opt Out").expect("memory");
    for at in 0..60_000u32 {
        let (id, name) = (at.wrapping_mul(2_654_435_761), at.wrapping_mul(40_503));
        writeln!(list, "{id},001F,u{name}@murmelstein.de,1").expect("memory");
    }
    let whole = list.finish().expect("memory");
    // a half, and all but the end of the checksum and size
    for part in [whole.len() / 2, whole.len() - 4] {
        let dir = crm_folder();
        dir.write("crm/Unsubscribed.csv.gz", &whole[..part]);
        refused_for(&dir, "crm/Unsubscribed.csv.gz", "nobody knows whom it keeps out");
    }
    let dir = crm_folder();
    dir.write("crm/Unsubscribed.csv.gz", &whole);
    dir.run_match("--reports Azure.csv --crm crm --out out", &[]).ended(0);
}

#[test]
fn a_report_of_a_folder_that_cannot_be_read_to_its_end_is_named() {
    let dir = crm_folder();
    dir.write("reports/Azure.csv", dir.read("Azure.csv"));
    let mut report = GzEncoder::new(Vec::new(), Compression::default());
    writeln!(report, "CustomerID,AccountName,M365Cluster").expect("memory");
    for at in 0..60_000u32 {
        writeln!(report, "{},A{},Nurture", 40_000_000 + at, at.wrapping_mul(2_654_435_761))
            .expect("memory");
    }
    let whole = report.finish().expect("memory");
    dir.write("reports/M365.csv.gz", &whole[..whole.len() / 2]);
    let told = dir.run_match("--reports reports --crm crm --out out", &[]).ended(0).stdout;
    assert!(told.contains("note: reports/M365.csv.gz: not read"), "{told}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_list_of_denials_that_the_system_does_not_let_read_stops_the_run() {
    use std::os::unix::fs::symlink;

    for (target, why) in
        [("/proc/self/mem", "nobody knows whom it keeps out"), ("/proc/self/mem/x", "list.csv")]
    {
        let dir = crm_folder();
        symlink(target, dir.path("crm/list.csv")).expect("a link");
        refused_for(&dir, "crm/list.csv", why);
    }
}

#[cfg(windows)]
#[test]
fn a_list_of_denials_that_another_program_holds_stops_the_run() {
    use std::os::windows::fs::OpenOptionsExt as _;

    let dir = crm_folder();
    dir.write("crm/list.csv", "Email,Email Opt Out\nann@quellbrink.de,1\n");
    let held = fs::File::options().read(true).share_mode(0).open(dir.path("crm/list.csv"));
    refused_for(&dir, "crm/list.csv", "it is open in another program");
    drop(held.expect("a file"));
    dir.run_match("--reports Azure.csv --crm crm --out out", &[]).ended(0);
    assert!(dir.table("out/contacts.csv").rows.is_empty(), "the denial counts");
}

#[test]
fn today_is_the_day_where_the_user_is() {
    let dir = Workdir::small();
    let day = |zone: &str| {
        let args = ["match", "--reports", "Azure.csv", "--crm", "Accounts.csv", "--out", "out"];
        let ran = dir.command(&args).env("TZ", zone).output().expect("the program starts");
        assert!(ran.status.success(), "{ran:?}");
        let told = String::from_utf8_lossy(&ran.stderr).into_owned();
        let as_of = dir.summary("out")["as_of"].as_str().expect("a day").to_owned();
        (as_of, told.contains("the time zone of this computer is not known"))
    };
    // twenty-five hours apart: never the same day
    for (east, west) in [("<+14>-14", "<-11>11"), ("Pacific/Kiritimati", "Pacific/Pago_Pago")] {
        let (east, west) = (day(east), day(west));
        assert!(east.0 > west.0, "{east:?} {west:?}");
        assert!(!east.1 && !west.1, "the zones are known");
    }
    assert!(day("Nowhere/Atlantis").1, "UTC, and that is said");
}

#[test]
fn patterns_are_expanded_and_kept_in_the_settings() {
    let dir = crm_folder();
    let told = dir.run(&["inspect", "crm/*.csv"]).ended(0).stdout;
    assert!(told.contains("crm/Accounts.csv") && told.contains("crm/Contacts.csv"), "{told}");
    dir.run_match("--reports Az*.csv --crm crm/?c*.csv --out out", &[]).ended(0);
    assert!(dir.read("out/settings.toml").contains("crm/?c*.csv"));
    let files: Vec<_> = dir.summary("out")["inputs"]
        .as_array()
        .expect("inputs")
        .iter()
        .map(|input| input["file"].as_str().expect("a file").to_owned())
        .collect();
    assert_eq!(files, ["Azure.csv", "crm/Accounts.csv"]);
    let told = dir.run_match("--reports Az*.csv --crm crm/*.xlsx --out out", &[]).ended(1).stderr;
    insta::assert_snapshot!(told, @r"
    error: crm/*.xlsx: no file or folder fits this pattern
    hint: check the spelling of the pattern
    ");
}

#[test]
fn a_file_that_an_office_has_open_is_named_before_the_work_and_after_it() {
    for (file, mark) in [
        ("out/review.xlsx", "out/~$review.xlsx"),
        ("out/contacts.csv", "out/.~lock.contacts.csv#"),
        ("out.previous/contacts.xlsx", "out.previous/~$contacts.xlsx"),
    ] {
        let dir = Workdir::small();
        for _ in 0..2 {
            dir.run_small(&[]).ended(0);
        }
        dir.write(mark, "Kim");
        let told = dir.run_small(&[]).ended(1).stderr;
        let lines: Vec<&str> = told.lines().collect();
        assert!(lines[0].starts_with(&format!("warning: {file}: it is open in another program")));
        assert!(lines[1].starts_with(&format!("error: {file}: cannot be replaced")), "{told}");
        assert!(lines[2].contains("the finished results are in out.new"), "{told}");
        let told = dir.run_small(&["--quiet"]).ended(1).stderr;
        assert!(!told.contains("warning"), "{told}");
        fs::remove_file(dir.path(mark)).expect("closed");
        assert_eq!(dir.run_small(&[]).ended(0).stderr, "");
        assert!(!dir.holds("out.new"));
    }
    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    dir.judge("001D", "accept");
    dir.run_small(&[]).ended(0);
    dir.write(".~lock.out.verdicts.csv#", "Kim");
    let told = dir.run_small(&[]).ended(0).stderr;
    assert!(told.starts_with("warning: out.verdicts.csv: it is open in another program"), "{told}");
}

#[test]
fn a_campaign_file_that_an_office_has_open_is_named_before_any_is_replaced() {
    let dir = Workdir::small();
    dir.run_small(&["--target", "hubspot", "workbook"]).ended(0);
    for to in [&[][..], &["--out", "for sending"]] {
        let export = [&["export", "--run", "out", "--target", "hubspot"], to].concat();
        dir.run(&export).ended(0);
        let folder = if to.is_empty() { "out/campaigns" } else { "for sending" };
        let before = dir.files(folder);
        let file = before.keys().find(|name| name.ends_with(".csv")).expect("a campaign file");
        let (parent, name) = file.rsplit_once('/').expect("a folder");
        let mark = format!("{folder}/{parent}/.~lock.{name}#");
        dir.write(&mark, "Kim");
        let told = dir.run(&export).ended(1).stderr;
        let want = format!("error: {folder}/{file}: cannot be written: it is open in another");
        assert!(told.starts_with(&want) && told.contains("hint: close it in Excel"), "{told}");
        fs::remove_file(dir.path(&mark)).expect("closed");
        assert_eq!(dir.files(folder), before);
        dir.run(&export).ended(0);
    }
}

#[cfg(windows)]
#[test]
fn verdicts_and_review_sheets_that_another_program_holds_are_named_at_once() {
    use std::os::windows::fs::OpenOptionsExt as _;

    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    dir.judge("001D", "accept");
    dir.write("out.verdicts.csv", "customer_id,account_id,verdict,reviewer,time,seen,note\n");
    for (file, share) in [("out.verdicts.csv", 1), ("out/review.csv", 0)] {
        let held = fs::File::options().read(true).share_mode(share).open(dir.path(file));
        let told = dir.run_small(&["--quiet"]).ended(1).stderr;
        assert!(told.starts_with(&format!("error: {file}: ")), "{told}");
        assert!(told.contains("it is open in another program\nhint: close it in Excel"), "{told}");
        drop(held.expect("a file"));
    }
    dir.run_small(&[]).ended(0);
    assert_eq!(dir.table("out.verdicts.csv").column("verdict"), ["accept"]);
}

#[test]
fn files_are_named_alike_on_every_system() {
    let dir = crm_folder();
    dir.write("crm/more/list.csv", format!("{CONTACTS}cut,short\n"));
    dir.run_match("--reports Azure.csv --crm crm --out results/out", &[]).ended(0);
    let problems = dir.table("results/out/problems.csv");
    assert!(problems.column("file").contains(&"crm/more/list.csv"), "{problems:?}");
    for (name, bytes) in dir.files("results/out") {
        let is_text =
            [".csv", ".toml", ".html", "manifest.json"].iter().any(|of| name.ends_with(of));
        let text = String::from_utf8_lossy(&bytes);
        assert!(!is_text || !text.contains("crm\\"), "{name}");
    }
    let told = dir.run_match("--reports Azure.csv --crm crm --out results/out", &[]).ended(0);
    assert!(told.stdout.contains("results/out/review.xlsx"), "{told:?}");
    dir.run_match("--settings results/out/settings.toml", &[]).ended(0);
}

#[test]
fn a_path_may_be_longer_than_windows_once_took() {
    let dir = crm_folder();
    let deep = ["a folder with a long name of its own"; 9].join("/");
    fs::create_dir_all(dir.path(&deep)).expect("folders");
    for name in ["Accounts.csv", "Contacts.csv"] {
        dir.write(&format!("{deep}/crm/{name}"), dir.read(&format!("crm/{name}")));
    }
    let (crm, out) = (format!("{deep}/crm"), format!("{deep}/out"));
    for _ in 0..2 {
        dir.run_match("--reports Azure.csv", &["--crm", &crm, "--out", &out]).ended(0);
    }
    assert!(dir.holds(&format!("{out}.previous/contacts.xlsx")));
    assert_eq!(dir.table(&format!("{out}/contacts.csv")).column("contact_id"), ["003A"]);
}

#[cfg(windows)]
#[test]
fn a_program_that_was_started_inside_its_archive_says_so() {
    let dir = Workdir::new();
    fs::copy(PROGRAM, dir.path("reconcile.exe")).expect("a copy");
    let mut program = std::process::Command::new(dir.path("reconcile.exe"));
    // a desktop, and the folder for temporary files in which the archive was opened
    program.env("DISPLAY", ":0").env("TMP", dir.path("")).env("TEMP", dir.path(""));
    let ended = program.stdin(std::process::Stdio::null()).output().expect("the program starts");
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(1), "{told}");
    assert!(told.contains("reconcile.exe: runs in a folder for temporary files"), "{told}");
    assert!(told.contains("hint: unpack the archive"), "{told}");
}

#[cfg(windows)]
#[test]
fn names_are_compared_as_windows_does() {
    let dir = crm_folder();
    let run = |more: &[&str]| dir.run_match(r"--reports Azure.csv --crm crm --out out", more);
    run(&["--encoding", r"CRM\contacts.csv=utf-8"]).ended(0);
    let told = run(&["--verdicts", r"OUT.New\v.csv"]).ended(1).stderr;
    assert!(told.contains("is replaced"), "{told}");
    for out in ["nul", "results.", r"con\results"] {
        let told = dir.run_match(r"--reports Azure.csv --crm crm", &["--out", out]).ended(1).stderr;
        assert!(told.starts_with("error: --out: "), "{told}");
    }
    for input in ["con", r"crm\nul.csv"] {
        let told = dir.run(&["inspect", input]).ended(1).stderr;
        assert!(told.contains(": no ordinary file but a pipe, a device"), "{told}");
    }
    let told = run(&["--verdicts", "nul"]).ended(1).stderr;
    assert!(told.starts_with("error: --verdicts: nul: is the name of a device"), "{told}");
    assert!(!dir.holds("results"));
}
