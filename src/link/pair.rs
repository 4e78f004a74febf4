//! Questions about single pairs that a finished run leaves open.

use super::{AccountRecord, Linker, Scratch};

impl Linker<'_> {
    /// Whether some pass brings a customer and an account together, whatever their score.
    pub fn brings_together(
        &self,
        customer: u32,
        account: &AccountRecord,
        scratch: &mut Scratch,
    ) -> bool {
        let Scratch { cache, keys, found, shared, .. } = scratch;
        keys.reread(account, cache, self.index, self.rules);
        let place = account.place(&self.rules.places);
        self.find(keys, &place.sketch(), cache, (found, shared));
        found.contains(&customer)
    }
}
