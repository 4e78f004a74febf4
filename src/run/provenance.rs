//! What the summary says of the files of a run.

use rayon::prelude::*;

use crate::{
    columns::{Field, Recognised, are_data},
    config::Config,
    decide::Decisions,
    error::Result,
    index::MAX_BLOCK,
    inputs::{Source, mended_note},
    link::MAX_SHARED,
    read::{LeftAlone, MayBe},
    run::{Found, customers::period},
    verdicts::Harvest,
    write::{ColumnSummary, InputSummary},
};

/// What became of each file that was given.
pub(crate) fn inputs(config: &Config, found: &Found) -> Result<Vec<InputSummary>> {
    let summary = |(at, source): (usize, &Source)| {
        Ok(InputSummary {
            file: source.info.file.clone(),
            kind: source.what.kind().into(),
            crm: source.dialect.name().into(),
            period: match source.what {
                Recognised::Report(..) => period(config, source).to_string(),
                _ => String::new(),
            },
            rows: found.log.rows_of(at),
            encoding: source.info.encoding.clone(),
            encoding_reason: source.info.encoding_reason.clone(),
            dialect: source.info.dialect.clone(),
            columns: columns(source),
            fingerprint: source.fingerprint()?,
            left_alone_reason: None,
        })
    };
    let mut inputs: Vec<InputSummary> =
        found.inputs.sources.par_iter().enumerate().map(summary).collect::<Result<_>>()?;
    inputs.extend(found.inputs.left_alone.iter().map(|file| InputSummary {
        file: file.file.clone(),
        left_alone_reason: Some(file.reason.clone()),
        ..InputSummary::default()
    }));
    Ok(inputs)
}

/// The columns of a file, each with the field that it was read as.
fn columns(source: &Source) -> Vec<ColumnSummary> {
    // A list without a header has somebody's address in its place.
    let is_headless = match &source.what {
        Recognised::Suppression(list) => !list.header_entries().is_empty(),
        _ => false,
    };
    let layout = source.what.layout().filter(|layout| !is_headless && !are_data(layout.headers()));
    let Some(layout) = layout else { return Vec::new() };
    let one = |(header, field): (&str, Field)| ColumnSummary {
        header: header.to_owned(),
        field: field.word().to_owned(),
    };
    layout.recognised().into_iter().map(one).collect()
}

/// What became of the review sheet, as one sentence; nothing where there was nothing to say.
pub(crate) fn decisions(harvest: &Harvest, decisions: &Decisions) -> Option<String> {
    let (taken, unclear, stale) =
        (harvest.decisions, harvest.unclear.len(), decisions.verdicts_stale);
    let mut parts = Vec::new();
    if taken > 0 {
        let noun = if taken == 1 { "decision" } else { "decisions" };
        parts.push(format!("{taken} {noun} applied"));
    }
    if unclear > 0 {
        parts.push(format!("{unclear} not understood (written back in red with what was found)"));
    }
    if stale > 0 {
        parts.push(format!("{stale} to decide again, as a record has changed since"));
    }
    (!parts.is_empty()).then(|| format!("review sheet: {}", parts.join(", ")))
}

/// What the user should know of the files, each with the flag that corrects it.
pub(crate) fn notes(found: &Found) -> Vec<String> {
    let mut notes = found.log.notes().to_vec();
    let crowded = found.index.crowded_keys(MAX_SHARED);
    if crowded > 0 {
        notes.push(format!(
            "{crowded} domains or numbers belong to more than {MAX_SHARED} customers each: an account with \
             one is compared with {MAX_SHARED} of these customers, and with the others by name"
        ));
    }
    let crowded = found.index.crowded_names();
    if crowded > 0 {
        notes.push(format!(
            "{crowded} customers have nothing in their names that at most {MAX_BLOCK} customers share (a \
             word, two words, or a word with the place): they are compared only with accounts of \
             the same whole name, domain or number"
        ));
    }
    notes.extend(found.decisions.learned.iter().cloned());
    for LeftAlone { file, reason, may_be } in &found.inputs.left_alone {
        let although = match may_be {
            MayBe::Foreign | MayBe::Unknown => continue,
            MayBe::Sheet | MayBe::OfCrm | MayBe::OfReports => "",
            MayBe::Ours | MayBe::Damaged => ", although it may hold people",
            MayBe::Denying => ", although words of denial stand beside its people",
            MayBe::Denials => ", although its name speaks of people who must not be written to",
        };
        notes.push(format!("{file}: not read{although}: {reason}"));
    }
    for (at, source) in found.inputs.sources.iter().enumerate() {
        let mended = mended_note(found.log.mended_of(at));
        notes.extend(mended.map(|note| format!("{}: {note}", source.info.file)));
        for note in &source.info.notes {
            notes.push(format!("{}: {note}", source.info.file));
        }
        for warning in source.warnings.iter().filter(|warning| !warning.is_grave) {
            let flag = warning.flag.as_ref().map_or(String::new(), |flag| format!(" ({flag})"));
            notes.push(format!("{}: {}{flag}", source.info.file, warning.found));
        }
    }
    notes
}
