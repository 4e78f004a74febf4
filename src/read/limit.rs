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
/// Bytes that are read at once: few enough that a text is still near the processor when its rows are
/// used.
pub(super) const BLOCK: usize = 64 << 10;
/// Rows of one batch.
pub(super) const BATCH_ROWS: usize = 4096;
/// Bytes that a compressed file may always expand to.
pub(super) const EXPANSION: u64 = 256 << 20;
/// How many times its stored size a compressed file may expand to beyond [`EXPANSION`].
pub(super) const EXPANSION_RATIO: u64 = 400;
/// Bytes of the beginning of standard input that decide on its encoding.
pub(super) const STDIN_HEAD: u64 = 4 << 20;
/// Bytes of the beginning of a file that tell what it is.
pub(super) const START: u64 = 64 << 10;
/// Bytes of all parts of a workbook, unpacked.
pub(super) const WORKBOOK: u64 = 4 << 30;
/// Bytes of a workbook that is a member of an archive.
pub(super) const PACKED_WORKBOOK: u64 = 512 << 20;
/// Cells of a sheet held in memory.
pub(super) const SHEET_CELLS: usize = 100_000_000;
/// Bytes of text of a sheet held in memory.
pub(super) const SHEET_TEXT: usize = 2 << 30;
