//! The formats that output can have.

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// For programs.
    Json,
    /// For both.
    Yaml,
    /// The answer's body as it came.
    Raw,
    /// Exists for a few commands of Vault that are not here.
    Pretty,
}

impl Format {
    /// Finds the format by name, whatever its case; an empty name is the default.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "" | "table" => Some(Self::Table),
            "json" => Some(Self::Json),
            "yaml" | "yml" => Some(Self::Yaml),
            "raw" => Some(Self::Raw),
            "pretty" => Some(Self::Pretty),
            _ => None,
        }
    }

    /// Finds the name of the format that was asked for, wherever on the command line that is.
    ///
    /// Vault looks for `-format` behind the arguments too, where it ignores all other flags, and people rely on it.
    pub(crate) fn requested(arguments: &[String]) -> Option<&str> {
        let mut arguments = arguments.iter().take_while(|argument| *argument != "--");
        let mut requested = None;
        while let Some(argument) = arguments.next() {
            match argument.trim_start_matches('-') {
                _ if !argument.starts_with('-') => {}
                "format" => requested = arguments.next().map(String::as_str).or(requested),
                flag => requested = flag.strip_prefix("format=").or(requested),
            }
        }
        requested
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &[&str], expected: Option<&str>) {
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        assert_eq!(Format::requested(&arguments), expected);
    }

    #[test]
    fn the_format_is_found_anywhere_but_behind_two_dashes() {
        check(&["read", "-format=json", "x"], Some("json"));
        check(&["read", "x", "--format", "yaml"], Some("yaml"));
        check(&["read", "-format=json", "-format=yaml"], Some("yaml"));
        check(&["read", "--", "-format=json"], None);
        check(&["write", "x", "format=json"], None);
        check(&["read", "-format"], None);
    }

    #[test]
    fn names_ignore_case() {
        assert_eq!(
            (Format::parse("JSON"), Format::parse("yml")),
            (Some(Format::Json), Some(Format::Yaml))
        );
        assert_eq!(
            (Format::parse(""), Format::parse("xml")),
            (Some(Format::Table), None)
        );
    }
}
