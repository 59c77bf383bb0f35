//! Standards.

use entity::{enums::StandardStatus, ids::StandardId};
use labpact::{
    directory::standard::{
        loader::{Cited, ReplacedBy},
        model::{NewStandard, Replacement, StandardFilter, StandardOrder},
        service, store,
    },
    platform::{page::Window, reads::Reads},
};

use crate::both;

use super::{Desk, code, day, today};

async fn enter(desk: &Desk, number: &str, status: StandardStatus, replaced_by: Option<&str>) -> StandardId {
    let new = NewStandard {
        number: number.to_owned(),
        title_zh: "食品中铅的测定".to_owned(),
        title_en: None,
        status,
        replaced_by: replaced_by.map(str::to_owned),
        published_on: None,
        effective_on: None,
        withdrawn_on: None,
    };
    service::create(&desk.cmd(), new).await.unwrap()
}

both! {
    async fn editions_are_found_in_any_spelling_and_walked_both_ways(w: World) {
        let desk = Desk::new(w).await;
        let old = enter(&desk, "gb/t 5009.12—2003", StandardStatus::Superseded, Some("GB5009.12-2010")).await;
        let mid = enter(&desk, "GB 5009.12-2010", StandardStatus::Superseded, Some("GB 5009.12-2017")).await;
        let new = enter(&desk, "GB 5009.12-2017", StandardStatus::Current, None).await;
        let next = enter(&desk, "GB 5009.12-2027", StandardStatus::Upcoming, None).await;
        let taken = NewStandard {
            number: "ＧＢ　5009.12－2017".to_owned(),
            title_zh: "x".to_owned(),
            title_en: None,
            status: StandardStatus::Current,
            replaced_by: None,
            published_on: None,
            effective_on: None,
            withdrawn_on: None,
        };
        assert_eq!(code(service::create(&desk.cmd(), taken).await), "STANDARD_NUMBER_TAKEN");
        let found = async |text: &str| store::by_number(&desk.db, text).await.unwrap().map(|row| row.id);
        assert_eq!(found("GBT5009.12-2003").await, Some(old));
        assert_eq!(found("gb 5009.12").await, Some(new), "undated means the one in force");
        assert_eq!(found("GB 5009.12-1999").await, None);
        let editions = store::editions_of(&desk.db, "GB/T 5009.12").await.unwrap();
        let told: Vec<_> = editions.iter().map(|one| (one.standard.id, one.current)).collect();
        assert_eq!(told, [(next, false), (new, true), (mid, false), (old, false)]);
        let ids = async |id, way| {
            store::chain(&desk.db, id, way).await.unwrap().into_iter().map(|row| row.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(old, Replacement::Later).await, [mid, new]);
        assert_eq!(ids(new, Replacement::Earlier).await, [mid, old]);
        let reads = Reads::new(desk.db.clone(), desk.gd.clone());
        let cited = |year| Cited { key: "GB 5009.12".to_owned(), year };
        let (dated, undated) = tokio::join!(reads.load(cited(Some(2010))), reads.load(cited(None)));
        assert_eq!(dated.unwrap().unwrap().id, mid);
        assert_eq!(undated.unwrap().unwrap().id, new);
        let before = reads.load(ReplacedBy("GB 5009.12-2017".to_owned())).await.unwrap().unwrap();
        assert_eq!(before.iter().map(|row| row.id).collect::<Vec<_>>(), [mid]);
        let filter = StandardFilter { number: Some("GB/T5009.12".to_owned()), ..StandardFilter::default() };
        let page = store::page(&desk.db, &filter, StandardOrder::Number, &Window::first(2)).await.unwrap();
        assert!(page.has_next && page.rows.len() == 2);
        assert_eq!(store::count(&desk.db, &filter).await.unwrap(), 4);
    }
}

both! {
    async fn a_ring_of_replacements_ends(w: World) {
        let desk = Desk::new(w).await;
        let a = enter(&desk, "GB 1-2001", StandardStatus::Superseded, Some("GB 2-2001")).await;
        let b = enter(&desk, "GB 2-2001", StandardStatus::Superseded, Some("GB 3-2001")).await;
        let c = enter(&desk, "GB 3-2001", StandardStatus::Superseded, Some("GB 2-2001")).await;
        let chain = store::chain(&desk.db, a, Replacement::Later).await.unwrap();
        assert_eq!(chain.into_iter().map(|row| row.id).collect::<Vec<_>>(), [b, c]);
    }
}

both! {
    async fn withdrawing_tells_replaced_from_gone(w: World) {
        let desk = Desk::new(w).await;
        let a = enter(&desk, "GB 1-2001", StandardStatus::Current, None).await;
        let b = enter(&desk, "GB 2-2001", StandardStatus::Current, None).await;
        service::withdraw(&desk.cmd(), a, Some(day(2026, 1, 1)), Some("gb1-2025".to_owned())).await.unwrap();
        service::withdraw(&desk.cmd(), b, None, None).await.unwrap();
        let rows = store::by_ids(&desk.db, &[a.0, b.0]).await.unwrap();
        let of = |id| rows.iter().find(|row| row.id == id).unwrap();
        assert_eq!((of(a).status, of(a).replaced_by.as_deref()), (StandardStatus::Superseded, Some("GB 1-2025")));
        assert_eq!((of(b).status, of(b).withdrawn_on), (StandardStatus::Withdrawn, Some(today())));
        assert_eq!(code(service::withdraw(&desk.cmd(), b, None, None).await), "ALREADY_WITHDRAWN");
    }
}
