//! Reads the known answers in `tests/vectors`: lines `name = hex`, a blank line between cases, `#` for comments.

/// One case: members by name.
pub(crate) struct Case(Vec<(String, Vec<u8>)>);

impl Case {
    /// A member's bytes.
    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        let found = self.0.iter().find(|(n, _)| n == name);
        found.unwrap_or_else(|| panic!("a case has no {name}")).1.clone()
    }
}

/// All cases of a file; there is at least one.
pub(crate) fn cases(text: &str) -> Vec<Case> {
    let cases: Vec<Case> = text
        .split("\n\n")
        .map(case)
        .filter(|case| !case.0.is_empty())
        .collect();
    assert!(!cases.is_empty(), "no known answers");
    cases
}

fn case(text: &str) -> Case {
    let member = |line: &str| {
        let (name, value) = line.split_once('=').unwrap();
        (name.trim().to_owned(), hex::decode(value.trim()).unwrap())
    };
    let said = |line: &&str| !line.is_empty() && !line.starts_with('#');
    Case(text.lines().filter(said).map(member).collect())
}
