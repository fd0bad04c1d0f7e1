"""Whoever acts: people who are met one by one, crowds that are only a number, and bots."""
