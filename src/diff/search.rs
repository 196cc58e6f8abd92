//! Finds, among many plans, the one that a plan carries out: near-duplicates issued higher up.
//!
//! Plans are compared by the runs of words that they share (shingles). A sample of them, the same for
//! all plans, goes into an index, so that a plan meets only those with which it has words in common,
//! and all pairs of a thousand plans are no million comparisons.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use rayon::prelude::*;

use crate::plan::{Document, LineRole, Plan};

use super::tokens::{canonical_code, folded};

/// Words in a run.
const RUN: usize = 5;
/// One run in so many is kept.
const SAMPLED: u64 = 4;
/// A run that more plans have than this is a formula.
const COMMON: usize = 200;
/// A plan that shares less of its runs is of another matter.
const LEAST_SHARE: f64 = 0.05;
/// What a citation counts beside the share of runs.
const CITED: f64 = 1.0;

/// What the search must know of a plan.
pub struct Entry {
    /// Sampled runs, sorted.
    runs: Vec<u64>,
    level: Option<u8>,
    date: Option<String>,
    /// Number and symbol of its documents, with their dates.
    codes: Vec<(String, Option<String>)>,
    /// Codes that it cites.
    cited: Vec<(String, Option<String>)>,
}

/// A plan that another may carry out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Index of the entry.
    pub index: usize,
    /// Share of the lower plan's sampled runs that it has, and 1 more if the lower plan cites it.
    pub score: f64,
}

impl Entry {
    pub fn new(plan: &Plan) -> Self {
        let main = plan.documents.iter().max_by_key(|document| document.sections.len());
        Self {
            runs: sampled_runs(plan),
            level: main.and_then(level),
            date: main.and_then(|document| document.date.clone()),
            codes: plan
                .documents
                .iter()
                .filter_map(|document| {
                    let (number, symbol) = (document.number.as_ref()?, document.symbol.as_ref()?);
                    Some((unmarked(&format!("{number}{symbol}")), document.date.clone()))
                })
                .collect(),
            cited: plan
                .references
                .iter()
                .map(|cited| (unmarked(&cited.id), cited.date.clone()))
                .collect(),
        }
    }

    fn cites(&self, other: &Self) -> bool {
        let agree = |a: &Option<String>, b: &Option<String>| match (a, b) {
            (Some(a), Some(b)) => a.starts_with(b.as_str()) || b.starts_with(a.as_str()),
            _ => true,
        };
        other.codes.iter().any(|(code, date)| {
            self.cited.iter().any(|(cited, dated)| cited == code && agree(date, dated))
        })
    }

    /// Whether `other` is issued higher up, or, of the same unknown level, earlier.
    fn is_below(&self, other: &Self) -> bool {
        match (self.level, other.level) {
            (Some(own), Some(above)) => above > own,
            _ => match (&self.date, &other.date) {
                (Some(own), Some(before)) => before < own,
                _ => false,
            },
        }
    }
}

fn unmarked(code: &str) -> String {
    canonical_code(code).replace(['/', '-'], "")
}

/// 3 for the state, 2 for a province, 1 for a commune, by who issued it.
fn level(document: &Document) -> Option<u8> {
    let issuer = document.issuer.as_deref()?.to_lowercase();
    let named = |words: &[&str]| words.iter().any(|word| issuer.contains(word));
    // The innermost first: "phòng … phường … thành phố".
    if named(&["phường", "xã ", "đặc khu", "thị trấn", "huyện", "quận"]) {
        Some(1)
    } else if named(&["tỉnh", "thành phố", "thành ủy", "sở "]) {
        Some(2)
    } else if named(&["chính phủ", "bộ ", "trung ương", "quốc hội", "thủ tướng"]) {
        Some(3)
    } else {
        None
    }
}

fn sampled_runs(plan: &Plan) -> Vec<u64> {
    let body = plan.lines.iter().filter(|line| line.role == LineRole::Body);
    let words: Vec<u64> = body
        .flat_map(|line| line.text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .map(|word| hashed(&folded(&word.to_lowercase())))
        .collect();
    let runs = words.windows(RUN).map(|run| hashed(&run));
    let mut runs: Vec<u64> = runs.filter(|run| run % SAMPLED == 0).collect();
    runs.sort_unstable();
    runs.dedup();
    runs
}

fn hashed(value: &(impl Hash + ?Sized)) -> u64 {
    // With fixed keys: the same in every run of the program.
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// For each entry the best plan above it among the others, if there is one.
pub fn find_uppers(entries: &[Entry]) -> Vec<Option<Candidate>> {
    let mut index: HashMap<u64, Vec<u32>> = HashMap::new();
    for (at, entry) in entries.iter().enumerate() {
        for &run in &entry.runs {
            index.entry(run).or_default().push(at as u32);
        }
    }
    (0..entries.len()).into_par_iter().map(|at| best(entries, &index, at)).collect()
}

fn best(entries: &[Entry], index: &HashMap<u64, Vec<u32>>, at: usize) -> Option<Candidate> {
    let own = &entries[at];
    let mut shared = vec![0u32; entries.len()];
    for run in &own.runs {
        let holders = &index[run];
        if holders.len() <= COMMON.max(entries.len() / 2) {
            holders.iter().for_each(|&other| shared[other as usize] += 1);
        }
    }
    let scored = (0..entries.len()).filter(|&other| other != at).filter_map(|other| {
        let share = f64::from(shared[other]) / own.runs.len().max(1) as f64;
        let cited = own.cites(&entries[other]);
        let fits = cited || share >= LEAST_SHARE && own.is_below(&entries[other]);
        fits.then_some(Candidate { index: other, score: share + if cited { CITED } else { 0.0 } })
    });
    scored.max_by(|a, b| a.score.total_cmp(&b.score).then(b.index.cmp(&a.index)))
}
