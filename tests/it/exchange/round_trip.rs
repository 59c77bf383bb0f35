//! Export → import into an empty register → export gives the same bytes; the same file twice changes nothing.

use labpact::{
    demo::{Size, fill},
    exchange::format::Kind,
};

use super::{bring, take};
use crate::{
    both,
    support::base::{Backend, Base, beginning},
};
use labpact::platform::{clock::Clock, db::Db};

both! {
    async fn what_was_exported_comes_back_to_the_letter(w: World) {
        let size = Size { labs: 40, scope_lines: 600, seed: 7 };
        fill(&w.db, size, w.clock.today(), &mut |_| {}).await.expect("filled");
        let base = Base::new(Backend::Sqlite).await.expect("a second register");
        let empty = Db::connect(&base.config, Clock::fixed(beginning())).await.expect("open");
        for kind in Kind::ALL {
            let text = take(&w.db, kind).await;
            let report = bring(&empty, kind, &text).await.expect("imported");
            assert_eq!(report.refused_rows, 0, "{report}");
            let rows = text.lines().count() as u64 - 1;
            assert_eq!(report.counts.created, rows, "{report}");
            assert_eq!(take(&empty, kind).await, text, "{}", kind.word());

            let again = bring(&empty, kind, &text).await.expect("imported");
            assert_eq!((again.counts.unchanged, again.counts.created, again.counts.changed), (rows, 0, 0), "{again}");
        }
        empty.close().await;
        base.remove().await;
    }
}
