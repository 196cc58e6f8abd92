//! Whether a page's own text layer is its text.

use super::SourcePage;
use crate::warning::WarningCode;

/// Whether a page's text layer is its text: `Ok(())`, or the reason to read the picture instead.
pub fn judge_layer(page: &SourcePage) -> Result<(), WarningCode> {
    if page.layer.len() < 60 {
        return Err(WarningCode::TextLayerStampOnly);
    }
    Ok(())
}
