//! The headings between tables: `======= Metadata =======`.

/// A heading that is about as wide as what stands below it, with the same number of signs on both sides.
pub(crate) fn heading(title: &str, width: usize) -> String {
    // With no room to fill, two signs on either side still make a heading of it.
    let signs = match width.saturating_sub(title.chars().count() + 2) {
        0 => 2,
        room => room.div_ceil(2),
    };
    let signs = "=".repeat(signs);
    format!("{signs} {title} {signs}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(title: &str, width: usize, expected: &str) {
        assert_eq!(heading(title, width), expected);
    }

    #[test]
    fn headings_are_as_wide_as_recorded() {
        check("Secret Path", "secret/data/a".len(), "== Secret Path ==");
        check("Secret Path", "team/kv/data/c".len(), "= Secret Path =");
        check("Secret Path", "team/kv/data/a/b".len(), "== Secret Path ==");
        check("Metadata", 24, "======= Metadata =======");
        check("Data", 10, "== Data ==");
        check("Data", 13, "==== Data ====");
    }
}
