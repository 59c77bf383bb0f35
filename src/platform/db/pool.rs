//! The connections of this node.

use super::{Db, Dialect};

/// How many connections there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Open.
    pub size: u64,
    /// Of those, without work.
    pub idle: u64,
    /// Most that may be open.
    pub most: u64,
}

impl Db {
    /// The connections at this moment. Asks the database nothing.
    pub fn pool(&self) -> Pool {
        let (size, idle, most) = match self.dialect() {
            Dialect::Sqlite => {
                let pool = self.connection().get_sqlite_connection_pool();
                (pool.size(), pool.num_idle(), pool.options().get_max_connections())
            }
            Dialect::Postgres => {
                let pool = self.connection().get_postgres_connection_pool();
                (pool.size(), pool.num_idle(), pool.options().get_max_connections())
            }
        };
        Pool { size: size.into(), idle: idle as u64, most: most.into() }
    }
}
