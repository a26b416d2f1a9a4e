//! Which addresses are dialled.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where the clouds tell a machine its own credentials, outside of the link-local networks.
const METADATA_V4: [Ipv4Addr; 2] = [Ipv4Addr::new(100, 100, 100, 200), Ipv4Addr::new(168, 63, 129, 16)];
const METADATA_V6: [Ipv6Addr; 2] = [
    Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254),
    Ipv6Addr::new(0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x0254),
];

/// Whether an address may be dialled: not link-local, no metadata service, and somebody's own.
pub(crate) fn may_be_dialled(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => v4(address),
        IpAddr::V6(address) => embedded(address).map_or_else(|| v6(address), v4),
    }
}

fn v4(address: Ipv4Addr) -> bool {
    let nobodys = address.is_unspecified() || address.is_multicast() || address.is_broadcast();
    !nobodys && !address.is_link_local() && !METADATA_V4.contains(&address)
}

fn v6(address: Ipv6Addr) -> bool {
    let nobodys = address.is_unspecified() || address.is_multicast();
    !nobodys && !address.is_unicast_link_local() && !METADATA_V6.contains(&address)
}

/// The IPv4 address that an IPv6 address stands for: mapped, or translated at the border of a network without IPv4.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return Some(mapped);
    }
    match address.segments() {
        [0x0064, 0xff9b, 0, 0, 0, 0, high, low] => {
            Some(Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, allowed: bool) {
        assert_eq!(may_be_dialled(address.parse().unwrap()), allowed, "{address}");
    }

    #[test]
    fn api_servers_may_be_dialled_wherever_they_live() {
        for address in [
            "127.0.0.1",
            "10.0.0.1",
            "192.168.99.100",
            "172.16.0.1",
            "203.0.113.7",
            "::1",
            "fd00::1",
            "2001:db8::1",
        ] {
            check(address, true);
        }
    }

    #[test]
    fn metadata_services_may_not_be_dialled_under_any_spelling() {
        for address in [
            "169.254.169.254",
            "169.254.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::169.254.169.254",
            "fd00:ec2::254",
            "fd20:ce::254",
            "fe80::1",
            "100.100.100.200",
            "168.63.129.16",
            "0.0.0.0",
            "::",
            "::ffff:0.0.0.0",
            "224.0.0.1",
            "ff02::1",
            "255.255.255.255",
        ] {
            check(address, false);
        }
    }
}
