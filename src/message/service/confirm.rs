//! An address is confirmed by the code that was mailed to it.

use serde_json::json;

use crate::{
    message::{
        model::code::{self, Verdict},
        policy, store,
    },
    platform::{
        command::Command,
        db::Tx,
        fault::{Fault, Outcome},
        secret,
    },
};

/// Confirms the caller's address.
///
/// # Errors
/// `EMAIL_CODE_WRONG` with the tries that are left; `EMAIL_CODE_SPENT`, `EMAIL_CODE_LATE`, `EMAIL_CODE_NONE`.
pub async fn confirm(cmd: &Command<'_>, typed: &str) -> Outcome<()> {
    let reader = policy::person(&cmd.caller.actor)?;
    let typed = code::typed(typed);
    // A try in vain is counted, so the transaction succeeds whatever the verdict.
    let (verdict, tries) = cmd
        .run(policy::PREFER, async |tx: &mut Tx| {
            let books = tx.books();
            let Some(mut row) = store::preferences::lock(&books, &reader).await? else {
                return Ok((Verdict::None, 0));
            };
            let now = tx.now();
            let until = row.code_hash.as_ref().and(row.code_until);
            let fits = row.code_hash == Some(secret::hashed(&format!("{}/{typed}", row.id.0)));
            let verdict = code::judge(until, row.code_tries, fits, now);
            match verdict {
                Verdict::Right => {
                    (row.confirmed_at, row.code_hash, row.code_until, row.code_tries) = (Some(now), None, None, 0);
                }
                Verdict::Wrong => row.code_tries += 1,
                Verdict::None | Verdict::Late | Verdict::Spent => return Ok((verdict, row.code_tries)),
            }
            (row.version, row.updated_at) = (row.version + 1, now);
            store::preferences::save(&books, &row).await?;
            Ok((verdict, row.code_tries))
        })
        .await?;
    let refuse = |code, message: &str| Err(Fault::rule(code, message, json!({ "triesLeft": code::TRIES - tries })));
    match verdict {
        Verdict::Right => Ok(()),
        Verdict::Wrong => refuse("EMAIL_CODE_WRONG", "This is not the code; look at the last mail and type it again."),
        Verdict::Spent => {
            refuse("EMAIL_CODE_SPENT", "The code was tried too often; set the address again for a new one.")
        }
        Verdict::Late => refuse("EMAIL_CODE_LATE", "The code is no longer good; set the address again for a new one."),
        Verdict::None => refuse("EMAIL_CODE_NONE", "No address waits to be confirmed; set one first."),
    }
}
