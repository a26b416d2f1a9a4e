//! Where a database is and how it is spoken to: `connection_url`, as a URL or in libpq's form of keywords.

mod keywords;
mod mask;
mod url;

pub(crate) use mask::masked;

use crate::error::DatabaseError;
use crate::tls::Trust;
use logical::secret::SecretText;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

/// How long a connection may take to be made, where the URL does not say.
const CONNECT: Duration = Duration::from_secs(5);

/// The longest time that a URL may ask for.
const CONNECT_MAX: Duration = Duration::from_secs(30);

/// Who opens the connection.
pub(crate) struct Credentials<'a> {
    /// Replaces `{{username}}`.
    pub(crate) username: &'a str,
    /// Replaces `{{password}}`.
    pub(crate) password: &'a str,
    /// Whether characters with a meaning in the URL are left as they are.
    pub(crate) disable_escaping: bool,
}

/// A connection string, understood.
pub(crate) struct Target {
    /// Everything but encryption.
    pub(crate) config: Config,
    /// Whom the server has to prove to be.
    pub(crate) trust: Trust,
    /// A file with certificates of authorities.
    pub(crate) root_certificates: Option<String>,
}

/// What a connection string says: keys and values, in libpq's words.
type Settings = Vec<(String, SecretText)>;

impl Target {
    /// Reads a connection string, credentials filled in.
    ///
    /// # Errors
    /// In words that show nothing of the string but the names of settings.
    pub(crate) fn parse(text: &str, credentials: &Credentials<'_>) -> Result<Self, DatabaseError> {
        let settings = match url::body(text) {
            Some(body) => url::parse(&url::fill(body, credentials))?,
            None => keywords::parse(&keywords::fill(text, credentials))?,
        };
        let mut target = Self {
            config: Config::new(),
            trust: Trust::Prefer,
            root_certificates: None,
        };
        target
            .config
            .connect_timeout(CONNECT)
            .application_name("strongroom");
        for (key, value) in &settings {
            target.set(key, value.expose())?;
        }
        target.complete()
    }

    /// How long it may take to reach one of the hosts, each after the other.
    pub(crate) fn patience(&self) -> Duration {
        let each = self.config.get_connect_timeout().copied().unwrap_or(CONNECT);
        let hosts = self.config.get_hosts().len().max(1);
        each.saturating_mul(u32::try_from(hosts).unwrap_or(u32::MAX))
            .min(CONNECT_MAX)
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), DatabaseError> {
        let config = &mut self.config;
        match key {
            "user" => {
                config.user(value);
            }
            "password" => {
                config.password(value);
            }
            "dbname" => {
                config.dbname(value);
            }
            "application_name" => {
                config.application_name(value);
            }
            "sslmode" => self.trust = Trust::parse(value).ok_or_else(|| invalid("sslmode is invalid"))?,
            "sslrootcert" => self.root_certificates = Some(value.to_owned()),
            "host" => {
                for host in split(value) {
                    config.host(host);
                }
            }
            "hostaddr" => {
                for address in split(value) {
                    config.hostaddr(read(key, address)?);
                }
            }
            "port" => {
                for port in split(value) {
                    config.port(read(key, port)?);
                }
            }
            // Zero is libpq's word for no limit, which is longer than anybody may wait here.
            "connect_timeout" => {
                let asked = Some(read::<u64>(key, value)?).filter(|seconds| *seconds > 0);
                config.connect_timeout(asked.map_or(CONNECT_MAX, Duration::from_secs).min(CONNECT_MAX));
            }
            "options" => self.add_option(value),
            "target_session_attrs" => {
                config.target_session_attrs(session_attributes(value)?);
            }
            // How libpq speaks to the server and not what it is asked for: nothing that we could do otherwise.
            "client_encoding"
            | "fallback_application_name"
            | "gssencmode"
            | "krbsrvname"
            | "sslsni"
            | "channel_binding"
            | "keepalives"
            | "keepalives_idle"
            | "keepalives_interval"
            | "keepalives_count" => {}
            "sslcert" | "sslkey" | "sslpassword" | "sslcrl" | "passfile" | "service" | "servicefile" => {
                return Err(invalid(format!(
                    "{key} is not taken; use tls_certificate and private_key of the configuration"
                )));
            }
            _ => self.run_time_parameter(key, value)?,
        }
        Ok(())
    }

    /// What is no setting of libpq's is one of the server's, as in Vault.
    fn run_time_parameter(&mut self, key: &str, value: &str) -> Result<(), DatabaseError> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        if key.is_empty() || !key.chars().all(is_name) {
            return Err(invalid("invalid keyword/value"));
        }
        let escaped = value.replace('\\', r"\\").replace(' ', r"\ ");
        self.add_option(&format!("-c {key}={escaped}"));
        Ok(())
    }

    fn add_option(&mut self, option: &str) {
        let options = match self.config.get_options() {
            Some(before) => format!("{before} {option}"),
            None => option.to_owned(),
        };
        self.config.options(options);
    }

    fn complete(mut self) -> Result<Self, DatabaseError> {
        if self.config.get_hosts().is_empty() && self.config.get_hostaddrs().is_empty() {
            self.config.host("localhost");
        }
        let (hosts, ports) = (self.config.get_hosts().len(), self.config.get_ports().len());
        if hosts > 1 && ports > 1 && hosts != ports {
            return Err(invalid("there must be a port for each host"));
        }
        if self.config.get_user().unwrap_or("").is_empty() {
            return Err(invalid("no user"));
        }
        self.config.ssl_mode(match self.trust {
            Trust::Disable => SslMode::Disable,
            Trust::Prefer => SslMode::Prefer,
            Trust::Require | Trust::Authority | Trust::Host => SslMode::Require,
        });
        Ok(self)
    }
}

/// Host, port, database and user; never the password.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = self.config.get_user().unwrap_or("");
        let database = self.config.get_dbname().unwrap_or(user);
        write!(f, "`user={user} database={database}`")?;
        let ports = self.config.get_ports();
        for (place, host) in self.config.get_hosts().iter().enumerate() {
            let port = ports.get(place).or_else(|| ports.first()).unwrap_or(&5432);
            let sign = if place == 0 { ": " } else { ", " };
            match host {
                Host::Tcp(name) => write!(f, "{sign}{name}:{port}")?,
                Host::Unix(path) => write!(f, "{sign}{}:{port}", path.display())?,
            }
        }
        Ok(())
    }
}

fn session_attributes(value: &str) -> Result<TargetSessionAttrs, DatabaseError> {
    match value {
        "any" => Ok(TargetSessionAttrs::Any),
        "read-write" | "primary" => Ok(TargetSessionAttrs::ReadWrite),
        "read-only" | "standby" => Ok(TargetSessionAttrs::ReadOnly),
        _ => Err(invalid("target_session_attrs is invalid")),
    }
}

fn split(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|part| !part.is_empty())
}

fn read<T: FromStr>(key: &str, value: &str) -> Result<T, DatabaseError> {
    value
        .trim()
        .parse()
        .map_err(|_| invalid(format!("{key} is invalid")))
}

fn invalid(text: impl fmt::Display) -> DatabaseError {
    DatabaseError::Invalid(format!("cannot parse connection url: {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, password: &str, disable_escaping: bool) -> Result<Target, DatabaseError> {
        Target::parse(
            text,
            &Credentials {
                username: "ad min",
                password,
                disable_escaping,
            },
        )
    }

    fn check(text: &str, password: &str, shown: &str) {
        let target = parse(text, password, false).unwrap();
        assert_eq!(target.to_string(), shown, "{text}");
        assert_eq!(target.config.get_password(), Some(password.as_bytes()), "{text}");
    }

    #[test]
    fn urls_and_keywords_say_the_same() {
        let shown = "`user=ad min database=db`: h:5";
        for password in [
            "p@ss:word",
            "a/b?c#d",
            "50% off & more",
            "{x} [y] \"z\"",
            "back\\slash ~",
            "it's ",
        ] {
            check(
                "postgresql://{{username}}:{{password}}@h:5/db?sslmode=disable",
                password,
                shown,
            );
            check(
                "host=h port=5 user={{username}} password={{password}} dbname=db",
                password,
                shown,
            );
            check(
                "host = h port='5' user='{{username}}' password='{{password}}' dbname='db'",
                password,
                shown,
            );
        }
        check(
            "postgres://{{username}}:{{password}}@a:1,[::1]:2,c/db",
            "p",
            "`user=ad min database=db`: a:1, ::1:2, c:5432",
        );
        check(
            "postgres://{{username}}:{{password}}@",
            "p",
            "`user=ad min database=ad min`: localhost:5432",
        );
    }

    #[test]
    fn encryption_is_what_the_url_says() {
        let trust = |mode: &str| {
            parse(&format!("postgres://u:p@h/d{mode}"), "", false)
                .unwrap()
                .trust
        };
        assert_eq!(trust(""), Trust::Prefer);
        assert_eq!(trust("?sslmode=disable"), Trust::Disable);
        assert_eq!(trust("?sslmode=require"), Trust::Require);
        assert_eq!(trust("?x=y&sslmode=verify-ca"), Trust::Authority);
        assert_eq!(trust("?sslmode=verify-full"), Trust::Host);
    }

    #[test]
    fn what_is_no_connection_string_is_refused_and_not_shown() {
        for (text, said) in [
            ("SENTINEL", "keyword/value"),
            ("postgresql://{{name}}:SENTINEL@h/d", "userinfo"),
            ("postgresql://{{ username }}:SENTINEL@h/d", "userinfo"),
            ("postgresql://u:SENTINEL@h:notaport/d", "port"),
            ("postgresql://u:SENTINEL@h/d?sslmode=sometimes", "sslmode"),
            (
                "postgresql://u:SENTINEL@h/d?connect_timeout=SENTINEL",
                "connect_timeout",
            ),
            ("host=h password='SENTINEL", "keyword/value"),
            ("host=h password=SENTINEL x", "keyword/value"),
            ("postgresql://:SENTINEL@h/d", "no user"),
            ("postgresql://u:SENTINEL@h/d?sslkey=/etc/passwd", "sslkey"),
        ] {
            let error = parse(text, "", false)
                .err()
                .unwrap_or_else(|| panic!("{text} is taken"));
            assert!(error.to_string().contains(said), "{text}: {error}");
            assert!(!error.to_string().contains("SENTINEL"), "{error}");
        }
    }

    #[test]
    fn without_escaping_credentials_are_put_in_as_they_are() {
        let target = parse("postgresql://u:{{password}}@h/d", "p@ss:word", true).unwrap();
        assert_eq!(target.config.get_password(), Some(&b"p@ss:word"[..]));
        let target = parse("postgresql://u:{{password}}@h/d", "a%20b", true).unwrap();
        assert_eq!(target.config.get_password(), Some(&b"a b"[..]));
    }

    #[test]
    fn settings_of_the_server_are_passed_on() {
        let target = parse("postgresql://u:p@h/d?search_path=a b&options=-c x=1", "", false).unwrap();
        assert_eq!(target.config.get_options(), Some(r"-c search_path=a\ b -c x=1"));
    }
}
