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
