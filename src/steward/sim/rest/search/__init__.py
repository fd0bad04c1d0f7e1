"""Searches: of the messages of a guild, and of the threads of a channel."""
