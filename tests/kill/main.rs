//! What the server promises when it is treated badly: killed, its disk full, its directory taken, its start a mistake.
//!
//! Each test runs the program as a process of its own, with a real disk and a real PostgreSQL. Chance comes from a
//! seed that is printed; `KILL_SEED` plays one again, `KILL_ROUNDS` says how often the server is killed.
//!
//! Start reading at [`killed`].

#![cfg(test)]

mod desk;
mod expiry;
mod full_disk;
mod killed;
mod logins_in;
mod refusals;
