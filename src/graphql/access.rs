//! `@access`: the permission decision of every root field, written in the schema and enforced from there.
//!
//! The executor reads the directives back from our own SDL, so what partners read is what is enforced.

use std::{borrow::Cow, collections::HashMap};

use async_graphql::{
    TypeDirective,
    parser::{
        parse_schema,
        types::{OperationType, TypeKind, TypeSystemDefinition},
    },
    registry::{MetaDirectiveInvocation, Registry, location_traits::Directive_At_FIELD_DEFINITION},
};
use async_graphql_value::ConstValue;

use crate::platform::{
    access::{Action, Caller, permit},
    fault::Outcome,
};

mod spelled {
    use async_graphql::TypeDirective;

    /// The scope that opens the field, and the action under which its use is recorded.
    #[TypeDirective(location = "FieldDefinition")]
    pub(super) fn access(action: String, scope: String) {}
}

/// The directive, applied with an action of a capability's `policy.rs`: `directive = access::apply(EDIT)`.
#[expect(non_camel_case_types, reason = "the name is the directive's, as the SDL spells it")]
#[derive(Clone, Copy, Debug)]
pub struct access;

impl access {
    /// `@access` for an action.
    pub fn apply(action: Action) -> MetaDirectiveInvocation {
        spelled::access::apply(action.name.to_owned(), action.scope.to_owned())
    }
}

impl TypeDirective for access {
    fn name(&self) -> Cow<'static, str> {
        spelled::access.name()
    }

    fn register(&self, registry: &mut Registry) {
        spelled::access.register(registry);
    }
}

impl Directive_At_FIELD_DEFINITION for access {}

/// Anybody who may call at all may ask this: nothing of the register is told.
pub const OPEN: Action = Action::new("open", "");

/// The decision of every root field, read from the SDL.
#[derive(Debug, Default)]
pub struct Roots(HashMap<(&'static str, String), Action>);

impl Roots {
    /// Reads the directives of the three root types.
    ///
    /// # Panics
    /// When a root field has no `@access` or the SDL is none: a defect of the program, found by its first start.
    pub fn read(sdl: &str) -> Self {
        let document = parse_schema(sdl).expect("our own SDL parses");
        let mut roots = HashMap::new();
        for definition in document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let operation = match definition.node.name.node.as_str() {
                "Query" => "query",
                "Mutation" => "mutation",
                "Subscription" => "subscription",
                _ => continue,
            };
            let TypeKind::Object(object) = definition.node.kind else { continue };
            for field in object.fields {
                let name = field.node.name.node.to_string();
                let found = field.node.directives.iter().find(|directive| directive.node.name.node == "access");
                let directive = found.unwrap_or_else(|| panic!("{name} has no @access"));
                let text = |argument: &str| match directive.node.get_argument(argument).map(|value| &value.node) {
                    // Leaked once per root field and process: actions are named by static text everywhere else.
                    Some(ConstValue::String(text)) => &*text.clone().leak(),
                    _ => panic!("@access of {name} lacks {argument}"),
                };
                let action = Action::new(text("action"), text("scope"));
                roots.insert((operation, name), action);
            }
        }
        Self(roots)
    }

    /// Whether the caller may ask for this root field.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` or `FORBIDDEN`. A field that does not exist is left to validation.
    pub fn check(&self, operation: OperationType, field: &str, caller: &Caller) -> Outcome<()> {
        match self.0.get(&(word(operation), field.to_owned())) {
            None | Some(&Action { scope: "", .. }) => Ok(()),
            Some(action) => permit(caller, *action).map(|_| ()),
        }
    }

    /// Every root field with its decision, sorted; for the table that the tests keep.
    pub fn table(&self) -> Vec<(String, Action)> {
        let mut rows: Vec<_> =
            self.0.iter().map(|((operation, field), action)| (format!("{operation} {field}"), *action)).collect();
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        rows
    }
}

fn word(operation: OperationType) -> &'static str {
    match operation {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    }
}
