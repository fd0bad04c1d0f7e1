"""What bets keep about members, how it is exported and forgotten."""
