//! Bringing and taking files from the command line.

use std::{
    fmt::Write as _,
    io::{BufRead, BufReader},
    process::Stdio,
};

use serde_json::Value;

use super::{labpact, on_both, run, show, text, told};

const INSTITUTIONS: &str = "统一社会信用代码,名称,区划代码\n91110000600037341L,甲公司,440100\n";

#[test]
fn a_preview_an_import_and_the_same_again() {
    on_both(async |base, config| {
        let file = base.folder.path().join("institutions.csv");
        std::fs::write(&file, INSTITUTIONS).expect("written");
        let order = ["import", "institutions", show(&file), "--config", config, "--agency", "gd", "--format", "json"];
        let report = |more: &[&str]| -> Value {
            serde_json::from_str(&told(&[&order[..], more].concat())).expect("a report in JSON")
        };
        let preview = report(&["--dry-run"]);
        assert_eq!((&preview["preview"], &preview["created"]), (&true.into(), &1.into()));
        let first = report(&[]);
        assert_eq!(
            (&first["preview"], &first["created"], &first["refused_rows"]),
            (&false.into(), &1.into(), &0.into())
        );
        let again = report(&[]);
        assert_eq!((&again["created"], &again["unchanged"]), (&0.into(), &1.into()));
        let out = told(&["export", "institutions", "--config", config, "--agency", "GD"]);
        assert!(out.contains("91110000600037341L"), "{out}");
    });
}

#[test]
fn refused_rows_are_told_and_counted_in_the_exit_code() {
    on_both(async |base, config| {
        let file = base.folder.path().join("mixed.csv");
        std::fs::write(&file, format!("{INSTITUTIONS}110000190001010004,某人,440100\n")).expect("written");
        let output = run(&["import", "institutions", show(&file), "--config", config, "--agency", "GD"]);
        let out = text(&output.stdout);
        assert_eq!(output.status.code(), Some(2), "{out}");
        assert!(out.contains("1 created") && out.contains("1 rows refused") && out.contains("mixed.csv"), "{out}");
        assert!(!out.contains("110000190001010004"), "an identity number is never repeated: {out}");
        assert!(!text(&output.stderr).contains("110000190001010004"));
    });
}

#[test]
fn an_import_that_is_killed_leaves_nothing_and_can_be_run_again() {
    on_both(async |base, config| {
        let file = base.folder.path().join("standards.csv");
        let mut list = "标准编号,中文名称,状态\n".to_owned();
        for n in 1..=2_500 {
            writeln!(list, "GB {n}-2017,第{n}种成分的测定,现行").expect("written");
        }
        std::fs::write(&file, list).expect("written");
        let order = ["import", "standards", show(&file), "--config", config];
        let mut under_way =
            labpact(&order).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program runs");
        let mut lines = BufReader::new(under_way.stderr.take().expect("piped")).lines();
        let line = lines.next().expect("a line of progress").expect("UTF-8");
        assert_eq!(line, "1000 rows read");
        under_way.kill().expect("killed");
        assert!(!under_way.wait().expect("ended").success());
        let count = || told(&["export", "standards", "--config", config]).lines().count();
        assert_eq!(count(), 1, "the headings alone");
        let out = told(&order);
        assert!(out.contains("2500 created"), "{out}");
        assert_eq!(count(), 2_501);
    });
}
