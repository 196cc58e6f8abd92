//! Where a point of the upright, level page stands on the picture that the file holds, and back.

use crate::geometry::PixelBox;

/// How the upright, level page lies in the file's picture.
///
/// The level page has the size of the upright one and was turned about its middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placement {
    /// Size of the file's picture in pixels.
    file_size: (u32, u32),
    /// Quarter turns clockwise from the file's picture to the upright page.
    quarter_turns: u16,
    /// Slope of the lines of the upright page, in radians clockwise.
    skew: f32,
}

impl Placement {
    /// `rotation` in degrees clockwise (a multiple of 90) from the file's picture to the upright
    /// page; `skew` in degrees clockwise by which its lines slope.
    pub fn new(width: u32, height: u32, rotation: u16, skew: f32) -> Self {
        let quarter_turns = rotation / 90 % 4;
        Self { file_size: (width, height), quarter_turns, skew: skew.to_radians() }
    }

    /// Width and height of the upright page.
    pub fn upright_size(&self) -> (u32, u32) {
        let (width, height) = self.file_size;
        if self.quarter_turns.is_multiple_of(2) { (width, height) } else { (height, width) }
    }

    /// A point of the level page on the upright one.
    pub fn level_to_upright(&self, x: f32, y: f32) -> (f32, f32) {
        self.turn(x, y, self.skew)
    }

    /// The smallest box of the file's picture that holds a box of the level page.
    pub fn to_file(&self, level: PixelBox) -> PixelBox {
        bounds_of(level, self.file_size, |x, y| {
            let (x, y) = self.level_to_upright(x, y);
            let (width, height) = (self.file_size.0 as f32, self.file_size.1 as f32);
            match self.quarter_turns {
                0 => (x, y),
                1 => (y, height - x),
                2 => (width - x, height - y),
                _ => (width - y, x),
            }
        })
    }

    /// The smallest box of the level page that holds a box of the file's picture.
    pub fn to_level(&self, file: PixelBox) -> PixelBox {
        bounds_of(file, self.upright_size(), |x, y| {
            let (width, height) = (self.file_size.0 as f32, self.file_size.1 as f32);
            let (x, y) = match self.quarter_turns {
                0 => (x, y),
                1 => (height - y, x),
                2 => (width - x, height - y),
                _ => (y, width - x),
            };
            self.turn(x, y, -self.skew)
        })
    }

    /// Turns a point of the upright page clockwise about the middle of the page.
    fn turn(&self, x: f32, y: f32, radians: f32) -> (f32, f32) {
        let (width, height) = self.upright_size();
        let (middle_x, middle_y) = (width as f32 / 2.0, height as f32 / 2.0);
        let (sin, cos) = radians.sin_cos();
        let (x, y) = (x - middle_x, y - middle_y);
        (middle_x + x * cos - y * sin, middle_y + x * sin + y * cos)
    }
}

/// The smallest box around the corners of `from`, each moved, within a picture of `size`.
fn bounds_of(from: PixelBox, size: (u32, u32), moved: impl Fn(f32, f32) -> (f32, f32)) -> PixelBox {
    let corners = [(from.x0, from.y0), (from.x1, from.y0), (from.x0, from.y1), (from.x1, from.y1)]
        .map(|(x, y)| moved(x as f32, y as f32));
    // A thousandth of a pixel of rounding error must not widen the box.
    let low = |values: [f32; 4]| (values.into_iter().fold(f32::MAX, f32::min) + 0.01).floor();
    let high = |values: [f32; 4]| (values.into_iter().fold(f32::MIN, f32::max) - 0.01).ceil();
    let (xs, ys) = (corners.map(|corner| corner.0), corners.map(|corner| corner.1));
    let within = |value: f32, limit: u32| (value.max(0.0) as u32).min(limit);
    PixelBox {
        x0: within(low(xs), size.0),
        y0: within(low(ys), size.1),
        x1: within(high(xs), size.0),
        y1: within(high(ys), size.1),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WIDTH: u32 = 1700;
    const HEIGHT: u32 = 2400;

    #[test]
    fn quarter_turns_map_a_corner_to_the_corner_it_came_from() {
        let mark = PixelBox::new(100, 50, 160, 70);
        // Where the mark of the upright page stands in the file.
        let cases = [
            (0, WIDTH, HEIGHT, PixelBox::new(100, 50, 160, 70)),
            (90, HEIGHT, WIDTH, PixelBox::new(50, WIDTH - 160, 70, WIDTH - 100)),
            (180, WIDTH, HEIGHT, PixelBox::new(WIDTH - 160, HEIGHT - 70, WIDTH - 100, HEIGHT - 50)),
            (270, HEIGHT, WIDTH, PixelBox::new(HEIGHT - 70, 100, HEIGHT - 50, 160)),
        ];
        for (rotation, width, height, expected) in cases {
            let placement = Placement::new(width, height, rotation, 0.0);
            assert_eq!(placement.upright_size(), (WIDTH, HEIGHT), "{rotation}");
            assert_eq!(placement.to_file(mark), expected, "{rotation}");
        }
    }

    #[test]
    fn a_line_that_slopes_clockwise_ends_lower_in_the_file_than_it_begins() {
        let placement = Placement::new(WIDTH, HEIGHT, 0, 1.0);
        let begin = placement.to_file(PixelBox::new(100, 1200, 110, 1230));
        let end = placement.to_file(PixelBox::new(1600, 1200, 1610, 1230));
        let drop = 1500.0 * 1f32.to_radians().sin();
        assert!(((end.y0 - begin.y0) as f32 - drop).abs() <= 1.0);
    }

    proptest! {
        #[test]
        fn a_box_mapped_forth_and_back_holds_itself_and_little_more(
            x in 300u32..1200, y in 300u32..1900, width in 1u32..200, height in 1u32..60,
            quarters in 0u16..4, skew in -5.0f32..5.0,
        ) {
            let placement = Placement::new(WIDTH, HEIGHT, quarters * 90, skew);
            let level = PixelBox::new(x, y, x + width, y + height);
            let (page_width, page_height) = placement.upright_size();
            prop_assume!(level.x1 + 200 < page_width && level.y1 + 200 < page_height);
            let back = placement.to_level(placement.to_file(level));
            prop_assert!(back.x0 <= level.x0 && back.y0 <= level.y0);
            prop_assert!(back.x1 >= level.x1 && back.y1 >= level.y1);
            // Each of the two boxes adds what its sides lean over: twice sin(5°) of the other side.
            let slack = |side: u32| (2.0 * 0.09 * side as f32) as u32 + 4;
            prop_assert!(level.x0 - back.x0 <= slack(height) + slack(width) / 8);
            prop_assert!(level.y0 - back.y0 <= slack(width) + slack(height) / 8);
        }

        #[test]
        fn boxes_stay_within_the_picture(
            x0 in 0u32..5000, y0 in 0u32..5000, x1 in 0u32..5000, y1 in 0u32..5000,
            quarters in 0u16..4, skew in -6.0f32..6.0,
        ) {
            let placement = Placement::new(WIDTH, HEIGHT, quarters * 90, skew);
            let file = placement.to_file(PixelBox::new(x0, y0, x1, y1));
            prop_assert!(file.x0 <= WIDTH && file.x1 <= WIDTH);
            prop_assert!(file.y0 <= HEIGHT && file.y1 <= HEIGHT);
        }
    }
}
