"""What is checked before a bet is placed: stake, price, lock, limits, and legs that depend on each other."""
