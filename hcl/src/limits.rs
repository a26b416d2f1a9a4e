use crate::error::Error;
use crate::span::Span;

/// The most bytes that a text may have: 1 MiB.
pub const MAX_BYTES: usize = 1 << 20;

/// The deepest that lists, objects and labels may be nested, which keeps every walk over a tree off the stack's end.
pub const MAX_DEPTH: usize = 100;

/// How deep the parser stands, checked on the way down.
#[derive(Default)]
pub(crate) struct Depth(usize);

impl Depth {
    pub(crate) fn enter(&mut self, levels: usize, at: Span) -> Result<(), Error> {
        self.0 = self.0.saturating_add(levels);
        if self.0 > MAX_DEPTH {
            return Err(Error::at(at, format!("nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(())
    }

    pub(crate) fn leave(&mut self, levels: usize) {
        self.0 = self.0.saturating_sub(levels);
    }
}
