//! The files of a small run, from what was decided to what is read back.

use std::{fs, sync::Arc};

use calamine::{Data, Reader as _};
use jiff::civil::date;

use super::*;
use crate::{
    columns::{ColumnRules, Forced, Overrides, Recognised, ReportKind, Side, recognise},
    compare::{Comparison, Level, Pass, Score, parameters::Matching},
    crm::Permission,
    decide::{DecidedBy, Link, Outcome, ReviewReason, UnmatchedReason},
    history::RunFacts,
    language::Language,
    link::AccountFields,
    lists::{ContactCounts, CurrentDeals, ListedContact, tests::config},
    read::{Batch, TableInfo},
    report::{
        Agreement, Bands, Cluster, Customer, CustomersBuilder, Period, Propensity, ReportColumns,
        ReportRules, ReportSource,
    },
    result::outcome::Outcomes,
};

/// What a run found, owned.
struct Case {
    config: Config,
    customers: Customers,
    decisions: Decisions,
    contacts: ContactLists,
    deals: CurrentDeals,
    outcomes: Outcomes,
    problems: Vec<Problem>,
    report_rules: ReportRules,
    verdicts: Verdicts,
    texts: Texts,
    limits: Limits,
    entry: Entry,
    changes: Changes,
    tagged: Tagged,
}

impl Case {
    fn findings<'f>(&'f self) -> Findings<'f> {
        Findings {
            config: &self.config,
            customers: &self.customers,
            decisions: &self.decisions,
            contacts: &self.contacts,
            deals: &self.deals,
            outcomes: &self.outcomes,
            report_rules: &self.report_rules,
            verdicts: &self.verdicts,
            unclear: &[],
            limits: &self.limits,
            texts: &self.texts,
            entry: &self.entry,
            changes: &self.changes,
            tagged: &self.tagged,
            explain: &|of| of.iter().map(|of| format!("why {}", of.account.id()).into()).collect(),
            accounts: AccountCounts { linked: 1, candidate_only: 1, ..AccountCounts::default() },
            accounts_read: 2,
            contacts_read: self.contacts.counts.total(),
            contacts_unreadable: 0,
            problems: &self.problems,
            inputs: Vec::new(),
            warnings: Vec::new(),
            notes: Vec::new(),
            started: "2026-11-21T10:00:00Z".into(),
            now: &|| "2026-11-21T10:00:01Z".into(),
        }
    }
}

fn candidate(customer: u32, id: &str, score: u16) -> Candidate {
    let account = AccountFields {
        id: id.into(),
        name: format!("{id} GmbH").into(),
        owner: "Kim".into(),
        ..AccountFields::default()
    };
    let comparison = Comparison {
        score: Score::new(score),
        weight: 0,
        pass: Some(Pass::Domain),
        domain: Level::Agrees,
        name: Level::Similar,
        id: Level::MissingRight,
        place: Level::MissingLeft,
        ..Comparison::default()
    };
    Candidate { customer, account: account.pack(), comparison }
}

/// Three customers: linked, in review, unmatched.
fn case(out: &Path) -> Case {
    let customer = |id: &str, name: &str| Customer {
        id: id.into(),
        name: name.into(),
        propensity: vec![Propensity {
            cluster: Some(Cluster::ActNow),
            derived: false,
            fit: "High".into(),
            intent: "Low".into(),
            bands: Some(Bands { fit: 0, intent: 2 }),
        }],
        ..Customer::default()
    };
    let mut linked = customer("0001", "Contoso, \"AG\"");
    linked.cohorts = vec![0, 1];
    linked.agreements = vec![Agreement {
        id: "E1".into(),
        end_date: Some(date(2026, 12, 31)),
        expiring_revenue: Some(1_250_050),
        ..Agreement::default()
    }];
    let link = Link {
        candidate: candidate(0, "A1", 9_876),
        decided_by: DecidedBy::Rule,
        duplicate_group: String::new(),
        runner_up: None,
    };
    let review =
        vec![candidate(1, "B2", 7_000), candidate(1, "B1", 7_000), candidate(1, "B3", 8_000)];
    let listed = ListedContact {
        customer: 0,
        contact_id: "C1".into(),
        account_id: "A1".into(),
        account_name: "A1 GmbH".into(),
        first_name: "Ada".into(),
        last_name: "=Lovelace".into(),
        email: "ada@contoso.com".into(),
        email_permission: Permission::Allowed,
        phone: "+49 30 1".into(),
        job_title: "".into(),
        city: "Bonn".into(),
        country: "Germany".into(),
        account_inactive: false,
        pass: Some(Pass::Domain),
        score: Score::new(9_876),
        ..ListedContact::default()
    };
    Case {
        report_rules: ReportRules::embedded().unwrap(),
        verdicts: Verdicts::default(),
        texts: Texts::load(None, Language::default()).unwrap(),
        limits: Matching::load(None).unwrap().limits,
        entry: Entry::new(
            RunFacts { period: "2026-10".into(), ..RunFacts::default() },
            Vec::new(),
            (Vec::new(), Vec::new()),
        ),
        changes: Changes::default(),
        tagged: Tagged::default(),
        config: config(out),
        customers: Customers {
            list: vec![linked, customer("0002", "Fabrikam"), customer("0003", "Tailspin")],
            areas: vec!["Azure".into()],
            cohorts: vec!["Cloud Ascent A".into(), "Cohort B".into()],
            has_clusters: true,
            columns: columns(),
        },
        decisions: Decisions {
            outcomes: vec![
                Outcome::Linked(vec![link]),
                Outcome::Review(ReviewReason::Tie, review),
                Outcome::Unmatched(UnmatchedReason::NothingNear, Some(candidate(2, "D1", 100))),
            ],
            ..Decisions::default()
        },
        deals: CurrentDeals::default(),
        outcomes: Outcomes::default(),
        contacts: ContactLists {
            listed: vec![listed],
            counts: ContactCounts { listed: 1, ..ContactCounts::default() },
            of_customer: vec![(1, 0), (0, 0), (0, 0)],
            ..ContactLists::default()
        },
        problems: Vec::new(),
    }
}

/// The columns of a report on the three customers.
fn columns() -> ReportColumns {
    let header = ["CustomerID", "CustomerName", "Note", "Code"].map(str::to_owned);
    let file: Arc<str> = "azure.csv".into();
    let info = TableInfo { file: file.to_string(), header: header.into(), ..TableInfo::default() };
    let mut batch = Batch::new(file.clone());
    for (line, id) in [(2, "0001"), (3, "0002"), (4, "0003")] {
        batch.push(line, [id, "A company", "=cmd()", "007"]);
    }
    let rules = ColumnRules::embedded().unwrap();
    let asked = (Side::Report, Some(Forced::Report(ReportKind::Azure)));
    let found = recognise(&info, &batch, asked, &Overrides::default(), &rules).unwrap();
    let Recognised::Report(kind, layout) = found.what else { panic!("a report") };
    let period = Period::new(2026, 11).unwrap();
    let report = ReportRules::embedded().unwrap();
    let sources = vec![ReportSource { kind, period, file, layout }];
    let mut builder = CustomersBuilder::new(sources, false, &report, rules.words());
    builder.add(0, &batch);
    builder.finish().unwrap().0.columns
}

fn run(case: &Case) -> Summary {
    let taken = prepare(&case.config, "2026-11-21T10:00:00Z").unwrap();
    publish(&case.findings(), &taken, |_, _| Ok(())).unwrap()
}

#[test]
fn every_file_is_written_with_its_header() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("lists");
    let mut case = case(&out);
    case.customers.list.clear();
    case.decisions.outcomes.clear();
    case.contacts = ContactLists::default();
    run(&case);
    for (file, header) in [
        (
            "customers.csv",
            "customer_id,customer_name,domain,status,reason,account_ids,account_owner,best_cluster,clusters,cohorts,contacts_listed,contacts_suppressed,next_agreement_end,expiring_revenue,CustomerID,CustomerName,Note,Code,customer_city,customer_state,customer_postal_code,customer_country,customer_industry,sub_segment,deal,cell_Azure\n",
        ),
        (
            "contacts.csv",
            "contact_id,account_id,customer_id,first_name,last_name,email,email_permission,phone,job_title,account_name,customer_name,best_cluster,clusters,cohorts,next_agreement_end,expiring_revenue,org_size,sub_segment,industry,vertical,city,country,pass,similarity,cluster_Azure,fit_Azure,intent_Azure,account_status,salutation,postal_code,phone_permission,post_permission,ad_permission,account_owner,role,address_kind,merged_contact_ids,values_from,deal,expected_value,expected_value_formula,cell_Azure\n",
        ),
        (
            "links.csv",
            "customer_id,customer_name,account_id,account_name,pass,similarity,decided_by,reason,domain_level,name_level,id_level,place_level,duplicate_group,runner_up_account_id,runner_up_similarity,explanation,account_status\n",
        ),
        (
            "review.csv",
            "customer_id,customer_name,customer_domain,customer_city,customer_country,reason,rank,account_id,account_name,account_domain,account_city,account_country,pass,similarity,domain_level,name_level,id_level,place_level,best_cluster,cohorts,explanation,seen,verdict,note,expiring_revenue,org_size,reviewer,earlier_decision\n",
        ),
        (
            "unmatched.csv",
            "customer_id,customer_name,domain,city,country,reason,best_cluster,cohorts,nearest_account_id,nearest_account_name,nearest_similarity,nearest_explanation\n",
        ),
        (
            "agreements.csv",
            "agreement_id,customer_id,customer_name,account_ids,account_owner,end_date,program,product,expiration_type,expiring_revenue\n",
        ),
        ("suppressed.csv", "contact_id,account_id,reason,decided_by_record\n"),
        ("problems.csv", "file,line,column,problem,kind,record,value,kept_value,why\n"),
        (
            "outcomes.csv",
            "by,area,group,customers,with_deal,with_won,deals_won,deals_lost,deals_open,revenue_won,median_days,deals_per_100,deals_per_100_low,deals_per_100_high,won_per_100,won_per_100_low,won_per_100_high,others,others_with_won,lift,lift_low,lift_high,reading\n",
        ),
        ("settings.toml", "out = \"lists\"\n"),
    ] {
        assert_eq!(fs::read_to_string(out.join(file)).unwrap(), header, "{file}");
    }
    for file in ["customers.xlsx", "contacts.xlsx", "review.xlsx", "summary.json"] {
        assert!(out.join(file).is_file(), "{file}");
    }
}

#[test]
fn rows_are_written_in_the_stated_order_and_form() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("lists");
    let summary = run(&case(&out));
    let text = |file: &str| fs::read_to_string(out.join(file)).unwrap();
    let rows = |file: &str| text(file).lines().skip(1).map(str::to_owned).collect::<Vec<_>>();

    assert_eq!(
        rows("customers.csv")[0],
        "0001,\"Contoso, \"\"AG\"\"\",,linked,accepted by the domain pass,A1,Kim,Act Now,\
         Azure: Act Now,Cloud Ascent A; Cohort B,1,0,2026-12-31,12500.5,0001,A company,=cmd(),007,,,,,,,,A3"
    );
    assert_eq!(rows("links.csv").len(), 1);
    let review: Vec<String> = rows("review.csv")
        .iter()
        .map(|row| row.split(',').skip(6).take(2).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(review, ["1 B3", "2 B1", "3 B2"]); // by similarity, then account id
    assert!(rows("unmatched.csv")[0].ends_with("nothing near,Act Now,,D1,D1 GmbH,0.0100,why D1"));
    assert!(rows("contacts.csv")[0].ends_with(
        "Bonn,Germany,domain,0.9876,Act Now,High,Low,active,,,unknown,unknown,unknown,,,person,,,,,,A3"
    ));
    let formulas: u64 = summary.files.iter().map(|file| file.formula_like_cells).sum();
    assert_eq!(formulas, 4, "three notes, a last name; no phone");
}

#[test]
fn workbooks_hold_text_and_numbers_only() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("lists");
    run(&case(&out));
    let mut book = calamine::open_workbook_auto(out.join("customers.xlsx")).unwrap();
    let range = book.worksheet_range("All columns").unwrap();
    let row = range.rows().nth(1).unwrap();
    assert_eq!(row[0], Data::String("0001".into()), "an id keeps its noughts");
    assert_eq!(row[13], Data::Float(12_500.5));
    assert_eq!(row[16], Data::String("=cmd()".into()), "no formula");
    assert!(book.worksheet_formula("All columns").unwrap().is_empty());
}

#[test]
fn a_filled_in_review_sheet_reaches_the_verdicts_before_it_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("lists");
    let case = case(&out);
    run(&case);
    let review = fs::read_to_string(out.join("review.csv")).unwrap();
    // saved again by a German Excel: semicolons, Windows-1252
    let saved = review.replacen(",,,,,,\n", ",annehmen,gepr\u{fc}ft,,,,\n", 1).replace(',', ";");
    fs::write(out.join("review.csv"), encoding_rs::WINDOWS_1252.encode(&saved).0).unwrap();

    run(&case);

    let verdicts = fs::read_to_string(&case.config.verdicts).unwrap();
    let lines: Vec<&str> = verdicts.lines().collect();
    assert_eq!(lines.len(), 2, "{verdicts}");
    assert!(lines[1].starts_with("0002,B3,accept,,2026-11-21T10:00:00Z,c"), "{verdicts}");
    assert!(lines[1].ends_with(",geprüft"), "{verdicts}");
    assert!(Folders::of(&out).previous.join("review.csv").is_file());
}

#[test]
fn a_verdict_typed_while_the_run_is_under_way_is_not_lost() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("lists");
    let case = case(&out);
    run(&case);
    let taken = prepare(&case.config, "2026-11-21T10:00:00Z").unwrap();
    let review = fs::read_to_string(out.join("review.csv")).unwrap();
    fs::write(out.join("review.csv"), review.replacen(",,,,,,\n", ",reject,,,,,\n", 1)).unwrap();
    publish(&case.findings(), &taken, |_, _| Ok(())).unwrap();
    let verdicts = fs::read_to_string(&case.config.verdicts).unwrap();
    assert!(verdicts.contains("0002,B3,reject"), "{verdicts}");
}

#[test]
fn a_verdict_typed_into_results_that_were_not_published_is_not_lost() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("lists");
    let case = case(&out);
    run(&case);
    fs::write(out.join("~$customers.xlsx"), "").unwrap(); // Excel has it open
    fs::write(out.join("customers.xlsx"), "").unwrap();
    let taken = prepare(&case.config, "2026-11-21T10:00:00Z").unwrap();
    publish(&case.findings(), &taken, |_, _| Ok(())).unwrap_err();
    drop(taken);
    let new = Folders::of(&out).new.join("review.csv");
    let review = fs::read_to_string(&new).unwrap();
    fs::write(&new, review.replacen(",,,,,,\n", ",accept,,,,,\n", 1)).unwrap();

    let taken = prepare(&case.config, "2026-11-21T10:00:00Z").unwrap();
    assert_eq!(taken.harvest.added, 1);
}

#[test]
fn every_file_that_a_run_writes_is_known_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("lists");
    run(&case(&out));
    let names = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name());
    let unknown: Vec<_> = names
        .filter(|name| !ledger::is_ours_by_name(&name.to_string_lossy()))
        .filter(|name| name != crate::read::RESULT_MARK)
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}: a stopped run would leave them");
}

#[test]
fn a_review_sheet_of_which_not_all_was_taken_in_stays() {
    let edits = [("accept,sure", false), ("maybe,", true), (",ask Petra", false)];
    for (typed, stays) in edits {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("lists");
        let case = case(&out);
        run(&case);
        let review = fs::read_to_string(out.join("review.csv")).unwrap();
        fs::write(
            out.join("review.csv"),
            review.replacen(",,,,,,\n", &format!(",{typed},,,,\n"), 1),
        )
        .unwrap();
        let summary = run(&case);
        assert_eq!(out.join("review (edited).csv").exists(), stays, "{typed}");
        assert_eq!(summary.notes.iter().any(|note| note.contains("review.csv")), stays, "{typed}");
    }
}

#[test]
fn verdicts_inside_the_output_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("lists");
    let config = Config { verdicts: out.join("verdicts.csv"), ..config(&out) };
    let error = prepare(&config, "").unwrap_err();
    assert!(error.to_string().starts_with("--verdicts"), "{error}");
}

#[test]
fn totals_that_do_not_close_publish_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("lists");
    let case = case(&out);
    let mut findings = case.findings();
    findings.accounts_read = 3;
    let prepared = prepare(&case.config, "2026-11-21T10:00:00Z").unwrap();
    let error = publish(&findings, &prepared, |_, _| Ok(())).unwrap_err();
    assert!(error.to_string().contains("3 accounts read, 2 in a status"), "{error}");
    assert!(!out.exists() && !Folders::of(&out).new.exists());
}

#[test]
fn one_thread_or_four_write_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let mut written = Vec::new();
    for threads in [1, 4] {
        let out = folder.path().join(format!("lists{threads}"));
        let case = case(&out);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| run(&case));
        let text = |file: &str| fs::read(out.join(file)).unwrap();
        written.push(["customers.csv", "contacts.csv", "links.csv", "review.csv"].map(text));
    }
    assert_eq!(written[0], written[1]);
}

/// The elements directly below the root of a part of a workbook, in order.
fn elements(book: &Path, part: &str) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(fs::File::open(book).unwrap()).unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut archive.by_name(part).unwrap(), &mut xml).unwrap();
    let (mut names, mut depth) = (Vec::new(), 0);
    for tag in xml.split('<').skip(1).filter(|tag| !tag.starts_with('?')) {
        let name = tag.trim_start_matches('/').split([' ', '>', '/']).next().unwrap().to_owned();
        let closes = tag.starts_with('/');
        if depth == 1 && !closes {
            names.push(name);
        }
        match (closes, tag.contains("/>")) {
            (true, _) => depth -= 1,
            (false, false) => depth += 1,
            (false, true) => {}
        }
    }
    names
}

#[test]
fn a_sheet_is_built_as_a_library_for_excel_builds_it() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("lists");
    run(&case(&out));

    let theirs = folder.path().join("theirs.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let words = ["accept", "reject", "none"];
    let list = rust_xlsxwriter::DataValidation::new().allow_list_strings(&words).unwrap();
    sheet.add_data_validation(1, 22, 3, 22, &list).unwrap();
    sheet.set_freeze_panes(1, 3).unwrap();
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_footer("&P").set_repeat_rows(0, 0).unwrap();
    sheet.set_column_width(0, 22).unwrap();
    sheet.autofilter(0, 0, 3, 23).unwrap();
    let green_corner = rust_xlsxwriter::IgnoreError::NumberStoredAsText;
    sheet.ignore_error_range(1, 0, 3, 23, green_corner).unwrap();
    sheet.write_string(3, 23, "x").unwrap();
    book.save(&theirs).unwrap();

    let ours = out.join("review.xlsx");
    let part = "xl/worksheets/sheet1.xml";
    assert_eq!(elements(&ours, part), elements(&theirs, part));
    for part in ["xl/workbook.xml", "xl/styles.xml"] {
        let theirs = elements(&theirs, part);
        let mut rest = theirs.iter();
        for element in elements(&ours, part) {
            let known = element == "numFmts" || rest.any(|theirs| *theirs == element);
            assert!(known, "{part}: {element} is not where it belongs in {theirs:?}");
        }
    }
}
