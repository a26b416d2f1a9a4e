//! Everything about policies that is seen from outside.

#[cfg(test)]
mod ask;
#[cfg(test)]
mod authorizing;
#[cfg(test)]
mod built_in;
#[cfg(test)]
mod closing;
#[cfg(test)]
mod drawn;
#[cfg(test)]
mod expiring;
#[cfg(test)]
mod listing;
#[cfg(test)]
mod model;
#[cfg(test)]
mod recorded;
#[cfg(test)]
mod showing;
