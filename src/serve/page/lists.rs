//! The lists: which campaigns could be sent, whom each reaches, and the file for the system that
//! sends it. Nothing is sent from here.

use std::{collections::BTreeMap, path::Path};

use clap::ValueEnum as _;
use maud::{Markup, html};

use super::{View, frame};
use crate::{
    campaign::{Campaign, Run, campaigns},
    cli::export::{ExportArgs, Opened, Picked, export},
    config::Target,
    error::{Error, Result},
    result::{
        file::suppressed,
        folder::{CAMPAIGNS, Folder},
        table::Place,
    },
    serve::desk::Desk,
    write::page::grouped,
};

/// People of a preview.
const SHOWN: usize = 20;

/// The campaigns of a run.
pub(in crate::serve) struct Offer {
    opened: Opened,
    campaigns: Vec<Campaign>,
}

impl Offer {
    /// All that the lists of a run allow, as `reconcile campaigns` gives them.
    ///
    /// # Errors
    ///
    /// When a file of the run cannot be read.
    pub(in crate::serve) fn of(run: &Path) -> Result<Offer> {
        let opened = Picked::of_run(run).open()?;
        let campaigns = campaigns(&opened.run, &opened.picks, &opened.rules);
        Ok(Offer { opened, campaigns })
    }

    fn picked<'o>(&'o self, picks: &'o [usize]) -> impl Iterator<Item = &'o Campaign> {
        picks.iter().filter_map(|at| self.campaigns.get(*at))
    }

    /// The customers of some campaigns, each once, and their people.
    fn reach(&self, picks: &[usize]) -> (Vec<usize>, Vec<usize>) {
        let once = |of: fn(&Campaign) -> &[usize]| {
            let mut all: Vec<usize> =
                self.picked(picks).flat_map(|one| of(one).iter().copied()).collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        (once(|of| &of.customers), once(|of| &of.people))
    }
}

/// The page.
///
/// # Errors
///
/// When a file of the run cannot be read.
pub(in crate::serve) fn page(view: &View<'_>, desk: &Desk) -> Result<Markup> {
    let offer = Offer::of(&desk.folder)?;
    let body = html! {
        h1 { (view.t("page.lists")) }
        p { (view.t("page.lists.about")) }
        @if offer.campaigns.is_empty() { p role="status" { (view.t("page.lists.none")) } } @else {
            form id="lists" data-post="/lists/export" {
                p.line.act {
                    button type="button" id="preview" { (view.t("page.lists.preview")) }
                    label { (view.t("page.lists.target")) " "
                        select name="target" { @for target in Target::value_variants() {
                            option value=(target.word()) { (target.word()) } } } }
                    button disabled[desk.only_looks.is_some()] { (view.t("page.lists.write")) }
                }
                section id="preview-place" aria-live="polite" hidden {}
                div.wide tabindex="0" role="region" aria-label=(view.t("page.lists")) { (table(view, &offer)) }
            }
        }
    };
    Ok(frame(view, Some(desk), "/lists", &body))
}

fn table(view: &View<'_>, offer: &Offer) -> Markup {
    let heads = [
        "column.solution_area",
        "column.cohort",
        "column.cluster",
        "column.customers",
        "column.customers_reachable",
        "column.contacts",
        "page.lists.allowed",
        "page.lists.not_denied",
        "column.expiring_revenue",
    ];
    html! { table {
        tr { th scope="col" { (view.t("page.lists.pick")) }
            @for (at, key) in heads.iter().enumerate() { th.number[at > 2] scope="col" { (view.t(key)) } } }
        @for (at, campaign) in offer.campaigns.iter().enumerate() {
            @let permission = |word: &str| permitted(&offer.opened.run, campaign, word);
            tr {
                td { input type="checkbox" name="pick" value=(at) aria-label=(campaign.title()); }
                td { (campaign.area) } td { (campaign.cohort) } td { (campaign.cluster) }
                td.number { (campaign.customer_count()) } td.number { (campaign.reachable_count()) }
                td.number { (campaign.contact_count()) }
                td.number { (permission("allowed")) } td.number { (permission("not denied")) }
                td.number { (grouped(&(campaign.revenue() / 100).to_string())) }
            }
        }
    } }
}

/// The people of a campaign with a permission for e-mail.
fn permitted(run: &Run, campaign: &Campaign, word: &str) -> usize {
    campaign.people.iter().filter(|at| run.people[**at].email_permission == word).count()
}

/// The first people of some campaigns, and who is left out and why.
///
/// # Errors
///
/// When a file of the run cannot be read.
pub(in crate::serve) fn preview(view: &View<'_>, desk: &Desk, picks: &[usize]) -> Result<Markup> {
    let offer = Offer::of(&desk.folder)?;
    let (customers, people) = offer.reach(picks);
    let run = &offer.opened.run;
    let lonely: Vec<&str> = customers
        .iter()
        .filter(|at| !people.iter().any(|person| run.people[*person].customer == **at))
        .map(|at| run.customers[*at].name.as_str())
        .collect();
    let left = left_out(desk, run, &customers)?;
    let words = [("people", people.len().to_string()), ("customers", customers.len().to_string())];
    let words: Vec<(&str, &str)> = words.iter().map(|(of, word)| (*of, word.as_str())).collect();
    let heads = [
        "column.first_name",
        "column.last_name",
        "column.email",
        "column.email_permission",
        "column.job_title",
        "column.customer_name",
        "column.best_cluster",
    ];
    Ok(html! {
        h2 { (view.texts.with("page.lists.reach", &words)) }
        @if picks.is_empty() { p { (view.t("page.lists.pick_first")) } }
        @if !people.is_empty() { div.wide tabindex="0" role="region" aria-label=(view.t("page.lists.preview")) { table {
            tr { @for key in heads { th scope="col" { (view.t(key)) } } }
            @for person in people.iter().take(SHOWN).map(|at| &run.people[*at]) {
                @let customer = &run.customers[person.customer];
                tr {
                    @for cell in [&person.first_name, &person.last_name, &person.email,
                        &person.email_permission, &person.job_title, &customer.name,
                        &customer.best_cluster] { td dir="auto" { (cell) } }
                }
            }
        } } }
        @if !left.is_empty() {
            h3 { (view.t("page.lists.left_out")) }
            ul { @for (reason, count) in &left { li { (reason) ": " data value=(count) { (count) } } } }
        }
        @if !lonely.is_empty() {
            h3 { (view.texts.with("page.lists.nobody", &[("count", &lonely.len().to_string())])) }
            p { (lonely.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ")) }
        }
    })
}

/// The people of some customers that are left out, by reason.
fn left_out(desk: &Desk, run: &Run, customers: &[usize]) -> Result<BTreeMap<String, u64>> {
    let links = run.links.iter().filter(|link| customers.binary_search(&link.customer).is_ok());
    let accounts: rustc_hash::FxHashSet<&str> =
        links.map(|link| link.account_id.as_str()).collect();
    let mut reasons = BTreeMap::new();
    let table = Folder::new(&desk.folder).open(&suppressed::FILE)?;
    let at: suppressed::Row<Place> = table.places();
    table.each(|row| {
        if accounts.contains(at.account_id.of(row)) {
            *reasons.entry(at.reason.text(row)).or_default() += 1;
        }
        Ok(())
    })?;
    Ok(reasons)
}

/// Writes the file of some campaigns for a system; what was written, and how it is imported.
///
/// # Errors
///
/// When the target is none, nothing was picked, or a file cannot be written.
pub(in crate::serve) fn write(desk: &Desk, picks: &[usize], target: &str) -> Result<String> {
    let wrong = |found: &str, todo: &str| Error::Unusable {
        file: "the list".into(),
        found: found.into(),
        todo: todo.into(),
    };
    let target = Target::value_variants().iter().find(|of| of.word() == target).copied();
    let target =
        target.ok_or_else(|| wrong("there is no such system", "choose one of the list"))?;
    if picks.is_empty() {
        return Err(wrong("no campaign is picked", "tick at least one line"));
    }
    let titles: Vec<String> = Offer::of(&desk.folder)?.picked(picks).map(Campaign::title).collect();
    let args = ExportArgs::of_run(&desk.folder, target);
    let mut said = export(&args, &|campaign| titles.contains(&campaign.title()))?;
    let guide = desk.folder.join(CAMPAIGNS).join(target.word()).join(crate::campaign::GUIDE);
    said.extend(std::fs::read_to_string(guide).ok());
    Ok(said.join("\n"))
}
