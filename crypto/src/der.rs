//! As much of DER as it takes to find a key in a certificate.

/// What an element is, by its tag.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(crate) enum Element {
    Integer = 0x02,
    BitString = 0x03,
    ObjectIdentifier = 0x06,
    Sequence = 0x30,
    /// The optional first element of a certificate: explicit, tagged zero.
    Version = 0xa0,
}

/// The contents of a sequence, and what lies behind it.
pub(crate) fn sequence(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    element(bytes, Element::Sequence)
}

/// The contents of an element, and what lies behind it; `None` if the bytes begin with another one, or end too early.
pub(crate) fn element(bytes: &[u8], element: Element) -> Option<(&[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        // Longer than four bytes is longer than anything that is handed in; 0x80 alone is not DER.
        0x81..=0x84 => {
            let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let length = length
                .iter()
                .fold(0, |length: usize, byte| (length << 8) | usize::from(*byte));
            (length, rest)
        }
        _ => return None,
    };
    (tag == element as u8).then(|| rest.split_at_checked(length))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Option<(&[u8], &[u8])>) {
        assert_eq!(sequence(bytes), expected, "{bytes:?}");
    }

    #[test]
    fn an_element_ends_where_its_length_says() {
        check(&[0x30, 1, 7, 8], Some((&[7], &[8])));
        check(&[0x30, 0x81, 2, 7, 8], Some((&[7, 8], &[])));
        check(&[0x30, 0], Some((&[], &[])));
        check(&[0x30, 2, 7], None);
        check(&[0x31, 0], None);
        check(&[0x30, 0x80, 0, 0], None);
        check(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], None);
        check(&[0x30, 0x82, 1], None);
        check(&[], None);
    }
}
