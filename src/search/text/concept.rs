//! One thing with many names.

use super::{fold, han::is_han};

/// What a concept is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// 项目 / 参数: what is measured.
    Parameter,
    /// 产品 / 检测对象: what it is measured in.
    Object,
    /// 仪器: what it is measured with.
    Instrument,
    /// Of an operator's table that does not say.
    Other,
}

impl Subject {
    /// By the name of the table: `parameters…`, `objects…`, `instruments…`, in any folder.
    pub fn of(file: &str) -> Self {
        let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
        match () {
            () if name.starts_with("parameters") => Self::Parameter,
            () if name.starts_with("objects") => Self::Object,
            () if name.starts_with("instruments") => Self::Instrument,
            () => Self::Other,
        }
    }
}

/// What kind of name a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lang {
    /// With Chinese characters.
    Zh,
    /// English words.
    En,
    /// A CAS registry number.
    Cas,
    /// Abbreviations, symbols, formulas, codes.
    Other,
}

/// One name of a concept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// As the table has it.
    pub text: String,
    /// Folded, without blanks at the ends: what is compared.
    pub folded: String,
    /// What kind of name it is.
    pub lang: Lang,
}

impl Name {
    /// Reads a name; what kind it is shows in its letters. `None` where nothing is left after folding.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let folded = fold::folded(text).trim().to_owned();
        let lang = match () {
            () if folded.is_empty() => return None,
            () if folded.chars().any(is_han) => Lang::Zh,
            () if is_cas(&folded) => Lang::Cas,
            () if has_word(text) => Lang::En,
            () => Lang::Other,
        };
        Some(Self { text: text.to_owned(), folded, lang })
    }

    /// The same name, known to be of this kind.
    #[must_use]
    pub fn known(self, lang: Lang) -> Self {
        Self { lang, ..self }
    }
}

/// Whether four small letters stand together: a word rather than an abbreviation.
fn has_word(text: &str) -> bool {
    text.split(|c: char| !c.is_lowercase()).any(|run| run.chars().count() > 3)
}

/// One thing, by all of its names: its Chinese name first, then the English one and the CAS number where there are any,
/// then the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concept {
    /// What it is.
    pub subject: Subject,
    /// Its names, never empty, none twice.
    pub names: Vec<Name>,
}

impl Concept {
    /// The first name of a kind.
    pub fn name(&self, lang: Lang) -> Option<&Name> {
        self.names.iter().find(|name| name.lang == lang)
    }
}

/// Whether a text is a CAS registry number: two to seven digits, two, and a check digit that is the sum of the digits
/// before it, each times its place from the right, modulo ten.
pub fn is_cas(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [first, second, check] = parts[..] else { return false };
    let sound = (2..=7).contains(&first.len()) && second.len() == 2 && check.len() == 1;
    if !sound || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return false;
    }
    let digits = first.bytes().chain(second.bytes()).rev();
    let sum: u32 = digits.zip(1..).map(|(digit, place)| u32::from(digit - b'0') * place).sum();
    check.bytes().all(|digit| u32::from(digit - b'0') == sum % 10)
}
