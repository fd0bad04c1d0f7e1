"""Placed bets meet their results: graded, paid, taken back, refunded, disputed; some hundred in each transaction."""
