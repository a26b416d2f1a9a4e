//! The audit room from outside: what a device's log holds after requests went by.
#![cfg(test)]

mod devices;
mod recorded;
mod room;
mod secrets;
