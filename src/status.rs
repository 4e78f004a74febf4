//! The statuses in which customers, accounts and contacts end, and the reasons for them: one table
//! for each, from which its enum, its counts, its key in `summary.json` and its words come.

use serde::{Deserialize, Serialize};

/// Makes the enum of a table, and the struct that counts by it. A row has the variant, the key in
/// `summary.json`, the word of the files, the words of `summary.html` where they are others, and
/// what the status or reason means, in one line.
macro_rules! statuses {
    (@first $first:literal $($other:literal)?) => { $first };
    (
        $(#[$about:meta])* $seen:vis $status:ident;
        $(#[$counted:meta])* $counts:ident;
        $($(#[$default:meta])? $variant:ident $key:ident $word:literal $(on the page $label:literal)?: $means:literal;)+
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $seen enum $status { $(#[doc = $means] $(#[$default])? $variant,)+ }

        #[allow(dead_code, reason = "each table has all of them, whether or not it needs them")]
        impl $status {
            /// All of them, in the order of the files.
            pub(crate) const ALL: &[$status] = &[$($status::$variant),+];

            /// The word that files and messages show.
            pub(crate) fn word(self) -> &'static str {
                match self { $($status::$variant => $word,)+ }
            }

            /// What the page calls it.
            pub(crate) fn label(self) -> &'static str {
                match self { $($status::$variant => statuses!(@first $($label)? $word),)+ }
            }

            /// What it means, in one line.
            pub(crate) fn explanation(self) -> &'static str {
                match self { $($status::$variant => $means,)+ }
            }
        }

        $(#[$counted])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub(crate) struct $counts { $(#[doc = $means] pub $key: u64,)+ }

        #[allow(dead_code, reason = "each table has all of them, whether or not it needs them")]
        impl $counts {
            /// Counts one.
            pub(crate) fn add(&mut self, status: $status) {
                match status { $($status::$variant => self.$key += 1,)+ }
            }

            /// How many there are of one kind.
            pub(crate) fn of(&self, status: $status) -> u64 {
                match status { $($status::$variant => self.$key,)+ }
            }

            /// How many there are in all.
            pub(crate) fn total(&self) -> u64 {
                [$(self.$key),+].iter().sum()
            }

            /// Adds other counts to these.
            pub(crate) fn absorb(&mut self, other: &$counts) {
                $(self.$key += other.$key;)+
            }

            /// Each word of the files with its count.
            pub(crate) fn by_word(&self) -> Vec<(&'static str, u64)> {
                $status::ALL.iter().map(|status| (status.word(), self.of(*status))).collect()
            }

            /// Each label of the page with its count.
            pub(crate) fn by_label(&self) -> Vec<(&'static str, u64)> {
                $status::ALL.iter().map(|status| (status.label(), self.of(*status))).collect()
            }
        }
    };
}

statuses! {
    /// The one status in which a customer ends.
    pub(crate) CustomerStatus;
    /// Customers by status.
    CustomerCounts;
    Linked linked "linked": "linked to an account, by rule or by your decision";
    Review review "review" on the page "in review": "needs your decision";
    Unmatched unmatched "unmatched": "no account is close enough, or you decided so";
    Excluded excluded "excluded": "not tried";
}

statuses! {
    /// Why a customer's link needs a person.
    pub ReviewReason;
    /// Customers in review, by reason.
    ReviewCounts;
    Conflict conflict "conflict" on the page "conflict: name or id points to another account":
        "the name or an id points, more strongly, to another account";
    Tie tie "tie" on the page "tie: several accounts are equally good":
        "several accounts are equally good and no duplicates of each other";
    Doubtful doubtful "doubtful" on the page "doubtful: not close enough to link by itself":
        "no account is close enough to be linked without your decision";
    Family family "family" on the page "family: only a domain or number of the group agrees":
        "only a group's domain or a top parent's number agrees";
    AccountTaken account_taken "account taken" on the page "account taken: linked to a closer match":
        "this account is linked to a closer match";
    Stale stale "stale" on the page "stale: changed since you decided":
        "what you decided about has changed since";
    Truncated truncated "truncated" on the page "truncated: too many equally good accounts":
        "more than 8 equally good accounts";
}

statuses! {
    /// Why a customer has no link.
    pub UnmatchedReason;
    /// Customers without a link, by reason.
    UnmatchedCounts;
    NoCandidate no_candidate "no candidate" on the page "no candidate: nothing in common with any account":
        "no account shares its domain, id or a distinctive word of its name";
    NothingNear nothing_near "nothing near" on the page "nothing near: no account is close enough":
        "accounts were compared, and none is close enough";
    Refused refused_by_a_person "refused by a person" on the page "you rejected the candidates":
        "you rejected its candidates";
    SettledNone settled_as_none "settled as none" on the page "you decided: no account":
        "you decided: no account";
}

statuses! {
    /// Why a customer was not tried.
    pub ExcludedReason;
    /// Customers not tried, by reason.
    ExcludedCounts;
    NoUsableKey no_usable_key "no usable key" on the page "no usable key: no name, domain or id to compare":
        "the report has no name and no domain that can be compared, and no account has its id";
    Partner the_partner_itself "the partner itself" on the page "your own company":
        "its domain is one of --own-domain";
}

statuses! {
    /// The one status in which an account ends.
    pub(crate) AccountStatus;
    /// Accounts by status.
    AccountCounts;
    Linked linked "linked": "linked to a customer";
    CandidateOnly candidate_only "candidate only": "compared with a customer, but not linked";
    NoCustomer no_customer "no customer":
        "no customer shares its domain, id or a distinctive word of its name";
    Excluded excluded "excluded": "deleted, merged into another, or a person";
}

statuses! {
    /// The one status in which a contact ends.
    pub(crate) ContactStatus;
    /// Contacts by status.
    ContactCounts;
    Listed listed "listed": "in the lists";
    Suppressed suppressed "suppressed": "must not get e-mail";
    Duplicate duplicate "duplicate": "the address is listed with another contact";
    NoUsableAddress no_usable_address "no usable address": "it has no address that mail can reach";
    NotSelected not_selected "not selected":
        "your filters leave out the customer or the person";
    AccountNotLinked account_not_linked "account not linked":
        "no customer of the reports is linked to the account";
    AccountUnclear account_unclear "account unclear":
        "the company name fits several accounts";
    NoAccount no_account "no account": "neither an id nor a company name joins it to an account";
    Unreadable unreadable "unreadable": "its row could not be read";
}

statuses! {
    /// Why a contact must not be written to. The first that holds is the reason.
    pub(crate) Suppression;
    /// Contacts that must not be written to, by reason.
    SuppressionCounts;
    OptedOut opted_out "opted out": "the contact itself denies e-mail";
    AccountOptedOut account_opted_out "account opted out": "its account denies e-mail";
    AddressOptedOutElsewhere address_opted_out_elsewhere "address opted out elsewhere":
        "another record with the same address or of the same person denies e-mail";
    OnList suppression_list "suppression list": "it is on one of your suppression lists";
    Bounced bounced "bounced": "mail to it came back";
    InactiveContact inactive_contact "inactive contact":
        "the CRM has the contact switched off or deleted";
    MergedContact merged_contact "merged contact": "the CRM has merged it into another";
    OwnStaff own_staff "own staff": "one of the partner's own people";
    ConsentUnknown consent_unknown "consent unknown": "no consent column was recognised";
}

statuses! {
    /// What kind of change there is between two months. The most welcome come first.
    #[derive(Default)]
    pub(crate) ChangeKind;
    /// Changes by kind.
    ChangeCounts;
    #[default] ClusterUp cluster_up "cluster up": "the customer is readier to buy in a solution area";
    CustomerNew customer_new "customer new": "the reports did not have it before";
    LinkNew link_new "link new": "the customer is linked and was not";
    LinkChanged link_changed "link changed": "the customer is linked to other accounts";
    LinkLost link_lost "link lost": "the customer is no longer linked";
    AgreementNew agreement_new "agreement new": "the reports did not have it before";
    AgreementMoved agreement_moved "agreement moved": "it ends on another day";
    AgreementEnded agreement_ended "agreement ended": "its end has passed";
    AgreementGone agreement_gone "agreement gone":
        "the reports no longer have it, though its end is ahead";
    CohortGained cohort_gained "cohort gained": "the customer is in a further cohort";
    CohortLost cohort_lost "cohort lost": "the customer has left a cohort";
    ClusterDown cluster_down "cluster down": "the customer is less ready to buy in a solution area";
    CustomerGone customer_gone "customer gone": "the reports no longer have it";
    ContactListed contact_listed "contact listed": "a person is on the lists and was not";
    ContactNoLongerListed contact_no_longer_listed "contact no longer listed":
        "a person was on the lists and is not";
}

statuses! {
    /// Who or what has caused a change.
    #[derive(Default)]
    pub(crate) Cause;
    /// Changes by cause.
    CauseCounts;
    #[default] Report report "report": "the reports say something else";
    Crm crm "crm": "the CRM says something else";
    Verdict verdict "verdict": "you decided";
    Rules rules "rules": "the program or its rules are others";
    Others others "others": "other customers, accounts or people come before";
    Settings settings "settings": "other flags or other inputs alone";
}

impl Suppression {
    /// Whether somebody has said no; the other reasons say nothing of the person's will.
    pub(crate) fn is_denial(self) -> bool {
        use Suppression::{AccountOptedOut, AddressOptedOutElsewhere, OnList, OptedOut};
        matches!(self, OptedOut | AccountOptedOut | AddressOptedOutElsewhere | OnList)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of a table with their keys in JSON, both in order.
    macro_rules! keys {
        ($status:ident, $counts:ident) => {{
            let json = serde_json::to_string(&$counts::default()).expect("plain numbers");
            let words = $status::ALL.iter().map(|status| status.word().to_owned());
            (json, words.collect::<Vec<_>>())
        }};
    }

    #[test]
    fn keys_are_the_words_with_underscores_in_order() {
        for (json, words) in [
            keys!(CustomerStatus, CustomerCounts),
            keys!(ReviewReason, ReviewCounts),
            keys!(UnmatchedReason, UnmatchedCounts),
            keys!(ExcludedReason, ExcludedCounts),
            keys!(AccountStatus, AccountCounts),
            keys!(ContactStatus, ContactCounts),
            keys!(Suppression, SuppressionCounts),
            keys!(ChangeKind, ChangeCounts),
            keys!(Cause, CauseCounts),
        ] {
            let key = |word: &String| format!("\"{}\":0", word.replace(' ', "_"));
            let keys: Vec<String> = words.iter().map(key).collect();
            assert_eq!(json, format!("{{{}}}", keys.join(",")));
        }
    }

    #[test]
    fn each_status_is_counted_under_its_own_word() {
        let mut counts = ContactCounts::default();
        for (times, status) in ContactStatus::ALL.iter().enumerate() {
            (0..times).for_each(|_| counts.add(*status));
        }
        let more = counts.clone();
        counts.absorb(&more);
        let want = ContactStatus::ALL.iter().enumerate();
        let want: Vec<(&str, u64)> = want.map(|(at, of)| (of.word(), 2 * at as u64)).collect();
        assert_eq!(counts.by_word(), want);
        assert_eq!(counts.total(), want.iter().map(|(_, count)| count).sum::<u64>());
    }
}
