//! The corridor: how one request goes through the house.
