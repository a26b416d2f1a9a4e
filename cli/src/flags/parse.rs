//! Reads flags from the command line by the rules of Go's `flag` package.

use super::{Flag, Kind, Parsed};

/// Reads the flags in front of `arguments`; what follows the first argument that is no flag, or `--`, is left.
///
/// The error says what is wrong, in the words of Go.
pub(crate) fn parse(
    flags: impl Iterator<Item = &'static Flag>,
    arguments: &[String],
) -> Result<(Parsed, Vec<String>), String> {
    let flags: Vec<&'static Flag> = flags.collect();
    let (mut parsed, mut rest) = (Parsed::default(), arguments.iter());
    while let Some(argument) = rest.clone().next() {
        let Some(body) = argument.strip_prefix('-').filter(|body| !body.is_empty()) else {
            break;
        };
        rest.next();
        if body == "-" {
            break;
        }
        let body = body.strip_prefix('-').unwrap_or(body);
        if body.starts_with(['-', '=']) {
            return Err(format!("bad flag syntax: {argument}"));
        }
        let (name, value) = match body.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (body, None),
        };
        let flag = flags.iter().find(|flag| flag.is_called(name));
        let flag = flag.ok_or_else(|| format!("flag provided but not defined: -{name}"))?;
        let value = match value {
            Some(value) => value,
            None if flag.kind == Kind::Switch => "true",
            None => rest
                .next()
                .ok_or_else(|| format!("flag needs an argument: -{name}"))?,
        };
        let kept = flag.kind.accept(value);
        let kept = kept.map_err(|reason| format!("invalid value {value:?} for flag -{name}: {reason}"))?;
        parsed.keep(flag, kept);
    }
    Ok((parsed, rest.cloned().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    static FIELD: Flag = Flag::text("field", "");
    static FORCE: Flag = Flag::switch("force", "").alias(&["f"]);
    static CAS: Flag = Flag::integer("cas", "").default("-1");
    static POLICY: Flag = Flag::list("policy", "");

    fn read(arguments: &[&str]) -> Result<(Parsed, Vec<String>), String> {
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        parse([&FIELD, &FORCE, &CAS, &POLICY].into_iter(), &arguments)
    }

    fn check_refused(arguments: &[&str], expected: &str) {
        assert_eq!(read(arguments).err().as_deref(), Some(expected));
    }

    #[test]
    fn one_dash_or_two_with_an_equals_sign_or_without() {
        for arguments in [
            ["-field=a", "x"].as_slice(),
            &["--field=a", "x"],
            &["-field", "a", "x"],
            &["--field", "a", "x"],
        ] {
            let (parsed, rest) = read(arguments).expect("flags");
            assert_eq!(
                (parsed.text(&FIELD), rest.as_slice()),
                ("a", ["x".to_owned()].as_slice())
            );
        }
    }

    #[test]
    fn the_first_argument_ends_the_flags() {
        let (parsed, rest) = read(&["-f", "x", "-cas=1"]).expect("flags");
        assert!(parsed.switch(&FORCE) && !parsed.is_given(&CAS));
        assert_eq!(rest, ["x", "-cas=1"]);
    }

    #[test]
    fn two_dashes_alone_end_the_flags_and_one_is_an_argument() {
        assert_eq!(read(&["-f", "--", "-x"]).expect("flags").1, ["-x"]);
        assert_eq!(read(&["-", "-f"]).expect("flags").1, ["-", "-f"]);
    }

    #[test]
    fn lists_gather_and_other_flags_keep_the_last() {
        let (parsed, _) = read(&["-policy=a", "-policy", " b ", "-cas=1", "-cas=2"]).expect("flags");
        assert_eq!(
            (parsed.list(&POLICY), parsed.integer(&CAS)),
            (vec!["a".to_owned(), "b".to_owned()], 2)
        );
    }

    #[test]
    fn a_switch_can_be_turned_off() {
        assert!(!read(&["-f=false"]).expect("flags").0.switch(&FORCE));
    }

    #[test]
    fn what_is_wrong_is_said_in_the_words_of_go() {
        check_refused(&["-nonsense"], "flag provided but not defined: -nonsense");
        check_refused(&["-field"], "flag needs an argument: -field");
        check_refused(
            &["-cas=x"],
            "invalid value \"x\" for flag -cas: strconv.ParseInt: parsing \"x\": invalid syntax",
        );
        check_refused(&["---x"], "bad flag syntax: ---x");
    }
}
