//! Names of one thing: the shipped tables, and those that an operator adds.
//!
//! A table is CSV with the header `zh,en,cas,also`: the Chinese name, the English name or nothing, the CAS number or nothing,
//! further names with semicolons between. Only names of the same thing belong together, and in one subject a name
//! belongs to one thing only.

use std::{collections::HashMap, fmt, ops::Range, sync::LazyLock};

use super::{
    concept::{Concept, Lang, Name, Subject, is_cas},
    han::is_han,
    lexicon::Lexicon,
    table::Table,
};

/// The shipped tables: by name, and their text.
const SHIPPED: &[(&str, &str)] = &[
    ("parameters.csv", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/synonyms/parameters.csv"))),
    ("objects.csv", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/synonyms/objects.csv"))),
    ("instruments.csv", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/synonyms/instruments.csv"))),
];

/// The shipped table of what is part of what.
const SHIPPED_WIDER: (&str, &str) =
    ("wider.csv", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/synonyms/wider.csv")));

const HEADER: [&str; 4] = ["zh", "en", "cas", "also"];
const WIDER_HEADER: [&str; 2] = ["zh", "wider"];
/// Longer names than this, in bytes once folded, are mistakes of a table.
const LONGEST_NAME: usize = 300;

/// What is wrong with a row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The table, as it was named.
    pub file: String,
    /// The line, from one.
    pub line: u64,
    /// What is wrong, for a person.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// Concepts and their names.
#[derive(Clone, Debug, Default)]
pub struct Synonyms {
    concepts: Vec<Concept>,
    table: Table,
    lexicon: Lexicon,
    /// For each concept those that it is a part or a kind of.
    wider: HashMap<u32, Vec<u32>>,
    /// The same, the other way round.
    narrower: HashMap<u32, Vec<u32>>,
}

impl Synonyms {
    /// The shipped tables, read once.
    pub fn shipped() -> &'static Self {
        static TABLES: LazyLock<Synonyms> = LazyLock::new(|| {
            let tables = [SHIPPED, &[SHIPPED_WIDER]].concat();
            Synonyms::default().with(&tables).expect("the shipped tables are part of the program and tested")
        });
        &TABLES
    }

    /// The shipped tables and further ones, each with its name and its text. A name such as `parameters.csv` says what a
    /// table is about ([`Subject::of`]). A row whose `zh` is known adds its names to what is known by it; any other is a
    /// new concept.
    ///
    /// # Errors
    /// Every row that cannot be read, that names no thing, whose CAS number fails its check, or that claims a name of
    /// another thing of the subject.
    pub fn read(tables: &[(&str, &str)]) -> Result<Self, Vec<Problem>> {
        Self::shipped().clone().with(tables)
    }

    /// The concepts of a folded name: one of each subject at most.
    pub fn concepts<'a>(&'a self, folded: &str) -> impl Iterator<Item = &'a Concept> + use<'a> {
        self.table.get(folded).iter().filter_map(|&at| self.concepts.get(at as usize))
    }

    /// The concepts of a folded Latin name in any form of its words: `nitrites`, `compressive strengths`.
    pub fn concepts_by_stems<'a>(&'a self, folded: &str) -> impl Iterator<Item = &'a Concept> + use<'a> {
        self.lexicon.by_stems(folded).iter().filter_map(|&at| self.concepts.get(at as usize))
    }

    /// The concepts that have a Chinese name which is typed like this, in full or by its first letters; `typed` as
    /// [`pinyin::typed`](super::pinyin::typed) gives it.
    pub fn concepts_by_pinyin<'a>(&'a self, typed: &str) -> impl Iterator<Item = &'a Concept> + use<'a> {
        self.lexicon.by_pinyin(typed).iter().filter_map(|&at| self.concepts.get(at as usize))
    }

    /// The concepts whose English name has every word of a folded text in it: `hardness` of all kinds.
    pub fn concepts_with_words<'a>(&'a self, folded: &str) -> impl Iterator<Item = &'a Concept> + use<'a> {
        self.lexicon.with_words(folded).into_iter().filter_map(|at| self.concepts.get(at as usize))
    }

    /// What the concepts of a folded name are a part or a kind of: whoever is accredited for that covers them.
    pub fn wider<'a>(&'a self, folded: &str) -> impl Iterator<Item = &'a Concept> + use<'a> {
        self.related(&self.wider, folded)
    }

    /// What is a part or a kind of the concepts of a folded name.
    pub fn narrower<'a>(&'a self, folded: &str) -> impl Iterator<Item = &'a Concept> + use<'a> {
        self.related(&self.narrower, folded)
    }

    fn related<'a>(
        &'a self,
        relation: &'a HashMap<u32, Vec<u32>>,
        folded: &str,
    ) -> impl Iterator<Item = &'a Concept> + use<'a> {
        let mut found: Vec<u32> = Vec::new();
        for concept in self.table.get(folded).iter().chain(self.lexicon.by_stems(folded)) {
            found.extend(relation.get(concept).into_iter().flatten());
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().filter_map(|at| self.concepts.get(at as usize))
    }

    /// Whether a folded Latin word is in any name, in any form.
    pub fn knows_word(&self, word: &str) -> bool {
        self.lexicon.knows(word)
    }

    /// The words of Latin letters that are in names, to which mistyped ones can be put right.
    pub fn latin_words(&self) -> impl Iterator<Item = &str> {
        self.lexicon.words()
    }

    /// The full pinyin of Chinese names.
    pub fn pinyin(&self) -> impl Iterator<Item = &str> {
        self.lexicon.pinyin()
    }

    /// The longest name that begins at a byte of a folded text, with its concept; for text written without blanks. Latin
    /// names only from border to border of a word. Where the name is of several subjects, a parameter goes before an
    /// object before an instrument; [`Self::concepts`] of the range has them all.
    ///
    /// A name of one character (铅, 金) is found within any longer word: whether it stands alone there, a segmenter knows.
    pub fn longest(&self, folded: &str, at: usize) -> Option<(Range<usize>, &Concept)> {
        let (range, found) = self.table.longest(folded, at)?;
        let concept =
            found.iter().filter_map(|&at| self.concepts.get(at as usize)).min_by_key(|concept| concept.subject)?;
        Some((range, concept))
    }

    /// The names within a folded text from its beginning on, the longest first at each place, without overlap.
    ///
    /// `words` are the Chinese words of the text, by [`Segmenter::words`]: a Chinese name of one or two characters counts only
    /// from border to border of them, so that 金 is not found in 金属 where the segmenter knows that word.
    ///
    /// [`Segmenter::words`]: super::segment::Segmenter::words
    pub fn occurrences(&self, folded: &str, words: &[Range<usize>]) -> Vec<(Range<usize>, &Concept)> {
        let starts = |at: usize| words.binary_search_by_key(&at, |word| word.start).is_ok();
        let ends = |at: usize| words.binary_search_by_key(&at, |word| word.end).is_ok();
        let mut found = Vec::new();
        let mut free = 0;
        for (at, _) in folded.char_indices() {
            if at < free {
                continue;
            }
            let Some((range, concept)) = self.longest(folded, at) else { continue };
            let name = &folded[range.clone()];
            let short = name.chars().all(is_han) && name.chars().count() < 3;
            if !short || (starts(range.start) && ends(range.end)) {
                free = range.end;
                found.push((range, concept));
            }
        }
        found
    }

    /// All concepts.
    pub fn all(&self) -> &[Concept] {
        &self.concepts
    }

    /// The folded names of all concepts: the field's words for a segmenter.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.concepts.iter().flat_map(|concept| concept.names.iter().map(|name| name.folded.as_str()))
    }

    fn with(mut self, tables: &[(&str, &str)]) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        for &(file, text) in tables {
            if file.rsplit(['/', '\\']).next().is_some_and(|name| name.starts_with("wider")) {
                self.widen(file, text, &mut problems);
                continue;
            }
            let mut rows = HashMap::new();
            for (line, row) in read_rows(text) {
                let added = row.and_then(|row| match rows.insert(row.names[0].folded.clone(), line) {
                    Some(before) => Err(format!("`{}` is given in line {before} already", row.names[0].text)),
                    None => self.add(row.names, Subject::of(file)),
                });
                if let Err(message) = added {
                    problems.push(Problem { file: file.to_owned(), line, message });
                }
            }
        }
        if problems.is_empty() { Ok(self) } else { Err(problems) }
    }

    /// Adds a table of what is part of what, by any names of both.
    fn widen(&mut self, file: &str, text: &str, problems: &mut Vec<Problem>) {
        let known = |name: &str| -> Result<u32, String> {
            let found = Name::read(name).and_then(|name| self.table.get(&name.folded).first().copied());
            found.ok_or_else(|| format!("`{name}` is no name of the other tables"))
        };
        let mut pairs = Vec::new();
        for (line, row) in read_records(text, &WIDER_HEADER) {
            let read = row.and_then(|row| {
                let narrow = known(row.get(0).unwrap_or(""))?;
                let wider = row.get(1).unwrap_or("").split([';', '；']).map(&known).collect::<Result<Vec<_>, _>>()?;
                pairs.push((narrow, wider));
                Ok(())
            });
            if let Err(message) = read {
                problems.push(Problem { file: file.to_owned(), line, message });
            }
        }
        for (narrow, wider) in pairs {
            for wide in &wider {
                self.narrower.entry(*wide).or_default().push(narrow);
            }
            self.wider.entry(narrow).or_default().extend(wider);
        }
    }

    /// Adds names to the concept that the first of them knows, or as a new one.
    fn add(&mut self, names: Vec<Name>, subject: Subject) -> Result<(), String> {
        let known = names.first().and_then(|zh| self.owner(zh, subject));
        let subject = known.and_then(|at| self.concepts.get(at)).map_or(subject, |concept| concept.subject);
        for name in &names {
            if let Some(other) = self.owner(name, subject).filter(|owner| Some(*owner) != known) {
                let other = self.concepts.get(other).map_or("", |concept| concept.names[0].text.as_str());
                return Err(format!("`{}` is a name of `{other}` already", name.text));
            }
        }
        let at = known.unwrap_or(self.concepts.len());
        if known.is_none() {
            self.concepts.push(Concept { subject, names: Vec::new() });
        }
        let id = u32::try_from(at).map_err(|_| "too many concepts".to_owned())?;
        let concept = &mut self.concepts[at];
        for name in names {
            if concept.names.iter().all(|known| known.folded != name.folded) {
                self.table.add(&name.folded, id);
                self.lexicon.add(&name.folded, id);
                if name.lang == Lang::En && concept.name(Lang::En).is_none() {
                    self.lexicon.add_words(&name.folded, id);
                }
                concept.names.push(name);
            }
        }
        Ok(())
    }

    /// The concept of a subject that has a name; for a table without subject any.
    fn owner(&self, name: &Name, subject: Subject) -> Option<usize> {
        let fits =
            |at: &usize| subject == Subject::Other || self.concepts.get(*at).is_some_and(|c| c.subject == subject);
        self.table.get(&name.folded).iter().map(|&at| at as usize).find(fits)
    }
}

/// The names of a row, the Chinese one first.
struct Row {
    names: Vec<Name>,
}

/// The rows of a table with their lines, or what is wrong with them.
fn read_rows(text: &str) -> Vec<(u64, Result<Row, String>)> {
    let records = read_records(text, &HEADER).into_iter();
    records.map(|(line, record)| (line, record.and_then(|record| read_row(&record)))).collect()
}

/// The records of a table under a heading.
fn read_records(text: &str, heading: &[&str]) -> Vec<(u64, Result<csv::StringRecord, String>)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut records = reader.records();
    match records.next() {
        Some(Ok(header)) if header.iter().eq(heading.iter().copied()) => {}
        _ => return vec![(1, Err(format!("the header must be {}", heading.join(","))))],
    }
    let line = |position: Option<&csv::Position>| position.map_or(0, csv::Position::line);
    records
        .map(|record| match record {
            Ok(record) => (line(record.position()), Ok(record)),
            Err(error) => (line(error.position()), Err(format!("cannot be read: {error}"))),
        })
        .collect()
}

fn read_row(record: &csv::StringRecord) -> Result<Row, String> {
    let cell = |at: usize| record.get(at).unwrap_or("");
    let zh = Name::read(cell(0)).ok_or("zh is empty")?.known(Lang::Zh);
    let mut names = vec![zh];
    names.extend(Name::read(cell(1)).map(|name| name.known(Lang::En)));
    if let Some(cas) = Name::read(cell(2)) {
        if !is_cas(&cas.folded) {
            return Err(format!("`{}` is no CAS number", cas.text));
        }
        names.push(cas.known(Lang::Cas));
    }
    names.extend(cell(3).split([';', '；']).filter_map(Name::read));
    match names.iter().find(|name| name.folded.len() > LONGEST_NAME) {
        Some(long) => Err(format!("a name of {} bytes is too long", long.folded.len())),
        None => Ok(Row { names }),
    }
}
