"""How the bets bot's messages look."""
