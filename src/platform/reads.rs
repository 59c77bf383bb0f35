//! The reading side of one request: the database, what the caller may see, and the batching of what is asked for.
//!
//! Fields of one level ask one by one, and all of them have asked before the first is answered; so whoever wakes
//! first takes everything that was asked for to the database in one statement. No timer is involved, and nothing is
//! shared between requests, so that nothing can leak from one agency to another.

use std::{
    any::{Any, TypeId},
    collections::{HashMap, HashSet},
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
};

use tokio::sync::OnceCell;

use super::{
    access::{Caller, Visible},
    db::Db,
    fault::Outcome,
};

/// Reads for one request.
pub struct Reads {
    /// The database.
    pub db: Db,
    /// Who asks.
    pub caller: Caller,
    /// What the caller may see.
    pub visible: Visible,
    open: Mutex<HashMap<TypeId, Box<dyn Any + Send>>>,
}

/// How the values of one type of key are found, for many keys with one statement. Keys that are not found, or not
/// visible, are left out.
pub trait Loader<K: Eq + Hash + Clone + Send + Sync + 'static> {
    /// What a key stands for.
    type Value: Clone + Send + Sync + 'static;

    /// Finds them.
    fn load(&self, keys: Vec<K>) -> impl Future<Output = Outcome<HashMap<K, Self::Value>>> + Send;
}

struct Batch<K, V> {
    keys: Mutex<HashSet<K>>,
    answer: OnceCell<Outcome<HashMap<K, V>>>,
}

impl Reads {
    /// Reads for the caller of one request.
    pub fn new(db: Db, caller: Caller) -> Self {
        let visible = Visible::to(&caller.actor);
        Self { db, caller, visible, open: Mutex::default() }
    }

    /// What `key` stands for, found together with everything else that is asked for at the same time.
    ///
    /// # Errors
    /// Those of the loader.
    pub async fn load<K>(&self, key: K) -> Outcome<Option<<Self as Loader<K>>::Value>>
    where
        K: Eq + Hash + Clone + Send + Sync + 'static,
        Self: Loader<K>,
    {
        let batch = self.join(key.clone());
        everybody_asks().await;
        if batch.answer.get().is_none() {
            // On the heap, and only for whoever goes: the others wait in a future of a few words, as does each field
            // of a type that has one such field.
            Box::pin(batch.answer.get_or_init(|| async {
                self.shut(&batch);
                let keys = std::mem::take(&mut *lock(&batch.keys));
                <Self as Loader<K>>::load(self, keys.into_iter().collect()).await
            }))
            .await;
        }
        let answer = batch.answer.get().expect("it was just waited for");
        answer.as_ref().map(|found| found.get(&key).cloned()).map_err(Clone::clone)
    }

    fn join<K, V>(&self, key: K) -> Arc<Batch<K, V>>
    where
        K: Eq + Hash + Send + Sync + 'static,
        V: Send + Sync + 'static,
    {
        let mut open = lock(&self.open);
        let slot = open
            .entry(TypeId::of::<Batch<K, V>>())
            .or_insert_with(|| Box::new(Arc::new(Batch::<K, V> { keys: Mutex::default(), answer: OnceCell::new() })));
        let batch = slot.downcast_ref::<Arc<Batch<K, V>>>().expect("the slot of a type holds a batch of that type");
        lock(&batch.keys).insert(key);
        Arc::clone(batch)
    }

    fn shut<K: Send + Sync + 'static, V: Send + Sync + 'static>(&self, batch: &Arc<Batch<K, V>>) {
        let mut open = lock(&self.open);
        let slot = TypeId::of::<Batch<K, V>>();
        if open
            .get(&slot)
            .and_then(|any| any.downcast_ref::<Arc<Batch<K, V>>>())
            .is_some_and(|now| Arc::ptr_eq(now, batch))
        {
            open.remove(&slot);
        }
    }
}

/// Gives every sibling its turn to ask: each is polled once before the first is polled again.
async fn everybody_asks() {
    let mut asked = false;
    std::future::poll_fn(|context| {
        if asked {
            return Poll::Ready(());
        }
        asked = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
