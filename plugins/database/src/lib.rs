//! Database credentials, made for each caller and dropped when their lease ends.
