//! The nouns and contracts of the house.
