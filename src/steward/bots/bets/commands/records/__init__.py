"""What has been bet and won: `/bets`, `/book`, `/leaderboard`."""
