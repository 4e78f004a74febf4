//! Whole reports read and merged.

use std::sync::Arc;

use super::*;
use crate::columns::ReportKind;
use crate::{
    columns::{ColumnRules, Forced, Overrides, Recognised, Side, recognise},
    problem::Problem,
    read::{Batch, TableInfo},
};

/// A report as a test writes it: kind, period, lines whose cells are parted by `|`.
type Report<'t> = (ReportKind, &'t str, &'t [&'t str]);

/// Everything that reading reports gives, or the message of the failure.
fn read(reports: &[Report<'_>], latest: bool) -> Result<(Customers, Vec<Problem>), String> {
    let rules = ColumnRules::embedded().unwrap();
    let report_rules = ReportRules::embedded().unwrap();
    let mut sources = Vec::new();
    let mut batches = Vec::new();
    for (kind, period, lines) in reports {
        let file: Arc<str> = format!("{}-{period}.csv", kind.word()).into();
        let header = lines[0].split('|').map(str::to_owned).collect();
        let info = TableInfo { file: file.to_string(), header, ..TableInfo::default() };
        let mut batch = Batch::new(file.clone());
        for (line, text) in (2..).zip(&lines[1..]) {
            batch.push(line, text.split('|'));
        }
        let asked = (Side::Report, Some(Forced::Report(*kind)));
        let found = recognise(&info, &batch, asked, &Overrides::default(), &rules).unwrap();
        let Recognised::Report(kind, layout) = found.what else { panic!("{file}") };
        let period = Period::find(period).unwrap();
        sources.push(ReportSource { kind, period, file, layout });
        batches.push(batch);
    }
    let mut builder = CustomersBuilder::new(sources, latest, &report_rules, rules.words());
    for at in builder.reading_order() {
        builder.add(at, &batches[at]);
    }
    builder.finish().map_err(|error| error.to_string())
}

fn customers(reports: &[Report<'_>]) -> Customers {
    read(reports, false).expect("the reports are read").0
}

fn value<'c>(customers: &'c Customers, customer: usize, header: &str) -> &'c str {
    customers.columns.cell(customer, customers.columns.find(header).expect(header))
}

use crate::columns::ReportKind::*;

#[test]
fn reports_merge_by_customer_id_and_the_first_kind_wins() {
    let reports: &[Report<'_>] = &[
        (
            Azure,
            "2026-10",
            &["Customer ID|Account Name|Domain|City", "2|Fabrikam Inc|fabrikam.com|Oslo"],
        ),
        (
            M365,
            "2026-10",
            &[
                "CustomerID|AccountName|Domain|City",
                "2|Fabrikam||-?-",
                "1|Contoso|contoso.com|Graz",
            ],
        ),
    ];
    let (customers, problems) = read(reports, false).unwrap();
    let ids: Vec<&str> = customers.list.iter().map(|customer| customer.id.as_str()).collect();
    assert_eq!(ids, ["1", "2"]);
    let fabrikam = &customers.list[1];
    assert_eq!(fabrikam.name, "Fabrikam");
    assert_eq!(fabrikam.domain, "fabrikam.com", "a blank never wins");
    assert_eq!(fabrikam.city, "Oslo", "nor does a value without letters or digits");
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].column, "AccountName");
    assert!(!problems[0].record_lost);
}

#[test]
fn an_area_is_taken_from_its_own_report_then_surface_then_renewals() {
    let header = "CustomerID|Domain|AzureCluster|M365Cluster|M365 Fit";
    for (kinds, want) in [
        ([Azure, M365, Renewals], "Azure: Act Now; M365: Evaluate"),
        ([Surface, D365, Renewals], "Azure: Act Now; M365: Act Now"),
        ([Azure, Renewals, D365], "Azure: Act Now; M365: Evaluate"),
    ] {
        let lines: [&[&str]; 3] = [
            &[header, "1|contoso.com|Act now|Act Now|80"],
            &[header, "1|contoso.com|Nurture|Bewerten|70"],
            &[header, "1|contoso.com|教育|Educate|60"],
        ];
        let reports: Vec<Report<'_>> =
            kinds.into_iter().zip(lines).map(|(kind, lines)| (kind, "2026-10", lines)).collect();
        let customers = customers(&reports);
        let text = customers.list[0].clusters_text(&customers.areas);
        assert_eq!(text, want, "kinds: {kinds:?}");
    }
}

#[test]
fn spellings_of_an_area_are_one_and_headers_that_end_alike_are_none() {
    let rules = ReportRules::embedded().unwrap();
    for (header, want) in [
        ("AzureCluster", Some("Azure")),
        ("Surface Intent", Some("Surface")),
        ("SurfaceIntent", Some("Surface")),
        ("Microsoft365Fit", Some("M365")),
        ("M365Fit", Some("M365")),
        ("m365_fit", Some("M365")),
        ("azurefit", Some("Azure")),
        ("CopilotFit", Some("Copilot")), // no table knows it
        ("D365 BC Cluster", Some("D365BC")),
        ("Profit", None),
        ("Benefit", None),
        ("PROFIT", None),
        ("Fit", None),
    ] {
        let area = plan::propensity(header, &rules).map(|(area, _)| area);
        assert_eq!(area.as_deref(), want, "header: {header:?}");
    }
}

#[test]
fn a_cluster_without_an_area_is_that_of_the_report() {
    let lines = ["CustomerID|Domain|Cluster|Fit|Intent", "1|a.com|Act Now|70|80"];
    let customers = customers(&[(Security, "2026-10", &lines)]);
    assert_eq!(customers.areas, ["Security"]);
    assert_eq!(customers.list[0].clusters_text(&customers.areas), "Security: Act Now");
    assert_eq!(&*customers.list[0].propensity[0].fit, "70");
}

#[test]
fn clusters_are_derived_where_none_is_printed_and_marked() {
    for (cells, want, best) in [
        ("|80|90", "Azure: Act Now (derived)", None),
        ("|High|Very low", "Azure: Act Now (derived)", None),
        ("|Hoch|低", "Azure: Act Now (derived)", None),
        ("|Medium|High", "", None), // B1: not published
        ("Educate|80|90", "Azure: Educate", Some(Cluster::Educate)), // a printed one wins
        ("|80|", "", None),
        ("|180|90", "", None),
    ] {
        let row = format!("1|contoso.com|{cells}");
        let lines = ["CustomerID|Domain|AzureCluster|AzureFit|AzureIntent", &row];
        let customers = customers(&[(Azure, "2026-10", &lines)]);
        let customer = &customers.list[0];
        assert_eq!(customer.clusters_text(&customers.areas), want, "cells: {cells}");
        assert_eq!(customer.best_cluster(false), best, "cells: {cells}");
    }
}

#[test]
fn cohorts_are_yes_no_columns_that_are_no_known_attribute() {
    for (header, values, want) in [
        ("MW_EDU for Surface", ["Yes", "No"], true),
        ("D365_AX Customer, No BC/Finance", ["", ""], true), // the front alone
        ("MigrateSAPOnAzure", ["はい", "いいえ"], true),
        ("Rückholung", ["Ja", ""], true),
        ("Relance", ["Oui", "Non"], true),
        ("Play", ["TRUE", "FALSE"], true),
        ("Play", ["1", "0"], true),
        ("Play", ["1", ""], true),
        ("Existing Workloads", ["1", "1"], false), // a number, or a list
        ("Has Azure", ["Yes", "No"], false),
        ("WindowsServerStandard_HasOpenRenewal", ["Yes", "No"], false),
        ("M365UpsellCustomer", ["Yes", "No"], false),
        ("Transacted in the last 36 months", ["Yes", "No"], false),
        ("IsNonProfit", ["No", "No"], false),
        ("Azure_Rank", ["3", "4"], false),
        ("Region code", ["", ""], false),
    ] {
        let header_line = format!("CustomerID|Domain|{header}");
        let rows = [format!("1|a.com|{}", values[0]), format!("2|b.com|{}", values[1])];
        let lines = [header_line.as_str(), &rows[0], &rows[1]];
        let customers = customers(&[(M365, "2026-10", &lines)]);
        assert_eq!(customers.cohorts == [header], want, "{header}: {values:?}");
        if want && !values[0].is_empty() {
            assert_eq!(customers.list[0].cohorts_text(&customers.cohorts), header);
            assert_eq!(customers.list[1].cohorts_text(&customers.cohorts), "");
        }
    }
}

#[test]
fn sub_segments_are_derived_from_the_size_where_none_is_printed() {
    for (cells, want) in [
        ("300||", "Upper medium (derived)"),
        ("25-299||", "Medium (derived)"),
        ("24||", "Small / very small (derived)"),
        ("200-400||", ""), // straddles a limit
        ("300|Medium|Small", "Medium"),
        ("300||Corporate Scale", "Upper medium (derived)"),
        ("||Corporate Scale", "Corporate Scale"),
        ("||", ""),
    ] {
        let row = format!("1|contoso.com|{cells}");
        let lines = ["CustomerID|Domain|OrgSize|Sub Segment|SMCTypeSummary", &row];
        let customers = customers(&[(M365, "2026-10", &lines)]);
        assert_eq!(customers.list[0].sub_segment, want, "cells: {cells}");
    }
}

#[test]
fn agreements_are_gathered_once_in_order_of_their_end() {
    let lines = [
        "CustomerID|Domain|Agreement ID|Agreement End Date|License Program|RevSumDivisionName|Expiration Type|Expiring Revenue|Has EA",
        "1|contoso.com|B|2027-01-31|Open|Windows|Natural|50|Yes",
        "1|contoso.com|A|2026-09-30|EA|Office|Natural|1000.50|Yes",
        "1|contoso.com|B|2027-01-31|Open|Windows|Natural|50|Yes",
        "1|contoso.com|C|2026-11-21|EA|Azure|Natural||Yes",
    ];
    let customers = customers(&[(Renewals, "2026-10", &lines)]);
    let customer = &customers.list[0];
    let ids: Vec<&str> =
        customer.agreements.iter().map(|agreement| agreement.id.as_str()).collect();
    assert_eq!(ids, ["A", "C", "B"]);
    let as_of = jiff::civil::date(2026, 10, 25);
    assert_eq!(customer.next_agreement_end(as_of), Some(jiff::civil::date(2026, 11, 21)));
    assert_eq!(customer.expiring_revenue(as_of), Some(5_000));
    assert_eq!(customer.expiring_revenue(jiff::civil::date(2030, 1, 1)), None);
    assert_eq!(value(&customers, 0, "Agreement ID"), "A; C; B");
    assert_eq!(value(&customers, 0, "Has EA"), "Yes");
}

#[test]
fn revenue_and_signals_are_kept_per_kind_of_report() {
    let customers = customers(&[
        (Azure, "2026-10", &["CustomerID|Domain|Revenue Range|Azure Signal", "1|a.com|10-20|up"]),
        (Surface, "2026-10", &["CustomerID|Domain|RevenueRange", "1|a.com|1-2"]),
    ]);
    assert_eq!(value(&customers, 0, "Revenue Range (Azure report)"), "10-20");
    assert_eq!(value(&customers, 0, "RevenueRange (Surface report)"), "1-2");
    assert_eq!(value(&customers, 0, "azure signal"), "up");
}

#[test]
fn partner_locations_are_no_contradiction() {
    let lines = ["MPNID|CustomerID|Domain", "22|1|a.com", "11|1|a.com", "22|1|a.com"];
    let (customers, problems) = read(&[(Azure, "2026-10", &lines)], false).unwrap();
    assert_eq!(value(&customers, 0, "MPN ID"), "11; 22");
    assert_eq!(problems, []);
}

#[test]
fn values_that_mean_the_same_are_no_contradiction() {
    for (header, one, other, want) in [
        ("DUNSNumber", "045149620", "45149620", 0), // as Excel saves it
        ("DUNSNumber", "045149620", "45149621", 1),
        ("AzureCluster", "Act Now", "Jetzt handeln", 0),
        ("AzureCluster", "Act Now", "Bewerten", 1),
        ("City", "Bonn", "BONN", 0),
        ("City", "Bonn", "Ulm", 1),
    ] {
        let header = format!("CustomerID|Domain|{header}");
        let rows = [one, other].map(|value| format!("1|contoso.com|{value}"));
        let azure = [header.as_str(), &rows[0]];
        let renewals = [header.as_str(), &rows[1]];
        let reports: [Report<'_>; 2] =
            [(Azure, "2026-10", &azure), (Renewals, "2026-10", &renewals)];
        let (_, problems) = read(&reports, false).unwrap();
        assert_eq!(problems.len(), want, "{header}: {one} and {other}: {problems:?}");
    }
}

#[test]
fn a_customer_without_a_domain_takes_that_of_its_tenant() {
    for (cells, want) in
        [("contoso.com|tenant.com", "contoso.com"), ("|tenant.com", "tenant.com"), ("|", "")]
    {
        let row = format!("1|Contoso|{cells}");
        let lines = ["CustomerID|AccountName|Domain|TenantDomainName", &row];
        assert_eq!(customers(&[(M365, "2026-10", &lines)]).list[0].domain, want, "cells: {cells}");
    }
}

#[test]
fn a_damaged_id_is_reported_and_the_customer_kept_by_domain_and_name() {
    let (customers, problems) = read(
        &[(
            Azure,
            "2026-10",
            &["CustomerID|AccountName|Domain", "2.8E+11|Contoso|contoso.com", "0|Fabrikam|"],
        )],
        false,
    )
    .unwrap();
    let ids: Vec<(&str, &str)> =
        customers.list.iter().map(|of| (of.id.as_str(), of.customer_id.as_str())).collect();
    assert_eq!(ids, [("contoso.com|contoso", ""), ("|fabrikam", "")]);
    assert_eq!((problems.len(), problems[0].line), (1, 2));
}

#[test]
fn a_damaged_report_speaks_of_the_same_customers_as_the_others() {
    let reports: &[Report<'_>] = &[
        (
            Azure,
            "2026-10",
            &[
                "CustomerID|AccountName|Domain|AzureCluster",
                "2.8E+11|Contoso|www.contoso.com|Act Now",
            ],
        ),
        (
            M365,
            "2026-10",
            &["CustomerID|AccountName|Domain|City", "280000000001|Contoso|contoso.com|Graz"],
        ),
    ];
    let customers = customers(reports);
    assert_eq!(customers.list.len(), 1);
    assert_eq!(customers.list[0].customer_id, "280000000001");
    assert_eq!(customers.list[0].best_cluster(false), Some(Cluster::ActNow));
}

#[test]
fn rows_that_name_no_customer_are_lost_and_reported() {
    let lines = ["CustomerID|AccountName|Domain|City", "|||Graz"];
    let (customers, problems) = read(&[(Azure, "2026-10", &lines)], false).unwrap();
    assert!(customers.list.is_empty());
    assert!(problems[0].record_lost);
}

#[test]
fn two_periods_of_one_kind_that_share_customers_need_latest() {
    let old: &[&str] = &["CustomerID|Domain|City", "1|a.com|Oslo", "2|b.com|Rome"];
    let new: &[&str] = &["CustomerID|Domain|City", "1|a.com|Graz"];
    let reports: &[Report<'_>] = &[(Azure, "2026-09", old), (Azure, "2026-10", new)];
    insta::assert_snapshot!(read(reports, false).unwrap_err(), @"azure-2026-09.csv and azure-2026-10.csv: two azure reports with the same customers, for 2026-09 and 2026-10");
    let (customers, problems) = read(reports, true).unwrap();
    assert_eq!(customers.list[0].city, "Graz");
    assert_eq!(customers.list[1].city, "Rome", "the later report does not speak of it");
    assert_eq!(problems, []);
    let apart: &[Report<'_>] = &[(Azure, "2026-09", &["CustomerID|Domain", "3|c.com"]), reports[1]];
    assert!(read(apart, false).is_ok());
}

#[test]
fn the_order_of_reports_and_rows_changes_nothing() {
    let azure: &[&str] = &["CustomerID|Name|Domain|City", "1|B|b.com|Oslo", "1|A|a.com|Rome"];
    let turned: &[&str] = &["CustomerID|Name|Domain|City", "1|A|a.com|Rome", "1|B|b.com|Oslo"];
    let surface: &[&str] = &["City|CustomerID|Domain", "Bonn|1|c.com", "Bonn|2|d.com"];
    let one = customers(&[(Azure, "2026-10", azure), (Surface, "2026-10", surface)]);
    let other = customers(&[(Surface, "2026-10", surface), (Azure, "2026-10", turned)]);
    assert_eq!(one.list, other.list);
    assert!(one.columns.headers().eq(other.columns.headers()));
}

#[test]
fn unknown_words_for_a_cluster_are_reported() {
    let lines = ["CustomerID|Domain|AzureCluster", "1|a.com|Loslegen"];
    let (customers, problems) = read(&[(Azure, "2026-10", &lines)], false).unwrap();
    assert_eq!(customers.list[0].best_cluster(false), None);
    assert_eq!((problems.len(), problems[0].column.as_str()), (1, "AzureCluster"));
}
