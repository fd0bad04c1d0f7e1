"""Upkeep of the file: backups, copies, upgrades, and data taken in from elsewhere."""
