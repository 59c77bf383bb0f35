//! Completions in the schema.

use async_graphql::{Context, Enum, ID, Result, SimpleObject};
use entity::ids::{InstitutionId, LabId};

use super::items::visible;
use crate::{
    graphql::{
        context::{as_of, finder},
        scalars::show_id,
    },
    platform::fault::Fault,
    search::{
        find::{self, question::Question},
        register::Kind,
    },
};

/// Longest text that is completed, in characters.
const MOST_CHARACTERS: usize = 64;

/// What a completion names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum SuggestionKind {
    /// 项目 / 参数.
    Parameter,
    /// 产品 / 检测对象.
    Object,
    /// A standard, by family and number.
    Standard,
    /// 类别 / 领域.
    Field,
    /// A site.
    Lab,
    /// A legal entity.
    Institution,
    /// The name of an instrument.
    Instrument,
    /// A class of equipment.
    EquipmentClass,
}

impl SuggestionKind {
    const ALL: [Self; 8] = [
        Self::Parameter,
        Self::Object,
        Self::Standard,
        Self::Field,
        Self::Lab,
        Self::Institution,
        Self::Instrument,
        Self::EquipmentClass,
    ];

    fn kind(self) -> Kind {
        match self {
            Self::Parameter => Kind::Parameter,
            Self::Object => Kind::Object,
            Self::Standard => Kind::Standard,
            Self::Field => Kind::Field,
            Self::Lab => Kind::Lab,
            Self::Institution => Kind::Institution,
            Self::Instrument => Kind::Instrument,
            Self::EquipmentClass => Kind::Class,
        }
    }

    fn of(kind: Kind) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.kind() == kind)
    }
}

/// A completion of what is typed.
#[derive(Clone, Debug, SimpleObject)]
pub struct Suggestion {
    /// What it names.
    kind: SuggestionKind,
    /// The text to put in the place of what was typed.
    text: String,
    /// Typed id, where it names a site or an institution; ask `node` for it.
    id: Option<ID>,
    /// The other name of it that was typed, where it was one.
    by: Option<String>,
}

/// The completions of a text.
///
/// # Errors
/// `INVALID`, `UNAVAILABLE`.
pub(super) async fn suggest(
    ctx: &Context<'_>,
    text: String,
    kinds: Option<Vec<SuggestionKind>>,
    first: i32,
) -> Result<Vec<Suggestion>> {
    if text.chars().count() > MOST_CHARACTERS {
        let message = format!("At most {MOST_CHARACTERS} characters are completed.");
        return Err(Fault::invalid("text", "TEXT_TOO_LONG", message).into());
    }
    let Some(first) = usize::try_from(first).ok().filter(|first| (1..=50).contains(first)) else {
        return Err(Fault::invalid("first", "PAGE_SIZE", "Ask for 1 to 50 completions.").into());
    };
    let kinds: Vec<Kind> = match kinds {
        Some(kinds) => kinds.into_iter().map(SuggestionKind::kind).collect(),
        None => SuggestionKind::ALL.map(SuggestionKind::kind).to_vec(),
    };
    let question = Question::on(visible(ctx)?, as_of(ctx, None)?);
    let found = finder(ctx)?
        .ask(move |snapshot, synonyms, _| find::suggest(&snapshot, synonyms, &question, (&text, &kinds, first)))
        .await?;
    let shown = |one: find::Suggestion| {
        let kind = SuggestionKind::of(one.kind)?;
        let id = one.id.map(|id| match kind {
            SuggestionKind::Lab => show_id(LabId(id)),
            _ => show_id(InstitutionId(id)),
        });
        Some(Suggestion { kind, text: one.text, id, by: one.by })
    };
    Ok(found.into_iter().filter_map(shown).collect())
}
