//! Who did what: entries, redaction, devices.
