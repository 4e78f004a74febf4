//! The limits that keep a damaged or hostile file from filling the memory.

/// Bytes of one cell, and of a quoted cell that runs over lines.
pub(super) const CELL: usize = 1 << 20;
/// What a row is left out for when a cell passes [`CELL`].
pub(super) const CELL_PASSED: &str = "a cell longer than 1 MiB";
/// Bytes of one record.
pub(super) const RECORD: usize = 16 << 20;
/// What a row is left out for when it passes [`RECORD`].
pub(super) const RECORD_PASSED: &str = "a row longer than 16 MiB";
/// Cells of one row: as many columns as a worksheet has.
pub(super) const COLUMNS: usize = 16_384;
/// What a row is left out for when it passes [`COLUMNS`].
pub(super) const COLUMNS_PASSED: &str = "more than 16384 cells";
/// Bytes that are read at once.
pub(super) const BLOCK: usize = 512 << 10;
/// Rows of one batch.
pub(super) const BATCH_ROWS: usize = 4096;
