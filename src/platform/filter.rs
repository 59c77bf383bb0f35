//! Typed operators of `where`, as conditions on columns. Every operator that is given must hold.

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, Condition, Value, sea_query::LikeExpr};

/// Operators on text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TextFilter {
    /// Is just this.
    pub eq: Option<String>,
    /// Is one of these.
    pub any_of: Option<Vec<String>>,
    /// Has this in it, to the letter.
    pub contains: Option<String>,
    /// Begins with this.
    pub starts_with: Option<String>,
}

impl TextFilter {
    /// The condition on a text column.
    pub fn on<C: ColumnTrait>(&self, column: C) -> Condition {
        Condition::all()
            .add_option(self.eq.as_deref().map(|text| column.eq(text)))
            .add_option(self.any_of.as_ref().map(|texts| column.is_in(texts.iter().map(String::as_str))))
            .add_option(self.contains.as_deref().map(|text| column.like(pattern("%", text))))
            .add_option(self.starts_with.as_deref().map(|text| column.like(pattern("", text))))
    }
}

/// Operators on a closed set of words or on keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OneOf<T> {
    /// Is one of these.
    pub any_of: Option<Vec<T>>,
    /// Is none of these.
    pub none_of: Option<Vec<T>>,
}

impl<T> Default for OneOf<T> {
    fn default() -> Self {
        Self { any_of: None, none_of: None }
    }
}

impl<T: Clone + Into<Value>> OneOf<T> {
    /// The condition on a column of that type.
    pub fn on<C: ColumnTrait>(&self, column: C) -> Condition {
        Condition::all()
            .add_option(self.any_of.as_ref().map(|values| column.is_in(values.iter().cloned())))
            .add_option(self.none_of.as_ref().map(|values| column.is_not_in(values.iter().cloned())))
    }
}

/// Operators on calendar dates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DateFilter {
    /// On or after.
    pub from: Option<NaiveDate>,
    /// On or before.
    pub to: Option<NaiveDate>,
}

impl DateFilter {
    /// The condition on a date column.
    pub fn on<C: ColumnTrait>(&self, column: C) -> Condition {
        Condition::all()
            .add_option(self.from.map(|date| column.gte(date)))
            .add_option(self.to.map(|date| column.lte(date)))
    }
}

/// A GB/T 2260 subtree: the division and everything in it, by the prefix of its code.
pub fn within<C: ColumnTrait>(column: C, region: &str) -> Condition {
    let prefix = region.strip_suffix("0000").or_else(|| region.strip_suffix("00")).unwrap_or(region);
    Condition::all().add(column.like(pattern("", prefix)))
}

/// A pattern in which what the caller sent means itself.
fn pattern(before: &str, text: &str) -> LikeExpr {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    LikeExpr::new(format!("{before}{escaped}%")).escape('\\')
}
