//! Which path stands for a name in a listing: `{{ .path }}{{ .key }}`.

/// A template that makes a path of a listing's path and one of its names. Who lists sees the name if the policies let
/// it read that path; or list it, if it ends in a slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filter(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Value(Source, Vec<Step>),
}

/// What a pipeline starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    /// The listing's path, which ends in a slash.
    Path,
    /// The name in the listing.
    Key,
}

/// What a pipeline does to its value.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Replace(String, String),
    Lowercase,
    Uppercase,
}

impl Filter {
    /// Reads a template. The error says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("{{") {
            let (action, next) = behind.split_once("}}").ok_or("it has an unclosed action")?;
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(pipeline(action)?);
            rest = next;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        let names_key = |piece: &Piece| matches!(piece, Piece::Value(Source::Key, _));
        if !pieces.iter().any(names_key) {
            return Err("it makes the same path of two different keys");
        }
        Ok(Self(pieces))
    }

    /// The path that stands for a name in a listing of a path.
    pub(crate) fn path_of(&self, listing: &str, key: &str) -> String {
        let mut path = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => path.push_str(text),
                Piece::Value(Source::Path, steps) => path.push_str(&piped(listing, steps)),
                Piece::Value(Source::Key, steps) => path.push_str(&piped(key, steps)),
            }
        }
        path
    }
}

fn piped(value: &str, steps: &[Step]) -> String {
    steps.iter().fold(value.to_owned(), |value, step| match step {
        Step::Replace(from, to) => value.replace(from.as_str(), to),
        Step::Lowercase => value.to_lowercase(),
        Step::Uppercase => value.to_uppercase(),
    })
}

fn pipeline(action: &str) -> Result<Piece, &'static str> {
    let words = words(action)?;
    let mut commands = words.split(|word| *word == Word::Pipe);
    let source = match commands.next() {
        Some([Word::Name(name)]) if name == ".path" => Source::Path,
        Some([Word::Name(name)]) if name == ".key" => Source::Key,
        _ => return Err("an action begins with .path or .key"),
    };
    let steps = commands.map(step).collect::<Result<_, _>>()?;
    Ok(Piece::Value(source, steps))
}

fn step(command: &[Word]) -> Result<Step, &'static str> {
    match command {
        [Word::Name(name)] if name == "lowercase" => Ok(Step::Lowercase),
        [Word::Name(name)] if name == "uppercase" => Ok(Step::Uppercase),
        [Word::Name(name), Word::Text(from), Word::Text(to)] if name == "replace" => {
            Ok(Step::Replace(from.clone(), to.clone()))
        }
        _ => Err("its functions are replace \"from\" \"to\", lowercase and uppercase"),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Word {
    Pipe,
    Name(String),
    Text(String),
}

fn words(action: &str) -> Result<Vec<Word>, &'static str> {
    let mut words = Vec::new();
    let mut rest = action.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, next) = match first {
            '|' => (Word::Pipe, rest.strip_prefix('|').unwrap_or_default()),
            '"' | '`' => {
                let quoted = rest.strip_prefix(first).unwrap_or_default();
                let (text, next) = quoted.split_once(first).ok_or("it has an unclosed string")?;
                if text.contains('\\') {
                    return Err("its strings have no escapes");
                }
                (Word::Text(text.to_owned()), next)
            }
            _ => {
                let ends = |c: char| c.is_whitespace() || matches!(c, '|' | '"' | '`');
                let (name, next) = rest
                    .split_at_checked(rest.find(ends).unwrap_or(rest.len()))
                    .unwrap_or((rest, ""));
                (Word::Name(name.to_owned()), next)
            }
        };
        words.push(word);
        rest = next.trim_start();
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str, expected: Result<&str, &str>) {
        let made = Filter::parse(template).map(|filter| filter.path_of("secret/metadata/Team/", "App"));
        assert_eq!(
            made.as_deref().map_err(|message| *message),
            expected,
            "{template}"
        );
    }

    #[test]
    fn a_template_makes_a_path_of_a_name() {
        check("{{ .path }}{{ .key }}", Ok("secret/metadata/Team/App"));
        check("{{.path}}{{.key}}", Ok("secret/metadata/Team/App"));
        check("kv/{{ .key }}", Ok("kv/App"));
        check(
            "{{ .path | replace \"metadata\" \"data\" }}{{ .key }}",
            Ok("secret/data/Team/App"),
        );
        check(
            "{{ .path|lowercase }}{{ .key | replace `p` `q` | uppercase }}",
            Ok("secret/metadata/team/AQQ"),
        );
    }

    #[test]
    fn what_is_no_template_is_refused() {
        check("{{ .path }}", Err("it makes the same path of two different keys"));
        check("{{ .path", Err("it has an unclosed action"));
        check("{{ .key | replace \"a }}", Err("it has an unclosed string"));
        check(
            "{{ .key | replace \"\\n\" \"\" }}",
            Err("its strings have no escapes"),
        );
        check(
            "{{ .entity }}{{ .key }}",
            Err("an action begins with .path or .key"),
        );
        let functions = "its functions are replace \"from\" \"to\", lowercase and uppercase";
        for call in ["trim", "replace \"a\"", "random 3", ""] {
            check(&format!("{{{{ .key | {call} }}}}"), Err(functions));
        }
    }
}
