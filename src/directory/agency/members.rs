//! The five member regulators of the pact, as data.

/// A member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Two letters, as in tokens and typed ids.
    pub code: &'static str,
    /// Chinese name.
    pub name_zh: &'static str,
    /// English name.
    pub name_en: &'static str,
    /// Its province (GB/T 2260).
    pub region: &'static str,
}

/// The members, in the order of the memorandum.
pub const MEMBERS: [Member; 5] = [
    Member {
        code: "GD",
        name_zh: "广东省市场监督管理局",
        name_en: "Guangdong Administration for Market Regulation",
        region: "440000",
    },
    Member {
        code: "SD",
        name_zh: "山东省市场监督管理局",
        name_en: "Shandong Administration for Market Regulation",
        region: "370000",
    },
    Member {
        code: "FJ",
        name_zh: "福建省市场监督管理局",
        name_en: "Fujian Administration for Market Regulation",
        region: "350000",
    },
    Member {
        code: "GX",
        name_zh: "广西壮族自治区市场监督管理局",
        name_en: "Guangxi Zhuang Autonomous Region Administration for Market Regulation",
        region: "450000",
    },
    Member {
        code: "HI",
        name_zh: "海南省市场监督管理局",
        name_en: "Hainan Administration for Market Regulation",
        region: "460000",
    },
];

/// The member with this code, without regard to case.
pub fn member(code: &str) -> Option<&'static Member> {
    MEMBERS.iter().find(|member| member.code.eq_ignore_ascii_case(code))
}

/// The member whose province this division (GB/T 2260, six digits) lies in.
pub fn member_of_division(code: &str) -> Option<&'static Member> {
    let province = code.get(..2)?;
    MEMBERS.iter().find(|member| member.region.starts_with(province))
}
