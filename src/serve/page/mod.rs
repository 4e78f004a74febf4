//! What the pages look like. Every cell of the data is text here, never markup.

pub(super) mod audit;
pub(super) mod check;
pub(super) mod customer;
pub(super) mod lists;
pub(super) mod panel;
pub(super) mod records;
pub(super) mod results;
pub(super) mod review;
pub(super) mod run;
pub(super) mod said;
pub(super) mod start;

use maud::{DOCTYPE, Markup, html};

use super::desk::Desk;
use crate::language::{Language, Texts};

/// The styles: those of the summary, and those of the pages.
pub(super) const STYLE: &str =
    concat!(include_str!("../../write/page/style.css"), include_str!("style.css"));

/// The only script: that of all pages, and that of the work place.
pub(super) const SCRIPT: &str = concat!(include_str!("script.js"), include_str!("review.js"));

/// The picture in the tab of the browser.
pub(super) const ICON: &str = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><circle cx='6' cy='8' r='5' fill='#3f8fcf'/><circle cx='10' cy='8' r='5' fill='#dd9a2e' fill-opacity='.7'/></svg>";

/// What every page is made with.
pub(super) struct View<'v> {
    pub(super) texts: &'v Texts,
    pub(super) language: Language,
    /// Who decides.
    pub(super) reviewer: &'v str,
    /// The token of changes.
    pub(super) token: &'v str,
}

impl View<'_> {
    /// A text.
    pub(super) fn t<'t>(&'t self, key: &'t str) -> &'t str {
        self.texts.get(key)
    }

    /// What a file says in English, as people read it.
    pub(super) fn said(&self, english: &str) -> String {
        self.texts.say(english).unwrap_or_else(|| english.to_owned())
    }
}

/// The places of the flow, by address; each name is a text.
const PLACES: [(&str, &str); 7] = [
    ("/start", "page.start"),
    ("/check", "page.check"),
    ("/run", "page.run"),
    ("/results", "page.results"),
    ("/review", "page.review"),
    ("/lists", "page.lists"),
    ("/audit", "page.audit"),
];

/// A page with its frame. The title names the place, never a record.
pub(super) fn frame(view: &View<'_>, desk: Option<&Desk>, here: &str, body: &Markup) -> Markup {
    let (_, name) = PLACES.iter().find(|(place, _)| *place == here).unwrap_or(&PLACES[0]);
    html! {
        (DOCTYPE)
        html lang=(view.language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="token" content=(view.token);
                @if let Some(desk) = desk { meta name="run" content=(desk.mark()); }
                title { (view.t(name)) " - reconcile" }
                link rel="stylesheet" href="/style.css";
                link rel="icon" href="/icon.svg";
                script src="/script.js" defer {}
            }
            body.app data-here=(here) {
                a.skip href="#main" { (view.t("page.skip")) }
                nav.places aria-label=(view.t("page.places")) {
                    @for (place, name) in PLACES {
                        @let reachable = matches!(place, "/start" | "/check" | "/run") || desk.is_some();
                        @if reachable {
                            a href=(place) aria-current=[(place == here).then_some("page")] { (view.t(name)) }
                        } @else { span.off { (view.t(name)) } }
                    }
                    (who(view))
                }
                @if let Some(why) = desk.and_then(|desk| desk.only_looks.as_deref()) {
                    p.only-looks role="status" { b { (view.t("page.only_looks")) } " " (view.t(why)) }
                }
                main id="main" { (body) }
                div id="said" role="status" aria-live="polite" {}
            }
        }
    }
}

/// A page that says why there is none at an address, with the ways to all others.
pub(super) fn failure(view: &View<'_>, desk: Option<&Desk>, here: &str, why: &str) -> Markup {
    let body = html! {
        h1 { (view.t("page.failed")) }
        p.message role="alert" { (why) }
        p { a href="/start" { (view.t("page.start")) } }
    };
    frame(view, desk, here, &body)
}

/// Who decides, and the language.
fn who(view: &View<'_>) -> Markup {
    html! {
        span.who {
            label { (view.t("page.reviewer")) " "
                input id="reviewer" value=(view.reviewer) maxlength="80" autocomplete="off"; }
            select id="language" aria-label=(view.t("page.language")) {
                @for language in Language::ALL {
                    option value=(language.code()) selected[language == view.language] {
                        (language.name()) }
                }
            }
        }
    }
}
