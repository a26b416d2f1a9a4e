use crate::number::Number;
use crate::span::Span;

/// One word of the text, and where it stands.
pub(crate) struct Token<'a> {
    pub(crate) kind: TokenKind<'a>,
    pub(crate) span: Span,
}

pub(crate) enum TokenKind<'a> {
    Name(&'a str),
    Text(String),
    Heredoc(String),
    Number(Number),
    Bool(bool),
    LeftBrace,
    RightBrace,
    LeftBracket,
    RightBracket,
    Comma,
    Assign,
    End,
}

impl TokenKind<'_> {
    /// Names the kind of token, never what is in it.
    pub(crate) fn describe(&self) -> &'static str {
        match self {
            Self::Name(_) => "a bare word",
            Self::Text(_) => "a string",
            Self::Heredoc(_) => "a heredoc",
            Self::Number(_) => "a number",
            Self::Bool(true) => "`true`",
            Self::Bool(false) => "`false`",
            Self::LeftBrace => "`{`",
            Self::RightBrace => "`}`",
            Self::LeftBracket => "`[`",
            Self::RightBracket => "`]`",
            Self::Comma => "`,`",
            Self::Assign => "`=`",
            Self::End => "the end of the text",
        }
    }
}
