//! The settings that a run writes are the settings of the next.

use crate::support::Workdir;

#[test]
fn the_settings_of_a_run_given_back_give_the_same_results() {
    let dir = Workdir::small();
    dir.run_small(&[
        "--solution-area",
        "Azure",
        "--cluster",
        "Act Now,Nurture",
        "--country",
        "Germany",
        "--where",
        "City=Ulm,Bonn",
        "--own-domain",
        "vossmoor.de",
        "--unlike-names",
        "link",
        "--require-consent",
    ])
    .ended(0);
    let settings = dir.read("out/settings.toml");
    let links = dir.read("out/customers.csv");
    dir.run(&["match", "--settings", "out/settings.toml"]).ended(0);
    assert_eq!(dir.read("out/settings.toml"), settings);
    assert_eq!(dir.read("out/customers.csv"), links);
}

#[test]
fn a_flag_that_is_typed_wins_over_the_settings() {
    let dir = Workdir::small();
    dir.run_small(&["--cluster", "Educate"]).ended(0);
    assert_eq!(dir.table("out/contacts.csv").rows.len(), 0);
    dir.run(&["match", "--settings", "out/settings.toml", "--cluster", "Act Now"]).ended(0);
    assert_eq!(dir.table("out/contacts.csv").column("contact_id"), ["003A"]);
}

#[test]
fn how_the_program_runs_is_typed_and_stays_beside_a_settings_file() {
    let dir = Workdir::small();
    dir.write("mine.toml", "top = 5\n");
    let run = |more: &[&str]| dir.run_small(&[&["--settings", "mine.toml"], more].concat());
    run(&["--dry-run"]).ended(0);
    assert!(!dir.holds("out"), "a dry run writes nothing");
    assert_eq!(run(&["--quiet"]).ended(0).said(), "");
    assert_eq!(run(&["--json"]).ended(0).json()["settings"]["top"], 5);
    let twice = crate::support::ACCOUNTS.replace("Ulm", "Bonn");
    dir.write("More.csv", twice);
    run(&["--accounts", "More.csv", "--strict"]).ended(3);
}

#[test]
fn a_key_that_is_no_flag_is_refused_with_its_line() {
    let dir = Workdir::small();
    dir.write("mine.toml", "out = \"out\"\nreport-folder = \"x\"\n");
    let told = dir.run_small(&["--settings", "mine.toml"]).ended(1).stderr;
    assert!(told.starts_with("error: mine.toml:2: "), "{told}");
    assert!(told.contains("report-folder"), "{told}");
    dir.write("mine.toml", "out = \"out\"\nperiod = \n");
    let told = dir.run_small(&["--settings", "mine.toml"]).ended(1).stderr;
    assert!(told.starts_with("error: mine.toml:2: "), "{told}");
}

#[test]
fn the_settings_carry_nothing_of_the_month_into_the_next() {
    let dir = Workdir::small();
    dir.run_small(&["--top", "5"]).ended(0);
    dir.run_small(&["--top", "5", "--period", "2026-10", "--previous", "out"]).ended(0);
    for file in ["out/settings.toml", "out/summary.json"] {
        let settings = match file.ends_with(".json") {
            true => dir.json(file)["settings"].to_string(),
            false => dir.read(file),
        };
        assert!(settings.contains("top"), "{settings}");
        for key in ["as-of", "period", "previous"] {
            assert!(!settings.contains(key), "{file}: {settings}");
        }
    }
    let told = dir.run(&["explain", "--run", "out", "--customer", "30000001"]).ended(0).stdout;
    assert!(told.contains("Linked to 001A"), "{told}");
}
