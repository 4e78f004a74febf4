//! The kinds of report.

use serde::{Deserialize, Serialize};

/// The six kinds of report, in the order in which their values win (DESIGN section 11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReportKind {
    /// Microsoft 365 propensity.
    M365,
    /// Azure propensity.
    Azure,
    /// Dynamics 365 propensity.
    D365,
    /// Security propensity.
    Security,
    /// Surface propensity.
    Surface,
    /// Agreement renewals propensity.
    Renewals,
    /// A table of customers of no kind in particular.
    Generic,
}

impl ReportKind {
    /// Every kind, in the order in which their values win.
    pub(crate) const ALL: [ReportKind; 7] = [
        ReportKind::M365,
        ReportKind::Azure,
        ReportKind::D365,
        ReportKind::Security,
        ReportKind::Surface,
        ReportKind::Renewals,
        ReportKind::Generic,
    ];

    /// The word for `--report KIND=PATH`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            ReportKind::M365 => "m365",
            ReportKind::Azure => "azure",
            ReportKind::D365 => "d365",
            ReportKind::Security => "security",
            ReportKind::Surface => "surface",
            ReportKind::Renewals => "renewals",
            ReportKind::Generic => "generic",
        }
    }

    /// The kind as people write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            ReportKind::M365 => "M365",
            ReportKind::Azure => "Azure",
            ReportKind::D365 => "D365",
            ReportKind::Security => "Security",
            ReportKind::Surface => "Surface",
            ReportKind::Renewals => "Renewals",
            ReportKind::Generic => "Generic",
        }
    }

    /// The kind with this word.
    pub(crate) fn from_word(word: &str) -> Option<ReportKind> {
        ReportKind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}
