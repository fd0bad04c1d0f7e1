"""Polls for a time."""
