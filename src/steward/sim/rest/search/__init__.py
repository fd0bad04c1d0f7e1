"""Routes to search messages of a guild and threads of a channel."""
