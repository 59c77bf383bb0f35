//! `labpact reindex`.

use super::{Backend, configured, refusal, run, show, told};

#[test]
fn the_index_is_built_where_the_configuration_says() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for backend in [Backend::Sqlite, Backend::Postgres] {
        runtime.block_on(async {
            let folder = tempfile::tempdir().expect("a folder");
            let section = format!("[search]\nfolder = \"{}\"\n", show(folder.path()));
            let Some((base, file)) = configured(backend, &section).await else { return };
            let config = ["--config", show(&file)];
            let early = run(&[&["reindex"][..], &config].concat());
            if !early.status.success() {
                assert!(refusal(&early).contains("labpact migrate up"));
            }
            told(&[&["migrate", "up"][..], &config].concat());
            let out = told(&[&["reindex"][..], &config].concat());
            assert_eq!(out.trim(), "0 revisions of scope lines are in the index.");
            let builds: Vec<_> = std::fs::read_dir(folder.path()).expect("read").flatten().collect();
            assert!(matches!(&builds[..], [one] if one.path().join("lines").join("meta.json").exists()), "{builds:?}");
            base.remove().await;
        });
    }
}
