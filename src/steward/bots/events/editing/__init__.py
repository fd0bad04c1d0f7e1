"""What organisers do with events: draft, make, move, cancel, bring back, split a series."""
