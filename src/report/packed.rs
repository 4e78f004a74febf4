//! The values of all rows as bits, row by row: what is read of one customer lies together.

/// A number per row and column, in as few bits as the largest of its column needs.
#[derive(Debug, Default)]
pub(super) struct PackedRows {
    words: Vec<u64>,
    /// How many words a row takes.
    width: usize,
    places: Vec<Place>,
}

/// Where a column stands in a row.
#[derive(Debug, Clone, Copy)]
struct Place {
    word: u32,
    shift: u32,
    mask: u32,
}

impl PackedRows {
    /// Room for rows of columns whose largest numbers are given; all numbers are 0.
    pub(super) fn new(rows: usize, largest: impl Iterator<Item = u32>) -> PackedRows {
        let (mut word, mut shift) = (0, 0);
        let place = |largest: u32| {
            let bits = u32::BITS - largest.leading_zeros();
            if shift + bits > u64::BITS {
                (word, shift) = (word + 1, 0);
            }
            let place = Place { word, shift, mask: (!0_u32).checked_shr(32 - bits).unwrap_or(0) };
            shift += bits;
            place
        };
        let places: Vec<Place> = largest.map(place).collect();
        let width = places.last().map_or(0, |place| place.word as usize + 1);
        PackedRows { words: vec![0; rows * width], width, places }
    }

    /// Rows that can be filled apart from each other, so many at a time.
    pub(super) fn stretches(&mut self, rows: usize) -> impl Iterator<Item = PostingRange<'_>> {
        let (width, places) = (self.width.max(1), self.places.as_slice());
        self.words.chunks_mut(rows * width).map(move |words| PostingRange { words, width, places })
    }

    /// The number of a row in a column.
    #[inline]
    pub(super) fn get(&self, row: usize, column: usize) -> u32 {
        self.places[column].of(&self.words[row * self.width..])
    }

    /// The numbers of a row, by column.
    #[inline]
    pub(super) fn row(&self, row: usize) -> impl Iterator<Item = u32> {
        let words = &self.words[row * self.width..][..self.width];
        self.places.iter().map(|place| place.of(words))
    }
}

impl Place {
    #[inline]
    fn of(self, row: &[u64]) -> u32 {
        // A column without values may start where a word ends.
        row[self.word as usize].unbounded_shr(self.shift) as u32 & self.mask
    }
}

/// Some rows that are being filled.
pub(super) struct PostingRange<'r> {
    words: &'r mut [u64],
    width: usize,
    places: &'r [Place],
}

impl PostingRange<'_> {
    /// Gives a column its numbers, by row; those that were 0.
    pub(super) fn fill(&mut self, column: usize, numbers: impl Iterator<Item = u32>) {
        let Place { word, shift, mask } = self.places[column];
        for (row, number) in self.words.chunks_mut(self.width).zip(numbers) {
            debug_assert_eq!(number & !mask, 0, "a number is at most the largest");
            row[word as usize] |= u64::from(number).unbounded_shl(shift);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_comes_back_from_its_row_and_column() {
        let largest = [0, 1, 3, u32::MAX, 2, 65_535, 1 << 20, u32::MAX, 0, 255, u32::MAX, 1, 0];
        let number = |row: usize, column: usize| match row % 3 {
            0 => largest[column],
            1 => largest[column] / 2,
            _ => 0,
        };
        let mut rows = PackedRows::new(10, largest.into_iter());
        for (at, mut stretch) in rows.stretches(4).enumerate() {
            for column in 0..largest.len() {
                stretch.fill(column, (at * 4..).map(|row| number(row, column)));
            }
        }
        for row in 0..10 {
            let want: Vec<u32> = (0..largest.len()).map(|column| number(row, column)).collect();
            assert_eq!(rows.row(row).collect::<Vec<_>>(), want, "row {row}");
            for (column, want) in want.into_iter().enumerate() {
                assert_eq!(rows.get(row, column), want, "row {row}, column {column}");
            }
        }
    }

    #[test]
    fn rows_of_no_columns_or_of_empty_ones_are_empty() {
        for columns in [0, 1, 70] {
            let mut rows = PackedRows::new(3, std::iter::repeat_n(0, columns));
            rows.stretches(2).for_each(|mut stretch| {
                (0..columns).for_each(|column| stretch.fill(column, std::iter::repeat(0)));
            });
            assert!(rows.row(2).eq(std::iter::repeat_n(0, columns)), "{columns} columns");
        }
    }
}
