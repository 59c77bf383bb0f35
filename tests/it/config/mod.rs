//! The configuration and its commented reference.

use labpact::config::{Config, REFERENCE};

#[test]
fn the_reference_holds_every_default() {
    let read: Config = toml::from_str(REFERENCE).expect("the reference is a configuration");
    assert_eq!(read, Config::default());
}

#[test]
fn the_reference_names_every_key() {
    // Whatever is not in a comment was read above; a key that is missing there would still have its default.
    for key in [
        "listen",
        "query_page",
        "drain_seconds",
        "operation_seconds",
        "url",
        "max_connections",
        "acquire_timeout_seconds",
        "durable",
        "anonymous",
        "remembered_tokens",
        "body_bytes",
        "tokens",
        "depth",
        "fields",
        "aliases",
        "operations",
        "root_fields",
        "directives",
        "cost",
        "most",
        "operations_per_socket",
        "message_bytes",
        "init_milliseconds",
        "ping_milliseconds",
        "pong_milliseconds",
        "check_milliseconds",
        "send_milliseconds",
        "origins",
        "format",
        "filter",
        "requests",
        "ready_lag_seconds",
        "accept_traceparent",
        "sample_one_in",
    ] {
        assert!(REFERENCE.lines().any(|line| line.starts_with(&format!("{key} = "))), "{key} is not in the reference");
    }
}
