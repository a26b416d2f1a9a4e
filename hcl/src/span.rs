/// Where a piece of the text stands: the line and column of its first character, and the bytes that it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Line of the first character; the first line is 1.
    pub line: u32,
    /// Column of the first character, counted in characters; the first column is 1.
    pub column: u32,
    /// Offset of the first byte.
    pub start: usize,
    /// Offset of the byte after the last one.
    pub end: usize,
}

impl Span {
    /// Stretches from the start of this span to the end of a later one.
    pub(crate) fn to(self, later: Self) -> Self {
        Self {
            end: later.end,
            ..self
        }
    }
}
