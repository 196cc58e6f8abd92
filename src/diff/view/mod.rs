//! Comparisons as people look at them.
