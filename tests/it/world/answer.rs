//! What a request was answered.

use serde_json::Value;

/// A status and a body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    /// The same, if it has this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{:#}", self.body);
        self
    }

    /// What a pointer such as `/data/keys` leads to; null where it leads nowhere.
    pub(crate) fn at(&self, pointer: &str) -> &Value {
        self.body.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// A text that must be there.
    #[track_caller]
    pub(crate) fn text(&self, pointer: &str) -> String {
        let text = self.at(pointer).as_str();
        text.unwrap_or_else(|| panic!("no text at {pointer}: {:#}", self.body))
            .to_owned()
    }

    /// A number that must be there.
    #[track_caller]
    pub(crate) fn number(&self, pointer: &str) -> i64 {
        let number = self.at(pointer).as_i64();
        number.unwrap_or_else(|| panic!("no number at {pointer}: {:#}", self.body))
    }
}
