//! When a request is worth sending again, and after how long.

use std::time::Duration;

/// How often a request is repeated, and who waits in between.
pub struct Retries {
    /// The number of repetitions after the first attempt.
    pub most: u32,
    /// Waits. The command line sleeps; tests only take notes.
    pub wait: Box<dyn Fn(Duration) + Send + Sync>,
}

impl Retries {
    /// Sends once, and no more.
    pub fn none() -> Self {
        Self {
            most: 0,
            wait: Box::new(|_| {}),
        }
    }

    /// Tells whether an answer with this status might be another one next time.
    ///
    /// 412 is a node that has not yet seen what this client wrote. 501 will not change by waiting, a 503 may:
    /// Vault's client repeats it too.
    pub(crate) fn is_passing(status: u16) -> bool {
        status == 412 || (status >= 500 && status != 501)
    }

    /// The pause before the repetition of this number, from 0: a second, later one and a half.
    pub(crate) fn pause(repetition: u32) -> Duration {
        Duration::from_millis(1000 + 500 * u64::from(repetition.min(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_errors_and_412_pass_but_501_and_client_errors_do_not() {
        let passing = [400, 403, 404, 412, 429, 500, 501, 502, 503].map(Retries::is_passing);
        assert_eq!(
            passing,
            [false, false, false, true, false, true, false, true, true]
        );
    }
}
