//! The one place where panics of third-party decoders are caught.
//!
//! The decoders of PDF, TIFF, PNG and JPEG are pure Rust and meant never to panic, but they read
//! bytes that anybody may have written. A panic in one of them must cost a page, not the batch.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use crate::error::{Error, ErrorKind, Result};

thread_local! {
    static DECODING: Cell<bool> = const { Cell::new(false) };
}

/// What a device throws to leave a decoder that offers no other way out; see [`abandon`].
struct Abandoned(Error);

/// Runs `decode`; a panic in it becomes an error of kind [`ErrorKind::Damaged`], which says that
/// `what` could not be decoded, and prints nothing.
pub(super) fn guarded<T>(what: &str, decode: impl FnOnce() -> Result<T>) -> Result<T> {
    quieten_panics();
    let nested = DECODING.replace(true);
    // Whatever `decode` had under way is dropped with its frame: nothing of it is looked at again.
    let outcome = panic::catch_unwind(AssertUnwindSafe(decode));
    DECODING.set(nested);
    outcome.unwrap_or_else(|payload| Err(error_of(what, payload)))
}

/// Leaves the decoder at once with `error`: for callbacks that can return nothing. Only for code
/// that runs within [`guarded`].
pub(super) fn abandon(error: Error) -> ! {
    panic::resume_unwind(Box::new(Abandoned(error)))
}

fn error_of(what: &str, payload: Box<dyn Any + Send>) -> Error {
    match payload.downcast::<Abandoned>() {
        Ok(abandoned) => abandoned.0,
        Err(payload) => {
            let detail = payload
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| payload.downcast_ref::<&str>().copied())
                .unwrap_or("no detail");
            let message = format!("cannot decode {what}: the decoder gave up ({detail})");
            Error::new(ErrorKind::Damaged, message)
        }
    }
}

/// Keeps the panic hook from printing what [`guarded`] catches; all other panics print as before.
fn quieten_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !DECODING.get() {
                previous(info);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_that_says_what_was_decoded() {
        let error = guarded::<()>("the fax strip", || panic!("index {} out of range", 7));
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Damaged);
        assert!(error.reason().contains("the fax strip"), "{error}");
        assert!(error.reason().contains("index 7 out of range"), "{error}");
    }

    #[test]
    fn an_abandoned_decoder_gives_the_error_it_was_left_with() {
        let error = guarded::<()>("page", || abandon(Error::new(ErrorKind::TooLarge, "too much")));
        assert_eq!(error.unwrap_err().kind(), ErrorKind::TooLarge);
    }
}
