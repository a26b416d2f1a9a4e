//! Keys that check other people's signatures: RSA and ECDSA, as JWTs use them.

use crate::CryptoError;
use crate::der::{self, Element};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, UnparsedPublicKey, VerificationAlgorithm,
};

const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];

/// How a signature was made, in JWT's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// RSA, PKCS #1 v1.5, SHA-256.
    Rs256,
    /// RSA, PKCS #1 v1.5, SHA-384.
    Rs384,
    /// RSA, PKCS #1 v1.5, SHA-512.
    Rs512,
    /// ECDSA over P-256, SHA-256.
    Es256,
    /// ECDSA over P-384, SHA-384.
    Es384,
}

/// A public key.
#[derive(Clone, Debug)]
pub struct PublicKey {
    kind: Kind,
    bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Rsa,
    P256,
    P384,
}

impl PublicKey {
    /// Reads a `SubjectPublicKeyInfo`, in DER.
    ///
    /// # Errors
    /// `Key` if it is none, or of a kind that is not known here.
    pub fn from_spki(bytes: &[u8]) -> Result<Self, CryptoError> {
        read_spki(bytes).ok_or(CryptoError::Key)
    }

    /// Reads the key that an X.509 certificate is about, in DER. Nothing else of the certificate is looked at: neither
    /// who signed it nor how long it is good.
    ///
    /// # Errors
    /// `Key` if there is none, or of a kind that is not known here.
    pub fn from_certificate(bytes: &[u8]) -> Result<Self, CryptoError> {
        spki_of(bytes).and_then(read_spki).ok_or(CryptoError::Key)
    }

    /// Whether a signature of a message was made with the other half of this key, and by this algorithm.
    pub fn verifies(&self, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        let (kind, algorithm): (Kind, &'static dyn VerificationAlgorithm) = match algorithm {
            SignatureAlgorithm::Rs256 => (Kind::Rsa, &RSA_PKCS1_2048_8192_SHA256),
            SignatureAlgorithm::Rs384 => (Kind::Rsa, &RSA_PKCS1_2048_8192_SHA384),
            SignatureAlgorithm::Rs512 => (Kind::Rsa, &RSA_PKCS1_2048_8192_SHA512),
            SignatureAlgorithm::Es256 => (Kind::P256, &ECDSA_P256_SHA256_FIXED),
            SignatureAlgorithm::Es384 => (Kind::P384, &ECDSA_P384_SHA384_FIXED),
        };
        kind == self.kind
            && UnparsedPublicKey::new(algorithm, &self.bytes)
                .verify(message, signature)
                .is_ok()
    }
}

/// `SubjectPublicKeyInfo ::= SEQUENCE { SEQUENCE { algorithm, parameters }, BIT STRING }`
fn read_spki(bytes: &[u8]) -> Option<PublicKey> {
    let (info, _) = der::sequence(bytes)?;
    let (algorithm, rest) = der::sequence(info)?;
    let (name, parameters) = der::element(algorithm, Element::ObjectIdentifier)?;
    let (bits, _) = der::element(rest, Element::BitString)?;
    // The first byte of a bit string says how many bits are unused; a key has none.
    let key = bits.strip_prefix(&[0])?;
    let kind = if name == RSA {
        Kind::Rsa
    } else if name == EC {
        match der::element(parameters, Element::ObjectIdentifier)?.0 {
            P256 => Kind::P256,
            P384 => Kind::P384,
            _ => return None,
        }
    } else {
        return None;
    };
    Some(PublicKey {
        kind,
        bytes: key.to_vec(),
    })
}

/// `Certificate ::= SEQUENCE { SEQUENCE { [0] version?, serial, algorithm, issuer, validity, subject, spki, … }, … }`
fn spki_of(certificate: &[u8]) -> Option<&[u8]> {
    let (certificate, _) = der::sequence(certificate)?;
    let (mut rest, _) = der::sequence(certificate)?;
    if let Some((_, behind)) = der::element(rest, Element::Version) {
        rest = behind;
    }
    (_, rest) = der::element(rest, Element::Integer)?;
    for _ in ["algorithm", "issuer", "validity", "subject"] {
        (_, rest) = der::sequence(rest)?;
    }
    // What `read_spki` wants is the whole element, not only what is in it.
    let (_, behind) = der::sequence(rest)?;
    rest.get(..rest.len() - behind.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use SignatureAlgorithm::{Es256, Es384, Rs256, Rs384};

    const MESSAGE: &[u8] = b"Every secret access has a name, a proof and an undo.";

    fn hex(text: &str) -> Vec<u8> {
        hex::decode(text.trim()).unwrap()
    }

    fn check(key: &PublicKey, algorithm: SignatureAlgorithm, signature: &str, expected: bool) {
        assert_eq!(
            key.verifies(algorithm, MESSAGE, &hex(signature)),
            expected,
            "{algorithm:?}"
        );
        assert!(!key.verifies(algorithm, b"another message", &hex(signature)));
    }

    #[test]
    fn a_signature_is_good_for_its_key_its_algorithm_and_its_message() {
        let vectors = include_str!("../tests/vectors/public_key.txt");
        let vector = |name: &str| {
            let line = vectors
                .lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            line.unwrap()
        };
        let rsa = PublicKey::from_spki(&hex(vector("rsa"))).unwrap();
        let p256 = PublicKey::from_spki(&hex(vector("p256"))).unwrap();
        let certified = PublicKey::from_certificate(&hex(vector("p256-certificate"))).unwrap();
        check(&rsa, Rs256, vector("rs256"), true);
        check(&rsa, Rs384, vector("rs256"), false);
        check(&rsa, Es256, vector("es256"), false);
        check(&p256, Es256, vector("es256"), true);
        check(&certified, Es256, vector("es256"), true);
        check(&p256, Rs256, vector("rs256"), false);
        let p384 = PublicKey::from_spki(&hex(vector("p384"))).unwrap();
        check(&p384, Es384, vector("es384"), true);
        check(&p384, Es256, vector("es256"), false);
    }

    #[test]
    fn bytes_that_are_no_key_are_refused_and_cut_ones_never_panic() {
        let vectors = include_str!("../tests/vectors/public_key.txt");
        for line in vectors.lines().filter(|line| !line.starts_with('#')) {
            let bytes = hex(line.split_once(' ').unwrap().1);
            for end in 0..bytes.len().min(300) {
                let _ = PublicKey::from_certificate(&bytes[..end]);
                let _ = PublicKey::from_spki(&bytes[..end]);
            }
        }
        assert!(PublicKey::from_spki(b"").is_err());
        assert!(PublicKey::from_spki(b"0\x80").is_err());
        assert!(PublicKey::from_certificate(b"hello").is_err());
    }
}
