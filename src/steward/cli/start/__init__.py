"""Steps before the bot runs that save memory, and streams that are closed."""
