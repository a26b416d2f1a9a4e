use crate::span::Span;

/// Why a text could not be read, and where in it.
///
/// A text may hold passwords, so a message names keys and kinds of things but never repeats a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {}, column {}: {message}", span.line, span.column)]
pub struct Error {
    span: Span,
    message: String,
}

impl Error {
    /// Makes an error about one place; decoders use it for what they refuse themselves.
    pub fn at(span: Span, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
        }
    }

    /// Says that one thing was needed and another stood there.
    pub(crate) fn expected(span: Span, wanted: &str, found: &str) -> Self {
        Self::at(span, format!("expected {wanted}, found {found}"))
    }

    /// Returns the line, counted from 1.
    pub fn line(&self) -> u32 {
        self.span.line
    }

    /// Returns the column, counted in characters from 1.
    pub fn column(&self) -> u32 {
        self.span.column
    }

    /// Returns the place that the error is about.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Returns what is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_where_and_what() {
        let span = Span {
            line: 3,
            column: 7,
            start: 40,
            end: 41,
        };
        let error = Error::expected(span, "a value", "`}`");
        assert_eq!(error.to_string(), "line 3, column 7: expected a value, found `}`");
        assert_eq!((error.line(), error.column(), error.span()), (3, 7, span));
        assert_eq!(error.message(), "expected a value, found `}`");
    }
}
