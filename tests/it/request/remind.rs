//! Offers whose end is near are told to who has to answer them, once.

use chrono::TimeDelta;
use entity::outbox;
use labpact::request::service::remind;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::{Sides, terms};
use crate::{both, support::world::World};

async fn told(w: &World) -> Vec<outbox::Model> {
    w.db.all(outbox::Entity::find().filter(outbox::Column::Name.eq("offer.expiring.v1"))).await.expect("read")
}

both! {
    async fn the_requester_is_told_once_before_the_end(w: World) {
        let s = Sides::new(w).await;
        let request = s.open(&[&s.offering], json!({})).await;
        let referral = s.referral(&request, 0).await;
        let until = json!({ "validUntil": "2026-11-25T02:00:00Z" });
        s.manager.done("referralOffer", json!({ "id": referral, "input": terms(until) })).await;
        let day = TimeDelta::hours(24);
        assert_eq!(remind::run(&w.db, day).await.expect("told"), 0, "two days are left");
        w.clock.advance(TimeDelta::hours(25));
        let (one, two) = tokio::join!(remind::run(&w.db, day), remind::run(&w.db, day));
        assert_eq!(one.expect("told") + two.expect("told"), 1);
        let rows = told(w).await;
        assert_eq!((rows.len(), rows[0].agency.as_str(), rows[0].visibility), (1, "SD", entity::enums::Visibility::Own));
        assert_eq!(rows[0].data["referralId"], json!(referral));
        assert_eq!(rows[0].data["validUntil"], json!("2026-11-25T02:00:00Z"));
        w.clock.advance(TimeDelta::hours(1));
        assert_eq!(remind::run(&w.db, day).await.expect("told"), 0, "it was told");
    }

    async fn what_was_answered_or_is_over_is_not_told(w: World) {
        let s = Sides::new(w).await;
        let (_, referral) = s.agreed().await;
        assert!(!referral.is_empty());
        assert_eq!(remind::run(&w.db, TimeDelta::days(300)).await.expect("told"), 0);
        let request = s.open(&[&s.offering], json!({ "sampledCompany": "乙" })).await;
        let open = s.referral(&request, 0).await;
        s.manager.done("referralOffer", json!({ "id": open, "input": terms(json!({})) })).await;
        w.clock.advance(TimeDelta::days(20));
        assert_eq!(remind::run(&w.db, TimeDelta::days(300)).await.expect("told"), 0, "over, and not yet moved by the clock");
    }
}
