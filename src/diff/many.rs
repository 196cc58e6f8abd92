//! Many plans against one.
