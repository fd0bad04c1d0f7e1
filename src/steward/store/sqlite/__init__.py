"""SQLite as the store: one file, one writing thread, commits shared by those who write at the same time."""
