//! The usual layout of HCL: two blanks for each level, one item to a line, equals signs of neighbours in one column.

mod layout;
mod scan;
mod tree;

/// A text in the usual layout; the error says why it has none.
///
/// What is returned has been read again: a policy that no server would take is never written in place of one.
pub(super) fn formatted(text: &str) -> Result<String, String> {
    hcl::parse(text).map_err(|error| error.to_string())?;
    if text.trim_start().starts_with('{') {
        return Err("it is JSON, which has a layout of its own".to_owned());
    }
    let formatted = layout::layout(&tree::items(scan::scan(text)));
    hcl::parse(&formatted).map_err(|error| format!("its layout could not be read again: {error}"))?;
    Ok(formatted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(formatted(text).expect("HCL"), expected);
        assert_eq!(
            formatted(expected).expect("HCL"),
            expected,
            "the layout is not stable"
        );
    }

    #[test]
    fn blocks_are_apart_and_lists_have_blanks() {
        check(
            "path \"secret/*\" {\ncapabilities=[\"read\",\"list\"]\n    }\n# a remark\npath \"x\"{ capabilities = [\"deny\"] }",
            "path \"secret/*\" {\n  capabilities = [\"read\", \"list\"]\n}\n\n# a remark\npath \"x\" {\n  capabilities = [\"deny\"]\n}\n",
        );
    }

    #[test]
    fn neighbours_are_aligned_and_blank_lines_keep_them_apart() {
        check(
            "a=1\nlonger = \"x\" # why\n\n\nb = true",
            "a      = 1\nlonger = \"x\" # why\n\nb = true\n",
        );
    }

    #[test]
    fn lists_in_lines_stay_in_lines() {
        check("a = [\n\"x\",\n  \"y\"]", "a = [\n  \"x\",\n  \"y\",\n]\n");
    }

    #[test]
    fn objects_and_nested_blocks() {
        check(
            "path \"a\" { allowed_parameters = { \"x\" = [] } }\nempty {}",
            "path \"a\" {\n  allowed_parameters = {\n    \"x\" = []\n  }\n}\n\nempty {}\n",
        );
    }

    #[test]
    fn a_here_document_is_left_alone() {
        check("a = <<EOF\n  x {\nEOF\nb=1", "a = <<EOF\n  x {\nEOF\n\nb = 1\n");
    }

    #[test]
    fn comments_stay_where_they_were() {
        check(
            "/* whole\n   policy */\na = [ # first\n\"x\", # one\n# between\n\"y\"\n]\n// last",
            "/* whole\n   policy */\na = [\n  # first\n  \"x\", # one\n  # between\n  \"y\",\n]\n\n// last\n",
        );
    }

    #[test]
    fn labels_templates_and_other_line_ends() {
        check(
            "rule \"a\" \"b\" {\r\n  x = \"{{identity.entity.name}} \\\" ${f(\"y\")}\"\r\n}",
            "rule \"a\" \"b\" {\n  x = \"{{identity.entity.name}} \\\" ${f(\"y\")}\"\n}\n",
        );
    }

    #[test]
    fn what_is_no_hcl_is_refused() {
        assert!(formatted("path {").is_err());
        assert!(formatted(r#"{"path": {}}"#).is_err_and(|reason| reason.contains("JSON")));
    }
}
