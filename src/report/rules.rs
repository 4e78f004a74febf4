//! The tables that reports are read by: `rules/clusters.toml` and `rules/attributes.csv`.

use std::{collections::BTreeMap, path::Path};

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::{Bands, Cluster};
use crate::{
    columns::{ReportKind, fold_header},
    error::{Error, Result},
    rule_file,
    rules::RuleFile,
};

/// The clusters, bands, areas and sub-segments.
const CLUSTERS_FILE: RuleFile = rule_file!("clusters.toml");

/// The columns of reports that are attributes, not cohorts.
const ATTRIBUTES_FILE: RuleFile = rule_file!("attributes.csv");

/// The tables by which reports are read.
#[derive(Debug)]
pub(crate) struct ReportRules {
    clusters: FxHashMap<String, Cluster>,
    /// Words of a band, and its number: 0 is the highest.
    bands: FxHashMap<String, u8>,
    /// The names of the bands, highest first.
    band_names: Vec<String>,
    /// The least score of each band, highest first.
    band_limits: Vec<f64>,
    /// The cells of the matrix of fit and intent, row by row: `A1`, and the cluster of each.
    matrix: Vec<(String, Option<Cluster>)>,
    areas: FxHashMap<String, Area>,
    sub_segments: Vec<(u64, String)>,
    patterns: Vec<(String, Sort)>,
}

/// A solution area of the tables.
#[derive(Debug, Clone)]
pub(super) struct Area {
    /// The name under which its columns are written.
    pub(super) name: String,
    /// The report that scores it.
    pub(super) report: Option<ReportKind>,
}

/// What a header pattern says of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// Holds yes or no, and is no cohort.
    Attribute,
    /// The front of a cohort's name.
    Cohort,
    /// Each kind of report keeps its own value.
    CandidateEntry,
}

/// `clusters.toml` as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClustersFile {
    clusters: BTreeMap<Cluster, Vec<String>>,
    bands: Vec<BandLine>,
    matrix: BTreeMap<Cluster, Vec<String>>,
    areas: Vec<AreaLine>,
    sub_segments: Vec<SegmentLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BandLine {
    from: f64,
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AreaLine {
    name: String,
    report: Option<ReportKind>,
    #[serde(default)]
    spellings: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SegmentLine {
    from: u64,
    name: String,
}

impl ReportRules {
    /// The tables that come with the program.
    ///
    /// # Errors
    ///
    /// Fails when an embedded table cannot be understood: a test forbids that.
    pub(crate) fn embedded() -> Result<ReportRules> {
        ReportRules::load(None)
    }

    /// The tables of a folder of rules.
    ///
    /// # Errors
    ///
    /// When a table cannot be read, or on a line that cannot be understood.
    pub(crate) fn load(dir: Option<&Path>) -> Result<ReportRules> {
        ReportRules::from_texts(&CLUSTERS_FILE.text(dir)?, &ATTRIBUTES_FILE.text(dir)?)
    }

    fn from_texts(clusters: &str, attributes: &str) -> Result<ReportRules> {
        let file: ClustersFile = toml::from_str(clusters).map_err(|error| {
            let before = error.span().map_or(0, |span| span.start.min(clusters.len()));
            let line = clusters.as_bytes()[..before].iter().filter(|byte| **byte == b'\n').count();
            let found = error.message().to_owned();
            Error::Rule { file: CLUSTERS_FILE.name.into(), line: line as u64 + 1, found }
        })?;
        let mut areas = FxHashMap::default();
        for line in file.areas {
            let area = Area { name: line.name.clone(), report: line.report };
            for spelling in line.spellings.iter().chain([&line.name]) {
                areas.insert(fold_header(spelling), area.clone());
            }
        }
        let bands = file.bands.iter().zip(0..).flat_map(|(band, number)| {
            band.words.iter().map(move |word| (fold_header(word), number))
        });
        let matrix = by_word(&file.matrix);
        let cell = |fit: usize, intent: usize| {
            let name = format!("{}{}", char::from(b'A'.saturating_add(fit as u8)), intent + 1);
            let cluster = matrix.get(&name.to_lowercase()).copied();
            (name, cluster)
        };
        let all = 0..file.bands.len();
        let matrix = all.clone().flat_map(|fit| all.clone().map(move |intent| (fit, intent)));
        Ok(ReportRules {
            clusters: by_word(&file.clusters),
            bands: bands.collect(),
            band_names: file.bands.iter().filter_map(|band| band.words.first().cloned()).collect(),
            band_limits: file.bands.iter().map(|band| band.from).collect(),
            matrix: matrix.map(|(fit, intent)| cell(fit, intent)).collect(),
            areas,
            sub_segments: file
                .sub_segments
                .into_iter()
                .map(|line| (line.from, line.name))
                .collect(),
            patterns: patterns(attributes)?,
        })
    }

    /// The cluster that a cell prints, in any language of the table.
    pub(crate) fn cluster(&self, cell: &str) -> Option<Cluster> {
        self.clusters.get(&fold_header(cell)).copied()
    }

    /// The cluster that fit and intent make together, where the matrix says so.
    pub(crate) fn derived_cluster(&self, bands: Bands) -> Option<Cluster> {
        self.matrix.get(self.place(bands)).and_then(|(_, cluster)| *cluster)
    }

    /// The cell of the matrix of fit and intent, `A1` to `D4`: the letter is the band of the fit,
    /// the number that of the intent.
    pub(crate) fn cell(&self, bands: Bands) -> &str {
        self.matrix.get(self.place(bands)).map_or("", |(name, _)| name)
    }

    /// Where the matrix has two bands.
    fn place(&self, Bands { fit, intent }: Bands) -> usize {
        usize::from(fit) * self.band_limits.len() + usize::from(intent)
    }

    /// The band of a fit or an intent, a word or a score from 0 to 100: 0 is the highest.
    pub(crate) fn band(&self, cell: &str) -> Option<u8> {
        let cell = cell.trim();
        if let Some(score) = score(cell) {
            let at = self.band_limits.iter().position(|from| score >= *from)?;
            return (score <= 100.0).then_some(at as u8);
        }
        self.bands.get(&fold_header(cell)).copied()
    }

    /// The name of the band of a fit or an intent, as in [`ReportRules::band_names`].
    pub(crate) fn band_name(&self, cell: &str) -> Option<&str> {
        self.band_names.get(usize::from(self.band(cell)?)).map(String::as_str)
    }

    /// The bands of fit and intent by name, the highest first.
    pub(crate) fn band_names(&self) -> &[String] {
        &self.band_names
    }

    /// The area that a header's front names: unified where the table knows it.
    pub(super) fn area(&self, front: &str) -> Area {
        let known = self.areas.get(&fold_header(front)).cloned();
        known.unwrap_or_else(|| Area { name: front.into(), report: None })
    }

    /// Whether the table knows the area.
    pub(super) fn is_area(&self, front: &str) -> bool {
        self.areas.contains_key(&fold_header(front))
    }

    /// The sub-segment of a number of employees; every number of the range must lie in it.
    pub(super) fn sub_segment(&self, least: u64, most: u64) -> Option<&str> {
        let of = |size| self.sub_segments.iter().find(move |(from, _)| size >= *from);
        let (from, name) = of(least)?;
        (of(most)?.0 == *from).then_some(name)
    }

    /// What the patterns say of a header.
    pub(super) fn sort(&self, header: &str) -> Option<Sort> {
        let folded = fold_header(header);
        let typed = header.trim().to_lowercase();
        let fits = |(pattern, sort): &&(String, Sort)| {
            like(if *sort == Sort::Cohort { &typed } else { &folded }, pattern)
        };
        let of = |wanted| self.patterns.iter().filter(|line| line.1 == wanted).find(fits);
        of(Sort::Attribute)
            .or_else(|| of(Sort::Cohort))
            .or_else(|| of(Sort::CandidateEntry))
            .map(|line| line.1)
    }
}

/// The number that a cell holds: `64`, `7,5`, `80 %`.
fn score(cell: &str) -> Option<f64> {
    let number = cell.trim_end_matches('%').trim();
    match number.contains(',') {
        true => number.replace(',', ".").parse().ok(),
        false => number.parse().ok(),
    }
}

fn by_word(lines: &BTreeMap<Cluster, Vec<String>>) -> FxHashMap<String, Cluster> {
    lines
        .iter()
        .flat_map(|(cluster, words)| words.iter().map(|word| (fold_header(word), *cluster)))
        .collect()
}

fn patterns(text: &str) -> Result<Vec<(String, Sort)>> {
    let fault = |line, found| Error::Rule { file: ATTRIBUTES_FILE.name.into(), line, found };
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut patterns = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            fault(error.position().map_or(0, csv::Position::line), error.to_string())
        })?;
        let line = record.position().map_or(0, csv::Position::line);
        let (pattern, word) = (record.get(0).unwrap_or(""), record.get(1).unwrap_or(""));
        let sort = match word {
            "attribute" => Sort::Attribute,
            "cohort" => Sort::Cohort,
            "kept" => Sort::CandidateEntry,
            _ => return Err(fault(line, format!("{word:?} is not a sort of column"))),
        };
        let pattern = match sort {
            Sort::Cohort => pattern.to_lowercase(),
            _ => pattern.split('*').map(fold_header).collect::<Vec<_>>().join("*"),
        };
        patterns.push((pattern, sort));
    }
    Ok(patterns)
}

/// Whether a text fits a pattern in which `*` stands for any letters.
fn like(text: &str, pattern: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return text == pattern };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return text.ends_with(part);
        }
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
    }
    true
}
