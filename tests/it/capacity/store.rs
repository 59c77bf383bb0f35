//! Many offerings at once: for indexes, and below many labs.

use entity::{
    enums::OfferingStatus,
    ids::{LabId, OfferingId},
};
use labpact::{
    capacity::offering::store,
    demo::{Plan, Size, fill},
};
use serde_json::json;

use super::{done, draft, opened, testing};
use crate::{
    api::{Desk, lab},
    both,
};

fn bare(id: &str) -> uuid::Uuid {
    uuid::Uuid::parse_str(id.split_once(':').expect("typed").1).expect("an id")
}

both! {
    async fn all_of_them_are_read_whoever_may_see_them(w: World) {
        let desk = Desk::new(w).await;
        let far = lab(&desk.gd, &desk.institution, json!({ "code": "L2", "visibility": "OWN" })).await;
        let item = desk.item("E1").await;
        let hours = json!({
            "code": "H", "lab": desk.lab, "kind": "EQUIPMENT_TIME", "titleZh": "机时", "unit": "小时",
            "coverage": { "equipment": [item] },
        });
        let seat = json!({ "code": "S", "kind": "TRAINING_SEAT", "titleZh": "培训", "unit": "人次" });
        let ids = [
            opened(&desk.gd, testing("A", &desk.lab, json!({ "coverage": { "scopes": [desk.line] } }))).await,
            draft(&desk.gd, testing("B", &far, json!({ "visibility": "OWN" }))).await,
            draft(&desk.gd, hours).await,
            draft(&w.client("SD", "editor"), seat).await,
        ];
        let ids = ids.map(|id| OfferingId(bare(&id)));
        let (near, far) = (LabId(bare(&desk.lab)), LabId(bare(&far)));
        let found = store::of_labs(&w.db, &[near, far]).await.expect("read");
        let listed: Vec<_> = found.iter().map(|each| each.row.id).collect();
        assert_eq!(listed, ids[..3]);
        let named: Vec<_> = found.iter().map(|each| (each.lines.len(), each.equipment.len())).collect();
        assert_eq!(named, [(1, 0), (0, 0), (0, 1)]);
        assert_eq!(found[0].lines[0].to_string(), desk.line);
        assert_eq!(found[2].equipment[0].to_string(), item);
        assert_eq!(store::of_labs(&w.db, &[far]).await.expect("read").len(), 1);
        assert!(store::of_labs(&w.db, &[]).await.expect("read").is_empty());
        let (mut last, mut walked) = (None, Vec::new());
        loop {
            let page = store::after(&w.db, last, 3).await.expect("read");
            last = page.last().map(|each| each.row.id);
            let is_last = page.len() < 3;
            walked.extend(page);
            if is_last {
                break;
            }
        }
        assert_eq!(walked.iter().map(|each| each.row.id).collect::<Vec<_>>(), ids);
        assert_eq!(walked[..3], found);
    }

    async fn demonstration_offerings_are_as_good_as_entered_ones(w: World) {
        let size = Size { labs: 60, scope_lines: 600, seed: 1 };
        fill(&w.db, size, w.clock.today(), &mut |_| {}).await.expect("filled");
        let made: Vec<_> =
            Plan::new(size, w.clock.today()).expect("a size").parts().flat_map(|part| part.offerings).collect();
        let read = store::after(&w.db, None, 500).await.expect("read");
        let mut rows: Vec<_> = read.iter().map(|each| each.row.clone()).collect();
        rows.sort_by(|one, other| (&one.agency, &one.code).cmp(&(&other.agency, &other.code)));
        let mut expected = made.clone();
        expected.sort_by(|one, other| (&one.agency, &one.code).cmp(&(&other.agency, &other.code)));
        assert_eq!(rows, expected);
        assert!(read.iter().any(|each| !each.lines.is_empty()) && read.iter().any(|each| !each.equipment.is_empty()));
        // What was made keeps the rules of what is entered: a paused one can be resumed, as its owner sees.
        let paused = rows.iter().find(|row| row.status == OfferingStatus::Paused).expect("a paused one");
        let manager = w.client(paused.agency.as_str(), "lab-manager");
        done(&manager, "Edit", &paused.id.to_string(), "input: { leadDays: 9 }").await;
        done(&manager, "Resume", &paused.id.to_string(), "").await;
        for row in made.iter().filter(|row| row.status == OfferingStatus::Draft) {
            done(&w.client(row.agency.as_str(), "lab-manager"), "Activate", &row.id.to_string(), "").await;
        }
    }

    async fn what_many_labs_offer_is_one_statement_per_level(w: World) {
        let desk = Desk::new(w).await;
        for at in 0..6 {
            let site = lab(&desk.gd, &desk.institution, json!({ "code": format!("X{at}") })).await;
            for number in 0..3 {
                opened(&desk.gd, testing(&format!("X{at}-{number}"), &site, json!({ "coverage": { "fields": ["食品"] } }))).await;
            }
        }
        let query = "{ labs { nodes { offerings(first: 2) { totalCount nodes { code availableActions
            coverage { wholeLab scopes { serial } } lab { code } } } } } }";
        let before = w.db.statements();
        let data = desk.gd.data(query, json!({})).await;
        let lab = &data["labs"]["nodes"][6]["offerings"];
        assert_eq!((lab["totalCount"].clone(), crate::api::column(&lab["nodes"], "code")), (json!(3), vec!["X5-0".to_owned(), "X5-1".to_owned()]));
        // Labs, offerings, their count, the lines and the items that they name, their labs.
        assert_eq!(w.db.statements() - before, 6);
    }

    async fn pages_of_offerings_in_every_order(w: World) {
        let desk = Desk::new(w).await;
        for (code, title) in [("C", "乙"), ("A", "丙"), ("B", "甲")] {
            opened(&desk.gd, testing(code, &desk.lab, json!({ "titleZh": title }))).await;
        }
        for (order, expected) in [("CODE", ["A", "B", "C"]), ("RECENT", ["B", "A", "C"])] {
            let (mut after, mut walked) = (json!(null), Vec::new());
            loop {
                let query = format!("query($a: String) {{ offerings(first: 2, after: $a, orderBy: {order}) {{
                    nodes {{ code }} pageInfo {{ hasNextPage endCursor }} }} }}");
                let page = desk.gd.data(&query, json!({ "a": after })).await["offerings"].clone();
                walked.extend(crate::api::column(&page["nodes"], "code"));
                after = page["pageInfo"]["endCursor"].clone();
                if page["pageInfo"]["hasNextPage"] == json!(false) {
                    break;
                }
            }
            assert_eq!(walked, expected);
        }
        let query = "{ offerings(orderBy: TITLE, where: { code: { in: [\"A\", \"C\"] }, kind: [TESTING], status: [ACTIVE],
            agency: [\"GD\"], visibility: [PARTNER], titleZh: { startsWith: \"乙\" } }) { nodes { code } } }";
        assert_eq!(desk.gd.data(query, json!({})).await["offerings"]["nodes"], json!([{ "code": "C" }]));
    }
}
