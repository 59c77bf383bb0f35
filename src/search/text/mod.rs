//! Text as the search sees it: folded characters, words, pinyin, synonyms.
//!
//! Everything here is pure. Positions are byte offsets in the folded text, always on the border of a character;
//! [`fold::Folded::span`] leads back to the text as it was written.

pub mod concept;
pub mod fold;
pub mod han;
pub mod latin;
mod lexicon;
pub mod pinyin;
mod polyphone;
pub mod segment;
pub mod synonym;
mod table;
pub mod tokens;
