//! The HCL 1 parser, with positions: policies, server configuration and the command line read it. Knows nothing of us.
