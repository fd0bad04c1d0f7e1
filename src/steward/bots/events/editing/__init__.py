"""What organisers do with events: make, move, cancel, bring back, split a series."""
