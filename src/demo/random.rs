//! Numbers that look random and are the same for the same seed on every machine: SplitMix64 (Steele, Lea and Flood,
//! "Fast splittable pseudorandom number generators", 2014).

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// A stream of numbers. Each part of the data draws from a stream of its own, so that a change in one part leaves
/// the others as they were.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The stream of a part (`domain`) of the thing with that `index`.
    pub fn stream(seed: u64, domain: u64, index: u64) -> Self {
        Self(mixed(mixed(seed ^ domain.wrapping_mul(STEP)).wrapping_add(index)))
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mixed(self.0)
    }

    /// A number from 0 to `end` - 1; 0 where `end` is 0. The bias of the multiplication is below 2⁻³² here.
    pub fn below(&mut self, end: u64) -> u64 {
        let wide = u128::from(self.bits()) * u128::from(end);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// A number of days from `least` to `most`, both included.
    pub fn days(&mut self, least: i64, most: i64) -> i64 {
        least + self.below((most - least + 1).max(1).cast_unsigned()).cast_signed()
    }

    /// True in so many of a hundred draws.
    pub fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    /// One of a list that is not empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.index(list.len())]
    }

    /// A place in a list of that length.
    pub fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }

    /// A number between -1 and 1.
    pub fn signed_unit(&mut self) -> f64 {
        let thousandths = i32::try_from(self.below(200_001)).unwrap_or(0) - 100_000;
        f64::from(thousandths) / 100_000.0
    }
}

/// Turns over the cards of a deck one after the other, in a fixed disorder: every card comes up in its share even
/// among few, which independent draws would not promise.
pub fn dealt<T: Copy>(deck: &[T], at: u64) -> T {
    // 61 has no factor in common with the lengths of the decks, so that every card is reached.
    let length = deck.len() as u64;
    deck[usize::try_from((at % length) * 61 % length).unwrap_or(0)]
}

/// The finaliser of SplitMix64.
pub fn mixed(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
