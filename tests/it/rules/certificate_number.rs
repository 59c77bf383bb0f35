//! Certificate numbers.

use labpact::directory::certificate::number::{CmaParts, Form, cma_issuer_division, read};
use proptest::prelude::*;

#[test]
fn a_cma_number_falls_into_its_parts() {
    let parts = |serial: &str| {
        Form::Cma(CmaParts {
            year: 2021,
            issuer: "19".into(),
            field: "12".into(),
            kind: "05".into(),
            serial: serial.into(),
        })
    };
    for text in
        ["211912050123", "２１１９１２０５０１２３", " CMA 2119 1205 0123", "证书编号：211912050123", "No.211912050123"]
    {
        let number = read(text);
        assert_eq!(number.form, parts("0123"), "{text}");
        assert_eq!(number.normalised, "211912050123", "{text}");
        assert_eq!(number.raw, text);
    }
    assert_eq!(cma_issuer_division("19"), Some("440000"));
    assert_eq!(cma_issuer_division("44"), None, "issuers are not divisions");
}

#[test]
fn a_cnas_number_has_a_kind_and_a_serial() {
    for (text, kind, serial) in [
        ("CNAS L1234", "L", "1234"),
        ("cnas l01234", "L", "01234"),
        ("CNAS-IB0056", "IB", "0056"),
        ("ＣＮＡＳ　ＰＴ００１２", "PT", "0012"),
    ] {
        assert_eq!(read(text).form, Form::Cnas { kind: kind.into(), serial: serial.into() }, "{text}");
    }
    assert_eq!(read("CNAS L1234").normalised, "CNASL1234");
}

#[test]
fn other_forms_are_kept_and_compare() {
    let old = read("（2012）量认（粤）字（Z1234）号");
    assert_eq!(old.form, Form::Other);
    assert_eq!(old.normalised, read("(2012)量认(粤)字(z1234)号 ").normalised);
    for text in ["", "CMA", "NO", "12345", "CNAS", "CNAS L"] {
        assert_eq!(read(text).form, Form::Other, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_kept(text in "\\PC{0,24}") {
        let number = read(&text);
        prop_assert_eq!(&number.raw, &text);
    }

    #[test]
    fn every_twelve_digits_are_a_cma_number(digits in "[0-9]{12}") {
        prop_assert!(matches!(read(&digits).form, Form::Cma(_)));
    }
}
