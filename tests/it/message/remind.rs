//! Deadlines: announced once, told of once when they have passed, and again only where they have moved.

use chrono::TimeDelta;
use serde_json::json;

use super::{followed, names, reminded};
use crate::{
    both,
    request::{Sides, lasting},
};

both! {
    async fn a_deadline_is_spoken_of_once_before_and_once_after(w: World) {
        let sides = Sides::new(w).await;
        let request = sides.draft(&[&sides.offering], json!({})).await;
        sides.officer.done("requestSubmit", json!({ "id": request })).await;
        followed(w).await;
        // Submitted on Monday, to be approved by the end of Thursday.
        let look = async || {
            for _ in 0..2 {
                reminded(w).await;
            }
        };
        look().await;
        assert_eq!(names(&sides.approver).await, ["request.submitted"]);
        w.clock.advance(TimeDelta::days(2));
        look().await;
        assert_eq!(names(&sides.approver).await, ["deadline.near", "request.submitted"]);
        assert!(names(&sides.officer).await.is_empty());
        // The afternoon of the last day.
        w.clock.advance(TimeDelta::days(1) + TimeDelta::hours(6));
        look().await;
        assert_eq!(names(&sides.approver).await, ["deadline.near", "deadline.near", "request.submitted"]);
        // Nobody's clock has moved it: past midnight, and an hour more.
        w.clock.advance(TimeDelta::hours(8));
        look().await;
        assert_eq!(names(&sides.approver).await.len(), 3);
        w.clock.advance(TimeDelta::hours(1));
        look().await;
        assert_eq!(names(&sides.approver).await[0], "deadline.over");
        assert_eq!(names(&lasting(w, "SD", "administrator")).await, ["deadline.over"]);
        // The desk's table: an approval that is not given is for the secretariat, in whichever agency it is.
        assert_eq!(names(&lasting(w, "GX", "coordinator")).await, ["deadline.over"]);
        assert!(names(&sides.signer).await.is_empty());
        w.clock.advance(TimeDelta::hours(3));
        look().await;
        assert_eq!(names(&sides.approver).await.len(), 4);
    }

    async fn the_clock_of_the_desk_tells_the_approver_and_the_secretariat_and_a_new_deadline_is_announced_anew(w: World) {
        let sides = Sides::new(w).await;
        let request = sides.draft(&[&sides.offering], json!({})).await;
        sides.officer.done("requestSubmit", json!({ "id": request })).await;
        w.clock.advance(TimeDelta::days(3) + TimeDelta::hours(15));
        labpact::request::service::sweep::run(&w.db).await.expect("swept");
        followed(w).await;
        reminded(w).await;
        assert_eq!(names(&sides.approver).await, ["request.lapsed", "request.submitted"]);
        assert_eq!(names(&lasting(w, "SD", "administrator")).await, ["request.lapsed"]);
        assert_eq!(names(&lasting(w, "HI", "coordinator")).await, ["request.lapsed"]);
        // Wound anew for three more working days: by the end of Wednesday.
        w.clock.advance(TimeDelta::days(4) + TimeDelta::hours(10));
        reminded(w).await;
        assert_eq!(names(&sides.approver).await[0], "deadline.near");
    }

    async fn the_side_whose_turn_it_is_is_reminded(w: World) {
        let sides = Sides::new(w).await;
        let request = sides.open(&[&sides.offering], json!({})).await;
        followed(w).await;
        // Sent on Monday, to be acknowledged by the end of Wednesday.
        w.clock.advance(TimeDelta::days(1));
        reminded(w).await;
        assert_eq!(names(&sides.manager).await, ["deadline.near", "referral.sent"]);
        assert_eq!(names(&sides.approver).await, ["request.submitted"]);
        let referral = sides.referral(&request, 0).await;
        sides.manager.done("referralAcknowledge", json!({ "id": referral })).await;
        reminded(w).await;
        assert_eq!(names(&sides.manager).await.len(), 2);
    }
}
