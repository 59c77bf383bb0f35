//! What a process that died has left in the folder: contents under way, named `…#1`, which no listing shows.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};

use crate::platform::fault::{Fault, Outcome};

/// Takes away those of before a moment; says how many.
pub(super) async fn clear(root: PathBuf, before: DateTime<Utc>) -> Outcome<u64> {
    let work = tokio::task::spawn_blocking(move || walk(&root, before)).await.map_err(Fault::internal)?;
    work.map_err(|cause| Fault::Unavailable(format!("The folder of files cannot be looked through: {cause}.")))
}

fn walk(root: &Path, before: DateTime<Utc>) -> io::Result<u64> {
    let mut cleared = 0;
    for shard in entries(root)? {
        for path in entries(&shard)?.into_iter().filter(|path| is_draft(path)) {
            match fs::metadata(&path).and_then(|found| found.modified()) {
                Ok(at) if DateTime::<Utc>::from(at) < before => {}
                _ => continue,
            }
            cleared += u64::from(gone(fs::remove_file(&path))?);
        }
    }
    Ok(cleared)
}

fn is_draft(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.rsplit_once('#'));
    name.is_some_and(|(_, count)| !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What is in a folder; nothing in one that is none, or is not there yet.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(found) => found.map(|entry| entry.map(|entry| entry.path())).collect(),
        Err(cause) if matches!(cause.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Vec::new()),
        Err(cause) => Err(cause),
    }
}

/// Whether this was the one to take it away: another node may have been faster.
fn gone(removed: io::Result<()>) -> io::Result<bool> {
    match removed {
        Ok(()) => Ok(true),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(cause) => Err(cause),
    }
}
