//! Makes the client from flags and environment.

use std::path::PathBuf;
use std::time::Duration;

use client::{Address, Client, ClientCertificate, Redirects, Retries, Settings, Tls};

use crate::env::Environment;
use crate::failure::Failure;
use crate::flags::{Flag, Parsed, shared};
use crate::golang::{Seconds, parse_bool, parse_duration, parse_integer};

/// Makes the client. Flags come before variables.
pub(super) fn client(env: &Environment, flags: &Parsed, pause: fn(Duration)) -> Result<Client, Failure> {
    let mut settings = Settings::new(address(env, flags)?);
    settings.timeout = timeout(env)?;
    settings.retries = Retries {
        most: retries(env)?,
        wait: Box::new(pause),
    };
    if switch(env, flags, &shared::DISABLE_REDIRECTS)? {
        settings.redirects = Redirects::Keep;
    }
    settings.namespace = namespace(env, flags);
    settings.wrap_ttl = wrap_ttl(env, flags);
    settings.headers = headers(env, flags)?;
    settings.tls = tls(env, flags)?;
    Client::new(settings).map_err(|error| match error {
        client::Error::Tls(reason) => Failure::Setup(format!("{}: {reason}", tls_origin(flags))),
        other => Failure::Setup(other.to_string()),
    })
}

fn address(env: &Environment, flags: &Parsed) -> Result<Address, Failure> {
    let agent = value(env, flags, &shared::AGENT_ADDRESS);
    let address = if agent.is_empty() {
        value(env, flags, &shared::ADDRESS)
    } else {
        agent
    };
    let address = Address::parse(&address);
    address.map_err(|error| Failure::Setup(error.to_string()))
}

/// A flag's value, or its variable's.
fn value(env: &Environment, flags: &Parsed, flag: &Flag) -> String {
    let given = flags.given(flag).filter(|value| !value.is_empty());
    given
        .or_else(|| env.get(flag.variable))
        .unwrap_or(flag.default)
        .to_owned()
}

fn timeout(env: &Environment) -> Result<Duration, Failure> {
    let Some(text) = env.get("CLIENT_TIMEOUT") else {
        return Ok(Duration::from_secs(60));
    };
    let seconds = parse_duration(text)
        .ok()
        .and_then(|Seconds(seconds)| u64::try_from(seconds).ok());
    let unreadable = || {
        Failure::Setup(format!(
            "failed to read environment: could not parse {:?}",
            env.name("CLIENT_TIMEOUT")
        ))
    };
    seconds.map(Duration::from_secs).ok_or_else(unreadable)
}

/// How often to repeat a request. Vault's command line does so only if it is told to: somebody is waiting.
fn retries(env: &Environment) -> Result<u32, Failure> {
    let Some(text) = env.get("MAX_RETRIES") else {
        return Ok(0);
    };
    let number = parse_integer(text)
        .map_err(|reason| Failure::Setup(format!("failed to read environment: {reason}")))?;
    Ok(u32::try_from(number).unwrap_or_default())
}

fn namespace(env: &Environment, flags: &Parsed) -> Option<String> {
    let short = flags.text(&shared::NS);
    let namespace = if short.is_empty() {
        value(env, flags, &shared::NAMESPACE)
    } else {
        short.to_owned()
    };
    let namespace = namespace.trim().trim_matches('/');
    (!namespace.is_empty()).then(|| format!("{namespace}/"))
}

/// The flag has been checked; a variable goes to the server as it is, which then finds fault with it.
fn wrap_ttl(env: &Environment, flags: &Parsed) -> Option<String> {
    let given = flags.duration(&shared::WRAP_TTL);
    if given != Seconds(0) {
        return Some(given.full());
    }
    env.get(shared::WRAP_TTL.variable).map(str::to_owned)
}

fn headers(env: &Environment, flags: &Parsed) -> Result<Vec<(String, String)>, Failure> {
    let mut headers: Vec<(String, String)> = flags.pairs(&shared::HEADER).into_iter().collect();
    if let Some((name, _)) = headers
        .iter()
        .find(|(name, _)| name.to_ascii_lowercase().starts_with("x-vault-"))
    {
        let reason = "Header starting by 'X-Vault-' are for internal usage only";
        return Err(Failure::Setup(format!(
            "failed to setup Headers[{name}]: {reason}"
        )));
    }
    let mfa = flags
        .list(&shared::MFA)
        .into_iter()
        .chain(env.get(shared::MFA.variable).map(str::to_owned));
    headers.extend(mfa.map(|factor| ("X-Vault-MFA".to_owned(), factor)));
    if flags.switch(&shared::POLICY_OVERRIDE) {
        headers.push(("X-Vault-Policy-Override".to_owned(), "true".to_owned()));
    }
    Ok(headers)
}

fn tls(env: &Environment, flags: &Parsed) -> Result<Tls, Failure> {
    let file = |flag| {
        Some(value(env, flags, flag))
            .filter(|path| !path.is_empty())
            .map(PathBuf::from)
    };
    let client = match (file(&shared::CLIENT_CERT), file(&shared::CLIENT_KEY)) {
        (Some(certificate), Some(key)) => Some(ClientCertificate { certificate, key }),
        (None, None) => None,
        _ => {
            let reason = "both client cert and client key must be provided";
            return Err(Failure::Setup(format!("{}: {reason}", tls_origin(flags))));
        }
    };
    Ok(Tls {
        ca_file: file(&shared::CA_CERT),
        ca_folder: file(&shared::CA_PATH),
        client,
        server_name: Some(value(env, flags, &shared::TLS_SERVER_NAME)).filter(|name| !name.is_empty()),
        skip_verify: switch(env, flags, &shared::TLS_SKIP_VERIFY)?,
    })
}

/// A switch, or its variable, which may be no truth value.
fn switch(env: &Environment, flags: &Parsed, flag: &Flag) -> Result<bool, Failure> {
    if flags.is_given(flag) {
        return Ok(flags.switch(flag));
    }
    let name = flag.variable;
    let unreadable = |_| {
        Failure::Setup(format!(
            "failed to read environment: could not parse {}",
            env.name(name)
        ))
    };
    env.get(name).map_or(Ok(false), parse_bool).map_err(unreadable)
}

/// Whose fault TLS settings are that cannot be used.
fn tls_origin(flags: &Parsed) -> &'static str {
    let flagged = [
        &shared::CA_CERT,
        &shared::CA_PATH,
        &shared::CLIENT_CERT,
        &shared::CLIENT_KEY,
        &shared::TLS_SERVER_NAME,
    ];
    if flagged.iter().any(|flag| flags.is_given(flag)) {
        "failed to setup TLS config"
    } else {
        "failed to read environment"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Section;

    fn parsed(arguments: &[&str]) -> Parsed {
        let Section { flags, .. } = shared::HTTP;
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        crate::flags::parse(flags.iter().copied(), &arguments)
            .expect("flags")
            .0
    }

    fn check_refused(env: [(&str, &str); 1], arguments: &[&str], expected: &str) {
        let failure = client(&Environment::from(env), &parsed(arguments), |_| {})
            .err()
            .expect("a refusal");
        assert_eq!(failure.text(), expected);
    }

    #[test]
    fn what_is_wrong_with_the_environment_is_said_as_by_vault() {
        check_refused(
            [("VAULT_MAX_RETRIES", "x")],
            &[],
            "failed to read environment: strconv.ParseInt: parsing \"x\": invalid syntax",
        );
        check_refused(
            [("BAO_CLIENT_TIMEOUT", "abc")],
            &[],
            "failed to read environment: could not parse \"BAO_CLIENT_TIMEOUT\"",
        );
        check_refused(
            [("BAO_SKIP_VERIFY", "maybe")],
            &[],
            "failed to read environment: could not parse BAO_SKIP_VERIFY",
        );
        check_refused(
            [("VAULT_CACERT", "/no")],
            &[],
            "failed to read environment: Error loading CA File: open /no: no such file or directory",
        );
        check_refused(
            [("VAULT_ADDR", "http://h")],
            &["-ca-cert=/no"],
            "failed to setup TLS config: Error loading CA File: open /no: no such file or directory",
        );
    }

    #[test]
    fn headers_of_vault_cannot_be_set_by_hand() {
        check_refused(
            [("VAULT_ADDR", "http://h")],
            &["-header=X-Vault-Token=x"],
            "failed to setup Headers[X-Vault-Token]: Header starting by 'X-Vault-' are for internal usage only",
        );
    }

    #[test]
    fn the_short_flag_for_the_namespace_wins_and_flags_beat_variables() {
        let env = Environment::from([("VAULT_NAMESPACE", "c")]);
        assert_eq!(
            namespace(&env, &parsed(&["-ns=/a/", "-namespace=b"])).as_deref(),
            Some("a/")
        );
        assert_eq!(namespace(&env, &parsed(&["-namespace=b"])).as_deref(), Some("b/"));
        assert_eq!(namespace(&env, &parsed(&[])).as_deref(), Some("c/"));
    }
}
