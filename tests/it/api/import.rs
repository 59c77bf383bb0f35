//! Files brought over the API: a preview, the act, and who may.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{changes, column, over, problems};
use crate::{both, support::world::Client};

const FIELDS: &str = "kind preview created changed closed unchanged refusedRows refused { file sheet row column heading value code reason }";

fn preview() -> String {
    format!("mutation($i: ImportInput!) {{ importPreview(input: $i) {{ {FIELDS} }} }}")
}

fn run() -> String {
    format!("mutation($i: ImportInput!, $k: String) {{ importRun(input: $i, idempotencyKey: $k) {{ {FIELDS} }} }}")
}

fn file(kind: &str, text: &str) -> Value {
    json!({ "kind": kind, "fileName": "list.csv", "content": STANDARD.encode(text) })
}

const INSTITUTIONS: &str = "统一社会信用代码,名称,区划代码\n91110000600037341L,甲公司,440100\n,乙公司,999999\n";

async fn brought(client: &Client, kind: &str, text: &str) -> Value {
    client.data(&run(), json!({ "i": file(kind, text) })).await["importRun"].clone()
}

both! {
    async fn a_preview_tells_and_the_run_does(w: World) {
        let editor = w.client("GD", "editor");
        let before = changes(w).await;
        let told = editor.data(&preview(), json!({ "i": file("INSTITUTIONS", INSTITUTIONS) })).await["importPreview"].clone();
        assert_eq!((&told["preview"], &told["created"], &told["refusedRows"]), (&json!(true), &json!(1), &json!(1)));
        assert_eq!((&told["refused"][0]["row"], &told["refused"][0]["file"]), (&json!(3), &json!("list.csv")), "{told:#}");
        assert_eq!(changes(w).await, before, "a preview writes nothing");
        let keyed = json!({ "i": file("INSTITUTIONS", INSTITUTIONS), "k": "delivery-1" });
        let done = editor.data(&run(), keyed.clone()).await["importRun"].clone();
        assert_eq!((&done["preview"], &done["created"], &done["refusedRows"]), (&json!(false), &json!(1), &json!(1)));
        assert_eq!(editor.data(&run(), keyed).await["importRun"], done, "the same delivery has the same answer");
        let again = brought(&editor, "INSTITUTIONS", INSTITUTIONS).await;
        assert_eq!((&again["created"], &again["unchanged"]), (&json!(0), &json!(1)));
        let found = editor.data("{ institutionByUscc(uscc: \"91110000600037341L\") { nameZh agency { code } } }", json!({})).await;
        assert_eq!(found["institutionByUscc"], json!({ "nameZh": "甲公司", "agency": { "code": "GD" } }));
    }

    async fn an_annex_made_with_a_spreadsheet_program(w: World) {
        let editor = w.client("GD", "editor");
        brought(&editor, "INSTITUTIONS", INSTITUTIONS).await;
        brought(&editor, "LABS", "场所编号,机构代码,场所名称,行政区划代码\nGZ-01,91110000600037341L,广州实验室,440106\n").await;
        brought(&editor, "CERTIFICATES", "证书类型,证书编号,持证机构,有效期起,有效期至,场所编号\nCMA,202319012345,91110000600037341L,2023-01-01,2029-12-31,GZ-01\n").await;
        let book = annex();
        let input = json!({
            "kind": "SCOPES", "fileName": "能力附表.xlsx", "content": STANDARD.encode(book), "certificate": "202319012345",
            "lab": "gz-01", "dated": "2024-03-01", "reason": "INITIAL", "complete": true,
        });
        let done = editor.data(&run(), json!({ "i": input })).await["importRun"].clone();
        assert_eq!((&done["created"], &done["refusedRows"]), (&json!(4), &json!(0)), "{done:#}");
        let lines = editor.data("{ scopes(orderBy: SERIAL) { nodes { serial field object parameter method standardKey limits } } }", json!({})).await;
        let of = |name: &str| column(&lines["scopes"]["nodes"], name);
        assert_eq!(of("serial"), ["1.1", "1.2", "1.2", "1.10"], "serial numbers are ordered by their parts");
        assert_eq!(of("parameter"), ["铅", "水分", "水分", "菌落总数"]);
        assert_eq!(of("field"), ["食品", "食品", "食品", "食品"], "merged cells are carried down");
        let mut keys = of("standardKey");
        keys.sort();
        assert_eq!(keys, ["GB 4789.2", "GB 5009.12", "GB 5009.3", "GB 5750.4"]);
        let again = editor.data(&run(), json!({ "i": input })).await["importRun"].clone();
        assert_eq!((&again["unchanged"], &again["created"], &again["closed"]), (&json!(4), &json!(0), &json!(0)));
    }

    async fn one_needs_the_scope_of_the_kind(w: World) {
        let before = changes(w).await;
        for (role, kind) in [("officer", "INSTITUTIONS"), ("lab-manager", "LABS"), ("editor", "STANDARDS"), ("editor", "HOLIDAYS")] {
            let client = w.client("GD", role);
            for query in [preview(), run()] {
                assert_eq!(client.refused(&query, json!({ "i": file(kind, "x\n") })).await, "FORBIDDEN", "{role} {kind}");
            }
        }
        assert_eq!(w.anonymous().refused(&run(), json!({ "i": file("LABS", "x\n") })).await, "UNAUTHENTICATED");
        assert_eq!(changes(w).await, before);
    }

    async fn another_agencys_rows_stay_as_they_are(w: World) {
        brought(&w.client("GD", "editor"), "INSTITUTIONS", INSTITUTIONS).await;
        let before = changes(w).await;
        let told = brought(&w.client("SD", "editor"), "INSTITUTIONS", "统一社会信用代码,名称,区划代码\n91110000600037341L,改名,370100\n").await;
        assert_eq!((&told["changed"], &told["created"], &told["refusedRows"]), (&json!(0), &json!(0), &json!(1)), "{told:#}");
        assert_eq!(changes(w).await, before);
    }

    async fn what_is_no_file_is_refused(w: World) {
        let editor = w.client("GD", "editor");
        for (more, problem) in [
            (json!({ "content": "not base64!" }), "input.content BASE64"),
            (json!({ "fileName": "../../etc/passwd" }), "input.fileName FILE_NAME"),
            (json!({ "fileName": "" }), "input.fileName FILE_NAME"),
            (json!({ "mapping": "[columns]\n\"x\" = \"nowhere\"" }), "input.mapping UNKNOWN_COLUMN"),
            (json!({ "content": STANDARD.encode(b"%PDF-1.7\n"), "fileName": "x.xlsx" }), "x.xlsx NOT_A_SPREADSHEET"),
        ] {
            let answer = editor.send(&run(), json!({ "i": over(file("LABS", "x\n"), more) })).await;
            assert_eq!(problems(&answer), [problem], "{:#}", answer.body);
        }
        let held = editor.data(&run(), json!({ "i": over(file("INSTITUTIONS", INSTITUTIONS), json!({ "allOrNothing": true })) })).await;
        assert_eq!((&held["importRun"]["preview"], &held["importRun"]["refusedRows"]), (&json!(true), &json!(1)));
        assert_eq!(editor.data("{ institutions { totalCount } }", json!({})).await["institutions"]["totalCount"], 0);
    }
}

/// The CMA layout with two rows of headings, merged cells, and two standards in one cell.
fn annex() -> Vec<u8> {
    use rust_xlsxwriter::{Format, Workbook};
    let mut book = Workbook::new();
    let plain = Format::new();
    let sheet = book.add_worksheet();
    let merge = |sheet: &mut rust_xlsxwriter::Worksheet, (r1, c1, r2, c2): (u32, u16, u32, u16), text: &str| {
        sheet.merge_range(r1, c1, r2, c2, text, &plain).expect("merged");
    };
    merge(sheet, (0, 0, 0, 6), "检验检测机构资质认定 检验检测能力附表");
    for (at, heading) in
        [(0, "序号"), (1, "类别"), (4, "依据的标准（方法）名称及编号（含年号）"), (5, "限制范围"), (6, "说明")]
    {
        merge(sheet, (1, at, 2, at), heading);
    }
    merge(sheet, (1, 2, 1, 3), "产品/项目/参数");
    sheet.write(2, 2, "序号").expect("written");
    sheet.write(2, 3, "名称").expect("written");
    merge(sheet, (3, 0, 5, 0), "1");
    merge(sheet, (3, 1, 5, 1), "食品");
    let rows = [
        ("1.1", "铅", "《食品安全国家标准 食品中铅的测定》GB 5009.12-2017", "只测第一法"),
        ("1.2", "水分", "GB 5009.3-2016\nGB/T 5750.4—2006", ""),
        ("1.10", "菌落总数", "ＧＢ　４７８９．２－２０２２", ""),
    ];
    for (at, (serial, parameter, method, limits)) in (3..).zip(rows) {
        for (column, text) in [(2, serial), (3, parameter), (4, method), (5, limits)] {
            sheet.write(at, column, text).expect("written");
        }
    }
    book.save_to_buffer().expect("a workbook")
}
