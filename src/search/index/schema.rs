//! The two indexes: the lines, which are nothing but numbers, and the register, which says what the numbers mean and is
//! searched as text.

use tantivy::{
    IndexSettings,
    index::{IndexSortByField, Order},
    schema::{FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions},
};

/// Counts the shapes of the index: one of another shape is built anew.
pub const SHAPE: u32 = 1;

/// The fields of a line.
#[derive(Clone, Debug)]
pub struct LineFields {
    /// The schema.
    pub schema: Schema,
    /// The id of the line, by which its revisions are found and taken out.
    pub line: Field,
    /// What is tested and how; the lines of a segment are sorted by it.
    pub competence: Field,
    /// Who holds the line.
    pub holder: Field,
    /// The site.
    pub lab: Field,
    /// When it is in force.
    pub span: Field,
    /// The first half of the id.
    pub high: Field,
    /// The second half of the id.
    pub low: Field,
    /// Links to equipment.
    pub equipment: Field,
    /// Links to signatories.
    pub signatory: Field,
}

impl LineFields {
    /// The fields.
    pub fn new() -> Self {
        let mut schema = Schema::builder();
        Self {
            line: schema.add_bytes_field("line", INDEXED),
            competence: schema.add_u64_field("competence", FAST | INDEXED),
            holder: schema.add_u64_field("holder", FAST),
            lab: schema.add_u64_field("lab", INDEXED),
            span: schema.add_u64_field("span", FAST),
            high: schema.add_u64_field("high", FAST),
            low: schema.add_u64_field("low", FAST),
            equipment: schema.add_u64_field("equipment", FAST),
            signatory: schema.add_u64_field("signatory", FAST),
            schema: schema.build(),
        }
    }

    /// Lines of one competence stand together, so that what a question asks for is read in runs.
    pub fn settings() -> IndexSettings {
        IndexSettings {
            sort_by_field: Some(IndexSortByField { field: "competence".to_owned(), order: Order::Asc }),
            docstore_compress_dedicated_thread: false,
            ..IndexSettings::default()
        }
    }
}

/// The fields of an entry of the register.
#[derive(Clone, Debug)]
pub struct EntryFields {
    /// The schema.
    pub schema: Schema,
    /// Shelf and number, by which an entry is replaced.
    pub key: Field,
    /// The number of a text.
    pub number: Field,
    /// What a text is found by.
    pub tokens: Field,
    /// The entry itself.
    pub entry: Field,
}

impl EntryFields {
    /// The fields.
    pub fn new() -> Self {
        let mut schema = Schema::builder();
        let tokens = TextOptions::default().set_indexing_options(
            TextFieldIndexing::default().set_index_option(IndexRecordOption::Basic).set_fieldnorms(false),
        );
        Self {
            key: schema.add_bytes_field("key", INDEXED),
            number: schema.add_u64_field("number", FAST),
            tokens: schema.add_text_field("tokens", tokens),
            entry: schema.add_bytes_field("entry", STORED),
            schema: schema.build(),
        }
    }
}
