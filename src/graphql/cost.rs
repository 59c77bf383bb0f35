//! What an operation can cost, told before it runs: its fields, times the rows that the lists around them can bring.
//!
//! A few hundred bytes that nest pages of 200 in pages of 200 ask for millions of rows, and no count of fields notices.
//! The shape of each field is read from our own SDL once; an operation is then walked once, each fragment once.

use std::collections::HashMap;

use async_graphql::{
    Value, Variables,
    parser::{
        parse_schema,
        types::{
            BaseType, ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet, Type,
            TypeKind, TypeSystemDefinition,
        },
    },
};
use async_graphql_value::Value as Written;

use crate::platform::page::{MOST, USUAL};

/// Rows of a list without pages, such as the divisions of a province or the past of a certificate.
const LISTED: u64 = 10;
/// What counting a whole list costs, beside a plain field.
const COUNTING: u64 = 10;

/// What finding takes beside the rows that it brings, by type and field: about its share of a processor where a plain field
/// takes ten microseconds.
const FINDING: [(&str, &str, u64); 11] = [
    ("Query", "scopeSearch", 500),
    ("Query", "labSearch", 500),
    ("Query", "equipmentSearch", 200),
    ("Query", "suggest", 100),
    ("Query", "availability", 500),
    ("Query", "coveragePlan", 20_000),
    ("Query", "capacity", 100),
    ("Offering", "capacity", 100),
    ("SavedSearch", "lines", 500),
    ("SavedSearch", "labs", 500),
    ("SavedSearch", "equipment", 200),
];

/// The lists of introspection, which can lead from type to type as often as one likes.
const INTROSPECTED: [&str; 8] =
    ["types", "fields", "args", "inputFields", "enumValues", "interfaces", "possibleTypes", "directives"];

/// What is known of a field.
struct Shape {
    /// The type of its value, without lists.
    of: String,
    /// Whether it takes `first` and `last`.
    is_paged: bool,
    /// Whether it is a list by itself.
    is_list: bool,
    /// What it takes, beside what is below it.
    own: u64,
}

/// The shapes of all fields.
#[derive(Default)]
pub struct Costs(HashMap<String, HashMap<String, Shape>>);

impl Costs {
    /// Reads the shapes.
    ///
    /// # Panics
    /// When the SDL is none: a defect of the program, found by its first start.
    pub fn read(sdl: &str) -> Self {
        let document = parse_schema(sdl).expect("our own SDL parses");
        let mut types: HashMap<String, HashMap<String, Shape>> = HashMap::new();
        for definition in document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let fields = match definition.node.kind {
                TypeKind::Object(object) => object.fields,
                TypeKind::Interface(interface) => interface.fields,
                _ => continue,
            };
            let name = definition.node.name.node.to_string();
            // The lists of a connection are the page that was asked for.
            let is_page = name.ends_with("Connection") || name == "ChangePage";
            let own = |field: &str| match field {
                "totalCount" => 1 + COUNTING,
                _ => FINDING.iter().find(|(on, of, _)| *on == name && *of == field).map_or(1, |(_, _, own)| *own),
            };
            let shape = |field: &async_graphql::parser::types::FieldDefinition| Shape {
                own: own(&field.name.node),
                of: named(&field.ty.node).to_owned(),
                is_paged: field.arguments.iter().any(|argument| argument.node.name.node == "first"),
                is_list: !is_page && matches!(field.ty.node.base, BaseType::List(_)),
            };
            let shapes =
                fields.into_iter().map(|field| (field.node.name.node.to_string(), shape(&field.node))).collect();
            types.insert(name, shapes);
        }
        Self(types)
    }

    /// The cost of an operation. Fragments must not contain themselves: ask [`check`](super::limits::check) first.
    pub fn of(&self, document: &ExecutableDocument, operation: &OperationDefinition, variables: &Variables) -> u64 {
        let root = match operation.ty {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        let mut walk = Walk { costs: self, document, operation, variables, fragments: HashMap::new() };
        walk.set(&operation.selection_set.node, root)
    }
}

fn named(kind: &Type) -> &str {
    match &kind.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(item) => named(item),
    }
}

struct Walk<'a> {
    costs: &'a Costs,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    fragments: HashMap<&'a str, u64>,
}

impl<'a> Walk<'a> {
    fn set(&mut self, set: &'a SelectionSet, on: &'a str) -> u64 {
        set.items.iter().fold(0, |total: u64, selection| {
            total.saturating_add(match &selection.node {
                Selection::Field(field) => self.field(&field.node, on),
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let on = condition.map_or(on, |condition| condition.node.on.node.as_str());
                    self.set(&inline.node.selection_set.node, on)
                }
                Selection::FragmentSpread(spread) => self.fragment(spread.node.fragment_name.node.as_str()),
            })
        })
    }

    fn fragment(&mut self, name: &'a str) -> u64 {
        if let Some(known) = self.fragments.get(name) {
            return *known;
        }
        // An unknown fragment is left to validation, which names it.
        let definition = self.document.fragments.iter().find(|(each, _)| each.as_str() == name);
        let Some((_, definition)) = definition else { return 0 };
        let on = definition.node.type_condition.node.on.node.as_str();
        let cost = self.set(&definition.node.selection_set.node, on);
        self.fragments.insert(name, cost);
        cost
    }

    fn field(&mut self, field: &'a Field, on: &'a str) -> u64 {
        let name = field.name.node.as_str();
        let costs = self.costs;
        let Some(shape) = costs.0.get(on).and_then(|fields| fields.get(name)) else {
            // Introspection, `__typename`, and what validation will refuse.
            let below = self.set(&field.selection_set.node, "");
            let rows = if INTROSPECTED.contains(&name) { LISTED } else { 1 };
            return rows.saturating_mul(below).saturating_add(1);
        };
        let below = self.set(&field.selection_set.node, &shape.of);
        self.rows(field, shape).saturating_mul(below).saturating_add(shape.own)
    }

    /// How many rows a field can bring. Sizes that are refused later count as the largest.
    fn rows(&self, field: &Field, shape: &Shape) -> u64 {
        if shape.is_paged {
            let asked = ["first", "last"].into_iter().find_map(|name| self.argument(field, name));
            let size = match asked {
                None | Some(Value::Null) => return USUAL,
                Some(Value::Number(size)) => size.as_u64(),
                Some(_) => None,
            };
            return size.map_or(MOST, |size| size.clamp(1, MOST));
        }
        if !shape.is_list {
            return 1;
        }
        match self.argument(field, "ids") {
            Some(Value::List(ids)) => ids.len() as u64,
            _ => LISTED,
        }
    }

    /// The value of an argument, where it can be told before the operation is validated.
    fn argument(&self, field: &Field, name: &str) -> Option<Value> {
        let written = &field.get_argument(name)?.node;
        let Written::Variable(variable) = written else { return written.clone().into_const() };
        self.variables.get(variable).cloned().or_else(|| {
            let mut definitions = self.operation.variable_definitions.iter();
            let definition = definitions.find(|each| each.node.name.node == *variable)?;
            definition.node.default_value.as_ref().map(|value| value.node.clone())
        })
    }
}
