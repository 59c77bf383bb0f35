//! The one reader of the feed in this process, from which its subscribers are served.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::{hub::Hub, model::Position, store};
use crate::platform::{db::Db, fault::Outcome};

/// Follows the feed until `stop` resolves: whenever this node has appended to it or has heard that another has, and at
/// least once in `poll`.
pub async fn run(db: Db, hub: Hub, poll: Duration, stop: impl Future<Output = ()> + Send) {
    tokio::pin!(stop);
    let mut numbered = db.numbered(Duration::ZERO);
    let mut idle = interval(poll.max(Duration::from_millis(1)));
    idle.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut at = None;
    loop {
        if let Err(fault) = follow(&db, &hub, &mut at).await {
            tracing::warn!(error = %fault, "events could not be read; it will be tried again");
        }
        tokio::select! {
            () = &mut stop => break,
            () = numbered.grown() => {}
            _ = idle.tick() => {}
        }
    }
}

/// Reads on to the end of the feed. The first time it only finds the end: what was before is read by subscribers
/// themselves.
async fn follow(db: &Db, hub: &Hub, at: &mut Option<Position>) -> Outcome<()> {
    let mut position = match *at {
        Some(position) => position,
        None => store::end(db).await?,
    };
    loop {
        *at = Some(position);
        hub.has_read(position.seq);
        let page = store::after(db, position, hub.kinds()).await?;
        page.news.iter().for_each(|news| hub.tell(news));
        position = page.end;
        if !page.is_full {
            *at = Some(position);
            hub.has_read(position.seq);
            return Ok(());
        }
    }
}
