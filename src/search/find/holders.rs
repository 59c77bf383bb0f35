//! Which holders may be meant, and where they are.

use std::{collections::HashSet, sync::Arc};

use chrono::NaiveDate;
use entity::enums::{CertificateScheme, CertificateStatus, Standing, Visibility};
use hashbrown::HashMap;
use uuid::Uuid;

use super::question::Question;
use crate::{
    directory::region::divisions::{Point, haversine_km},
    platform::access::Visible,
    search::{
        index::Snapshot,
        register::{Certificate, Day, Holder, Kind, Lab, Register, Shelf, Value},
    },
};

/// Where so few sites may be meant, their own lines may be gone through.
const FEW_LABS: usize = 256;

/// The most metres, days: not known.
pub const UNKNOWN: u32 = (1 << 24) - 1;

/// What a question says of sites and certificates, each thing in a list of its own, because lines ask for one of them at
/// a time.
#[derive(Debug, Default)]
pub struct Holders {
    /// Whether any passes.
    pub any: bool,
    /// Whether lines of a holder may be found at all, by number: 0 where not, else 1, the class of all that may.
    pub classes: Vec<u32>,
    /// The site of each holder, and what it has drawn.
    pub sites: Arc<SiteOf>,
    /// How far a site is, in metres, by number of the site; empty where it was not asked.
    pub metres: Vec<u32>,
    /// The sites that may be meant, where they are few.
    pub few_labs: Option<Vec<u32>>,
}

/// The sites of holders, by number of the holder.
#[derive(Debug, Default)]
pub struct SiteOf {
    /// Its number.
    pub labs: Vec<u32>,
    /// The number that it has drawn.
    pub ties: Vec<u64>,
    /// The holders in the order of these numbers.
    pub in_order: Vec<u32>,
}

impl SiteOf {
    fn each(register: &Register) -> Self {
        let drawn: Vec<u64> = register.labs.iter().map(|(_, lab)| drawn(lab.id)).collect();
        let labs: Vec<u32> = register.holders.iter().map(|(_, holder)| holder.lab).collect();
        let ties: Vec<u64> = labs.iter().map(|lab| drawn.get(*lab as usize).copied().unwrap_or(0)).collect();
        let mut in_order: Vec<u32> = (0..).take(ties.len()).collect();
        in_order.sort_unstable_by_key(|holder| ties[*holder as usize]);
        Self { labs, ties, in_order }
    }
}

/// Which words each site answers, and how well.
#[derive(Clone, Default)]
pub struct LabWords {
    /// By site; empty where no word is answered by any.
    pub words: Vec<u32>,
    /// By site.
    pub scores: Vec<u32>,
}

impl LabWords {
    /// Notes that a site answers a word, once for each.
    pub fn note(&mut self, register: &Register, lab: u32, bit: usize, worth: u32) {
        if self.words.is_empty() {
            self.words = vec![0; register.labs.len()];
            self.scores = vec![0; register.labs.len()];
        }
        if let Some(words) = self.words.get_mut(lab as usize) {
            *words |= 1 << bit;
            self.scores[lab as usize] += worth;
        }
    }

    /// Which words a site answers, and how well.
    pub fn of(&self, lab: u32) -> (u32, u32) {
        let at = lab as usize;
        (self.words.get(at).copied().unwrap_or(0), self.scores.get(at).copied().unwrap_or(0))
    }

    /// The holders that may be found, divided by what their sites answer.
    pub fn divide(&self, holders: &Holders) -> Divided {
        let mut divisions: HashMap<(u32, u32), u32> = HashMap::new();
        let mut class = |lab: u32| {
            let next = u32::try_from(divisions.len()).unwrap_or(u32::MAX) + 1;
            *divisions.entry(self.of(lab)).or_insert(next)
        };
        let passing = holders.classes.iter().zip(&holders.sites.labs);
        let classes = passing.map(|(passes, lab)| if *passes == 0 { 0 } else { class(*lab) }).collect();
        let mut answered = vec![(0, 0); divisions.len()];
        for (answer, class) in divisions {
            answered[class as usize - 1] = answer;
        }
        Divided { classes, answered }
    }

    /// The words that some site answers.
    pub fn any(&self) -> u32 {
        self.words.iter().fold(0, |all, words| all | words)
    }
}

/// Holders in classes, each with what all its sites answer.
pub struct Divided {
    /// The class of each holder, by number; 0 where it may not be found.
    pub classes: Vec<u32>,
    /// Which words the sites of a class answer, and how well, from class 1 on.
    pub answered: Vec<(u32, u32)>,
}

/// What the holders depend on; questions that agree in it share them.
#[derive(PartialEq, Eq)]
struct Asked {
    visible: Visible,
    on: NaiveDate,
    any_standing: bool,
    regions: Vec<String>,
    agencies: Vec<String>,
    institutions: Vec<Uuid>,
    labs: Vec<Uuid>,
    schemes: Vec<CertificateScheme>,
    visibility: Vec<Visibility>,
}

/// Decides every holder.
pub fn holders(snapshot: &Snapshot, question: &Question) -> Arc<Holders> {
    if question.near.is_some() {
        return Arc::new(decided(snapshot, question));
    }
    let asked = Asked {
        visible: question.visible.clone(),
        on: question.on,
        any_standing: question.any_standing,
        regions: question.regions.clone(),
        agencies: question.agencies.clone(),
        institutions: question.institutions.clone(),
        labs: question.labs.clone(),
        schemes: question.schemes.clone(),
        visibility: question.visibility.clone(),
    };
    snapshot.remembered(asked, || decided(snapshot, question))
}

fn decided(snapshot: &Snapshot, question: &Question) -> Holders {
    let register = &snapshot.register;
    let sites = Sites::of(snapshot, question);
    let on = Day::from(question.on);
    let labs: Vec<Option<u32>> = register.labs.iter().map(|(number, lab)| sites.metres(number, lab)).collect();
    let passing = labs.iter().filter(|metres| metres.is_some()).count();
    let few_labs = (passing <= FEW_LABS && passing < labs.len())
        .then(|| (0..).zip(&labs).filter(|(_, metres)| metres.is_some()).map(|(lab, _)| lab).collect());
    let certificates: Vec<bool> = register.certificates.iter().map(|(_, one)| passes(one, question, on)).collect();
    let passes = |holder: &Holder| {
        labs.get(holder.lab as usize).is_some_and(Option::is_some)
            && certificates.get(holder.certificate as usize).copied().unwrap_or(false)
            && (question.any_standing || covers(register.certificates.get(holder.certificate), holder.lab, on))
            && sites.sees(holder.agency, holder.visibility)
            && (question.agencies.is_empty() || question.agencies.iter().any(|one| one == register.text(holder.agency)))
            && (question.visibility.is_empty() || question.visibility.contains(&holder.visibility))
    };
    let classes: Vec<u32> = register.holders.iter().map(|(_, holder)| u32::from(passes(holder))).collect();
    Holders {
        any: classes.contains(&1),
        classes,
        sites: snapshot.remembered((), || SiteOf::each(register)),
        metres: match question.near {
            Some(_) => labs.into_iter().map(|metres| metres.unwrap_or(UNKNOWN)).collect(),
            None => Vec::new(),
        },
        few_labs,
    }
}

/// A number that depends on the id alone and in no orderly way: the finaliser of SplitMix64.
pub(super) fn drawn(id: uuid::Uuid) -> u64 {
    let (high, low) = id.as_u64_pair();
    let mut mixed = high ^ low.rotate_left(32);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ mixed >> 31) >> 1
}

/// Whether a row of an agency and visibility may be seen, by the agency's code.
pub fn sees(visible: &Visible, agency: &str, visibility: Visibility) -> bool {
    match visible {
        Visible::All => true,
        Visible::Public => visibility == Visibility::Public,
        Visible::Partner(own) => visibility != Visibility::Own || own.as_str() == agency,
    }
}

fn covers(certificate: Option<&Certificate>, lab: u32, on: Day) -> bool {
    certificate.is_some_and(|one| one.covers.iter().any(|(of, from, to)| *of == lab && *from <= on && on < *to))
}

/// Whether a certificate is of a wanted scheme and, unless that does not matter, in force on the date.
fn passes(certificate: &Certificate, question: &Question, on: Day) -> bool {
    let Some(revision) = certificate.revisions.iter().find(|one| one.from <= on && on < one.to) else {
        return question.any_standing && question.schemes.is_empty();
    };
    let in_force = revision.status == CertificateStatus::Active && revision.valid_from <= on && on <= revision.valid_to;
    (in_force || question.any_standing) && (question.schemes.is_empty() || question.schemes.contains(&revision.scheme))
}

/// What is asked of sites.
pub(super) struct Sites<'a> {
    question: &'a Question,
    /// Ranges of codes.
    regions: Vec<(u32, u32)>,
    labs: Option<HashSet<u32>>,
    /// The number of the asker's own agency.
    own: Option<u32>,
}

impl<'a> Sites<'a> {
    pub(super) fn of(snapshot: &'a Snapshot, question: &'a Question) -> Self {
        let labs = (!question.labs.is_empty())
            .then(|| question.labs.iter().filter_map(|id| snapshot.numbers.get(Shelf::Lab, *id)).collect());
        let register = &snapshot.register;
        let own = match &question.visible {
            Visible::Partner(own) => {
                let is_own = |value: &Value| value.kind == Kind::Agency && &*value.text == own.as_str();
                register.values.iter().find(|(_, value)| is_own(value)).map(|(number, _)| number)
            }
            Visible::All | Visible::Public => None,
        };
        let regions = question.regions.iter().filter_map(|code| subtree(code)).collect();
        Self { question, regions, labs, own }
    }

    /// Whether a row of an agency and visibility may be seen, by the agency's number.
    pub(super) fn sees(&self, agency: u32, visibility: Visibility) -> bool {
        match &self.question.visible {
            Visible::All => true,
            Visible::Public => visibility == Visibility::Public,
            Visible::Partner(_) => visibility != Visibility::Own || self.own == Some(agency),
        }
    }

    /// How far a site is that may be meant, in metres.
    pub(super) fn metres(&self, number: u32, lab: &Lab) -> Option<u32> {
        let question = self.question;
        let passes = !lab.id.is_nil()
            && self.sees(lab.agency, lab.visibility)
            && self.sees(lab.institution_agency, lab.institution_visibility)
            && (question.any_standing || lab.standing == Standing::Active)
            && (self.regions.is_empty()
                || self.regions.iter().any(|(from, to)| *from <= lab.region && lab.region <= *to))
            && self.labs.as_ref().is_none_or(|labs| labs.contains(&number))
            && (question.institutions.is_empty() || question.institutions.contains(&lab.institution));
        if !passes {
            return None;
        }
        let Some(near) = question.near else { return Some(0) };
        let point = lab.point.map(|(longitude, latitude)| Point { longitude, latitude });
        match (point.map(|point| haversine_km(near.point, point)), near.within_km) {
            (Some(km), Some(most)) if km > most => None,
            (Some(km), _) => Some(metres(km)),
            (None, Some(_)) => None,
            (None, None) => Some(UNKNOWN),
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what fits before")]
fn metres(km: f64) -> u32 {
    (km * 1_000.0).round().clamp(0.0, f64::from(UNKNOWN - 1)) as u32
}

/// The codes of a division and of everything in it: the first and the last.
pub fn subtree(code: &str) -> Option<(u32, u32)> {
    let number: u32 = code.parse().ok()?;
    let wide = match () {
        () if code.ends_with("0000") => 9_999,
        () if code.ends_with("00") => 99,
        () => 0,
    };
    Some((number, number + wide))
}
