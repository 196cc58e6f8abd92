//! The best one-to-one assignment: of all ways to pair rows with columns the one of highest sum.
//!
//! The Hungarian method with potentials (Kuhn 1955, Munkres 1957; in the form of Jonker and
//! Volgenant 1987), O(n³). Pairs that gain nothing are never made, so the matrix is taken apart into
//! the blocks that gains connect, which are small in two plans of the same kind.

use super::connected::{connected, distinct};

/// A gain, above 0, for pairing a row with a column.
#[derive(Clone, Copy, Debug)]
pub struct Gain {
    pub row: usize,
    pub column: usize,
    pub gain: f64,
}

/// The pairs (row, column) of the assignment with the highest sum of gains, by row.
pub fn assign(gains: &[Gain]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let edges: Vec<(usize, usize)> = gains.iter().map(|gain| (gain.row, gain.column)).collect();
    for block in connected(&edges) {
        let block: Vec<Gain> = block.into_iter().map(|index| gains[index]).collect();
        let rows = distinct(block.iter().map(|gain| gain.row));
        let columns = distinct(block.iter().map(|gain| gain.column));
        let mut matrix = vec![vec![0.0; columns.len()]; rows.len()];
        for gain in &block {
            let row = rows.binary_search(&gain.row).expect("a row of the block");
            let column = columns.binary_search(&gain.column).expect("a column of the block");
            matrix[row][column] = gain.gain;
        }
        let found = solve(&matrix).into_iter().filter(|&(row, column)| matrix[row][column] > 0.0);
        pairs.extend(found.map(|(row, column)| (rows[row], columns[column])));
    }
    pairs.sort_unstable();
    pairs
}

/// Every row of the smaller side with its column.
fn solve(gains: &[Vec<f64>]) -> Vec<(usize, usize)> {
    let (rows, columns) = (gains.len(), gains[0].len());
    if rows > columns {
        let turned: Vec<Vec<f64>> =
            (0..columns).map(|c| gains.iter().map(|row| row[c]).collect()).collect();
        return solve(&turned).into_iter().map(|(row, column)| (column, row)).collect();
    }
    // 1-based, with 0 as the row or column that is not there yet.
    let mut row_potential = vec![0.0; rows + 1];
    let mut column_potential = vec![0.0; columns + 1];
    let mut row_of = vec![0; columns + 1];
    let mut before = vec![0; columns + 1];
    for row in 1..=rows {
        row_of[0] = row;
        let mut column = 0;
        let mut slack = vec![f64::INFINITY; columns + 1];
        let mut visited = vec![false; columns + 1];
        while row_of[column] != 0 {
            visited[column] = true;
            let at = row_of[column];
            let (mut step, mut next) = (f64::INFINITY, 0);
            for candidate in 1..=columns {
                if visited[candidate] {
                    continue;
                }
                let cost =
                    -gains[at - 1][candidate - 1] - row_potential[at] - column_potential[candidate];
                if cost < slack[candidate] {
                    slack[candidate] = cost;
                    before[candidate] = column;
                }
                if slack[candidate] < step {
                    (step, next) = (slack[candidate], candidate);
                }
            }
            for candidate in 0..=columns {
                if visited[candidate] {
                    row_potential[row_of[candidate]] += step;
                    column_potential[candidate] -= step;
                } else {
                    slack[candidate] -= step;
                }
            }
            column = next;
        }
        while column != 0 {
            row_of[column] = row_of[before[column]];
            column = before[column];
        }
    }
    (1..=columns).filter(|&c| row_of[c] != 0).map(|c| (row_of[c] - 1, c - 1)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn gains(matrix: &[Vec<u32>]) -> Vec<Gain> {
        let cells = matrix.iter().enumerate().flat_map(|(row, values)| {
            values.iter().enumerate().map(move |(column, &value)| (row, column, value))
        });
        cells
            .filter(|cell| cell.2 > 0)
            .map(|(row, column, value)| Gain { row, column, gain: f64::from(value) })
            .collect()
    }

    fn sum(matrix: &[Vec<u32>], pairs: &[(usize, usize)]) -> u32 {
        pairs.iter().map(|&(row, column)| matrix[row][column]).sum()
    }

    /// Tries every way.
    fn best_sum(matrix: &[Vec<u32>], row: usize, taken: &mut Vec<usize>) -> u32 {
        let Some(values) = matrix.get(row) else { return 0 };
        let mut best = best_sum(matrix, row + 1, taken);
        for (column, &value) in values.iter().enumerate() {
            if !taken.contains(&column) {
                taken.push(column);
                best = best.max(value + best_sum(matrix, row + 1, taken));
                taken.pop();
            }
        }
        best
    }

    #[test]
    fn the_highest_sum_wins_over_the_highest_pair() {
        let matrix = vec![vec![10, 9], vec![9, 1]];
        assert_eq!(assign(&gains(&matrix)), [(0, 1), (1, 0)]);
        assert_eq!(assign(&[]), []);
    }

    proptest! {
        #[test]
        fn no_other_way_gains_more(
            matrix in (1usize..5, 1usize..5).prop_flat_map(|(rows, columns)| {
                prop::collection::vec(prop::collection::vec(0u32..9, columns), rows)
            })
        ) {
            let pairs = assign(&gains(&matrix));
            prop_assert_eq!(sum(&matrix, &pairs), best_sum(&matrix, 0, &mut Vec::new()));
            let distinct_columns = distinct(pairs.iter().map(|pair| pair.1));
            prop_assert_eq!(distinct_columns.len(), pairs.len());
        }
    }
}
