//! Rules of relevance, as the files of judged queries write them: which lines count.
//!
//! `parameter=铅/总铅 & object~米 | standard=GB 5009.12 & year!=2023`: alternatives with `|` between, each of conditions with
//! `&` between. A condition is a key, how it compares, and values with `/` between, of which any will do: `=` is one of
//! them, `~` has one of them in it, `^` begins with one of them; `!` before it: none of them. `none` is what is not there.

use super::register::Line;

/// Alternatives.
#[derive(Debug)]
pub struct Rule(Vec<Vec<Condition>>);

#[derive(Debug)]
struct Condition {
    key: &'static str,
    not: bool,
    how: char,
    values: Vec<String>,
}

/// What a line is asked for.
const KEYS: [&str; 9] = ["parameter", "object", "field", "method", "standard", "year", "limits", "region", "lab"];

impl Rule {
    /// Reads a rule; an empty text is none.
    ///
    /// # Errors
    /// What cannot be understood.
    pub fn read(text: &str) -> Result<Option<Self>, String> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let all = text.split('|').map(|all| all.split('&').map(|one| condition(one.trim())).collect());
        Ok(Some(Self(all.collect::<Result<_, String>>()?)))
    }

    /// Whether a line counts.
    pub fn holds(&self, line: &Line) -> bool {
        self.0.iter().any(|all| all.iter().all(|one| one.holds(line)))
    }

    /// The alternatives that no line meets.
    pub fn idle<'a>(&'a self, lines: &[Line]) -> impl Iterator<Item = String> + use<'a> {
        let idle = |all: &&Vec<Condition>| !lines.iter().any(|line| all.iter().all(|one| one.holds(line)));
        self.0.iter().filter(idle).map(|all| format!("{all:?}")).collect::<Vec<_>>().into_iter()
    }
}

fn condition(text: &str) -> Result<Condition, String> {
    let at = text.find(['!', '=', '~', '^']).ok_or_else(|| format!("`{text}` compares nothing"))?;
    let (key, rest) = text.split_at(at);
    let key = KEYS.into_iter().find(|name| *name == key).ok_or_else(|| format!("`{key}` is no key"))?;
    let (not, rest) = rest.strip_prefix('!').map_or((false, rest), |rest| (true, rest));
    let how =
        rest.chars().next().filter(|how| "=~^".contains(*how)).ok_or_else(|| format!("`{text}` compares how?"))?;
    let values: Vec<String> = rest[1..].split('/').map(|value| value.trim().to_owned()).collect();
    if values.iter().any(String::is_empty) {
        return Err(format!("`{text}` has an empty value"));
    }
    Ok(Condition { key, not, how, values })
}

impl Condition {
    fn holds(&self, line: &Line) -> bool {
        let text = line.text(self.key);
        let fits = |value: &String| match self.how {
            '~' => text.contains(value.as_str()),
            '^' => text.starts_with(value.as_str()),
            _ => text == *value,
        };
        self.values.iter().any(fits) != self.not
    }
}
