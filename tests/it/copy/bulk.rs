//! Bulk writes: an annex that is delivered anew is one entry that names every line.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::Kept;
use crate::{both, support::world::Client};

async fn brought(client: &Client, input: Value) -> Value {
    let query = "mutation($i: ImportInput!) { importRun(input: $i) { created changed closed unchanged refusedRows
        refused { heading value code reason } } }";
    let done = client.data(query, json!({ "i": input })).await["importRun"].clone();
    assert_eq!(done["refusedRows"], 0, "{done:#}");
    done
}

fn file(kind: &str, text: &str) -> Value {
    json!({ "kind": kind, "fileName": "list.csv", "content": STANDARD.encode(text) })
}

/// An annex with these parameters, in full.
fn annex(parameters: impl Iterator<Item = usize>, dated: &str) -> Value {
    let mut text = "序号,类别,产品,参数,检测方法\n".to_owned();
    for at in parameters {
        text.push_str(&format!("1.{at},食品,婴幼儿配方食品,参数{at},GB 5009.12-2017\n"));
    }
    crate::api::over(
        file("SCOPES", &text),
        json!({
            "certificate": "202319012345", "lab": "gz-01", "dated": dated, "reason": "INITIAL", "complete": true,
        }),
    )
}

both! {
    async fn an_annex_delivered_anew_is_taken_line_by_line(w: World) {
        let editor = w.client("GD", "editor");
        let sd = w.client("SD", "officer");
        brought(&editor, file("INSTITUTIONS", "统一社会信用代码,名称,区划代码\n91110000600037341L,甲公司,440100\n")).await;
        brought(&editor, file("LABS", "场所编号,机构代码,场所名称,行政区划代码\nGZ-01,91110000600037341L,广州实验室,440106\n")).await;
        brought(&editor, file("CERTIFICATES", "证书类型,证书编号,持证机构,有效期起,有效期至,场所编号\nCMA,202319012345,91110000600037341L,2023-01-01,2029-12-31,GZ-01\n")).await;
        let mut copies = [4, 200].map(|first| (first, Kept::default()));
        for (_, kept) in &mut copies {
            kept.keep_up(&sd, 200).await;
        }
        assert_eq!(brought(&editor, annex(0..60, "2024-03-01")).await["created"], 60);
        w.advance_feed().await;
        for (first, kept) in &mut copies {
            kept.keep_up(&sd, *first).await;
            kept.is_true(&sd).await;
        }
        let done = brought(&editor, annex(20..80, "2025-03-01")).await;
        assert_eq!((&done["closed"], &done["created"]), (&json!(20), &json!(20)));
        w.advance_feed().await;
        for (first, kept) in &mut copies {
            kept.keep_up(&sd, *first).await;
            kept.is_true(&sd).await;
            assert_eq!(kept.gone_since(0).len(), 20, "pages of {first}");
        }
    }
}
