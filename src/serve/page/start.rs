//! The first page: the runs that are there, and a new one.

use std::path::{Path, PathBuf};

use maud::{Markup, html};

use super::{View, frame};
use crate::{
    error::slashed,
    result::folder::{Folder, SUMMARY},
    serve::{
        desk::Desk,
        draft::{Draft, SIDES},
    },
};

/// Folders below which runs are looked for.
const DEPTH: usize = 2;

/// Runs that are shown, the latest.
const MOST_RUNS: usize = 20;

/// The first page.
pub(in crate::serve) fn page(
    view: &View<'_>,
    base: &Path,
    desk: Option<&Desk>,
    draft: &Draft,
) -> Markup {
    let mut runs = runs(base);
    let is_open = |path: &Path| desk.is_some_and(|desk| is_same(path, &desk.folder));
    if let Some(desk) = desk.filter(|_| runs.iter().all(|(path, _)| !is_open(path))) {
        let started = Folder::new(&desk.folder).recorded().map(|of| of.started);
        runs.insert(0, (desk.folder.clone(), started.unwrap_or_default()));
    }
    let body = html! {
        h1 { (view.t("page.start.title")) }
        section {
            h2 { (view.t("page.start.runs")) }
            p { (view.texts.with("page.start.where", &[("folder", &slashed(base))])) }
            @if runs.is_empty() { p { (view.t("page.start.none")) } }
            ul.runs { @for (path, started) in &runs {
                li {
                    form data-post="/open" {
                        input type="hidden" name="run" value=(slashed(path));
                        button { (shown(path, base)) }
                        " " time { (started.get(..16).unwrap_or(started).replace('T', " ")) }
                        @if is_open(path) { " " b { (view.t("page.start.open")) } }
                    }
                }
            } }
            form.line data-post="/open" {
                label { (view.t("page.start.other")) " " input name="run" required; }
                button { (view.t("page.start.do_open")) }
            }
        }
        (new(view, desk, draft))
        dialog id="dialog" {}
    };
    frame(view, desk, "/start", &body)
}

/// A new run: three places for files, and where they go.
fn new(view: &View<'_>, desk: Option<&Desk>, draft: &Draft) -> Markup {
    let folder = slashed(&draft.folder);
    html! {
        section id="new" {
            h2 { (view.t("page.new")) }
            @if desk.is_some() { form data-post="/new/like" { button { (view.t("page.new.like")) } } }
            p.soft { (view.texts.with("page.new.folder", &[("folder", &folder)])) }
            div.sides { @for side in SIDES {
                div.side data-side=(side) {
                    h3 { (view.t(&format!("page.side.{side}"))) }
                    p { (view.t("page.new.drop")) }
                    input type="file" multiple aria-label=(view.t(&format!("page.side.{side}")));
                    p { button type="button" data-folder=(side) { (view.t("page.new.choose")) } }
                    ul { @for path in draft.paths(side) {
                        li { form data-post="/new/drop" {
                            (slashed(&path)) " "
                            input type="hidden" name="path" value=(slashed(&path));
                            button { (view.t("page.new.remove")) } } }
                    } }
                }
            } }
            p { a.button href="/check" { (view.t("page.new.to_check")) } }
        }
    }
}

/// What a folder holds, to choose from.
pub(in crate::serve) fn folder(view: &View<'_>, path: &Path, side: &str) -> Markup {
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let mut entries: Vec<(bool, String, PathBuf)> = entries
        .map(|entry| {
            let is_file = entry.path().is_file();
            (is_file, entry.file_name().to_string_lossy().into_owned(), entry.path())
        })
        .filter(|(_, name, _)| !name.starts_with('.'))
        .collect();
    entries.sort();
    html! {
        h2 { (view.t(&format!("page.side.{side}"))) }
        form data-go-folder=(side) {
            label { (view.t("page.new.choose")) " " input name="path" value=(slashed(path)); }
            " " button { (view.t("page.start.do_open")) }
        }
        p { button type="button" data-take=(slashed(path)) data-side=(side) { (view.t("page.new.here")) } " "
            @if let Some(up) = path.parent() {
                button type="button" data-enter=(slashed(up)) data-side=(side) { (view.t("page.new.up")) } } }
        ul.folder-list { @for (is_file, name, path) in &entries { li {
            @if *is_file { (name) " " button type="button" data-take=(slashed(path)) data-side=(side) { (view.t("page.new.take")) } }
            @else { button type="button" data-enter=(slashed(path)) data-side=(side) { (name) "/" } }
        } } }
        p { button type="button" data-close { (view.t("page.close")) } }
    }
}

/// Whether two paths name one folder.
fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    real(one) == real(other)
}

fn shown(path: &Path, base: &Path) -> String {
    slashed(path.strip_prefix(base).unwrap_or(path))
}

/// The finished runs below a folder, the latest first, with the times at which they began.
fn runs(base: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    look(base, DEPTH, &mut found);
    found.sort_by(|one: &(PathBuf, String), other| (&other.1, &one.0).cmp(&(&one.1, &other.0)));
    found.truncate(MOST_RUNS);
    found
}

fn look(folder: &Path, depth: usize, found: &mut Vec<(PathBuf, String)>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_type().is_ok_and(|of| of.is_dir())) {
        let path = entry.path();
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        let is_older = path.extension().is_some_and(|end| end == "previous");
        if path.join(SUMMARY).is_file() && !is_older {
            if let Ok(recorded) = Folder::new(&path).recorded() {
                found.push((path, recorded.started));
            }
        } else if depth > 1 && !is_hidden {
            look(&path, depth - 1, found);
        }
    }
}
