"""What members read about what became of bets: their own, wallets, leaderboards, records, and the house's book."""
