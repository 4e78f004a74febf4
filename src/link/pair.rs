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
        let Scratch { cache, keys, found, .. } = scratch;
        keys.reread(account, cache, self.index, self.rules);
        self.find(keys, cache, found);
        found.contains(&customer)
    }
}
