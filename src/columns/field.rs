//! The fields that a column can stand for.

use std::fmt;

/// Declares [`Field`] with its words, so that enum, list and words cannot fall apart.
macro_rules! fields {
    ($($variant:ident $word:literal $doc:literal,)*) => {
        /// What a column stands for. The word of a field is what `--column FIELD=HEADER` and the
        /// tables in `rules/columns/` call it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Field {
            $(#[doc = $doc] $variant,)*
        }

        impl Field {
            /// Every field, in declaration order.
            pub(crate) const ALL: &'static [Field] = &[$(Field::$variant,)*];

            /// The word of the field: lower case, parts joined by hyphens.
            pub(crate) fn word(self) -> &'static str {
                match self {
                    $(Field::$variant => $word,)*
                }
            }
        }
    };
}

fields! {
    Id "id" "The id of the record itself: customer, account or contact.",
    Name "name" "The name of the company, on a customer or an account.",
    AccountId "account-id" "On a contact: the id of its account.",
    IndividualId "individual-id" "On a contact: the id of the record that holds the person's preferences.",
    AccountName "account-name" "On a contact: the name of its account.",
    Domain "domain" "A domain of the company, one or several.",
    Website "website" "A web address of the company, one or several.",
    TenantDomain "tenant-domain" "The domain of the Microsoft tenant.",
    Email "email" "The e-mail address.",
    FurtherEmail "further-email" "Another e-mail address of the same record.",
    EmailHash "email-hash" "The SHA-256 of an e-mail address, in a suppression list.",
    Phone "phone" "The phone number.",
    Mobile "mobile" "The mobile phone number.",
    City "city" "The city.",
    State "state" "The state or province.",
    PostalCode "postal-code" "The postal code.",
    Country "country" "The country, as a name or a code.",
    MicrosoftId "microsoft-id" "Microsoft's id of the customer.",
    Tpid "tpid" "Microsoft's id of the top parent, one or several.",
    TenantId "tenant-id" "The id of the Microsoft tenant.",
    Duns "duns" "The D-U-N-S number.",
    Owner "owner" "The colleague who owns the record.",
    Modified "modified" "When the record was last changed.",
    Deleted "deleted" "Whether the record was deleted.",
    MasterId "master-id" "The id of the record into which this one was merged.",
    Merged "merged" "Whether the record was merged into another.",
    Status "status" "The status of the record, as a word.",
    StateCode "state-code" "The status of the record: 0 active, 1 inactive.",
    Active "active" "Whether the record is in use.",
    PersonAccount "person-account" "On an account: yes where it is a person, no company.",
    RecordKind "record-kind" "Company or person, or yes for a company: splits a file that holds both.",
    PersonContactId "person-contact-id" "On an account that is a person: the id of the person's contact.",
    PersonEmail "person-email" "On an account that is a person: the person's e-mail address.",
    OrgSize "org-size" "The size of the customer: a number or a band.",
    SubSegment "sub-segment" "The market sub-segment.",
    SmcType "smc-type" "The market segment, as a word that names the size.",
    Industry "industry" "The industry.",
    Vertical "vertical" "The vertical.",
    PartnerId "partner-id" "The partner's own id.",
    PartnerName "partner-name" "The partner's own name.",
    AgreementId "agreement-id" "The number of an agreement.",
    AgreementEnd "agreement-end" "When an agreement ends.",
    Program "program" "The licence program of an agreement.",
    Product "product" "The product that is up for renewal.",
    ExpirationType "expiration-type" "The kind of expiration of an agreement.",
    ExpiringRevenue "expiring-revenue" "The expiring revenue of an agreement.",
    Created "created" "On a deal: the day on which it was created.",
    Closed "closed" "On a deal: the day on which it was won or lost, else is expected to be.",
    Stage "stage" "On a deal: its stage, as a word.",
    DealStatus "deal-status" "On a deal: open, won or lost.",
    IsWon "is-won" "On a deal: yes where it was won.",
    IsClosed "is-closed" "On a deal: yes where it was won or lost.",
    Amount "amount" "On a deal: what it is worth.",
    Currency "currency" "On a deal: the currency of the amount.",
    DealType "deal-type" "On a deal: its type or label, which may name a product.",
    Salutation "salutation" "The form of address.",
    FirstName "first-name" "The first name.",
    LastName "last-name" "The last name.",
    FullName "full-name" "First and last name in one.",
    JobTitle "job-title" "The job title.",
    EmailOptOut "email-opt-out" "Yes: marketing e-mail is denied.",
    EmailOptIn "email-opt-in" "Yes: marketing e-mail is allowed; no: it is denied.",
    DoNotEmail "do-not-email" "Allow or Do Not Allow; 1 denies, whatever the header says.",
    SendMarketing "send-marketing" "Send or Do Not Send; 1 denies, though the header asks positively.",
    MarketingStatus "marketing-status" "Subscribed, Unsubscribed, No consent, Bounced.",
    Unsubscribed "unsubscribed" "Any value: marketing e-mail is denied.",
    Bounced "bounced" "Any value but a no: the e-mail address does not work.",
    Denial "denial" "Any value but a no denies marketing e-mail, and nothing there allows it.",
    ContactStatus "contact-status" "A status of which some words deny marketing e-mail.",
    PhoneOptOut "phone-opt-out" "Yes: phone calls are denied.",
    PhoneOptIn "phone-opt-in" "Yes: phone calls are allowed; no: they are denied.",
    DoNotPhone "do-not-phone" "Allow or Do Not Allow phone calls; 1 denies.",
    PostOptOut "post-opt-out" "Yes: postal mail is denied.",
    PostOptIn "post-opt-in" "Yes: postal mail is allowed; no: it is denied.",
    DoNotPost "do-not-post" "Allow or Do Not Allow postal mail; 1 denies.",
    AdOptOut "ad-opt-out" "Yes: use for advertising is denied.",
    AdOptIn "ad-opt-in" "Yes: use for advertising is allowed; no: it is denied.",
    Ignore "ignore" "Of no use here, and no consent, whatever it looks like.",
}

impl Field {
    /// The field with this word.
    pub(crate) fn from_word(word: &str) -> Option<Field> {
        Field::ALL.iter().copied().find(|field| field.word() == word)
    }

    /// Whether all columns of the field count, each with its own values.
    pub(crate) fn takes_several(self) -> bool {
        use Field::*;
        self.is_consent()
            || matches!(
                self,
                Domain
                    | EmailHash
                    | Website
                    | FurtherEmail
                    | MicrosoftId
                    | Tpid
                    | TenantId
                    | Deleted
                    | Merged
                    | Status
                    | Bounced
                    | Denial
                    | ContactStatus
                    | Ignore
            )
    }

    /// Whether the field says what a record's owner may be sent.
    pub(crate) fn is_consent(self) -> bool {
        (Field::EmailOptOut..=Field::AdOptIn).contains(&self)
            && !matches!(self, Field::Bounced | Field::Denial | Field::ContactStatus)
    }

    /// Whether the field speaks of marketing e-mail.
    pub(crate) fn is_email_consent(self) -> bool {
        (Field::EmailOptOut..=Field::Unsubscribed).contains(&self)
    }

    /// Whether the field belongs to one agreement, not to the customer.
    pub(crate) fn is_agreement(self) -> bool {
        (Field::AgreementId..=Field::ExpiringRevenue).contains(&self)
    }

    /// Whether the column must be one and the same for the whole file: another column may not
    /// fill its gaps, because ids and names from different columns are different things.
    pub(crate) fn is_identity(self) -> bool {
        use Field::*;
        matches!(self, Id | Name | AccountId | AgreementId)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
