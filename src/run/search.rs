//! Accounts of the CRM by what a person types: a name, a domain, an id.

use super::{Found, Rules, accounts::account_layout};
use crate::{
    config::Config,
    crm::Account,
    error::{Error, Result},
    inputs::{Inputs, RunLog, Source, SourceBatch, each_batch},
    read::Row,
    text::{fold::folded, id::join_key},
};

/// Accounts that are shown, at most.
const MOST: usize = 50;

/// An account that was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    /// Whether the id is another than what was typed: an account of that very id comes first.
    is_other: bool,
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) website: String,
    pub(crate) place: String,
}

impl Hit {
    fn of(account: &Account<'_>, is_id: bool) -> Hit {
        let place = [account.city, account.country].join(" ");
        Hit {
            is_other: !is_id,
            name: account.name.to_owned(),
            id: account.id.to_string(),
            website: account.websites.first().copied().unwrap_or("").to_owned(),
            place: place.trim().to_owned(),
        }
    }
}

/// Reads the accounts of a run and gives those whose name, website or id holds all words.
///
/// # Errors
///
/// When a file cannot be read.
pub(crate) fn search(config: &Config, rules: &Rules, typed: &str) -> Result<Vec<Hit>> {
    let words: Vec<String> = folded(typed).split_whitespace().map(str::to_owned).collect();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let id = join_key(typed.trim());
    let inputs = Inputs::of(config, &rules.columns)?;
    let sources: Vec<(usize, &Source)> =
        inputs.which(|what| account_layout(what).is_some()).collect();
    let known = rules.columns.words();
    let mut hits = each_batch(
        &sources,
        &config.read_options(),
        &mut RunLog::default(),
        |hits: &mut Vec<Hit>, _: &mut (), _, SourceBatch { source, batch, .. }| {
            let Some(layout) = account_layout(&source.what) else { return };
            for row in batch.rows() {
                let account = layout.account(row, known);
                let is_id = join_key(&account.id) == id;
                if is_id || holds(&account, &words) {
                    hits.push(Hit::of(&account, is_id));
                }
            }
            best(hits);
        },
        |hits, more| {
            hits.extend(more);
            best(hits);
        },
    )?;
    best(&mut hits);
    Ok(hits)
}

/// Whether name and websites of an account hold all words.
fn holds(account: &Account<'_>, words: &[String]) -> bool {
    let mut text = folded(account.name);
    for website in &account.websites {
        text.push(' ');
        text.push_str(&folded(website));
    }
    words.iter().all(|word| text.contains(word.as_str()))
}

/// Keeps the first of the hits, each once.
fn best(hits: &mut Vec<Hit>) {
    hits.sort_unstable();
    hits.dedup();
    hits.truncate(MOST);
}

/// A header, rows, and how many there are in all.
type Rows = (Vec<String>, Vec<Vec<String>>, usize);

/// The rows of a file from a position on, so many at most, as they stand in it, with the line of each.
///
/// # Errors
///
/// When no file that is read goes by this name and kind, or it cannot be read.
pub(crate) fn rows_of_file(
    config: &Config,
    found: &Found,
    (file, kind): (&str, &str),
    (from, most): (usize, usize),
) -> Result<Rows> {
    let is_it = |source: &&Source| source.info.file == file && source.what.kind() == kind;
    let source = found.inputs.sources.iter().find(is_it).ok_or_else(|| Error::Unusable {
        file: file.to_owned(),
        found: "the run has read no such file".into(),
        todo: "follow the numbers of the results".into(),
    })?;
    let header = ["line".to_owned()].into_iter().chain(source.info.header.iter().cloned());
    let (mut rows, mut all) = (Vec::new(), 0);
    for batch in source.batches(&config.read_options())? {
        let mut batch = batch?;
        source.mend(&mut batch);
        for row in batch.rows() {
            if all >= from && rows.len() < most {
                let cells = (0..source.info.header.len()).map(|at| row.raw(at).to_owned());
                rows.push([row.line.to_string()].into_iter().chain(cells).collect());
            }
            all += 1;
        }
    }
    Ok((header.collect(), rows, all))
}

/// All that the CRM says of an account.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Cells {
    /// The file in which it stands, and its line.
    pub(crate) place: String,
    /// The columns that are not blank, in their order, each with its value.
    pub(crate) cells: Vec<(String, String)>,
}

/// Reads the accounts of a run and gives all columns of one; of several rows the first.
///
/// # Errors
///
/// When a file cannot be read, or none has the account.
pub(crate) fn record(config: &Config, rules: &Rules, account: &str) -> Result<Cells> {
    let id = join_key(account.trim());
    let inputs = Inputs::of(config, &rules.columns)?;
    let sources: Vec<(usize, &Source)> =
        inputs.which(|what| account_layout(what).is_some()).collect();
    let known = rules.columns.words();
    let rows = each_batch(
        &sources,
        &config.read_options(),
        &mut RunLog::default(),
        |rows: &mut Vec<((usize, u64), Cells)>,
         _: &mut (),
         _,
         SourceBatch { at, source, batch }| {
            let Some(layout) = account_layout(&source.what) else { return };
            let of_it = batch.rows().filter(|row| join_key(&layout.account(*row, known).id) == id);
            let headers = layout.layout().headers();
            rows.extend(of_it.map(|row| ((at, row.line), cells(source, headers, row))));
        },
        |rows, more| rows.extend(more),
    )?;
    let first = rows.into_iter().min_by_key(|(place, _)| *place);
    first.map(|(_, cells)| cells).ok_or_else(|| Error::Unusable {
        file: account.to_owned(),
        found: "no file of accounts has a row of this id".into(),
        todo: "look into the CRM".into(),
    })
}

fn cells(source: &Source, headers: &[String], row: Row<'_>) -> Cells {
    let all =
        headers.iter().enumerate().map(|(at, header)| (header.clone(), row.raw(at).to_owned()));
    Cells {
        place: format!("{}:{}", source.info.file, row.line),
        cells: all.filter(|(_, value)| !value.trim().is_empty()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_of_a_file_of_accounts_and_contacts_has_its_first_row() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = dir.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let header = "Company ID,Company Name,Website,City,First Name,Last Name,Email,Contact ID\n";
        let mut rows = header.to_owned();
        for at in 0..12 {
            let person = format!("Ann,Ahrens,p{at}@quellbrink.de,P{at}");
            rows += &format!("A1,Quellbrink,quellbrink.de,Ulm,{person}\n");
        }
        let mut config = Config::new(dir.path().join("out"), jiff::civil::date(2026, 11, 21));
        let report = "CustomerID,AccountName,AzureCluster\n30000001,Quellbrink,Act Now\n";
        config.reports = vec![(None, write("Azure.csv", report))];
        config.crm = vec![write("all.csv", &rows)];
        let rules = Rules::load(None, &[]).unwrap();
        assert_eq!(search(&config, &rules, "quellbrink").unwrap()[0].id, "A1");
        assert!(record(&config, &rules, "A1").unwrap().place.ends_with(":2"));
    }
}
