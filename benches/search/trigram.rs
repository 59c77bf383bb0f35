//! The yardstick of the database: PostgreSQL with one row per line, its trigram index over everything that is text, and
//! trees over what is filtered by.

use std::time::Instant;

use labpact::search::find::subtree;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

use super::{questions::Asked, support::fill, today};

/// A table of the same lines.
pub struct Trigram {
    db: DatabaseConnection,
}

impl Trigram {
    /// Makes the table and its indexes from the tables of the register, where they are not there yet.
    pub async fn of(url: &str) -> Self {
        let db = Database::connect(url).await.expect("the database opens");
        let begun = Instant::now();
        let known = one(&db, "SELECT to_regclass('plain_line_ready')::text IS NOT NULL").await;
        if !known.try_get_by_index::<bool>(0).expect("a truth value") {
            fill::run(&db, &STATEMENTS.map(str::to_owned)).await;
            println!("(table and trigrams written in {:.0} s)", begun.elapsed().as_secs_f64());
        }
        Self { db }
    }

    /// How many lines it finds; the first twenty and the facets are made as well.
    pub async fn answer(&self, asked: &Asked) -> i64 {
        let row = one(&self.db, &statement(asked)).await;
        row.try_get_by_index(0).expect("a number")
    }

    /// Closes its connections.
    pub async fn close(self) {
        self.db.close().await.expect("the connections close");
    }
}

async fn one(db: &DatabaseConnection, statement: &str) -> sea_orm::QueryResult {
    let statement = Statement::from_string(DbBackend::Postgres, statement.to_owned());
    db.query_one_raw(statement).await.expect("the statement is valid").expect("a row")
}

const STATEMENTS: [&str; 8] = [
    "SET maintenance_work_mem = '1GB'",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE UNLOGGED TABLE plain_line AS SELECT s.id, s.lab_id, lower(s.parameter || ' ' || s.object || ' ' || s.method || ' ' || s.field) \
     AS text, s.field, s.standard_key, s.agency, l.region, c.scheme, l.longitude, l.latitude, s.effective_from, \
     s.effective_to FROM competence_scope s JOIN lab l ON l.id = s.lab_id \
     JOIN certificate c ON c.id = s.certificate_id AND c.effective_to = '9999-12-31' \
     WHERE s.visibility <> 'OWN' OR s.agency = 'GD'",
    "CREATE INDEX plain_line_text ON plain_line USING gin (text gin_trgm_ops)",
    "CREATE INDEX plain_line_region ON plain_line (agency, region)",
    "CREATE INDEX plain_line_standard ON plain_line (standard_key)",
    "VACUUM ANALYZE plain_line",
    "CREATE TABLE plain_line_ready ()",
];

fn statement(asked: &Asked) -> String {
    let quoted = |text: &str| text.replace('\'', "''");
    let like = |name: &String| {
        let name = quoted(&name.to_lowercase()).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        format!("text LIKE '%{name}%'")
    };
    let on = today();
    let mut conditions = vec![format!("effective_from <= '{on}' AND effective_to > '{on}'")];
    conditions.extend(asked.names.iter().map(like));
    conditions.extend(asked.standard.iter().map(|key| format!("standard_key = '{}'", quoted(key))));
    conditions.extend(asked.agency.iter().map(|code| format!("agency = '{code}'")));
    let region = asked.region.and_then(subtree);
    conditions.extend(region.map(|(from, to)| format!("region BETWEEN '{from:06}' AND '{to:06}'")));
    conditions.extend(asked.near.map(|(longitude, latitude, km)| {
        let (wide, high) = (km / 111.2 / latitude.to_radians().cos(), km / 111.2);
        format!(
            "longitude BETWEEN {} AND {} AND latitude BETWEEN {} AND {}",
            longitude - wide,
            longitude + wide,
            latitude - high,
            latitude + high
        )
    }));
    format!(
        "WITH found AS MATERIALIZED (SELECT * FROM plain_line WHERE {}), \
         facets AS (SELECT region, field, standard_key, agency, scheme, count(*) AS lines FROM found \
         GROUP BY GROUPING SETS ((region), (field), (standard_key), (agency), (scheme))) \
         SELECT (SELECT count(*) FROM found), (SELECT json_agg(first) FROM (SELECT id FROM found ORDER BY id LIMIT 20) first)::text, \
         (SELECT json_agg(facets) FROM (SELECT * FROM facets ORDER BY lines DESC LIMIT 100) facets)::text",
        conditions.join(" AND ")
    )
}
