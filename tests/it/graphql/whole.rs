//! The library looks at every operation and every fragment of a document; so the limits do, before it may.

use std::{net::Ipv4Addr, sync::Arc};

use async_graphql::{
    Request,
    parser::{
        parse_query, parse_schema,
        types::{TypeKind, TypeSystemDefinition},
    },
};
use labpact::{
    graphql::{
        api,
        documents::Known,
        limits::{self, Amount, Limits},
        merging::MOST_ARGUMENTS,
        root,
    },
    platform::access::{Actor, Caller},
};

use super::documents::{MOST, multiplying};
use crate::support::{base::Backend, world::World};

fn checked(text: &str) -> Result<Amount, String> {
    let document = parse_query(text).expect("a document");
    limits::check(&document, &Limits::default()).map_err(|fault| format!("{} {fault}", fault.reason()))
}

#[test]
fn every_operation_and_every_fragment_counts() {
    for (text, fields, aliases) in [
        ("query A { version } query B { a: version b: version }", 3, 2),
        ("query A { version } fragment F on Query { version version }", 3, 0),
        ("query A { ...F } query B { ...F } fragment F on Query { a: version version }", 4, 2),
        ("{ ...Nobody labs { ...Nobody } }", 3, 0),
    ] {
        let amount = checked(text).expect(text);
        assert_eq!((amount.fields, amount.aliases), (fields, aliases), "{text}");
    }
}

#[test]
fn what_no_operation_was_asked_for_can_be_too_much() {
    let many: String = (0..21).map(|n| format!("query Q{n} {{ version }} ")).collect();
    let wide = "version ".repeat(11);
    for (text, code) in [
        (many, "OPERATIONS"),
        (format!("query A {{ version }} query B {{ ... {{ {wide} }} ... {{ {wide} }} }}"), "ROOT_FIELDS"),
        (format!("query A {{ version }} fragment U on Lab {{ {} }}", "id ".repeat(2_000)), "FIELDS"),
        ("query A { version } query B { ...F } fragment F on Query { ...F }".to_owned(), "FRAGMENT_CYCLE"),
        ("query A { version } fragment U on Query { ...U }".to_owned(), "FRAGMENT_CYCLE"),
    ] {
        let refusal = checked(&text).expect_err(code);
        assert!(refusal.contains(code), "{code}: {refusal}");
    }
}

#[test]
fn fields_under_one_key_are_one_field() {
    for text in [
        "{ labs(first: 1, where: { region: \"x\" }) { nodes { id } } labs(where: { region: \"x\" }, first: 1) { totalCount } }",
        "{ node(id: 1) { ... on Lab { a: code } ... on Standard { a: number } } }",
        "{ a: labs(first: 1) { totalCount } labs(first: 2) { totalCount } }",
        "{ labs { ...F ...F } } fragment F on LabConnection { totalCount }",
    ] {
        checked(text).expect(text);
    }
    for text in [
        "{ labs { totalCount } labs(first: 1) { totalCount } }",
        "{ labs(first: 1) { totalCount } labs(first: 2) { totalCount } }",
        "{ labs(first: $a) { totalCount } labs(first: $b) { totalCount } }",
        "{ a: version a: labs { totalCount } }",
        "query A { version } query B { version version(a: 1) }",
        "{ version } fragment U on Lab { a: id a: code }",
        "{ labs { nodes { ... { a: id } ... { ... { a: code } } } } }",
        // One of the two finds its like in the other, the other does not.
        "{ version(a: 1, a: 1) version(a: 1, a: 2) }",
    ] {
        let refusal = checked(text).expect_err(text);
        assert!(refusal.contains("FIELDS_CONFLICT"), "{text}: {refusal}");
    }
    let long = format!("{{ {0} {0}(a: 1) }}", "x".repeat(1_000));
    assert!(checked(&long).expect_err("a conflict").len() < 300, "no message repeats long input");
}

#[test]
fn no_field_of_ours_takes_more_arguments_than_a_field_may_have() {
    let sdl = parse_schema(api::sdl(&root::schema(root::Services::default()))).expect("our own SDL parses");
    let mut most = 0;
    for definition in sdl.definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        if let TypeKind::Object(object) = definition.node.kind {
            most = object.fields.iter().map(|field| field.node.arguments.len()).fold(most, usize::max);
        }
    }
    assert!((1..=MOST_ARGUMENTS).contains(&most), "{most}");
    let arguments: String = (0..=MOST_ARGUMENTS).map(|n| format!("a{n}: 1 ")).collect();
    assert!(checked(&format!("{{ version({arguments}) }}")).expect_err("too many").contains("ARGUMENTS"));
}

/// Each of these would keep a core busy for minutes, or bring gigabytes of errors, if it came to the library.
#[test]
fn documents_that_multiply_do_not_come_to_the_library() {
    World::run_with(
        Backend::Sqlite,
        |config| config.graphql.limits = Limits::default(),
        async |w| {
            let caller = Caller::new(Arc::new(Actor::system(Some("GD".into()), "tests")), "request");
            for (what, text) in multiplying() {
                assert!(text.len() <= MOST, "{what}");
                for name in [Some("A"), None] {
                    let mut request = Request::new(&text);
                    request.operation_name = name.map(str::to_owned);
                    let read = w.app.api.read(request, caller.clone(), Ipv4Addr::LOCALHOST.into());
                    assert!(read.and_then(|read| w.app.api.admit(read)).is_err(), "{what}");
                }
            }
        },
    );
}

#[test]
fn a_document_is_told_its_first_errors_only() {
    World::run_with(
        Backend::Sqlite,
        |config| config.graphql.limits = Limits::default(),
        async |w| {
            let client = w.client("GD", "officer");
            let text =
                format!("{{ labs {{ nodes {{ {} }} }} }}", (0..900).map(|n| format!("x{n} ")).collect::<String>());
            let answer = client.send(&text, serde_json::json!({})).await;
            assert_eq!(answer.body["errors"].as_array().map(Vec::len), Some(100));
        },
    );
}

#[test]
fn what_is_remembered_weighs_what_it_can_take() {
    let weight = |text: String| Known { parsed: parse_query(&text).expect("a document"), text }.weight();
    let fields = weight(format!("{{ {} }}", "a ".repeat(5_000)));
    assert!(fields > 5_000 * 325, "a field takes 325 bytes: {fields}");
    let string = weight(format!("{{ a(b: \"{}\") }}", "x".repeat(10_000)));
    assert!(string < 20_000, "a string takes little more than its text: {string}");
}
