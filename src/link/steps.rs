//! The two steps of linking as pure functions over batches, for whoever wants to run them
//! elsewhere: on many machines, in an engine of their own. `docs/distributed.md` shows how.

use super::{AccountRow, BATCH_SIZE, Candidates, ContactAddresses, Matcher, Scratch, Thresholds};
use crate::{
    crm::{Account, AccountNames, Contact},
    index::{Index, LinkRules},
};

/// First step: the addresses of a batch of contacts.
///
/// The results of all batches are put together with [`ContactAddresses::merge`], in any order and
/// however often each comes; [`ContactAddresses::table`] then is what [`candidates`] needs.
/// `names` says which account has a name, for contacts whose file has no account ids.
pub fn contact_domains<'c>(
    index: &Index,
    rules: &LinkRules,
    names: &AccountNames,
    batch: impl IntoIterator<Item = Contact<'c>>,
) -> ContactAddresses {
    let (mut addresses, mut buffer) = (ContactAddresses::default(), String::new());
    for contact in batch {
        addresses.contact(&contact, names, index, &rules.domains, &mut buffer);
    }
    addresses
}

/// Second step: the candidates of a batch of accounts, each with a number for where its row
/// stood, different for each row of the CRM.
///
/// The results of all batches are put together with [`Candidates::merge`], in any order and however
/// often each comes; [`Decider::decide_all`](crate::decide::Decider::decide_all) decides over what
/// they come to.
pub fn candidates<'a>(
    matcher: &Matcher<'_>,
    batch: impl IntoIterator<Item = (u64, Account<'a>)>,
) -> Candidates {
    let thresholds = Thresholds::new(matcher.index.customers.len());
    let mut scratch = Scratch::default();
    let mut kept = Candidates::default();
    let rows = batch.into_iter().filter(|(_, account)| !account.is_gone());
    let mut rows = rows.map(|(origin, account)| AccountRow { account, origin });
    loop {
        let together: Vec<AccountRow<'_>> = rows.by_ref().take(BATCH_SIZE).collect();
        if together.is_empty() {
            break;
        }
        matcher.link(&mut scratch, &together, &thresholds, &mut kept);
    }
    kept
}
