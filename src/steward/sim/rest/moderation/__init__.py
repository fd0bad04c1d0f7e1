"""Keeping order: pruning and auto moderation."""
