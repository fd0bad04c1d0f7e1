"""Pages served by the bot itself."""
