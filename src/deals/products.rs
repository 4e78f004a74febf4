//! The solution areas that the products of deals belong to: `rules/products.csv`.

use std::path::Path;

use crate::{error::Result, rule_file, rules::RuleFile, text::fold::folded};

const PRODUCTS: RuleFile = rule_file!("products.csv");

/// Words of products, and the solution areas that they speak of.
#[derive(Debug)]
pub(crate) struct Products(Vec<(Vec<String>, Vec<String>)>);

impl Products {
    /// The table that comes with the program, or the one of its name in `dir`.
    ///
    /// # Errors
    ///
    /// When the table cannot be read or a line of it says nothing.
    pub(crate) fn load(dir: Option<&Path>) -> Result<Products> {
        let rows = PRODUCTS.rows(dir)?;
        let read = |row: crate::read::Row<'_>| {
            let words: Vec<String> = folded(row.cell(0)).split(' ').map(str::to_owned).collect();
            let areas = row.cell(1).split(';').map(str::trim).filter(|area| !area.is_empty());
            let areas: Vec<String> = areas.map(str::to_owned).collect();
            if words == [""] || areas.is_empty() {
                return Err(
                    PRODUCTS.error(row.line, "a line has words and the areas they speak of")
                );
            }
            Ok((words, areas))
        };
        rows.rows().map(read).collect::<Result<_>>().map(Products)
    }

    /// The areas that some texts speak of, sorted; an area that is the beginning of another found
    /// says nothing more. Empty where no word is known.
    pub(crate) fn areas<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Vec<String> {
        let mut areas: Vec<String> = Vec::new();
        for text in texts {
            let text = folded(text);
            let words: Vec<&str> = text.split(' ').collect();
            let speaks = |wanted: &[String]| words.windows(wanted.len()).any(|of| of == wanted);
            let found = self.0.iter().filter(|(wanted, _)| speaks(wanted));
            areas.extend(found.flat_map(|(_, areas)| areas.iter().cloned()));
        }
        areas.sort_unstable();
        areas.dedup();
        let all = areas.clone();
        areas.retain(|area| !all.iter().any(|of| of != area && of.starts_with(area.as_str())));
        areas
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_and_types_name_areas() {
        let products = Products::load(None).unwrap();
        for (texts, want) in [
            (&["Azure VMware Solution"][..], "Azure"),
            (&["Microsoft 365 E5 Security"], "M365 O365 Security"),
            (&["Dynamics 365 Business Central"], "D365BC"), // says more than Dynamics 365
            (&["Dynamics 365"], "D365"),
            (&["Surface Laptop", "Azure"], "Azure Surface"),
            (&["SURFACE-HUB"], "Surface"),
            (&["Power Platform"], "PowerApps"),
            (&["New Business"], ""),
            (&["Azurit"], ""), // whole words only
            (&[], ""),
        ] {
            let areas = products.areas(texts.iter().copied());
            assert_eq!(areas.join(" "), want, "{texts:?}");
        }
    }

    #[test]
    fn the_table_is_sorted_folded_and_without_doubles() {
        let rows = PRODUCTS.rows(None).unwrap();
        let words: Vec<&str> = rows.rows().map(|row| row.cell(0)).collect();
        assert!(words.is_sorted_by(|one, other| one < other), "sorted by bytes, each once");
        for words in words {
            assert_eq!(folded(words), words);
        }
    }
}
