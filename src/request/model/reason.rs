//! Coded reasons.

use entity::enums::RefusalReason;

use crate::{
    directory::text,
    platform::fault::{Outcome, Problems},
};

/// Why something was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason {
    /// Code.
    pub code: Option<String>,
    /// In words.
    pub text: Option<String>,
}

impl Reason {
    /// A code of the desk itself.
    pub fn code(code: &str) -> Self {
        Self { code: Some(code.to_owned()), text: None }
    }

    /// A code of the desk with words.
    pub fn told(code: &str, text: impl Into<String>) -> Self {
        Self { code: Some(code.to_owned()), text: Some(text.into()) }
    }

    /// Words that must be there.
    ///
    /// # Errors
    /// `INVALID` at `reason`.
    pub fn words(given: &str) -> Outcome<Self> {
        Ok(Self { code: None, text: Some(text::reason(given)?) })
    }

    /// A refusal: `OTHER` needs words.
    ///
    /// # Errors
    /// `INVALID` at `reason`.
    pub fn refusal(code: RefusalReason, given: Option<String>) -> Outcome<Self> {
        let mut problems = Problems::default();
        let text = text::optional(&mut problems, "reason", given, text::REASON);
        if code == RefusalReason::Other && text.is_none() {
            problems.add("reason", "REQUIRED", "Say in words what the reason is; OTHER alone tells nothing.");
        }
        problems.finish()?;
        Ok(Self { code: Some(code.word().to_owned()), text })
    }
}
