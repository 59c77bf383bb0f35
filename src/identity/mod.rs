//! Who is calling: issuers, tokens, machine accounts.
