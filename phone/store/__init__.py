"""What outlives the process: accounts, trust and history in SQLite; account secrets in the keyring."""
