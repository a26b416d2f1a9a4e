//! On whose behalf a proxy asks.

use axum::http::HeaderMap;
use ipnet::IpNet;
use logical::Remote;
use std::net::{IpAddr, Ipv4Addr};

use crate::refusal::Refusal;

const HEADER: &str = "x-forwarded-for";

/// Which proxies may say on whose behalf they ask, and how far they are believed: `x_forwarded_for_*` of a listener.
#[derive(Clone, Debug)]
pub struct Forwarded {
    /// Addresses of the proxies.
    pub authorized: Vec<IpNet>,
    /// How many addresses at the end of the header are proxies themselves.
    pub hop_skips: usize,
    /// Whether a request without the header is refused.
    pub reject_not_present: bool,
    /// Whether a request with the header is refused if its peer is no proxy.
    pub reject_not_authorized: bool,
}

impl Forwarded {
    /// Who asks, if this peer sent these headers.
    ///
    /// # Errors
    /// 400, with Vault's text.
    pub(crate) fn remote(&self, peer: Remote, headers: &HeaderMap) -> Result<Remote, Refusal> {
        if !headers.contains_key(HEADER) {
            return if self.reject_not_present {
                Err(Refusal::invalid(
                    "missing x-forwarded-for header and configured to reject when not present",
                ))
            } else {
                Ok(peer)
            };
        }
        if !self
            .authorized
            .iter()
            .any(|proxies| proxies.contains(&peer.address))
        {
            return if self.reject_not_authorized {
                Err(Refusal::invalid(
                    "client address not authorized for x-forwarded-for and configured to reject connection",
                ))
            } else {
                Ok(peer)
            };
        }
        let address = self.address(headers)?;
        Ok(Remote { address, ..peer })
    }

    /// One hop after the other, from the last header's end.
    fn address(&self, headers: &HeaderMap) -> Result<IpAddr, Refusal> {
        let values = headers.get_all(HEADER).iter();
        let texts: Vec<_> = values
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        let hops: Vec<&str> = texts
            .iter()
            .flat_map(|text| text.split(','))
            .map(str::trim)
            .collect();
        let hop = hops.iter().rev().nth(self.hop_skips).ok_or_else(|| {
            Refusal::invalid(format!(
                "malformed x-forwarded-for configuration or request, hops to skip ({}) would skip before earliest chain link (chain length {})",
                self.hop_skips,
                hops.len()
            ))
        })?;
        // What is no address belongs to nobody: a token that is bound to addresses is refused, as in Vault.
        Ok(hop.parse().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[&'static str], expected: Result<&str, &str>) {
        let rule = Forwarded {
            authorized: vec!["127.0.0.0/8".parse().unwrap()],
            hop_skips: 1,
            reject_not_present: false,
            reject_not_authorized: true,
        };
        check_with(&rule, values, expected);
    }

    fn check_with(rule: &Forwarded, values: &[&'static str], expected: Result<&str, &str>) {
        let peer = Remote {
            address: "127.0.0.1".parse().unwrap(),
            port: 7,
        };
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(HEADER, value.parse().unwrap());
        }
        let found = rule
            .remote(peer, &headers)
            .map_err(|refusal| refusal.errors.concat());
        let expected = expected.map(|text| Remote {
            address: text.parse().unwrap(),
            port: 7,
        });
        assert_eq!(found, expected.map_err(str::to_owned), "{values:?}");
    }

    #[test]
    fn the_address_before_the_proxies_counts() {
        let short = "malformed x-forwarded-for configuration or request, hops to skip (1) would skip before earliest chain link (chain length 1)";
        check(&[], Ok("127.0.0.1"));
        check(&["10.1.2.3"], Err(short));
        check(&[""], Err(short));
        check(&["10.1.2.3, 192.0.2.1"], Ok("10.1.2.3"));
        check(&["192.0.2.1, 10.1.2.3"], Ok("192.0.2.1"));
        check(&["10.1.2.3", "192.0.2.1"], Ok("10.1.2.3"));
        check(&["10.9.9.9, 192.0.2.7, 192.0.2.1"], Ok("192.0.2.7"));
        check(&["192.0.2.7,10.1.2.3 , 192.0.2.1"], Ok("10.1.2.3"));
        check(&["10.1.2.3, nonsense"], Ok("10.1.2.3"));
        check(&["nonsense, 192.0.2.1"], Ok("0.0.0.0"));
    }

    #[test]
    fn only_authorised_proxies_are_believed() {
        let mut rule = Forwarded {
            authorized: vec!["10.0.0.0/8".parse().unwrap()],
            hop_skips: 0,
            reject_not_present: true,
            reject_not_authorized: true,
        };
        let stranger =
            "client address not authorized for x-forwarded-for and configured to reject connection";
        check_with(&rule, &["10.1.2.3"], Err(stranger));
        check_with(
            &rule,
            &[],
            Err("missing x-forwarded-for header and configured to reject when not present"),
        );
        rule.reject_not_authorized = false;
        check_with(&rule, &["10.1.2.3"], Ok("127.0.0.1"));
    }
}
