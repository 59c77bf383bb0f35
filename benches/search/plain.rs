//! The yardstick of the library: tantivy with one document per line, as one sets it up for search with facets.
//!
//! The words of a line are those of the dictionary; a name is a phrase of them, and any of its names will do. Facets are
//! the library's own aggregations.

use std::{path::Path, time::Instant};

use labpact::search::{
    find::{Understood, question::Question, subtree},
    index::Snapshot,
    text::{fold::fold, han, latin, synonym::Synonyms, tokens::segmenter},
};
use serde_json::json;
use tantivy::{
    Index, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term,
    aggregation::{AggregationCollector, agg_req::Aggregations},
    collector::{Count, TopDocs},
    directory::MmapDirectory,
    query::{AllQuery, BooleanQuery, Occur, PhraseQuery, Query, RangeQuery, TermQuery},
    schema::{FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{PreTokenizedString, Token},
};

use super::{Ground, questions::Asked};

/// A plain index of the same lines.
pub struct Plain {
    searcher: Searcher,
    fields: Fields,
    facets: Aggregations,
}

struct Fields {
    schema: Schema,
    words: Field,
    region: Field,
    agency: Field,
    field: Field,
    standard: Field,
    scheme: Field,
    longitude: Field,
    latitude: Field,
}

impl Fields {
    fn new() -> Self {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let mut schema = Schema::builder();
        Self {
            words: schema.add_text_field("words", TextOptions::default().set_indexing_options(indexing)),
            region: schema.add_u64_field("region", FAST | INDEXED),
            agency: schema.add_text_field("agency", STRING | FAST),
            field: schema.add_text_field("field", STRING | FAST),
            standard: schema.add_text_field("standard", STRING | FAST),
            scheme: schema.add_text_field("scheme", STRING | FAST),
            longitude: schema.add_f64_field("longitude", FAST),
            latitude: schema.add_f64_field("latitude", FAST),
            schema: schema.build(),
        }
    }
}

impl Plain {
    /// Opens it, or writes it from the lines of a snapshot.
    pub fn of(ground: &Ground, snapshot: &Snapshot) -> Self {
        let folder = ground.folder.join(format!("plain-{}.index", ground.lines));
        let fields = Fields::new();
        if !folder.join("whole").exists() {
            let begun = Instant::now();
            write(&folder, &fields, snapshot);
            std::fs::write(folder.join("whole"), "").expect("a file");
            println!("(plain index written in {:.0} s)", begun.elapsed().as_secs_f64());
        }
        let index = Index::open_in_dir(&folder).expect("it opens");
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().expect("a reader");
        let terms = |field: &str| json!({ "terms": { "field": field, "size": 20 } });
        let facets = ["region", "field", "standard", "agency", "scheme"].map(|field| (field.to_owned(), terms(field)));
        let facets = serde_json::Value::Object(facets.into_iter().collect());
        let facets = serde_json::from_value(facets).expect("aggregations");
        Self { searcher: tantivy::IndexReader::searcher(&reader), fields, facets }
    }

    /// How many lines it finds; the first twenty and the facets are made as well.
    pub fn answer(&self, asked: &Asked, names: &[Vec<String>]) -> usize {
        let collectors = (
            TopDocs::with_limit(20).order_by_score(),
            Count,
            AggregationCollector::from_aggs(self.facets.clone(), Default::default()),
        );
        let (_, count, _) = self.searcher.search(&*self.query(asked, names), &collectors).expect("an answer");
        count
    }

    fn query(&self, asked: &Asked, names: &[Vec<String>]) -> Box<dyn Query> {
        let mut all: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for any in names {
            let any = any.iter().filter_map(|name| self.phrase(name)).map(|query| (Occur::Should, query)).collect();
            all.push((Occur::Must, Box::new(BooleanQuery::new(any))));
        }
        let is = |field: Field, text: &str| -> Box<dyn Query> {
            Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic))
        };
        if let Some(key) = &asked.standard {
            all.push((Occur::Must, is(self.fields.standard, key)));
        }
        if let Some(code) = asked.agency {
            all.push((Occur::Must, is(self.fields.agency, code)));
        }
        if let Some((from, to)) = asked.region.and_then(subtree) {
            let term = |code: u32| Term::from_field_u64(self.fields.region, u64::from(code));
            all.push((Occur::Must, Box::new(RangeQuery::new(included(term(from)), included(term(to))))));
        }
        if let Some((longitude, latitude, km)) = asked.near {
            for (field, middle, degrees) in [
                (self.fields.longitude, longitude, km / 111.2 / latitude.to_radians().cos()),
                (self.fields.latitude, latitude, km / 111.2),
            ] {
                let term = |degrees: f64| Term::from_field_f64(field, degrees);
                let range = RangeQuery::new(included(term(middle - degrees)), included(term(middle + degrees)));
                all.push((Occur::Must, Box::new(range)));
            }
        }
        if all.is_empty() { Box::new(AllQuery) } else { Box::new(BooleanQuery::new(all)) }
    }

    fn phrase(&self, name: &str) -> Option<Box<dyn Query>> {
        let mut terms: Vec<Term> =
            tokens(name).into_iter().map(|token| Term::from_field_text(self.fields.words, &token.text)).collect();
        match terms.len() {
            0 => None,
            1 => Some(Box::new(TermQuery::new(terms.remove(0), IndexRecordOption::WithFreqs))),
            _ => Some(Box::new(PhraseQuery::new(terms))),
        }
    }
}

fn included(term: Term) -> std::ops::Bound<Term> {
    std::ops::Bound::Included(term)
}

/// The names that each word of a question may have, as our own engine understands it.
pub fn names(snapshot: &std::sync::Arc<Snapshot>, synonyms: &Synonyms, asked: &Asked) -> Vec<Vec<String>> {
    let text = asked.names.join(" ");
    let question = Question { text: (!text.is_empty()).then_some(text), ..asked.question() };
    let understood = Understood::read(std::sync::Arc::clone(snapshot), synonyms, question).expect("it is read");
    let of =
        |word: &labpact::search::find::Word| [word.text.clone()].into_iter().chain(word.synonyms.clone()).collect();
    understood.words().map(of).collect()
}

fn write(folder: &Path, fields: &Fields, snapshot: &Snapshot) {
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).expect("a folder");
    let directory = MmapDirectory::open(folder).expect("a folder");
    let index = Index::create(directory, fields.schema.clone(), Default::default()).expect("an index");
    let mut writer: IndexWriter = index.writer_with_num_threads(2, 512 << 20).expect("a writer");
    let register = &snapshot.register;
    for segment in &snapshot.segments {
        for line in 0..segment.len() {
            let competence = register.competences.get(segment.competence(line)).copied().unwrap_or_default();
            let Some(holder) = register.holders.get(segment.holders()[line as usize]) else { continue };
            let Some(lab) = register.labs.get(holder.lab) else { continue };
            let mut document = TantivyDocument::new();
            let texts = [competence.parameter, competence.object, competence.method, competence.field];
            let text = texts.map(|value| register.folded(value)).join(" ; ");
            document.add_pre_tokenized_text(fields.words, PreTokenizedString { tokens: tokens(&text), text });
            document.add_u64(fields.region, u64::from(lab.region));
            document.add_text(fields.agency, register.text(holder.agency));
            document.add_text(fields.field, register.text(competence.field));
            if let Some(key) = competence.standard {
                document.add_text(fields.standard, register.text(key));
            }
            let revisions = register.certificates.get(holder.certificate).map(|one| one.revisions.as_slice());
            if let Some(last) = revisions.and_then(<[_]>::last) {
                document.add_text(fields.scheme, format!("{:?}", last.scheme));
            }
            if let Some((longitude, latitude)) = lab.point {
                document.add_f64(fields.longitude, longitude);
                document.add_f64(fields.latitude, latitude);
            }
            writer.add_document(document).expect("it is written");
        }
    }
    writer.commit().expect("it is committed");
    writer.wait_merging_threads().expect("it is merged");
}

/// Words of the dictionary, and stems of the others.
fn tokens(text: &str) -> Vec<Token> {
    let folded = fold(text).text;
    let mut words: Vec<(usize, String)> =
        segmenter().words(&folded).into_iter().map(|span| (span.start, folded[span].to_owned())).collect();
    let stems = latin::words(&folded).into_iter().filter(|word| !word.part);
    words.extend(stems.map(|word| (word.span.start, latin::stem(&folded[word.span]).into_owned())));
    words.retain(|(_, word)| word.chars().any(|c| han::is_han(c) || c.is_alphanumeric()));
    words.sort();
    let token = |(position, (offset, text)): (usize, (usize, String))| Token {
        offset_from: offset,
        offset_to: offset + text.len(),
        position,
        text,
        position_length: 1,
    };
    words.into_iter().enumerate().map(token).collect()
}
