//! A client of Vault's HTTP API, for the command line and the agent.
