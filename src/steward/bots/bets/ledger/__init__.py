"""Play money: a double-entry ledger per guild, wallets, seasons, and the proof that it all adds up."""
