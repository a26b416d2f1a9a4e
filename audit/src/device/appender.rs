//! Whole lines, or none that a reader could take for one.

use std::io::{self, ErrorKind, Write};

/// Appends groups of lines, each with one write wherever the system takes it whole.
pub(super) struct Appender<W> {
    out: W,
    /// The last line has no end: the disk filled up in the middle of it, or the process died there.
    is_torn: bool,
}

impl<W: Write> Appender<W> {
    /// Goes on behind what is there. `is_torn` says whether its last line has no end.
    pub(super) fn behind(out: W, is_torn: bool) -> Self {
        Self { out, is_torn }
    }

    /// What it writes to.
    pub(super) fn out(&self) -> &W {
        &self.out
    }

    /// Appends lines. A torn line before them is ended first, in the same write, so that it spoils none but itself.
    pub(super) fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        if self.is_torn {
            let ended = [b"\n", lines].concat();
            return self.write(&ended);
        }
        self.write(lines)
    }

    fn write(&mut self, mut rest: &[u8]) -> io::Result<()> {
        while !rest.is_empty() {
            match self.out.write(rest) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(taken) => {
                    let (written, left) = rest.split_at_checked(taken).ok_or(ErrorKind::InvalidData)?;
                    self.is_torn = !written.ends_with(b"\n");
                    rest = left;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk with so much room left.
    struct Disk {
        holds: Vec<u8>,
        room: usize,
        writes: usize,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.writes += 1;
            let taken = bytes.len().min(self.room);
            self.room -= taken;
            self.holds.extend_from_slice(&bytes[..taken]);
            if taken == 0 {
                return Err(ErrorKind::StorageFull.into());
            }
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn disk(room: usize) -> Appender<Disk> {
        let holds = Vec::new();
        Appender::behind(
            Disk {
                holds,
                room,
                writes: 0,
            },
            false,
        )
    }

    #[test]
    fn two_lines_are_one_write() {
        let mut appender = disk(100);
        appender.append(b"one\ntwo\n").unwrap();
        assert_eq!(
            (appender.out().writes, &*appender.out().holds),
            (1, &b"one\ntwo\n"[..])
        );
    }

    #[test]
    fn a_torn_line_is_ended_before_the_next_one() {
        let mut appender = disk(6);
        assert_eq!(
            appender.append(b"one\ntwo\n").unwrap_err().kind(),
            ErrorKind::StorageFull
        );
        appender.out.room = 0;
        assert!(appender.append(b"three\n").is_err());
        appender.out.room = 100;
        appender.append(b"four\n").unwrap();
        appender.append(b"five\n").unwrap();
        assert_eq!(appender.out().holds, b"one\ntw\nfour\nfive\n");
    }

    #[test]
    fn a_disk_that_fills_up_between_two_lines_tears_none() {
        let mut appender = disk(4);
        assert!(appender.append(b"one\ntwo\n").is_err());
        appender.out.room = 100;
        appender.append(b"three\n").unwrap();
        assert_eq!(appender.out().holds, b"one\nthree\n");
    }
}
