#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(
    // The readers of workbooks panic on damaged files, which is caught; the engine's hook would
    // take that for a crash.
    init: std::panic::set_hook(Box::new(|_| {})),
    |bytes: &[u8]| crm_reconcile_fuzz::reading::workbook(bytes)
);
