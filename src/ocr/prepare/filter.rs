//! Pixel work: reducing, softening, turning by small angles.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::{GrayImage, Luma};

use super::placement::Placement;

const PAPER: Luma<u8> = Luma([255]);

/// Gaussian of 0.7 pixels as 256ths: the middle pixel and its neighbours.
const SOFT_MIDDLE: u32 = 148;
const SOFT_SIDE: u32 = 54;

/// A page is bitonal with at most one grey pixel for so many black ones: a signature or stamp laid
/// over a fax-coded page has some; the edges of letters in a grey scan have as many as ink.
const BLACK_FOR_A_GREY: usize = 20;

/// Whether the picture is black and white, as fax codings store it.
pub fn is_bitonal(picture: &GrayImage) -> bool {
    let count = |range: std::ops::RangeInclusive<u8>| {
        picture.as_raw().iter().filter(|value| range.contains(value)).count()
    };
    count(16..=239) * BLACK_FOR_A_GREY <= count(0..=15)
}

/// The picture at `factor` (below 1) of its resolution, each pixel the mean of those it replaces.
pub fn reduced(picture: &GrayImage, factor: f32) -> GrayImage {
    let side = |length: u32| ((length as f32 * factor).round() as u32).max(1);
    let (width, height) = picture.dimensions();
    let from = ImageRef::new(width, height, picture.as_raw(), PixelType::U8)
        .expect("as many bytes as pixels");
    let mut to = Image::new(side(width), side(height), PixelType::U8);
    let mean = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
    Resizer::new().resize(&from, &mut to, &mean).expect("both are grey");
    GrayImage::from_raw(to.width(), to.height(), to.into_vec()).expect("as many bytes as pixels")
}

/// The picture blurred by a Gaussian of 0.7 pixels.
pub fn softened(picture: &GrayImage) -> GrayImage {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let blend = |before: u8, here: u8, after: u8| {
        let sides = (u32::from(before) + u32::from(after)) * SOFT_SIDE;
        ((sides + u32::from(here) * SOFT_MIDDLE + 128) / 256) as u8
    };
    let mut rows = Vec::with_capacity(width * height);
    for row in picture.as_raw().chunks_exact(width.max(1)) {
        rows.extend(
            (0..width)
                .map(|x| blend(row[x.saturating_sub(1)], row[x], row[(x + 1).min(width - 1)])),
        );
    }
    let mut soft = Vec::with_capacity(width * height);
    for y in 0..height {
        let row = |y: usize| &rows[y * width..(y + 1) * width];
        let (before, here) = (row(y.saturating_sub(1)), row(y));
        let after = row((y + 1).min(height - 1));
        soft.extend((0..width).map(|x| blend(before[x], here[x], after[x])));
    }
    GrayImage::from_raw(picture.width(), picture.height(), soft)
        .expect("as many pixels as the picture had")
}

/// The upright page turned so that its lines are level; what comes in from outside is paper.
pub fn levelled(upright: &GrayImage, placement: &Placement) -> GrayImage {
    let (width, height) = upright.dimensions();
    let mut level = GrayImage::from_pixel(width, height, PAPER);
    // Where the middles of the first two pixels of a row lie tells where the others do.
    let source = |x: f32, y: f32| {
        let (x, y) = placement.level_to_upright(x + 0.5, y + 0.5);
        (Fixed::of(x - 0.5), Fixed::of(y - 0.5))
    };
    for (y, row) in level.chunks_exact_mut(width.max(1) as usize).enumerate() {
        let y = y as f32;
        let (first, last) = (source(0.0, y), source(width as f32, y));
        let step = |from: Fixed, to: Fixed| (to.0 - from.0) / i64::from(width);
        let (across, down) = (step(first.0, last.0), step(first.1, last.1));
        let (mut x, mut y) = first;
        for value in row {
            *value = between(upright, x, y);
            (x, y) = (Fixed(x.0 + across), Fixed(y.0 + down));
        }
    }
    level
}

/// A coordinate in pixels as a fixed-point number: floating point took a tenth of a page's time.
#[derive(Clone, Copy)]
struct Fixed(i64);

impl Fixed {
    /// Binary places: over 30,000 steps of a row the rounding stays below a 30th of a pixel.
    const PLACES: u32 = 20;

    fn of(pixels: f32) -> Self {
        Self((f64::from(pixels) * f64::from(1 << Self::PLACES)) as i64)
    }

    /// The pixel, and how far on to the next in 256ths.
    fn split(self) -> (i64, u32) {
        (self.0 >> Self::PLACES, (self.0 >> (Self::PLACES - 8) & 255) as u32)
    }
}

/// The grey between four pixels, by distance.
fn between(picture: &GrayImage, x: Fixed, y: Fixed) -> u8 {
    let ((left, right_share), (top, lower_share)) = (x.split(), y.split());
    let (width, height) = (i64::from(picture.width()), i64::from(picture.height()));
    if left < 0 || top < 0 || left + 1 >= width || top + 1 >= height {
        // At the edge the neighbours outside are paper, and nothing fine is printed there.
        let inside = (0..width).contains(&left) && (0..height).contains(&top);
        return if inside { picture.as_raw()[(top * width + left) as usize] } else { PAPER.0[0] };
    }
    let at = (top * width + left) as usize;
    let pixels = picture.as_raw();
    let (upper, lower) = (&pixels[at..at + 2], &pixels[at + width as usize..][..2]);
    let mix = |a: u32, b: u32, share: u32| a * (256 - share) + b * share;
    let along = |pair: &[u8]| mix(u32::from(pair[0]), u32::from(pair[1]), right_share);
    ((mix(along(upper), along(lower), lower_share) + (1 << 15)) >> 16) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_bitonal_in_spite_of_a_picture_laid_over_it() {
        // One row in ten is ink, or its edge in a grey scan.
        let page = |edge: u8, grey_rows: u32| {
            GrayImage::from_fn(100, 400, |_, y| {
                Luma([match y % 10 {
                    3 => 0,
                    4 => edge,
                    _ if y < grey_rows => 128,
                    _ => 255,
                }])
            })
        };
        assert!(is_bitonal(&page(255, 0)));
        assert!(is_bitonal(&page(255, 2)));
        assert!(!is_bitonal(&page(128, 0)));
        assert!(!is_bitonal(&page(255, 40)));
    }

    #[test]
    fn softening_keeps_plain_areas_and_spreads_an_edge_over_two_pixels() {
        let picture = GrayImage::from_fn(8, 5, |x, _| Luma([if x < 4 { 0 } else { 255 }]));
        let soft = softened(&picture);
        let row: Vec<u8> = (0..8).map(|x| soft.get_pixel(x, 2).0[0]).collect();
        assert_eq!(row, [0, 0, 0, 54, 201, 255, 255, 255]);
    }

    #[test]
    fn odd_sizes_survive_every_filter() {
        for (width, height) in [(0, 0), (1, 1), (1, 9), (9, 1)] {
            let picture = GrayImage::from_pixel(width, height, PAPER);
            let placement = Placement::new(width, height, 0, 2.0);
            assert_eq!(softened(&picture).dimensions(), (width, height));
            assert_eq!(levelled(&picture, &placement).dimensions(), (width, height));
            if width > 0 {
                assert!(reduced(&picture, 0.5).width() >= 1);
            }
        }
    }

    #[test]
    fn levelling_makes_a_sloping_rule_level() {
        let slope = 2f32.to_radians().tan();
        let picture = GrayImage::from_fn(400, 200, |x, y| {
            let middle = 100.0 + (x as f32 - 200.0) * slope;
            Luma([if (y as f32 - middle).abs() < 2.0 { 0 } else { 255 }])
        });
        let level = levelled(&picture, &Placement::new(400, 200, 0, 2.0));
        for x in [60, 200, 340] {
            let darkest = (0..200).min_by_key(|y| level.get_pixel(x, *y).0[0]).expect("rows");
            assert!((98..=102).contains(&darkest), "at {x} the rule is at {darkest}");
        }
    }
}
