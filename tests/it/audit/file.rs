//! The chain as a file that is verified without a database.

use labpact::{
    audit::service::{
        export::export,
        seal::{Due, seal},
        verify::{Span, verify_file},
    },
    platform::fault::Fault,
};

use super::{by_hand, events, operator, person, whole};
use crate::{both, support::world::World};

async fn file(w: &World, span: Span) -> String {
    let mut out = Vec::new();
    export((&w.db, &w.app.accesses), &operator(), span, &mut out).await.expect("exported");
    String::from_utf8(out).expect("UTF-8")
}

/// The break of a file, or how many entries hold, how many checkpoints, and up to where.
fn verdict(text: &str) -> Result<(u64, u64, Option<i64>), (i64, &'static str)> {
    match verify_file(text.as_bytes()).expect("a file") {
        Ok(told) => Ok((told.chain.entries, told.checkpoints, told.covered)),
        Err((_, broken)) => Err((broken.seq, broken.flaw.code())),
    }
}

both! {
    async fn a_file_proves_itself(w: World) {
        person(w).await;
        events(w, 1_500).await;
        let due = Due { entries: 1, age: chrono::TimeDelta::hours(1) };
        let signer = w.app.signer.as_deref().expect("a signer");
        let first = seal(&w.db, signer, due).await.expect("sealed").expect("due");
        events(w, 5).await;
        let second = seal(&w.db, signer, due).await.expect("sealed").expect("due");
        events(w, 2).await;
        let end = whole(w).await.chain.next - 1;
        let text = file(w, Span::WHOLE).await;
        assert_eq!(verdict(&text), Ok((end.unsigned_abs(), 2, Some(second))));
        let part = file(w, Span { from: first - 3, to: Some(second) }).await;
        assert_eq!(verdict(&part), Ok(((second - first + 4).unsigned_abs(), 2, Some(second))));

        let lines: Vec<&str> = text.lines().collect();
        let without = |at: usize| [&lines[..at], &lines[at + 1..]].concat().join("\n");
        assert_eq!(verdict(&without(8)), Err((8, "ENTRY_MISSING")), "an entry");
        assert_eq!(verdict(&lines[..lines.len() - 1].join("\n")), Err((end, "ENTRY_MISSING")), "the last line");
        let mut swapped = lines.clone();
        swapped.swap(4, 5);
        assert_eq!(verdict(&swapped.join("\n")), Err((4, "ENTRY_MISSING")));
        let forged = text.replacen("\"code\":\"1400\"", "\"code\":\"1401\"", 1);
        assert_ne!(forged, text);
        assert_eq!(verdict(&forged).map_err(|(_, flaw)| flaw), Err("CONTENT_CHANGED"));
        let other = text.replacen("eyJ", "eyK", 1);
        assert_eq!(verdict(&other), Err((first, "SIGNATURE")));
        for wrong in ["", "{}", "not JSON", &text[text.find('\n').expect("lines") + 1..], &format!("{text}{{}}\n")] {
            assert!(matches!(verify_file(wrong.as_bytes()), Err(Fault::Invalid(_))), "{}", &wrong[..wrong.len().min(40)]);
        }
    }

    async fn a_file_is_not_written_over_a_gap(w: World) {
        events(w, 5).await;
        by_hand(w, "DELETE FROM feed WHERE seq = 1").await;
        let span = Span { from: 2, to: None };
        let failed = export((&w.db, &w.app.accesses), &operator(), span, Vec::new()).await;
        assert!(matches!(failed, Err(Fault::Unavailable(_))), "{failed:?}");
    }
}
