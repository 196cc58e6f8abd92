//! Which way is up, and how far the lines slope: from the profile of ink over rows.
//!
//! Lines of print make a profile of steep steps along them and a smooth one across. Of the two
//! edges of a line of Latin print the base line is the sharper, since marks and tall letters blur
//! the upper one; in Vietnamese, with its stacked marks, by far.

use super::ink::{InkMap, InkStrips};

/// Scans slope by less; beyond, words of neighbouring lines overlap and no profile tells.
const STEEPEST_DEGREES: f32 = 6.0;

/// A quarter turn is taken only if its profile is this much steeper: upright is by far the rule.
const CLEARLY_STEEPER: f32 = 1.3;

/// How a page lies in its picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pose {
    /// Degrees clockwise (0, 90, 180, 270) by which the picture must be turned to stand upright.
    pub rotation: u16,
    /// Degrees clockwise by which the lines of the upright page slope.
    pub skew: f32,
}

/// How a page seems to lie, by the profiles alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Poses {
    /// The rotation that the profiles tell.
    pub rotation: u16,
    /// Slope of the lines in degrees: if they run along the picture's rows, and if along its columns.
    skews: [f32; 2],
}

impl Poses {
    /// The pose if the picture must be turned by `rotation` degrees, a multiple of 90.
    pub fn turned_by(&self, rotation: u16) -> Pose {
        Pose { rotation, skew: self.skews[usize::from(rotation / 90 % 2)] }
    }
}

/// Finds how a page lies.
pub fn find_poses(ink: &InkMap) -> Poses {
    let (level, turned) = (ink.strips(), ink.turned().strips());
    let (along, across) = (best_slope(&level), best_slope(&turned));
    let quarter = across.steepness > along.steepness * CLEARLY_STEEPER;
    let (strips, slope) = if quarter { (&turned, across) } else { (&level, along) };
    let upside_down = edge_ratio(&strips.profile(slope.slope)) > 1.0;
    Poses {
        rotation: u16::from(quarter) * 90 + u16::from(upside_down) * 180,
        skews: [along, across].map(|slope| slope.slope.atan().to_degrees()),
    }
}

#[derive(Clone, Copy)]
struct Slope {
    slope: f32,
    steepness: f32,
}

/// The slope at which the profile is steepest: first coarsely, then to a twentieth of a degree.
fn best_slope(ink: &InkStrips) -> Slope {
    let at = |degrees: f32| {
        let slope = degrees.to_radians().tan();
        Slope { slope, steepness: steepness(&ink.profile(slope)) }
    };
    let steps =
        |from: f32, step: f32, count: i32| (-count..=count).map(move |n| from + n as f32 * step);
    let best = |angles: &mut dyn Iterator<Item = f32>| {
        angles
            .map(|degrees| (degrees, at(degrees)))
            .max_by(|a, b| a.1.steepness.total_cmp(&b.1.steepness))
            .unwrap_or((0.0, at(0.0)))
    };
    let coarse = 0.4;
    let (near, _) = best(&mut steps(0.0, coarse, (STEEPEST_DEGREES / coarse) as i32));
    best(&mut steps(near, 0.05, 7)).1
}

/// How abruptly a profile goes up and down, whatever the amount of ink.
fn steepness(profile: &[f32]) -> f32 {
    let jumps: f32 = profile.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum();
    let ink: f32 = profile.iter().map(|count| count * count).sum();
    if ink == 0.0 { 0.0 } else { jumps / ink }
}

/// Sharpness of the upper edges of lines over that of the lower ones: below 1 on upright pages.
///
/// All rises and all falls of a profile sum up to the same, so the cubes tell which are in fewer,
/// larger steps.
fn edge_ratio(profile: &[f32]) -> f32 {
    let (mut rises, mut falls) = (0.0, 0.0);
    for pair in profile.windows(2) {
        let step = pair[1] - pair[0];
        if step > 0.0 { rises += step.powi(3) } else { falls -= step.powi(3) }
    }
    if falls == 0.0 { 1.0 } else { rises / falls }
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma, imageops};

    use super::*;
    use crate::ocr::prepare::{Placement, filter};

    /// Lines of "letters" 10 cells high, every third with a stem above, every ninth with one below.
    fn print() -> GrayImage {
        GrayImage::from_fn(1200, 1500, |x, y| {
            let margin = !(100..1100).contains(&x) || !(100..1400).contains(&y);
            // Letters of one line do not stand under those of another.
            let shifted = x + 5 * (y / 40);
            let (letter, in_letter, in_line) = (shifted / 14, shifted % 14, y % 40);
            // A word ends after some letters, otherwise at another place in each line.
            let space = (letter + 3 * (y / 40)) % 7 == 0;
            let stem = (3..6).contains(&in_letter);
            let inked = match in_line {
                4..14 => stem && letter % 3 == 0,
                14..24 => in_letter < 9,
                24..32 => stem && letter % 9 == 1,
                _ => false,
            };
            Luma([if inked && !margin && !space { 0 } else { 255 }])
        })
    }

    #[test]
    fn print_is_found_upright_however_it_is_turned() {
        let upright = print();
        let turned = [
            (0, upright.clone()),
            (90, imageops::rotate270(&upright)),
            (180, imageops::rotate180(&upright)),
            (270, imageops::rotate90(&upright)),
        ];
        for (rotation, picture) in turned {
            let poses = find_poses(&InkMap::of(&picture, 150));
            assert_eq!(poses.rotation, rotation);
        }
    }

    #[test]
    fn the_slope_of_lines_is_found_to_a_tenth_of_a_degree() {
        for degrees in [-4.0, -0.7, 0.0, 0.35, 2.5] {
            // Turned by the opposite slope, level print slopes by this one.
            let sloping = filter::levelled(&print(), &Placement::new(1200, 1500, 0, -degrees));
            let pose = find_poses(&InkMap::of(&sloping, 150)).turned_by(0);
            assert!((pose.skew - degrees).abs() <= 0.1, "{degrees}: {}", pose.skew);
        }
    }

    #[test]
    fn a_page_without_ink_lies_as_it_is() {
        for size in [0, 1, 40] {
            let picture = GrayImage::from_pixel(size, size, Luma([255]));
            let poses = find_poses(&InkMap::of(&picture, 150));
            assert_eq!(poses.rotation, 0);
        }
    }
}
