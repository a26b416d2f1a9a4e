//! Hashes by the names that clients give them.

use sha2::Digest;

/// A hash function, as clients name it: `sha2-256`, `sha3-512`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashAlgorithm {
    /// SHA-224.
    Sha2With224,
    /// SHA-256.
    Sha2With256,
    /// SHA-384.
    Sha2With384,
    /// SHA-512.
    Sha2With512,
    /// SHA3-224.
    Sha3With224,
    /// SHA3-256.
    Sha3With256,
    /// SHA3-384.
    Sha3With384,
    /// SHA3-512.
    Sha3With512,
}

impl HashAlgorithm {
    /// The function with a name; `None` if there is none.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "sha2-224" => Self::Sha2With224,
            "sha2-256" => Self::Sha2With256,
            "sha2-384" => Self::Sha2With384,
            "sha2-512" => Self::Sha2With512,
            "sha3-224" => Self::Sha3With224,
            "sha3-256" => Self::Sha3With256,
            "sha3-384" => Self::Sha3With384,
            "sha3-512" => Self::Sha3With512,
            _ => return None,
        })
    }

    /// The hash of some bytes.
    pub fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha2With224 => sha2::Sha224::digest(bytes).to_vec(),
            Self::Sha2With256 => sha2::Sha256::digest(bytes).to_vec(),
            Self::Sha2With384 => sha2::Sha384::digest(bytes).to_vec(),
            Self::Sha2With512 => sha2::Sha512::digest(bytes).to_vec(),
            Self::Sha3With224 => sha3::Sha3_224::digest(bytes).to_vec(),
            Self::Sha3With256 => sha3::Sha3_256::digest(bytes).to_vec(),
            Self::Sha3With384 => sha3::Sha3_384::digest(bytes).to_vec(),
            Self::Sha3With512 => sha3::Sha3_512::digest(bytes).to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first bytes of the hash of `abc`, from FIPS 180-4 and FIPS 202.
    #[test]
    fn each_function_hashes_as_its_standard_says() {
        let check = |name: &str, first: &str, bytes: usize| {
            let hash = HashAlgorithm::named(name).unwrap().digest(b"abc");
            assert_eq!(
                (hex::encode(&hash[..4]).as_str(), hash.len()),
                (first, bytes),
                "{name}"
            );
        };
        check("sha2-224", "23097d22", 28);
        check("sha2-256", "ba7816bf", 32);
        check("sha2-384", "cb00753f", 48);
        check("sha2-512", "ddaf35a1", 64);
        check("sha3-224", "e642824c", 28);
        check("sha3-256", "3a985da7", 32);
        check("sha3-384", "ec014982", 48);
        check("sha3-512", "b751850b", 64);
        for none in ["md5", "sha1", "SHA2-256", ""] {
            assert_eq!(HashAlgorithm::named(none), None);
        }
    }
}
