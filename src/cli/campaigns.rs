//! `reconcile campaigns`: what could be sent, as a table to pick from.

use clap::Args;
use serde::Serialize;

use super::{export::Picked, say::say};
use crate::{
    campaign::{Campaign, WonBefore, campaigns},
    error::{Error, Result},
    problem::Outcome,
};

pub(super) const EXAMPLES: &str = "\
Examples:
  What could be sent:
    reconcile campaigns --run result

  The campaigns of one solution area, for a script:
    reconcile campaigns --run result --solution-area Azure --json

`won before` are customers with a won deal in the months so far, of 100 in the cohort, else in the
cluster; `-` stands for too few to say. `reconcile outcomes` says more.

`reconcile export` writes the files of the campaigns that you pick.";

/// The flags of `campaigns`.
#[derive(Debug, Args)]
pub(super) struct CampaignsArgs {
    #[command(flatten)]
    picked: Picked,
    /// Print the table as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// A line of the table.
#[derive(Serialize)]
struct Line<'l> {
    solution_area: &'l str,
    cohort: &'l str,
    cluster: &'l str,
    name: &'l str,
    owner: &'l str,
    link: &'l str,
    crm_campaign_id: &'l str,
    customers: usize,
    customers_reachable: usize,
    contacts: usize,
    expiring_revenue: f64,
    /// Customers with a won deal in the months before, of 100 of the cohort, else of the cluster.
    won_before_per_100: Option<f64>,
}

impl<'l> Line<'l> {
    fn new(campaign: &'l Campaign, won: &WonBefore) -> Line<'l> {
        Line {
            solution_area: &campaign.area,
            cohort: &campaign.cohort,
            cluster: &campaign.cluster,
            name: &campaign.name,
            owner: &campaign.owner,
            link: &campaign.link,
            crm_campaign_id: &campaign.crm_campaign_id,
            customers: campaign.customer_count(),
            customers_reachable: campaign.reachable_count(),
            contacts: campaign.contact_count(),
            expiring_revenue: campaign.revenue() as f64 / 100.0,
            won_before_per_100: won.of(campaign),
        }
    }
}

/// Prints the campaigns of a run.
pub(super) fn run(args: CampaignsArgs) -> Result<Outcome> {
    let opened = args.picked.open()?;
    let campaigns = campaigns(&opened.run, &opened.picks, &opened.rules);
    let won = WonBefore::load(args.picked.run())?;
    let lines: Vec<Line<'_>> = campaigns.iter().map(|of| Line::new(of, &won)).collect();
    if args.json {
        let text = serde_json::to_string_pretty(&lines)
            .map_err(|error| Error::Totals { what: error.to_string() })?;
        say(&text)?;
        return Ok(Outcome::Complete);
    }
    let width = |of: fn(&Line<'_>) -> usize, least: usize| {
        lines.iter().map(of).max().unwrap_or(0).max(least)
    };
    let area = width(|line| line.solution_area.chars().count(), 4);
    let cohort = width(|line| line.cohort.chars().count(), 6);
    say(&format!(
        "{:<area$}  {:<cohort$}  {:<8}  {:>9}  {:>9}  {:>8}  {:>14}  {:>10}  name",
        "area", "cohort", "cluster", "customers", "reachable", "contacts", "revenue", "won before"
    ))?;
    for line in &lines {
        say(&format!(
            "{:<area$}  {:<cohort$}  {:<8}  {:>9}  {:>9}  {:>8}  {:>14.2}  {:>10}  {}",
            line.solution_area,
            line.cohort,
            line.cluster,
            line.customers,
            line.customers_reachable,
            line.contacts,
            line.expiring_revenue,
            line.won_before_per_100.map_or_else(|| "-".to_owned(), |of| format!("{of:.1}")),
            line.name
        ))?;
    }
    Ok(Outcome::Complete)
}
