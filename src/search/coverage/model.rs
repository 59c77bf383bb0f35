//! What the solver is asked and what it answers.

/// A basket, the labs that may take part and what they offer for it.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    /// Quantity of each item; an item is never split. The position in this list is the item's number.
    pub quantities: Vec<u32>,
    /// The labs, in the order of their key: of plans equal in everything, the one with the earlier labs wins.
    pub labs: Vec<Candidate>,
    /// Who can do what. Offers that name an item or a lab outside the lists are no offers.
    pub offers: Vec<Offer>,
}

/// A lab that may take items.
#[derive(Clone, Copy, Debug, Default)]
pub struct Candidate {
    /// Distance from the asker in kilometres; one trip for each lab used. None, negative or not finite: unknown.
    pub distance_km: Option<f64>,
    /// Units the lab can take over all its items together; none: not limited.
    pub limit: Option<u32>,
}

/// A lab can do an item. Several offers of one lab for one item are allowed; a plan names the one it means.
#[derive(Clone, Copy, Debug)]
pub struct Offer {
    /// Position of the item in [`Problem::quantities`].
    pub item: usize,
    /// Position of the lab in [`Problem::labs`].
    pub lab: usize,
    /// Grade of the match; smaller is better, and grades of a plan add up.
    pub quality: u32,
    /// Day number on which the item would be finished; none: not known, which counts as last.
    pub ready: Option<i32>,
    /// Units free for this item; none: not limited. An offer with less than the item's quantity is of no use.
    pub free: Option<u32>,
}

/// What matters first. Most items covered always comes before all; each next figure decides only between equals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preference {
    /// Fewest labs, best total quality, least total distance, soonest latest date.
    FewestLabs,
    /// Least total distance, fewest labs, best total quality, soonest latest date.
    Nearest,
    /// Soonest latest date, fewest labs, best total quality, least total distance.
    Soonest,
}

/// How much searching is allowed, counted in steps and not by a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// Steps for the whole answer; a step is about one pass of a bound over one lab.
    pub steps: u64,
}

impl Default for Work {
    fn default() -> Self {
        Self { steps: 24_000_000 }
    }
}

/// One item at one lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// Position of the item.
    pub item: usize,
    /// Position of the lab.
    pub lab: usize,
    /// Position of the offer in [`Problem::offers`] by which the lab takes the item.
    pub offer: usize,
}

/// Totals of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Figures {
    /// Sum of the known distances of the labs used, in kilometres.
    pub total_km: f64,
    /// Labs used whose distance is not known (each counted as one kilometre past the farthest known one, or as
    /// 10,000 km where none is known).
    pub unknown_distances: usize,
    /// Day number by which everything is finished; none when a date is not known or nothing is covered.
    pub latest_ready: Option<i32>,
    /// Sum of the grades.
    pub quality: u64,
}

/// Labs that together take the basket.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The items covered, by item.
    pub assignments: Vec<Placement>,
    /// The items that no lab takes in this plan, ascending.
    pub uncovered: Vec<usize>,
    /// The labs used, ascending.
    pub labs_used: Vec<usize>,
    /// Totals.
    pub figures: Figures,
    /// True when it is proven that no better plan exists (for an alternative: none with another set of labs than
    /// the plans before it, among plans that cover as many items as the best).
    pub optimal: bool,
}

/// The plans, the best first. Each uses another set of labs than those before it and covers as many items as the
/// best one; there are at most [`super::PLANS`]. The first is always there, if need be with nothing covered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The best plan.
    pub best: Plan,
    /// Further plans, ordered by preference.
    pub alternatives: Vec<Plan>,
}
