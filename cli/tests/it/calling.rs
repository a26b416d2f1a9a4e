//! How commands are called, and what is said of calls that are wrong.

use crate::ran::vault;

fn check(args: &[&str], status: i32, says: &str) {
    let ran = vault("http://127.0.0.1:1").run(args);
    let said = format!("{}{}", ran.stdout, ran.stderr);
    assert!(ran.status == status && said.contains(says), "{args:?}: {ran:?}");
}

#[test]
fn no_command_and_unknown_commands_end_with_127_and_the_overview() {
    check(&[], 127, "Usage: vault <command> [args]");
    check(&["nonsense"], 127, "Usage: vault <command> [args]");
}

#[test]
fn help_ends_with_0() {
    check(&["-h"], 0, "Common commands:");
    check(&["kv", "get", "-help"], 0, "Usage: vault kv get [options] KEY");
    check(
        &["kv", "metadata", "--help"],
        0,
        "Usage: vault kv metadata <subcommand>",
    );
}

#[test]
fn a_group_without_a_command_ends_with_1_and_its_help() {
    check(&["kv"], 1, "Usage: vault kv <subcommand>");
    check(&["kv", "nonsense"], 1, "Usage: vault kv <subcommand>");
}

#[test]
fn wrong_flags_and_numbers_of_arguments_end_with_1() {
    check(
        &["read", "-nonsense", "x"],
        1,
        "flag provided but not defined: -nonsense",
    );
    check(
        &["read", "-wrap-ttl=abc", "x"],
        1,
        "invalid value \"abc\" for flag -wrap-ttl: time: invalid duration \"abc\"",
    );
    check(&["kv", "put"], 1, "Not enough arguments (expected >1, got 0)");
    check(
        &["unwrap", "a", "b"],
        1,
        "Too many arguments (expected 0-1, got 2)",
    );
    check(&["read", "-format=xml", "x"], 1, "Invalid output format: xml");
    check(
        &["list", "-format=raw", "x"],
        1,
        "This command does not support the -format=raw option.",
    );
    check(
        &["token", "revoke", "-self", "-accessor"],
        1,
        "Cannot use -self with -accessor!",
    );
}

#[test]
fn no_server_at_the_address_ends_with_2() {
    check(
        &["read", "kv/x"],
        2,
        "Error reading kv/x: Get \"http://127.0.0.1:1/v1/kv/x\": dial tcp 127.0.0.1:1: connect: connection refused",
    );
}

#[test]
fn the_version_is_that_of_the_name_it_was_called_by() {
    for args in [["version"], ["-version"], ["--version"], ["-v"]] {
        let own = vault("").by_own_name().run(&args).stdout;
        assert!(own.starts_with("Strongroom v"), "{own}");
        let borrowed = vault("").run(&args).stdout;
        assert!(borrowed.starts_with("Vault v1.15.6 ("), "{borrowed}");
    }
}

#[test]
fn the_token_is_printed_only_when_it_is_asked_for() {
    check(&["print", "token"], 0, "the-token\n");
    check(&["print", "nonsense"], 1, "Usage: vault print");
}

#[test]
fn a_policy_is_formatted_in_its_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("p.hcl");
    std::fs::write(&path, "path \"a\" {capabilities=[\"read\"]}").expect("a file");
    check(
        &["policy", "fmt", path.to_str().expect("UTF-8")],
        0,
        "Success! Formatted policy: ",
    );
    let text = std::fs::read_to_string(&path).expect("the file");
    assert_eq!(text, "path \"a\" {\n  capabilities = [\"read\"]\n}\n");
    std::fs::write(&path, "path {").expect("a file");
    check(
        &["policy", "fmt", path.to_str().expect("UTF-8")],
        1,
        "failed to parse policy: ",
    );
}
