"""Backups of the whole database in one format for all engines."""
