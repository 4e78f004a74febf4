//! How two places compare, field by field.

use serde::{Deserialize, Serialize};

use super::{Features, Level, features::flag};
use crate::{
    normalise::place::{Place, State, typing_errors},
    text::distance::are_within,
};

/// How the fields of two places compare; `None` where either has none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PlaceLevels {
    /// The countries: agrees or differs.
    pub(crate) country: Option<Level>,
    /// The states: agrees or differs.
    pub(crate) state: Option<Level>,
    /// The postal codes.
    pub(crate) postal_code: Option<Level>,
    /// The cities.
    pub(crate) city: Option<Level>,
    pub(super) missing: Level,
}

impl PlaceLevels {
    /// Places that have nothing to compare.
    pub(super) const MISSING: PlaceLevels = PlaceLevels {
        country: None,
        state: None,
        postal_code: None,
        city: None,
        missing: Level::MissingRight,
    };

    /// Notes what it means for the pair.
    pub(super) fn note(&self, features: &mut Features) {
        let is = |level: Option<Level>, other| flag(level == Some(other));
        features.postal_agrees = is(self.postal_code, Level::Agrees);
        features.postal_differs = is(self.postal_code, Level::Differs);
        features.city_agrees = is(self.city, Level::Agrees);
        features.city_differs = is(self.city, Level::Differs);
        features.state_agrees = is(self.state, Level::Agrees);
        features.state_differs = is(self.state, Level::Differs);
        features.country_differs = is(self.country, Level::Differs);
    }

    /// Whether postal codes or cities differ.
    pub(super) fn has_moved(&self) -> bool {
        [self.postal_code, self.city].contains(&Some(Level::Differs))
    }

    /// The place as a whole: the country first where it differs, then the best of the finer fields.
    pub(crate) fn level(&self) -> Level {
        if self.country == Some(Level::Differs) {
            return Level::Differs;
        }
        let finer = [self.postal_code, self.city];
        for level in [Level::Agrees, Level::Similar, Level::Differs] {
            if finer.contains(&Some(level)) {
                return level;
            }
        }
        match (self.state, self.country) {
            (Some(Level::Differs), _) => Level::Differs,
            (None, None) => self.missing,
            _ => Level::Similar,
        }
    }
}

impl Place {
    /// Compares field by field.
    pub(crate) fn compare(&self, right: &Place) -> PlaceLevels {
        let both = |left: &str, right: &str| !left.is_empty() && !right.is_empty();
        let country = self.country.zip(right.country);
        let same = |same: bool| if same { Level::Agrees } else { Level::Differs };
        PlaceLevels {
            country: country.map(|(left, right)| same(left == right)),
            postal_code: both(&self.postal_code, &right.postal_code)
                .then(|| postal_level(self.postal_code.as_bytes(), right.postal_code.as_bytes())),
            state: self.state.compare(&right.state),
            city: both(&self.city, &right.city).then(|| match self.cities_are_unlike(right) {
                true => Level::Differs,
                false => city_level(&self.city, &right.city),
            }),
            missing: if self.is_empty() { Level::MissingLeft } else { Level::MissingRight },
        }
    }

    /// Whether the cities differ for certain, found without comparing letter by letter: an error
    /// of typing changes two letters at most.
    fn cities_are_unlike(&self, right: &Place) -> bool {
        let (short, long) = match self.city.len() <= right.city.len() {
            true => (&self.city, &right.city),
            false => (&right.city, &self.city),
        };
        let other_letters = (self.shape.letters ^ right.shape.letters).count_ones() as usize;
        !short.is_empty()
            && other_letters > 2 * typing_errors(short.len())
            && !long.starts_with(short.as_str())
            && !long.ends_with(short.as_str())
    }
}

impl State {
    /// Agrees or differs; nothing where one is missing, or one is a code and the other a name, or
    /// the names are in different scripts.
    fn compare(&self, right: &State) -> Option<Level> {
        let same = match (self, right) {
            (State::Code(left), State::Code(right)) => left == right,
            (State::Name(left), State::Name(right)) if left.is_ascii() == right.is_ascii() => {
                left == right
            }
            _ => return None,
        };
        Some(if same { Level::Agrees } else { Level::Differs })
    }
}

fn postal_level(left: &[u8], right: &[u8]) -> Level {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    let common = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    if long.starts_with(short) && short.len() >= 4 {
        Level::Agrees
    } else if common >= 2 {
        Level::Similar
    } else {
        Level::Differs
    }
}

fn city_level(left: &str, right: &str) -> Level {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    let within = long.strip_prefix(short).is_some_and(|rest| rest.starts_with(' '))
        || long.strip_suffix(short).is_some_and(|rest| rest.ends_with(' '));
    if left == right || within {
        Level::Agrees
    } else if short.chars().count() >= 4
        && (long.starts_with(short) || are_within(left, right, typing_errors(short.len())))
    {
        Level::Similar
    } else {
        Level::Differs
    }
}
