//! Section `[search]`.

use std::path::PathBuf;

use serde::Deserialize;

use crate::{
    platform::{
        db::{DatabaseConfig, file_of},
        fault::{Fault, Outcome, Problem},
    },
    search::{index::Place, text::synonym::Synonyms},
};

/// The folder that stands for keeping the index in memory.
const IN_MEMORY: &str = ":memory:";

/// Where and how the search index is kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SearchConfig {
    /// The folder of the index, of this node alone; `:memory:` keeps it in memory. Where not given, it stands beside an
    /// SQLite database, or is `labpact-search` in the working folder.
    pub folder: Option<PathBuf>,
    /// Threads that write the index while it is built.
    pub writer_threads: usize,
    /// How often the feed is read for what other nodes have appended, in milliseconds.
    pub poll_milliseconds: u64,
    /// Tables of synonyms besides those that come with the program.
    pub synonyms: Vec<PathBuf>,
}

impl Default for SearchConfig {
    fn default() -> Self {
        Self { folder: None, writer_threads: 2, poll_milliseconds: 500, synonyms: Vec::new() }
    }
}

impl SearchConfig {
    /// Where the index of an instance on this database is kept.
    pub fn place(&self, database: &DatabaseConfig) -> Place {
        match &self.folder {
            Some(folder) if folder.as_os_str() == IN_MEMORY => Place::Memory,
            Some(folder) => Place::Folder(folder.clone()),
            None => match file_of(&database.url) {
                Some(file) => Place::Folder(file.with_extension("search")),
                None => Place::Folder(PathBuf::from("labpact-search")),
            },
        }
    }

    /// The synonyms: those that come with the program, and the operator's own.
    ///
    /// # Errors
    /// `INVALID` with every row of a table that cannot be read.
    pub fn synonyms(&self) -> Outcome<Synonyms> {
        let mut tables = Vec::new();
        for path in &self.synonyms {
            let text = std::fs::read_to_string(path).map_err(|cause| {
                Fault::invalid(
                    "search.synonyms",
                    "SYNONYMS_FILE",
                    format!("{} cannot be read: {cause}.", path.display()),
                )
            })?;
            tables.push((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), text));
        }
        let tables: Vec<(&str, &str)> = tables.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        Synonyms::read(&tables).map_err(|problems| {
            let told = problems.iter().map(|one| Problem::new("search.synonyms", "SYNONYMS", one.to_string()));
            Fault::Invalid(told.collect())
        })
    }
}
