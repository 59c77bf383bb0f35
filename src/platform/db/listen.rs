//! Hearing of what other nodes have appended to the feed.
//!
//! On PostgreSQL the sequencer notifies with its commit, and each node holds one connection that listens. What is heard
//! is only a poke: the feed is the truth, and whoever follows it also looks by itself now and then, so that a lost
//! notification costs time and nothing else. On SQLite there is one node.

use std::{io::ErrorKind, sync::atomic::Ordering, time::Duration};

use sea_orm::{
    Value,
    sqlx::{
        Error,
        postgres::{PgListener, PgPoolOptions},
    },
};
use tokio::time::sleep;

use super::{Db, Dialect};

/// On which the nodes of one database tell each other the number of the last entry.
const CHANNEL: &str = "labpact_feed";

/// How long to wait before listening again after a failure, at first and at most.
const PATIENCE: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(30));

/// How long opening the connection may take.
const OPENING: Duration = Duration::from_secs(10);

impl Db {
    /// Listens until `stop` resolves, and pokes everybody who waits for [`Db::numbered`]. Returns at once on SQLite.
    pub async fn listen(&self, stop: impl Future<Output = ()> + Send) {
        if self.dialect() == Dialect::Sqlite {
            return;
        }
        tokio::pin!(stop);
        let mut patience = Duration::ZERO;
        loop {
            let heard = self.hear(&mut patience);
            tokio::select! {
                () = &mut stop => return,
                Err(cause) = heard => {
                    patience = (patience * 2).clamp(PATIENCE.0, PATIENCE.1);
                    tracing::warn!(error = %cause, "other nodes are not heard; until they are, the feed is read by interval");
                }
            }
            tokio::select! {
                () = &mut stop => return,
                () = sleep(patience) => {}
            }
        }
    }

    /// Listens until the connection is lost.
    async fn hear(&self, patience: &mut Duration) -> Result<(), Error> {
        let own = self.connection().get_postgres_connection_pool().connect_options();
        let own = own.as_ref().clone().application_name("labpact-listener");
        // Not one of the pool: it would be missing there.
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .acquire_timeout(OPENING)
            .connect_lazy_with(own);
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        *patience = Duration::ZERO;
        // Something may have been told before anybody listened.
        self.0.numbered.send_replace(());
        while let Some(told) = listener.try_recv().await? {
            match told.payload().parse() {
                Ok(end) => self.poke(end),
                // An end that cannot be read is news all the same.
                Err(_) => {
                    self.0.numbered.send_replace(());
                }
            }
        }
        Err(Error::Io(ErrorKind::ConnectionAborted.into()))
    }

    /// Pokes everybody on this node who waits for the feed, unless they were told of this end of it already: a node hears
    /// itself as well.
    pub(super) fn poke(&self, end: i64) {
        if self.0.told.fetch_max(end, Ordering::Relaxed) < end {
            self.0.numbered.send_replace(());
        }
    }
}

/// The statement with which a turn of the sequencer tells the other nodes, once it is committed.
pub(super) fn notice(end: i64) -> (&'static str, [Value; 2]) {
    ("SELECT pg_notify($1, $2)", [CHANNEL.into(), end.to_string().into()])
}
