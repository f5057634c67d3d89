//! What a table holds, told in a few bytes that don't depend on the order of its rows.

use std::fmt;

use sha2::{Digest, Sha256};

/// The number of rows and the sum of their digests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) rows: u64,
    digest: u128,
}

impl Sum {
    /// Counts a row, in the form in which it travels.
    pub(crate) fn add(&mut self, line: &str) {
        let hash = Sha256::digest(line.as_bytes());
        let first = hash.iter().take(16).fold(0_u128, |sum, byte| sum << 8 | u128::from(*byte));
        self.rows += 1;
        // Not XOR: the same row twice must not vanish.
        self.digest = self.digest.wrapping_add(first);
    }

    /// The digest as archives hold it.
    pub(crate) fn hex(self) -> String {
        format!("{:032x}", self.digest)
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows, {}", self.rows, self.hex())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(lines: &[&str]) -> Sum {
        let mut sum = Sum::default();
        lines.iter().for_each(|line| sum.add(line));
        sum
    }

    #[test]
    fn order_does_not_count_and_everything_else_does() {
        assert_eq!(sum(&["a", "b", "c"]), sum(&["c", "a", "b"]));
        assert_ne!(sum(&["a", "a"]), sum(&["b", "b"]));
        assert_ne!(sum(&["a", "b"]), sum(&["a"]));
        assert_ne!(sum(&["ab"]), sum(&["ac"]));
    }
}
