"""Channels whose names show a number."""
