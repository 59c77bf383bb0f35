//! What an import does with good rows, bad rows and half files.

use entity::{competence_scope, enums::ScopeVersionReason, institution, lab};
use labpact::{
    exchange::{
        format::Kind,
        service::{AnnexOrder, ImportOrder, import},
    },
    platform::command::Command,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{bring, file, order, system};
use crate::{both, support::world::World};

const INSTITUTIONS: &str = "统一社会信用代码,名称,区划代码\n91110000600037341L,甲公司,440100\n";
const LABS: &str = "场所编号,机构代码,场所名称,行政区划代码\nGZ-01,91110000600037341L,广州实验室,440106\n";
const CERTIFICATES: &str = "证书类型,证书编号,持证机构,有效期起,有效期至,场所编号\nCMA,202319012345,91110000600037341L,2023-01-01,2029-12-31,GZ-01\n";

/// The CMA layout, as a spreadsheet program saves it: two rows of headings, merged cells empty.
const ANNEX: &str = "检验检测能力附表,,,,,,\n\
                     序号,类别,产品/项目/参数,,依据的标准（方法）名称及编号（含年号）,限制范围,说明\n\
                     ,,序号,名称,,,\n\
                     1,食品,1.1,铅,《食品安全国家标准 食品中铅的测定》GB 5009.12-2017,只测第一法,\n\
                     ,,1.2,水分,GB 5009.3-2016、GB/T 5750.4—2006,,\n";

async fn prepare(w: &World) {
    for (kind, text) in [(Kind::Institutions, INSTITUTIONS), (Kind::Labs, LABS), (Kind::Certificates, CERTIFICATES)] {
        let report = bring(&w.db, kind, text).await.expect("imported");
        assert_eq!((report.counts.created, report.refused_rows), (1, 0), "{report}");
    }
}

fn annex(path: std::path::PathBuf, complete: bool) -> ImportOrder {
    let annex = AnnexOrder {
        certificate: Some("202319012345".to_owned()),
        lab: Some("gz-01".to_owned()),
        dated: None,
        reason: ScopeVersionReason::Initial,
        complete,
    };
    ImportOrder { annex, ..order(Kind::Scopes, path) }
}

async fn in_force(w: &World) -> u64 {
    let open = competence_scope::Entity::find().filter(competence_scope::Column::EffectiveTo.eq(entity::FOREVER));
    w.db.count(open).await.expect("counted")
}

both! {
    async fn an_annex_is_read_line_by_line_and_what_is_missing_ends(w: World) {
        prepare(w).await;
        let caller = system(Some("GD"));
        let (_folder, path) = file("annex.csv", ANNEX);
        let report = import(&Command::new(&w.db, &caller), &annex(path.clone(), true), &()).await.expect("imported");
        assert_eq!((report.counts.created, report.refused_rows), (3, 0), "{report}");
        let rows = w.db.all(competence_scope::Entity::find()).await.expect("read");
        let keys: Vec<_> = rows.iter().filter_map(|row| row.standard_key.as_deref()).collect();
        assert!(["GB 5009.12", "GB 5009.3", "GB 5750.4"].iter().all(|key| keys.contains(key)), "{keys:?}");

        let again = import(&Command::new(&w.db, &caller), &annex(path, true), &()).await.expect("imported");
        assert_eq!((again.counts.unchanged, again.counts.created, again.counts.closed), (3, 0, 0), "{again}");

        let shorter = ANNEX.replace("、GB/T 5750.4—2006", "");
        let (_folder, path) = file("annex.csv", &shorter);
        let preview = import(&Command { dry_run: true, ..Command::new(&w.db, &caller) }, &annex(path.clone(), true), &()).await.expect("previewed");
        assert_eq!((preview.counts.closed, in_force(w).await), (1, 3), "a preview writes nothing: {preview}");
        let partial = import(&Command::new(&w.db, &caller), &annex(path.clone(), false), &()).await.expect("imported");
        assert_eq!((partial.counts.closed, in_force(w).await), (0, 3), "a partial annex ends nothing: {partial}");
        let whole = import(&Command::new(&w.db, &caller), &annex(path, true), &()).await.expect("imported");
        assert_eq!((whole.counts.closed, in_force(w).await), (1, 2), "{whole}");
    }

    async fn a_bad_row_is_reported_and_the_others_go_on(w: World) {
        let text = "统一社会信用代码,名称,区划代码\n\
                    91110000600037341L,甲公司,440100\n\
                    110000190001010004,某人,440100\n\
                    9111000060003734I,丙公司,440100\n\
                    ,丁公司,999999\n";
        let report = bring(&w.db, Kind::Institutions, text).await.expect("imported");
        assert_eq!((report.counts.created, report.refused_rows), (1, 3), "{report}");
        assert!(report.refused.iter().all(|refusal| refusal.file == "institutions.csv" && refusal.row >= 3), "{report}");
        assert!(!format!("{report}").contains("110000190001010004"), "a personal identity number is never repeated");
        assert_eq!(w.db.count(institution::Entity::find()).await.expect("counted"), 1);
    }

    async fn all_or_nothing_means_it(w: World) {
        prepare(w).await;
        let text = "场所编号,机构代码,场所名称,行政区划代码\nGZ-02,91110000600037341L,二号,440106\nGZ-03,91110000600037341L,三号,000000\n";
        let (_folder, path) = file("labs.csv", text);
        let caller = system(Some("GD"));
        let strict = ImportOrder { all_or_nothing: true, ..order(Kind::Labs, path.clone()) };
        let report = import(&Command::new(&w.db, &caller), &strict, &()).await.expect("reported");
        assert_eq!((report.refused_rows, w.db.count(lab::Entity::find()).await.expect("counted")), (1, 1), "{report}");
        let report = import(&Command::new(&w.db, &caller), &order(Kind::Labs, path), &()).await.expect("imported");
        assert_eq!((report.counts.created, w.db.count(lab::Entity::find()).await.expect("counted")), (1, 2), "{report}");
    }

    async fn another_agencys_rows_are_refused(w: World) {
        prepare(w).await;
        let caller = system(Some("SD"));
        let (_folder, path) = file("institutions.csv", INSTITUTIONS);
        let report = import(&Command::new(&w.db, &caller), &order(Kind::Institutions, path), &()).await.expect("reported");
        assert_eq!((report.counts.changed, report.refused_rows), (0, 1), "{report}");
        assert_eq!(report.refused[0].code, "FORBIDDEN");
    }
}
