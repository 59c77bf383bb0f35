//! The walk through a document before it is parsed.

use labpact::graphql::text::{Extent, extent};
use proptest::prelude::*;

#[test]
fn tokens_and_brackets_are_counted() {
    for (text, tokens, nesting) in [
        ("", 0, 0),
        (" ,, # only a remark {{{ \n", 0, 0),
        ("{ version }", 3, 1),
        ("{ labs(first: 5) { nodes { id } } }", 14, 3),
        ("query($a: [[Int!]!]) { a(x: {y: [1, 2]}) }", 28, 4),
        (r#"{ a(x: "{{{ \" [[[ ") }"#, 8, 2),
        ("{ a(x: \"\"\"{{{ \\\"\"\" \" [[[\"\"\") }", 8, 2),
        ("{ a(x: \"open {{{", 6, 2),
        ("}}}}{", 5, 1),
        ("{ 名(x: -1.5e+3) }", 8, 2),
    ] {
        assert_eq!(extent(text), Extent { tokens, nesting }, "{text}");
    }
}

proptest! {
    /// Any text is walked through to its end.
    #[test]
    fn any_text_has_an_end(text in "\\PC*") {
        let found = extent(&text);
        prop_assert!(found.nesting <= found.tokens && found.tokens <= text.len() as u64);
    }
}
