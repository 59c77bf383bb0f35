//! The folder of the index: one folder within it for each build, so that the one before serves until the next is whole.

use std::path::{Path, PathBuf};

use crate::{
    platform::fault::{Fault, Outcome},
    search::index::Index,
};

const PREFIX: &str = "build-";

/// The newest build that can be opened.
pub(super) fn last(folder: &Path) -> Option<Index> {
    let mut builds = builds(folder);
    builds.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    builds.into_iter().find_map(|(_, path)| Index::open(&path).ok())
}

/// The folder of the next build.
///
/// # Errors
/// `INTERNAL` where it cannot be made.
pub(super) fn next(folder: &Path) -> Outcome<PathBuf> {
    let number = builds(folder).into_iter().map(|(number, _)| number).max().unwrap_or(0) + 1;
    let path = folder.join(format!("{PREFIX}{number}"));
    std::fs::create_dir_all(&path).map_err(Fault::internal)?;
    Ok(path)
}

/// Removes every build but this. What cannot be removed is left for the next time.
pub(super) fn remove_others(kept: &Path) {
    let Some(folder) = kept.parent() else { return };
    for (_, path) in builds(folder) {
        if path != kept
            && let Err(cause) = std::fs::remove_dir_all(&path)
        {
            tracing::warn!(error = %cause, folder = %path.display(), "an old build of the index could not be removed");
        }
    }
}

fn builds(folder: &Path) -> Vec<(u64, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let number = |path: &Path| path.file_name()?.to_str()?.strip_prefix(PREFIX)?.parse().ok();
    entries.flatten().filter_map(|entry| Some((number(&entry.path())?, entry.path()))).collect()
}
