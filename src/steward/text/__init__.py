"""Words and numbers as people write and read them, apart from Discord, settings and the store."""
