//! Bookkeeping: whole or not at all, once for each key, and no trace in the log.

use entity::{change, message_cursor};
use labpact::platform::{
    db::Books,
    fault::{Fault, Outcome},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait},
};
use serde_json::json;

use super::act;
use crate::both;

type Row = message_cursor::Model;
type Rows = message_cursor::Entity;
type Column = message_cursor::Column;

fn row(name: &str, seq: i64) -> Row {
    Row { name: name.to_owned(), seq }
}

fn named(name: &str) -> Condition {
    Condition::all().add(Column::Name.eq(name))
}

both! {
    async fn a_row_is_entered_once_and_moved_by_whoever_guards_rightly(w: World) {
        let entered = w.db.keep_books(async |books: &Books<'_>| books.enter::<Rows>(vec![row("a", 1), row("b", 2)]).await);
        assert_eq!(entered.await.expect("entered"), 2);
        let entered = w.db.keep_books(async |books: &Books<'_>| books.enter::<Rows>(vec![row("a", 9), row("c", 3)]).await);
        assert_eq!(entered.await.expect("entered"), 1);
        let guard = || named("a").add(Column::Seq.eq(1_i64));
        let (one, other) = tokio::join!(
            w.db.keep_books(async |books: &Books<'_>| books.amend::<Rows>(vec![(Column::Seq, Expr::val(5_i64))], guard()).await),
            w.db.keep_books(async |books: &Books<'_>| books.amend::<Rows>(vec![(Column::Seq, Expr::val(6_i64))], guard()).await)
        );
        assert_eq!(one.expect("moved") + other.expect("not moved"), 1);
        let gone = w.db.keep_books(async |books: &Books<'_>| books.strike::<Rows>(named("b")).await).await;
        assert_eq!(gone.expect("struck"), 1);
    }

    async fn what_fails_leaves_nothing_and_what_succeeds_leaves_nothing_in_the_log(w: World) {
        let logged = w.db.count(change::Entity::find()).await.expect("counted");
        let outcome: Outcome<()> = w.db.keep_books(async |books: &Books<'_>| {
            books.enter::<Rows>(vec![row("a", 1)]).await?;
            Err(Fault::rule("NO", "No.", json!({})))
        }).await;
        assert_eq!(outcome.expect_err("refused").code(), "NO");
        assert!(w.db.one(Rows::find().filter(named("a"))).await.expect("read").is_none());
        // The books of a transaction end with it.
        let outcome: Outcome<()> = w.db.write(&act(), async |tx| {
            tx.books().enter::<Rows>(vec![row("a", 1)]).await?;
            Err(Fault::rule("NO", "No.", json!({})))
        }).await;
        assert_eq!(outcome.expect_err("refused").code(), "NO");
        w.db.write(&act(), async |tx| tx.books().enter::<Rows>(vec![row("b", 1)]).await).await.expect("entered");
        let left = w.db.all(Rows::find().order_by_asc(Column::Name)).await.expect("read");
        assert_eq!(left.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["b", "feed"]);
        assert_eq!(w.db.count(change::Entity::find()).await.expect("counted"), logged);
    }

    async fn what_is_claimed_is_not_claimed_again(w: World) {
        let rows = (0..6).map(|at| row(&format!("r{at}"), 0)).collect();
        w.db.keep_books(async |books: &Books<'_>| books.enter::<Rows>(rows).await).await.expect("entered");
        let claim = || {
            let due = Rows::find().filter(Column::Name.starts_with("r")).filter(Column::Seq.eq(0_i64));
            w.db.claim::<Rows>(due, |row| named(&row.name), vec![(Column::Seq, Expr::col(Column::Seq).add(1))])
        };
        let (one, other) = tokio::join!(claim(), claim());
        let taken = [one.expect("claimed"), other.expect("claimed")].concat();
        let mut names: Vec<&str> = taken.iter().map(|row| row.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["r0", "r1", "r2", "r3", "r4", "r5"]);
        assert!(claim().await.expect("claimed").is_empty());
    }
}
