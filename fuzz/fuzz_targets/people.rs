#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| crm_reconcile::fuzzing::people(bytes));
