//! The files of a result folder, and the files next to it, with all their columns.
//!
//! The order of the columns is the order in the file. New ones come at the end of their group.

use super::column::file;

file! {
    /// The customers of the reports.
    customers, "customers.csv", Some(Book {
        name: "customers.xlsx",
        sheet: "sheet.customers",
        columns: &[
            "customer_name", "status", "best_cluster", "clusters", "cohorts", "expiring_revenue",
            "next_agreement_end", "account_owner", "contacts_listed", "contacts_suppressed",
            "deal", "reason", "domain", "customer_city", "customer_state", "customer_country",
            "customer_industry", "sub_segment", "account_ids", "customer_id",
        ],
        frozen: 1,
    }),
    "customer of the reports, by id";
    customer_id: Id, "The CustomerID of the reports.", "280086596876";
    customer_name: Name, "The name of the company.", "Granite Heron Credit Union";
    domain: Domain, "The company's domain.", "granite-heron-cu.org";
    status: Word("`linked`, `review`, `unmatched`, `excluded`"),
        "What became of the customer: linked to an account, in need of your decision, without an account, not tried.",
        "linked";
    reason: Phrase, "Why it has this status.", "accepted by the domain pass";
    account_ids: Ids, "The linked accounts of the CRM.", "001Qy00000BfiScIAJ";
    account_owner: Text, "The owners of these accounts.", "Callum Kettlewick";
    best_cluster: Cluster, "The readiest cluster over all solution areas.", "Act Now";
    clusters: List, "The cluster in each solution area.", "Azure: Act Now; M365: Nurture";
    cohorts: List,
        "The cohorts that the customer is in.", "D365_Azure Customers with No Power Platform";
    contacts_listed: Count, "People of the customer in `contacts.csv`.", "4";
    contacts_suppressed: Count, "People of the customer in `suppressed.csv`.", "0";
    next_agreement_end: Day,
        "The first day on which an agreement ends, the day of the run or later.", "2027-01-31";
    expiring_revenue: Money,
        "The revenue of all agreements that end on the day of the run or later.", "78350";
    @varying {
        "(every column of the reports)": Text,
            "Each column as its report has it, under the header that the report gives it.", "";
    }
    @behind {
        customer_city: Text, "The city.", "Boston";
        customer_state: Text, "The state or province.", "Massachusetts";
        customer_postal_code: Text, "The postal code.", "02129";
        customer_country: Text, "The country.", "United States";
        customer_industry: Text, "The industry.", "Financial Services";
        sub_segment: Text, "The sub-segment.", "Upper medium";
        deal: Phrase,
            "The deal of the customer that is open or was won in the last 90 days, in any area.",
            "open deal (Azure), created 2026-10-04";
    }
    @last {
        "cell_AREA": MatrixCell, "Fit and intent in the area, as one cell of the matrix.", "A2";
    }
}

file! {
    /// The people to write to.
    contacts, "contacts.csv", Some(Book {
        name: "contacts.xlsx",
        sheet: "sheet.contacts",
        columns: &[
            "first_name", "last_name", "email", "phone", "job_title", "account_name",
            "customer_name", "best_cluster", "clusters", "cohorts", "expiring_revenue",
            "next_agreement_end", "account_owner", "deal", "email_permission", "role", "salutation",
            "city", "country", "industry", "org_size", "account_status",
            "contact_id", "account_id", "customer_id",
        ],
        frozen: 2,
    }),
    "person to write to, those of the readiest customers first";
    contact_id: Id, "The contact of the CRM.", "003Qy00000bKCqnIAG";
    account_id: Id, "Its account.", "001Qy00000GtRBOIA3";
    customer_id: Id, "The customer to which the account is linked.", "38060574";
    first_name: PersonName, "The first name.", "Tanja";
    last_name: PersonName, "The last name.", "Fuhrenkamp";
    email: Email, "The address to write to.", "tanja.fuhrenkamp@vossmoor-logistik.de";
    email_permission: Word("`allowed`, `not denied`, `unknown`"),
        "Whether the person may get e-mail. `allowed` is an explicit yes.",
        "not denied";
    phone: Text, "The phone number; blank where the person denied calls.", "+49 40 66969 086";
    job_title: Text, "The job title.", "Leiterin Einkauf";
    account_name: Name, "The company as the CRM calls it.", "Vossmoor Logistik";
    customer_name: Name, "The company as the reports call it.", "Vossmoor Logistik GmbH & Co. KG";
    best_cluster: Cluster, "The readiest cluster over all solution areas.", "Act Now";
    clusters: List, "The cluster in each solution area.", "Azure: Educate; M365: Act Now";
    cohorts: List, "The cohorts that the customer is in.", "MW_On Prem Acq_Office 2016_2019";
    next_agreement_end: Day,
        "The first day on which an agreement ends, the day of the run or later.", "2027-01-31";
    expiring_revenue: Money,
        "The revenue of all agreements that end on the day of the run or later.", "78350";
    org_size: Figure, "The number of employees.", "22";
    sub_segment: Text, "The sub-segment.", "Small / very small";
    industry: Text, "The industry.", "Transport & Logistics";
    vertical: Text, "The vertical.", "Freight";
    city: Text, "The city of the person, else of the account.", "Hamburg";
    country: Text, "The country of the person, else of the account.", "Germany";
    pass: Pass, "The key by which customer and account were found.", "domain";
    similarity: Similarity, "How likely customer and account are one company, against all rivals.", "0.9967";
    @varying {
        "cluster_AREA": Cluster,
            "The cluster in the area.", "Act Now";
        "fit_AREA": Figure, "The fit in the area.", "88";
        "intent_AREA": Figure, "The intent in the area.", "71";
    }
    @behind {
        account_status: Word("`active`, `inactive`"),
            "Whether the CRM has the account in use.", "active";
        salutation: Text, "The salutation.", "Frau";
        postal_code: Text, "The postal code.", "20122";
        phone_permission: Permission, "Whether the person may be called.", "not denied";
        post_permission: Permission, "Whether the person may get post.", "unknown";
        ad_permission: Permission,
            "Whether the address may be given to advertising platforms.", "unknown";
        account_owner: Text, "The owner of the account.", "Callum Kettlewick";
        role: Text, "The role that the job title names.", "Procurement lead";
        address_kind: Word("`person`, `role`"),
            "Whether the address is that of a person or of a function, such as info@.", "person";
        merged_contact_ids: Ids,
            "Further contacts of the CRM that are the same person.", "003Qy00000muscJIAQ";
        values_from: Text,
            "The values that were taken from one of them.", "phone: 003Qy00000muscJIAQ";
        deal: Phrase,
            "The deal of the customer that is open or was won in the last 90 days, in an area for which the lists take it.",
            "open deal (Azure), created 2026-10-04";
        expected_value: Money,
            "With `--rank outcomes`: what the customer is expected to be worth; the people are in this order.",
            "9793.75";
        expected_value_formula: Phrase,
            "How that was worked out: customers with a won deal, of 100 like it, times the expiring revenue.",
            "12.5 of 100 (A1 in Azure) x 78350";
    }
    @last {
        "cell_AREA": MatrixCell, "Fit and intent in the area, as one cell of the matrix.", "A2";
    }
}

file! {
    /// The links.
    links, "links.csv", None,
    "customer and account that belong together, by customer id, the best first";
    customer_id: Id, "The customer.", "280086596876";
    customer_name: Name, "The company as the reports call it.", "Granite Heron Credit Union";
    account_id: Id, "The account.", "001Qy00000BfiScIAJ";
    account_name: Name, "The company as the CRM calls it.", "Granite Heron Credit Union";
    pass: Pass, "The key by which the pair was found.", "domain";
    similarity: Similarity, "How likely the pair is one company, against all rivals.", "0.9959";
    decided_by: Word("`rule`, `verdict`"), "Whether the program or a person decided.", "rule";
    reason: Phrase, "Why the pair was accepted.", "accepted by the domain pass";
    domain_level: Level, "How the domains compare.", "agrees";
    name_level: Level, "How the names compare.", "agrees";
    id_level: Level, "How the ids of Microsoft and the D-U-N-S numbers compare.", "missing right";
    place_level: Level, "How the places compare.", "agrees";
    duplicate_group: Id,
        "The smallest id of the accounts that are duplicates of each other; blank where there is no duplicate.",
        "001Qy00000LITlTIAX";
    runner_up_account_id: Id, "The next best account.", "001Qy000000NB5DIAW";
    runner_up_similarity: Similarity, "How likely the customer and that account are one company.", "0.4120";
    explanation: Sentence,
        "The pair in one sentence.",
        "domain agrees; name agrees (both: granite heron credit union); place agrees";
    account_status: Word("`active`, `inactive`"),
        "Whether the CRM has the account in use.", "active";
}

file! {
    /// What a person must decide.
    review, "review.csv", Some(Book {
        name: "review.xlsx",
        sheet: "sheet.review",
        columns: &[
            "verdict", "customer_name", "account_name", "what_to_decide", "customer_domain",
            "account_domain", "customer_city", "account_city", "best_cluster", "expiring_revenue",
            "org_size", "note", "reviewer", "earlier_decision", "cohorts", "customer_country",
            "account_country", "similarity", "explanation", "customer_id", "account_id", "seen",
        ],
        frozen: 3,
    }),
    "candidate of a customer that needs your decision, by customer id, the best first";
    customer_id: Id, "The customer.", "286093294308";
    customer_name: Name, "The company as the reports call it.", "Casino de Port-Lézard";
    customer_domain: Domain, "Its domain.", "groupe-aubeline.fr";
    customer_city: Text, "Its city.", "Nantes";
    customer_country: Text, "Its country.", "France";
    reason: Phrase,
        "Why it needs your decision: `conflict`, `tie`, `doubtful`, `family`, `account taken`, `stale`, `truncated`.",
        "family";
    rank: Rank, "The place of the candidate among those of the customer.", "1";
    account_id: Id, "The candidate.", "001Qy00000ldscIIAQ";
    account_name: Name, "The company as the CRM calls it.", "Aubeline Hotels";
    account_domain: Domain, "Its domain.", "groupe-aubeline.fr";
    account_city: Text, "Its city.", "Paris";
    account_country: Text, "Its country.", "France";
    pass: Pass, "The key by which the pair was found.", "domain";
    similarity: Similarity, "How likely the pair is one company, against all rivals.", "0.0005";
    domain_level: Level, "How the domains compare.", "agrees";
    name_level: Level, "How the names compare.", "differs";
    id_level: Level, "How the ids of Microsoft and the D-U-N-S numbers compare.", "missing right";
    place_level: Level, "How the places compare.", "differs";
    best_cluster: Cluster, "The customer's readiest cluster over all solution areas.", "Evaluate";
    cohorts: List, "The cohorts that the customer is in.", "MW_On Prem Acq_Office 2016_2019";
    explanation: Sentence,
        "The pair in one sentence.",
        "domain agrees; name differs (only the report: casino de port lezard, only the CRM: aubeline hotels); place differs";
    seen: Mark,
        "What the pair looked like. When it changes, you decide again.",
        "ce48b02c0133c-a3ebc5f0917aa";
    verdict: Verdict,
        "For you to fill in: it is this account, it is not, or the customer has no account at all.",
        "accept";
    note: Sentence, "For you to fill in, as you like; it is kept.", "same owner";
    expiring_revenue: Money,
        "The revenue of all agreements that end on the day of the run or later.", "78350";
    org_size: Figure, "The number of employees.", "22";
    reviewer: Text,
        "For you to fill in: who decides; by default who saved the workbook last.", "Kim";
    earlier_decision: Sentence,
        "What was decided of the pair before, and what has changed since; blank where nothing was.",
        "accept on 2026-10-21 by Kim; since then the account's name has changed in the CRM.";
}

file! {
    /// The customers without an account.
    unmatched, "unmatched.csv", Some(Book {
        name: "unmatched.xlsx",
        sheet: "sheet.unmatched",
        columns: &[
            "customer_name", "best_cluster", "cohorts", "domain", "city", "country",
            "nearest_account_name", "nearest_similarity", "nearest_explanation", "reason",
            "nearest_account_id", "customer_id",
        ],
        frozen: 1,
    }),
    "customer without an account, by id";
    customer_id: Id, "The customer.", "280151672761";
    customer_name: Name, "The name of the company.", "Fliesen Wiesengrundt";
    domain: Domain, "Its domain.", "fliesen-wiesengrundt.de";
    city: Text, "Its city.", "Fulda";
    country: Text, "Its country.", "Germany";
    reason: Phrase,
        "Why there is no link: `no candidate`, `nothing near`, `refused by a person`, `settled as none`.",
        "nothing near";
    best_cluster: Cluster, "The customer's readiest cluster over all solution areas.", "Act Now";
    cohorts: List, "The cohorts that the customer is in.", "MW_On Prem Acq_Office 2016_2019";
    nearest_account_id: Id, "The nearest account.", "001Qy00000H2ReAIAV";
    nearest_account_name: Name, "Its name.", "Fliesen Grundmann";
    nearest_similarity: Similarity, "How likely the customer and that account are one company.", "0.1204";
    nearest_explanation: Sentence,
        "That pair in one sentence.",
        "name differs (both: fliesen, only the report: wiesengrundt, only the CRM: grundmann); place agrees";
}

file! {
    /// The agreements.
    agreements, "agreements.csv", Some(Book {
        name: "agreements.xlsx",
        sheet: "sheet.agreements",
        columns: &[
            "customer_name", "end_date", "expiring_revenue", "product", "program",
            "expiration_type", "account_owner", "agreement_id", "account_ids", "customer_id",
        ],
        frozen: 1,
    }),
    "agreement of a customer, by customer id and end";
    agreement_id: Id, "The number of the agreement.", "V7496574";
    customer_id: Id, "The customer.", "286209149966";
    customer_name: Name, "The name of the company.", "Fliesen Wiesengrundt";
    account_ids: Ids, "The linked accounts of the CRM.", "001Qy00000BfiScIAJ";
    account_owner: Text, "The owners of these accounts.", "Callum Kettlewick";
    end_date: Day, "The day on which it ends.", "2027-07-31";
    program: Text, "The licence program.", "Open Value Subscription";
    product: Text, "The product that is up for renewal.", "SQL Server";
    expiration_type: Text, "The kind of expiration, as the report has it.", "Expiring";
    expiring_revenue: Money, "The revenue that expires.", "18800";
}

file! {
    /// What became of the customers.
    outcomes, "outcomes.csv", Some(Book {
        name: "outcomes.xlsx",
        sheet: "sheet.outcomes",
        columns: &[
            "group", "area", "by", "reading", "customers", "with_deal", "with_won", "won_per_100",
            "won_per_100_low", "won_per_100_high", "lift", "lift_low", "lift_high", "revenue_won",
            "median_days", "deals_won", "deals_lost", "deals_open", "others", "others_with_won",
        ],
        frozen: 2,
    }),
    "group of customers that is held against all others, by what they have in common, those first of which something can be said; `docs/outcomes.md` says how to read it";
    by: Word("`all`, `cluster`, `cell`, `cohort`, `segment`"),
        "What the customers have in common: nothing, the cluster in an area, its cell of fit and intent, a cohort, the sub-segment.",
        "cluster";
    area: Text,
        "The solution area whose deals count, or how the names of several begin; blank: all deals.",
        "Azure";
    group: Phrase, "The cluster, cell, cohort or sub-segment.", "Act Now";
    customers: Count,
        "Linked customers that stood there in some period.", "112";
    with_deal: Count,
        "Those with a deal that was created while they stood there, within the horizon.", "31";
    with_won: Count, "Those with such a deal that was won.", "14";
    deals_won: Count, "Such deals that were won.", "16";
    deals_lost: Count, "Such deals that were lost.", "11";
    deals_open: Count, "Such deals that are open.", "12";
    revenue_won: List,
        "What the won deals are worth, each currency for itself.", "EUR 118400; USD 9000";
    median_days: Decimal,
        "Days from the first day of the period in which a customer came to stand there to its first deal: half of them took as long or less.",
        "38";
    deals_per_100: Decimal,
        "Customers with a deal, of 100; blank here and below: too few customers to say.", "27.68";
    deals_per_100_low: Decimal, "The lower end of its 95 % interval.", "20.24";
    deals_per_100_high: Decimal, "The upper end.", "36.6";
    won_per_100: Decimal, "Customers with a won deal, of 100.", "12.5";
    won_per_100_low: Decimal, "The lower end of its 95 % interval.", "7.6";
    won_per_100_high: Decimal, "The upper end.", "19.88";
    others: Count, "All other linked customers: those that never stood there.", "240";
    others_with_won: Count,
        "Those with a won deal within the horizon from when they were first in the reports.", "14";
    lift: Decimal,
        "How many times as many customers have a won deal as of all others; blank: too few to say.",
        "2.14";
    lift_low: Decimal, "The lower end of its 95 % interval.", "1.06";
    lift_high: Decimal, "The upper end.", "4.35";
    reading: Sentence,
        "The comparison as a sentence.",
        "customers of Act Now in Azure had 2.1 times as many won deals as all others (1.1 to 4.4)";
}

file! {
    /// The people who must not get e-mail.
    suppressed, "suppressed.csv", Some(Book {
        name: "suppressed.xlsx",
        sheet: "sheet.suppressed",
        columns: &["contact_id", "reason", "decided_by_record", "account_id"],
        frozen: 1,
    }),
    "person who must not get e-mail, by contact id";
    contact_id: Id, "The contact of the CRM.", "003Qy000009FNl4IAG";
    account_id: Id, "Its account.", "001Qy00000H2ReAIAV";
    reason: Phrase,
        "Why: `opted out`, `account opted out`, `address opted out elsewhere`, `suppression list`, `bounced`, `inactive contact`, `merged contact`, `own staff`, `consent unknown`.",
        "opted out";
    decided_by_record: Id,
        "The record that says so: a contact, an account, a lead, or the suppression list.",
        "003Qy000009FNl4IAG";
}

file! {
    /// What was not used.
    problems, "problems.csv", Some(Book {
        name: "problems.xlsx",
        sheet: "sheet.problems",
        columns: &[
            "kind", "record", "file", "line", "column", "problem", "value", "kept_value", "why",
        ],
        frozen: 2,
    }),
    "row or value that was not used, by file and line";
    file: Path, "The file.", "reports/AzurePropensity_2026-10.csv";
    line: Count, "The line in the file; in a workbook the row.", "3";
    column: Text, "The column; blank where the whole row is meant.", "City";
    problem: Sentence,
        "What is wrong with it.",
        "contradicts another value of the customer in reports/M365Propensity_2026-10.csv";
    kind: Word("`contradiction`, `record left out`, `value not used`"),
        "What kind of problem it is.", "contradiction";
    record: Name, "The customer or the account that it is about, where that is known.",
        "286093294308 Casino de Port-Lézard";
    value: Name, "The value that stands here, of a company.", "Nantes";
    kept_value: Name, "The value that holds, where two contradict each other.", "Paris";
    why: Sentence, "Why that one holds.", "the m365 report comes before the azure report";
}

file! {
    /// What has changed since the month before.
    changes, "changes.csv", Some(Book {
        name: "changes.xlsx",
        sheet: "sheet.changes",
        columns: &[
            "customer_name", "kind", "area", "before", "after", "reason", "account_owner",
            "best_cluster", "expiring_revenue", "cause", "agreement_id", "account_ids",
            "contact_id", "customer_id",
        ],
        frozen: 2,
    }),
    "change since the newest earlier month, Act Now first, what settings alone have caused last";
    kind: Phrase,
        "What kind of change it is: `cluster up`, `cluster down`, `customer new`, `customer gone`, `link new`, `link lost`, `link changed`, `agreement new`, `agreement moved`, `agreement ended`, `agreement gone`, `cohort gained`, `cohort lost`, `contact listed`, `contact no longer listed`.",
        "cluster up";
    area: Text, "The solution area, where it is of one.", "Azure";
    before: Phrase, "What was before: a cluster, a cohort, a day, accounts, a status.", "Evaluate";
    after: Phrase, "What is now.", "Act Now";
    customer_id: Id, "The customer.", "280086596876";
    customer_name: Name, "The name of the company.", "Granite Heron Credit Union";
    account_ids: Ids, "The linked accounts; where it is linked no more, those of before.", "001Qy00000BfiScIAJ";
    account_owner: Text, "The owners of the accounts that are linked now.", "Callum Kettlewick";
    contact_id: Id, "The contact, where it is of one.", "003Qy00000bKCqnIAG";
    reason: Sentence, "Why it has changed.", "fit and intent moved from B2 to A1";
    cause: Word("`report`, `crm`, `verdict`, `rules`, `others`, `settings`"),
        "Who or what has caused it; `settings`: other flags or other inputs alone.", "report";
    agreement_id: Id, "The agreement, where it is of one.", "V7496574";
    best_cluster: Cluster, "The customer's readiest cluster over all solution areas.", "Act Now";
    expiring_revenue: Money,
        "The revenue of all agreements that end on the day of the run or later.", "78350";
}

file! {
    /// Whom sellers call.
    calls, "calls.csv", Some(Book {
        name: "calls.xlsx",
        sheet: "sheet.calls",
        columns: &[
            "is_new", "account_owner", "account_name", "phone", "first_name", "last_name",
            "job_title", "why", "expiring_revenue", "next_agreement_end", "cohorts",
            "customer_name", "email", "city", "account_ids", "contact_id", "customer_id",
        ],
        frozen: 3,
    }),
    "linked Act Now customer that the lists take: those that are so since this month first, then by revenue";
    is_new: Word("`new`, blank"), "Whether it has become Act Now this month.", "new";
    account_owner: Text, "The owners of the accounts.", "Callum Kettlewick";
    account_name: Name, "The company as the CRM calls it.", "Granite Heron CU";
    phone: Text, "The phone number of the person; blank where it denied calls.", "+1 617 555 0143";
    first_name: PersonName, "A person of the customer in `contacts.csv`: the first with a phone number.", "Dana";
    last_name: PersonName, "The last name.", "Ferrante";
    job_title: Text, "The job title.", "Head of IT";
    email: Email, "The address.", "dana.ferrante@granite-heron-cu.org";
    why: Sentence, "Where it is Act Now, and what it was before.", "Azure: Act Now (Evaluate before)";
    expiring_revenue: Money,
        "The revenue of all agreements that end on the day of the run or later.", "78350";
    next_agreement_end: Day,
        "The first day on which an agreement ends, the day of the run or later.", "2027-01-31";
    cohorts: List, "The cohorts that the customer is in.", "D365_Azure Customers with No Power Platform";
    customer_id: Id, "The customer.", "280086596876";
    customer_name: Name, "The company as the reports call it.", "Granite Heron Credit Union";
    account_ids: Ids, "The linked accounts of the CRM.", "001Qy00000BfiScIAJ";
    contact_id: Id, "The person.", "003Qy00000bKCqnIAG";
    city: Text, "The city of the person, else of the account.", "Boston";
}

file! {
    /// What people decided.
    verdicts, "OUT.verdicts.csv", None,
    "verdict of a person, in the order in which they were given; the last one on a pair holds";
    customer_id: Id, "The customer.", "286093294308";
    account_id: Id, "The account; blank with `none`.", "001Qy00000ldscIIAQ";
    verdict: Verdict,
        "What the person decided; `open` takes back what was decided, `note` decides nothing.", "accept";
    reviewer: Text, "Who decided.", "Kim";
    time: Text, "When the verdict was given in the browser, or taken over from the review sheet; lines of one time are one act.", "2026-11-21T10:00:00Z";
    seen: Mark, "What the pair looked like.", "ce48b02c0133c-a3ebc5f0917aa";
    note: Sentence, "What the person noted.", "same owner";
}

file! {
    /// The first sheet of the campaign workbook.
    campaigns, "campaigns/workbook/Campaigns.xlsx", None,
    "campaign, on the first sheet; then each has a sheet of its own, with columns of `contacts.csv`";
    sheet: Text, "The sheet with its people.", "Azure - Migrate - Act Now";
    campaign_name: Name, "The name of the campaign.", "Azure autumn";
    solution_area: Text, "The solution area.", "Azure";
    cohort: Text, "The cohort.", "Azure_Windows Server OR SQL Server: Active Annuity";
    cluster: Word("`Act Now`, `Evaluate`, `Nurture`, `Educate`"), "The cluster.", "Act Now";
    kind: Word("`call list`, `marketing list`"),
        "Whom the sheet is for: sellers or marketing.", "call list";
    campaign_owner: Text, "Who runs the campaign.", "Kim";
    link: Text, "Where its material is.", "https://example.com/azure";
    crm_campaign_id: Id, "The campaign in the CRM.", "701Qy00000AbCdEIAV";
    customers: Count, "Its customers.", "12";
    customers_reachable: Count, "Those with somebody to write to.", "9";
    contacts: Count, "The people to write to.", "21";
    expiring_revenue: Money, "The revenue of its customers that expires.", "78350";
}

file! {
    /// The list of errors that `reconcile evaluate --errors FILE` writes.
    errors, "FILE of `evaluate --errors`", None,
    "wrong link, then pair that was missed";
    error: Word("`wrong link`, `miss`"), "What is wrong.", "miss";
    customer_id: Id, "The customer.", "286093294308";
    customer_name: Name, "The company as the reports call it.", "Casino de Port-Lézard";
    account_id: Id, "The account.", "001Qy00000ldscIIAQ";
    account_name: Name, "The company as the CRM calls it.", "Aubeline Hotels";
    why: Phrase, "Why the pair was missed.", "in review";
    detail: Sentence, "What happened instead.", "the customer's account is 001Qy000000NB5DIAW";
    pass: Pass, "The key by which the pair was found.", "domain";
    similarity: Similarity, "How likely the pair is one company, against all rivals.", "0.0005";
    true_account_ids: Ids, "The true accounts of the customer.", "001Qy00000ldscIIAQ";
    true_customer_ids: Ids, "The true customers of the account.", "286093294308";
    explanation: Sentence,
        "The pair in one sentence.", "domain agrees; name differs; place differs";
}
