"""The bets of a demo: a league of its own making, members who bet, and the check of their money."""
