"""Upkeep of a database on a server: copies, upgrades, and data taken in from elsewhere."""
