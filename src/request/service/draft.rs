//! Writing requests.

use entity::{
    enums::RequestStatus,
    ids::{RequestId, RequestItemId},
    referral_item, request, request_item,
};
use serde_json::json;

use super::{desk::Desk, place};
use crate::{
    directory::institution::model::Blank,
    platform::{
        command::Command,
        db::Tx,
        fault::{Fault, Outcome, Problems},
    },
    request::{
        model::{
            Done,
            draft::{self, NewRequest, RequestEdit},
        },
        policy,
    },
};

/// Drafts one.
///
/// # Errors
/// `INVALID`; `NOT_FOUND` for a provider's offering that you cannot see.
pub async fn create(cmd: &Command<'_>, new: NewRequest) -> Outcome<Done> {
    cmd.run(policy::CREATE, async |tx: &mut Tx| {
        let mut problems = Problems::default();
        let blank = Blank { id: RequestId(tx.id()), agency: tx.agency()?.clone(), at: tx.now() };
        let author = policy::who(tx.permit().actor());
        let (wanted, providers, placement) = (new.items.clone(), new.providers.clone(), new.placement);
        let row = new.entered(&mut problems, blank, author, tx.today());
        let items = draft::items(&mut problems, wanted, &row, || tx.id());
        draft::providers(&mut problems, &providers, placement, items.len());
        problems.finish()?;
        let row = tx.insert(row).await?;
        for item in items {
            tx.insert(item).await?;
        }
        let mut desk = Desk::laid_out(tx, row).await?;
        place::name(&mut desk, &providers).await?;
        Ok(desk.done(None, None))
    })
    .await
}

/// Edits a draft.
///
/// # Errors
/// `INVALID`; `STALE_VERSION`; `NOT_A_DRAFT`.
pub async fn edit(cmd: &Command<'_>, id: RequestId, edit: RequestEdit) -> Outcome<Done> {
    cmd.run(policy::EDIT, async |tx: &mut Tx| {
        let mut desk = Desk::of_request(tx, id).await?;
        cmd.expect_version(desk.request.version)?;
        if desk.request.status != RequestStatus::Draft {
            return Err(not_a_draft(&desk.request));
        }
        let mut problems = Problems::default();
        let today = desk.tx.today();
        let row = edit.over(&mut problems, &desk.request, desk.tx.now(), today);
        let items = edit.items.clone().map(|wanted| draft::items(&mut problems, wanted, &row, || desk.tx.id()));
        let count = items.as_ref().map_or(desk.items.len(), Vec::len);
        draft::providers(&mut problems, edit.providers.as_deref().unwrap_or_default(), row.placement, count);
        if edit.items.is_some() && edit.providers.is_none() && !desk.referrals.is_empty() {
            problems.add("input.providers", "REQUIRED", "Items are counted anew; name the providers again with them.");
        }
        problems.finish()?;
        let author = desk.who();
        desk.write_request(request::Model { author, ..row }).await?;
        if let Some(items) = items {
            replace_items(&mut desk, items).await?;
        }
        if let Some(providers) = &edit.providers {
            unname(&mut desk).await?;
            place::name(&mut desk, providers).await?;
        }
        Ok(desk.done(None, None))
    })
    .await
}

async fn replace_items(desk: &mut Desk<'_>, items: Vec<request_item::Model>) -> Outcome<()> {
    unname(desk).await?;
    for item in std::mem::take(&mut desk.items) {
        desk.tx.remove(item).await?;
    }
    for item in items {
        let item = desk.tx.insert(item).await?;
        desk.items.push(item);
    }
    Ok(())
}

/// Takes the named providers of a draft away; nobody has seen them.
async fn unname(desk: &mut Desk<'_>) -> Outcome<()> {
    for row in std::mem::take(&mut desk.referrals) {
        let items: Vec<RequestItemId> = desk.placed.remove(&row.id).unwrap_or_default();
        for item_id in items {
            let link = referral_item::Model { referral_id: row.id, item_id, agency: row.agency.clone() };
            desk.tx.unlink(link).await?;
        }
        desk.tx.remove(row).await?;
    }
    Ok(())
}

fn not_a_draft(row: &request::Model) -> Fault {
    Fault::rule(
        "NOT_A_DRAFT",
        format!("This request is {}; only a draft is edited. Ask its approver to return it.", row.status.word()),
        json!({ "status": row.status }),
    )
}
