//! Numbers of the pages: each leads to its records, and people who measure or disagree find theirs.

use super::decide::first_account;
use crate::support::{Pages, Workdir};

/// What stands behind a text, up to a mark.
fn after<'p>(page: &'p str, text: &str, mark: char) -> Option<&'p str> {
    page.split(text).nth(1)?.split(mark).next()
}

/// The numbers of a page that lead to records, each with where to.
fn doors(page: &str) -> Vec<(u64, String)> {
    let parts = page.split("<data value=\"").skip(1);
    let door = |part: &str| {
        let (value, rest) = part.split_once('"')?;
        let to = rest.strip_prefix(" data-of=\"")?.split('"').next()?;
        Some((value.parse().ok()?, to.replace("&amp;", "&")))
    };
    parts.filter_map(door).collect()
}

fn rows_behind(pages: &Pages, door: &str) -> u64 {
    let page = pages.get(&format!("/records/{door}"));
    assert_eq!(page.status, 200, "{door}: {page:?}");
    let count =
        after(&page.body, "Rows ", '<').and_then(|of| of.split(" of ").nth(1)?.trim().parse().ok());
    count.unwrap_or_else(|| panic!("{door}: {}", page.body))
}

#[test]
fn each_number_of_the_results_leads_to_as_many_records() {
    let dir = Workdir::samples();
    for month in ["2026-09", "2026-10"] {
        let line = format!("--reports months/{month}/reports --crm months/{month}/crm --out out");
        dir.run_match(&line, &[]).ended(0);
    }
    let doors = checked_doors(&dir);
    assert!(doors.len() > 60, "{doors:?}");
    let leads = |doors: &[(u64, String)], to: &str| {
        assert!(
            doors.iter().any(|(count, door)| *count > 0 && door.starts_with(to)),
            "{to}: {doors:?}"
        );
    };
    for file in ["customers?", "contacts?", "changes?", "suppressed?", "agreements?", "crm/file?"] {
        leads(&doors, file);
    }
    // of the month of the run only the days count that are left
    let doors = checked_doors(&Workdir::finished());
    for status in ["linked", "candidate%20only", "no%20customer", "excluded"] {
        leads(&doors, &format!("crm/accounts?status={status}"));
    }
    for status in ["duplicate", "no%20usable%20address", "not%20selected", "account%20not%20linked"]
    {
        leads(&doors, &format!("crm/contacts?status={status}"));
    }
    assert!(
        doors.iter().any(|(_, to)| to.contains("end_date=2026-11-21..2026-11-31")),
        "{doors:?}"
    );
}

#[test]
fn a_customer_that_moved_in_two_areas_is_one_record_and_a_derived_cluster_counts_where_it_counts() {
    for (flags, numbers) in [(&[][..], 1), (&["--derived"][..], 2)] {
        let dir = Workdir::new();
        dir.write("Accounts.csv", "Account ID,Account Name\n001A,Quellbrink GmbH\n");
        for (period, [one, other], derived) in
            [("2026-09", ["Evaluate", "Nurture"], "20,20"), ("2026-10", ["Act Now"; 2], "90,80")]
        {
            dir.write(
                "Azure.csv",
                format!(
                    "CustomerID,AccountName,AzureCluster,AzureFit,AzureIntent,M365Cluster\n\
                     30000001,Quellbrink GmbH,{one},90,80,{other}\n\
                     30000002,Vossmoor GmbH,,{derived},Nurture\n"
                ),
            );
            let line =
                format!("--reports Azure.csv --accounts Accounts.csv --out out --period {period}");
            dir.run_match(&line, flags).ended(0);
        }
        let doors = checked_doors(&dir);
        let new: Vec<u64> =
            doors.iter().filter(|(_, to)| to.starts_with("changes?after")).map(|of| of.0).collect();
        assert_eq!(new, [numbers], "{flags:?}: {doors:?}");
    }
}

/// The numbers of the results that lead to records: each to as many.
fn checked_doors(dir: &Workdir) -> Vec<(u64, String)> {
    let pages = dir.pages(&["out"]);
    let doors = doors(&pages.get("/results").body);
    for (count, door) in doors.iter().filter(|(count, _)| *count > 0) {
        // a verdict counts by pair, a customer of several accounts once
        if door.starts_with("outcomes?by") {
            assert_eq!(rows_behind(&pages, door), 1, "the row of the group: {door}");
        } else if door.starts_with("review?") || door.starts_with("links?decided") {
            assert!(rows_behind(&pages, door) >= 1, "{door}");
        } else {
            assert_eq!(rows_behind(&pages, door), *count, "{door}");
        }
    }
    doors
}

#[test]
fn amounts_lead_to_the_agreements_of_which_they_are_the_sum() {
    let dir = Workdir::finished();
    let pages = dir.pages(&["out"]);
    let page = pages.get("/results").body;
    let agreements = dir.table("out/agreements.csv");
    let mut months = 0;
    for part in page.split("<data value=\"").skip(1) {
        let Some((value, to)) = part.split_once("\" data-sum=\"") else { continue };
        let (Ok(value), Some(to)) = (value.parse::<f64>(), to.split('"').next()) else { continue };
        if value > 0.0 {
            assert!(rows_behind(&pages, to) > 0, "{to}");
        }
        let days = to.strip_prefix("agreements?end_date=").expect("agreements");
        let (first, last) = days.split_once("..").unwrap_or((days, days));
        let last = format!("{last}-31");
        let of_days = agreements.rows.iter().filter(|row| {
            let day = &row["end_date"];
            day.as_str() >= first && *day <= last
        });
        let amounts = of_days.filter_map(|row| row["expiring_revenue"].parse::<f64>().ok());
        assert_eq!(amounts.sum::<f64>(), value, "{days}");
        months += 1;
    }
    assert!(months > 3 && page.contains("data-of=\"customers?cell_"), "{months}");
}

#[test]
fn what_was_measured_stands_in_the_summary_of_the_next_run_with_its_day() {
    let dir = Workdir::finished();
    assert_eq!(dir.summary("out")["measured"]["day"], "");
    let pages = dir.pages(&["out", "--reviewer", "Kim"]);
    for answered in 0..8 {
        let page = pages.get("/audit").body;
        let at = after(&page, "id=\"audit\" data-at=\"", '"').expect("a question").to_owned();
        let answer = if answered == 3 { "wrong" } else { "right" };
        assert_eq!(pages.post("/audit/answer", &format!("at={at}&answer={answer}")).status, 200);
    }
    let told = pages.get("/results").body;
    drop(pages);
    dir.run_samples("crm/salesforce", "out", &[]);
    let measured = &dir.summary("out")["measured"];
    let day = measured["day"].as_str().expect("a day");
    assert!(day.len() == 10 && told.contains(day), "{measured}");
    let sum = |key: &str| -> u64 {
        let layers = measured["layers"].as_array().expect("layers").iter();
        layers.map(|layer| layer[key].as_u64().expect("a number")).sum()
    };
    assert_eq!((sum("right"), sum("wrong"), sum("unclear")), (7, 1, 0));
    assert!(dir.read("out/summary.html").contains("Measured by you, last on"));
}

#[test]
fn other_limits_are_tried_and_change_nothing() {
    let dir = Workdir::finished();
    let before = dir.files("out");
    let pages = dir.pages(&["out"]);
    let now = pages.get("/audit/limits").body;
    assert!(!now.contains("[limits]"), "{now}");
    let strict = pages.get("/audit/limits?accept=0.99&review=0.5").body;
    assert!(strict.contains("accept = 0.99\nreview = 0.5"), "{strict}");
    assert_ne!(strict, now);
    let loose = pages.get("/audit/limits?accept=0.1&review=0").body;
    assert!(loose.contains("accept = 0.5\nreview = 0.01"), "no run takes lower ones: {loose}");
    drop(pages);
    assert_eq!(dir.files("out"), before);
}

#[test]
fn people_who_disagree_are_found() {
    let dir = Workdir::with_doubtful(4);
    let pages = dir.pages(&["out", "--reviewer", "Kim"]);
    for at in 0..3 {
        pages.decide(at, "accept", &first_account(at));
    }
    assert!(!pages.get("/review").body.contains("People disagree"));
    pages.post("/reviewer", "name=Petra");
    pages.decide(0, "accept", &first_account(0));
    pages.decide(1, "none", "");
    let page = pages.get("/review").body;
    assert!(page.contains("People disagree <data value=\"1\">"), "{page}");
    let those = pages.get("/review/rows?queue=all&agreement=disagree").body;
    assert!(those.contains("data-at=\"1\"") && !those.contains("data-at=\"0\""), "{those}");
}

#[test]
fn others_of_the_same_name_are_offered_never_decided() {
    let dir = Workdir::new();
    let mut report = "CustomerID,AccountName,Country,AzureCluster\n".to_owned();
    for at in 0..3 {
        report.push_str(&format!("{},Quellbrink GmbH,Germany,Act Now\n", 30_000_000 + at));
    }
    dir.write("Azure.csv", report);
    dir.write(
        "Accounts.csv",
        "Account ID,Account Name,Billing City\n001A,Quellbrink GmbH,Ulm\n001B,Quellbrink GmbH,Kiel\n",
    );
    dir.run_doubtful();
    let pages = dir.pages(&["out"]);
    let said = pages.decide(0, "none", "");
    let more = said["more"].as_str().expect("a text");
    assert!(more.contains("2 others of the same name"), "{said}");
    assert_eq!(dir.verdict_lines(), 1);
    let same = pages.get("/review/rows?queue=open&same=30000000").body;
    assert_eq!(same.matches("role=\"option\"").count(), 2, "{same}");
}

#[test]
fn explanations_speak_the_language_of_the_page_and_all_columns_of_an_account_are_there() {
    let dir = Workdir::finished();
    let pages = dir.pages(&["out"]);
    pages.post("/language", "language=de");
    let row = dir.table("out/review.csv").rows[0].clone();
    let customers = dir.table("out/customers.csv");
    let at = customers.rows.iter().position(|of| of["customer_id"] == row["customer_id"]);
    let panel = pages.get(&format!("/review/case?at={}", at.expect("a customer"))).body;
    let told = after(&panel, "<p class=\"explanation\">", '<').expect("an explanation");
    for english in ["agrees", "differs", "similar", " in the "] {
        assert!(!told.contains(english), "{told}");
    }
    let pair = format!("at={}&account={}", at.expect("a customer"), row["account_id"]);
    let why = pages.get(&format!("/review/why?{pair}")).body;
    assert!(why.contains("Das ergibt 0.") && !why.contains("That makes"), "{why}");
    let record = pages.get(&format!("/review/record?account={}", row["account_id"])).body;
    assert!(record.contains(&row["account_name"]) && record.contains("Billing"), "{record}");
    assert_eq!(pages.get("/review/record?account=nobody").status, 409);
}
