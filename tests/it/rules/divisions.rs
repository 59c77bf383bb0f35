//! Divisions, their successors, and the members that they belong to.

use labpact::directory::{
    agency::members::{MEMBERS, member, member_of_division},
    region::divisions::{Level, all_successors, division_of, divisions, haversine_km, successor, successors},
};

#[test]
fn the_tree_of_divisions_is_whole() {
    assert_eq!(divisions().len(), 547);
    assert!(divisions().windows(2).all(|pair| pair[0].code < pair[1].code), "ordered, each code once");
    for row in divisions() {
        assert!(row.code.len() == 6 && row.code.bytes().all(|b| b.is_ascii_digit()), "{}", row.code);
        assert!(
            (105.0..123.0).contains(&row.point.longitude) && (3.0..39.0).contains(&row.point.latitude),
            "{}",
            row.code
        );
        match row.parent {
            None => assert_eq!(row.level, Level::Province),
            Some(parent) => {
                let parent = division_of(parent).expect("the parent is in the list");
                assert!(parent.level < row.level && parent.code < row.code, "{}", row.code);
            }
        }
    }
    assert_eq!(division_of("440100").map(|row| row.name), Some("广州市"));
    assert_eq!(division_of("110000"), None);
}

#[test]
fn old_codes_lead_to_codes_in_use() {
    for row in all_successors() {
        assert!(division_of(row.old_code).is_none(), "{} is in use", row.old_code);
        assert!(division_of(row.new_code).is_some(), "{} → {}", row.old_code, row.new_code);
        assert!((1980..=2026).contains(&row.year));
    }
    for (old, name, new) in [
        ("440183", "增城市", "440118"),
        ("371202", "莱城区", "370116"),
        ("460003", "儋州市", "460400"),
        ("350402", "梅列区", "350404"),
        ("450127", "横县", "450181"),
        ("442121", "琼山县", "460107"),
    ] {
        let found = successor(old).unwrap_or_else(|| panic!("{old}"));
        assert_eq!((found.old_name, found.new_code), (name, new), "{old}");
    }
    assert_eq!(successor("440100"), None, "in use");
    assert_eq!(successor("450104"), None, "its fate is not in the data");
    assert_eq!(successor(""), None);
}

#[test]
fn a_code_given_out_twice_means_its_last_holder() {
    let holders: Vec<_> = successors("449001").iter().map(|row| row.old_name).collect();
    assert_eq!(holders, ["潮州市", "顺德市"]);
    assert_eq!(successor("449001").map(|row| row.new_code), Some("440606"));
}

#[test]
fn distances_are_those_of_the_sphere() {
    let point = |code: &str| division_of(code).unwrap().point;
    let there = haversine_km(point("440100"), point("440300"));
    assert!((80.0..150.0).contains(&there), "Guangzhou to Shenzhen: {there}");
    assert!((there - haversine_km(point("440300"), point("440100"))).abs() < 1e-9);
    assert!(haversine_km(point("440100"), point("440100")) < 1e-9);
}

#[test]
fn each_member_has_its_province() {
    for row in MEMBERS {
        assert_eq!(division_of(row.region).map(|region| region.level), Some(Level::Province));
        assert_eq!(member(&row.code.to_lowercase()), Some(&row));
    }
    assert!(divisions().iter().all(|row| member_of_division(row.code).is_some()));
    assert_eq!(member_of_division("460200").map(|member| member.code), Some("HI"));
    assert_eq!(member_of_division("110000"), None);
    assert_eq!(member_of_division("粤"), None);
}
