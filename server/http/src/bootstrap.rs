//! The paths that are answered while the server is sealed.

use axum::body::Body;
use axum::http::Method;
use axum::response::Response;
use logical::Fields;

use crate::answer;
use crate::body::Limits;
use crate::contract::{Bootstrap, Health};
use crate::json::{self, Wanted};
use crate::query::{Parameters, boolean};
use crate::refusal::Refusal;
use crate::settings::Keyholders;

/// A path that takes only some methods, and most of them without the corridor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Open {
    Health,
    SealStatus,
    Leader,
    Init,
    Unseal,
    /// `sys/seal` and `sys/step-down` are the corridor's, once their method is right.
    Guarded,
    /// `sys/rekey` is the corridor's, too, on listeners that are told to let it in.
    Rekey,
    /// `sys/generate-root` likewise.
    GenerateRoot,
}

impl Open {
    /// Finds it by a path below `/v1/`.
    pub(crate) fn of(path: &str) -> Option<Self> {
        match path {
            "sys/health" => Some(Self::Health),
            "sys/seal-status" => Some(Self::SealStatus),
            "sys/leader" => Some(Self::Leader),
            "sys/init" => Some(Self::Init),
            "sys/unseal" => Some(Self::Unseal),
            "sys/seal" | "sys/step-down" => Some(Self::Guarded),
            // Whoever reads the copies of shares has a token.
            "sys/rekey/backup" | "sys/rekey/recovery-key-backup" => None,
            _ if path.starts_with("sys/rekey/") || path.starts_with("sys/rekey-recovery-key/") => {
                Some(Self::Rekey)
            }
            _ if path.starts_with("sys/generate-root/") => Some(Self::GenerateRoot),
            _ => None,
        }
    }

    /// Refuses what this listener does not let in.
    ///
    /// # Errors
    /// 405 as Vault answers, and which line of the configuration opens it.
    fn check(self, keyholders: Keyholders) -> Result<(), Refusal> {
        let (is_open, line, guarded) = match self {
            Self::Rekey => (
                keyholders.rekey,
                "disable_unauthed_rekey_endpoints",
                "sys/rotate/root",
            ),
            Self::GenerateRoot => (
                keyholders.generate_root,
                "disable_unauthed_generate_root_endpoints",
                "sys/generate-root-token",
            ),
            _ => return Ok(()),
        };
        if is_open {
            return Ok(());
        }
        let text = format!(
            "unsupported operation: this listener takes it once its configuration says {line} = false; with a token, {guarded} does the same"
        );
        Err(Refusal::new(405, text))
    }

    /// Whether it takes a method. Everything else is 405, whoever asks.
    fn takes(self, method: &Method) -> bool {
        let taken: &[&str] = match self {
            Self::Health => &["GET", "HEAD"],
            Self::SealStatus | Self::Leader => &["GET"],
            Self::Init => &["GET", "PUT", "POST"],
            Self::Unseal => &["PUT", "POST"],
            Self::Guarded => &["PUT", "POST", "PATCH"],
            Self::Rekey | Self::GenerateRoot => &["GET", "PUT", "POST", "DELETE"],
        };
        taken.contains(&method.as_str())
    }
}

/// A question to `Bootstrap`, still in parts.
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a Method,
    pub(crate) query: &'a Parameters,
    pub(crate) limits: &'a Limits,
    /// What the listener lets in.
    pub(crate) keyholders: Keyholders,
}

/// Answers one of these paths; gives the body back if the corridor has to.
pub(crate) async fn answer(
    open: Open,
    asked: Asked<'_>,
    body: Body,
    bootstrap: &dyn Bootstrap,
) -> Result<Result<Response, Body>, Refusal> {
    let taken = open.check(asked.keyholders);
    let taken = taken.and_then(|()| match open.takes(asked.method) {
        true => Ok(()),
        false => Err(Refusal::silent(405)),
    });
    if let Err(refusal) = taken {
        asked.limits.skip(body).await?;
        return Err(refusal);
    }
    let (status, members) = match (open, asked.method.as_str()) {
        (Open::Guarded | Open::Rekey | Open::GenerateRoot, _) => return Ok(Err(body)),
        (Open::Init, "PUT" | "POST") => {
            let members = members(&asked, body, Wanted::Init).await?;
            (200, bootstrap.init(members).await?)
        }
        (Open::Unseal, _) => {
            let members = members(&asked, body, Wanted::Unseal).await?;
            (200, bootstrap.unseal(members).await?)
        }
        (reading, _) => {
            asked.limits.skip(body).await?;
            read(reading, asked.query, bootstrap).await?
        }
    };
    Ok(Ok(answer::bare(status, &members)))
}

async fn members(asked: &Asked<'_>, body: Body, wanted: Wanted) -> Result<Fields, Refusal> {
    json::members(asked.limits.read(body).await?.as_ref(), wanted)
}

async fn read(open: Open, query: &Parameters, bootstrap: &dyn Bootstrap) -> Result<(u16, Fields), Refusal> {
    Ok(match open {
        Open::Health => {
            let codes = Codes::of(query)?;
            let (health, members) = bootstrap.health().await?;
            (codes.code(health), members)
        }
        Open::SealStatus => (200, bootstrap.seal_status().await?),
        Open::Leader => (200, bootstrap.leader().await?),
        Open::Init | Open::Unseal | Open::Guarded | Open::Rekey | Open::GenerateRoot => {
            (200, bootstrap.init_status().await?)
        }
    })
}

/// The statuses that a load balancer wants to see.
struct Codes {
    active: u16,
    standby: u16,
    sealed: u16,
    uninitialized: u16,
}

impl Codes {
    fn of(query: &Parameters) -> Result<Self, Refusal> {
        let code = |name, otherwise| {
            if !query.contains(name) {
                return Ok(otherwise);
            }
            let code = query
                .first(name)
                .parse()
                .ok()
                .filter(|code| (100..1000).contains(code));
            code.ok_or_else(|| Refusal::silent(400))
        };
        let active = code("activecode", 200)?;
        let standby = code("standbycode", 429)?;
        let standby_is_fine = is_fine(query, "standbyok")? | is_fine(query, "perfstandbyok")?;
        Ok(Self {
            active,
            standby: if standby_is_fine { active } else { standby },
            sealed: code("sealedcode", 503)?,
            uninitialized: code("uninitcode", 501)?,
        })
    }

    fn code(&self, health: Health) -> u16 {
        match health {
            Health::Active => self.active,
            Health::Standby => self.standby,
            Health::Sealed => self.sealed,
            Health::Uninitialized => self.uninitialized,
        }
    }
}

/// A name without a value says yes.
fn is_fine(query: &Parameters, name: &str) -> Result<bool, Refusal> {
    match query.first(name) {
        "" => Ok(query.contains(name)),
        text => boolean(text).ok_or_else(|| Refusal::silent(400)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, health: Health, expected: Result<u16, u16>) {
        let codes = Codes::of(&Parameters::of(query));
        let found = codes
            .map(|codes| codes.code(health))
            .map_err(|refusal| refusal.status);
        assert_eq!(found, expected, "{query}");
    }

    #[test]
    fn every_state_has_its_code() {
        for (query, active, standby, sealed, uninitialized) in [
            ("", 200, 429, 503, 501),
            ("uninitcode=599&sealedcode=598&activecode=597", 597, 429, 598, 599),
            ("activecode=404&activecode=405", 404, 429, 503, 501),
            ("ACTIVECODE=418", 200, 429, 503, 501),
            ("standbyok=true", 200, 200, 503, 501),
            ("standbyok", 200, 200, 503, 501),
            ("perfstandbyok=1&activecode=299", 299, 299, 503, 501),
            ("standbycode=204", 200, 204, 503, 501),
        ] {
            check(query, Health::Active, Ok(active));
            check(query, Health::Standby, Ok(standby));
            check(query, Health::Sealed, Ok(sealed));
            check(query, Health::Uninitialized, Ok(uninitialized));
        }
    }

    #[test]
    fn a_closed_path_says_which_line_opens_it() {
        for (path, line) in [
            ("sys/rekey/init", "disable_unauthed_rekey_endpoints"),
            ("sys/rekey-recovery-key/init", "disable_unauthed_rekey_endpoints"),
            (
                "sys/generate-root/attempt",
                "disable_unauthed_generate_root_endpoints",
            ),
        ] {
            let open = Open::of(path).unwrap();
            let refusal = open.check(Keyholders::default()).unwrap_err();
            let opens = format!("{line} = false");
            assert!(
                refusal.status == 405 && refusal.errors[0].contains(&opens),
                "{refusal:?}"
            );
            let keyholders = Keyholders {
                rekey: true,
                generate_root: true,
            };
            assert_eq!(open.check(keyholders), Ok(()));
        }
        assert_eq!(Open::of("sys/rekey/backup"), None);
    }

    #[test]
    fn a_code_that_is_none_is_refused() {
        for query in [
            "uninitcode=x",
            "sealedcode=",
            "activecode=2.5",
            "standbycode=0x10",
            "standbyok=maybe",
            "standbyok=2",
            "sealedcode=%20200",
            "activecode=99999999999999999999",
            "activecode=99",
        ] {
            check(query, Health::Active, Err(400));
        }
    }
}
