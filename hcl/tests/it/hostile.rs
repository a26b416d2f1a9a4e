use hcl::{Kind, MAX_BYTES, MAX_DEPTH, Object};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

const DOCUMENT: &str = r#"
# rules
path "secret/data/{{identity.entity.id}}/*" {
  capabilities = ["create", "read",] min_wrapping_ttl = "1s"
  allowed_parameters = { "*" = [] "n" = [0x1F, -1.5e3, true, {a = [[]]}] } // end
}
/* one */ "listener" tcp { address = "a\"\u00e9\x41${f("x\n{}")}" }
text = <<-EOF
    one
  EOF
more = <<END
two
END
"#;

const JSON: &str = r#" {"path": {"a/*": {"capabilities": ["read"], "n": [1, -2.5e3, true], "m": null}}, "x": [{"y": "\ud83d\ude00"}]} "#;

/// Every token of both forms, whole and broken.
const PIECES: &[&str] = &[
    "a", "path", "é", "true", "null", "\"x\"", "\"", "\\", "\\u00", "${", "{", "}", "[", "]", "=", ":", ",",
    "1", "0x", ".", "-", "e", "<<E\n", "<<-E\n", "\nE\n", "\n", "\r\n", " ", "#", "//", "/*", "*/", "\0",
    "\u{feff}", "😀",
];

/// Parses, and checks what holds whatever comes out: errors and spans lie within the text.
fn check(text: &str) -> Result<(), TestCaseError> {
    match hcl::parse(text) {
        Ok(root) => spans_hold(&root, text),
        Err(error) => {
            let span = error.span();
            prop_assert!(text.get(span.start..span.end).is_some(), "{error} spans {span:?}");
            let lines = text.get(..span.start).unwrap().matches('\n').count() + 1;
            prop_assert_eq!(usize::try_from(error.line()).unwrap(), lines);
            Ok(())
        }
    }
}

fn spans_hold(object: &Object, text: &str) -> Result<(), TestCaseError> {
    for item in object.items() {
        let key = text.get(item.key.span.start..item.key.span.end).unwrap();
        prop_assert!(key.starts_with('"') || key == item.key.text);
        let value = text.get(item.value.span.start..item.value.span.end).unwrap();
        prop_assert!(!value.is_empty());
        if let Kind::Object(inner) = &item.value.kind {
            spans_hold(inner, text)?;
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_is_parsed_or_refused(text in any::<String>()) {
        check(&text)?;
    }

    #[test]
    fn any_row_of_tokens_is_parsed_or_refused(pieces in vec(select(PIECES), 0..40)) {
        check(&pieces.concat())?;
    }

    #[test]
    fn any_document_with_a_piece_replaced_is_parsed_or_refused(
        document in select(vec![DOCUMENT, JSON]),
        from in any::<Index>(), length in 0..8_usize, piece in select(PIECES),
    ) {
        let chars: Vec<char> = document.chars().collect();
        let from = from.index(chars.len());
        let to = chars.len().min(from + length);
        let text: String = chars[..from].iter().copied().chain(piece.chars()).chain(chars[to..].iter().copied()).collect();
        check(&text)?;
    }

    #[test]
    fn any_beginning_of_a_document_is_parsed_or_refused(document in select(vec![DOCUMENT, JSON]), to in any::<Index>()) {
        let chars: Vec<char> = document.chars().collect();
        check(&chars[..to.index(chars.len())].iter().collect::<String>())?;
    }
}

#[test]
fn the_documents_that_are_broken_on_purpose_are_whole_before() {
    for document in [DOCUMENT, JSON] {
        assert!(hcl::parse(document).is_ok());
        check(document).unwrap();
    }
}

#[test]
fn nesting_has_a_limit_in_every_form() {
    let deep = |open: &str, close: &str, levels| format!("{}{}", open.repeat(levels), close.repeat(levels));
    for (text, fits) in [
        (format!("a = {}", deep("[", "]", MAX_DEPTH)), true),
        (format!("a = {}", deep("[", "]", MAX_DEPTH + 1)), false),
        (deep("a {", "}", MAX_DEPTH), true),
        (deep("a {", "}", MAX_DEPTH + 1), false),
        (format!("{} {{}}", "a ".repeat(MAX_DEPTH)), true),
        (format!("{} {{}}", "a ".repeat(MAX_DEPTH + 1)), false),
        (format!("{} {{}}", "a ".repeat(300_000)), false),
        (deep("a = [{", "}]", 100_000), false),
        (format!("{{\"a\": {}}}", deep("[", "]", MAX_DEPTH - 1)), true),
        (format!("{{\"a\": {}}}", deep("[", "]", MAX_DEPTH)), false),
        ("{\"a\":".repeat(100_000), false),
    ] {
        let parsed = hcl::parse(&text);
        assert_eq!(parsed.is_ok(), fits, "{:.20}…: {:?}", text, parsed.err());
        if let Err(error) = parsed {
            assert!(error.message().contains("nested deeper"), "{error}");
        }
    }
}

#[test]
fn the_size_has_a_limit() {
    assert!(hcl::parse(&" ".repeat(MAX_BYTES)).is_ok());
    let error = hcl::parse(&" ".repeat(MAX_BYTES + 1)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 1, column 1: the text has more than 1048576 bytes"
    );
}

#[test]
fn no_error_repeats_a_value() {
    for text in [
        "x = canary",
        "x = \"canary",
        "x = \"canary\" y",
        "x = \"\\qcanary\"",
        "x = \"canary\\xff\"",
        "x = [canary]",
        "x = [\"canary\" \"canary\"]",
        "x = <<EOF\ncanary",
        "x canary",
        "x \"canary\"",
        "x \"canary\" 1",
        "x = 12canary",
        "x = 'canary'",
        "{\"x\": canary}",
        "{\"x\": \"canary",
        "{\"x\": \"canary\" 1}",
        "{\"x\": 1canary}",
    ] {
        let error = hcl::parse(text).unwrap_err();
        assert!(!error.to_string().contains("canary"), "{error}");
    }
}
