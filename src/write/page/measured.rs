//! What people have measured by a blind sample.

use maud::{Markup, html};

use super::part::{door, number};
use crate::{
    result::outcome::Estimate,
    write::summary::{LayerFigures, Measured},
};

/// The figures of the sample, as measured by the user; nothing where nobody has.
pub(super) fn measured(measured: &Measured) -> Markup {
    html! {
        @if !measured.day.is_empty() {
            section id="measured" {
                h2 { "Measured by you, last on " time { (measured.day) } }
                table {
                    tr { th { "customers linked by" } th { "similarity" } th.number { "customers" }
                        th.number { "asked" } th.number { "right" } th.number { "wrong" }
                        th { "share right, with its 95 % interval" } }
                    @for layer in &measured.layers {
                        tr { td { (name(layer)) } td { (layer.similarity) } (customers(layer))
                            (number(layer.right + layer.wrong + layer.unclear))
                            (number(layer.right)) (number(layer.wrong))
                            td { @match layer.share { Some(share) => { (percent(share)) }, None => { "-" } } } }
                    }
                }
                @if let Some(recall) = measured.recall {
                    p { "Of the customers that the CRM holds, the run has found " b { (percent(recall)) } "." }
                }
                p.soft { "A random sample, answered without scores and proposals. Where links below 0.9 are \
                    right as often as the others, the limit " b { "accept" } " in matching.toml can be lower; \
                    where they are often wrong, it should be higher." }
            }
        }
    }
}

/// The customers of a layer; a file has those of one layer alone, the customers without an account.
fn customers(layer: &LayerFigures) -> Markup {
    match layer.pass.as_str() {
        "" => door(layer.customers, "customers", &[("status", "unmatched")]),
        _ => number(layer.customers),
    }
}

fn name(layer: &LayerFigures) -> &str {
    match layer.pass.as_str() {
        "" => "no account",
        "verdict" => "a person",
        pass => pass,
    }
}

/// A share with its interval, in percent.
fn percent(of: Estimate) -> String {
    let percent = |share: f64| format!("{:.0}", share * 100.0);
    format!("{} % ({} to {} %)", percent(of.value), percent(of.low), percent(of.high))
}
