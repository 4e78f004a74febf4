//! `docs/outputs.md` says what the program writes: it is made from the tables that the program
//! writes by. `UPDATE_GOLDEN=1 cargo test result::` makes it anew.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use serde_json::Value;

use super::{
    column::{Column, File},
    file,
    key::{HISTORY_KEYS, KEYS},
    outcome::{Estimate, GroupedBy, OutcomeRow, Outcomes},
    summary::{
        AreaFigures, ChangeFigures, ClusterFigures, ColumnSummary, FileSummary, FitIntentFigures,
        GroupFigures, InputSummary, LayerFigures, Measured, MonthFigures, Results, SimilarityBand,
        Summary,
    },
};

/// The files with columns, in the order of the page.
const FILES: [&File; 14] = [
    &file::contacts::FILE,
    &file::calls::FILE,
    &file::changes::FILE,
    &file::customers::FILE,
    &file::links::FILE,
    &file::review::FILE,
    &file::unmatched::FILE,
    &file::agreements::FILE,
    &file::suppressed::FILE,
    &file::problems::FILE,
    &file::outcomes::FILE,
    &file::verdicts::FILE,
    &file::campaigns::FILE,
    &file::errors::FILE,
];

const HEAD: &str = "\
# What comes out

A run writes one folder, `OUT`. This page names each file in it and each of its columns.

This page is a contract, and versions follow [Semantic Versioning](https://semver.org/) by it: a file, column, value, key
or exit status that is removed, renamed or gets another meaning makes a new major version; before 1.0.0 the second number
stands for it (0.2 to 0.3). New ones come with a minor version (before 1.0.0: 0.2.0 to 0.2.1), columns at the end of a file,
so read columns by name, never by number. Which rows a file has may change with any version that links or lists better:
`CHANGELOG.md` says so.

CSV files are UTF-8 with commas and line feeds, without a byte-order mark, and always have a header. Days read
`2026-11-21`; numbers have a point and no grouping; several values in one cell are joined with `; `; a cell is blank
where nothing is known. The workbooks (`.xlsx`) are for people: the columns that they need, under headings in their
language (`--language`), all columns on a second sheet where there are more; ids stay text in every Excel. Columns below
are those of the CSV files. With `--results parquet` each has a twin with the same columns, where days, counts, money and
similarities have their types and a blank is null.

`AREA` in the name of a column stands for a solution area as the headers of the reports have it: `cluster_Azure`.
";

const OTHERS: &str = "
## Further files

| file | what it is |
| --- | --- |
| `summary.html` | the run on one page, for people |
| `summary.json` | the same for scripts, see below |
| `settings.toml` | the flags of the run, to be given back with `--settings` |
| `manifest.json` | the files of the run and its campaigns, with inputs, rules and fingerprints |
| `campaigns/TARGET/` | lists as the target system imports them (`--target`); their columns are those of that system; `how-to-import.md` says how; with `--split campaign` one file per campaign |
| `history.json` | what is kept of the run for the months after it, see below |
| `OUT.history/2026-10.json` | the same, of the last run over the reports of each month |
| `.reconcile` | the mark of the folder: the files that the next run may replace |
| `OUT.previous/` | the results of the run before |
| `OUT.new/` | finished results that could not take the place of `OUT`, as a file of it was open |
| `.OUT.lock` | which process writes to `OUT`; it stays, and may be deleted when no run is under way |

## Exit status

| status | meaning |
| --- | --- |
| 0 | results were written; what could not be used is in `problems.csv` |
| 1 | error: nothing was written, the results of the run before are as they were |
| 2 | wrong usage: a flag is not understood |
| 3 | as 0, but with `--strict` and problems |

## Keys of `summary.json`

`[]` stands for each entry of a list. Every key is there, also when its number is 0. All numbers are counts, unless the
table says otherwise.

| key | meaning |
| --- | --- |
";

const HISTORY: &str = "
## Keys of an entry of the history

`OUT.history` keeps one entry per month of reports, that of the last run: what is needed to tell what has changed, and
no name, address or number of a person. A run is compared with the newest entry of an earlier month (`--previous` names
another). The newest 24 are kept (`--keep-history`). To forget a month delete its file; to forget all delete the folder,
and `history.json` of each result folder.

The files are JSON, with a line for each record. Keys whose value would be empty, 0 or `false` may be missing.

| key | meaning |
| --- | --- |
";

/// A text as a cell of a table in Markdown holds it.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn row(column: &Column) -> String {
    let Column { name, kind, meaning, example } = column;
    let name = if name.starts_with('(') { (*name).to_owned() } else { format!("`{name}`") };
    let example = if example.is_empty() { String::new() } else { format!("`{example}`") };
    let [meaning, values, example] = [meaning, kind.values(), &example].map(cell);
    format!("| {name} | {meaning} | {values} | {example} |\n")
}

fn section(file: &File) -> String {
    let name = if file.name.contains('`') { file.name.into() } else { format!("`{}`", file.name) };
    let book =
        file.workbook.as_ref().map(|book| format!(" and `{}`", book.name)).unwrap_or_default();
    let mut text = format!("\n## {name}{book}\n\nOne row per {}.\n\n", file.row);
    text.push_str("| column | meaning | values | example |\n| --- | --- | --- | --- |\n");
    text.extend(file.columns().map(row));
    text
}

fn page() -> String {
    let mut text = HEAD.to_owned();
    text.extend(FILES.map(section));
    text.push_str(OTHERS);
    for (key, meaning) in KEYS {
        let _ = writeln!(text, "| `{key}` | {} |", cell(meaning));
    }
    text.push_str(HISTORY);
    for (key, meaning) in HISTORY_KEYS {
        let _ = writeln!(text, "| `{key}` | {} |", cell(meaning));
    }
    text
}

/// Outcomes with something in each place.
fn outcomes() -> Outcomes {
    let estimate = Some(Estimate { value: 0.1, low: 0.0, high: 0.2 });
    let row = OutcomeRow {
        by: GroupedBy::Cluster,
        area: String::new(),
        group: String::new(),
        customers: 0,
        with_deal: 0,
        with_won: 0,
        deals_won: 0,
        deals_lost: 0,
        deals_open: 0,
        revenue_won: [("CURRENCY".to_owned(), 0.0)].into(),
        median_days: None,
        deal_rate: estimate,
        won_rate: estimate,
        others: 0,
        others_with_won: 0,
        lift: estimate,
    };
    Outcomes { periods: vec![String::new()], rows: vec![row], ..Outcomes::default() }
}

/// A summary with one entry in each list.
fn summary() -> Summary {
    let area = AreaFigures {
        clusters: vec![ClusterFigures::default()],
        cells: vec![FitIntentFigures::default()],
        ..AreaFigures::default()
    };
    let results = Results {
        similarities: vec![SimilarityBand::default()],
        bands: vec![String::new()],
        areas: vec![area],
        cohorts: vec![GroupFigures::default()],
        sub_segments: vec![GroupFigures::default()],
        agreements: vec![MonthFigures::default()],
        outcomes: outcomes(),
        ..Results::default()
    };
    let input = InputSummary { columns: vec![ColumnSummary::default()], ..Default::default() };
    let estimate = Some(Estimate { value: 0.0, low: 0.0, high: 0.0 });
    let layer = LayerFigures { share: estimate, ..LayerFigures::default() };
    Summary {
        measured: Measured { recall: estimate, layers: vec![layer], ..Measured::default() },
        results,
        inputs: vec![input],
        files: vec![FileSummary::default()],
        changes: ChangeFigures { not_compared: vec![String::new()], ..ChangeFigures::default() },
        warnings: vec![String::new()],
        notes: vec![String::new()],
        ..Summary::default()
    }
}

/// The keys of a value, each as a path, in their order.
pub(crate) fn keys(value: &Value, path: &str, found: &mut BTreeMap<String, ()>) {
    match value {
        Value::Object(values) => {
            for (key, value) in values {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                keys(value, &path, found);
            }
        }
        Value::Array(values) => {
            values.iter().for_each(|value| keys(value, &format!("{path}[]"), found));
        }
        _ => {
            found.insert(path.to_owned(), ());
        }
    }
}

#[test]
fn the_page_on_outputs_is_that_of_the_tables() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/outputs.md");
    let page = page();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &page).expect("docs/outputs.md");
    }
    let kept = fs::read_to_string(&path).expect("docs/outputs.md").replace("\r\n", "\n");
    assert!(kept == page, "run `UPDATE_GOLDEN=1 cargo test result::` and read the changes");
}

#[test]
fn every_key_of_the_summary_is_described_once() {
    let mut found = BTreeMap::new();
    keys(&serde_json::to_value(summary()).expect("JSON"), "", &mut found);
    let mut described: Vec<&str> = KEYS.iter().map(|(key, _)| *key).collect();
    described.sort_unstable();
    assert_eq!(described, found.keys().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn every_column_has_a_name_of_its_own_a_meaning_and_an_example() {
    for file in FILES {
        let mut names: Vec<&str> = file.columns().map(|column| column.name).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all, "{}: a name twice", file.name);
        for Column { name, meaning, example, .. } in file.columns() {
            assert!(meaning.ends_with('.'), "{}: {name}: {meaning:?}", file.name);
            assert!(!example.is_empty() || name.starts_with('('), "{}: {name}", file.name);
        }
    }
}
