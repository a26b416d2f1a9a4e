//! `postgresql://user:password@host:port,host:port/database?key=value`.

use super::{Credentials, Settings, invalid};
use crate::error::DatabaseError;
use logical::secret::SecretText;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What is behind the scheme, if there is one.
pub(super) fn body(text: &str) -> Option<&str> {
    let schemes = ["postgresql://", "postgres://"];
    schemes.iter().find_map(|scheme| text.strip_prefix(scheme))
}

/// Puts the credentials in.
pub(super) fn fill(body: &str, credentials: &Credentials<'_>) -> SecretText {
    let encode = |value: &str| {
        if credentials.disable_escaping {
            value.to_owned()
        } else {
            utf8_percent_encode(value, NON_ALPHANUMERIC).to_string()
        }
    };
    let filled = body
        .replace("{{username}}", &encode(credentials.username))
        .replace("{{password}}", &encode(credentials.password));
    SecretText::new(filled)
}

/// Reads what is behind the scheme.
pub(super) fn parse(body: &SecretText) -> Result<Settings, DatabaseError> {
    let mut settings = Settings::new();
    let (address, query) = body.expose().split_once('?').unwrap_or((body.expose(), ""));
    let (authority, database) = address.split_once('/').unwrap_or((address, ""));
    let hosts = match authority.rsplit_once('@') {
        Some((user, hosts)) => {
            user_info(user, &mut settings)?;
            hosts
        }
        None => authority,
    };
    host_list(hosts, &mut settings)?;
    if !database.is_empty() {
        settings.push(("dbname".to_owned(), decode(database)?));
    }
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').ok_or_else(|| invalid("invalid query"))?;
        settings.push((key.to_owned(), decode(value)?));
    }
    Ok(settings)
}

fn user_info(text: &str, settings: &mut Settings) -> Result<(), DatabaseError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(c);
    if !text.chars().all(allowed) {
        return Err(invalid("invalid userinfo"));
    }
    let (user, password) = text.split_once(':').unwrap_or((text, ""));
    settings.push(("user".to_owned(), decode(user)?));
    if !password.is_empty() {
        settings.push(("password".to_owned(), decode(password)?));
    }
    Ok(())
}

fn host_list(text: &str, settings: &mut Settings) -> Result<(), DatabaseError> {
    for part in text.split(',').filter(|part| !part.is_empty()) {
        let (host, port) = match part.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            Some((host, "")) => (host, "5432"),
            Some((host, port)) => (
                host,
                port.strip_prefix(':').ok_or_else(|| invalid("invalid host"))?,
            ),
            None => part.rsplit_once(':').unwrap_or((part, "5432")),
        };
        settings.push(("host".to_owned(), decode(host)?));
        settings.push(("port".to_owned(), SecretText::from(port)));
    }
    Ok(())
}

fn decode(text: &str) -> Result<SecretText, DatabaseError> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded
        .map(|text| SecretText::new(text.into_owned()))
        .map_err(|_| invalid("it is not UTF-8"))
}
