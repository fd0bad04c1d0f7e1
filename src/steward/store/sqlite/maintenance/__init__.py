"""Maintenance of the SQLite file: backups, copies, upgrades and transfers."""
