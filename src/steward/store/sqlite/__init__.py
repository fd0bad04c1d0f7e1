"""The store on SQLite: one file, one writing thread, group commit."""
