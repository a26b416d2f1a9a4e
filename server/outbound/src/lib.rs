//! The one dialer: whatever calls out over HTTP does it here.
