//! Import and export over the register.

mod files;
mod guide;
mod import;
mod round_trip;

use std::path::PathBuf;

use labpact::{
    exchange::{
        format::{Kind, Mapping, Report},
        service::{AnnexOrder, ExportOrder, ImportOrder, Target, export, import},
    },
    platform::{
        access::{Actor, Caller},
        command::Command,
        db::Db,
        fault::Outcome,
    },
};
use tempfile::TempDir;

/// The system acting for an agency, or for the whole.
pub(crate) fn system(agency: Option<&str>) -> Caller {
    Caller::new(Actor::system(agency.map(Into::into), "test"), "request-1")
}

/// A file with this text in a folder of its own.
pub(crate) fn file(name: &str, text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, text).expect("written");
    (folder, path)
}

/// An order for one file.
pub(crate) fn order(kind: Kind, path: PathBuf) -> ImportOrder {
    ImportOrder {
        kind,
        files: vec![path],
        mapping: Mapping::default(),
        agency: None,
        all_or_nothing: false,
        annex: AnnexOrder::default(),
    }
}

/// Imports a text as the system of Guangdong.
pub(crate) async fn bring(db: &Db, kind: Kind, text: &str) -> Outcome<Report> {
    let (_folder, path) = file(&format!("{}.csv", kind.word()), text);
    let caller = system(Some("GD"));
    import(&Command::new(db, &caller), &order(kind, path), &()).await
}

/// Exports a kind of Guangdong as text.
pub(crate) async fn take(db: &Db, kind: Kind) -> String {
    let mut bytes = Vec::new();
    let order = ExportOrder { kind, agency: Some("GD".into()), on: None };
    export(db, &system(None), &order, (Target::Csv, &mut bytes)).await.expect("exported");
    String::from_utf8(bytes).expect("UTF-8")
}
