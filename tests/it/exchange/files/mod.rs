//! Files in and out: what is read from good, odd and hostile ones.

mod annex;
mod csv;
mod hostile;
mod kinds;
mod mapping;
mod report;
mod xlsx;

use std::path::{Path, PathBuf};

use labpact::{
    exchange::{
        format::{Entry, Mapping, Record, Records, Refusal, Row},
        sheet::{Note, Options, RawRow, Table},
    },
    platform::fault::{Fault, Outcome},
};
use tempfile::TempDir;

/// A file that is gone after the test.
struct Sample {
    _folder: TempDir,
    path: PathBuf,
}

fn sample(name: &str, bytes: impl AsRef<[u8]>) -> Sample {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("a file");
    Sample { _folder: folder, path }
}

/// What a file came to as records.
struct Got<T> {
    rows: Vec<Row<T>>,
    refused: Vec<Refusal>,
    notes: Vec<Note>,
}

fn records<T: Record>(path: &Path, mapping: Mapping) -> Outcome<Got<T>> {
    let mut records = Records::<T>::open(path, mapping)?;
    let mut got = Got { rows: Vec::new(), refused: Vec::new(), notes: Vec::new() };
    while let Some(entry) = records.next_entry()? {
        match entry {
            Entry::Row(row) => got.rows.push(row),
            Entry::Refused(refusals) => got.refused.extend(refusals),
        }
    }
    got.notes = records.take_notes();
    Ok(got)
}

fn read<T: Record>(sample: &Sample) -> Got<T> {
    records(&sample.path, Mapping::default()).expect("a readable file")
}

/// Every row of a file as texts.
fn table(sample: &Sample, options: &Options) -> Outcome<Vec<Vec<String>>> {
    let mut table = Table::open(&sample.path, options)?;
    let (mut row, mut rows) = (RawRow::default(), Vec::new());
    while table.next_row(&mut row)? {
        rows.push(row.cells().map(str::to_owned).collect());
    }
    Ok(rows)
}

/// The code and message of the first problem of a refused file.
fn problem<T>(outcome: Outcome<T>) -> (&'static str, String) {
    match outcome {
        Err(Fault::Invalid(problems)) => (problems[0].code, problems[0].message.clone()),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("the file was taken"),
    }
}
