//! What a word does in a company's name, and how much it identifies the company.

use std::path::Path;

use compact_str::CompactString;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::{
    error::Result,
    normalise::company::{NameRules, numeral},
    rule_file,
    text::fold::{is_ideograph, without_umlauts},
};

/// What a word does in a company's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum WordClass {
    /// It may identify the company.
    Plain,
    /// It says how the company is built: group, holding, international.
    Structure,
    /// It names another unit of a family of companies: holding, foundation, pension fund.
    Unit,
    /// It names the trade: software, logistics.
    Trade,
    /// It names a place: a country, a region, a city.
    Place,
    /// It ranks or praises: first, national, new.
    Rank,
    /// It looks like a legal form: fund, trust, partners.
    Form,
    /// An article or the like.
    Particle,
    /// A number or a roman numeral: it must agree.
    Numeral(u32),
}

/// How much a word identifies a company, in hundredths of a bit.
pub(crate) type Bits = u16;

/// The tables that weigh words, before any report is read.
#[derive(Debug, Default)]
pub(crate) struct WordRules {
    weak: FxHashMap<CompactString, (WordClass, u8)>,
    common: FxHashMap<CompactString, u16>,
    other_forms: FxHashMap<CompactString, SmallVec<[CompactString; 2]>>,
}

impl WordRules {
    /// The tables of a folder of rules.
    ///
    /// # Errors
    ///
    /// When a table cannot be read or holds a class that is not one.
    pub(crate) fn load(dir: Option<&Path>, names: &NameRules) -> Result<WordRules> {
        let mut rules = WordRules::default();
        let file = rule_file!("weak_words.csv");
        for row in file.rows(dir)?.rows() {
            let class = match row.raw(1) {
                "structure" => WordClass::Structure,
                "unit" => WordClass::Unit,
                "trade" => WordClass::Trade,
                "place" => WordClass::Place,
                "time_rank" => WordClass::Rank,
                "form" => WordClass::Form,
                other => return Err(file.error(row.line, format!("unknown class {other:?}"))),
            };
            let commonness = row.raw(3).parse().ok().filter(|common| (1..=5).contains(common));
            let commonness =
                commonness.ok_or_else(|| file.error(row.line, "commonness is 1 to 5"))?;
            let known = rules.weak.entry(canonical(&names.fold_entry(row.raw(0))));
            let known = known.or_insert((class, commonness));
            known.1 = known.1.max(commonness);
        }
        let file = rule_file!("common_words.csv");
        for row in file.rows(dir)?.rows() {
            let zipf: u16 =
                row.raw(1).parse().map_err(|_| file.error(row.line, "zipf is a whole number"))?;
            let known = rules.common.entry(canonical(row.raw(0))).or_insert(0);
            *known = zipf.max(*known);
        }
        for row in rule_file!("cities.csv").rows(dir)?.rows() {
            for name in [row.raw(0), row.raw(1)] {
                let word = names.fold_entry(name);
                if !word.contains(' ') {
                    rules.weak.entry(canonical(&word)).or_insert((WordClass::Place, 2));
                }
            }
        }
        for row in rule_file!("abbreviations.csv").rows(dir)?.rows() {
            let (short, long) = (names.fold_entry(row.raw(0)), names.fold_entry(row.raw(1)));
            let (short, long) = (canonical(&short), canonical(&long));
            rules.other_forms.entry(short.clone()).or_default().push(long.clone());
            rules.other_forms.entry(long).or_default().push(short);
        }
        Ok(rules)
    }

    /// What a word does in a name.
    pub(crate) fn class(&self, word: &str, names: &NameRules) -> WordClass {
        if let Some(number) = numeral(word) {
            return WordClass::Numeral(number);
        }
        if names.is_particle(word) {
            return WordClass::Particle;
        }
        // `Est` is a legal form and a compass point: inside a name it may tell sisters apart.
        match self.weak.get(word) {
            Some((class, _)) => *class,
            None if names.is_form(word) => WordClass::Particle,
            None => WordClass::Plain,
        }
    }

    /// The long forms that a word abbreviates, and the short forms of a long word.
    pub(crate) fn other_forms(&self, word: &str) -> &[CompactString] {
        self.other_forms.get(word).map_or(&[], |forms| forms)
    }

    /// The share of company names that have a word, as known without a report.
    pub(super) fn background(&self, word: &str) -> f64 {
        let letters = word.chars().count() as i32;
        let per_letter = if word.chars().any(is_ideograph) { 7.0 } else { 3.7 };
        let short = 2f64.powf(-(per_letter * f64::from(letters)).min(18.0));
        let weak = self.weak.get(word).map_or(0.0, |(_, commonness)| {
            2f64.powf(-[11.0, 10.0, 9.0, 7.5, 6.0][usize::from(*commonness) - 1])
        });
        let common = self
            .common
            .get(word)
            .map_or(0.0, |zipf| 3.0 * 10f64.powf(f64::from(*zipf) / 10.0 - 9.0));
        short.max(weak).max(common)
    }
}

/// The form in which words are equal: umlauts spelled `ae`, `oe`, `ue` as their letter, plural
/// endings gone. Doing it twice changes nothing.
pub(crate) fn canonical(word: &str) -> CompactString {
    if word.len() < 4 || !word.is_ascii() {
        return word.into();
    }
    let mut out = without_umlauts(word).unwrap_or_else(|| word.into());
    if out.len() >= 6 && out.ends_with("ies") {
        out.truncate(out.len() - 3);
        out.push('y');
    } else if out.len() >= 5 && out.ends_with('s') && !out.ends_with("ss") {
        out.pop();
    }
    if out.len() < 3 { word.into() } else { out }
}

/// How much a word identifies a company that so many of `names` customers have; `background` is the share of all company
/// names that have it.
pub(super) fn bits(customers: u32, names: usize, background: f64) -> Bits {
    /// How many names the background counts for, against those of the report.
    const TRUST: f64 = 2000.0;
    let share = (f64::from(customers) + TRUST * background) / (names as f64 + TRUST);
    (-share.log2() * 100.0).clamp(0.0, 2000.0).round() as Bits
}
