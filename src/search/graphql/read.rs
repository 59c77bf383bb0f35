//! How a question was understood, and how far the index is, in the schema.

use async_graphql::{Context, Object, Result, SimpleObject};

use crate::{
    graphql::context::reads,
    platform::{fault::Outcome, lag::Lag},
    search::{
        find::{self, Understood},
        follow::Standing,
    },
};

/// A count as the schema shows it.
pub fn count(count: u64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// How a question was understood.
#[derive(Clone, Debug, SimpleObject)]
pub struct QuestionRead {
    /// The standards that are asked for.
    pub standards: Vec<StandardRead>,
    /// The words that are asked for, each with what else it is called.
    pub words: Vec<WordRead>,
    /// Words that were passed over, because they carry no weight.
    pub passed_over: Vec<String>,
    /// Words, and parts of words, that nothing in the register has: what is found answers the others alone.
    pub unknown: Vec<String>,
    /// Whether lines are listed that do not answer every word that carries weight, because no line does. Where lines do that
    /// are elsewhere, or not available, nothing is put in their place.
    pub relaxed: bool,
}

/// A standard that is asked for.
#[derive(Clone, Debug, SimpleObject)]
pub struct StandardRead {
    /// Its number in canonical print.
    pub number: String,
    /// Whether any line cites it, in whatever edition.
    pub known: bool,
}

/// A word that is asked for.
#[derive(Clone, Debug, SimpleObject)]
pub struct WordRead {
    /// The word, folded.
    pub text: String,
    /// Other names of the same thing that were looked for as well.
    pub synonyms: Vec<String>,
}

/// How far the index of the node that answers is.
#[derive(Clone, Copy, Debug)]
pub struct SearchIndex(pub Standing);

/// How far the index of the node that answers is.
#[Object]
impl SearchIndex {
    /// How many entries of the feed it has not yet read. While it is being built: all of them.
    async fn lag(&self, ctx: &Context<'_>) -> Result<i32> {
        let lag: Outcome<Lag> = Lag::read(&reads(ctx)?.db).await;
        Ok(count(lag?.behind(self.0.seq.unwrap_or(0))))
    }

    /// Whether it is being built anew: until that has ended, not everything can be found.
    async fn building(&self) -> bool {
        self.0.seq.is_none()
    }

    /// How many revisions of lines have been read, while it is being built.
    async fn built(&self) -> Option<i32> {
        self.0.built.map(count)
    }
}

impl From<&Understood> for QuestionRead {
    fn from(understood: &Understood) -> Self {
        let standard =
            |asked: &find::grade::Asked| StandardRead { number: asked.number.clone(), known: asked.known.is_some() };
        let word = |word: &find::Word| WordRead { text: word.text.clone(), synonyms: word.synonyms.clone() };
        Self {
            standards: understood.asked.iter().map(standard).collect(),
            words: understood.words().map(word).collect(),
            passed_over: understood.passed_over.clone(),
            unknown: understood.unknown.clone(),
            relaxed: understood.is_relaxed(),
        }
    }
}
