"""What members look at: games of a day, their bets, leaderboards, records, and the board of a league's day."""
