//! What a method asks for.

use axum::http::Method;
use logical::Operation;

use crate::query::{Parameters, boolean};
use crate::refusal::Refusal;

/// What a request asks for, by its method and its parameters. Names are told apart by case, as HTTP demands.
///
/// # Errors
/// 405 for a method that Vault does not know, 400 for `list` and `scan` that are no booleans.
pub(crate) fn operation(method: &Method, query: &Parameters) -> Result<Operation, Refusal> {
    let listing = (*method == Method::GET).then(|| listing(query)).transpose()?;
    if asks_help(method, query) {
        return Ok(Operation::Help);
    }
    match method.as_str() {
        "GET" => Ok(listing.flatten().unwrap_or(Operation::Read)),
        "LIST" => Ok(Operation::List),
        "SCAN" => Ok(Operation::Scan),
        "POST" | "PUT" => Ok(Operation::Update),
        "PATCH" => Ok(Operation::Patch),
        "DELETE" => Ok(Operation::Delete),
        "HEAD" => Ok(Operation::Header),
        "OPTIONS" => Err(Refusal::invalid("cannot handle internal-only request operation")),
        _ => Err(Refusal::silent(405)),
    }
}

/// Whether a request asks what a path is for. Any word does, `false` as well: Vault looks only at whether there is one.
pub(crate) fn asks_help(method: &Method, query: &Parameters) -> bool {
    method.as_str() == "HELP" || !query.first("help").is_empty()
}

/// `?list=true` and `?scan=true` make a listing of a GET, for clients whose HTTP library knows no other methods.
fn listing(query: &Parameters) -> Result<Option<Operation>, Refusal> {
    let asks = |name| boolean(query.first(name)).ok_or_else(|| Refusal::silent(400));
    match (asks("list")?, asks("scan")?) {
        (true, true) => Err(Refusal::silent(400)),
        (true, false) => Ok(Some(Operation::List)),
        (false, true) => Ok(Some(Operation::Scan)),
        (false, false) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: &str, query: &str, expected: Result<Operation, u16>) {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let found = operation(&method, &Parameters::of(query)).map_err(|refusal| refusal.status);
        assert_eq!(found, expected, "{method} {query}");
    }

    #[test]
    fn methods_are_operations() {
        for (method, operation) in [
            ("GET", Operation::Read),
            ("LIST", Operation::List),
            ("SCAN", Operation::Scan),
            ("POST", Operation::Update),
            ("PUT", Operation::Update),
            ("PATCH", Operation::Patch),
            ("DELETE", Operation::Delete),
            ("HEAD", Operation::Header),
            ("HELP", Operation::Help),
        ] {
            check(method, "", Ok(operation));
        }
        for method in ["COPY", "TRACE", "get", "Post", "FOO", "PURGE"] {
            check(method, "", Err(405));
        }
        check("OPTIONS", "", Err(400));
    }

    #[test]
    fn a_parameter_makes_a_listing_of_a_get() {
        for yes in ["true", "TRUE", "True", "t", "T", "1", "true&list=false"] {
            check("GET", &format!("list={yes}"), Ok(Operation::List));
        }
        for no in ["false", "0", "f", "", "false&list=true"] {
            check("GET", &format!("list={no}"), Ok(Operation::Read));
        }
        for neither in ["yes", "tru", "2"] {
            check("GET", &format!("list={neither}"), Err(400));
        }
        check("GET", "LIST=true", Ok(Operation::Read));
        check("GET", "scan=1", Ok(Operation::Scan));
        check("GET", "scan=1&list=1", Err(400));
        check("LIST", "list=maybe", Ok(Operation::List));
        check("POST", "list=true", Ok(Operation::Update));
    }

    #[test]
    fn any_word_asks_for_help() {
        check("GET", "help=false", Ok(Operation::Help));
        check("COPY", "help=1", Ok(Operation::Help));
        check("GET", "help=", Ok(Operation::Read));
        check("GET", "help=1&list=maybe", Err(400));
    }
}
