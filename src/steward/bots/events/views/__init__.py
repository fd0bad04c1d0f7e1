"""How the events bot's messages look."""
