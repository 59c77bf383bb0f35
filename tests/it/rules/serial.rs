//! Serial numbers of annex lines.

use labpact::directory::scope::serial::{SORT_KEY_BYTES, sort_key};
use proptest::prelude::*;

#[test]
fn serials_order_as_a_reader_expects() {
    let ordered = ["1", "1.1", "1.2", "1.2.1", "1.2.1a", "1.2.1b", "1.2.2", "1.10", "1.10.1", "2", "9", "10", "11.1"];
    let keys: Vec<String> = ordered.iter().map(|text| sort_key(text)).collect();
    assert!(keys.is_sorted(), "{keys:?}");
    let chinese = ["一", "二", "九", "十", "十一", "十九", "二十", "二十一", "九十九", "一百", "一百零三"];
    let keys: Vec<String> = chinese.iter().map(|text| sort_key(text)).collect();
    assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{keys:?}");
}

#[test]
fn one_place_written_in_several_ways_has_one_key() {
    for (a, b) in [
        ("1.2", "1-2"),
        ("1", "（1）"),
        ("1", "一"),
        ("1", "①"),
        ("12", "十二"),
        ("1.2.1a", "1．2．1Ａ"),
        ("3", "3、"),
        ("1.2", "01.02"),
    ] {
        assert_eq!(sort_key(a), sort_key(b), "{a} / {b}");
    }
    assert_eq!(sort_key("1.2.1a"), "000001.000002.000001~A");
    assert_eq!(sort_key(""), "");
    assert_eq!(sort_key("99999999"), "999999");
}

proptest! {
    #[test]
    fn keys_are_bounded_and_ordered_like_their_numbers(a in prop::collection::vec(0_u32..100_000, 1..7), b in prop::collection::vec(0_u32..100_000, 1..7)) {
        let text = |parts: &[u32]| parts.iter().map(u32::to_string).collect::<Vec<_>>().join(".");
        prop_assert_eq!(sort_key(&text(&a)).cmp(&sort_key(&text(&b))), a.cmp(&b));
    }

    #[test]
    fn any_text_has_a_short_key(text in "\\PC{0,200}") {
        prop_assert!(sort_key(&text).len() <= SORT_KEY_BYTES);
    }

    #[test]
    fn numerals_never_overflow(text in "[零一二九十百]{0,60}") {
        prop_assert!(sort_key(&text).len() <= SORT_KEY_BYTES);
    }
}
