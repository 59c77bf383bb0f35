//! Files with secrets: for the owner's eyes only, and written whole or not at all.
//!
//! Every refusal is `INVALID` at the configuration's key that names the folder, and says what to run.

use std::{
    fs,
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use super::fault::{Fault, Outcome};

/// No such file is as large as this, in bytes.
const MOST: u64 = 16 * 1024;

/// A folder of secrets, and the key of the configuration that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretFolder {
    path: PathBuf,
    setting: &'static str,
}

impl SecretFolder {
    /// The folder that `setting` names.
    pub fn new(path: impl Into<PathBuf>, setting: &'static str) -> Self {
        Self { path: path.into(), setting }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes it where it is missing, and refuses one that others may write.
    ///
    /// # Errors
    /// `KEY_FILE_OPEN`, `KEY_FILE_UNREADABLE`.
    pub fn create(&self) -> Outcome<()> {
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.path);
        made.map_err(|fault| self.broken(&self.path, &fault))?;
        self.refuse_loose(&self.path, 0o022, "700")
    }

    /// Writes a new file beside a draft of it, whole or not at all.
    ///
    /// # Errors
    /// `KEY_FILE_UNREADABLE`.
    pub fn write(&self, stem: &str, ending: &str, text: &str) -> Outcome<PathBuf> {
        let (file, draft) = (self.path.join(format!("{stem}.{ending}")), self.path.join(format!("{stem}.new")));
        write_private(&draft, text)
            .and_then(|()| fs::rename(&draft, &file))
            .and_then(|()| fs::File::open(&self.path)?.sync_all())
            .map_err(|fault| self.broken(&file, &fault))?;
        Ok(file)
    }

    /// Every file that `wanted` asks for, with its text.
    ///
    /// # Errors
    /// `KEY_FILE_OPEN` where others may write the folder or read the file; `KEY_FILE_UNREADABLE`.
    pub fn read_all(&self, wanted: impl Fn(&Path) -> bool) -> Outcome<Vec<(PathBuf, String)>> {
        self.refuse_loose(&self.path, 0o022, "700")?;
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(|fault| self.broken(&self.path, &fault))? {
            let path = entry.map_err(|fault| self.broken(&self.path, &fault))?.path();
            if wanted(&path) {
                let text = self.read(&path)?;
                found.push((path, text));
            }
        }
        Ok(found)
    }

    fn read(&self, path: &Path) -> Outcome<String> {
        self.refuse_loose(path, 0o077, "600")?;
        let mut text = String::new();
        fs::File::open(path)
            .and_then(|file| file.take(MOST).read_to_string(&mut text))
            .map_err(|fault| self.broken(path, &fault))?;
        Ok(text)
    }

    /// A file that is not what it should be; `what` says what that is.
    pub fn unusable(&self, path: &Path, what: &str) -> Fault {
        let message = format!("{} is no {what}; restore it, or move it away.", path.display());
        Fault::invalid(self.setting, "KEY_FILE_UNUSABLE", message)
    }

    /// Refuses a path on which others have any of the rights in `mask`.
    fn refuse_loose(&self, path: &Path, mask: u32, wanted: &str) -> Outcome<()> {
        let mode = fs::metadata(path).map_err(|fault| self.broken(path, &fault))?.permissions().mode();
        if mode & mask == 0 {
            return Ok(());
        }
        Err(Fault::invalid(
            self.setting,
            "KEY_FILE_OPEN",
            format!(
                "{0} is open to others (mode {1:03o}); run: chmod {wanted} '{0}', and rotate the key if somebody may have read it.",
                path.display(),
                mode & 0o777
            ),
        ))
    }

    fn broken(&self, path: &Path, fault: &io::Error) -> Fault {
        Fault::invalid(self.setting, "KEY_FILE_UNREADABLE", format!("{}: {fault}.", path.display()))
    }
}

/// The text of one file with a secret, which its owner alone may read.
///
/// # Errors
/// `KEY_FILE_OPEN` where others may read it; `KEY_FILE_UNREADABLE`.
pub fn read(path: &Path, setting: &'static str) -> Outcome<String> {
    SecretFolder::new(path, setting).read(path)
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
