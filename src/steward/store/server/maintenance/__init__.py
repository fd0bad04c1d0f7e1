"""Maintenance of a database on a server: copies, upgrades and restores."""
