//! What operations cost, and that what costs too much is not executed.

use async_graphql::{Variables, parser::parse_query};
use labpact::graphql::{api, cost::Costs, root};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::both;

fn cost(query: &str, variables: Value) -> u64 {
    let costs = Costs::read(&api::sdl(&root::schema(root::Services::default())));
    let document = parse_query(query).expect("a document");
    let (_, operation) = document.operations.iter().next().expect("an operation");
    costs.of(&document, &operation.node, &Variables::from_json(variables))
}

#[test]
fn fields_are_counted_once_for_each_row_that_can_come() {
    for (query, expected) in [
        ("{ version }", 1),
        ("{ version again: version }", 2),
        ("{ labs(first: 5) { nodes { id code } } }", 1 + 5 * 3),
        ("{ labs { nodes { id } } }", 1 + 20 * 2),
        ("{ labs(last: 3) { edges { cursor node { id } } } }", 1 + 3 * 4),
        ("{ labs(first: 2) { nodes { scopes(first: 3) { nodes { id } } } } }", 1 + 2 * (1 + 1 + 3 * 2)),
        ("{ labs(first: 2) { totalCount } }", 1 + 2 * 11),
        ("{ labs(first: 2) { ...F } } fragment F on LabConnection { nodes { id } }", 1 + 2 * 2),
        ("{ labs(first: 2) { nodes { ... on Lab { id } ... { code } } } }", 1 + 2 * 3),
        ("{ nodes(ids: [\"a\", \"b\", \"c\"]) { id } }", 1 + 3),
        ("{ regions { code } }", 1 + 10),
        ("{ __schema { types { name } } }", 1 + 1 + 10),
        ("{ unknown { of { nothing } } }", 3),
        ("{ scopeSearch(first: 2) { nodes { score } } }", 500 + 2 * 2),
        ("{ labSearch(first: 2) { nodes { lineCount } } }", 500 + 2 * 2),
        ("{ equipmentSearch(first: 2) { nodes { score } } }", 200 + 2 * 2),
        ("{ suggest { text } }", 100 + 20),
        ("{ availability { __typename } }", 500 + 1),
        ("{ coveragePlan { __typename } }", 20_000 + 1),
        (
            "{ savedSearches(first: 2) { nodes { lines(first: 3) { nodes { score } } labs(first: 3) { totalCount } \
             equipment(first: 3) { totalCount } } } }",
            1 + 2 * (1 + 500 + 3 * 2 + 500 + 3 * 11 + 200 + 3 * 11),
        ),
    ] {
        assert_eq!(cost(query, json!({})), expected, "{query}");
    }
}

/// What tools send to learn a schema.
const INTROSPECTION: &str = "query IntrospectionQuery { __schema { queryType { name } mutationType { name }
    subscriptionType { name } types { ...FullType } directives { name description locations args { ...InputValue } } } }
    fragment FullType on __Type { kind name description
        fields(includeDeprecated: true) { name description args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
        inputFields { ...InputValue } interfaces { ...TypeRef }
        enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
    fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
    fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
        ofType { kind name ofType { kind name ofType { kind name } } } } } } } }";

#[test]
fn introspection_is_for_tools_and_not_for_walking_in_circles() {
    let most = labpact::graphql::limits::Limits::default().cost;
    assert!(cost(INTROSPECTION, json!({})) < most);
    let circle = "fields { type { ofType { ".repeat(4);
    let query = format!("{{ __schema {{ types {{ {circle} name {} }} }} }}", "} } }".repeat(4));
    assert!(cost(&query, json!({})) > most);
}

#[test]
fn sizes_in_variables_count_as_those_that_are_written() {
    let query = "query($n: Int = 7) { labs(first: $n) { nodes { id } } }";
    assert_eq!(cost(query, json!({ "n": 3 })), 1 + 3 * 2);
    assert_eq!(cost(query, json!({})), 1 + 7 * 2, "the default of the operation");
    assert_eq!(cost(query, json!({ "n": null })), 1 + 20 * 2, "null asks for the usual page");
    for odd in [json!(100_000), json!(-1), json!("x"), json!([1])] {
        assert_eq!(cost(query, json!({ "n": odd })), 1 + 200 * 2, "{odd}");
    }
}

proptest! {
    /// However deep pages nest in pages, the cost is told at once and never wraps round.
    #[test]
    fn nesting_never_overflows(depth in 1_usize..20, size in 1_u32..300) {
        let open = format!("scopes(first: {size}) {{ nodes {{ lab {{ ").repeat(depth);
        let query = format!("{{ labs {{ nodes {{ {open} id {} }} }} }}", "} } }".repeat(depth));
        let told = cost(&query, json!({}));
        prop_assert!(told >= u64::from(size.min(200)));
        if depth > 10 && size > 100 {
            prop_assert_eq!(told, u64::MAX);
        }
    }
}

both! {
    async fn pages_in_pages_in_pages_are_refused(w: World) {
        let gd = w.client("GD", "editor");
        let before = w.db.statements();
        let answer = gd.send("{ labs(first: 200) { nodes { scopes(first: 200) { nodes { equipment(first: 200) { nodes { id } } } } } } }", json!({})).await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.body["errors"][0]["extensions"]["fields"][0]["code"], "COST", "{:#}", answer.body);
        assert_eq!(w.db.statements(), before, "nothing was read");
        gd.data("{ labs(first: 200) { nodes { id code nameZh scopes(first: 20) { nodes { serial parameter method } } } } }", json!({})).await;
    }
}
