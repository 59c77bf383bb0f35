//! Opening the index, or building it from the database while questions are answered from what is there.

use std::{sync::Arc, time::Duration};

use entity::{FOREVER, feed};
use sea_orm::{EntityTrait, QueryOrder, QuerySelect};
use tokio::time::Instant;
use uuid::Uuid;

use super::{
    Following, Settings, Shown, Standing,
    apply::{self, Batch},
    folder, lines,
    lines::Revision,
    read, rows,
    rows::Walked,
    writer,
};
use crate::{
    platform::{db::Db, fault::Outcome},
    search::index::{Index, Mark, Place, Writer},
};

/// Ids of one walk.
const WALKED: usize = 1_000;
/// From so many parts on they were left by a build that was ended before it made them one.
const MANY: usize = 24;
/// How often what was built so far is shown.
const SHOWN: Duration = Duration::from_secs(10);

/// The index that is there, if it is of this database; else a new one.
pub(super) async fn open(db: &Db, shown: &Shown, settings: &Settings) -> Outcome<Following> {
    if let Place::Folder(folder) = &settings.place
        && let Some(index) = folder::last(folder)
    {
        match index.mark() {
            Ok(mark) if mark.whole && is_ours(db, &mark).await? => {
                let writer = writer(Arc::new(index), settings.threads).await?;
                let following = Following { writer, mark, uniting: None }.shown(shown).await?;
                let parts = shown.snapshot().map_or(0, |snapshot| snapshot.segments.len());
                return if parts > MANY { following.unite() } else { Ok(following) };
            }
            _ => tracing::info!("the index is not of this database, or not whole; it is built anew"),
        }
    }
    build(db, shown, settings).await
}

/// Whether the feed of this database has the entry up to which the index has read.
async fn is_ours(db: &Db, mark: &Mark) -> Outcome<bool> {
    let entry = db.all_in_background(feed::Entity::find_by_id(mark.seq)).await?;
    Ok(entry.first().is_some_and(|entry| hex::encode(&entry.hash) == mark.hash))
}

/// A new index of everything that is in the tables.
pub(super) async fn build(db: &Db, shown: &Shown, settings: &Settings) -> Outcome<Following> {
    // What is committed while the tables are read is in the feed behind this entry, and is read again.
    let last = db.all_in_background(feed::Entity::find().order_by_desc(feed::Column::Seq).limit(1)).await?;
    let (seq, hash) = last.first().map_or((0, String::new()), |entry| (entry.seq, hex::encode(&entry.hash)));
    let place = match &settings.place {
        Place::Memory => Place::Memory,
        Place::Folder(folder) => Place::Folder(folder::next(folder)?),
    };
    let index = Arc::new(Index::create(&place)?);
    let mut building = Building {
        following: Following {
            writer: writer(index, settings.threads).await?,
            mark: Mark { seq, hash, ..Mark::default() },
            uniting: None,
        },
        built: 0,
        shown: Instant::now(),
    };
    building.following.writer.leave_apart();
    shown.stand(Standing { seq: None, built: Some(0) });
    building.following = building.following.shown_after_commit(shown).await?;
    for walked in Walked::ALL {
        building = building.walk(db, walked).await?;
    }
    building = building.lines(db, shown).await?;
    let mut following = building.following;
    following.mark.whole = true;
    let following = following.shown_after_commit(shown).await?;
    shown.stand(Standing { seq: Some(following.mark.seq), built: None });
    if let Place::Folder(folder) = &place {
        folder::remove_others(folder);
    }
    following.unite()
}

struct Building {
    following: Following,
    built: u64,
    shown: Instant,
}

impl Building {
    /// Reads a small table by its ids.
    async fn walk(mut self, db: &Db, walked: Walked) -> Outcome<Self> {
        let mut after = Uuid::nil();
        loop {
            let ids = rows::ids_after(db, walked, after, WALKED).await?;
            let Some(last) = ids.last().copied() else { return Ok(self) };
            after = last;
            let batch = read(db, walked.wanted(ids)).await?;
            self.following = self.following.blocking(move |one| apply::apply(&mut one.writer, batch)).await?;
        }
    }

    /// Reads all lines: while one stretch is written, the links of the next are read, and the rows of the one behind it.
    ///
    /// A line of one revision is written as it comes. One that was ever revised is read again by its id, because its
    /// revisions need not lie together.
    async fn lines(mut self, db: &Db, shown: &Shown) -> Outcome<Self> {
        let mut rows = Some(lines::stretch(db, 0).await?);
        let mut batch: Option<Batch> = None;
        let mut revised: Vec<Uuid> = Vec::new();
        while rows.is_some() || batch.is_some() {
            let next = rows.as_ref().and_then(|stretch| stretch.next);
            let built = batch.as_ref().map_or(0, |batch| batch.revisions.len() as u64);
            let write = self.following.writing(batch.take());
            let link = async {
                match rows.take() {
                    Some(stretch) => linked(db, stretch.revisions).await.map(Some),
                    None => Ok(None),
                }
            };
            let read = async {
                match next {
                    Some(from) => lines::stretch(db, from).await.map(Some),
                    None => Ok(None),
                }
            };
            let (written, linked, read) = tokio::join!(write, link, read);
            (self.following, rows) = (written?, read?);
            self.built += built;
            if let Some((single, more)) = linked? {
                batch = Some(single);
                revised.extend(more);
            }
            self = self.show_now_and_then(shown).await?;
        }
        revised.sort_unstable();
        revised.dedup();
        for ids in revised.chunks(WALKED) {
            let batch = read(db, super::Wanted::Lines(ids.to_vec())).await?;
            self.built += batch.revisions.len() as u64;
            let batch = Batch { replaced: Vec::new(), ..batch };
            self.following = self.following.blocking(move |one| apply::apply(&mut one.writer, batch)).await?;
            self = self.show_now_and_then(shown).await?;
        }
        Ok(self)
    }

    async fn show_now_and_then(mut self, shown: &Shown) -> Outcome<Self> {
        shown.stand(Standing { seq: None, built: Some(self.built) });
        if self.shown.elapsed() >= SHOWN {
            self.following = self.following.shown_after_commit(shown).await?;
            self.shown = Instant::now();
        }
        Ok(self)
    }
}

/// Lines of one revision with their links, and the ids of the others.
async fn linked(db: &Db, revisions: Vec<Revision>) -> Outcome<(Batch, Vec<Uuid>)> {
    let is_single = |row: &Revision| row.revision == 1 && row.to == FOREVER;
    let (single, revised): (Vec<_>, Vec<_>) = revisions.into_iter().partition(is_single);
    let ids: Vec<Uuid> = single.iter().map(|row| row.id).collect();
    let batch = Batch {
        equipment_links: lines::equipment_links(db, &ids).await?,
        signatory_links: lines::signatory_links(db, &ids).await?,
        revisions: single,
        ..Batch::default()
    };
    Ok((batch, revised.into_iter().map(|row| row.id).collect()))
}

impl Walked {
    fn wanted(self, ids: Vec<Uuid>) -> super::Wanted {
        match self {
            Self::Lab => super::Wanted::Labs(ids),
            Self::Certificate => super::Wanted::Certificates(ids),
            Self::Equipment => super::Wanted::Equipment(ids),
            Self::Signatory => super::Wanted::Signatories(ids),
            Self::Standard => super::Wanted::Standards(ids),
            Self::Offering => super::Wanted::Offerings(ids),
        }
    }
}

impl Following {
    /// Writes a batch, where there is one.
    async fn writing(self, batch: Option<Batch>) -> Outcome<Self> {
        match batch {
            Some(batch) => self.blocking(move |one| apply::apply(&mut one.writer, batch)).await,
            None => Ok(self),
        }
    }

    /// Shows what was opened.
    pub(super) async fn shown(self, shown: &Shown) -> Outcome<Self> {
        let shown = shown.clone();
        self.blocking(move |one| {
            let snapshot = Writer::snapshot(&one.writer, one.mark.clone())?;
            shown.show(snapshot);
            Ok(())
        })
        .await
    }

    async fn shown_after_commit(self, shown: &Shown) -> Outcome<Self> {
        let shown = shown.clone();
        self.blocking(move |one| {
            shown.show(one.writer.commit(one.mark.clone())?);
            Ok(())
        })
        .await
    }
}
