//! Numbers that follow from a seed, the same on every run and with every version of a library.

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Evenly from 0 up to 1.
    pub fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// Evenly from `-1` to 1.
    pub fn signed(&mut self) -> f32 {
        self.unit() * 2.0 - 1.0
    }

    /// Nearly normal with mean 0 and deviation 1: the sum of three even numbers.
    pub fn normal(&mut self) -> f32 {
        self.signed() + self.signed() + self.signed()
    }

    /// Smooth values from -1 to 1 over the unit square.
    pub fn field(&mut self, columns: usize, rows: usize) -> Field {
        let values = (0..(columns + 1) * (rows + 1)).map(|_| self.signed()).collect();
        Field { columns, rows, values }
    }
}

/// Values at the corners of a grid, interpolated between them.
pub struct Field {
    columns: usize,
    rows: usize,
    values: Vec<f32>,
}

impl Field {
    /// The value at a place given as shares of width and height.
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let (x, y) =
            (x.clamp(0.0, 0.9999) * self.columns as f32, y.clamp(0.0, 0.9999) * self.rows as f32);
        let (column, row) = (x as usize, y as usize);
        let (dx, dy) = (x - column as f32, y - row as f32);
        let corner = |right: usize, down: usize| {
            self.values[(row + down) * (self.columns + 1) + column + right]
        };
        let top = corner(0, 0) * (1.0 - dx) + corner(1, 0) * dx;
        let bottom = corner(0, 1) * (1.0 - dx) + corner(1, 1) * dx;
        top * (1.0 - dy) + bottom * dy
    }
}
