//! Where the two databases differ, and nowhere else.

use sea_orm::{DbBackend, Value};
use uuid::Uuid;

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Embedded, one process.
    Sqlite,
    /// A server, any number of nodes.
    Postgres,
}

impl Dialect {
    /// The word for sea-orm.
    pub fn backend(self) -> DbBackend {
        match self {
            Self::Sqlite => DbBackend::Sqlite,
            Self::Postgres => DbBackend::Postgres,
        }
    }

    /// How the `n`th value of a written statement is named in it, from 1 on; values are bound in the order of their names.
    pub fn place(self, n: usize) -> String {
        match self {
            Self::Postgres => format!("${n}"),
            Self::Sqlite => "?".to_owned(),
        }
    }

    /// The function that says where a text stands in another, from 1 on; 0 where it does not.
    pub fn position(self) -> &'static str {
        match self {
            Self::Postgres => "strpos",
            Self::Sqlite => "instr",
        }
    }

    /// Many ids as one bound value, so that the text of a statement does not depend on how many there are and
    /// the statement cache holds. Goes with [`Dialect::keys_table`].
    pub fn keys(self, ids: impl IntoIterator<Item = Uuid>) -> Value {
        match self {
            Self::Postgres => Value::Array(
                sea_orm::sea_query::ArrayType::Uuid,
                Some(Box::new(ids.into_iter().map(|id| Value::Uuid(Some(id))).collect())),
            ),
            Self::Sqlite => {
                let listed: Vec<String> = ids.into_iter().map(|id| format!("\"{}\"", id.as_simple())).collect();
                Value::from(format!("[{}]", listed.join(",")))
            }
        }
    }

    /// A table expression with one column `id`, made of the value of [`Dialect::keys`] bound at `$n`; on SQLite, whose parameters
    /// are taken as they come, at its place in the text.
    pub fn keys_table(self, n: usize) -> String {
        match self {
            Self::Postgres => format!("(SELECT unnest(${n}::uuid[]) AS id)"),
            Self::Sqlite => "(SELECT unhex(value) AS id FROM json_each(?))".to_owned(),
        }
    }
}
