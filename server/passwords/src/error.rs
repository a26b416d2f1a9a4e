//! Why a text is no password policy.

/// Why a text is no password policy.
#[derive(Debug, thiserror::Error)]
pub enum PasswordPolicyError {
    /// It is neither HCL nor JSON, or a member has another type than it needs.
    #[error("unable to decode: {0}")]
    Text(#[from] hcl::Error),
    /// It says no length, or one that nothing has.
    #[error("length must be > 0")]
    NoLength,
    /// Passwords of this length are not made.
    #[error("passwords must be between {least} and {most} characters", least = crate::policy::LENGTHS.start(), most = crate::policy::LENGTHS.end())]
    Length,
    /// A member that must be a whole number is something else.
    #[error("{0} must be a whole number, and not negative")]
    Number(&'static str),
    /// There is a rule of another type.
    #[error("unrecognized rule type {0}")]
    UnknownRule(String),
    /// A rule names no characters, or there is no rule.
    #[error("no charset specified")]
    NoCharset,
    /// A character that nobody could type or see.
    #[error("non-printable character in charset")]
    Unprintable,
    /// The rules ask for more characters than there are places.
    #[error("specified rules require at least {needed} characters but {length} is specified")]
    Impossible {
        /// How many the rules ask for.
        needed: usize,
        /// How many there are.
        length: usize,
    },
}

impl From<PasswordPolicyError> for logical::Error {
    fn from(error: PasswordPolicyError) -> Self {
        match error {
            PasswordPolicyError::Length => Self::invalid(error.to_string()),
            error => Self::invalid(format!("invalid password policy: {error}")),
        }
    }
}
