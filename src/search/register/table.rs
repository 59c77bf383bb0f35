//! A list that its readers share with the one who writes it: what is written is copied in small pieces, so that a
//! snapshot costs a pointer for each thousand entries.

use std::sync::Arc;

/// Entries of one piece.
const PIECE: usize = 512;

/// A numbered list. Cloning it is cheap, and a clone never changes.
#[derive(Debug)]
pub struct Table<T> {
    pieces: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Clone for Table<T> {
    fn clone(&self) -> Self {
        Self { pieces: self.pieces.clone(), len: self.len }
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { pieces: Vec::new(), len: 0 }
    }
}

impl<T> Table<T> {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The entry of a number.
    pub fn get(&self, number: u32) -> Option<&T> {
        let at = number as usize;
        self.pieces.get(at / PIECE)?.get(at % PIECE)
    }

    /// Every entry with its number, in order.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        (0..).zip(self.pieces.iter().flat_map(|piece| piece.iter()))
    }
}

impl<T: Clone> Table<T> {
    /// Appends an entry and tells its number.
    ///
    /// # Panics
    /// Beyond four thousand million entries.
    pub fn push(&mut self, entry: T) -> u32 {
        let number = u32::try_from(self.len).expect("a register of fewer than 2^32 entries of a kind");
        if self.len.is_multiple_of(PIECE) {
            self.pieces.push(Arc::new(Vec::with_capacity(PIECE)));
        }
        if let Some(last) = self.pieces.last_mut() {
            Arc::make_mut(last).push(entry);
        }
        self.len += 1;
        number
    }

    /// The entry of a number, to be changed; what others read stays as it is.
    pub fn entry(&mut self, number: u32) -> Option<&mut T> {
        let at = number as usize;
        Arc::make_mut(self.pieces.get_mut(at / PIECE)?).get_mut(at % PIECE)
    }
}

impl<T: Clone + Default> Table<T> {
    /// Puts an entry at a number, filling up with empty ones before it.
    pub fn put(&mut self, number: u32, entry: T) {
        while self.len <= number as usize {
            self.push(T::default());
        }
        if let Some(place) = self.entry(number) {
            *place = entry;
        }
    }
}
