//! Folding.

use labpact::search::text::fold::{fold, folded};
use proptest::prelude::*;

#[test]
fn widths_case_dashes_and_blanks_become_one() {
    let cases = [
        ("ＧＢ／Ｔ　５００９．１２—２０１７", "gb/t 5009.12-2017"),
        ("GB 5009.12－2023", "gb 5009.12-2023"),
        ("维生素B₁", "维生素b1"),
        ("PM₂.₅", "pm2.5"),
        ("m³", "m3"),
        ("a\u{200b}b\u{feff}c\u{7}", "abc"),
        ("甲\t\r\n \u{3000}醛", "甲 醛"),
        ("铬（六价）", "铬(六价)"),
        ("o,p′-DDT", "o,p'-ddt"),
        ("o,p’-DDT", "o,p'-ddt"),
        ("Ⅱ级", "ii级"),
        ("㎎/㎏", "mg/kg"),
        ("É", "é"),
        ("E\u{301}", "é"),
        ("ＡＢＣ", "abc"),
        ("½", "1/2"),
        ("−60 ℃", "-60 °c"),
        ("ΑΣ", "ασ"),
        ("İ", "i\u{307}"),
        ("각", "각"),
        ("\u{1100}\u{1161}\u{11a8}", "각"),
        ("", ""),
        ("10~60", "10~60"),
    ];
    for (original, wanted) in cases {
        assert_eq!(folded(original), wanted, "{original:?}");
    }
}

#[test]
fn spans_lead_back_to_the_original() {
    let original = "Ａ　　㎎ 维生素B₁e\u{301}x";
    let folded = fold(original);
    assert_eq!(folded.text, "a mg 维生素b1éx");
    let back = |part: &str| {
        let at = folded.text.find(part).unwrap();
        &original[folded.span(at..at + part.len())]
    };
    assert_eq!(back("a"), "Ａ");
    assert_eq!(back(" "), "　　");
    assert_eq!(back("m"), "㎎");
    assert_eq!(back("维生素b1"), "维生素B₁");
    assert_eq!(back("é"), "e\u{301}");
    assert_eq!(back("x"), "x");
    assert_eq!(folded.span(3..3), folded.origin[3] as usize..folded.origin[3] as usize);
    assert_eq!(folded.span(0..9999), 0..original.len());
}

#[test]
fn dropped_characters_belong_to_no_span() {
    let folded = fold("铅\u{200b}镉");
    assert_eq!(folded.span(0..3), 0..3);
    assert_eq!(folded.span(3..6), 6..9);
}

proptest! {
    #[test]
    fn any_text_folds_once_and_for_all(original in any::<String>()) {
        let once = fold(&original);
        prop_assert_eq!(&folded(&once.text), &once.text);
        prop_assert_eq!(once.origin.len(), once.text.len() + 1);
        prop_assert_eq!(once.origin.last().copied(), Some(u32::try_from(original.len()).unwrap()));
        prop_assert!(once.origin.windows(2).all(|pair| pair[0] <= pair[1]));
    }

    #[test]
    fn any_span_is_on_borders(original in "[a-zA-ZÀ-ÿ\u{300}-\u{340}㎎㎏½ﬁ维生素氰\u{200b}\u{3000} ＡＢ각\u{1100}-\u{1175}\u{11a8}-\u{11c2}]{0,20}", a in 0usize..80, b in 0usize..80) {
        let folded = fold(&original);
        let span = folded.span(a.min(b)..a.max(b));
        prop_assert!(original.is_char_boundary(span.start) && original.is_char_boundary(span.end));
        prop_assert!(span.start <= span.end);
        prop_assert_eq!(&fold(&folded.text).text, &folded.text);
    }

    #[test]
    fn the_span_of_a_whole_folds_to_the_whole(original in "[a-zÀ-ÿ㎎ﬁ维生素ＡＢ各铅 ]{1,20}") {
        let whole = fold(&original);
        let span = whole.span(0..whole.text.len());
        prop_assert_eq!(folded(&original[span]), whole.text);
    }
}

proptest! {
    /// Where there is nothing to drop and no case, folding is NFKC.
    #[test]
    fn composition_is_that_of_unicode(original in "[a-zà-öø-þ\u{300}-\u{314}\u{323}-\u{333}ｶﾊﾞﾟがぱ각\u{1100}-\u{1112}\u{1161}-\u{1175}\u{11a8}-\u{11c2}ﬁ維维]{0,12}") {
        use unicode_normalization::UnicodeNormalization;
        let lower = original.to_lowercase();
        prop_assert_eq!(folded(&lower), lower.nfkc().collect::<String>());
    }
}
