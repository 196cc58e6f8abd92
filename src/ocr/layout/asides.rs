//! Parts the text of a page from what is on it besides: stamps and noise.
//!
//! Done before columns are looked for, since stamps and seals stand across them.

use super::fragments::{Fragment, join_rows, sort_downwards};
use super::{Sheet, noise, stamps};
use crate::plan::LineRole;

/// The page's fragments, parted by what they are.
pub(super) struct Parted {
    /// From top to bottom.
    pub text: Vec<Fragment>,
    /// Lines outside the text.
    pub asides: Vec<(LineRole, Vec<Fragment>)>,
}

/// Parts text from stamps and noise. Takes fragments from top to bottom.
pub(super) fn part(sheet: &Sheet, mut fragments: Vec<Fragment>) -> Parted {
    let debris = noise::cut_debris(sheet, &mut fragments);
    stamps::cut_off_text(sheet, &mut fragments);
    sort_downwards(&mut fragments);
    let mut roles = vec![LineRole::Body; fragments.len()];
    stamps::mark(sheet, &fragments, &mut roles);
    noise::mark(sheet, &fragments, &mut roles);
    let mut text = Vec::new();
    let (mut stamped, mut specks) = (Vec::new(), debris);
    for (fragment, role) in fragments.into_iter().zip(roles) {
        match role {
            LineRole::Stamp => stamped.push(fragment),
            LineRole::Noise => specks.push(fragment),
            _ => text.push(fragment),
        }
    }
    sort_downwards(&mut specks);
    let mut asides = Vec::new();
    for (role, fragments) in [(LineRole::Stamp, stamped), (LineRole::Noise, specks)] {
        asides.extend(join_rows(sheet, fragments).into_iter().map(|line| (role, line)));
    }
    Parted { text, asides }
}
