//! What schedulers, containers and scripts rely on: the environment, the log, JSON, the version.

use crate::support::Workdir;

/// The flags of a run over the small files.
const RUN: [&str; 8] =
    ["match", "--reports", "Azure.csv", "--crm", "Accounts.csv", "Contacts.csv", "--out", "out"];

#[test]
fn what_is_typed_wins_over_the_environment_and_that_over_the_settings() {
    let dir = Workdir::small();
    dir.write("settings.toml", "country = [\"Germany\"]\ncluster = [\"Nurture\"]\n");
    let run = |environment: &[(&str, &str)], more: &[&str]| {
        let args = [&RUN[..], &["--settings", "settings.toml"], more].concat();
        let output = dir.command(&args).envs(environment.iter().copied()).output();
        crate::support::Ran::of(output).ended(0);
        let settings = dir.summary("out")["settings"].clone();
        (
            settings["cluster"][0].clone(),
            settings["country"][0].clone(),
            settings["derived"].clone(),
        )
    };
    let environment = [("RECONCILE_CLUSTER", "Evaluate"), ("RECONCILE_DERIVED", "1")];
    let (cluster, country, derived) = run(&[], &[]);
    assert_eq!((cluster, country, derived.is_null()), ("Nurture".into(), "Germany".into(), true));
    let (cluster, country, derived) = run(&environment, &[]);
    assert_eq!((cluster, country), ("Evaluate".into(), "Germany".into()));
    assert_eq!(derived, true);
    assert_eq!(run(&environment, &["--cluster", "Educate"]).0, "Educate");
    for off in ["0", "no", "false", ""] {
        assert!(run(&[("RECONCILE_DERIVED", off)], &[]).2.is_null(), "{off:?}");
    }
}

#[test]
fn the_whole_command_may_stand_in_the_environment() {
    let dir = Workdir::small();
    let mut command = dir.command(&["match"]);
    command.envs([
        ("RECONCILE_REPORTS", "Azure.csv"),
        ("RECONCILE_CRM", "Accounts.csv"),
        ("RECONCILE_OUT", "out"),
        ("RECONCILE_QUIET", "yes"),
    ]);
    let ran = crate::support::Ran::of(command.output()).ended(0);
    assert_eq!(ran.said(), "");
    assert!(dir.holds("out/links.csv"));
}

#[test]
fn the_log_names_each_stage_in_order_and_is_silent_unless_asked_for() {
    let dir = Workdir::small();
    assert_eq!(dir.run(&RUN).ended(0).stderr, "");
    let stages = |said: &str| -> Vec<String> {
        let stage = |line: &str| line.strip_prefix("info: ")?.split(": ").next().map(str::to_owned);
        said.lines().map(|line| stage(line).expect(line)).collect()
    };
    let typed = dir.run(&[&RUN[..], &["--log-level", "info"]].concat()).ended(0);
    let found = stages(&typed.stderr);
    let at = |stage: &str| found.iter().position(|known| known == stage).expect(stage);
    assert!(at("reports read") < at("accounts compared"), "{found:?}");
    assert!(at("links decided") < at("results published"), "{found:?}");
    let output = dir.command(&RUN).env("RECONCILE_LOG", "info").output();
    assert_eq!(stages(&crate::support::Ran::of(output).stderr), found);
}

#[test]
fn an_error_is_json_where_json_is_asked_for() {
    let dir = Workdir::small();
    for (args, status, message) in [
        (
            &["match", "--json", "--reports", "nope", "--crm", "Accounts.csv", "--out", "o"][..],
            1,
            "nope: no such file or folder",
        ),
        (
            &["match", "--json", "--reports", "Azure.csv", "--out", "o"],
            2,
            "--crm: no CRM export given",
        ),
        (
            &["match", "--json", "--top", "none"],
            2,
            "invalid value 'none' for '--top <N>': invalid digit found in string",
        ),
        (&["inspect", "--json", "nope"], 1, "nope: no such file or folder"),
        (&["campaigns", "--json", "--run", "nope"], 1, ""),
        (&["outcomes", "--json", "--run", "nope"], 1, ""),
    ] {
        let ran = dir.run(args).ended(status);
        let error = ran.json()["error"].clone();
        assert_eq!(error["status"], status, "{args:?}");
        let said = error["message"].as_str().expect("a message");
        assert!(
            if message.is_empty() { !said.is_empty() } else { said == message },
            "{args:?}: {said}"
        );
        assert!(ran.stderr.starts_with("error: "), "people read it too: {}", ran.stderr);
    }
    let usage = ["match", "--top", "none"];
    for (asked, prints) in [("1", true), ("yes", true), ("0", false), ("No", false), ("", false)] {
        let ran = dir.command(&usage).env("RECONCILE_JSON", asked).output();
        let ran = crate::support::Ran::of(ran).ended(2);
        assert_eq!(ran.stdout.starts_with(r#"{"error":"#), prints, "{asked:?}: {}", ran.stdout);
    }
}

#[test]
fn several_values_stand_between_commas_or_on_lines_in_the_environment() {
    let dir = Workdir::small();
    let mut command = dir.command(&["match", "--reports", "Azure.csv", "--out", "out"]);
    command.env("RECONCILE_CRM", "Accounts.csv\nContacts.csv");
    command
        .env("RECONCILE_TARGET", "hubspot,mailchimp")
        .env("RECONCILE_CLUSTER", "Act Now,Evaluate");
    crate::support::Ran::of(command.output()).ended(0);
    let settings = dir.summary("out")["settings"].clone();
    assert_eq!(settings["crm"].as_array().map(Vec::len), Some(2));
    assert_eq!(settings["target"][1], "mailchimp");
    assert_eq!(settings["cluster"][1], "Evaluate");
}

#[test]
fn a_dry_run_prints_its_summary_as_json() {
    let dir = Workdir::small();
    let dry = dir.run(&[&RUN[..], &["--dry-run", "--json"]].concat()).ended(0).json();
    assert!(!dir.holds("out"), "nothing was written");
    dir.run(&RUN).ended(0);
    assert_eq!(dry["results"], dir.summary("out")["results"]);
    assert_eq!(dry["files"].as_array().map(Vec::len), Some(0));
}

#[test]
fn the_version_names_commit_and_target() {
    let said = Workdir::new().run(&["--version"]).ended(0).stdout;
    let version = format!("reconcile {} (commit ", env!("CARGO_PKG_VERSION"));
    assert!(said.starts_with(&version) && said.contains(std::env::consts::ARCH), "{said}");
}

#[test]
fn columns_are_refused_by_a_build_that_does_not_read_them_with_what_to_do() {
    let dir = Workdir::small();
    dir.write("Accounts.parquet", "PAR1 and more");
    let args = ["match", "--reports", "Azure.csv", "--crm", "Accounts.parquet", "--out", "out"];
    let refused = dir.run(&args).ended(1).stderr;
    let damaged = "a damaged table of columns";
    let unread = "a Parquet file\nhint: save the table as CSV; or use a build that reads it";
    assert!(
        refused.contains(if cfg!(feature = "columnar") { damaged } else { unread }),
        "{refused}"
    );
    if !cfg!(feature = "columnar") {
        let refused = dir.run(&[&RUN[..], &["--results", "parquet"]].concat()).ended(1).stderr;
        assert!(refused.contains("this build writes no Parquet\nhint: "), "{refused}");
    }
}

#[test]
fn a_folder_of_a_table_with_versions_is_refused() {
    let dir = Workdir::small();
    for (log, kind) in [
        ("_delta_log/0.json", "Delta"),
        (".hoodie/x", "Hudi"),
        ("metadata/v1.metadata.json", "Iceberg"),
    ] {
        dir.write(&format!("{kind}/{log}"), "{}");
        dir.write(&format!("{kind}/part-0.parquet"), "PAR1");
        let refused =
            dir.run(&["match", "--reports", "Azure.csv", "--crm", kind, "--out", "out"]).ended(1);
        assert!(
            refused.stderr.starts_with(&format!("error: {kind}: a {kind} table: ")),
            "{}",
            refused.stderr
        );
    }
}
