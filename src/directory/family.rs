//! Keys of the loaders that page through the children of many parents, and their grouping into statements.

use std::{
    collections::HashMap,
    hash::{Hash, Hasher},
    sync::Arc,
};

use uuid::Uuid;

use crate::platform::page::{Page, Window};

/// What a list of children was asked for with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Args<F, O> {
    /// Which of them.
    pub filter: F,
    /// In which order.
    pub order: O,
    /// Which part of the list.
    pub window: Window,
}

impl<F: Hash, O: Hash> Hash for Args<F, O> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // The window has no hash; two lists that differ in it alone are told apart by their equality.
        self.filter.hash(state);
        self.order.hash(state);
    }
}

/// One page of the children of one parent. `P` says along which edge, `F` and `O` are filter and order of the noun.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ChildrenOf<P, F, O> {
    /// Along which edge.
    pub edge: P,
    /// The parent.
    pub parent: Uuid,
    /// The arguments; share one `Arc` among siblings.
    pub args: Arc<Args<F, O>>,
}

/// How many children one parent has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CountOf<P, F> {
    /// Along which edge.
    pub edge: P,
    /// The parent.
    pub parent: Uuid,
    /// Which of them.
    pub filter: Arc<F>,
}

/// The parents that are asked along one edge with the same arguments: one statement.
pub struct Family<P, A> {
    /// Along which edge.
    pub edge: P,
    /// The arguments of a page, or the filter of a count.
    pub args: Arc<A>,
    /// The parents.
    pub parents: Vec<Uuid>,
}

/// Keys that ask for pages, grouped into statements.
pub fn page_families<P, F, O>(keys: Vec<ChildrenOf<P, F, O>>) -> Vec<Family<P, Args<F, O>>>
where
    P: Eq + Hash,
    F: Eq + Hash,
    O: Eq + Hash,
{
    grouped(keys.into_iter().map(|key| (key.edge, key.args, key.parent)))
}

/// Keys that ask for counts, grouped into statements.
pub fn count_families<P: Eq + Hash, F: Eq + Hash>(keys: Vec<CountOf<P, F>>) -> Vec<Family<P, F>> {
    grouped(keys.into_iter().map(|key| (key.edge, key.filter, key.parent)))
}

fn grouped<P: Eq + Hash, A: Eq + Hash>(keys: impl Iterator<Item = (P, Arc<A>, Uuid)>) -> Vec<Family<P, A>> {
    let mut families: HashMap<(P, Arc<A>), Vec<Uuid>> = HashMap::new();
    for (edge, args, parent) in keys {
        families.entry((edge, args)).or_default().push(parent);
    }
    families.into_iter().map(|((edge, args), parents)| Family { edge, args, parents }).collect()
}

impl<P: Clone + Eq + Hash, F: Eq + Hash, O: Eq + Hash> Family<P, Args<F, O>> {
    /// Hands out what one statement found; a parent without children gets an empty page.
    pub fn hand_out<M>(
        self,
        mut pages: HashMap<Uuid, Page<M>>,
        found: &mut HashMap<ChildrenOf<P, F, O>, Arc<Page<M>>>,
    ) {
        for parent in self.parents {
            let page = Arc::new(pages.remove(&parent).unwrap_or_else(Page::empty));
            found.insert(ChildrenOf { edge: self.edge.clone(), parent, args: Arc::clone(&self.args) }, page);
        }
    }
}

impl<P: Clone + Eq + Hash, F: Eq + Hash> Family<P, F> {
    /// Hands out what one statement counted; a parent that was not counted has none.
    pub fn hand_out_counts(self, counts: &HashMap<Uuid, u64>, found: &mut HashMap<CountOf<P, F>, u64>) {
        for parent in self.parents {
            let count = counts.get(&parent).copied().unwrap_or_default();
            found.insert(CountOf { edge: self.edge.clone(), parent, filter: Arc::clone(&self.args) }, count);
        }
    }
}
