//! The token that is sent with each request.

use logical::secret::SecretText;

/// A token. It can be neither printed nor compared by accident: whoever needs the text says [`Token::expose`].
#[derive(Clone)]
pub struct Token(SecretText);

impl Token {
    /// Takes the token out of `text`, without the white space around it; `None` if nothing is left.
    ///
    /// Vault's token file may end with a line's end, and an empty variable means that there is no token.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(SecretText::from(text)))
    }

    /// Returns the token's text.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Tells whether the token can be sent in a header: printable, and in one line.
    ///
    /// Vault's client refuses others before anything is sent.
    pub fn is_sendable(&self) -> bool {
        self.expose()
            .chars()
            .all(|c| c.is_ascii() && !c.is_ascii_control())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_around_a_token_is_not_part_of_it() {
        assert_eq!(Token::parse(" hvs.x\n").expect("a token").expose(), "hvs.x");
    }

    #[test]
    fn white_space_alone_is_no_token() {
        assert!(Token::parse(" \n").is_none());
    }

    #[test]
    fn a_line_break_inside_cannot_be_sent() {
        assert!(!Token::parse("a\r\nX-Other: b").expect("a token").is_sendable());
    }
}
