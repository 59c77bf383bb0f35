//! Keyset pages, forwards and backwards, of a table and of the children of many parents.

use entity::institution::{self, Column, Entity};
use labpact::platform::page::{Sort, SortValue, Window, children, count_children, fetch, parent};
use sea_orm::{
    EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};

use super::{act, institution as row};
use crate::{both, support::world::World};

fn by_code() -> Sort<Entity> {
    Sort {
        name: "code",
        columns: vec![Column::Code, Column::Id],
        descending: false,
        key: |row| vec![SortValue::Text(row.code.clone()), SortValue::Id(row.id.0)],
    }
}

async fn fill(w: &World) -> Vec<institution::Model> {
    w.db.write(&act(), async |tx| {
        let rows: Vec<_> = (0..10).map(|at| row(tx, &format!("A{at}"))).collect();
        tx.load(rows.clone(), "all").await?;
        Ok(rows)
    })
    .await
    .expect("loaded")
}

both! {
    async fn pages_meet_without_gap_or_overlap(w: World) {
        fill(w).await;
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let window = Window::from_args(Some(4), after.as_deref(), None, None).expect("a window");
            let page = fetch(&w.db, Entity::find(), &by_code(), &window).await.expect("a page");
            seen.extend(page.rows.iter().map(|row| row.code.clone()));
            after = page.end().map(|cursor| cursor.to_string());
            if !page.has_next { break }
        }
        assert_eq!(seen, (0..10).map(|at| format!("A{at}")).collect::<Vec<_>>());

        let back = Window::from_args(None, None, Some(3), after.as_deref()).expect("a window");
        let page = fetch(&w.db, Entity::find(), &by_code(), &back).await.expect("a page");
        assert_eq!(page.rows.iter().map(|row| row.code.as_str()).collect::<Vec<_>>(), ["A6", "A7", "A8"]);
        assert!(page.has_previous && page.has_next);
    }

    async fn children_of_many_parents_come_with_one_statement(w: World) {
        let rows = fill(w).await;
        // Each institution is its own and its only child; what matters is the correlation.
        let parents: Vec<_> = rows.iter().take(3).map(|row| row.id.0).collect();
        let own = || Entity::find().filter(Expr::col((Entity, Column::Id)).eq(parent()));
        let families = children(&w.db, &parents, own(), &by_code(), &Window::first(2)).await.expect("families");
        assert_eq!(families.len(), 3);
        for row in &rows[..3] {
            let page = &families[&row.id.0];
            assert_eq!((page.rows[0].id, page.has_next), (row.id, false));
        }
        let counts = count_children(&w.db, &parents, own()).await.expect("counts");
        assert!(parents.iter().all(|parent| counts[parent] == 1));
    }

    async fn a_cursor_of_another_order_is_refused(w: World) {
        fill(w).await;
        let page = fetch(&w.db, Entity::find(), &by_code(), &Window::first(1)).await.expect("a page");
        let cursor = page.cursor(0).expect("a row").to_string();
        let by_id = Sort { name: "id", columns: vec![Column::Id], descending: false, key: |row: &institution::Model| vec![SortValue::Id(row.id.0)] };
        let window = Window::from_args(None, Some(&cursor), None, None).expect("a window");
        assert_eq!(fetch(&w.db, Entity::find(), &by_id, &window).await.expect_err("refused").code(), "INVALID");
        assert!(Window::from_args(None, Some("no cursor"), None, None).is_err());
    }
}
