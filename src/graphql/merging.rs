//! Fields that come under one key must be one field (GraphQL specification, section 5.3.2); the first that is not ends it.
//!
//! The library names every pair of such fields, once for each of their arguments and once more for each inline fragment
//! around them: 6 kB that repeat a field beside one with many arguments make a hundred thousand errors. So a document
//! comes to the library only if it has none of these.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use async_graphql::{
    Positioned,
    parser::types::{ExecutableDocument, Field, Selection, SelectionSet},
};

use crate::platform::fault::{Fault, Outcome};

/// Most arguments of a field. None of ours takes as many.
pub const MOST_ARGUMENTS: usize = 20;

/// Looks at every selection set of a document. Call after [`check`](super::limits::check) has counted it.
///
/// # Errors
/// `INVALID` for two different fields under one key, and for a field with more than [`MOST_ARGUMENTS`].
pub fn check(document: &ExecutableDocument) -> Outcome<()> {
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
    let mut waiting: Vec<&SelectionSet> = operations.chain(fragments).collect();
    let mut sets = Vec::new();
    while let Some(set) = waiting.pop() {
        // One field alone is at odds with nothing.
        if !matches!(set.items.as_slice(), [] | [Positioned { node: Selection::Field(_), .. }]) {
            sets.push(set);
        }
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    if field.node.arguments.len() > MOST_ARGUMENTS {
                        let message = format!("No field takes more than {MOST_ARGUMENTS} arguments.");
                        return Err(Fault::invalid("query", "ARGUMENTS", message));
                    }
                    waiting.push(&field.node.selection_set.node);
                }
                Selection::InlineFragment(inline) => waiting.push(&inline.node.selection_set.node),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    // Fields are compared once none has many arguments.
    sets.into_iter().try_for_each(|set| check_set(document, set))
}

/// Looks at the fields of one selection set, its fragments written out, as the library does.
fn check_set<'a>(document: &'a ExecutableDocument, set: &'a SelectionSet) -> Outcome<()> {
    let mut under: HashMap<(Option<&str>, &str), &Field> = HashMap::new();
    let mut spread = HashSet::new();
    let mut waiting: Vec<(Option<&str>, &'a SelectionSet)> = vec![(None, set)];
    while let Some((on, set)) = waiting.pop() {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    match under.entry((on, field.response_key().node.as_str())) {
                        Entry::Vacant(free) => drop(free.insert(field)),
                        Entry::Occupied(other) if is_one(other.get(), field) => {}
                        Entry::Occupied(_) => return Err(conflict(field)),
                    }
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let on = condition.map(|condition| condition.node.on.node.as_str());
                    waiting.push((on, &inline.node.selection_set.node));
                }
                Selection::FragmentSpread(named) => {
                    let name = named.node.fragment_name.node.as_str();
                    if let Some(fragment) = document.fragments.get(name)
                        && spread.insert(name)
                    {
                        let on = fragment.node.type_condition.node.on.node.as_str();
                        waiting.push((Some(on), &fragment.node.selection_set.node));
                    }
                }
            }
        }
    }
    Ok(())
}

/// Whether two fields are the same with the same arguments, whichever of them the library meets first.
fn is_one(one: &Field, other: &Field) -> bool {
    let has = |field: &Field, of: &Field| {
        of.arguments
            .iter()
            .all(|(name, value)| field.get_argument(&name.node).is_some_and(|found| found.node == value.node))
    };
    one.name.node == other.name.node
        && one.arguments.len() == other.arguments.len()
        && has(one, other)
        && has(other, one)
}

fn conflict(field: &Field) -> Fault {
    let key = &field.response_key().node;
    Fault::invalid(
        "query",
        "FIELDS_CONFLICT",
        format!("Different fields or arguments come under the key \"{key:.40}\"; give one of them an alias."),
    )
}
