//! The request desk in a copy: each side holds what is its own to see.

use serde_json::json;

use super::Kept;
use crate::{
    both,
    request::{Sides, need, terms},
};

both! {
    async fn each_side_holds_its_own(w: World) {
        let s = Sides::new(w).await;
        let stranger = w.client("FJ", "officer");
        let request = s.draft(&[&s.offering], json!({})).await;
        w.advance_feed().await;
        let mut copies = [(&s.officer, Kept::default()), (&s.manager, Kept::default()), (&stranger, Kept::default())];
        for (client, kept) in &mut copies {
            kept.keep_up(client, 50).await;
            kept.is_true(client).await;
        }
        assert!(copies[0].1.objects.contains_key(&request), "a draft is its writer's");
        assert!(!copies[1].1.objects.contains_key(&request), "and nobody else's");
        // Other providers are named: the referral that nobody has seen is removed.
        let first = s.referral(&request, 0).await;
        let other = s.another("O2").await;
        let providers = need(&[&other])["providers"].clone();
        s.officer.done("requestEdit", json!({ "id": request, "input": { "providers": providers } })).await;
        w.advance_feed().await;
        for (client, kept) in &mut copies {
            kept.keep_up(client, 50).await;
            kept.is_true(client).await;
        }
        assert_eq!(copies[0].1.gone_since(0), [first]);
        assert!(copies[1..].iter().all(|(_, kept)| kept.gone_since(0).is_empty()));
        s.officer.done("requestSubmit", json!({ "id": request })).await;
        s.approver.done("requestApprove", json!({ "id": request })).await;
        let referral = s.referral(&request, 0).await;
        s.manager.done("referralOffer", json!({ "id": referral, "input": terms(json!({})) })).await;
        w.advance_feed().await;
        for (client, kept) in &mut copies {
            kept.keep_up(client, 50).await;
            kept.is_true(client).await;
        }
        assert!(copies[1].1.objects.contains_key(&request) && copies[1].1.objects.contains_key(&referral));
        assert!(!copies[2].1.told.iter().any(|(_, id)| *id == request || *id == referral));
    }
}
