"""The commands of the bets bot: what members type, and what they are answered."""
