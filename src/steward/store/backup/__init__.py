"""Backups of the whole database, the same for all engines."""
