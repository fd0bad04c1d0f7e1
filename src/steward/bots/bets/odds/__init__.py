"""Odds as exact pairs: read, shown, what they imply, and the closing line."""
