//! The sweeper: all that is due, twice, and by two at once.

use chrono::TimeDelta;
use entity::{enums::HoldStatus, hold};
use labpact::{
    capacity::hold::{confirm, sweep::sweep},
    platform::db::Tx,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{counted, placed, row, tests, units};
use crate::{api::Desk, both, platform::act};

both! {
    async fn all_that_is_due_goes_in_one_run_and_nothing_else(w: World) {
        let desk = Desk::new(w).await;
        let offering = tests(w, &desk, |_| {}).await;
        for _ in 0..9 {
            placed(w, units(w, offering, 1, "2026-12-01", "2026-12-01")).await.expect("free");
        }
        let firm = placed(w, units(w, offering, 1, "2026-12-01", "2026-12-01")).await.expect("free");
        w.db.write(&act(), async |tx: &mut Tx| confirm(tx, firm).await).await.expect("booked");
        w.clock.advance(TimeDelta::minutes(30));
        placed(w, units(w, offering, 1, "2026-12-02", "2026-12-02")).await.expect("free");
        assert_eq!(sweep(&w.db).await.expect("swept"), 0);
        w.clock.advance(TimeDelta::minutes(30));
        let (one, other) = tokio::join!(sweep(&w.db), sweep(&w.db));
        assert_eq!(one.expect("swept") + other.expect("swept"), 9);
        assert_eq!(sweep(&w.db).await.expect("swept"), 0, "twice is once");
        assert_eq!(counted(w).await, [row("2026-12-01", 0, 1, 1), row("2026-12-02", 1, 0, 1)]);
        let gone = hold::Entity::find().filter(hold::Column::Status.eq(HoldStatus::Expired));
        assert_eq!(w.db.count(gone).await.expect("counted"), 9);
    }

    async fn more_than_a_batch_is_swept_in_one_run(w: World) {
        let desk = Desk::new(w).await;
        let offering = tests(w, &desk, |row| row.weekday_units = serde_json::json!([999, 999, 999, 999, 999, 0, 0])).await;
        let wanted = units(w, offering, 1, "2026-12-01", "2026-12-01");
        w.db.write(&act(), async |tx: &mut Tx| {
            for _ in 0..450 {
                labpact::capacity::hold::place(tx, wanted.clone()).await?;
            }
            Ok(())
        }).await.expect("free");
        w.clock.advance(TimeDelta::hours(1));
        assert_eq!(sweep(&w.db).await.expect("swept"), 450);
        assert!(counted(w).await.is_empty());
    }
}
