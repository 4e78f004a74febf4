//! What the partner calls its campaigns; countries and calling codes for the targets.

use std::path::Path;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::{phone::CallingCode, run::Run};
use crate::{
    error::Result,
    normalise::{domain::DomainRules, place::PlaceRules},
    report::{CohortAreas, begins},
    rule_file,
};

/// The tables by which campaigns are named and their files made fit for a target.
#[derive(Debug, Default)]
pub(crate) struct CampaignRules {
    names: CampaignsFile,
    places: PlaceRules,
    domains: DomainRules,
    calling_codes: FxHashMap<[u8; 2], CallingCode>,
    none: CampaignName,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct CampaignsFile {
    #[serde(default)]
    campaigns: Vec<CampaignName>,
    #[serde(default)]
    cohort_areas: CohortAreas,
}

/// What `campaigns.toml` says of a campaign.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CampaignName {
    cohort: Option<String>,
    solution_area: Option<String>,
    cluster: Option<String>,
    pub(crate) name: String,
    pub(crate) owner: String,
    pub(crate) link: String,
    pub(crate) crm_campaign_id: String,
    pub(crate) status: String,
}

impl CampaignRules {
    /// The tables of a folder of rules.
    ///
    /// # Errors
    ///
    /// When a table cannot be read.
    pub(crate) fn load(dir: Option<&Path>) -> Result<CampaignRules> {
        let file = rule_file!("calling_codes.csv");
        let mut calling_codes = FxHashMap::default();
        for row in file.rows(dir)?.rows() {
            let Ok(iso) = <[u8; 2]>::try_from(row.raw(0).as_bytes()) else {
                return Err(file.error(row.line, "a country code has two letters"));
            };
            let code = CallingCode { code: row.raw(1).into(), trunk: row.raw(2).into() };
            calling_codes.insert(iso, code);
        }
        Ok(CampaignRules {
            names: rule_file!("campaigns.toml").toml(dir)?,
            places: PlaceRules::load(dir)?,
            domains: DomainRules::load(dir, &[])?,
            calling_codes,
            none: CampaignName::default(),
        })
    }

    /// What the partner calls a campaign: the first entry that fits.
    pub(crate) fn named(&self, area: &str, cohort: &str, cluster: &str) -> &CampaignName {
        let fits = |asked: &Option<String>, value: &str| {
            asked.as_ref().is_none_or(|asked| asked.to_lowercase() == value.to_lowercase())
        };
        let of = |name: &&CampaignName| {
            fits(&name.cohort, cohort)
                && fits(&name.solution_area, area)
                && fits(&name.cluster, cluster)
        };
        self.names.campaigns.iter().find(of).unwrap_or(&self.none)
    }

    /// Whether a cohort belongs to a solution area. A cohort whose beginning names no area of the
    /// run belongs to all.
    pub(crate) fn belongs(&self, cohort: &str, area: &str, run: &Run) -> bool {
        let all = run.customers.iter().flat_map(|customer| &customer.clusters);
        let starts = self.names.cohort_areas.of(cohort, all.map(|of| of.area.as_str()));
        starts.is_empty() || starts.iter().any(|start| begins(area, start))
    }

    /// The ISO code of a country in any spelling known; empty for none.
    pub(crate) fn country(&self, raw: &str) -> String {
        match self.places.country(raw) {
            Some(code) if &code == b"UK" => "GB".into(),
            Some(code) => String::from_utf8_lossy(&code).into_owned(),
            None => String::new(),
        }
    }

    /// A domain where it is the company's own; empty for free mail, shared hosts and the like.
    pub(crate) fn own_domain(&self, raw: &str) -> String {
        let mut buffer = String::new();
        let own = self.domains.read(raw, &mut buffer).filter(|(_, class)| class.is_usable());
        own.map_or_else(String::new, |(domain, _)| domain.to_owned())
    }

    /// How numbers of a country begin, by its ISO code.
    pub(crate) fn calling_code(&self, iso: &str) -> Option<&CallingCode> {
        self.calling_codes.get(&<[u8; 2]>::try_from(iso.as_bytes()).ok()?)
    }
}
