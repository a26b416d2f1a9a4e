//! Integers and truth values in flags, and what Go says of others.

/// Reads an integer.
pub(crate) fn parse_integer(text: &str) -> Result<i64, String> {
    let reason = |error: std::num::ParseIntError| match error.kind() {
        std::num::IntErrorKind::PosOverflow | std::num::IntErrorKind::NegOverflow => "value out of range",
        _ => "invalid syntax",
    };
    text.parse()
        .map_err(|error| format!("strconv.ParseInt: parsing {text:?}: {}", reason(error)))
}

/// Reads a truth value.
pub(crate) fn parse_bool(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Ok(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Ok(false),
        _ => Err(format!("strconv.ParseBool: parsing {text:?}: invalid syntax")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_no_integer() {
        assert_eq!(
            parse_integer("x"),
            Err("strconv.ParseInt: parsing \"x\": invalid syntax".to_owned())
        );
        assert_eq!(parse_integer("-1"), Ok(-1));
    }

    #[test]
    fn maybe_is_no_truth_value() {
        assert_eq!(
            (parse_bool("T"), parse_bool("0"), parse_bool("maybe").is_err()),
            (Ok(true), Ok(false), true)
        );
    }
}
