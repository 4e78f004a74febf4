//! The same bytes for any number of threads, any order of rows and any split of the files.

use crate::support::{ACCOUNTS, Table, Workdir};

/// Puts rows in another order, the same each time.
fn shuffle(table: &mut Table, seed: u64) {
    let mut state = seed;
    for last in (1..table.rows.len()).rev() {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        table.rows.swap(last, (state >> 33) as usize % (last + 1));
    }
}

#[test]
fn one_thread_and_eight_give_the_same_bytes() {
    let dir = Workdir::samples();
    for crm in ["crm/salesforce", "crm/dynamics", "crm/hubspot"] {
        dir.run_samples(crm, "one", &["--threads", "1"]);
        dir.run_samples(crm, "eight", &["--threads", "8"]);
        dir.assert_same_results("one", "eight");
        assert_eq!(dir.read("one/problems.csv"), dir.read("eight/problems.csv"));
    }
}

#[test]
fn a_crm_in_parts_gives_the_same_bytes_as_in_one_file() {
    let dir = Workdir::samples();
    dir.run_samples("crm/salesforce", "whole", &[]);
    for parts in [2, 7] {
        for object in ["Account", "Contact", "Opportunity"] {
            let table = dir.table(&format!("crm/salesforce/{object}.csv"));
            for part in 0..parts {
                let rows = table.rows.iter().skip(part).step_by(parts).cloned().collect();
                let piece = Table { headers: table.headers.clone(), rows };
                dir.write(&format!("parts{parts}/{object}-{part}.csv"), piece.text());
            }
        }
        for object in ["Lead", "User"] {
            let text = dir.read(&format!("crm/salesforce/{object}.csv"));
            dir.write(&format!("parts{parts}/{object}.csv"), text);
        }
        let out = format!("of{parts}");
        dir.run_samples(&format!("parts{parts}"), &out, &[]);
        dir.assert_same_results("whole", &out);
    }
}

#[test]
fn rows_of_the_crm_in_another_order_give_the_same_bytes() {
    let dir = Workdir::samples();
    dir.run_samples("crm/salesforce", "given", &[]);
    for seed in [1, 2, 3] {
        for object in ["Account", "Contact", "Lead", "Opportunity", "User"] {
            let mut table = dir.table(&format!("crm/salesforce/{object}.csv"));
            shuffle(&mut table, seed);
            dir.write(&format!("shuffled/{object}.csv"), table.text());
        }
        dir.run_samples("shuffled", "shuffled-out", &["--threads", "3"]);
        dir.assert_same_results("given", "shuffled-out");
    }
}

#[test]
fn rows_of_a_report_in_another_order_give_the_same_links() {
    let dir = Workdir::samples();
    dir.run_samples("crm/salesforce", "given", &[]);
    for name in dir.files("reports").keys() {
        let file = format!("reports/{name}");
        if name.starts_with("M365") || name.starts_with("Agreement") {
            let (header, rows) = {
                let text = dir.read(&file);
                let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
                let header = lines.remove(0);
                lines.reverse();
                (header, lines)
            };
            dir.write(&file, format!("{header}\n{}\n", rows.join("\n")));
        }
    }
    dir.run_samples("crm/salesforce", "turned", &[]);
    for file in ["links.csv", "review.csv", "unmatched.csv", "contacts.csv"] {
        assert_eq!(
            dir.read(&format!("given/{file}")),
            dir.read(&format!("turned/{file}")),
            "{file}"
        );
    }
}

#[test]
fn an_id_that_stands_on_rows_that_differ_is_reported_wherever_the_rows_are() {
    let dir = Workdir::small();
    let first = ACCOUNTS.lines().nth(1).expect("the first account");
    let other = first.replace("Ulm", "Bonn");
    for (one, more, want) in [
        (format!("{ACCOUNTS}{first}\n"), String::new(), vec![]), // equal rows merge
        (
            format!("{ACCOUNTS}{other}\n"),
            String::new(),
            vec![("Accounts.csv", "2"), ("Accounts.csv", "8")],
        ),
        (
            ACCOUNTS.to_owned(),
            format!("{}\n{other}\n", ACCOUNTS.lines().next().expect("a header")),
            vec![("Accounts.csv", "2"), ("More.csv", "2")],
        ),
    ] {
        dir.write("Accounts.csv", one);
        dir.write(
            "More.csv",
            if more.is_empty() { "Account ID,Account Name\n001Z,Nobody\n" } else { &more },
        );
        dir.run_small(&["--accounts", "More.csv"]).ended(0);
        let problems = dir.table("out/problems.csv");
        assert_eq!(problems.pairs("file", "line"), want, "{problems:?}");
        let links = dir.table("out/links.csv");
        assert_eq!(links.column("account_id").iter().filter(|id| **id == "001A").count(), 1);
    }
}

#[test]
fn the_same_file_given_twice_changes_nothing() {
    let dir = Workdir::small();
    dir.run_small(&[]).ended(0);
    let links = dir.read("out/links.csv");
    dir.run_small(&["--accounts", "Accounts.csv", "./Accounts.csv"]);
    assert_eq!(dir.read("out/links.csv"), links);
}
