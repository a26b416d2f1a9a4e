use logical::ErrorKind;

/// Why a text is no policy. Policies hold no secrets, so a message may repeat what it refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Something in the text, with its line.
    #[error("failed to parse policy: {0}")]
    Text(#[from] hcl::Error),
    /// The text is base64 of something that is no text.
    #[error("failed to parse policy: it is base64, and what it holds is not UTF-8")]
    Encoding,
}

impl PolicyError {
    /// The line that is at fault, counted from 1.
    pub fn line(&self) -> u32 {
        match self {
            Self::Text(error) => error.line(),
            Self::Encoding => 1,
        }
    }
}

impl From<PolicyError> for logical::Error {
    fn from(error: PolicyError) -> Self {
        Self::new(ErrorKind::Invalid, error.to_string())
    }
}
