//! Everything about the parser that is seen from outside.

#[cfg(test)]
mod forms;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod plain;
#[cfg(test)]
mod recorded;
