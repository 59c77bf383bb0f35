//! The files of judged queries.

use std::path::Path;

use super::{register::Line, rule::Rule};

const FILES: [&str; 2] = ["demonstration.tsv", "tricky.tsv"];
const HEADER: &str = "kind\tquery\t3\t2\t1\trecall";

/// A query with its judgement.
#[derive(Debug)]
pub struct Judged {
    /// What kind of query it is.
    pub kind: String,
    /// What is asked.
    pub text: String,
    /// The rules of the grades 3, 2 and 1.
    rules: [Option<Rule>; 3],
    /// The lines that must be among those found, whatever their place.
    pub recall: Option<Rule>,
}

impl Judged {
    /// The grade of a line: that of the best rule which it meets, 0 where it meets none.
    pub fn grade(&self, line: &Line) -> u32 {
        let holds = |rule: &Option<Rule>| rule.as_ref().is_some_and(|rule| rule.holds(line));
        (1..=3).rev().zip(&self.rules).find(|(_, rule)| holds(rule)).map_or(0, |(grade, _)| grade)
    }
}

/// All judged queries. What cannot be read, and an alternative that no line meets, is a mistake of the file.
pub fn judged(lines: &[Line]) -> Vec<Judged> {
    let (mut queries, mut mistakes) = (Vec::new(), Vec::new());
    for file in FILES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/relevance").join(file);
        let text = std::fs::read_to_string(path).expect("the file is there");
        let mut rows = (1..).zip(text.lines());
        assert_eq!(rows.next(), Some((1, HEADER)), "{file}");
        for (number, row) in rows.filter(|(_, row)| !row.is_empty() && !row.starts_with('#')) {
            match read(row) {
                Ok(query) => {
                    let rules = query.rules.iter().chain([&query.recall]).flatten();
                    mistakes
                        .extend(rules.flat_map(|rule| rule.idle(lines)).map(|idle| format!("{file}:{number}: {idle}")));
                    queries.push(query);
                }
                Err(mistake) => mistakes.push(format!("{file}:{number}: {mistake}")),
            }
        }
    }
    assert!(mistakes.is_empty(), "{mistakes:#?}");
    queries
}

fn read(row: &str) -> Result<Judged, String> {
    let cells: Vec<&str> = row.split('\t').collect();
    let [kind, text, three, two, one, recall] = cells[..] else { return Err(format!("{} cells", cells.len())) };
    let best = Rule::read(three)?.ok_or("nothing is of grade 3")?;
    let rules = [Some(best), Rule::read(two)?, Rule::read(one)?];
    Ok(Judged { kind: kind.to_owned(), text: text.to_owned(), rules, recall: Rule::read(recall)? })
}
