//! Comparisons as people look at them: on a terminal and as a page. Only the JSON types are known here.

mod grouped;
mod html;
mod order;
mod terminal;

pub use html::{page, pages};
pub use terminal::{Terminal, table};
