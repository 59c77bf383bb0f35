//! How much one document may ask for, decided before it is executed.
//!
//! A document of a few hundred bytes can ask for billions of fields by spreading fragments in fragments. So
//! everything is counted as if the fragments were written out, with one memory per fragment: the count costs no more
//! than one walk over the text.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use serde::Deserialize;

use super::{merging, text};
use crate::platform::fault::{Fault, Outcome};

/// Section `[graphql.limits]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Longest request body, in bytes.
    pub body_bytes: usize,
    /// Most operations of one request body; 1 for no batches.
    pub batch: usize,
    /// Most tokens of a document: names, numbers, strings, punctuators.
    pub tokens: u64,
    /// Deepest nesting of fields, fragments written out.
    pub depth: u64,
    /// Most fields, fragments written out.
    pub fields: u64,
    /// Most aliases, fragments written out.
    pub aliases: u64,
    /// Most operations of a document.
    pub operations: u64,
    /// Most root fields of an operation.
    pub root_fields: u64,
    /// Most directives in a document.
    pub directives: u64,
    /// Most that an operation can cost: its fields, times the rows that the lists around them can bring.
    pub cost: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1 << 20,
            batch: 1,
            tokens: 10_000,
            depth: 16,
            fields: 2_000,
            aliases: 200,
            operations: 20,
            root_fields: 20,
            directives: 50,
            cost: 100_000,
        }
    }
}

/// What a document amounts to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Fields, fragments written out.
    pub fields: u64,
    /// Deepest nesting of fields.
    pub depth: u64,
    /// Directives, fragments written out.
    pub directives: u64,
    /// Aliases, fragments written out.
    pub aliases: u64,
}

impl Amount {
    fn and(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            depth: self.depth.max(other.depth),
            directives: self.directives.saturating_add(other.directives),
            aliases: self.aliases.saturating_add(other.aliases),
        }
    }
}

/// Counts a document and holds it against the limits: all its operations, and the fragments that none of them spreads,
/// since the library looks at all of them, whichever is to be executed.
///
/// # Errors
/// `INVALID` for the first limit that is passed, for a fragment that contains itself, and as [`merging::check`].
pub fn check(document: &ExecutableDocument, limits: &Limits) -> Outcome<Amount> {
    let mut walk = Walk { document, fragments: HashMap::new() };
    let (mut amount, mut operations, mut roots) = (Amount::default(), 0, 0);
    for (_, operation) in document.operations.iter() {
        let set = &operation.node.selection_set.node;
        amount = amount.and(walk.set(set, 0)?);
        roots = walk.roots(set)?.max(roots);
        operations += 1;
    }
    let unused: Vec<&str> =
        document.fragments.keys().map(|name| name.as_str()).filter(|name| !walk.fragments.contains_key(name)).collect();
    for name in unused {
        amount = amount.and(walk.fragment(name, 0)?);
    }
    let over = [
        (operations > limits.operations, "operations", "OPERATIONS", limits.operations),
        (amount.depth > limits.depth, "depth", "DEPTH", limits.depth),
        (amount.fields > limits.fields, "fields", "FIELDS", limits.fields),
        (amount.aliases > limits.aliases, "aliases", "ALIASES", limits.aliases),
        (roots > limits.root_fields, "root fields", "ROOT_FIELDS", limits.root_fields),
        (amount.directives > limits.directives, "directives", "DIRECTIVES", limits.directives),
    ];
    for (is_over, what, code, most) in over {
        if is_over {
            return Err(Fault::invalid(
                "query",
                code,
                format!("This asks for more than {most} {what}; ask in several requests."),
            ));
        }
    }
    merging::check(document)?;
    Ok(amount)
}

/// Nesting of inline fragments and fields in the text itself; deeper text is refused so that the walk stays shallow.
const DEEPEST_TEXT: u64 = 64;

/// Holds the text of a document against the limits, before anything parses it.
///
/// # Errors
/// `INVALID` for too many tokens and for brackets that nest too deep.
pub fn check_text(document: &str, limits: &Limits) -> Outcome<()> {
    let extent = text::extent(document);
    if extent.nesting > DEEPEST_TEXT {
        let message = format!("This is nested more than {DEEPEST_TEXT} brackets deep; ask in several requests.");
        return Err(Fault::invalid("query", "DEPTH", message));
    }
    if extent.tokens > limits.tokens {
        let message = format!("This has more than {} tokens; ask in several requests.", limits.tokens);
        return Err(Fault::invalid("query", "TOKENS", message));
    }
    Ok(())
}

enum Seen {
    Open,
    Done(Amount),
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    fragments: HashMap<&'a str, Seen>,
}

impl<'a> Walk<'a> {
    fn set(&mut self, set: &'a SelectionSet, nesting: u64) -> Outcome<Amount> {
        if nesting > DEEPEST_TEXT {
            return Err(Fault::invalid(
                "query",
                "DEPTH",
                format!("This is nested more than {DEEPEST_TEXT} levels deep; ask in several requests."),
            ));
        }
        let mut total = Amount::default();
        for selection in &set.items {
            let each = match &selection.node {
                Selection::Field(field) => {
                    let below = self.set(&field.node.selection_set.node, nesting + 1)?;
                    let own = Amount {
                        fields: 1,
                        depth: 0,
                        directives: field.node.directives.len() as u64,
                        aliases: u64::from(field.node.alias.is_some()),
                    };
                    Amount { depth: below.depth + 1, ..own.and(below) }
                }
                Selection::InlineFragment(inline) => {
                    let own = Amount { directives: inline.node.directives.len() as u64, ..Amount::default() };
                    own.and(self.set(&inline.node.selection_set.node, nesting + 1)?)
                }
                Selection::FragmentSpread(spread) => {
                    let own = Amount { directives: spread.node.directives.len() as u64, ..Amount::default() };
                    own.and(self.fragment(spread.node.fragment_name.node.as_str(), nesting)?)
                }
            };
            total = total.and(each);
        }
        Ok(total)
    }

    fn fragment(&mut self, name: &'a str, nesting: u64) -> Outcome<Amount> {
        match self.fragments.get(name) {
            Some(Seen::Done(amount)) => return Ok(*amount),
            Some(Seen::Open) => {
                return Err(Fault::invalid("query", "FRAGMENT_CYCLE", "A fragment contains itself; take it out."));
            }
            None => {}
        }
        // An unknown fragment is left to validation, which names it. It counts as a field: else spreads that end in it
        // could double as often as they like and amount to nothing.
        let Some((known, definition)) = self.document.fragments.get_key_value(name) else {
            return Ok(Amount { fields: 1, ..Amount::default() });
        };
        self.fragments.insert(known.as_str(), Seen::Open);
        let amount = self.set(&definition.node.selection_set.node, nesting + 1)?;
        self.fragments.insert(known.as_str(), Seen::Done(amount));
        Ok(amount)
    }

    fn roots(&self, set: &'a SelectionSet) -> Outcome<u64> {
        Ok(root_fields(self.document, set)?.len() as u64)
    }
}

/// The names and response keys of an operation's root fields, fragments written out. Call after [`check`] has refused
/// cycles, or accept its bound of 1,000.
///
/// # Errors
/// `INVALID` for more than 1,000.
pub fn root_fields<'a>(document: &'a ExecutableDocument, set: &'a SelectionSet) -> Outcome<Vec<(&'a str, &'a str)>> {
    const MOST: usize = 1_000;
    let mut found = Vec::new();
    let mut waiting = vec![set];
    let mut visited = 0;
    while let Some(set) = waiting.pop() {
        visited += 1;
        if visited > MOST || found.len() > MOST {
            return Err(Fault::invalid("query", "ROOT_FIELDS", format!("This asks for more than {MOST} root fields.")));
        }
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    found.push((field.node.name.node.as_str(), field.node.response_key().node.as_str()))
                }
                Selection::InlineFragment(inline) => waiting.push(&inline.node.selection_set.node),
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                        waiting.push(&fragment.node.selection_set.node);
                    }
                }
            }
        }
    }
    Ok(found)
}
