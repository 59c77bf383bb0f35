//! The configuration and its commented reference.

use labpact::{
    attachment::{
        address::keys::{KeySource, Secret},
        object::Place,
    },
    config::{AttachmentConfig, Config, REFERENCE},
    platform::fault::Fault,
};

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
        "file_bytes",
        "unbound_hours",
        "base_url",
        "secrets",
    ] {
        assert!(REFERENCE.lines().any(|line| line.starts_with(&format!("{key} = "))), "{key} is not in the reference");
    }
}

#[test]
fn files_stand_beside_the_database_and_nodes_that_share_a_bucket_share_keys() {
    let settings = |change: &dyn Fn(&mut Config)| {
        let mut config = Config::default();
        change(&mut config);
        config.attachments.settings(&config.database, &config.identity)
    };
    let usual = settings(&|_| {}).expect("read");
    assert_eq!(usual.place, Place::Folder("var/labpact.files".into()));
    assert_eq!(usual.keys, KeySource::Folder("var/labpact.files/keys".into()));
    let shared = settings(&|config| config.database.url = "postgres://localhost/labpact".to_owned()).expect("read");
    assert_eq!(shared.place, Place::Folder("labpact-files".into()));
    let wrong = settings(&|config| {
        config.attachments = AttachmentConfig {
            store: Some("s3://pact".to_owned()),
            file_bytes: 0,
            upload_seconds: 0,
            download_most_seconds: 86_401,
            unbound_hours: 0,
            base_url: "labpact.example.gov.cn".to_owned(),
            ..AttachmentConfig::default()
        };
    });
    let Err(Fault::Invalid(problems)) = wrong else { panic!("not refused: {wrong:?}") };
    let mut paths: Vec<_> = problems.iter().map(|problem| problem.path.trim_start_matches("attachments.")).collect();
    paths.sort_unstable();
    assert_eq!(
        paths,
        ["base_url", "download_most_seconds", "file_bytes", "secrets", "unbound_hours", "upload_seconds"]
    );
    let given = settings(&|config| {
        config.attachments.store = Some("s3://pact".to_owned());
        config.attachments.secrets = vec![Secret("A".repeat(43) + "=")];
    });
    assert!(matches!(given.expect("read").keys, KeySource::Given(secrets) if secrets.len() == 1));
}
