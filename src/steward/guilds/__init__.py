"""What every bot needs of a guild and its members."""
