//! Tables of typed columns to rows: Parquet and Arrow IPC. Each cell becomes the text that a CSV export
//! would hold, so that the same table gives the same links in either form.

use std::{
    fmt::Write as _,
    fs::File,
    io::{BufReader, Cursor, Read, Write},
    path::Path,
    sync::Arc,
};

use arrow_array::{
    Array, ArrayRef, RecordBatch, UInt32Array, cast::AsArray, downcast_integer, timezone::Tz,
    types::*,
};
use arrow_ipc::{
    reader::{FileReader, StreamReader},
    writer::StreamWriter,
};
use arrow_schema::{ArrowError, DataType, SchemaRef, TimeUnit};
use bytes::Bytes as Shared;
use parquet::arrow::{ProjectionMask, arrow_reader::ParquetRecordBatchReaderBuilder};

use super::{
    Batches, Input, Table, TableInfo,
    batch::Batch,
    book::{self, number},
    content::Content,
    limit,
    source::Bytes,
    workbook::quietly,
};
use crate::error::{Error, Result};

/// Batches of columns, as a reader gives them.
type Records = Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>> + Send>;

/// Opens a table of columns; `start` was read from `rest` already.
pub(super) fn open(input: &Input, content: Content, start: Vec<u8>, rest: Bytes) -> Result<Table> {
    if input.is_stdin() && content != Content::ArrowStream {
        let todo = "save it as a file and give that, or pipe an Arrow stream";
        return Err(input.unusable("a table of columns that is no stream", todo));
    }
    let (name, opened) = match content {
        Content::Parquet => ("Parquet", quietly(|| parquet(input))),
        Content::ArrowFile => ("Arrow", quietly(|| arrow_file(input))),
        _ => {
            let stream = Cursor::new(start).chain(rest);
            ("Arrow stream", quietly(|| arrow_stream(input, Box::new(stream))))
        }
    };
    let (schema, records) = opened.unwrap_or_else(|| Err(damaged(input, "it makes no sense")))?;
    table(input, name, schema, records)
}

fn parquet(input: &Input) -> Result<(SchemaRef, Records)> {
    let broken = |error: parquet::errors::ParquetError| damaged(input, &error.to_string());
    macro_rules! read {
        ($from:expr) => {{
            let builder = ParquetRecordBatchReaderBuilder::try_new($from).map_err(broken)?;
            let schema = builder.schema().clone();
            let read = wanted(&schema);
            let mask = ProjectionMask::roots(builder.parquet_schema(), read.iter().copied());
            let reader = builder.with_projection(mask).with_batch_size(limit::BATCH_ROWS);
            let reader = reader.build().map_err(broken)?;
            Ok((schema, Box::new(reader) as Records))
        }};
    }
    if is_plain_file(input) {
        return read!(File::open(&input.path).map_err(Error::io(&input.path))?);
    }
    read!(Shared::from(book::in_memory(input)?))
}

fn arrow_file(input: &Input) -> Result<(SchemaRef, Records)> {
    let broken = |error: ArrowError| damaged(input, &error.to_string());
    if is_plain_file(input) {
        let file = File::open(&input.path).map_err(Error::io(&input.path))?;
        let reader = FileReader::try_new(BufReader::new(file), None).map_err(broken)?;
        return Ok((reader.schema(), Box::new(reader)));
    }
    let reader = FileReader::try_new(Cursor::new(book::in_memory(input)?), None).map_err(broken)?;
    Ok((reader.schema(), Box::new(reader)))
}

fn arrow_stream(input: &Input, stream: Bytes) -> Result<(SchemaRef, Records)> {
    let reader = StreamReader::try_new(stream, None);
    let reader = reader.map_err(|error| damaged(input, &error.to_string()))?;
    Ok((reader.schema(), Box::new(reader)))
}

/// Whether the bytes of an input are those of its file.
fn is_plain_file(input: &Input) -> bool {
    let mut start = [0; 4];
    let begins = |mut file: File| file.read_exact(&mut start).is_ok();
    input.member.is_none()
        && File::open(&input.path).is_ok_and(begins)
        && [*b"PAR1", *b"ARRO"].contains(&start)
}

fn damaged(input: &Input, reason: &str) -> Error {
    let reason = reason.strip_prefix("Parquet error: ").unwrap_or(reason);
    Error::Damaged {
        file: input.display(),
        found: format!("a damaged table of columns, or one of a kind that is not read ({reason})"),
        todo: "write it again, or save the table as CSV".into(),
    }
}

/// The columns that are read, by position.
fn wanted(schema: &SchemaRef) -> Vec<usize> {
    let fields = schema.fields().iter().enumerate();
    fields.filter(|(_, field)| left_alone(field.data_type()).is_none()).map(|(at, _)| at).collect()
}

/// Why a column of a type is not read.
fn left_alone(of: &DataType) -> Option<&'static str> {
    use DataType::*;
    match of {
        List(_) | LargeList(_) | FixedSizeList(..) | ListView(_) | LargeListView(_) => {
            Some("a list")
        }
        Struct(_) => Some("a structure"),
        Map(..) => Some("a map"),
        Union(..) => Some("of several types"),
        Binary | LargeBinary | BinaryView | FixedSizeBinary(_) => Some("binary"),
        Interval(_) | Duration(_) => Some("a span of time"),
        Timestamp(_, Some(zone)) if zone.parse::<Tz>().is_err() => Some("of an unknown time zone"),
        Dictionary(_, values) => left_alone(values),
        RunEndEncoded(_, values) => left_alone(values.data_type()),
        _ => None,
    }
}

/// The table with the columns that are read, and those that the names of its folders stand for.
fn table(input: &Input, name: &str, schema: SchemaRef, records: Records) -> Result<Table> {
    let folders = partitions(&input.path);
    let fields = schema.fields().iter();
    let read = wanted(&schema);
    let mut header: Vec<String> =
        read.iter().map(|at| schema.field(*at).name().to_owned()).collect();
    if header.len() > limit::COLUMNS {
        return Err(Error::Limit {
            file: input.display(),
            what: format!("a table of {} columns", header.len()),
            limit: format!("{} columns", limit::COLUMNS),
        });
    }
    if header.is_empty() {
        return Err(input.unusable("no column of it holds text, numbers or days", LAY_FLAT));
    }
    header.extend(folders.iter().map(|(column, _)| column.clone()));
    let left: Vec<String> = fields
        .filter_map(|of| left_alone(of.data_type()).map(|why| format!("{} ({why})", of.name())))
        .collect();
    let note = (!left.is_empty()).then(|| format!("columns left alone: {}", left.join(", ")));
    let info = TableInfo {
        file: input.display(),
        header,
        encoding: "UTF-8".into(),
        encoding_reason: "tables of columns state it".into(),
        dialect: name.into(),
        columnar: true,
        schema: Some(schema),
        notes: note.into_iter().collect(),
        ..TableInfo::default()
    };
    let values: Vec<String> = folders.into_iter().map(|(_, value)| value).collect();
    let rows =
        Rows { file: info.file.as_str().into(), input: input.clone(), records, values, line: 0 };
    Ok(Table::new(info, Box::new(rows.flatten()) as Batches))
}

const LAY_FLAT: &str = "write the table with a plain column for each value";

/// The columns that folders stand for, as engines write them: `country=DE/part-0.parquet`.
fn partitions(path: &Path) -> Vec<(String, String)> {
    let folders = path.parent().into_iter().flat_map(Path::components);
    let named = folders.filter_map(|folder| {
        let folder = folder.as_os_str().to_str()?;
        let (column, value) = folder.split_once('=')?;
        let value = if value == "__HIVE_DEFAULT_PARTITION__" { "" } else { value };
        Some((unescaped(column), unescaped(value)))
    });
    named.collect()
}

/// A name without the escapes of the engine: `%3A` is `:`.
fn unescaped(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let [first, others @ ..] = rest {
        let hex = others.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &others[2..];
            }
            None => {
                bytes.push(*first);
                rest = others;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The rows of a table of columns.
struct Rows {
    file: Arc<str>,
    input: Input,
    records: Records,
    /// What the folders say of every row.
    values: Vec<String>,
    /// Rows so far.
    line: u64,
}

impl Iterator for Rows {
    type Item = Vec<Result<Batch>>;

    fn next(&mut self) -> Option<Vec<Result<Batch>>> {
        let record = quietly(|| self.records.next());
        let record = match record {
            Some(record) => record?.map_err(|error| damaged(&self.input, &error.to_string())),
            None => {
                self.records = Box::new(std::iter::empty());
                Err(damaged(&self.input, "it makes no sense"))
            }
        };
        let record = match record {
            Ok(record) => record,
            Err(error) => return Some(vec![Err(error)]),
        };
        let starts = (0..record.num_rows()).step_by(limit::BATCH_ROWS);
        let slice = |at| record.slice(at, limit::BATCH_ROWS.min(record.num_rows() - at));
        Some(starts.map(|at| self.batch(slice(at))).collect())
    }
}

impl Rows {
    /// The rows of a record, with the record itself.
    fn batch(&mut self, record: RecordBatch) -> Result<Batch> {
        let mut batch = Batch::new(Arc::clone(&self.file));
        let columns: Vec<ArrayRef> = record
            .columns()
            .iter()
            .filter_map(readable)
            .collect::<Result<_, ArrowError>>()
            .map_err(|error| damaged(&self.input, &error.to_string()))?;
        let columns: Vec<Text<'_>> = columns.iter().map(texts).collect();
        let mut cells: Vec<String> = vec![String::new(); columns.len()];
        for at in 0..record.num_rows() {
            for (cell, column) in cells.iter_mut().zip(&columns) {
                cell.clear();
                column(at, cell);
                if cell.len() > limit::CELL {
                    return Err(self.too_long());
                }
            }
            self.line += 1;
            batch.push(self.line, cells.iter().chain(&self.values).map(String::as_str));
            if batch.text().len() > u32::MAX as usize / 2 {
                return Err(self.too_long());
            }
        }
        batch.record = Some(record.clone());
        Ok(batch)
    }

    fn too_long(&self) -> Error {
        Error::Limit {
            file: self.input.display(),
            what: format!("the text of row {}", self.line + 1),
            limit: "1 MiB a cell".into(),
        }
    }
}

/// A column that is read, its values next to each other.
fn readable(column: &ArrayRef) -> Option<Result<ArrayRef, ArrowError>> {
    Some(match column.data_type() {
        of if left_alone(of).is_some() => return None,
        DataType::Dictionary(_, values) => arrow_cast::cast(column, values),
        DataType::RunEndEncoded(_, values) => arrow_cast::cast(column, values.data_type()),
        _ => Ok(Arc::clone(column)),
    })
}

/// Writes the value at a row as text; nothing where there is none.
type Text<'c> = Box<dyn Fn(usize, &mut String) + 'c>;

/// The values of a column as text: numbers and ids without `.0` or an exponent, days in ISO form.
fn texts(column: &ArrayRef) -> Text<'_> {
    let text = values(column);
    if column.null_count() == 0 {
        return text;
    }
    Box::new(move |at, cell| {
        if column.is_valid(at) {
            text(at, cell);
        }
    })
}

fn values(column: &ArrayRef) -> Text<'_> {
    macro_rules! shown {
        ($of:ty) => {{
            let values = column.as_primitive::<$of>();
            Box::new(move |at, cell: &mut String| {
                let _ = write!(cell, "{}", values.value(at));
            })
        }};
    }
    macro_rules! stringly {
        ($values:expr) => {{
            let values = $values;
            Box::new(move |at, cell: &mut String| cell.push_str(values.value(at)))
        }};
    }
    downcast_integer! {
        column.data_type() => (shown),
        DataType::Utf8 => stringly!(column.as_string::<i32>()),
        DataType::LargeUtf8 => stringly!(column.as_string::<i64>()),
        DataType::Utf8View => stringly!(column.as_string_view()),
        DataType::Boolean => {
            let values = column.as_boolean();
            Box::new(move |at, cell| cell.push_str(if values.value(at) { "TRUE" } else { "FALSE" }))
        }
        DataType::Float64 => {
            let values = column.as_primitive::<Float64Type>();
            Box::new(move |at, cell| cell.push_str(&number(values.value(at))))
        }
        DataType::Float32 => {
            let values = column.as_primitive::<Float32Type>();
            // by its own digits: 0.1 is not 0.10000000149
            Box::new(move |at, cell| {
                let shown = values.value(at).to_string();
                cell.push_str(&shown.parse().map_or(shown, number));
            })
        }
        DataType::Float16 => {
            let values = column.as_primitive::<Float16Type>();
            Box::new(move |at, cell| cell.push_str(&number(values.value(at).to_f64())))
        }
        _ => of_time_or_decimal(column),
    }
}

fn of_time_or_decimal(column: &ArrayRef) -> Text<'_> {
    macro_rules! decimal {
        ($of:ty) => {{
            let values = column.as_primitive::<$of>();
            Box::new(move |at, cell| cell.push_str(plain(&values.value_as_string(at))))
        }};
    }
    macro_rules! shown {
        ($of:ty, $as:ident) => {{
            let values = column.as_primitive::<$of>();
            Box::new(move |at, cell| {
                if let Some(value) = values.$as(at) {
                    let _ = write!(cell, "{value}");
                }
            })
        }};
    }
    // as a clock of its zone shows it, where it has one
    macro_rules! instant {
        ($of:ty, $zone:expr) => {{
            let values = column.as_primitive::<$of>();
            let zone: Option<Tz> = $zone.as_ref().and_then(|zone| zone.parse().ok());
            Box::new(move |at, cell| {
                let there = zone.and_then(|zone| values.value_as_datetime_with_tz(at, zone));
                let value = there.map(|value| value.naive_local());
                if let Some(value) = value.or_else(|| values.value_as_datetime(at)) {
                    let shown = value.format("%Y-%m-%d %H:%M:%S").to_string();
                    cell.push_str(shown.strip_suffix(" 00:00:00").unwrap_or(&shown));
                }
            })
        }};
    }
    match column.data_type() {
        DataType::Decimal32(..) => decimal!(Decimal32Type),
        DataType::Decimal64(..) => decimal!(Decimal64Type),
        DataType::Decimal128(..) => decimal!(Decimal128Type),
        DataType::Decimal256(..) => decimal!(Decimal256Type),
        DataType::Date32 => shown!(Date32Type, value_as_date),
        DataType::Date64 => shown!(Date64Type, value_as_date),
        DataType::Time32(TimeUnit::Second) => shown!(Time32SecondType, value_as_time),
        DataType::Time32(_) => shown!(Time32MillisecondType, value_as_time),
        DataType::Time64(TimeUnit::Nanosecond) => shown!(Time64NanosecondType, value_as_time),
        DataType::Time64(_) => shown!(Time64MicrosecondType, value_as_time),
        DataType::Timestamp(TimeUnit::Second, zone) => instant!(TimestampSecondType, zone),
        DataType::Timestamp(TimeUnit::Millisecond, zone) => {
            instant!(TimestampMillisecondType, zone)
        }
        DataType::Timestamp(TimeUnit::Microsecond, zone) => {
            instant!(TimestampMicrosecondType, zone)
        }
        DataType::Timestamp(TimeUnit::Nanosecond, zone) => instant!(TimestampNanosecondType, zone),
        _ => Box::new(|_, _| {}),
    }
}

/// A decimal number without places that are nought: an id of a decimal column is its digits.
fn plain(number: &str) -> &str {
    match number.contains('.') {
        true => number.trim_end_matches('0').trim_end_matches('.'),
        false => number,
    }
}

/// Some rows of a record.
pub(super) fn rows_of(record: &RecordBatch, which: &[usize]) -> Option<RecordBatch> {
    let which = UInt32Array::from_iter_values(which.iter().map(|at| *at as u32));
    arrow_select::take::take_record_batch(record, &which).ok()
}

/// Writes rows of a table of columns as they stand.
pub(crate) struct ArrowWriter<W: Write>(StreamWriter<W>);

impl<W: Write> ArrowWriter<W> {
    /// Begins a stream with the columns of a table.
    ///
    /// # Errors
    ///
    /// When the table has no typed columns, or nothing can be written.
    pub(crate) fn new(to: W, info: &TableInfo) -> Result<ArrowWriter<W>> {
        let Some(schema) = &info.schema else {
            return Err(Error::Setting {
                flag: "--output-format arrow-stream".into(),
                found: format!("{} has no typed columns ({})", info.file, info.dialect),
                todo: "give it as an Arrow stream (`--input-format arrow-stream`)".into(),
            });
        };
        StreamWriter::try_new(to, schema).map(ArrowWriter).map_err(cannot_write)
    }

    /// Writes rows.
    ///
    /// # Errors
    ///
    /// When they cannot be written.
    pub(crate) fn write(&mut self, rows: &Batch) -> Result<()> {
        match &rows.record {
            Some(record) if record.num_rows() > 0 => self.0.write(record).map_err(cannot_write),
            _ => Ok(()),
        }
    }

    /// Ends the stream.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub(crate) fn finish(mut self) -> Result<W> {
        self.0.finish().map_err(cannot_write)?;
        self.0.into_inner().map_err(cannot_write)
    }
}

fn cannot_write(error: ArrowError) -> Error {
    let error = match error {
        ArrowError::IoError(_, error) => error,
        other => std::io::Error::other(other),
    };
    Error::io("standard output")(error)
}
