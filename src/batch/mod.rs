//! Many files: workers, journal, progress, limits.
