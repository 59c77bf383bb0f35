//! Attaching files, from within the transactions of others.

use entity::{attachment::Model, ids::AttachmentId};
use labpact::{
    attachment::{
        loader::AttachmentsOf,
        service::{Purpose, bind, of_subject, of_subject_within},
    },
    platform::{
        access::{Action, Actor, Caller, Visible, permit},
        db::Tx,
        fault::{Fault, Outcome},
        reads::Reads,
    },
};
use serde_json::json;
use uuid::Uuid;

use super::{digest, look, pdf, prepared, stored};
use crate::{both, support::world::World};

/// What the desk would do there.
const SUBMIT: Action = Action::new("request.submit", "request:create");

pub fn id_of(id: &str) -> AttachmentId {
    AttachmentId(id.trim_start_matches("attachment:").parse().expect("an id"))
}

/// Runs a part of a transaction in the name of an agency.
pub async fn within<T>(
    w: &World,
    agency: &str,
    act: impl for<'c> AsyncFnOnce(&'c mut Tx) -> Outcome<T> + Send,
) -> Outcome<T> {
    let caller = Caller::new(Actor::system(Some(agency.into()), "test"), "bind");
    w.db.write(&permit(&caller, SUBMIT).expect("permitted"), act).await
}

fn told(outcome: Outcome<Vec<Model>>) -> Vec<String> {
    match outcome {
        Err(Fault::Invalid(problems)) => problems.iter().map(|each| format!("{} {}", each.path, each.code)).collect(),
        other => panic!("not refused: {other:?}"),
    }
}

both! {
    async fn files_are_bound_once_and_in_the_order_in_which_they_are_named(w: World) {
        let officer = w.client("GD", "officer");
        let mut ids = Vec::new();
        for size in [50, 60, 70] {
            ids.push(id_of(&stored(w, &officer, &pdf(size)).await));
        }
        ids.reverse();
        let bound = within(w, "GD", async |tx| {
            bind(tx, &ids, "request:1", Purpose::Request, &["SD".into()]).await
        }).await.expect("bound");
        assert_eq!(bound.iter().map(|row| row.id).collect::<Vec<_>>(), ids);
        assert_eq!((bound[0].size, bound[0].sha256.as_str()), (70, digest(&pdf(70)).as_str()));
        // Once more, with another party: nothing but the party is new.
        let again = within(w, "GD", async |tx| {
            bind(tx, &ids, "request:1", Purpose::Request, &["SD".into(), "FJ".into()]).await
        }).await.expect("bound");
        assert_eq!(again, bound);
        let row = look(&w.client("FJ", "officer"), &ids[0].to_string()).await;
        assert_eq!((&row["subject"], &row["purpose"], &row["boundAt"]), (&json!("request:1"), &json!("REQUEST"), &json!("2026-11-23T02:00:00Z")));
        for (agency, count) in [("GD", 3), ("SD", 3), ("FJ", 3), ("HI", 0)] {
            let found = of_subject(&w.db, &Visible::Partner(agency.into()), "request:1").await.expect("read");
            assert_eq!(found.len(), count, "{agency}");
            let reads = Reads::new(w.db.clone(), Caller::new(Actor::system(Some(agency.into()), "test"), "read"));
            let loaded = reads.load(AttachmentsOf("request:1".to_owned())).await.expect("read").unwrap_or_default();
            assert_eq!(loaded.len(), count, "{agency}");
        }
        let all = within(w, "SD", async |tx| of_subject_within(tx, "request:1").await).await.expect("read");
        assert_eq!(all.len(), 3);
    }

    async fn all_that_is_wrong_is_told_at_once(w: World) {
        let officer = w.client("GD", "officer");
        let here = id_of(&stored(w, &officer, &pdf(50)).await);
        let elsewhere = id_of(&stored(w, &officer, &pdf(60)).await);
        let waiting = id_of(&prepared(&officer, &pdf(70), json!({})).await.id);
        let others = id_of(&stored(w, &w.client("SD", "officer"), &pdf(80)).await);
        let none = AttachmentId(Uuid::from_u128(7));
        within(w, "GD", async |tx| bind(tx, &[elsewhere], "request:2", Purpose::Request, &[]).await).await.expect("bound");
        let ids = [waiting, here, none, others, elsewhere, here];
        let refused = within(w, "GD", async |tx| bind(tx, &ids, "request:1", Purpose::Request, &[]).await).await;
        assert_eq!(told(refused), ["attachments.5 ATTACHMENT_TWICE"]);
        let refused = within(w, "GD", async |tx| bind(tx, &ids[..5], "request:1", Purpose::Request, &[]).await).await;
        assert_eq!(told(refused), [
            "attachments.0 ATTACHMENT_NOT_STORED",
            "attachments.2 ATTACHMENT_NOT_FOUND",
            "attachments.3 ATTACHMENT_NOT_FOUND",
            "attachments.4 ATTACHMENT_BOUND",
        ]);
        let refused = within(w, "GD", async |tx| bind(tx, &[elsewhere], "request:2", Purpose::Report, &[]).await).await;
        assert_eq!(told(refused), ["attachments.0 ATTACHMENT_BOUND"]);
        let many: Vec<_> = (0..101).map(|at| AttachmentId(Uuid::from_u128(at))).collect();
        let refused = within(w, "GD", async |tx| bind(tx, &many, "request:1", Purpose::Request, &[]).await).await;
        assert_eq!(told(refused), ["attachments TOO_MANY"]);
        assert_eq!(look(&officer, &here.to_string()).await["subject"], json!(null));
        let nobody = within(w, "GD", async |tx| bind(tx, &[here], "request:1", Purpose::Request, &["ZZ".into()]).await).await;
        assert_eq!(nobody.expect_err("refused").code(), "REFERENCE_MISSING");
        assert_eq!(look(&officer, &here.to_string()).await["subject"], json!(null));
    }

    async fn what_is_bound_stays(w: World) {
        let officer = w.client("GD", "officer");
        let id = stored(w, &officer, &pdf(50)).await;
        within(w, "GD", async |tx| bind(tx, &[id_of(&id)], "request:1", Purpose::Report, &[]).await).await.expect("bound");
        let discard = "mutation($id: ID!) { attachmentDiscard(id: $id) { id } }";
        assert_eq!(officer.refused(discard, json!({ "id": id })).await, "ATTACHMENT_BOUND");
    }

    async fn one_of_two_binds_a_file(w: World) {
        let officer = w.client("GD", "officer");
        let id = id_of(&stored(w, &officer, &pdf(50)).await);
        let to = async |subject: &str| within(w, "GD", async |tx| bind(tx, &[id], subject, Purpose::Request, &["SD".into()]).await).await;
        let (one, other) = futures_util::future::join(to("request:1"), to("request:2")).await;
        assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|is_ok| **is_ok).count(), 1);
        assert_eq!(told(if one.is_ok() { other } else { one }), ["attachments.0 ATTACHMENT_BOUND"]);
    }
}
