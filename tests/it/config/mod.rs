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
        "remind_workdays",
        "overdue_minutes",
        "keep_days",
        "trust_days",
        "host",
        "tls",
        "username",
        "from",
        "link",
        "per_hour",
        "timeout_seconds",
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

#[test]
fn mail_that_cannot_be_sent_is_refused_at_the_start() {
    let codes = |change: &dyn Fn(&mut Config)| -> Vec<&'static str> {
        let mut config = Config::default();
        (config.mail.host, config.mail.from) = ("mail.example.gov.cn".to_owned(), "labpact@example.gov.cn".to_owned());
        change(&mut config);
        match config.message.settings(&config.mail).and_then(labpact::message::Messages::new) {
            Ok(_) => Vec::new(),
            Err(Fault::Invalid(problems)) => problems.iter().map(|problem| problem.code).collect(),
            Err(other) => panic!("{other}"),
        }
    };
    assert!(codes(&|_| {}).is_empty());
    assert!(codes(&|config| config.mail = labpact::config::MailConfig::default()).is_empty());
    let wrong = codes(&|config| {
        (config.mail.from, config.mail.base_url, config.mail.link) =
            (String::new(), "desk".to_owned(), "https://x".to_owned());
        config.mail.per_hour = 0;
    });
    assert_eq!(wrong, ["MAIL_FROM", "MAIL_URL", "MAIL_LINK", "MAIL_LIMITS"]);
    assert_eq!(codes(&|config| config.mail.from = "nobody".to_owned()), ["MAIL_SETTING"]);
    let open = codes(&|config| {
        (config.mail.username, config.mail.tls) = ("x".to_owned(), labpact::message::settings::MailTls::None);
    });
    assert_eq!(open, ["MAIL_TLS"]);
    // A password that others may read is none.
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("password");
    std::fs::write(&path, "secret\n").expect("written");
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).expect("opened");
    let login = |config: &mut Config| {
        (config.mail.username, config.mail.password_file) = ("x".to_owned(), Some(path.clone()));
    };
    assert_eq!(codes(&login), ["KEY_FILE_OPEN"]);
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("closed");
    assert!(codes(&login).is_empty());
    let mut config = Config::default();
    (config.mail.host, config.mail.from) = ("mail.example.gov.cn".to_owned(), "a@b.cn".to_owned());
    login(&mut config);
    let settings = config.message.settings(&config.mail).expect("read").mail.expect("mail");
    assert_eq!(settings.credentials, Some(("x".to_owned(), "secret".to_owned())));
    assert!(!format!("{settings:?} {:?}", config.mail).contains("secret"));
}
