//! The tables of the CSV twins as Parquet: the same columns and rows, numbers and days with their types,
//! a blank as null.

use std::{fs::File, ops::Range, path::Path, sync::Arc};

use arrow_array::{
    ArrayRef, RecordBatch,
    builder::{
        ArrayBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int64Builder, StringBuilder,
    },
};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use parquet::{
    arrow::ArrowWriter, basic::Compression, errors::ParquetError,
    file::properties::WriterProperties,
};

use super::{
    publish::cannot_write,
    row::{Cell, Rows},
};
use crate::{error::Result, result::column::Kind};

/// Rows that are put together at once.
const ROWS: usize = 8 << 10;

/// Digits of an amount of money, and how many stand behind the point.
const MONEY: (u8, i8) = (18, 2);

/// Writes a Parquet file.
pub(super) fn write(path: &Path, rows: &dyn Rows) -> Result<()> {
    let file = File::create(path).map_err(cannot_write(path))?;
    let written = write_rows(&file, rows).map_err(std::io::Error::other);
    written.and_then(|()| file.sync_data()).map_err(cannot_write(path))
}

fn write_rows(file: &File, rows: &dyn Rows) -> Result<(), ParquetError> {
    let headings = rows.headings();
    let fields = headings.iter().map(|of| Field::new(&*of.name, data_type(of.kind), true));
    let schema: SchemaRef = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut out = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties))?;
    for from in (0..rows.len()).step_by(ROWS) {
        let range = from..rows.len().min(from + ROWS);
        out.write(&record(&schema, rows, range)?)?;
    }
    out.close().map(drop)
}

/// The type of a column.
fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Count | Kind::Rank => DataType::Int64,
        Kind::Similarity => DataType::Float64,
        Kind::Money => DataType::Decimal128(MONEY.0, MONEY.1),
        Kind::Day => DataType::Date32,
        _ => DataType::Utf8,
    }
}

/// Some rows as columns.
fn record(
    schema: &SchemaRef,
    rows: &dyn Rows,
    range: Range<usize>,
) -> Result<RecordBatch, ParquetError> {
    let types = schema.fields().iter().map(|field| field.data_type());
    let mut columns: Vec<Column> = types.map(Column::of).collect();
    let (mut row, mut scratch) = (Vec::new(), String::new());
    for at in range {
        rows.fill(at, &mut row);
        for (column, cell) in columns.iter_mut().zip(row.drain(..)) {
            column.add(&cell, &mut scratch);
        }
    }
    let columns: Vec<ArrayRef> = columns.into_iter().map(Column::finish).collect();
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}

/// A column that is being put together.
enum Column {
    Counts(Int64Builder),
    Scores(Float64Builder),
    Money(Decimal128Builder),
    Days(Date32Builder),
    Texts(StringBuilder),
}

impl Column {
    fn of(data_type: &DataType) -> Column {
        match data_type {
            DataType::Int64 => Column::Counts(Int64Builder::new()),
            DataType::Float64 => Column::Scores(Float64Builder::new()),
            DataType::Date32 => Column::Days(Date32Builder::new()),
            DataType::Decimal128(..) => {
                Column::Money(Decimal128Builder::new().with_data_type(data_type.clone()))
            }
            _ => Column::Texts(StringBuilder::new()),
        }
    }

    /// Adds a cell; what is not of the column's type is none.
    fn add(&mut self, cell: &Cell<'_>, scratch: &mut String) {
        match self {
            Column::Counts(of) => of.append_option(match cell {
                Cell::Count(count) => i64::try_from(*count).ok(),
                _ => None,
            }),
            Column::Scores(of) => of.append_option(match cell {
                Cell::Score(score) => Some(f64::from(score.ten_thousandths()) / 10_000.0),
                _ => None,
            }),
            Column::Money(of) => of.append_option(match cell {
                Cell::Money(hundredths) => Some(i128::from(*hundredths)),
                _ => None,
            }),
            Column::Days(of) => of.append_option(match cell {
                Cell::Day(day) => {
                    let days = day.duration_since(jiff::civil::date(1970, 1, 1)).as_hours() / 24;
                    i32::try_from(days).ok()
                }
                _ => None,
            }),
            Column::Texts(of) => {
                let text = cell.text(scratch);
                of.append_option((!text.is_empty()).then_some(text));
            }
        }
    }

    fn finish(self) -> ArrayRef {
        let mut builder: Box<dyn ArrayBuilder> = match self {
            Column::Counts(of) => Box::new(of),
            Column::Scores(of) => Box::new(of),
            Column::Money(of) => Box::new(of),
            Column::Days(of) => Box::new(of),
            Column::Texts(of) => Box::new(of),
        };
        builder.finish()
    }
}
