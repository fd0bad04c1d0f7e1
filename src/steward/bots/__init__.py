"""The bots, a folder each, with its rooms by subject; none imports another."""
