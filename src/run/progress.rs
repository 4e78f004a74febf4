//! How many bytes a run is going to read, for a progress bar.

use std::sync::atomic::Ordering;

use crate::{
    columns::Recognised,
    config::Config,
    inputs::{Inputs, Source},
};

/// Sets how many bytes the run is going to read; `lists` says whether the contacts are read for
/// the lists.
pub(super) fn announce(config: &Config, inputs: &Inputs, lists: bool) {
    let Some(progress) = &config.progress else { return };
    let bytes = |source: &Source| {
        let times = match &source.what {
            // for opt-outs and domains, for all addresses of some accounts, and for the lists
            Recognised::Contacts(_) => 2 + u64::from(lists),
            Recognised::Both(..) => 3 + u64::from(lists),
            _ => 1,
        };
        source.input.bytes().unwrap_or(0) * times
    };
    progress.total.store(inputs.sources.iter().map(bytes).sum(), Ordering::Relaxed);
}

/// Only some sources are read, each once.
#[cfg(feature = "browser")]
pub(super) fn announce_only(config: &Config, sources: &[(usize, &Source)]) {
    if let Some(progress) = &config.progress {
        progress.total.store(bytes_of(sources), Ordering::Relaxed);
    }
}

/// Some sources are read once more than was announced.
pub(super) fn announce_more(config: &Config, sources: &[(usize, &Source)]) {
    if let Some(progress) = &config.progress {
        progress.total.fetch_add(bytes_of(sources), Ordering::Relaxed);
    }
}

/// Some sources are read once less than was announced.
pub(super) fn announce_less(config: &Config, sources: &[(usize, &Source)]) {
    if let Some(progress) = &config.progress {
        progress.total.fetch_sub(bytes_of(sources), Ordering::Relaxed);
    }
}

fn bytes_of(sources: &[(usize, &Source)]) -> u64 {
    sources.iter().filter_map(|(_, source)| source.input.bytes()).sum()
}
