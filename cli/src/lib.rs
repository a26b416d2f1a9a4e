//! The command line: what vault does, and what it lacks.
