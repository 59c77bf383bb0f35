//! Capability annexes in the forms in which agencies and the accreditation service print them.

use labpact::exchange::format::{ScopeRow, split_methods};
use rust_xlsxwriter::{Format, Workbook, Worksheet};

use super::{Got, read, sample};

/// Serial, field, object, parameter, method.
fn lines(got: &Got<ScopeRow>) -> Vec<[&str; 5]> {
    got.rows
        .iter()
        .map(|row| &row.value)
        .map(|v| [v.serial.as_str(), v.field.as_str(), v.object.as_str(), v.parameter.as_str(), v.method.as_str()])
        .collect()
}

fn merge(sheet: &mut Worksheet, area: (u32, u16, u32, u16), text: &str) {
    sheet.merge_range(area.0, area.1, area.2, area.3, text, &Format::new()).expect("an area");
}

#[test]
fn the_cma_form_with_merged_cells() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("附表").expect("a name");
    merge(sheet, (0, 0, 0, 6), "检验检测机构资质认定能力附表");
    for (area, text) in [
        ((1, 0, 2, 0), "序号"),
        ((1, 1, 2, 1), "类别"),
        ((1, 2, 1, 3), "产品/项目/参数"),
        ((1, 4, 2, 4), "依据的标准（方法）\n名称及编号（含年号）"),
        ((1, 5, 2, 5), "限制范围"),
        ((1, 6, 2, 6), "说明"),
    ] {
        merge(sheet, area, text);
    }
    sheet.write_row(2, 2, ["序号", "名称"]).expect("a row");
    merge(sheet, (3, 0, 5, 0), "1");
    merge(sheet, (3, 1, 5, 1), "食品");
    sheet
        .write_row(3, 2, ["1.1", "水分", "食品安全国家标准 食品中水分的测定 GB 5009.3-2016 第一法", "只测固体"])
        .expect("a row");
    sheet
        .write_row(
            4,
            2,
            [
                "1.2",
                "铅",
                "食品安全国家标准 食品中铅的测定 GB 5009.12-2023；食品安全国家标准 食品中多元素的测定 GB 5009.268-2016",
            ],
        )
        .expect("a row");
    sheet.write_row(5, 2, ["1.3", "感官", ""]).expect("a row");
    merge(sheet, (6, 0, 6, 6), "二、地址：广州市");
    sheet.write_row(7, 0, ["2", "水", "2.1", "pH", "GB/T 5750.4-2023（8.1）"]).expect("a row");
    sheet.write_row(8, 0, ["", "以下空白"]).expect("a row");
    let got = read::<ScopeRow>(&sample("附表.xlsx", book.save_to_buffer().expect("a workbook")));
    assert_eq!(
        lines(&got),
        [
            ["1.1", "食品", "食品", "水分", "食品安全国家标准 食品中水分的测定 GB 5009.3-2016 第一法"],
            ["1.2", "食品", "食品", "铅", "食品安全国家标准 食品中铅的测定 GB 5009.12-2023"],
            ["1.2", "食品", "食品", "铅", "食品安全国家标准 食品中多元素的测定 GB 5009.268-2016"],
            ["2.1", "水", "水", "pH", "GB/T 5750.4-2023（8.1）"],
        ]
    );
    assert_eq!(got.rows[0].value.limits.as_deref(), Some("只测固体"));
    assert_eq!((got.rows[0].origin.row, &*got.rows[0].origin.sheet), (4, "附表"));
    assert_eq!(got.refused.len(), 1);
    assert_eq!(
        (got.refused[0].row, got.refused[0].column.as_str(), got.refused[0].code.as_str()),
        (6, "E", "MISSING_VALUE")
    );
    assert_eq!(got.notes.iter().filter_map(|note| note.row).collect::<Vec<_>>(), [7, 9]);
}

#[test]
fn the_cma_form_as_text_with_empty_cells_and_groups() {
    let text = "序号,类别,产品/项目/参数,,依据的标准(方法)名称及编号(含年号),限制范围,说明\n\
                ,,序号,名称,,,\n\
                1,食品,1.1,白酒,,,\n\
                ,,1.1.1,酒精度,GB 5009.225-2023,,\n\
                ,,,,GB/T 10345-2022,,\n\
                ,,1.2,醋,,,\n\
                ,,1.2.1,总酸,GB 12456-2021,,\n\
                2,水,1,浑浊度,GB/T 5750.4-2023,,\n\
                序号,类别,序号,名称,依据的标准(方法)名称及编号(含年号),限制范围,说明\n\
                ,,2,色度,,,\n";
    let got = read::<ScopeRow>(&sample("annex.csv", text));
    assert_eq!(
        lines(&got),
        [
            ["1.1.1", "食品", "白酒", "酒精度", "GB 5009.225-2023"],
            ["1.1.1", "食品", "白酒", "酒精度", "GB/T 10345-2022"],
            ["1.2.1", "食品", "醋", "总酸", "GB 12456-2021"],
            ["2.1", "水", "水", "浑浊度", "GB/T 5750.4-2023"],
        ]
    );
    assert_eq!(got.refused.iter().map(|r| (r.row, r.code.as_str())).collect::<Vec<_>>(), [(10, "MISSING_VALUE")]);
}

#[test]
fn the_cnas_form() {
    let text = "序号,检测对象,项目/参数,,领域代码,检测标准（方法）及编号,说明,生效日期\n\
                ,,序号,名称,,,,\n\
                1,乳粉,1,三聚氰胺,0230,\"GB/T 22388-2008\nGB/T 22400-2008\",只用第一法,2024年3月1日\n\
                ,,2,蛋白质,0231,GB 5009.5-2016,,2024/2/30\n";
    let got = read::<ScopeRow>(&sample("cnas.csv", text));
    assert_eq!(
        lines(&got),
        [
            ["1.1", "0230", "乳粉", "三聚氰胺", "GB/T 22388-2008"],
            ["1.1", "0230", "乳粉", "三聚氰胺", "GB/T 22400-2008"],
        ]
    );
    assert_eq!(got.rows[0].value.valid_from.map(|day| day.to_string()).as_deref(), Some("2024-03-01"));
    assert_eq!(got.rows[0].value.remarks.as_deref(), Some("只用第一法"));
    let refusal = &got.refused[0];
    assert_eq!((refusal.row, refusal.column.as_str(), refusal.heading.as_str()), (4, "H", "生效日期"));
    assert_eq!((refusal.value.as_str(), refusal.code.as_str()), ("2024/2/30", "INVALID_DATE"));
}

#[test]
fn our_own_form_carries_nothing_and_splits_nothing() {
    let text = "certificate_number,lab_code,serial,field,object,parameter,method,clause,limits,remarks,valid_from,visibility\n\
                C1,L1,1,食品,乳粉,铅,GB 5009.12-2023; GB 5009.268-2016,,,,,PARTNER\n\
                C1,L1,2,,,镉,GB 5009.15-2023,,,,,\n";
    let got = read::<ScopeRow>(&sample("own.csv", text));
    assert_eq!(lines(&got), [["1", "食品", "乳粉", "铅", "GB 5009.12-2023; GB 5009.268-2016"]]);
    assert_eq!(got.refused[0].code, "MISSING_VALUE");
}

#[test]
fn cells_with_several_standards_are_cut() {
    assert_eq!(split_methods("GB 5009.3-2016"), ["GB 5009.3-2016"]);
    assert_eq!(split_methods("自编方法"), ["自编方法"]);
    assert_eq!(
        split_methods("GB 5009.3-2016 食品中水分的测定、GB/T 5009.4-2016 灰分"),
        ["GB 5009.3-2016 食品中水分的测定", "GB/T 5009.4-2016 灰分"]
    );
    assert_eq!(
        split_methods("《水质 pH值的测定》（HJ 1147-2020）\n《水质 浊度的测定》（HJ 1075-2019）"),
        ["《水质 pH值的测定》（HJ 1147-2020）", "《水质 浊度的测定》（HJ 1075-2019）"]
    );
    assert_eq!(split_methods("GB/T 1.1-2020 代替 GB/T 1.1-2009"), ["GB/T 1.1-2020 代替 GB/T 1.1-2009"]);
}
