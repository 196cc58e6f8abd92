//! Boxes on a page image.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A rectangle in pixels of the page image as the file holds it, origin at the top left; `x1` and
/// `y1` are exclusive. Written as `[x0, y0, x1, y1]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(from = "[u32; 4]", into = "[u32; 4]")]
#[schemars(with = "[u32; 4]")]
pub struct PixelBox {
    pub x0: u32,
    pub y0: u32,
    pub x1: u32,
    pub y1: u32,
}

impl PixelBox {
    pub fn new(x0: u32, y0: u32, x1: u32, y1: u32) -> Self {
        Self { x0, y0, x1, y1 }
    }

    pub fn width(&self) -> u32 {
        self.x1.saturating_sub(self.x0)
    }

    pub fn height(&self) -> u32 {
        self.y1.saturating_sub(self.y0)
    }

    /// The smallest box that holds both.
    pub fn union(self, other: Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// The smallest box that holds this one in a picture `factor` times as large.
    pub fn scaled(self, factor: f32) -> Self {
        let low = |value: u32| (value as f32 * factor).floor() as u32;
        let high = |value: u32| (value as f32 * factor).ceil() as u32;
        Self { x0: low(self.x0), y0: low(self.y0), x1: high(self.x1), y1: high(self.y1) }
    }

    /// The smallest box that holds all of them; `None` for no boxes.
    pub fn around(boxes: impl IntoIterator<Item = Self>) -> Option<Self> {
        boxes.into_iter().reduce(Self::union)
    }
}

impl From<[u32; 4]> for PixelBox {
    fn from([x0, y0, x1, y1]: [u32; 4]) -> Self {
        Self { x0, y0, x1, y1 }
    }
}

impl From<PixelBox> for [u32; 4] {
    fn from(b: PixelBox) -> Self {
        [b.x0, b.y0, b.x1, b.y1]
    }
}
