//! The events of saved searches.

use entity::{enums::SavedSearchKind, ids::SavedSearchId};

use crate::platform::event::{Field, Form, events};

/// Of new matches.
const MATCHED: &[Field] = &[
    Field::new("name", Form::Text, "The name under which the search is kept."),
    Field::new(
        "kind",
        Form::Word(|| SavedSearchKind::ALL.iter().map(|word| word.word()).collect()),
        "What it looks for.",
    ),
    Field::new("newMatches", Form::Number, "How many matches are new."),
    Field::new("first", Form::List(&Form::AnyId), "Some of them."),
];

events! {
    /// A saved search has matches that it did not have before.
    SAVED_SEARCH_MATCHED = "savedSearch.matched.v1", SavedSearchId::KIND, Agency, MATCHED;
}
