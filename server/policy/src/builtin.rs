//! Policies that are there from the beginning.

/// The policy that allows everything. It has no text and nobody may change it.
pub const ROOT: &str = "root";

/// The policy that every token has unless it is made without. Operators may change its text but not delete it.
pub const DEFAULT: &str = "default";

/// The text of `default` on a new server.
pub const DEFAULT_TEXT: &str = include_str!("default.hcl");

/// The policy of tokens that carry a wrapped answer. Nobody may change it, and lists do not show it.
pub const RESPONSE_WRAPPING: &str = "response-wrapping";

/// The text of `response-wrapping`.
pub const RESPONSE_WRAPPING_TEXT: &str = include_str!("response_wrapping.hcl");

/// The one spelling of a policy's name: lower case, no blanks around it. Vault folds names too, on tokens as well.
pub fn normalized_name(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Whether a policy may neither be written nor deleted. The name is normalized.
pub fn is_fixed(name: &str) -> bool {
    matches!(name, ROOT | RESPONSE_WRAPPING)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Policy;

    #[test]
    fn names_have_one_spelling() {
        assert_eq!(normalized_name(" MyApp "), "myapp");
        assert_eq!(normalized_name("ÉTÉ/a"), "été/a");
        assert!(is_fixed(&normalized_name(" ROOT")) && is_fixed("response-wrapping") && !is_fixed("default"));
    }

    #[test]
    fn the_built_in_texts_are_policies() {
        Policy::parse(DEFAULT, DEFAULT_TEXT).unwrap();
        Policy::parse(RESPONSE_WRAPPING, RESPONSE_WRAPPING_TEXT).unwrap();
    }
}
