//! Text as the search sees it.

mod fold;
mod latin;
mod pinyin;
mod segment;
mod synonym;
