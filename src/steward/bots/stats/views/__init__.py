"""How the statistics look in Discord."""
