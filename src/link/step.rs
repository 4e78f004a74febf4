//! The two steps of linking as pure functions over batches, for whoever wants to run them
//! elsewhere: on many machines, in an engine of their own. `docs/distributed.md` shows how.

use super::{Candidates, ContactAddresses, Floors, Linker, Scratch};
use crate::{
    crm::{Account, AccountNames, Contact, join_key},
    index::{Index, LinkRules},
};

/// First step: the addresses of a batch of contacts.
///
/// The results of all batches are put together with [`ContactAddresses::merge`], in any order and
/// however often each comes; [`ContactAddresses::table`] then is what [`candidates`] needs.
/// `names` tells which account bears a name, for contacts whose file has no account ids.
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

/// Second step: the candidates of a batch of accounts, each with a number that tells where its row
/// stood, different for each row of the CRM.
///
/// The results of all batches are put together with [`Candidates::merge`], in any order and however
/// often each comes; [`Decider::decide_all`](crate::decide::Decider::decide_all) decides over what
/// they come to.
pub fn candidates<'a>(
    linker: &Linker<'_>,
    batch: impl IntoIterator<Item = (u64, Account<'a>)>,
) -> Candidates {
    let floors = Floors::new(linker.index.customers.len());
    let (mut scratch, mut kept) = (Scratch::default(), Candidates::default());
    for (origin, account) in batch {
        let key = join_key(&account.id);
        linker.link(&account, &key, origin, &mut scratch, (&floors, &mut kept));
    }
    kept
}
