use crate::cursor::Cursor;
use crate::error::Error;
use crate::limits::MAX_BYTES;
use crate::object::Object;
use crate::{json, parser};

/// Reads a whole text, as JSON if its first character is a brace and as HCL otherwise.
///
/// The text may have [`MAX_BYTES`] bytes and nest [`MAX_DEPTH`](crate::MAX_DEPTH) deep.
pub fn parse(text: &str) -> Result<Object, Error> {
    if text.len() > MAX_BYTES {
        return Err(Error::at(
            Cursor::new(text).here(),
            format!("the text has more than {MAX_BYTES} bytes"),
        ));
    }
    let mut cursor = Cursor::new(text);
    cursor.take_while(|c| c != '\0');
    if cursor.peek().is_some() {
        return Err(Error::at(cursor.next_char(), "unexpected null character"));
    }
    if json::is_json(text) {
        json::document(text)
    } else {
        parser::document(text)
    }
}
