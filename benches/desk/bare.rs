//! The yardstick of the database: pgbench with the very transactions that the desk sends for one request, prepared.
//!
//! Two requests are recorded. What differs between them belongs to one request; its ids are replaced by ids that are made
//! of a number, so that each run of the script is a request of its own. What only reads, outside of the transactions,
//! is left out.

use std::collections::HashMap;

use uuid::Uuid;

use super::support::{
    load::Rate,
    recorded::{COUNT, Log, Statement, filled, literal},
};

/// The number of a request in a script; pgbench counts it up.
const NUMBER: &str = ":request_number";

/// What brings about a draft, and the steps that are measured, as scripts.
pub struct Scripts {
    log: Log,
    draft: String,
    steps: String,
}

/// The statements of one request.
pub struct Recorded {
    /// Those of the draft.
    pub draft: Vec<Statement>,
    /// Those of each step.
    pub steps: Vec<Vec<Statement>>,
}

impl Scripts {
    /// Out of two requests.
    ///
    /// # Panics
    /// Where they did not go the same way.
    pub fn of(log: Log, one: &Recorded, other: &Recorded) -> Self {
        let mut ids = Ids::default();
        let draft = ids.script(&[transaction(&one.draft)], &[transaction(&other.draft)]);
        let of = |all: &Recorded| all.steps.iter().map(|step| transaction(step)).collect::<Vec<_>>();
        let steps = ids.script(&of(one), &of(other));
        Self { log, draft, steps }
    }

    /// Requests per second on so many connections, each so many.
    ///
    /// # Panics
    /// Where pgbench fails.
    pub fn run(&self, connections: usize, each: u64, round: u64) -> Rate {
        // Numbers of one connection follow each other, those of a round begin anew.
        let count = format!(
            "\\set {COUNT} :{COUNT} + 1\n\\set request_number {} + :client_id * 1000000 + :{COUNT}\n",
            round * 100_000_000
        );
        self.log.pgbench(&(count.clone() + &self.draft), connections, ("-t", each));
        self.log.pgbench(&(count + &self.steps), connections, ("-t", each))
    }

    /// Statements of the steps of one request.
    pub fn statements(&self) -> usize {
        self.steps.lines().count()
    }
}

/// The one transaction among all that was executed which leaves something for the feed.
fn transaction(executed: &[Statement]) -> Vec<Statement> {
    let mut open: HashMap<&str, Vec<Statement>> = HashMap::new();
    let mut found = Vec::new();
    for one in executed {
        let so_far = open.entry(&one.process).or_default();
        if one.sql.starts_with("BEGIN") {
            so_far.clear();
        }
        so_far.push(one.clone());
        if one.sql.starts_with("COMMIT") {
            let whole = std::mem::take(so_far);
            if whole.iter().any(|one| one.sql.starts_with("INSERT INTO \"uncounted\"")) {
                found.push(whole);
            }
        }
    }
    assert_eq!(found.len(), 1, "each mutation is one transaction");
    found.remove(0)
}

/// The ids that belong to one request, by what they were in each of the two, and their places.
#[derive(Default)]
struct Ids(HashMap<(Uuid, Uuid), usize>);

impl Ids {
    fn script(&mut self, one: &[Vec<Statement>], other: &[Vec<Statement>]) -> String {
        let mut script = String::new();
        let (one, other): (Vec<_>, Vec<_>) = (one.iter().flatten().collect(), other.iter().flatten().collect());
        let texts = |all: &[&Statement]| all.iter().map(|each| each.sql.clone()).collect::<Vec<_>>();
        assert_eq!(texts(&one), texts(&other), "both requests go the same way");
        for (one, other) in one.iter().zip(other) {
            let replaced: Vec<String> = one
                .values
                .iter()
                .zip(&other.values)
                .map(|(one, other)| self.value(one.as_ref(), other.as_ref()))
                .collect();
            let text = filled(one, |at, _| replaced[at].clone());
            script.push_str(&text.replace('\n', " "));
            script.push_str(";\n");
        }
        script
    }

    fn value(&mut self, one: Option<&String>, other: Option<&String>) -> String {
        let (Some(a), Some(b)) = (one, other) else { return literal(one) };
        // Bytes are what digests are salted with: any will do.
        if a == b || a.starts_with('\\') {
            return literal(one);
        }
        if let (Some(of_one), Some(of_other)) = (listed(a), listed(b)) {
            let each = of_one.zip(of_other).map(|(a, b)| self.value(Some(&a), Some(&b)));
            let cast = each.map(|value| format!("CAST({value} AS uuid)"));
            return format!("ARRAY[{}]", cast.collect::<Vec<_>>().join(", "));
        }
        if let (Ok(a), Ok(b)) = (Uuid::parse_str(a), Uuid::parse_str(b)) {
            let next = self.0.len();
            let place = *self.0.entry((a, b)).or_insert(next);
            return format!(
                "CAST(lpad(to_hex(CAST({NUMBER} AS int)), 8, '0') || '-0000-7000-8000-{place:012x}' AS uuid)"
            );
        }
        let stem: String = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
        let tail = &a[stem.len()..];
        let number = format!("CAST(CAST({NUMBER} AS int) AS text)");
        // The number of a request, and the digest of its items.
        if !stem.is_empty() && tail.len() <= 8 && tail.chars().all(|c| c.is_ascii_alphanumeric()) {
            return format!("{} || lpad({number}, 9, '0')", literal(Some(&stem)));
        }
        if a.len() == b.len() && a.len() >= 32 && a.chars().all(|c| c.is_ascii_hexdigit()) {
            return format!("lpad({number}, {}, '0')", a.len());
        }
        literal(one)
    }
}

/// The ids of an array, as PostgreSQL writes it.
fn listed(text: &str) -> Option<std::vec::IntoIter<String>> {
    let ids: Vec<String> = text.strip_prefix('{')?.strip_suffix('}')?.split(',').map(str::to_owned).collect();
    ids.iter().all(|id| Uuid::parse_str(id).is_ok()).then(|| ids.into_iter())
}
