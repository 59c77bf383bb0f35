//! Natural keys, in whatever spelling they are written.

use serde_json::json;

use super::{Desk, USCC, certificate, codes, column, institution, problems, signatory, standard};
use crate::both;

both! {
    async fn an_institution_by_credit_code_and_code(w: World) {
        let sd = w.client("SD", "editor");
        let id = institution(&w.client("GD", "editor"), json!({ "code": "Ｉ－7a", "uscc": USCC })).await;
        let wide: String = USCC.chars().map(|c| char::from_u32(c as u32 + 0xFEE0).expect("a wide character")).collect();
        let by_uscc = "query($u: String!) { institutionByUscc(uscc: $u) { id } }";
        for spelling in [USCC.to_owned(), USCC.to_lowercase(), wide, format!("  {USCC} ")] {
            let found = sd.data(by_uscc, json!({ "u": spelling })).await;
            assert_eq!(found["institutionByUscc"]["id"], id.as_str(), "{spelling}");
        }
        assert_eq!(sd.data(by_uscc, json!({ "u": "91110000600037341L" })).await["institutionByUscc"], json!(null));
        let wrong = sd.send(by_uscc, json!({ "u": "110000190001010004" })).await;
        assert_eq!(problems(&wrong), ["uscc USCC"]);
        assert!(!wrong.body.to_string().contains("110000190001010004"), "an identity number is never repeated");
        let by_code = "query($a: String!, $c: String!) { institutionByCode(agency: $a, code: $c) { id } }";
        for (agency, code) in [("GD", "I-7A"), ("gd", "i-7a"), ("ＧＤ", "ｉ－７Ａ"), (" GD ", " I-7A ")] {
            let found = sd.data(by_code, json!({ "a": agency, "c": code })).await;
            assert_eq!(found["institutionByCode"]["id"], id.as_str(), "{agency} {code}");
        }
        let other = sd.data(by_code, json!({ "a": "SD", "c": "I-7A" })).await;
        assert_eq!(other["institutionByCode"], json!(null));
    }

    async fn a_lab_by_code(w: World) {
        let desk = Desk::new(w).await;
        let query = "query($a: String!, $c: String!) { labByCode(agency: $a, code: $c) { id } }";
        for (agency, code) in [("GD", "L1"), ("gd", "ｌ１")] {
            assert_eq!(desk.gd.data(query, json!({ "a": agency, "c": code })).await["labByCode"]["id"], desk.lab.as_str());
        }
        assert_eq!(desk.gd.data(query, json!({ "a": "GD", "c": "L2" })).await["labByCode"], json!(null));
    }

    async fn certificates_by_number(w: World) {
        let desk = Desk::new(w).await;
        let more = json!({ "scheme": "CNAS", "number": "CNAS L１２３４" });
        let second = super::certificate(&desk.gd, &desk.institution, &[], more).await;
        let third = super::certificate(&desk.gd, &desk.institution, &[], json!({ "scheme": "OTHER" })).await;
        let query = "query($n: String!) { certificatesByNumber(number: $n) { id number } }";
        for spelling in ["CNAS L1234", "cnas l1234", "ＣＮＡＳ Ｌ1234"] {
            let found = desk.gd.data(query, json!({ "n": spelling })).await;
            assert_eq!(found["certificatesByNumber"], json!([{ "id": second, "number": "CNAS L１２３４" }]), "{spelling}");
        }
        let two = desk.gd.data(query, json!({ "n": "２０２０19000001" })).await;
        assert_eq!(column(&two["certificatesByNumber"], "id"), [desk.certificate.clone(), third]);
        let none = desk.gd.data(query, json!({ "n": "" })).await;
        assert_eq!(none["certificatesByNumber"], json!([]));
    }

    async fn a_standard_by_number(w: World) {
        let office = w.client("HI", "coordinator");
        let old = standard(&office, "GB/T 5009.12-2010", json!({ "status": "SUPERSEDED" })).await;
        let new = standard(&office, "GB 5009.12-2017", json!({ "status": "CURRENT" })).await;
        let early = standard(&office, "GB 2716-88", json!({})).await;
        let query = "query($n: String!) { standardByNumber(number: $n) { id } }";
        for (spelling, id) in [
            ("GB 5009.12-2017", &new), ("gb5009.12—2017", &new), ("GB/T 5009.12－2017", &new), ("ＧＢ ５００９．１２－２０１７", &new),
            ("GB 5009.12", &new), ("gb／t 5009.12", &new),
            ("GB/T 5009.12-2010", &old), ("GB 5009.12‐2010", &old), ("GB 2716-1988", &early), ("GB2716-88", &early),
        ] {
            let found = office.data(query, json!({ "n": spelling })).await;
            assert_eq!(found["standardByNumber"]["id"], id.as_str(), "{spelling}");
        }
        for spelling in ["GB 5009.12-1996", "GB 5009.1", "没有", ""] {
            let found = office.data(query, json!({ "n": spelling })).await;
            assert_eq!(found["standardByNumber"], json!(null), "{spelling}");
        }
        let lines = "query($n: String!) { standards(where: { number: $n }) { totalCount nodes { id } } }";
        let editions = office.data(lines, json!({ "n": "GBT5009.12" })).await;
        assert_eq!(editions["standards"]["totalCount"], 2);
    }

    async fn a_division_by_its_code_of_former_times(w: World) {
        let gd = w.client("GD", "auditor");
        let query = "query($c: String!) { regionByCode(code: $c) { code name } }";
        assert_eq!(gd.data(query, json!({ "c": "４４０１００" })).await["regionByCode"]["name"], "广州市");
        assert_eq!(gd.data(query, json!({ "c": "110000" })).await["regionByCode"], json!(null));
        assert_eq!(gd.data(query, json!({ "c": "371200" })).await["regionByCode"]["code"], "370116", "莱芜 is a district of 济南");
    }

    async fn two_rows_with_one_key(w: World) {
        let desk = Desk::new(w).await;
        let create = "mutation($i: InstitutionCreateInput!) { institutionCreate(input: $i) { institution { id } } }";
        let input = |code: &str, uscc| json!({ "i": { "code": code, "uscc": uscc, "nameZh": "甲", "region": "440100" } });
        assert_eq!(desk.gd.refused(create, input("ｉ1", json!(null))).await, "INSTITUTION_CODE_TAKEN");
        desk.gd.data(create, input("I2", json!(USCC))).await;
        assert_eq!(desk.gd.refused(create, input("I3", json!(USCC.to_lowercase()))).await, "INSTITUTION_USCC_TAKEN");
        let twice = "mutation($i: LabCreateInput!) { labCreate(input: $i) { lab { id } } }";
        let input = json!({ "i": { "institution": desk.institution, "code": "l1", "nameZh": "乙", "region": "440100" } });
        assert_eq!(desk.gd.refused(twice, input).await, "LAB_CODE_TAKEN");
        let twice = "mutation($c: ID!) { certificateCreate(input: { institution: $c, scheme: CMA, number: \" ２02019000001\",
            validFrom: \"2024-01-01\" }) { certificate { id } } }";
        assert_eq!(desk.gd.refused(twice, json!({ "c": desk.institution })).await, "CERTIFICATE_NUMBER_TAKEN");
        desk.item("E1").await;
        let twice = "mutation($l: ID!) { equipmentCreate(input: { lab: $l, assetCode: \"ｅ1\", nameZh: \"丙\" }) { equipment { id } } }";
        assert_eq!(desk.gd.refused(twice, json!({ "l": desk.lab })).await, "EQUIPMENT_ASSET_CODE_TAKEN");
        super::signatory(&desk.gd, &desk.lab, json!({})).await;
        let twice = "mutation($l: ID!) { signatoryCreate(input: { lab: $l, code: \"s1\", name: \"丁\", validFrom: \"2024-01-01\" }) {
            signatory { id } } }";
        assert_eq!(desk.gd.refused(twice, json!({ "l": desk.lab })).await, "SIGNATORY_CODE_TAKEN");
        let office = w.client("GD", "coordinator");
        standard(&office, "GB 1-2020", json!({})).await;
        let twice = "mutation { standardCreate(input: { number: \"gb 1—2020\", titleZh: \"戊\" }) { standard { id } } }";
        assert_eq!(codes(&office.send(twice, json!({})).await), ["STANDARD_NUMBER_TAKEN"]);
    }
}
